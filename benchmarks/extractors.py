"""Text extractors over pages on standard input, in the environment of extractors.lock: knows nothing of copydesk.

The argument is an extractor. One JSON object a line with `html` (base64) and `url`; answers each with a line: the text
and the CPU seconds that it took. A page that an extractor cannot take has no text.
"""

import base64
import json
import logging
import re
import sys
import time
from collections.abc import Callable
from functools import partial

Extract = Callable[[bytes, str | None], str]


def trafilatura(body: bytes, url: str | None, **mode: bool) -> str:
    """One of its modes, without comments; in the default mode everything else is left as it comes."""
    from trafilatura import extract

    return extract(body, url=url, include_comments=False, **mode) or ""


def readability(body: bytes, _: str | None) -> str:
    """The summary's paragraphs, a line for each block."""
    from lxml.html import fromstring
    from readability import Document

    tree = fromstring(Document(_decoded(body)).summary(html_partial=True))
    for element in tree.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4", "blockquote", "pre", "td"):
        element.tail = "\n" + (element.tail or "")
    return tree.text_content()


def resiliparse(body: bytes, _: str | None) -> str:
    """Its main-content rules."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse_from_bytes(body, detect_encoding(body, html5_compatible=True))
    return extract_plain_text(tree, main_content=True, alt_texts=False, links=False, preserve_formatting=True)


def newspaper4k(body: bytes, url: str | None) -> str:
    """Its article text, without any download."""
    from newspaper import Article

    article = Article(url or "https://example.org/", fetch_images=False)
    article.download(input_html=_decoded(body))
    article.parse()
    return article.text


def justext(body: bytes, _: str | None) -> str:
    """Paragraphs that are no boilerplate, with the stop words of all its languages: it is not told the language."""
    from justext import get_stoplist, get_stoplists
    from justext import justext as classify

    stop_words = frozenset().union(*(get_stoplist(name) for name in sorted(get_stoplists())))
    return "\n".join(p.text for p in classify(body, stop_words) if not p.is_boilerplate)


EXTRACTORS: dict[str, Extract] = {
    "trafilatura default": trafilatura,
    "trafilatura fast": partial(trafilatura, fast=True),
    "trafilatura precision": partial(trafilatura, favor_precision=True),
    "trafilatura recall": partial(trafilatura, favor_recall=True),
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "newspaper4k": newspaper4k,
    "jusText": justext,
}


def _decoded(body: bytes) -> str:
    """What the page declares, else UTF-8: for extractors that take characters."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]{2,40})", body[:4096], re.IGNORECASE)
    try:
        return body.decode(declared[1].decode() if declared else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def main() -> None:
    """Answer page by page; the first page is read twice, so that loading models is in no page's time."""
    logging.disable(logging.CRITICAL)
    extract, is_first = EXTRACTORS[sys.argv[1]], True
    for line in sys.stdin:
        page = json.loads(line)
        body = base64.b64decode(page["html"])
        for _ in range(2 if is_first else 1):
            began, text = time.process_time(), ""
            try:
                text = extract(body, page["url"])
            except Exception:  # noqa: BLE001  what it cannot take costs time too
                text = ""
            spent = time.process_time() - began
        is_first = False
        print(json.dumps([text, spent]), flush=True)


if __name__ == "__main__":
    main()
