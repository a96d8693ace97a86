"""An article in up to three of its own sentences, with their offsets.

A sentence weighs by how many of the words that the article comes back to it holds (Luhn 1958; SumBasic's averages,
Nenkova and Vanderwende 2005), by the words of the headline in it, and by how early it comes: news puts first what
matters. A sentence that repeats words of those already picked loses the weight of these.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.sentences import split_sentences
from pipelines.enrichments.stopwords import STOP_WORDS
from pipelines.enrichments.texts import get_language_code
from pipelines.tables.enriched.summary import SUMMARY
from pipelines.text.limits import MAX_CHARACTERS
from pipelines.text.scripts import CJK_START
from pipelines.text.words import WORD

READS = ("text", "title", "language")

MAX_SENTENCES = 3
MIN_SENTENCES = 5  # of the text: a shorter one is its own summary
MAX_READ = 200  # sentences
SHORTEST, LONGEST = 6, 60  # words of a sentence that can stand for others
STEM = 6  # characters of a word that count: inflected forms meet

# ROUGE-1 of benchmarks/summary.py on its dev part is .267. Halved or doubled alone each of the three gives .264–.266;
# without the place it is .234, without the headline .255. Two sentences give .298: descriptions are short.
EARLY = 8.0  # sentences after which the place counts 1/e
PLACE = 2.0
TITLE = 0.5
MIN_LETTERS = 4  # of a word that counts where there is no list of stop words


def add_summary(items: pa.Table) -> pa.Table:
    """Compute the columns of SUMMARY; skip texts of fewer than five sentences."""
    return by_row(items, SUMMARY, READS, _enrich_article)


def _enrich_article(text: str, title: str | None, language: str | None) -> EnricherResult:
    summary = summarise(text, title, language)
    return summary if isinstance(summary, str) else {"summary": summary}


def summarise(text: str, title: str | None, language: str | None) -> list[dict[str, Any]] | str:
    """Return rows of {"text", "start", "end", "score"} in the order of the text, or why there are none.

    `score` (0-1) is relative to the best sentence.
    """
    text = text[:MAX_CHARACTERS]
    spans = list(split_sentences(text, language))[:MAX_READ]
    if len(spans) < MIN_SENTENCES:
        return f"fewer than {MIN_SENTENCES} sentences"
    words = [_list_terms(text[start:end], language) for start, end in spans]
    lengths = [sum(1 for _ in WORD.finditer(text, *span)) for span in spans]
    titled = _list_terms(title or "", language)
    fit = [n for n, length in enumerate(lengths) if SHORTEST <= length <= LONGEST]
    weights = _weigh_terms(words)
    scores = {n: _score_sentence(words[n], weights, titled, n) for n in fit}
    picked = _pick_sentences(scores, words)
    if not picked:
        return "no sentence fits"
    best = max(scores[n] for n in picked) or 1.0
    return [
        {"text": text[start:end], "start": start, "end": end, "score": round(scores[n] / best, 4)}
        for n, (start, end) in enumerate(spans)
        if n in picked
    ]


def _list_terms(sentence: str, language: str | None) -> frozenset[str]:
    """Return the words that carry meaning, by their beginnings."""
    stop = STOP_WORDS.get(get_language_code(language))
    words = (word.lower() for word in WORD.findall(sentence))
    terms = (
        w for w in words if (w not in stop if stop else len(w) >= MIN_LETTERS or w >= CJK_START) and not w[0].isdigit()
    )
    return frozenset(word[:STEM] for word in terms)


def _weigh_terms(words: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return the share of the sentences that have each term."""
    counts = Counter(term for terms in words for term in terms)
    return {term: count / len(words) for term, count in counts.items() if count > 1}


def _score_sentence(terms: frozenset[str], weights: dict[str, float], titled: frozenset[str], place: int) -> float:
    if not terms:
        return 0.0
    central = sum(weights.get(term, 0.0) for term in terms) / math.sqrt(len(terms))
    title = len(terms & titled) / max(len(titled), 1)
    return (central + TITLE * title) * (1 + PLACE * math.exp(-place / EARLY))


def _pick_sentences(scores: dict[int, float], words: Sequence[frozenset[str]]) -> list[int]:
    """Return the best sentences, each judged without the words of those before it (maximal marginal relevance)."""
    picked: list[int] = []
    covered: set[str] = set()
    left = dict(scores)
    while left and len(picked) < MAX_SENTENCES:
        best = max(left, key=lambda n: (left[n] * (1 - len(words[n] & covered) / max(len(words[n]), 1)), -n))
        picked.append(best)
        covered |= words[best]
        del left[best]
    return picked
