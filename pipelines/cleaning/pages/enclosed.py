"""The blocks of a page that the trees leave out and that are of the article all the same.

The trees judge short lines by themselves, and so lose items of a list, rows of a table and posts between two paragraphs
that they keep. What an element between paragraphs is decides here for all of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from pipelines.cleaning.pages.blocks import Block, get_tag
from pipelines.cleaning.pages.element_words import GROUP_OF, mark_step
from pipelines.cleaning.pages.furniture import Page, is_post
from pipelines.cleaning.phrases import find_furniture

LISTS = frozenset({"ul", "ol", "dl"})
_TABLE = frozenset({"table"})
MOST_LINKED = 0.5  # share of a list's characters in links, from which it leads elsewhere
INTRODUCES = 7  # words of a line that ends with a colon, as in cleaning.texts.reading
ALIKE = 3  # elements in a row that are built alike and so are a list without being called one
LONG_RUN = 8  # kept paragraphs of an element, from which those it has besides are its text too
_OTHER = frozenset(
    GROUP_OF[word] for word in ("nav", "related", "share", "form", "tags", "advert", "comment", "overlay", "footer")
)
_COLONS = (":", "：")
_WORD = re.compile(r"\w+")


class _Child(NamedTuple):
    """An element directly in the one that holds the text, and its blocks."""

    step: str
    places: range


@dataclass(frozen=True)
class _Body:
    """An element that holds text; what is known of all its children is found once, as there may be thousands."""

    page: Page
    children: Sequence[_Child]

    @cached_property
    def kept(self) -> list[int]:
        """Places of those children that are kept, or partly so."""
        return [at for at, child in enumerate(self.children) if any(self.page.kept[place] for place in child.places)]

    @cached_property
    def runs(self) -> list[int]:
        """For each child, how many in a row with it are built as it is."""
        shapes = groupby(_describe(self.page, child) for child in self.children)
        sizes = (sum(1 for _ in group) for _, group in shapes)
        return [size for size in sizes for _ in range(size)]


def find_enclosed(page: Page) -> dict[int, str]:
    """Return the blocks to keep besides, each with the name of the rule that says so."""
    enclosed: dict[int, str] = {}
    for node in _find_bodies(page):
        body = _Body(page, list(_split_children(page, node)))
        for at, child in enumerate(body.children):
            if rule := _find_rule(page, body, at):
                enclosed |= {place: rule for place in child.places if not page.kept[place]}
        enclosed |= dict.fromkeys(_find_long_run(page, body.children), "run")
    return {place: rule for place, rule in enclosed.items() if _is_text(page.blocks[place])}


def _find_bodies(page: Page) -> list[int]:
    """Return the elements that have kept paragraphs as their children, those of most text first."""
    sizes: dict[int, int] = {}
    for place in page.places:
        block = page.blocks[place]
        if page.is_prose(place) and len(block.nodes) > 1 and block.tag in ("p", "div"):
            parent = block.nodes[-2]
            sizes[parent] = sizes.get(parent, 0) + len(block.text)
    return sorted(sizes, key=lambda node: (-sizes[node], node))


def _split_children(page: Page, node: int) -> Iterator[_Child]:
    """Yield the elements directly in another, in order; text between them is none of them."""
    first, last, step, own = -1, -1, "", 0
    for place in page.spans[node]:
        block = page.blocks[place]
        level = block.nodes.index(node) + 1
        child = block.nodes[level] if level < len(block.nodes) else 0
        if child != own or not child:
            if own:
                yield _Child(step, range(first, last + 1))
            first, own, step = place, child, block.path[level] if child else ""
        last = place
    if own:
        yield _Child(step, range(first, last + 1))


def _find_rule(page: Page, body: _Body, at: int) -> str | None:
    child = body.children[at]
    if all(page.kept[place] for place in child.places) or page.headline in child.places:
        return None
    if _is_of_posts(page, child):
        return "post"
    if not _is_between(page, body, at) or _is_elsewhere(page, child):
        return None
    tag = get_tag(child.step)
    if tag in LISTS or tag == "table" or _is_all_in(page, child, _TABLE) or _is_all_in(page, child, LISTS):
        return _find_list_rule(page, body.children, at)
    return "alike" if _is_alike(page, body, at) else None


def _find_list_rule(page: Page, children: Sequence[_Child], at: int) -> str | None:
    """Return the rule by which a list or table between paragraphs is text."""
    child = children[at]
    is_linked = _measure_links(page, child.places) > MOST_LINKED
    is_introduced = at > 0 and _introduces(page.blocks[children[at - 1].places[-1]].text)
    return None if is_linked and not is_introduced else "list"


def _introduces(line: str) -> bool:
    return line.endswith(_COLONS) and len(_WORD.findall(line)) >= INTRODUCES and find_furniture(line) is None


def _measure_links(page: Page, places: range) -> float:
    size = sum(len(page.blocks[place].text) for place in places)
    return sum(page.blocks[place].link_chars for place in places) / max(size, 1)


def _is_of_posts(page: Page, child: _Child) -> bool:
    return all(is_post(page.blocks[place]) for place in child.places)


def _is_between(page: Page, body: _Body, at: int) -> bool:
    """Return whether kept text stands above and below an element, or directly above one that is partly kept itself."""
    if not body.kept or body.kept[0] >= at:
        return False
    return body.kept[-1] >= at or _introduces(page.blocks[body.children[at - 1].places[-1]].text)


def _is_elsewhere(page: Page, child: _Child) -> bool:
    """Return whether an element, or one in it, is named as something else than text."""
    steps = {child.step}
    for place in child.places:
        block = page.blocks[place]
        steps |= set(block.path[block.path.index(child.step) :])
        if block.is_unseen or block.is_veiled:
            return True
    return any(not _OTHER.isdisjoint(mark_step(step)) for step in steps)


def _is_all_in(page: Page, child: _Child, tags: frozenset[str]) -> bool:
    """Return whether an element holds a table, or lists, and nothing else."""
    return all(any(get_tag(step) in tags for step in page.blocks[place].path[-6:]) for place in child.places)


def _is_alike(page: Page, body: _Body, at: int) -> bool:
    """Return whether an element is one of several in a row that are built alike: a list in all but name."""
    places = body.children[at].places
    return len(places) > 1 and body.runs[at] >= ALIKE and _measure_links(page, places) <= MOST_LINKED


def _describe(page: Page, child: _Child) -> tuple[str, int, tuple[str, ...]]:
    """Return how an element is built: its name, how many lines it has, and which of them are links."""
    lines = [page.blocks[place] for place in child.places]
    return child.step, len(lines), tuple(_get_kind(line) for line in lines)


def _get_kind(block: Block) -> str:
    return "link" if 2 * block.link_chars > len(block.text) else "text"


def _find_long_run(page: Page, children: Sequence[_Child]) -> Iterator[int]:
    """Yield the paragraphs of a long text that are built as the many kept ones beside them."""
    paragraphs = [
        child.places[0]
        for child in children
        if len(child.places) == 1 and get_tag(child.step) == "p" and child.step.count(".") == 0
    ]
    prose = [place for place in paragraphs if page.is_prose(place)]
    kept = sum(page.kept[place] for place in prose)
    if kept >= LONG_RUN and 2 * kept >= len(prose):
        yield from (place for place in paragraphs if not page.kept[place] and page.is_prose(place))


def _is_text(block: Block) -> bool:
    return find_furniture(block.text, 2 * block.link_chars > len(block.text)) is None
