"""What each table promises: one module a table, built from contract.py; published.py lists those that are published."""
