"""Intake: messages and files become raw batches."""
