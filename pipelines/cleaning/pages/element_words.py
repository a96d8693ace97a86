"""The words that pages in general use in class, id, itemprop and role, by their meaning; and tags."""

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.cleaning.pages.blocks import get_tag

_WORDS = {
    "article": "article articles story news post posts single entry blog artikel articulo articolo",
    "content": "content contents contenu inhalt articlebody entrycontent articlecontent maincontent postcontent",
    "body": "body text texte paragraph rich richtext copy prose storybody articletext",
    "main": "main primary hauptinhalt",
    "heading": "heading headline title titles headings subtitle",
    "lead": "lead intro summary description excerpt teaser standfirst dek abstract chapo deck "
    "sub subhead subheadline strapline tagline speakable kicker",
    "byline": "author authors byline bio name writer auteur autor contributor credit credits source",
    "date": "date time published timestamp datetime datum dateline",
    "caption": "caption captions figcaption legend",
    "picture": "image images photo picture gallery figure media video slide slider carousel slideshow thumbnail img "
    "foto",
    "meta": "meta info details data postmeta entrymeta",
    "nav": "nav navigation menu menus submenu navbar breadcrumb breadcrumbs pagination pager toc dropdown mega tabs "
    "tab",
    "bar": "sidebar side aside secondary complementary rail right bar column rightcol rightcolumn sidebars",
    "header": "header head top masthead banner topbar logo branding",
    "footer": "footer bottom copyright legal foot contentinfo disclaimer",
    "related": "related recommended recommendations more popular trending latest recent similar mostread readmore "
    "recirc read also next prev previous other featured promo outbrain taboola upnext",
    "list": "list items item card cards grid tile tiles feed collection listing",
    "comment": "comment comments reply replies respond disqus discussion commentlist",
    "share": "share sharing social facebook twitter follow like print email addtoany sharebar",
    "form": "form search login register subscribe subscription signup newsletter cta field input email subscriber",
    "tags": "tag tags category categories topics topic keywords taxonomy labels",
    "advert": "ad ads advert advertisement sponsor sponsored sponsors promotion banner adsense dfp commercial paid",
    "overlay": "modal popup dialog overlay cookie cookies consent gdpr notice alert tooltip message",
    "widget": "widget widgets module box panel sidebarwidget",
    "link": "link links button buttons btn icon icons cart action actions",
    "hidden": "hidden hide none mobile invisible sr visually offscreen",
    "quote": "quote quotes blockquote pullquote citation pull",
    "table": "table data infobox stats scoreboard",
    "embed": "embed embedded embeds oembed tweet instagram tiktok youtube",
    "live": "live liveblog livepost update updates timeline",
    "code": "code highlight hljs syntax snippet prettyprint",
    "question": "faq accordion question questions answer collapse expandable",
    "product": "product products price shop rating review reviews award buy store",
}
GROUPS = tuple(_WORDS)
GROUP_OF = {word: group for group, words in enumerate(_WORDS.values()) for word in words.split()}
TAGS = (
    *("article", "main", "section", "aside", "nav", "header", "footer", "form", "figure", "figcaption", "blockquote"),
    *("ul", "ol", "li", "table", "td", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "address", "pre"),
)
TAG_OF = {tag: len(GROUPS) + n for n, tag in enumerate(TAGS)}
_MARKS = len(GROUPS) + len(TAGS)
_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(maxsize=20_000)
def mark_step(step: str) -> tuple[int, ...]:
    """Return the groups of words, and the tag, that one step of a path has, as numbers."""
    tag = get_tag(step)
    groups = {GROUP_OF.get(part.lower(), -1) for part in _NAME_PART.findall(step, len(tag))}
    return (*sorted(groups - {-1}), *((TAG_OF[tag],) if tag in TAG_OF else ()))


def mark_path(path: tuple[str, ...]) -> NDArray[np.float64]:
    """Return for each group of words and each tag how near its innermost element is: 1 the element itself, 0 none."""
    marks = np.zeros(_MARKS)
    for level, step in enumerate(path):
        if level > 1 or not step.startswith(("html", "body")):
            for mark in mark_step(step):
                marks[mark] = 1 / (len(path) - level)
    return marks
