"""Facts about written text: the small base layer that formats, cleaning and enrichments share. Pure, no imports."""
