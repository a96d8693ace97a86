"""Landed batches, and what is in them."""
