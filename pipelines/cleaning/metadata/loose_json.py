"""JSON with a fault that people and templates make → its value."""

import json
import re
from html import unescape
from typing import Any

# Publishing systems write this around JSON to hide it from old readers.
_WRAPPING = re.compile(r"\s*(?:(?://|/\*)\s*)?(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|\s*\ufeff")
_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.{0,500}?\*/|<!--.{0,500}?-->|<!\[CDATA\[|\]\]>|\ufeff)*", re.DOTALL)
_PLAIN = re.compile(r"[^\s,:\[\]{}\"]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
# What may stand behind the quote that ends a name, or a value; a quote before anything else is one of the text.
# What may begin a string → what ends it then.
_ENDS = {
    begins: re.compile(f"[{ends}]")
    for begins, ends in {'"': '"', "'": "'", "“": "”“", "”": "”“", "„": "“”", "‘": "’‘", "’": "’‘"}.items()
}
_Q = "[\"'“”„‘’]"
_BEHIND_NAME = re.compile(r"\s*[:=]")
_BEHIND_VALUE = re.compile(
    rf"\s*(?:\Z|[}}\]]\s*(?:\Z|[,}}\]\s<;/])|"
    rf",\s*(?:\"(?:[^\"\\]|\\.){{1,100}}\"\s*[:=,\]]|{_Q}[^\"'“”]{{1,100}}{_Q}\s*[:,\]]|"
    rf"[\[{{}}\]\d,-]|true|false|null|@?\w{{1,40}}\s*:\s*[\"\[{{]|\Z)|"
    rf"\n\s*\"[^\"\n]{{1,100}}\"\s*:|\s{_Q}@?\w{{1,40}}{_Q}\s*:\s*[\"'“\[{{\d]|//|/\*)",
    re.DOTALL,
)
_BARE_NAME = re.compile(r"[A-Za-z_$@][\w$@-]{0,60}(?=\s*:)")
_NEXT_NAME = re.compile(rf"{_Q}|[}}\]/<]|(?<=[,\s]){_BARE_NAME.pattern}")
_BEHEADED = re.compile(rf"\s*{_Q}@?\w{{1,40}}{_Q}\s*:")
_ESCAPED = re.compile(r'\s*[{\[]\s*\\"')
_MEMBER = re.compile(r'\s*,\s*"[^"]{1,100}"\s*:')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_DECODER = json.JSONDecoder(strict=False)
MAX_DEPTH = 50
MAX_NUMBER = 100  # characters: Python refuses to read numbers of some thousands
MAX_TRIES = 2_000  # quotes in one string that are looked at


def parse_loosely(text: str) -> list[Any]:
    """Return the values in a text of JSON, one after the other; those before a fault that cannot be mended.

    Mended are: commas too many or too few, comments, HTML comments and CDATA around it, quotes and line ends in strings
    that are not escaped, escapes that JSON does not know, braces too many or too few, other quotes around strings,
    names without any, and JSON that was escaped once more, as a string or for HTML.
    """
    if '"' not in text:
        text = unescape(text)
    if wrapping := _WRAPPING.match(text):
        text = text[wrapping.end() :]
    if _ESCAPED.match(text):
        text = text.replace('\\"', '"')
    return _parse_values("{" + text if _BEHEADED.match(text) else text)


def _parse_values(text: str) -> list[Any]:
    try:
        value, end = _DECODER.raw_decode(text, _skip_space(text, 0))
    except (ValueError, RecursionError):
        return _Reader(text).read_all()
    if _MEMBER.match(text, end):  # behind a brace too many
        return _Reader(text).read_all()
    rest = text[end:].strip(" \n\t\r,;})]>-/*")
    return [value, *(_Reader(rest).read_all() if rest[:1] in ("{", "[") else [])]


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


class _Reader:
    """Reads a text of JSON from left to right, and goes on behind faults."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read_all(self) -> list[Any]:
        values = []
        while (opening := re.compile(r"[{\[]").search(self._text, self._at)) is not None:
            self._at = opening.start()
            values.append(self._read_value(0))
        return [value for value in values if value]

    def _peek(self) -> str | None:
        """Return the next character that says something."""
        self._at = _skip_space(self._text, self._at)
        return self._text[self._at] if self._at < len(self._text) else None

    def _read_value(self, depth: int) -> Any:
        char = self._peek()
        if depth > MAX_DEPTH or char is None:
            self._at = len(self._text)
            return None
        if char == "{":
            return self._read_object(depth)
        if char == "[":
            return self._read_list(depth)
        return self._read_string(_BEHIND_VALUE) if char in _ENDS else self._read_word()

    def _read_object(self, depth: int) -> dict[str, Any]:
        self._at += 1
        members: dict[str, Any] = {}
        while (char := self._peek()) not in (None, "}"):
            name = self._read_name()
            if name is not None:
                if self._peek() in (":", "="):
                    self._at += 1
                    members[name] = self._read_value(depth + 1)
            elif char == "]":  # of a list around it
                return members
            else:
                self._skip_to_name()  # behind a comma, or a brace too many
        self._at += 1
        if depth == 0:
            self._read_members_behind(members)
        return members

    def _read_name(self) -> str | None:
        """Return the name of a member, where one begins here."""
        if self._text[self._at] in _ENDS:
            return self._read_string(_BEHIND_NAME)
        if bare := _BARE_NAME.match(self._text, self._at):
            self._at = bare.end()
            return bare[0]
        return None

    def _skip_to_name(self) -> None:
        following = _NEXT_NAME.search(self._text, self._at + 1)
        self._at = following.start() if following else len(self._text)

    def _read_members_behind(self, members: dict[str, Any]) -> None:
        """Go on with the members behind a brace that closed the outermost object too early."""
        if _MEMBER.match(self._text, self._at):
            self._at -= 1
            members |= self._read_object(1)

    def _read_list(self, depth: int) -> list[Any]:
        self._at += 1
        entries: list[Any] = []
        while (char := self._peek()) is not None and char != "]":
            if char in ",:":
                self._at += 1
            elif char == "}":  # of an object around it
                return entries
            else:
                entries.append(self._read_value(depth + 1))
        self._at += 1
        return entries

    def _read_string(self, behind: re.Pattern[str]) -> str:
        """Return a string up to the first quote that can end it."""
        ends = _ENDS[self._text[self._at]]
        start = at = self._at + 1
        for _ in range(MAX_TRIES):
            at = self._find_quote(at, ends)
            if at == len(self._text) or behind.match(self._text, at + 1):
                break
            at += 1
        self._at = at + 1
        return _unescape(self._text[start:at])

    def _find_quote(self, at: int, ends: re.Pattern[str]) -> int:
        """Return where the next of these quotes is that no backslash escapes."""
        while (found := ends.search(self._text, at)) is not None:
            quote = found.start()
            before = self._text[at:quote]
            if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
                return quote
            at = quote + 1
        return len(self._text)

    def _read_word(self) -> Any:
        match = _PLAIN.match(self._text, self._at)
        if match is None:
            self._at += 1
            return None
        self._at = match.end()
        word = match[0].strip(";")
        if len(word) <= MAX_NUMBER and _NUMBER.fullmatch(word):
            return json.loads(word) if not re.match(r"-?0[0-9]", word) else word
        return _WORDS.get(word.lower())


def _unescape(written: str) -> str:
    r"""Return a string without its escapes; one that JSON does not know, such as `\'`, is the character itself."""
    return re.sub(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", _replace_escape, written, flags=re.DOTALL)


def _replace_escape(escape: re.Match[str]) -> str:
    code = escape[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)
