"""What a source repeats: learnt from its pages, used on the next ones."""
