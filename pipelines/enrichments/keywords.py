"""Keywords: up to ten of the text's own words and phrases for its subject, each with its first offsets.

A word weighs how often it occurs, how long it is, how early it comes, and whether it is written as a name. Length
stands in for rarity: common words are short in every language, and no table of frequencies has to be carried
(docs/decisions/0004-keywords.md has the comparison). Only the article itself is looked at, never its neighbours.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa

from pipelines.enrichments.rows import by_row
from pipelines.enrichments.stopwords import STOP_WORDS
from pipelines.enrichments.texts import Span, get_language_code
from pipelines.tables.enriched.keywords import KEYWORDS
from pipelines.text.limits import MAX_CHARACTERS, MAX_READ_TITLE
from pipelines.text.scripts import CJK_START
from pipelines.text.words import DENSE_CHARACTER, WORD

READS = ("text", "title", "language")

MAX_KEYWORDS = 10
MAX_WORD = 40  # characters; above it are addresses and debris

MAX_DENSE = 4  # characters of Chinese or Japanese that may be one keyword
DENSE_LETTERS = 3  # letters that one such character is worth; not measured

# Letters that a word needs in a language without a stop list: 4, but fewer where vowels go unwritten or a letter is
# a syllable.
SHORTEST = {"ar": 3, "fa": 3, "he": 3, "ko": 2}
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|un|all|dall|dell|nell|sull)['’](?=\w)", re.IGNORECASE)  # French, Italian
_SENTENCE_START = ("", ".", "!", "?", "…", ":", '"', "“", "„", "«")

# Tuned on the first 125 documents that benchmarks/keywords.py reads (F1 .176). None is delicate: each of them halved
# or doubled alone gave .168 to .179.
FREQUENCY_POWER = 0.8
LONG = 12  # characters, above which a word gains nothing more
EARLY_WEIGHT, EARLY_WORDS = 1.0, 60  # a word at the very start weighs double, one 60 words in a third more
NAME_WEIGHT = 0.3  # for a word that is capitalised within sentences wherever it occurs
MAX_PHRASE = 3  # words
PHRASE_SHARE = 0.8  # a phrase takes the place of its words when it holds this share of what each of them occurs


class _Token(NamedTuple):
    key: str  # what makes two words the same: lower case, no possessive
    start: int
    end: int
    dense: bool  # one character of a script without spaces


_Term = tuple[str, ...]  # the keys of neighbouring tokens


def add_keywords(items: pa.Table) -> pa.Table:
    """Compute the keywords of each text, best first: null without a text, empty when nothing in it could be one.

    `score` (0-1) is relative to the best of the same text. `start` and `end` are offsets in characters (Unicode
    code points) into `text`, of the first occurrence, and `term` is what is written there. A word of the title
    counts as if it stood at the start of the text; a word only in the title is no keyword. Chinese and Japanese give
    strings of two to four characters that return; Thai, Lao, Khmer and Burmese give none.
    """
    return by_row(items, KEYWORDS, READS, lambda *row: {"keywords": extract_keywords(*row)})


def extract_keywords(text: str, title: str | None, language: str | None) -> list[dict[str, str | float | int]]:
    """Return the keywords of one text as rows of KEYWORD; never raise, whatever the text."""
    text = text[:MAX_CHARACTERS]
    code = get_language_code(language)
    tokens = list(_split_tokens(text, code))
    weights = _weigh_words(text, tokens, title, code)
    counts: Counter[_Term] = Counter()
    first: dict[_Term, Span] = {}
    for term, span in _find_occurrences(text, tokens, weights):
        counts[term] += 1
        first.setdefault(term, span)
    scores = _score_terms(counts, first, weights)
    best: list[_Term] = []
    for term in sorted(scores, key=lambda term: (-scores[term], first[term])):
        if len(best) == MAX_KEYWORDS:
            break
        if not any(_is_within(term, other) or _is_within(other, term) for other in best):
            best.append(term)
    rows: list[dict[str, str | float | int]] = []
    for term in best:
        start, end = first[term]
        score = round(scores[term] / scores[best[0]], 4)
        rows.append({"term": text[start:end], "score": score, "start": start, "end": end})
    return rows


def _split_tokens(text: str, language: str) -> Iterator[_Token]:
    for match in WORD.finditer(text):
        start, end = match.span()
        if end - start > MAX_WORD:
            continue
        if match[0].endswith(("'s", "’s")):
            end -= 2
        if language in ("fr", "it") and (elided := _ELIDED.match(match[0])) and start + elided.end() < end:
            start += elided.end()
        word = text[start:end]
        yield _Token(word.lower().replace("’", "'"), start, end, DENSE_CHARACTER.match(word) is not None)


def _weigh_words(text: str, tokens: list[_Token], title: str | None, language: str) -> dict[str, float]:
    """Return the weight of each word that may be part of a keyword."""
    stop_words = STOP_WORDS.get(language, frozenset())
    # Without a list, only their length tells function words.
    shortest = 3 if language in STOP_WORDS else SHORTEST.get(language, 4)
    titled = {token.key for token in _split_tokens((title or "")[:MAX_READ_TITLE], language)}
    counts = Counter(token.key for token in tokens)
    names: Counter[str] = Counter()
    first: dict[str, int] = {}
    candidates: set[str] = set()
    for index, token in enumerate(tokens):
        first.setdefault(token.key, index)
        word = text[token.start : token.end]
        if word[0].isupper() and text[max(0, token.start - 2) : token.start].strip()[-1:] not in _SENTENCE_START:
            names[token.key] += 1
        # Dense scripts before it (Thai, Lao, Khmer, Burmese) are alphabets: their letters in fours are no words.
        if token.key >= CJK_START if token.dense else len(word) >= shortest or (len(word) > 1 and word.isupper()):
            candidates.add(token.key)
    return {
        key: _weigh(count, len(key), 0 if key in titled else first[key]) * (1 + NAME_WEIGHT * names[key] / count)
        for key, count in counts.items()
        if key in candidates and key not in stop_words and not key[0].isdigit()
    }


def _weigh(count: int, length: int, index: int) -> float:
    early = 1 + EARLY_WEIGHT * math.exp(-index / EARLY_WORDS)
    return float(count**FREQUENCY_POWER * min(length, LONG) * early)


def _find_occurrences(text: str, tokens: list[_Token], weights: dict[str, float]) -> Iterator[tuple[_Term, Span]]:
    """Yield every word with a weight, and every run of them with but one space (dense scripts: nothing) between."""
    run: list[_Token] = []
    for token in tokens:
        if token.key not in weights:
            run = []
            continue
        gap = "" if token.dense else " "
        if run and (run[-1].dense != token.dense or text[run[-1].end : token.start] != gap):
            run = []
        run = [*run, token][-(MAX_DENSE if token.dense else MAX_PHRASE) :]
        for size in range(1, len(run) + 1):
            yield tuple(part.key for part in run[-size:]), (run[-size].start, token.end)


def _score_terms(counts: Counter[_Term], first: dict[_Term, Span], weights: dict[str, float]) -> dict[_Term, float]:
    """Return the score of each term that stands by itself: a phrase does if its words hardly occur without it."""
    scores: dict[_Term, float] = {}
    covered: set[str] = set()
    for term in sorted(counts, key=lambda term: (-len(term), first[term])):
        if DENSE_CHARACTER.match(term[0]):
            if len(term) > 1 and counts[term] > 1:
                length = DENSE_LETTERS * len(term)
                scores[term] = _weigh(counts[term], length, first[term][0])
        elif len(term) == 1:
            if term[0] not in covered:
                scores[term] = weights[term[0]]
        elif counts[term] > 1 and all(
            key not in covered and counts[term] >= PHRASE_SHARE * counts[(key,)] for key in term
        ):
            scores[term] = max(weights[key] for key in term)
            covered.update(term)
    return scores


def _is_within(part: _Term, whole: _Term) -> bool:
    """Tell whether a term of a dense script lies in another; in other scripts phrases replace their words before."""
    return DENSE_CHARACTER.match(part[0]) is not None and "".join(part) in "".join(whole)
