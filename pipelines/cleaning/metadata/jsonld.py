"""What a page says about its article in JSON-LD (schema.org)."""

import json
import re
from collections.abc import Container, Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from pipelines.cleaning.addresses import normalize_address

MAX_SCRIPTS = 20
MAX_CHARACTERS = 500_000  # of one script; articleBody included, real ones stay below a tenth of it
MAX_NODES = 20_000  # objects and lists looked at over all scripts
MAX_NAMES = 50  # of one value

# What publishing systems write around JSON to hide it from old readers; what stands behind the value is not read.
_WRAPPING = re.compile(r"\s*(?:(?://|/\*)\s*)?(?:<!\[CDATA\[|<!--)?\s*(?:\*/)?\s*")
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*[}\]])', re.DOTALL)
_DECODER = json.JSONDecoder(strict=False)

Node = dict[str, Any]


def read_nodes(tree: HtmlElement) -> list[Node]:
    """Every object in the page's scripts, parents before children, up to the bounds."""
    return list(_objects(tree))


def find_article_node(nodes: list[Node], addresses: Container[str] = ()) -> Node:
    """The object that is the page's article; {} if there is none.

    Of those that call themselves articles and have a headline or a date the one that gives the page's address as its
    own, or the first (sites mark the teasers beside an article too, mostly after it); then the first that calls itself
    an article, then the first with a headline. Authors given as references are replaced by the objects they refer to.
    """
    articles = [
        node for node in nodes if any(kind.endswith(("Article", "Posting", "Report")) for kind in read_types(node))
    ]
    told = [node for node in articles if "headline" in node or "datePublished" in node]
    own = (node for node in told[:MAX_NAMES] if any(address in addresses for address in _addresses(node)))
    article = next(own, None) or next(iter([*told, *articles]), None) or next((n for n in nodes if "headline" in n), {})
    by_id = {n["@id"]: n for n in reversed(nodes) if isinstance(n.get("@id"), str) and "name" in n}
    if "author" not in article:
        return article
    people = article["author"] if isinstance(article["author"], list) else [article["author"]]
    found = [by_id.get(str(p.get("@id"))) if isinstance(p, dict) and "name" not in p else p for p in people[:MAX_NAMES]]
    return {**article, "author": [person for person in found if person is not None]}


def _addresses(node: Node) -> Iterator[str]:
    """What an object says that its page is, without what leads within the page."""
    for value in (node.get("mainEntityOfPage"), node.get("url"), node.get("@id")):
        for written in (value.get("@id"), value.get("url")) if isinstance(value, dict) else (value,):
            if isinstance(written, str) and (address := normalize_address(written.partition("#")[0])):
                yield address


def read_types(node: Any) -> list[str]:
    """The types of an object, without the address of their vocabulary."""
    written = node.get("@type") if isinstance(node, dict) else None
    several = written if isinstance(written, list) else [written]
    return [kind.rsplit("/", 1)[-1] for kind in several[:MAX_NAMES] if isinstance(kind, str)]


def read_names(value: Any, key: str = "name") -> Iterator[str]:
    """The names in a value that may be a string, an object with a name, or a list of them."""
    for entry in value[:MAX_NAMES] if isinstance(value, list) else [value]:
        name = entry.get(key) if isinstance(entry, dict) else entry
        for one in name[:MAX_NAMES] if isinstance(name, list) else [name]:
            if isinstance(one, str):
                yield unescape(unescape(one))  # twice: publishers escape for HTML what JSON had escaped


def _objects(tree: HtmlElement) -> Iterator[Node]:
    left = MAX_NODES
    for script in [s for s in tree.iter("script") if _is_json_ld(s.get("type", ""))][:MAX_SCRIPTS]:
        waiting = [_parsed(script.text or "")]
        while waiting and left:
            node = waiting.pop()
            left -= 1
            if isinstance(node, dict):
                yield node
                node = list(node.values())
            if isinstance(node, list):
                waiting.extend(child for child in reversed(node[:left]) if isinstance(child, dict | list))


def _is_json_ld(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower() == "application/ld+json"


def _parsed(script: str) -> Any:
    """The value in a script; commas behind the last entry are forgiven."""
    if len(script) > MAX_CHARACTERS:
        return None
    wrapping = _WRAPPING.match(script)
    written = script[wrapping.end() :] if wrapping else script
    for text in (written, _STRING_OR_COMMA.sub(lambda found: found[1] or "", written)):
        try:
            return _DECODER.raw_decode(text)[0]
        except (ValueError, RecursionError):
            continue
    return None
