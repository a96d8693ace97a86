"""Characters that HTML escapes, in text that was escaped once more than it is read."""

import re
from html import unescape
from html.entities import html5

_PASSES = 3  # feed mergers escape what was escaped twice already
# With its semicolon: `?a=1&copy=2` holds none.
_ESCAPE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|div|em|font|h[1-6]|i|mark|p|q|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)


def unescape_text(text: str) -> str:
    """Return the text with what is left of HTML's escapes as characters."""
    for _ in range(_PASSES):
        if "&" not in text or not _ESCAPE.search(text):
            break
        text = _ESCAPE.sub(_unescape, text)
    return text


def strip_tags(text: str) -> str:
    """Return a line without the tags that titles are set with."""
    return _TAG.sub(lambda tag: " " if tag[0].lower().startswith("<br") else "", text) if "<" in text else text


def _unescape(escape: re.Match[str]) -> str:
    return unescape(escape[0]) if escape[0][1] == "#" or escape[0][1:] in html5 else escape[0]
