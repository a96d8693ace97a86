"""What a page says about its article in JSON-LD (schema.org)."""

import json
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

MAX_SCRIPTS = 20
MAX_CHARACTERS = 500_000  # of one script; articleBody included, real ones stay below a tenth of it
MAX_NODES = 20_000  # objects and lists looked at over all scripts


def article_of(tree: HtmlElement) -> dict[str, Any]:
    """The first object that calls itself an article, or else the first with a headline; {} if there is none.

    An author given as a reference is replaced by the object it refers to.
    """
    nodes = list(_objects(tree))
    article = next((n for n in nodes if _is_article(n)), None) or next((n for n in nodes if "headline" in n), {})
    by_id = {n["@id"]: n for n in nodes if isinstance(n.get("@id"), str) and "name" in n}
    author = article.get("author")
    if isinstance(author, dict) and "name" not in author:
        return {**article, "author": by_id.get(str(author.get("@id")))}
    return article


def names(value: Any) -> Iterator[str]:
    """The names in a value that may be a string, an object with a name, or a list of them."""
    for entry in value if isinstance(value, list) else [value]:
        name = entry.get("name") if isinstance(entry, dict) else entry
        for one in name if isinstance(name, list) else [name]:
            if isinstance(one, str):
                yield unescape(one)


def _objects(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object in the page's scripts, parents before children, up to the bounds."""
    left = MAX_NODES
    for script in tree.xpath("//script[@type='application/ld+json']")[:MAX_SCRIPTS]:
        waiting = [_parsed(script.text or "")]
        while waiting and left:
            node = waiting.pop()
            left -= 1
            if isinstance(node, dict):
                yield node
                node = list(node.values())
            if isinstance(node, list):
                waiting.extend(child for child in reversed(node[:left]) if isinstance(child, dict | list))


def _parsed(script: str) -> Any:
    if len(script) > MAX_CHARACTERS:
        return None
    try:
        return json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.endswith(("Article", "BlogPosting")) for kind in kinds)
