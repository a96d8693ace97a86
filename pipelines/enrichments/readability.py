"""The ease of reading a text: the Flesch reading ease and its published adaptations.

Every formula weighs the length of sentences (words per sentence) against the length of words (syllables per word);
0 is very hard, 100 very easy, and a text may lie outside. Scores of two formulas are not comparable.

- en: R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948).
- de: T. Amstad, Wie verständlich sind unsere Zeitungen?, Zürich 1978.
- es: J. Fernández Huerta, Medidas sencillas de lecturabilidad, Consigna 214 (1959), with the sentence term as words
  per sentence (the original speaks of sentences per 100 words, which later authors read in both ways).
- fr: L. Kandel and A. Moles, Application de l'indice de Flesch à la langue française, 1958.
- it: R. Vacca and V. Franchina, the adaptation of 1972 (Franchina and Vacca, Linguaggi 3, 1986).

Syllables are counted as groups of neighbouring vowels, which is a heuristic: it sees one syllable in
`Museum`'s `eu` (two are spoken) and does not know loan words, abbreviations or numbers (one syllable each).
"""

import re
from dataclasses import dataclass

import pyarrow as pa

from pipelines.enrichments.counts import count_sentences
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.texts import get_language_code
from pipelines.tables.enriched.readability import READABILITY
from pipelines.text.words import WORD

READS = ("text", "language")

# The formulas were fitted on samples of 100 words (Flesch 1948); below that, one long sentence decides the score.
MIN_WORDS = 100


@dataclass(frozen=True, slots=True)
class Formula:
    """score = base - per_sentence * words per sentence - per_word * syllables per word."""

    name: str
    base: float
    per_sentence: float
    per_word: float


FORMULAS = {
    "en": Formula("flesch", 206.835, 1.015, 84.6),
    "de": Formula("amstad", 180.0, 1.0, 58.5),
    "es": Formula("fernandez_huerta", 206.84, 1.02, 60.0),
    "fr": Formula("kandel_moles", 207.0, 1.015, 73.6),
    "it": Formula("franchina_vacca", 217.0, 1.3, 60.0),
}

_VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿ]+")
# Weak vowels beside another one share its syllable; two strong ones, and an accented weak one, do not.
_SPANISH = re.compile(r"[iuüy]?[aeoáéó][iuüy]?|[íú]|[iuüy]+")
_SILENT_EN = re.compile(r"(?:[^aeiouyl]|[aeiouy]l)e$|(?:[^aeiouylscgzxh]|[aeiouy]l)es$|[^aeiouytd]ed$")
_SILENT_FR = re.compile(r"(?<=[^aeiouyàâéèêëîïôûùü])es?$")


def add_readability(items: pa.Table) -> pa.Table:
    """Compute the score and the name of its formula; skip languages without a formula, and texts below 100 words."""
    return by_row(items, READABILITY, READS, _enrich_article)


def _enrich_article(text: str, language: str | None) -> EnricherResult:
    code = get_language_code(language)
    formula = FORMULAS.get(code)
    if formula is None:
        return "language"
    words = WORD.findall(text)
    if len(words) < MIN_WORDS:
        return f"fewer than {MIN_WORDS} words"
    sentences = max(1, count_sentences(text, code))
    syllables = sum(count_syllables(word, code) for word in words)
    score = formula.base - formula.per_sentence * len(words) / sentences - formula.per_word * syllables / len(words)
    return {"readability_score": round(score, 2), "readability_formula": formula.name}


def count_syllables(word: str, language: str) -> int:
    """Return about how many syllables a word has, never below 1."""
    lower = word.lower()
    if language == "es":
        return max(1, len(_SPANISH.findall(lower)))
    groups = len(_VOWELS.findall(lower))
    if (language == "en" and _SILENT_EN.search(lower)) or (language == "fr" and _SILENT_FR.search(lower)):
        groups -= 1
    return max(1, groups)
