"""Which language a text is in."""

import re
from copy import copy
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# A text is read in parts, so that two languages in it lower the score and the one of most of it wins; a long one is
# read at so many places between its beginning and its end.
PART, MAX_PARTS = 250, 8
# Of the first 20 / 40 / 60 characters of paragraphs in 108 languages 69 / 95 / 96 % are answered with these two, and
# .903 / .940 / .946 of the answers are right, averaged over the languages (python -m benchmarks.language FOLDER).
MIN_LETTERS = 12
MIN_SCORE = 0.5
# A page's own word for its language multiplies the odds. Of 20 characters .980 are right where it is (.876 without it)
# and .873 where it is wrong; at 64 .989 and .853.
DECLARED = 8.0

_LETTER = re.compile(r"[^\W\d_]")
_TAG = re.compile(r"[a-z]{2}(?![a-z])")
_SAME = {"nb": "no", "iw": "he", "in": "id", "sh": "sr"}


def detect_language(text: str, declared: str | None = None) -> tuple[str | None, float | None]:
    """ISO 639-1 code of the language that most of the text is in, and a score of 0–1; (None, None) where too unsure.

    The score is the model's probability of the language, averaged over the parts of the text by their letters: near 1
    for one clear language, about the language's share of a text that mixes two, less between close neighbours.
    Norwegian is `no` or `nn`. `declared` is what the page calls its language (`de`, `pt-BR`); it decides doubts only.
    """
    code, score = likeliest(text, declared)
    sure = score >= MIN_SCORE and len(_LETTER.findall(text[: PART * MAX_PARTS])) >= MIN_LETTERS
    return (code, round(score, 3)) if sure else (None, None)


def likeliest(text: str, declared: str | None = None) -> tuple[str | None, float]:
    """The same without a refusal; (None, 0) only for a text without letters."""
    total = 0
    scores: dict[str, float] = {}
    parts = _parts(text)
    for part in parts:
        letters = len(_LETTER.findall(part))
        total += letters
        seen = part if len(parts) > 1 else _spelled(part)
        for code, score in _scores(seen, declared) if letters else ():
            scores[code] = scores.get(code, 0.0) + letters * score
    if not total:
        return None, 0.0
    code = max(scores, key=lambda code: (scores[code], code))
    return code, min(1.0, scores[code] / total)


def _spelled(text: str) -> str:
    """The model knows word ends and capitals, so it sees each word of a short text between spaces and in lower case
    too: right by .04 more on 20 characters of news, by .001 on 60 (python -m benchmarks.quality language)."""
    return f"{text} {text} {text.lower()} "


def _scores(part: str, declared: str | None) -> list[tuple[str, float]]:
    """Each language's probability."""
    ranked = _identifier().rank(part)
    tag = _TAG.match(declared.strip().lower()) if declared else None
    if tag is None:
        return [(code, float(score)) for code, score in ranked]
    expected = _SAME.get(tag[0], tag[0])
    odds = [(code, float(score) * (DECLARED if code == expected else 1.0)) for code, score in ranked]
    whole = sum(score for _, score in odds)
    return [(code, score / whole) for code, score in odds]


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
    return identifier
