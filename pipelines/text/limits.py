"""Bounds that several packages share: formats, cleaning, enrichments and the messages they come from.

A bound that one module alone has stands in that module. Where two packages differ on purpose, both values are here.
"""

# The largest of the 921 article pages that extraction is measured on has 1.8 MB. A JSONL line has the same bound, and
# so has a plain text, which is read in linear time: for it the bound protects what comes after cleaning.
MAX_ITEM_BYTES = 10_000_000

# What a sender may say of an article; a message with more is refused, a document with more loses the value.
MAX_SENT_URL = 4_000  # characters
MAX_SENT_TEXT = 2_000  # of a title, a name, a source
MAX_SENT_AUTHORS = 100
# What a page says of itself is bounded closer, for anybody can write a page.
MAX_URL = 2_000
MAX_TITLE = 500  # longer is no title

# Of an article's text and title enrichments read so much: a long article is 40,000, and what it is about is said by
# then. Enrichers that search with one pattern in linear time (dates, amounts) read twice as much.
MAX_CHARACTERS = 100_000
MAX_CHARACTERS_OF_PATTERNS = 200_000
MAX_READ_TITLE = 1_000
