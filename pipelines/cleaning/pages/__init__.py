"""HTML pages to text."""
