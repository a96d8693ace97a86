"""Markup that browsers read otherwise than libxml2 does."""

import re

# Browsers close these at their end tag, whatever is open in them; libxml2 ignores the end tag while a <div> is open, so
# that a button of the head runs to the end of the page.
_CLOSING = frozenset(
    {"button", "header", "nav", "aside", "footer", "noscript", "select", "section", "article", "main"}
    | {
        *("svg", "math", "template", "select", "video", "audio", "canvas", "object")  # none of whose text is read
    }
)
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|title|iframe)\b.*?(?:</(?P=raw)|\Z)|"
    r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*+)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+>?",
    re.IGNORECASE | re.DOTALL,
)
_CELLS = frozenset({"td", "th", "caption", "table"})  # no end tag reaches out of these


def close_divs(page: str) -> str:
    """Return the page with each <div> that is left open in a button, a menu and the like closed before their end."""
    if page.count("<div") <= page.count("</div"):
        return page
    pieces: list[str] = []
    done = 0
    opened: list[str] = []
    for token in _TOKEN.finditer(page):
        name = (token["name"] or "").lower()
        if name != "div" and name not in _CLOSING and name not in _CELLS:
            continue
        if not token["end"]:
            opened.append(name)
            continue
        left = _close(opened, name)
        if left and name in _CLOSING:
            pieces += [page[done : token.start()], "</div>" * left]
            done = token.start()
    return "".join((*pieces, page[done:]))


def _close(opened: list[str], name: str) -> int:
    """Close an element and what is open in it; return how many <div>s that are."""
    for place in range(len(opened) - 1, -1, -1):
        if opened[place] == name:
            left = opened[place:].count("div") - (name == "div")
            del opened[place:]
            return left
        if opened[place] in _CELLS and name not in _CELLS:
            break
    return 0
