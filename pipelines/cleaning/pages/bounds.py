"""Bounds on the markup of a page, before and after it is parsed: they keep a hostile one to some seconds of work."""

import re

from lxml import etree
from lxml.html import HtmlElement

from pipelines.cleaning.pages.data import is_state
from pipelines.cleaning.text import limit_marks, remove_unprintable

# Several times the most that the 723 handed-out pages have: 1.6 MB, 4,975 elements, depths that sum to 66,758,
# 41 attributes, and 7,724 characters of text in one piece.
MAX_HTML_BYTES = 5_000_000
MAX_ELEMENTS = 20_000
MAX_DEPTH_SUM = 400_000
MAX_ATTRIBUTES = 100
MAX_ATTRIBUTE_CHARACTERS = 10_000
MAX_SPACES = 100
# libxml2 takes quadratic time for the attributes of one tag: 0.25 s for 20,000 of them, 6 s for 100,000.
MAX_WORDS_IN_TAG = 1_000  # outside of quoted values

# A tag with its quoted values. What is left open runs to the end of the page, so that the whole scan stays linear.
_TAG = re.compile(
    r"<(?:!--(?P<comment>)|(?P<name>[a-z][^\s/>]*+)"
    r"(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+(?:>|\Z))",
    re.IGNORECASE,
)
# Elements whose content is no markup, up to their end tag.
_RAW_END = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
}
_COMMENT_END = re.compile("-->")
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_SEPARATOR = re.compile(r"[\s/\"'=]+")
_LONG_SPACE = re.compile(r"\s{2,}")


def has_crowded_tag(page: str) -> bool:
    """Return whether a tag could have so many attributes that parsing it takes too long."""
    position = 0
    while tag := _TAG.search(page, position):
        position = tag.end()
        if tag["name"] is None:
            position = _find_end(_COMMENT_END, page, position)
            continue
        if len(tag[0]) > MAX_WORDS_IN_TAG and _count_words(tag[0]) > MAX_WORDS_IN_TAG:
            return True
        if raw_end := _RAW_END.get(tag["name"].lower()):
            position = _find_end(raw_end, page, position)
    return False


def _count_words(tag: str) -> int:
    return len(_SEPARATOR.findall(_QUOTED.sub(" = ", tag)))


def bound_tree(tree: HtmlElement) -> bool:
    """Cut scripts, styles, attributes and white space that no reading needs; False where the markup is too much."""
    elements = depth = depth_sum = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        depth_sum += depth
        if elements > MAX_ELEMENTS or depth_sum > MAX_DEPTH_SUM:
            return False
        if element.tag == "style" or (element.tag == "script" and not _is_data(element)):
            element.text = None
        _bound_attributes(element)
        if element.text and len(element.text) > MAX_SPACES:
            element.text = _shorten_runs(element.text)
        if element.tail and len(element.tail) > MAX_SPACES:
            element.tail = _shorten_runs(element.tail)
    return True


def _is_data(script: etree._Element) -> bool:
    """Return whether a script holds what a page says of itself, or is drawn from."""
    return "json" in script.get("type", "").lower() or is_state(script.text or "")


def _bound_attributes(element: etree._Element) -> None:
    attributes = element.attrib
    if len(attributes) > MAX_ATTRIBUTES:
        attributes.clear()
    for name, value in attributes.items():
        if len(value) > MAX_ATTRIBUTE_CHARACTERS:
            del attributes[name]


def _shorten_runs(text: str) -> str:
    """Return the text without runs of white space or marks so long that patterns take quadratic time for them."""
    spaced = _LONG_SPACE.sub(lambda run: run[0] if len(run[0]) <= MAX_SPACES else "\n", text)
    return limit_marks(remove_unprintable(spaced))  # lxml takes no control characters, not even those it has parsed


def _find_end(ending: re.Pattern[str], page: str, position: int) -> int:
    match = ending.search(page, position)
    return match.end() if match else len(page)
