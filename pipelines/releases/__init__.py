"""Plans, heads and the swap: where a day goes live."""
