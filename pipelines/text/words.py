"""The patterns of a word: of running text as a reader counts, and of lines and blocks as cleaning compares them.

Scripts written without spaces (Han, kana, Thai, Lao, Khmer, Burmese) would need a dictionary to be cut into words;
here each of their characters, with the marks it carries, is a word of its own. Counts in these languages are
therefore counts of characters and are not comparable with those of other languages. Korean is written with spaces.
"""

import re

from pipelines.text.scripts import DENSE, DENSE_MARKS, IDEOGRAPHS, KANA_AND_HAN, MARKS

_LETTER = rf"(?:[^\W_{DENSE}]|[{MARKS}])"

# A word keeps an apostrophe, a hyphen, a point or comma between digits: don't, twenty-one, 3.5.
WORD = re.compile(rf"[{DENSE}][{DENSE_MARKS}]*|{_LETTER}+(?:(?:['’‐‑-]|(?<=\d)[.,](?=\d)){_LETTER}+)*")
DENSE_CHARACTER = re.compile(rf"[{DENSE}]")

# A token is a run of letters and digits, or one ideograph. It is cruder than a word, but the models of cleaning were
# trained on tokens, so these two stay as they are, and apart (scripts.py has the difference).
TOKEN = re.compile(rf"[{IDEOGRAPHS}]|[^\W{IDEOGRAPHS}]+")
BLOCK_TOKEN = re.compile(rf"[{KANA_AND_HAN}]|[^\W{KANA_AND_HAN}]+")
IDEOGRAPH = re.compile(rf"[{IDEOGRAPHS}]")


def count_words(text: str) -> int:
    """Return how many words a text has, in time linear in its length; never raise."""
    return sum(1 for _ in WORD.finditer(text))
