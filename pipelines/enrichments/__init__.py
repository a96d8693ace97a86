"""Values computed from the text of an article: one module per enricher, columns in, columns out, a batch at a time.

An enricher reads the columns of the items that it names, and those of enrichers before it. It returns as many rows in
the same order, with only its own columns and its status. It looks at each row alone.
"""
