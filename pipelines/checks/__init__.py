"""What a staged day is checked for, and the verdict."""
