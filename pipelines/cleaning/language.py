"""Which language a text is in."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SAMPLE_CHARACTERS = 2_000  # from 200 on all 444 texts of daniel_dev (el, en, pl, ru, zh) are right; more costs time
# Beginnings of the same texts: of those with 20 characters 67 % score .5 and 97 % of these are right (86 % of all);
# with 40 characters it is 88 % and 99 %, with 80 98 % and 99.8 %.
MIN_LETTERS = 20
MIN_SCORE = 0.5

_LETTER = re.compile(r"[^\W\d_]")


def detect_language(text: str) -> tuple[str | None, float | None]:
    """ISO 639-1 code and score (0–1) of the text's beginning; (None, None) where it is too short or unsure."""
    sample = text[:SAMPLE_CHARACTERS]
    if len(_LETTER.findall(sample)) < MIN_LETTERS:
        return None, None
    code, score = _identifier().classify(sample)
    if score < MIN_SCORE or len(code) != 2:
        return None, None
    return code, round(float(score), 3)


@cache
def _identifier() -> LanguageIdentifier:
    """The model, read once (0.5 s). Two threads may both read it at first: the same model, so nothing is lost."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
