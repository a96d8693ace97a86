"""Process rejected items again, with newer code."""

# What one redrive does at most. Here, since the command line shows both in its help.
AT_MOST_DAYS = 7
AT_MOST_ITEMS = 10_000
