"""Documents as learning takes them: read as far as cleaning reads them before anything is judged."""

from pipelines.cleaning.blocks import blocks
from pipelines.cleaning.decode import decode
from pipelines.cleaning.html import page_tree
from pipelines.cleaning.learning import Page
from pipelines.cleaning.lines import split_lines
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.plain import MAX_BYTES
from pipelines.cleaning.text import tidy


def html_page(body: bytes, charset: str | None, url: str | None) -> Page | None:
    """A web page's blocks and title; None for one that cleaning rejects."""
    tree, _ = page_tree(body, charset)
    return Page(blocks(tree), read_metadata(tree, url).title) if tree is not None else None


def text_lines(body: bytes, charset: str | None) -> list[str]:
    """The lines of a plain text; none of one that cleaning rejects."""
    decoded = decode(body, charset) if len(body) <= MAX_BYTES else None
    return split_lines(tidy(decoded)) if decoded else []
