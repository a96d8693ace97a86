"""What is computed from the text of an article: one module an enricher, columns in, columns out, a batch at a time.

An enricher reads `item_id`, `text`, `title` and `language` (each may be null) and gives as many rows in the same
order, with only its own columns. It looks at each row alone and never raises for any text.
"""
