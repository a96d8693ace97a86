"""The stages of a day: pure functions, tables in, tables out. They never import one another; flow.py joins them."""
