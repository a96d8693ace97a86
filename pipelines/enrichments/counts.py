"""How long a text is: words, sentences, paragraphs, characters. All null where there is no text."""

import pyarrow as pa

from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.sentences import split_paragraphs, split_sentences
from pipelines.tables.enriched.counts import COUNTS
from pipelines.text.words import count_words

READS = ("text", "language")


def add_counts(clean: pa.Table) -> pa.Table:
    """The columns of COUNTS: characters are Unicode code points, words are those of words.py."""
    return by_row(clean, COUNTS, READS, _count)


def _count(text: str, language: str | None) -> EnricherResult:
    return {
        "word_count": count_words(text),
        "sentence_count": count_sentences(text, language),
        "paragraph_count": count_paragraphs(text),
        "char_count": len(text),
    }


def count_paragraphs(text: str) -> int:
    """How many runs of lines, set apart by blank lines, are not blank themselves."""
    return sum(1 for start, end in split_paragraphs(text) if text[start:end].strip())


def count_sentences(text: str, language: str | None) -> int:
    """How many sentences a text has; see sentences.py."""
    return sum(1 for _ in split_sentences(text, language))
