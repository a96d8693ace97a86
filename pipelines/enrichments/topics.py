"""The subjects of an article: first-level topics of the IPTC Media Topics, each with the terms that speak for it.

A text is read for the terms of topic_terms/en.txt, the longest one at each place. A topic gathers the weight of each of
its terms, more for one that returns but ever more slowly, and again for one of the title. Its share of what all topics
gathered is turned into a probability: that the publisher files the article under this topic. No article was counted to
make the terms; only topic_terms/scores.json was fitted (training/topics.py) and the thresholds were chosen, on half of
two sets (benchmarks/topics.py).
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pyarrow as pa

from pipelines.enrichments import topic_terms
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.texts import Span, get_language_code, lower_keeping_offsets
from pipelines.tables.enriched.topics import TOPICS
from pipelines.text.limits import MAX_CHARACTERS, MAX_READ_TITLE

READS = ("text", "title", "language")
LANGUAGES = ("en",)
MAX_TERMS = 5  # of evidence for a topic

# Chosen on the even articles of benchmarks/topics.py; none is delicate. Weights squared or halved, a title once or four
# times, roots for the logarithm: macro F1 .914-.930 on one set and .796-.834 on the other, these .927 and .830.
TITLE = 2
LEAST = 6.0  # that a topic gathers: two strong terms, so that no stray one speaks for a short text; not measured
# The likeliest topic is given even when it is more likely wrong than right, for its score says so: 99 articles in 100
# have one. Of the others only those that are nearly as likely as not: above .35 precision against the one section that
# a publisher chose was .013 lower, above .45 hardly an article had two.
THRESHOLD = 0.25
THRESHOLD_OF_OTHERS = 0.4

_WORD = re.compile(
    r"[a-z0-9&]+(?:[-.'](?!s\b)[a-z0-9]+)*"
)  # all that a term is made of; the 's of a word is none of it
_SIBILANT = ("s", "x", "ch", "sh")


class Curve(NamedTuple):
    """The chance of a topic is `(weight + room) ** exponent`, divided by the sum of the same over all topics."""

    exponent: float
    room: float  # keeps one stray term from deciding a text


class Lexicon(NamedTuple):
    """The weights of terms for topics, and how many words the terms have that begin with a word, most first."""

    topics: tuple[tuple[str, str], ...]  # id and label
    weights: dict[str, tuple[tuple[int, float], ...]]  # index in `topics`, weight; no pair: it speaks for none
    lengths: dict[str, tuple[int, ...]]


def add_topics(items: pa.Table) -> pa.Table:
    """Compute the columns of TOPICS; skip other languages than English."""
    return by_row(items, TOPICS, READS, _enrich_article)


def _enrich_article(text: str, title: str | None, language: str | None) -> EnricherResult:
    topics = find_topics(text, title, language)
    return topics if isinstance(topics, str) else {"topics": topics}


def find_topics(text: str, title: str | None, language: str | None) -> list[dict[str, Any]] | str:
    """Return the topics of one text, likeliest first, or why it was skipped; none where none is likely enough.

    Each has `topic` (a NewsCode), `label`, `topic_score` (a probability, 0-1, see above) and `terms`: up to five of the
    terms that carried it, strongest first, each with `text` as it is written and the offsets `start` and `end` of its
    first occurrence. A topic that only the title speaks of is left out. The only reason is `language`: it is not
    English.
    """
    if get_language_code(language) not in LANGUAGES:
        return "language"
    lexicon = load_english_lexicon()
    text = text[:MAX_CHARACTERS]
    strengths, first = rate_terms(text, title, lexicon)
    scores = score_topics(weigh_topics(strengths, lexicon), load_curve())
    rows: list[dict[str, Any]] = []
    for rank, topic in enumerate(sorted(range(len(scores)), key=lambda topic: (-scores[topic], topic))):
        if scores[topic] < (THRESHOLD_OF_OTHERS if rank else THRESHOLD):
            break
        name, label = lexicon.topics[topic]
        terms = _list_evidence(topic, text, strengths, first, lexicon)
        if terms:
            rows.append({"topic": name, "label": label, "topic_score": round(scores[topic], 3), "terms": terms})
    return rows


def rate_terms(text: str, title: str | None, lexicon: Lexicon) -> tuple[dict[str, float], dict[str, Span]]:
    """Return how much each term of a text and its title counts, and where those of the text occur first."""
    counts: Counter[str] = Counter()
    first: dict[str, Span] = {}
    for term, span in find_terms(text, lexicon):
        counts[term] += 1
        first.setdefault(term, span)
    strengths = {term: 1 + math.log(count) for term, count in counts.items()}
    for term in {term for term, _ in find_terms((title or "")[:MAX_READ_TITLE], lexicon)}:
        strengths[term] = strengths.get(term, 0.0) + TITLE
    return strengths, first


def weigh_topics(strengths: dict[str, float], lexicon: Lexicon) -> list[float]:
    """Return what each topic gathers from terms with these strengths, in the order of the lexicon."""
    totals = [0.0] * len(lexicon.topics)
    for term, strength in strengths.items():
        for topic, weight in lexicon.weights[term]:
            totals[topic] += weight * strength
    return totals


def score_topics(totals: list[float], curve: Curve) -> list[float]:
    """Return the probability (0-1) of each topic; 0 where it gathered less than LEAST."""
    most = max(totals) + curve.room
    shares = [((weight + curve.room) / most) ** curve.exponent for weight in totals]
    total = sum(shares)
    return [share / total if weight >= LEAST else 0.0 for weight, share in zip(totals, shares, strict=True)]


def _list_evidence(
    topic: int, text: str, strengths: dict[str, float], first: dict[str, Span], lexicon: Lexicon
) -> list[dict[str, Any]]:
    shares = {term: weight * strengths[term] for term in first for of, weight in lexicon.weights[term] if of == topic}
    best = sorted(shares, key=lambda term: (-shares[term], first[term]))[:MAX_TERMS]
    return [{"text": text[slice(*first[term])], "start": first[term][0], "end": first[term][1]} for term in best]


def find_terms(text: str, lexicon: Lexicon) -> Iterator[tuple[str, Span]]:
    """Yield each term of a text with its offsets, the longest at each place and none within another."""
    lower = lower_keeping_offsets(text)
    spans = [match.span() for match in _WORD.finditer(lower)]
    index = 0
    while index < len(spans):
        start, end = spans[index]
        length = 1
        for words in lexicon.lengths.get(lower[start:end], ()):
            if index + words > len(spans):
                continue
            last = spans[index + words - 1][1]
            if (term := lower[start:last]) in lexicon.weights:
                yield term, (start, last)
                length = words
                break
        index += length


@cache
def load_english_lexicon() -> Lexicon:
    """Read the terms of topic_terms/en.txt."""
    return read_lexicon(files(topic_terms).joinpath("en.txt").read_text("utf-8"))


@cache
def load_curve() -> Curve:
    """Read topic_terms/scores.json."""
    return Curve(**json.loads(files(topic_terms).joinpath("scores.json").read_text("utf-8")))


def read_lexicon(written: str) -> Lexicon:
    """Read a lexicon as topic_terms/en.txt is written; the same term twice in a topic has its highest weight."""
    topics: list[tuple[str, str]] = []
    weights: dict[str, dict[int, float]] = {}
    for line in written.splitlines():
        if line.startswith("[medtop:"):
            name, _, label = line[1:].partition("] ")
            topics.append((name, label))
        elif line[:1].isdigit():
            weight, _, terms = line.partition(": ")
            for term in terms.split("; "):
                for form in (term, make_plural(term)):
                    by_topic = weights.setdefault(form, {})
                    if float(weight):
                        by_topic[len(topics) - 1] = max(float(weight), by_topic.get(len(topics) - 1, 0.0))
    lengths: dict[str, set[int]] = {}
    for term in weights:
        words = _WORD.findall(term)
        lengths.setdefault(words[0], set()).add(len(words))
    return Lexicon(
        tuple(topics),
        {term: tuple(by_topic.items()) for term, by_topic in weights.items()},
        {word: tuple(sorted(sizes, reverse=True)) for word, sizes in lengths.items()},
    )


def make_plural(term: str) -> str:
    """Return the regular plural of an English term; a term that ends in a single s stays as it is."""
    if term.endswith("s") and not term.endswith("ss"):
        return term
    if term.endswith("y") and term[-2:-1] not in "aeiou":
        return term[:-1] + "ies"
    return term + ("es" if term.endswith(_SIBILANT) else "s")
