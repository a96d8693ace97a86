"""Pages about each attempt to publish a day."""
