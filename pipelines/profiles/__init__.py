"""Profiles of sources: which are proposed, and which is active."""

# Days of raw that are learnt from: four of each weekday, and a redesign is forgotten within a month. Here, since the
# command line shows it in its help.
LEARNING_DAYS = 28
