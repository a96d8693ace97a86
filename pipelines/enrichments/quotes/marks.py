"""Find the stretches of a text in quotation marks: straight, curly, guillemets, low-high, doubled, corners, single.

A mark opens where no word ends before it and one begins after it; which mark closes it depends on the one that opened.
A stretch not closed by the end of its paragraph goes on where the next one opens with the same mark (so long quotes
are set), and ends with its paragraph otherwise. Marks inside other marks stay inside. Single marks count only in a text
without double ones: beside these they quote within quotes, or are apostrophes.
"""

import re
from typing import NamedTuple

CLOSERS = {
    "“": ("”", '"'),  # writers mix curly and straight
    '"': ('"', "”"),
    "”": ("”",),  # Swedish, Finnish
    "„": ("“", "”", '"', "‟"),  # the closing mark depends on the country
    "«": ("»",),
    "»": ("«", "»"),  # German and Danish »so«, Swedish and Finnish »so»
    "''": ("''", '"', "”"),
    "``": ("''", '"', "”"),
    ",,": ("''", "“", "”", '"'),
    "「": ("」",),
    "『": ("』",),
    "‘": ("’", "'"),
    "'": ("'", "’"),
    "‹": ("›",),
    "‚": ("‘", "’"),
}
_UNSPACED = ("「", "『")
_DOUBLE = re.compile(r"''(?!')|``|,,|[\"“”„‟«»「」『』\n]")
_SINGLE = re.compile(r"['‘’‹›‚\n]")
_BEFORE = re.compile(r"[\s(\[{<—–\-/:;,=*_>¿¡‘'“«]")  # what may stand right before an opening mark
_SPACE = re.compile(r"\s*")
# 6'2" and 5" tall: inches, where a quotation is open and the mark could close it.
_FEET = re.compile(r"\d['’]\s?\d{1,2}(?:\.\d)?\Z")
_INCHES = re.compile(r"[\"”](?:-\w| (?:tall|wide|long|high|deep|thick|by|x|screen|display)\b)")
_CLIPPED = re.compile(r"['‘’](?:\d\d?s|em|til|tis|twas|cause|bout|round|n)\b", re.IGNORECASE)


class Marked(NamedTuple):
    """A stretch in marks: its offsets without the marks, and where it ends with them (it starts at `outer_start`)."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool


def find_marked(text: str) -> list[Marked]:
    """Return the outermost stretches in marks, in order, none overlapping another; linear in the length of the text."""
    return _find_by(text, _DOUBLE) or [marked for marked in _find_by(text, _SINGLE) if marked.closed]


def _find_by(text: str, marks: re.Pattern[str]) -> list[Marked]:
    stretches: list[Marked] = []
    opener, opened = "", -1  # the mark, and where what it opened begins
    resume = 0
    for match in marks.finditer(text):
        mark, (at, end) = match[0], match.span()
        if at < resume:
            continue
        if mark == "\n":
            if not opener:
                continue
            resume = _SPACE.match(text, end).end()  # type: ignore[union-attr]
            if text.startswith(opener, resume):
                resume += len(opener)
            else:
                stretches.append(_end_unclosed(text, opener, opened, at))
                opener = ""
        elif opener and mark in CLOSERS[opener] and _can_close(text, mark, at, end):
            stretches.append(_strip_spaces(text, opened, at, opened - len(opener), end, closed=True))
            opener = ""
        elif mark in CLOSERS and (not opener or mark == opener) and _can_open(text, mark, at, end):
            opener, opened = mark, end  # where one was open, its closing mark is missing, or it was none
    if opener:
        stretches.append(_end_unclosed(text, opener, opened, len(text)))
    return [marked for marked in stretches if marked.start < marked.end]


def _can_open(text: str, mark: str, at: int, end: int) -> bool:
    if mark in _UNSPACED:
        return True
    if (at and not _BEFORE.match(text, at - 1)) or not text[end : end + 1].strip() or _CLIPPED.match(text, at):
        # French sets a space after «.
        return mark == "«" and text[end : end + 1].strip() == ""
    return mark != "”" or "“" not in text[max(0, at - 2_000) : at]


def _can_close(text: str, mark: str, at: int, end: int) -> bool:
    before, after = text[at - 1 : at], text[end : end + 1]
    if mark in ("'", "’", "‘"):
        return not after.isalnum() and before in (",", ".", "!", "?", "…")
    if mark in ('"', "”"):
        if before.isdigit() and (_FEET.search(text, max(0, at - 8), at) or _INCHES.match(text, at)):
            return False
        return not (before.isspace() and after.isalnum() and mark == '"')
    return True


def _end_unclosed(text: str, opener: str, opened: int, at: int) -> Marked:
    return _strip_spaces(text, opened, at, opened - len(opener), at, closed=False)


def _strip_spaces(text: str, start: int, end: int, outer_start: int, outer_end: int, closed: bool) -> Marked:
    """Return a stretch without the spaces inside the marks."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    end -= len(inner) - len(inner.rstrip())
    return Marked(start, max(start, end), outer_start, outer_end, closed)
