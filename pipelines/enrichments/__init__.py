"""What is computed from the text of an article: one module an enricher, columns in, columns out, a batch at a time.

An enricher reads the columns of the items that it names, and those of enrichers before it, and gives as many rows in
the same order, with only its own columns and whether it ran. It looks at each row alone.
"""
