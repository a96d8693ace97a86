"""Messages and files become raw batches."""
