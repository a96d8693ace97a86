"""Markup that browsers read otherwise than libxml2 does."""

import re
from collections import defaultdict

# Browsers close these at their end tag, whatever is open in them; libxml2 ignores the end tag while a <div> is open, so
# that a button of the head runs to the end of the page.
_CLOSING = frozenset(
    {"button", "header", "nav", "aside", "footer", "noscript", "select", "section", "article", "main"}
    | {"dialog", "details", "summary", "figure", "figcaption", "fieldset", "address", "center", "hgroup", "menu"}
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
    opened = _OpenElements()
    for token in _TOKEN.finditer(page):
        name = (token["name"] or "").lower()
        if name not in ("div", "a") and name not in _CLOSING and name not in _CELLS:
            continue
        if not token["end"]:
            opened.add(name)
            continue
        left = opened.close(name)
        if left and name in _CLOSING:
            pieces += [page[done : token.start()], "</div>" * left]
            done = token.start()
        elif left and name == "a":  # the <div> goes on behind the link
            pieces += [page[done : token.start()], "</div>" * left, token[0], "<div>" * left]
            done = token.end()
            for _ in range(left):
                opened.add("div")
    return "".join((*pieces, page[done:]))


class _OpenElements:
    """The elements that are open, with the places of each name: none is searched for, however many end tags come."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, name: str) -> None:
        self._places[name].append(len(self._names))
        self._names.append(name)

    def close(self, name: str) -> int:
        """Close an element and what is open in it; return how many <div>s that are."""
        place = self._find_last(name)
        if place < 0 or (name not in _CELLS and place < max(map(self._find_last, _CELLS))):
            return 0
        left = -(name == "div")
        while len(self._names) > place:
            closed = self._names.pop()
            self._places[closed].pop()
            left += closed == "div"
        return left

    def _find_last(self, name: str) -> int:
        return self._places[name][-1] if self._places[name] else -1
