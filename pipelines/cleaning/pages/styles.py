"""Which elements the style sheets inside a page take from view.

Only what is beyond doubt: a rule for one class or id that says `display: none`, where no other rule of the page shows
an element of that name. Linked style sheets are not at hand.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

MAX_CHARACTERS = 300_000  # of all style sheets of a page
HIDDEN = "hidden"  # the class that marks them, as the style sheets in general use do
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_NAME = re.compile(r"[.#]-?[A-Za-z_][\w-]*")
_DISPLAY = re.compile(r"(?<![\w-])display\s*:\s*([\w-]+)", re.IGNORECASE)


def mark_hidden(tree: HtmlElement) -> None:
    """Give each element that a style sheet of the page takes from view the class that says so everywhere."""
    names = find_hiding_names(tree)
    if not names:
        return
    for element in tree.iter("div", "p", "span", "section", "aside", "ul", "ol", "li", "table", "h2", "h3", "h4", "a"):
        classes = element.get("class") or ""
        own = {f"#{element.get('id')}", *(f".{name}" for name in classes.split())}
        if not names.isdisjoint(own):
            element.set("class", f"{classes} {HIDDEN}".strip())


def find_hiding_names(tree: HtmlElement) -> frozenset[str]:
    """Return the classes (`.name`) and ids (`#name`) whose elements the page's own style sheets do not show."""
    hiding: set[str] = set()
    showing: set[str] = set()
    for selectors, display, is_general in _list_rules(tree):
        for selector in selectors.split(","):
            name = selector.strip()
            if display != "none":
                showing.update(_NAME.findall(name))
            elif is_general and _NAME.fullmatch(name):
                hiding.add(name)
    return frozenset(hiding - showing)


def _list_rules(tree: HtmlElement) -> Iterator[tuple[str, str, bool]]:
    """Yield selectors, what they set `display` to, and whether that is so on all screens."""
    left = MAX_CHARACTERS
    for element in tree.iter("style"):
        sheet = (element.text or "")[:left]
        left -= len(sheet)
        if "display" not in sheet:
            continue
        depth = 0
        before = ""
        for piece in re.split(r"([{}])", _COMMENT.sub("", sheet)):
            if piece in "{}":
                depth += 1 if piece == "{" else -1
                continue
            if depth and (display := _DISPLAY.search(piece)):
                yield before, display[1].lower(), depth == 1 and not element.get("media")
            before = piece
