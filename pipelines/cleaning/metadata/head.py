"""A page's head and JSON-LD, read once for every field that needs them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lxml.html import HtmlElement

from pipelines.cleaning.addresses import get_host
from pipelines.cleaning.metadata.jsonld import Node
from pipelines.cleaning.text import join_lines
from pipelines.cleaning.written_dates import DateHabits
from pipelines.text.escapes import unescape_text
from pipelines.text.limits import MAX_TITLE, MAX_URL

MAX_METAS = 20  # contents kept of one name
# English is written day first outside of the United States; these have domains of their own.
_DAY_FIRST_HOST = re.compile(r"\.(?:uk|ie|au|nz|in|za|ng|ke|gh|pk|bd|lk|sg|my|hk|mt|jm|tt|eu)$")


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a page that are read once and used often."""

    tree: HtmlElement
    url: str | None
    metas: Mapping[str, Sequence[str]]
    nodes: Sequence[Node]
    article: Node
    latest: date | None = None
    """The last day that can be one of publication."""

    def first(self, meta_names: Iterable[str]) -> Iterator[str]:
        """Yield the first content of each of these <meta> that the page has."""
        return (self.metas[name][0] for name in meta_names if name in self.metas)

    @property
    def habits(self) -> DateHabits:
        """How the page writes dates, by the language that it declares.

        English is read as American without a region or a domain that says otherwise, every other language day first.
        """
        tag = (self.tree.get("lang") or self.tree.get("xml:lang") or next(self.first(("og:locale",)), "")).strip()
        language, _, region = tag[:20].lower().replace("_", "-").partition("-")
        is_month_first: bool | None = False if language else None
        if language == "en":
            is_month_first = region == "us" or (not region and not _DAY_FIRST_HOST.search(get_host(self.url)))
        return DateHabits(is_month_first, language or None, self.latest)


def read_metas(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of each named <meta>, names in lower case."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = join_lines(unescape_text(element.get("content", "")[:MAX_URL]))
        if name and content and len(contents := metas.setdefault(name.strip().lower(), [])) < MAX_METAS:
            contents.append(content)
    return metas


def read_element_text(element: HtmlElement | None) -> str:
    """Return the first words of an element; enough for a title or a name."""
    if element is None:
        return ""
    pieces, left = [], MAX_TITLE
    for piece in element.itertext():
        pieces.append(piece[:left])
        left -= len(pieces[-1])
        if left <= 0:
            break
    return join_lines(unescape_text("".join(pieces)))


def fold_name(name: str) -> str:
    """Return what two ways to write a name share: letters and digits in lower case, without `.com` and the like."""
    return re.sub(r"\W+|\.(?:com|org|net)$", "", name.casefold())
