"""The language that a text is in."""

import re
from copy import copy
from functools import cache
from typing import NamedTuple

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

# A text is read in parts, so that two languages in it lower the score and the one of most of it wins; a long one is
# read at so many places between its beginning and its end.
PART, MAX_PARTS = 250, 8
# Of the first 20 / 40 / 60 characters of paragraphs in 109 languages 63 / 93 / 96 % are answered with these two, and
# .929 / .955 / .959 of the answers are right, averaged over the languages (python -m benchmarks.language FOLDER).
MIN_LETTERS = 12
MIN_SCORE = 0.5
# Below this score a short text is shown again, spelled out. Of 20 characters .880 are right so, .872 without, .887 with
# .5; but then six languages are behind py3langid by more than .005, here two (every second paragraph; of all: none).
DOUBT = 0.3
LIKELY = 8  # languages of a part that count; the others have next to nothing
# A page's own word for its language multiplies the odds. Of 20 characters .980 are right where it is (.876 without it)
# and .873 where it is wrong; at 64 .989 and .853 (measured while every short text was spelled out).
DECLARED = 8.0

_TAG = re.compile(r"[a-z]{2}(?![a-z])")
_SAME = {"nb": "no", "iw": "he", "in": "id", "sh": "sr"}


class Language(NamedTuple):
    """The language that most of a text is in, and how sure that is."""

    code: str | None
    """ISO 639-1."""
    score: float | None


class LanguageGuess(NamedTuple):
    """A language that may be unsure; (None, 0) only for a text without letters."""

    code: str | None
    score: float


def detect_language(text: str, declared: str | None = None) -> Language:
    """Return the language that most of the text is in, and a score of 0–1; (None, None) where too unsure.

    The score is the model's probability of the language, averaged over the parts of the text by their letters: near 1
    for one clear language, about the language's share of a text that mixes two, less between close neighbours.
    Norwegian is `no` or `nn`. `declared` is what the page calls its language (`de`, `pt-BR`); it decides doubts only.
    """
    guess = guess_language(text, declared)
    is_sure = guess.score >= MIN_SCORE and _count_letters(text[: PART * MAX_PARTS]) >= MIN_LETTERS
    return Language(guess.code, round(guess.score, 3)) if is_sure else Language(None, None)


def guess_language(text: str, declared: str | None = None) -> LanguageGuess:
    """Return the likeliest language, however unsure."""
    parts = _split_parts(text)
    weights = [_count_letters(part) for part in parts]
    total = sum(weights)
    if not total:
        return LanguageGuess(None, 0.0)
    scores: dict[str, float] = {}
    for part, letters in zip(parts, weights, strict=True):
        for code, score in _score_languages(part, declared, is_alone=len(parts) == 1).items() if letters else ():
            scores[code] = scores.get(code, 0.0) + letters * score
    best = max(scores, key=lambda code: (scores[code], code))
    return LanguageGuess(best, min(1.0, scores[best] / total))


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _score_languages(part: str, declared: str | None, is_alone: bool) -> dict[str, float]:
    """Return the probabilities of the likeliest languages.

    The model knows word ends and capitals: where a short text leaves it in doubt, it sees each word between spaces and
    in lower case too.
    """
    ranked = _load_identifier().rank(part)
    if is_alone and ranked[0][1] < DOUBT:
        ranked = _load_identifier().rank(f" {part} {part.lower()} ")
    likely = {code: float(score) for code, score in ranked[:LIKELY]}
    tag = _TAG.match(declared.strip().lower()) if declared else None
    if tag is None:
        return likely
    expected = _SAME.get(tag[0], tag[0])
    odds = DECLARED * next((float(score) for code, score in ranked if code == expected), 0.0)
    whole = 1 + odds * (1 - 1 / DECLARED)
    others = {code: score / whole for code, score in likely.items() if code != expected}
    return {**others, expected: odds / whole} if odds else others


def _split_parts(text: str) -> list[str]:
    count = max(1, min(MAX_PARTS, len(text) // PART))
    if count < MAX_PARTS:
        size = max(1, -(-len(text) // count))
        return [text[start : start + size] for start in range(0, len(text), size)]
    step = (len(text) - PART) // (MAX_PARTS - 1)
    return [text[start : start + PART] for start in range(0, MAX_PARTS * step, step)]


@cache
def _load_identifier() -> LanguageIdentifier:
    """Read the model once (0.5 s). Two threads may both read it at first: the same model, so nothing is lost."""
    # Labels of three letters are dialects, old languages and text that is none: they only draw short texts away.
    identifier = copy(LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc)  # rows are read: by columns it takes half as long again
    return identifier
