"""Process rejected items again, with newer code."""
