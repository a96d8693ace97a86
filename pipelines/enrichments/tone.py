"""How positive or negative the words of an English text sound, with the words that make it so.

Each word of tone_terms/en.tsv has a weight from -4 to 4, the mean of ten people's ratings. A word right before it that
strengthens or weakens moves the weight away from zero or towards it, and a negation up to three words before, in the
same clause, turns it round and makes it weaker: both as VADER does (Hutto and Gilbert 2014). With P the sum of the
positive weights and N that of the negative ones without their sign,

    tone = (P - N) / (P + N + 4)

which is 0 where neither prevails and near 1 or -1 in a long text that has only one of them; the 4, the weight of the
strongest word, keeps one word from deciding.

A word with a capital within a sentence is part of a name and weighs nothing, the Supreme Court as little as Sunny
Marlow; so does one that opens a sentence with another capital behind it. In headings and in words of capitals alone a
capital says nothing.

Tone is of words. It is no opinion of the author, no stance towards anybody who is named, and no verdict on the news:
a sober report of a murder is negative, irony is taken at its word, and words of others count like the author's own.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import Any, NamedTuple

import pyarrow as pa

from pipelines.enrichments import tone_terms
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.texts import Span, get_language_code, lower_keeping_offsets
from pipelines.tables.enriched.tone import TONE
from pipelines.text.limits import MAX_CHARACTERS

READS = ("text", "language")
LANGUAGES = ("en",)
MAX_TERMS = 10
ROOM = 4.0

# The three numbers are VADER's, from ratings of pairs of sentences.
STRENGTHEN, WEAKEN, NEGATED = 0.293, -0.293, -0.74
REACH = 3  # words
_NEGATIONS = """
cannot neither never no nobody none nor not nothing nowhere rarely seldom without hardly ain't aren't can't couldn't
didn't doesn't don't hadn't hasn't haven't isn't mustn't needn't shouldn't wasn't weren't won't wouldn't
"""
_STRENGTHENING = """
absolutely completely considerably deeply enormously entirely especially exceptionally extremely greatly highly hugely
incredibly intensely more most particularly really remarkably so substantially thoroughly totally tremendously truly
unusually utterly very
"""
_WEAKENING = "almost barely fairly less little marginally moderately partly scarcely slightly somewhat"
NEGATIONS = frozenset(_NEGATIONS.split())
INTENSITIES = dict.fromkeys(_STRENGTHENING.split(), STRENGTHEN) | dict.fromkeys(_WEAKENING.split(), WEAKEN)

_LINE = re.compile(r"[^\n]+")
_LONGER = re.compile(r"[^\W\d_]{4,}")
_SENTENCE_START = re.compile(r"(?:\A|[\n.!?:…])[\s\"“”‘’'(\[—–-]*\Z")
_CAPITAL_BEHIND = re.compile(r" [A-Z]")
_TOKEN = re.compile(r"[a-z]+(?:['-][a-z]+)*|[.!?;:,\n]")


class WeighedWord(NamedTuple):
    """A word of a text and its weight, after what stands before it."""

    start: int
    end: int
    weight: float


def add_tone(items: pa.Table) -> pa.Table:
    """Compute the columns of TONE; skip other languages than English."""
    return by_row(items, TONE, READS, _enrich_article)


def _enrich_article(text: str, language: str | None) -> EnricherResult:
    tone = measure_tone(text, language)
    if isinstance(tone, str):
        return tone
    return {"tone": tone.pop("tone"), "tone_parts": tone}


def measure_tone(text: str, language: str | None) -> dict[str, Any] | str:
    """Return the tone of one text and its parts, or why it was skipped (only `language`: it is not English).

    `tone` from -1 to 1; `positive_count` and `negative_count`, how many words were weighed, negated ones by what
    they became; `positive_sum` and `negative_sum`, P and N above; `terms`, up to ten strongest words, each once, with
    `text` as it is written, `weight` (-4.3 to 4.3) and the offsets `start` and `end`. A text without any
    has the score 0.
    """
    if get_language_code(language) not in LANGUAGES:
        return "language"
    text = text[:MAX_CHARACTERS]
    words = _weigh_words(text, lower_keeping_offsets(text))
    positive = [word.weight for word in words if word.weight > 0]
    negative = [-word.weight for word in words if word.weight < 0]
    good, bad = sum(positive), sum(negative)
    terms: list[dict[str, Any]] = []
    seen: set[str] = set()
    for start, end, weight in sorted(words, key=lambda word: (-abs(word.weight), word.start)):
        if len(terms) == MAX_TERMS:
            break
        word = text[start:end].lower()
        if word not in seen:
            seen.add(word)
            terms.append({"text": text[start:end], "weight": round(weight, 2), "start": start, "end": end})
    return {
        "tone": round((good - bad) / (good + bad + ROOM), 4),
        "positive_count": len(positive),
        "negative_count": len(negative),
        "positive_sum": round(good, 2),
        "negative_sum": round(bad, 2),
        "terms": terms,
    }


def _weigh_words(text: str, lower: str) -> list[WeighedWord]:
    weights = load_english_weights()
    headings = _find_headings(text)
    weighed: list[WeighedWord] = []
    negated_until = -1  # the last token that a negation reaches
    before = ""
    for index, match in enumerate(_TOKEN.finditer(lower)):
        word = match[0]
        weight = weights.get(word)
        if weight is not None and not _is_name(text, match.start(), match.end(), headings):
            intensity = INTENSITIES.get(before, 0.0)
            weight += intensity if weight > 0 else -intensity
            if index <= negated_until:
                weight *= NEGATED
            weighed.append(WeighedWord(match.start(), match.end(), weight))
        if word in NEGATIONS:
            negated_until = index + REACH
        elif not word[0].isalpha():
            negated_until = -1
        before = word
    return weighed


def _find_headings(text: str) -> list[Span]:
    """Return the lines without a full stop in which every longer word has a capital, in order."""
    return [line.span() for line in _LINE.finditer(text) if _is_heading(line[0])]


def _is_heading(line: str) -> bool:
    if line.rstrip().endswith("."):
        return False
    words = _LONGER.findall(line)
    return len(words) > 2 and all(word[0].isupper() for word in words)


def _is_name(text: str, start: int, end: int, headings: Sequence[Span]) -> bool:
    """Tell whether the capital of a word says that it is part of a name."""
    if not text[start].isupper() or (end - start > 1 and text[start:end].isupper()):
        return False
    at = bisect_right(headings, start, key=itemgetter(0)) - 1
    if at >= 0 and start < headings[at][1]:
        return False
    return not _SENTENCE_START.search(text, max(0, start - 8), start) or bool(_CAPITAL_BEHIND.match(text, end))


@cache
def load_english_weights() -> dict[str, float]:
    """Return the words of tone_terms/en.tsv with their weights."""
    rows = files(tone_terms).joinpath("en.tsv").read_text("utf-8").splitlines()
    return {word: float(weight) for word, _, weight in (row.partition("\t") for row in rows)}
