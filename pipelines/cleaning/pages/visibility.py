"""What an element says itself of being seen: hidden, out of view, struck out, or opened over a word. Pure.

Style sheets inside a page are in styles.py, which marks elements so that they are found here.
"""

import re
from functools import lru_cache

from lxml.html import HtmlElement

_SWITCHED_OFF = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_HEIGHT = r"(?<![\w-])height\s*:\s*0(?:px)?\s*(?=;|$)"
_OUT_OF_VIEW = re.compile(
    rf"{_NO_HEIGHT}.*overflow\s*:\s*hidden|overflow\s*:\s*hidden.*{_NO_HEIGHT}|"
    r"(?<![\w-])(?:left|top|right|text-indent)\s*:\s*-\d{4}|(?<![\w-])clip\s*:\s*rect\(\s*[01]|"
    r"clip-path\s*:\s*inset\(\s*(?:50|100)%|(?<![\w-])font-size\s*:\s*0(?:px)?\s*(?=;|$)|"
    r"(?<![\w-])max-height\s*:\s*0(?:px)?\s*(?=;|$)|"
    r"^(?=.*overflow\s*:\s*hidden)(?=.*(?<![\w-])width\s*:\s*1px)(?=.*(?<![\w-])height\s*:\s*1px)",
    re.IGNORECASE,
)
# Classes of style sheets in general use that take an element from view; the second kind shows it again on wide screens.
_HIDING = re.compile(
    r"(?:^|\s)(?:hidden|hide|invisible|d-none|vh|(?:a11y|u|is)-hidden|element-invisible|assistive-text|off-?screen|"
    r"show-for-sr|clip-text|(?!\S*(?:not-|un-?|undo-))\S*(?:visually-?hidden|hidden-?visually|accessib(?:ly|ility)-hidden|"
    r"(?<![a-z])sr-?only|screen-?readers?(?:-text|-only)?)(?:[-_]\S*)?|\S+(?:--|__)(?:is-)?hidden)(?=\s|$)",
    re.IGNORECASE,
)
_SHOWING = re.compile(r"(?:^|\s)(?:(?:sm|md|lg|xl|0?xl):[a-z]+|d-(?:sm|md|lg|xl|print)-[a-z]+)", re.IGNORECASE)
# What opens over a word of a sentence when it is pointed at: a card about a person, a note.
_CARD = re.compile(
    r"(?:tooltip|hover-?card|pop-?over|roll-?over|flyout|hovercard)[a-z_-]*(?:text|content|body|block|card|box|inner|panel)|"
    r"(?:^|\s)hover-?card(?:\s|$)",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_STRUCK_CLASS = re.compile(r"(?:^|[\s_-])(?:strike-?(?:through|out)|struck|line-?through)(?=\s|$)", re.IGNORECASE)
STRUCK_TAGS = frozenset({"del", "s", "strike"})
_MAX_ASIDE = 1_000  # characters


def is_unseen(element: HtmlElement) -> bool:
    """Return whether an element says that it is not shown, by `hidden` or by its own style."""
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _SWITCHED_OFF.search(style) is not None)


def is_veiled(element: HtmlElement) -> bool:
    """Return whether a class in general use, or a style that leaves it no room, takes an element from view."""
    style, classes = element.get("style"), element.get("class")
    return (style is not None and _is_style_veiling(style)) or (classes is not None and _is_class_veiling(classes))


@lru_cache(maxsize=10_000)
def _is_style_veiling(style: str) -> bool:
    return _OUT_OF_VIEW.search(style) is not None


@lru_cache(maxsize=10_000)
def _is_class_veiling(classes: str) -> bool:
    return _HIDING.search(classes) is not None and not _SHOWING.search(classes)


@lru_cache(maxsize=10_000)
def _is_card(classes: str) -> bool:
    return _CARD.search(classes) is not None


def is_aside(element: HtmlElement) -> bool:
    """Return whether an element in a sentence is no part of it: unseen, struck out, or a card that opens over it."""
    tag = element.tag
    if tag in STRUCK_TAGS:
        return _is_short(element)
    if not element.attrib:
        return False
    if element.get("role") == "tooltip" or (tag != "a" and _is_card(element.get("class", ""))):
        return _is_short(element)
    if _STRUCK_CLASS.search(element.get("class", "")):
        return _is_short(element)
    if "line-through" in element.get("style", "") and _STRUCK.search(element.get("style", "")):
        return _is_short(element)
    return (is_unseen(element) or is_veiled(element)) and _is_short(element)


def _is_short(element: HtmlElement) -> bool:
    """Return whether an element holds but a few words: one left open may hold the rest of the article."""
    left = _MAX_ASIDE
    for piece in element.itertext():
        left -= len(piece.strip())
        if left < 0:
            return False
    return True
