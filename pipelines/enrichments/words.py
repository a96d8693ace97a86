"""What counts as a word, for every enrichment of this package.

Scripts written without spaces (Han, kana, Thai, Lao, Khmer, Burmese) would need a dictionary to be cut into words;
here each of their characters, with the marks it carries, is a word of its own. Counts in these languages are
therefore counts of characters and are not comparable with those of other languages. Korean is written with spaces.
"""

import re

# Combining marks are not \w for `re`, but without them Hindi, Thai or vocalised Arabic would fall apart.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03"
    r"\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bd7\u0c00-\u0c04"
    r"\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d57\u0d82\u0d83\u0dca-\u0ddf"
)
_DENSE_MARKS = r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
_DENSE = (
    r"\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3"
    r"\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER = rf"(?:[^\W_{_DENSE}]|[{_MARKS}])"

# A word keeps an apostrophe, a hyphen, a point or comma between digits: don't, twenty-one, 3.5.
WORD = re.compile(rf"[{_DENSE}][{_DENSE_MARKS}]*|{_LETTER}+(?:(?:['’‐‑-]|(?<=\d)[.,](?=\d)){_LETTER}+)*")
DENSE = re.compile(rf"[{_DENSE}]")


def count_words(text: str) -> int:
    """How many words a text has; takes time linear in its length and never raises."""
    return sum(1 for _ in WORD.finditer(text))
