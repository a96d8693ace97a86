"""What each enricher says of an article, as columns: one module an enricher, so that each has a version of its own."""
