"""The sentences of a text, by the rules of its language (sentencex)."""

import re
from collections.abc import Iterator

from sentencex import segment

from pipelines.enrichments.texts import Span, get_language_code
from pipelines.text.words import WORD

# sentencex 1.0.32 takes time quadratic in what it is given: 250,000 characters of “ or ?) took it 11–15 s.
# All counts of 1,000,000 in pieces of this size: 0.7–1.0 s, and 1.5 s for 你。, the worst found. News paragraphs are
# seldom as long.
PIECE = 2_000

_PARAGRAPH_BREAK = re.compile(r"\n(?:[^\S\n]*\n)+")
# Narrower than that of pipelines/text/sentences.py: a cut is safe only behind a mark and a space, or a wide mark.
_CUT = re.compile(r"[.!?…]\s|[。！？]")


def split_sentences(text: str, language: str | None) -> Iterator[Span]:
    """Yield the span of each sentence that holds at least one word, in order.

    `language` is ISO 639-1; the rules are those of English for an unknown one. No sentence goes over a blank line. A
    paragraph above 2,000 characters is cut at the end of what looks like a sentence, so one without any gives a
    sentence for every 2,000 characters begun.
    """
    rules = get_language_code(language or "en")
    for begin, end in _cut_pieces(text):
        at = begin
        for sentence in segment(rules, text[begin:end]):
            bare = sentence.strip()
            if WORD.search(bare):
                start = text.index(bare, at)
                yield start, start + len(bare)
            at += len(sentence)


def split_paragraphs(text: str) -> Iterator[Span]:
    """Yield the spans of runs of lines that blank lines set apart; one may itself be blank."""
    start = 0
    for gap in _PARAGRAPH_BREAK.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _cut_pieces(text: str) -> Iterator[Span]:
    for start, stop in split_paragraphs(text):
        begin = start
        while stop - begin > PIECE:
            ends = [match.end() for match in _CUT.finditer(text, begin, begin + PIECE)]
            end = ends[-1] if ends else begin + PIECE
            yield begin, end
            begin = end
        yield begin, stop
