"""Sanitize text from outside for display: bounded, and without characters that hide or reorder the text around it."""

import unicodedata
from collections.abc import Iterator

EXCERPT = 300  # characters that a reader needs to recognise an article
# Trojan-source characters: they change how the text after them is laid out.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HIDDEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))
_JOINERS = frozenset("\u200c\u200d")  # Persian, Hindi and emoji are written with them
_MARKS = 4  # marks over one letter; more of them run over the lines above


def sanitize_for_display(text: object, at_most: int = EXCERPT) -> str:
    """Return at most so many characters (and `…`) of a text on one line; invisible ones are shown as `⟨U+202E⟩`."""
    given = "" if text is None else str(text)
    shown: list[str] = []
    room = at_most
    for spelled in _spell_characters(given[:at_most]):
        room -= len(spelled)
        if room < 0:
            return "".join(shown) + "…"
        shown.append(spelled)
    return "".join(shown) + ("…" if len(given) > at_most else "")


def sanitize_lines(text: object) -> str:
    """Return all of a text, sanitized for display line by line: for what a command prints, and for lines of a log."""
    return "\n".join(_sanitize_line(line) for line in str(text).split("\n"))


def _sanitize_line(line: str) -> str:
    return line if line.isascii() and line.isprintable() else "".join(_spell_characters(line.removesuffix("\r")))


def _spell_characters(text: str) -> Iterator[str]:
    """Yield what is shown of each character; nothing of a mark that is one too many."""
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks > _MARKS:
            continue
        if char in "\n\t\r ":
            yield " "
        elif char in _BIDI or (kind in _HIDDEN and char not in _JOINERS):
            yield f"⟨U+{ord(char):04X}⟩"
        else:
            yield char
