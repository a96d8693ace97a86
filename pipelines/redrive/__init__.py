"""Re-processing rejected items with newer code."""
