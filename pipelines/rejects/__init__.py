"""Rejected items: grouped, their outcome in a later release, and days on which there are too many."""
