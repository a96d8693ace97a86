"""Profiles of sources: which are proposed, and which is active."""
