"""Which language a text is in."""

import re
from copy import copy
from functools import cache

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


def detect_language(text: str, declared: str | None = None) -> tuple[str | None, float | None]:
    """ISO 639-1 code of the language that most of the text is in, and a score of 0–1; (None, None) where too unsure.

    The score is the model's probability of the language, averaged over the parts of the text by their letters: near 1
    for one clear language, about the language's share of a text that mixes two, less between close neighbours.
    Norwegian is `no` or `nn`. `declared` is what the page calls its language (`de`, `pt-BR`); it decides doubts only.
    """
    code, score = guess_language(text, declared)
    sure = score >= MIN_SCORE and _letters(text[: PART * MAX_PARTS]) >= MIN_LETTERS
    return (code, round(score, 3)) if sure else (None, None)


def guess_language(text: str, declared: str | None = None) -> tuple[str | None, float]:
    """The same without a refusal; (None, 0) only for a text without letters."""
    parts = _parts(text)
    weights = [_letters(part) for part in parts]
    total = sum(weights)
    if not total:
        return None, 0.0
    scores: dict[str, float] = {}
    for part, letters in zip(parts, weights, strict=True):
        for code, score in _scores(part, declared, is_alone=len(parts) == 1) if letters else ():
            scores[code] = scores.get(code, 0.0) + letters * score
    code = max(scores, key=lambda code: (scores[code], code))
    return code, min(1.0, scores[code] / total)


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _scores(part: str, declared: str | None, is_alone: bool) -> list[tuple[str, float]]:
    """The probabilities of the likeliest languages.

    The model knows word ends and capitals: where a short text leaves it in doubt, it sees each word between spaces and
    in lower case too.
    """
    ranked = _identifier().rank(part)
    if is_alone and ranked[0][1] < DOUBT:
        ranked = _identifier().rank(f" {part} {part.lower()} ")
    likely = [(code, float(score)) for code, score in ranked[:LIKELY]]
    tag = _TAG.match(declared.strip().lower()) if declared else None
    if tag is None:
        return likely
    expected = _SAME.get(tag[0], tag[0])
    odds = DECLARED * next((float(score) for code, score in ranked if code == expected), 0.0)
    whole = 1 + odds * (1 - 1 / DECLARED)
    others = [(code, score / whole) for code, score in likely if code != expected]
    return [*others, (expected, odds / whole)] if odds else others


def _parts(text: str) -> list[str]:
    count = max(1, min(MAX_PARTS, len(text) // PART))
    if count < MAX_PARTS:
        size = max(1, -(-len(text) // count))
        return [text[start : start + size] for start in range(0, len(text), size)]
    step = (len(text) - PART) // (MAX_PARTS - 1)
    return [text[start : start + PART] for start in range(0, MAX_PARTS * step, step)]


@cache
def _identifier() -> LanguageIdentifier:
    """The model, read once (0.5 s). Two threads may both read it at first: the same model, so nothing is lost."""
    # Labels of three letters are dialects, old languages and text that is none: they only draw short texts away.
    identifier = copy(LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc)  # rows are read: by columns it takes half as long again
    return identifier
