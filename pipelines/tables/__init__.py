"""The contracts of the tables: one module per table, built with contract.py; published.py lists those of a release."""
