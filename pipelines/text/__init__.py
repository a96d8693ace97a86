"""What is known about written text: a small base that cleaning and enrichments share."""
