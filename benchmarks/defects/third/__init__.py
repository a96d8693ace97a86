"""Kinds for the final run: drawn from docs/tables.md alone, without sight of a check or of the kinds before them."""
