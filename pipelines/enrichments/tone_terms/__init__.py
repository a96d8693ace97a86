"""How good or bad English words sound: en.tsv, derived by training/tone.py from VADER (MIT, LICENSE.txt).

C. Hutto and E. Gilbert, VADER: a parsimonious rule-based model for sentiment analysis of social media text, ICWSM 2014.
A package of its own, so that only tone depends on it.
"""
