"""Kinds written later than the first set, by somebody who knew it and docs/tables.md alone."""
