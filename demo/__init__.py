"""Three invented newspapers and three days of their deliveries, good and bad."""
