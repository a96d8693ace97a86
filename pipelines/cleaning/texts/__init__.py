"""Plain text dumps to text."""
