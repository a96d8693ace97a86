"""The objects that a page has in JSON-LD (schema.org), and which of them is its article."""

from collections.abc import Container, Iterator, Sequence
from html import unescape
from itertools import chain
from typing import Any

from lxml.html import HtmlElement

from pipelines.cleaning.addresses import normalize_address
from pipelines.cleaning.metadata.loose_json import parse_loosely

MAX_SCRIPTS = 20
MAX_CHARACTERS = 500_000  # of one script; articleBody included, real ones stay below a tenth of it
MAX_NODES = 20_000  # objects and lists looked at over all scripts
MAX_NAMES = 50  # of one value

_ARTICLE_TYPES = ("Article", "Posting", "Report")  # how the types of articles end

Node = dict[str, Any]


def read_nodes(tree: HtmlElement) -> list[Node]:
    """Return every object in the page's scripts, parents before children, up to the bounds."""
    return list(_iterate_objects(tree))


def find_article_node(nodes: list[Node], addresses: Container[str] = ()) -> Node:
    """Return the object that is the page's article; {} if there is none.

    Of those that call themselves articles and have a headline or a date the one that gives the page's address as its
    own, or the first (sites mark the teasers beside an article too, mostly after it); then the first that calls itself
    an article, then the first with a headline. Authors given as references are replaced by the objects they refer to.
    """
    article = _choose_article(nodes, addresses)
    return _resolve_authors(article, nodes) if "author" in article else article


def _choose_article(nodes: Sequence[Node], addresses: Container[str]) -> Node:
    articles = [node for node in nodes if any(name.endswith(_ARTICLE_TYPES) for name in read_types(node))]
    described = [node for node in articles if "headline" in node or "datePublished" in node]
    for node in described[:MAX_NAMES]:
        if any(address in addresses for address in _iterate_addresses(node)):
            return node
    headed = (node for node in nodes if "headline" in node)
    return next(chain(described, articles, headed), {})


def _resolve_authors(article: Node, nodes: Sequence[Node]) -> Node:
    """Return the article with its authors themselves in place of references to them."""
    named = {node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str) and "name" in node}
    authors = article["author"] if isinstance(article["author"], list) else [article["author"]]
    resolved = [
        named.get(str(author.get("@id"))) if isinstance(author, dict) and "name" not in author else author
        for author in authors[:MAX_NAMES]
    ]
    return {**article, "author": [author for author in resolved if author is not None]}


def _iterate_addresses(node: Node) -> Iterator[str]:
    """Yield the addresses that an object gives its page, without fragments."""
    for value in (node.get("mainEntityOfPage"), node.get("url"), node.get("@id")):
        for written in (value.get("@id"), value.get("url")) if isinstance(value, dict) else (value,):
            if isinstance(written, str) and (address := normalize_address(written.partition("#")[0])):
                yield address


def read_types(node: Any) -> list[str]:
    """Return the types of an object, without the address of their vocabulary."""
    written = node.get("@type") if isinstance(node, dict) else None
    types = written if isinstance(written, list) else [written]
    return [name.rsplit("/", 1)[-1] for name in types[:MAX_NAMES] if isinstance(name, str)]


def read_names(value: Any, key: str = "name") -> Iterator[str]:
    """Yield the names in a value that may be a string, an object with a name, or a list of them."""
    for entry in value[:MAX_NAMES] if isinstance(value, list) else [value]:
        name = entry.get(key) if isinstance(entry, dict) else entry
        for written in name[:MAX_NAMES] if isinstance(name, list) else [name]:
            if isinstance(written, str):
                yield unescape(unescape(written))  # twice: publishers escape for HTML what JSON had escaped


def _iterate_objects(tree: HtmlElement) -> Iterator[Node]:
    left = MAX_NODES
    for text in [*_iterate_texts(tree)][:MAX_SCRIPTS]:
        waiting = [*reversed(parse_loosely(text))] if len(text) <= MAX_CHARACTERS else []
        while waiting and left:
            node = waiting.pop()
            left -= 1
            if isinstance(node, dict):
                yield node
                node = list(node.values())
            if isinstance(node, list):
                waiting.extend(child for child in reversed(node[:left]) if isinstance(child, dict | list))


def _iterate_texts(tree: HtmlElement) -> Iterator[str]:
    """Yield the JSON-LD of scripts, then of <meta>: some programs write `script:ld+json` as the name of one."""
    yield from (script.text or "" for script in tree.iter("script") if _is_json_ld(script.get("type", "")))
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").endswith("ld+json"):
            yield meta.get("content") or ""


def _is_json_ld(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower() == "application/ld+json"
