"""Documents as learning takes them: read as far as cleaning reads them before anything is judged."""

from pipelines.cleaning.decode import decode
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.pages.blocks import blocks
from pipelines.cleaning.pages.clean import page_tree
from pipelines.cleaning.profiles.learning import Page
from pipelines.cleaning.text import tidy
from pipelines.cleaning.texts.clean import MAX_BYTES
from pipelines.cleaning.texts.lines import split_lines


def html_page(body: bytes, charset: str | None, url: str | None) -> Page | None:
    """A web page's blocks and title; None for one that cleaning rejects."""
    tree, _ = page_tree(body, charset)
    return Page(blocks(tree), read_metadata(tree, url).title) if tree is not None else None


def text_lines(body: bytes, charset: str | None) -> list[str]:
    """The lines of a plain text; none of one that cleaning rejects."""
    decoded = decode(body, charset) if len(body) <= MAX_BYTES else None
    return split_lines(tidy(decoded)) if decoded else []
