"""Write how the world's languages say that something happened a while ago, `3 hours ago`, from CLDR.

python -m training.ages
"""

import json
from collections.abc import Iterator
from pathlib import Path

from babel import Locale

TARGET = Path(__file__).parent.parent / "pipelines/cleaning/ages.json"
LANGUAGES = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv mr ms nb nl pl pt ro ru sk sl sr sv sw ta "
    "te th tr uk ur vi zh zh_Hant"
)
UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
WIDTHS = ("", "-short", "-narrow")
MIN_LETTERS = 2  # of a phrase; the narrow `-{0} min` is left out too: it may be a temperature, a score or a zone


def _list_phrases(language: str) -> Iterator[str]:
    fields = Locale.parse(language)._data["date_fields"]
    for unit in (unit + width for unit in UNITS for width in WIDTHS):
        for phrase in dict(fields.get(unit, {}).get("past", {})).values():
            is_phrase = isinstance(phrase, str) and "{0}" in phrase and not phrase.startswith("-")
            if is_phrase and sum(map(str.isalpha, phrase)) >= MIN_LETTERS:
                yield " ".join(phrase.casefold().split())


def main() -> None:
    """Write the phrases, each once, in a fixed order."""
    phrases = sorted({phrase for language in LANGUAGES.split() for phrase in _list_phrases(language)})
    TARGET.write_text(json.dumps(phrases, ensure_ascii=False, indent=0) + "\n")


if __name__ == "__main__":
    main()
