"""Landed batches, and their deliveries and items."""
