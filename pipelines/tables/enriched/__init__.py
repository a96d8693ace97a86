"""The columns of each enricher: one module per enricher, so that each has a version of its own."""
