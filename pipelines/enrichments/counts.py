"""How long a text is: words, sentences, paragraphs, characters. All null where there is no text."""

import re
from collections.abc import Iterator

import pyarrow as pa
from sentencex import segment

from pipelines.enrichments.rows import Said, by_row
from pipelines.enrichments.words import WORD, count_words
from pipelines.tables.enriched.counts import COUNTS

READS = ("text", "language")

# sentencex 1.0.32 takes time quadratic in what it is given: 250,000 characters of “ or ?) took it 11–15 s.
# All counts of
# 1,000,000 in pieces of this size: 0.7–1.0 s, and 1.5 s for 你。, the worst found. News paragraphs are seldom as long.
PIECE = 2_000

_PARAGRAPH_BREAK = re.compile(r"\n(?:[^\S\n]*\n)+")
_SENTENCE_END = re.compile(r"[.!?…]\s|[。！？]")


def add_counts(clean: pa.Table) -> pa.Table:
    """The columns of COUNTS: characters are Unicode code points, words are those of words.py."""
    return by_row(clean, COUNTS, READS, _count)


def _count(text: str, language: str | None) -> Said:
    return {
        "word_count": count_words(text),
        "sentence_count": count_sentences(text, language),
        "paragraph_count": count_paragraphs(text),
        "char_count": len(text),
    }


def count_paragraphs(text: str) -> int:
    """How many runs of lines, set apart by blank lines, are not blank themselves."""
    return sum(1 for paragraph in _PARAGRAPH_BREAK.split(text) if paragraph.strip())


def count_sentences(text: str, language: str | None) -> int:
    """How many sentences hold at least one word, by the rules of a language (ISO 639-1; English for an unknown one).

    No sentence goes over a blank line. A paragraph above 2,000 characters is cut at the end of what looks like
    a sentence, so one without any gives a sentence for every 2,000 characters begun.
    """
    rules = (language or "en").partition("-")[0].lower()
    return sum(1 for piece in _pieces(text) for sentence in segment(rules, piece) if WORD.search(sentence))


def _pieces(text: str) -> Iterator[str]:
    for paragraph in _PARAGRAPH_BREAK.split(text):
        start = 0
        while len(paragraph) - start > PIECE:
            ends = [match.end() for match in _SENTENCE_END.finditer(paragraph, start, start + PIECE)]
            end = ends[-1] if ends else start + PIECE
            yield paragraph[start:end]
            start = end
        yield paragraph[start:]
