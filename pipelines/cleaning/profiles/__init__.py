"""Profiles of sources: learnt from their pages, used on the next ones."""
