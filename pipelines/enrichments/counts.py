"""The length of a text: words, sentences, paragraphs, characters. All null where there is no text."""

import pyarrow as pa

from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.sentences import split_paragraphs, split_sentences
from pipelines.tables.enriched.counts import COUNTS
from pipelines.text.words import count_words

READS = ("text", "language")


def add_counts(items: pa.Table) -> pa.Table:
    """Compute the columns of COUNTS: characters are Unicode code points, words are those of pipelines/text/words.py."""
    return by_row(items, COUNTS, READS, _enrich_article)


def _enrich_article(text: str, language: str | None) -> EnricherResult:
    return {
        "word_count": count_words(text),
        "sentence_count": count_sentences(text, language),
        "paragraph_count": count_paragraphs(text),
        "char_count": len(text),
    }


def count_paragraphs(text: str) -> int:
    """Count the runs of lines, set apart by blank lines, that are not blank themselves."""
    return sum(1 for start, end in split_paragraphs(text) if text[start:end].strip())


def count_sentences(text: str, language: str | None) -> int:
    """Count the sentences of a text; see sentences.py."""
    return sum(1 for _ in split_sentences(text, language))
