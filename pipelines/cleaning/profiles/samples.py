"""Documents as learning takes them: read as far as cleaning reads them before it labels anything."""

from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.pages.blocks import split_blocks
from pipelines.cleaning.pages.clean import parse_page
from pipelines.cleaning.profiles.learning import Page
from pipelines.cleaning.text import tidy_text
from pipelines.cleaning.texts.lines import split_lines
from pipelines.text.decode import decode
from pipelines.text.limits import MAX_ITEM_BYTES


def read_page_sample(body: bytes, charset: str | None, url: str | None) -> Page | None:
    """Return a web page's blocks and title; None for one that cleaning rejects."""
    tree, _ = parse_page(body, charset)
    return Page(split_blocks(tree), read_metadata(tree, url).title) if tree is not None else None


def read_text_sample(body: bytes, charset: str | None) -> list[str]:
    """Return the lines of a plain text; none of one that cleaning rejects."""
    decoded = decode(body, charset) if len(body) <= MAX_ITEM_BYTES else None
    return split_lines(tidy_text(decoded)) if decoded else []
