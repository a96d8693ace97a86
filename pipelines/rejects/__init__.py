"""Rejected items: where they ended up, by what, and when there are too many."""
