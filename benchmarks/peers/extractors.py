"""Text extractors over pages, in the environment of extractors.lock. The arguments are the readers to ask."""

import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks.peers import answer, unpack_page

Page = Mapping[str, str]


def run_trafilatura(page: Page, **mode: Any) -> str:
    """Return the text in one of its modes, without comments; everything else is left at its default."""
    from trafilatura import extract

    return extract(unpack_page(page), url=page["url"], include_comments=False, **mode) or ""


def run_readability(page: Page) -> str:
    """Return the summary's paragraphs, a line for each block."""
    from lxml.html import fromstring
    from readability import Document

    tree = fromstring(Document(_decode(page)).summary(html_partial=True))
    for element in tree.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4", "blockquote", "pre", "td"):
        element.tail = "\n" + (element.tail or "")
    return str(tree.text_content())


def run_resiliparse(page: Page) -> str:
    """Return the text by its main-content rules."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    body = unpack_page(page)
    tree = HTMLTree.parse_from_bytes(body, detect_encoding(body, html5_compatible=True))
    return str(extract_plain_text(tree, main_content=True, alt_texts=False, links=False, preserve_formatting=True))


def run_newspaper4k(page: Page) -> str:
    """Return its article text, without any download."""
    from newspaper import Article

    article = Article(page["url"] or "https://example.org/", fetch_images=False)
    article.download(input_html=_decode(page))
    article.parse()
    return str(article.text)


def run_justext(page: Page) -> str:
    """Return paragraphs that are no boilerplate, with the stop words of all languages: it is not told which."""
    from justext import get_stoplist, get_stoplists
    from justext import justext as classify

    stop_words = frozenset().union(*(get_stoplist(name) for name in sorted(get_stoplists())))
    return "\n".join(p.text for p in classify(unpack_page(page), stop_words) if not p.is_boilerplate)


EXTRACTORS: dict[str, Callable[[Page], str]] = {
    "trafilatura default": run_trafilatura,
    "trafilatura fast": partial(run_trafilatura, fast=True),
    "trafilatura precision": partial(run_trafilatura, favor_precision=True),
    "trafilatura recall": partial(run_trafilatura, favor_recall=True),
    "readability-lxml": run_readability,
    "resiliparse": run_resiliparse,
    "newspaper4k": run_newspaper4k,
    "jusText": run_justext,
}


def _decode(page: Page) -> str:
    """Decode by UTF-8, else by what the page declares: for extractors that take characters."""
    body = unpack_page(page)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]{2,40})", body[:4096], re.IGNORECASE)
    try:
        return body.decode(declared[1].decode() if declared else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


if __name__ == "__main__":
    answer({name: EXTRACTORS[name] for name in sys.argv[1:]})
