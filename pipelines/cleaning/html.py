"""One web page → its article: text and what the page says about itself."""

import logging
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction, baseline

from pipelines.cleaning.bounds import MAX_HTML_BYTES, bound_tree, has_crowded_tag
from pipelines.cleaning.cleaned import Cleaned
from pipelines.cleaning.decode import decode
from pipelines.cleaning.language import detect_language
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.text import one_line, printable

# The strict reading is left for the balanced one where it has fewer characters than this, or a smaller share of what
# trafilatura's baseline sees: together +.008 F1 on wcxb_dev, +.005 on fundus_eval, -.002 on daniel_dev; shares of
# .15 to .25 differ by .001.
MIN_TEXT = 250
MIN_SHARE = 0.2

# Elements that end a paragraph: HTML's, then those of trafilatura's own trees.
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav"),
        *("ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
        *("head", "quote", "list", "item", "row", "lb", "code"),
    ]
)
_SILENT = frozenset(
    ["script", "style", "noscript", "template", "iframe", "svg", "math", "select", "option", "button", "nav", "footer"]
)
# A paragraph: so many characters, or the end of a sentence. Of 723 pages of real articles none lacks both.
_SENTENCE_END = re.compile("[.!?…。！？؟।]")
PARAGRAPH = 80
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # one bad page is data, no line in a log


def clean_html(body: bytes, charset: str | None = None, url: str | None = None) -> Cleaned:
    """The article on a web page. `charset` is what a header said, `url` where the page came from; both may be wrong."""
    if len(body) > MAX_HTML_BYTES:
        return Cleaned(reason="too_large")
    if not body.strip():
        return Cleaned(reason="empty")
    decoded = decode(body, charset)
    if decoded is None:
        return Cleaned(reason="not_text")
    tree, reason = _parse(printable(decoded))
    if tree is None:
        return Cleaned(reason=reason)
    text, reason = _article_text(tree)
    if text and _is_menu(text, tree):
        text, reason = None, "no_text"
    language, score = detect_language(text) if text else (None, None)
    metadata = read_metadata(tree, url)
    return Cleaned(
        text=text,
        title=metadata.title,
        authors=metadata.authors,
        published_at=metadata.published.at if metadata.published else None,
        published_precision=metadata.published.precision if metadata.published else None,
        published_from=metadata.published_from,
        canonical_url=metadata.canonical_url,
        language=language,
        language_score=score,
        reason=reason,
    )


def _parse(page: str) -> tuple[HtmlElement | None, str | None]:
    """The page's tree, or why there is none. Nothing is fetched; libxml2 stops at 256 levels."""
    if declaration := _XML_DECLARATION.match(page):
        page = page[declaration.end() :]
    if has_crowded_tag(page):
        return None, "too_large"
    parser = HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        tree = document_fromstring(page.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        tree = None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        return None, "too_deep"
    if tree is None:
        return None, "no_text"
    return (tree, None) if bound_tree(tree) else (None, "too_large")


def _article_text(tree: HtmlElement) -> tuple[str | None, str | None]:
    """The article's paragraphs, or the reason why there are none. The tree is left as it was.

    trafilatura's strict reading, or its balanced one where that gave little; all the page's blocks where both are bare.
    """
    text, broken = "", False
    for strict in (True, False):
        try:
            found = bare_extraction(tree, include_comments=False, favor_precision=strict)
            body = getattr(found, "body", None)
            seen = baseline(tree)[2] if strict and body is not None else 0
        except Exception:  # noqa: BLE001  third-party code over a hostile page, RecursionError included
            body, seen, broken = None, 0, True
        text = max(text, _paragraphs(body) if body is not None else "", key=len)
        if len(text) >= max(MIN_TEXT, MIN_SHARE * seen):
            return text, None
    text = text or _paragraphs(tree.body if tree.body is not None else tree)
    return (text, None) if text else (None, "failed" if broken else "no_text")


def _is_menu(text: str, tree: HtmlElement) -> bool:
    """Whether the text is a list of links: mostly their words, and not one paragraph."""
    if any(len(line) >= PARAGRAPH or _SENTENCE_END.search(line) for line in text.split("\n\n")):
        return False
    linked = {one_line(str(link.text_content())) for link in tree.iter("a")}
    return 2 * sum(len(words) for words in linked if words in text) > len(text)


def _paragraphs(root: etree._Element) -> str:
    """The text of a tree, a paragraph for each block, without scripts, forms and navigation."""
    paragraphs: list[str] = []
    pieces: list[str] = []

    def end() -> None:
        if paragraph := one_line("".join(pieces)):
            paragraphs.append(paragraph)
        pieces.clear()

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element.tag in _BLOCKS:
            end()
        elif element.tag == "cell":
            pieces.append(" ")
        if event == "start":
            if element.tag in _SILENT:
                walk.skip_subtree()
            else:
                pieces.append(element.text or "")
        else:
            pieces.append(element.tail or "")
    end()
    return "\n\n".join(paragraphs)
