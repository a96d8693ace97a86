"""The blocks of any page → what each of them is, judged by boosted trees over features that no language or site owns.

Two looks: the first judges each block by itself, its path, its neighbours and the elements around it; the second adds
what the first thought of the blocks nearby (stacked generalisation, Wolpert 1992).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.cleaning.blocks import Block, tag_of
from pipelines.cleaning.judged import BY_RULE, KEPT, Judged
from pipelines.cleaning.trees import Trees, load_trees

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Containers = tuple[Ints, Ints, Ints, Ints]

# Words of class, id, itemprop and role that pages in general use, by what they say.
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
_GROUPS = tuple(_WORDS)
_GROUP_OF = {word: group for group, words in enumerate(_WORDS.values()) for word in words.split()}
_TAGS = (
    *("article", "main", "section", "aside", "nav", "header", "footer", "form", "figure", "figcaption", "blockquote"),
    *("ul", "ol", "li", "table", "td", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "address", "pre"),
)
_TAG_OF = {tag: len(_GROUPS) + n for n, tag in enumerate(_TAGS)}
_MARKS = len(_GROUPS) + len(_TAGS)
_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

# Classes of characters, told by Unicode's categories and so for all scripts alike.
_LOWER, _UPPER, _LETTER, _WIDE, _DIGIT, _SPACE, _END, _COMMA, _QUOTE, _BAR, _COLON, _OTHER = range(12)
_CLASSES = 12
_SPECIAL = {
    _END: ".!?…。！？؟।։۔။።",
    _COMMA: ",;、，；،؛",
    _QUOTE: "\"'«»„“”‘’「」『』《》",
    _BAR: "|/>›→•·*#@©®–—_-[]~+=←<",
    _COLON: ":：",
}
_WIDE_SIZE = 3  # letters of an alphabet that one ideograph, kana or Hangul syllable stands for, roughly
LONG = 80  # letters of a block that is likely prose

FIRST_MODEL = Path(__file__).with_name("reading.json")
SECOND_MODEL = Path(__file__).with_name("reading_context.json")
# Probability from which a block is kept, the same for all pages: from .25 to .4 no set's F1 moves by more than .006.
KEEP = 0.3
NEAR_BEST = 0.5  # of the best probability of a page that has none as high as KEEP
# Characters of a text that ends a sentence from which no class alone makes it a caption: F1 on daniel_dev is .9300 with
# 200, .9298 with 80 and .9286 without; on the other sets it moves by .0002 at most.
NO_CAPTION = 200
REPEATED = 40  # characters from which a kept text is kept once
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SHORT_LINE = 100  # characters of a bold line that can be a subheading
_LIST_LINE = 80  # characters of a paragraph: of 723 pages of real articles none lacks both it and a sentence's end
_TITLE_LINE = 20  # characters from which the start of a title is no chance likeness
MOST_OF_HEADING = 0.8  # share of an <h1> that the title is, as in cleaning.title
_SET_OFF = re.compile(r"\s*[-–—|:·•»/]\s")  # what stands between a headline and the name of its site
_SENTENCE_END = re.compile("[.!?…。！？؟।]")


def read_page(blocks: Sequence[Block], title: str | None) -> list[Judged]:
    """What each block is, in the same order. A page of links without a paragraph keeps nothing."""
    return judge(blocks, scores(blocks, title), title) if blocks else []


def judge(blocks: Sequence[Block], found: Floats, title: str | None) -> list[Judged]:
    """What each block is, by its probability `found`; headline, byline and captions are never kept."""
    return labelled(blocks, chosen(blocks, found), found.tolist(), ["model"] * len(blocks), title)


def chosen(blocks: Sequence[Block], found: Floats) -> list[bool]:
    """Which blocks belong to the article by their probability, before anything else is known of them."""
    kept = found >= KEEP
    if not kept.any():
        kept = _fallback(blocks, found)
    if _is_menu([b for b, is_kept in zip(blocks, kept, strict=True) if is_kept]):
        return [False] * len(blocks)
    return [bool(is_kept) for is_kept in kept]


def labelled(
    blocks: Sequence[Block],
    kept: Sequence[bool],
    found: Sequence[float],
    reasons: Sequence[str],
    title: str | None,
) -> list[Judged]:
    """What each block is, where it is decided which are kept, with what probability and why."""
    judged: list[Judged] = []
    seen: set[str] = set()
    has_begun = has_lead = False
    shown = _shown(blocks, kept)
    labels = _labels(blocks, shown, title)
    for block, score, is_kept, is_shown, why, seems in zip(blocks, found, kept, shown, reasons, labels, strict=True):
        label = seems
        rule = seems if seems in ("caption", "byline") else None if is_kept == is_shown else "hidden"
        if _is_title(block, title) and (is_shown or not has_begun):
            label, rule = "headline", "title"
        elif label == "body":
            label, has_lead = ("body" if has_lead else "lead"), True
        has_begun = has_begun or label in KEPT
        if label in KEPT and len(block.text) >= REPEATED:
            if block.text in seen:
                label, rule = "furniture", "twice"
            seen.add(block.text)
        sure = score if label in KEPT else BY_RULE if rule else 1 - score
        judged.append(Judged(block.text, label, rule or why, round(sure, 3)))
    return judged


def _shown(blocks: Sequence[Block], kept: Sequence[bool]) -> list[bool]:
    """What is kept without what the page does not show, unless that is most of it, as where a script unfolds it. On the
    dev sets that takes something from four pages: three gain, one loses."""
    sizes = [len(block.text) * is_kept for block, is_kept in zip(blocks, kept, strict=True)]
    unseen = sum(size for size, block in zip(sizes, blocks, strict=True) if block.is_unseen)
    if 2 * unseen > sum(sizes):
        return list(kept)
    return [is_kept and not block.is_unseen for block, is_kept in zip(blocks, kept, strict=True)]


def _is_title(block: Block, title: str | None) -> bool:
    """Whether a block is the page's title, or an <h1> or a long line the title without what is set off from it, or an
    <h1> the title with a counter, a label or something set off besides."""
    if not title:
        return False
    ours, theirs = block.text.casefold(), title.casefold()
    if ours == theirs:
        return True
    if block.tag == "h1" and theirs in ours:
        is_set_off = ours.startswith(theirs) and _SET_OFF.match(ours, len(theirs)) is not None
        return is_set_off or len(theirs) >= MOST_OF_HEADING * len(ours)
    if (block.tag != "h1" and len(ours) < _TITLE_LINE) or not theirs.startswith(ours):
        return False
    return _SET_OFF.match(theirs, len(ours)) is not None


def scores(blocks: Sequence[Block], title: str | None = None) -> Floats:
    """The probability of each block to belong to the article."""
    if not blocks:
        return np.zeros(0)
    held = containers(blocks)
    names, rows = features(blocks, title, held)
    first = _trees(FIRST_MODEL).scores(rows)
    return _trees(SECOND_MODEL).scores(context(blocks, first, names, rows, held)[1])


@cache
def _trees(path: Path) -> Trees:
    return load_trees(path)


def _fallback(blocks: Sequence[Block], found: Floats) -> NDArray[np.bool_]:
    """The paragraphs, or where there are none the blocks, that come near the best of a page where none is sure."""
    likely = np.asarray(found >= NEAR_BEST * found.max(), dtype=np.bool_)
    long = likely & np.array([len(b.text) >= _LIST_LINE and 2 * b.link_chars < len(b.text) for b in blocks])
    return long if long.any() else likely


def _is_menu(kept: Sequence[Block]) -> bool:
    """Whether what is kept is a list of links: mostly their words, and not one paragraph."""
    if any(len(b.text) >= _LIST_LINE or _SENTENCE_END.search(b.text) for b in kept):
        return False
    return 2 * sum(b.link_chars for b in kept) > sum(len(b.text) for b in kept)


@lru_cache(maxsize=20_000)
def _place(path: tuple[str, ...], by_class: bool = True) -> str:
    """What the elements around a block say that it is: a label, `figure`, or nothing. A class makes a caption only
    with `by_class`."""
    tags = [tag_of(step) for step in path]
    near = {mark for step in path[-2:] for mark in _step_marks(step)}
    if "figcaption" in tags or (by_class and _GROUP_OF["caption"] in near):
        return "caption"
    if tags[-1] in _HEADINGS:
        return "subheading"
    if tags[-1] == "li":
        return "item"
    if "blockquote" in tags:
        return "quote"
    if _GROUP_OF["byline"] in near:
        return "byline"
    return "figure" if "figure" in tags else ""


def _labels(blocks: Sequence[Block], kept: Sequence[bool], title: str | None) -> list[str]:
    """The label of each block; where most of what the trees keep were captions by a class alone, they are the text."""
    by_class, by_tag = (
        [_label(block, is_kept, strict) for block, is_kept in zip(blocks, kept, strict=True)]
        for strict in (True, False)
    )
    sizes = (
        sum(len(b.text) for b, label in zip(blocks, labels, strict=True) if label in KEPT and not _is_title(b, title))
        for labels in (by_class, by_tag)
    )
    return by_class if 2 * next(sizes) >= next(sizes) else by_tag


def _label(block: Block, is_kept: bool, by_class: bool) -> str:
    """A caption is none of the text, whatever the trees say, but for long prose that they keep and a class alone calls
    so; what stands in a picture's box or near an author's name is only what it seems where they leave it out."""
    is_text = is_kept and len(block.text) >= NO_CAPTION and _SENTENCE_END.search(block.text[-3:]) is not None
    place = _place(block.path, by_class and not is_text)
    if place == "caption" or (place == "figure" and not is_kept):
        return "caption"
    if not is_kept:
        return "byline" if place == "byline" and len(block.text) <= _SHORT_LINE else "furniture"
    if place in KEPT:
        return place
    is_bold = block.bold_chars == len(block.text) <= _SHORT_LINE and not _SENTENCE_END.search(block.text[-1])
    return "subheading" if is_bold else "body"


@cache
def _class_table() -> NDArray[np.uint8]:
    """The class of each character of the basic plane."""
    kinds = {"Ll": _LOWER, "Lu": _UPPER, "Lt": _UPPER, "Nd": _DIGIT, "Zs": _SPACE}
    table = np.full(0x10000, _OTHER, dtype=np.uint8)
    for code in range(0x10000):
        category = unicodedata.category(chr(code))
        table[code] = kinds.get(category, _LETTER if category[0] in "LM" else _OTHER)
    for low, high in ((0x3040, 0x3100), (0x3400, 0xA000), (0xAC00, 0xD7B0), (0xF900, 0xFB00)):
        table[low:high] = _WIDE
    for kind, characters in _SPECIAL.items():
        table[[ord(character) for character in characters]] = kind
    return table


def features(
    blocks: Sequence[Block], title: str | None, held: Containers | None = None
) -> tuple[tuple[str, ...], Floats]:
    """Names of the features, and blocks × features. Needs at least one block; `held` are its containers."""
    columns: dict[str, NDArray[np.generic]] = {}
    count = len(blocks)
    counts, firsts, lasts = _characters(blocks)
    letters = counts[:, [_LOWER, _UPPER, _LETTER]].sum(axis=1)
    size = counts.sum(axis=1) + (_WIDE_SIZE - 1) * counts[:, _WIDE]
    chars = np.maximum(counts.sum(axis=1), 1)
    links = np.array([b.link_chars for b in blocks]) / chars
    words = counts[:, _SPACE] + 1 + counts[:, _WIDE] / 2
    is_long = (size >= LONG) & (links < 0.5)
    prose = np.where(is_long, size * (1 - links), 0.0)
    all_prose = max(prose.sum(), 1.0)
    columns |= {
        "size": np.log1p(size),
        "words": np.log1p(words),
        "word length": letters / words,
        "links": links,
        "bold": np.array([b.bold_chars for b in blocks]) / chars,
        "italic": np.array([b.italic_chars for b in blocks]) / chars,
        "upper": counts[:, _UPPER] / np.maximum(letters, 1),
        "uppers a word": counts[:, _UPPER] / words,
        "digits": counts[:, _DIGIT] / chars,
        "ends": counts[:, _END],
        "ends a word": counts[:, _END] / words,
        "commas a word": counts[:, _COMMA] / words,
        "quotes": counts[:, _QUOTE] / chars,
        "bars": counts[:, _BAR] / chars,
        "colons": counts[:, _COLON] / words,
        "others": counts[:, _OTHER] / chars,
        "last": lasts,
        "first": firsts,
        "is line": np.array([b.is_line for b in blocks]),
        "is hidden": np.array([b.is_hidden for b in blocks]),
        "depth": np.array([len(b.path) for b in blocks]),
    }
    # Where it stands.
    position = np.arange(count)
    prose_before = np.cumsum(prose) - prose
    columns |= {
        "position": position / count,
        "from top": np.log1p(position),
        "from bottom": np.log1p(count - 1 - position),
        "prose before": prose_before / all_prose,
        "prose after": (all_prose - prose_before - prose) / all_prose,
        "blocks": np.full(count, np.log1p(count)),
        "page prose": np.full(count, np.log1p(prose.sum())),
        "page links": np.full(count, (links * size).sum() / size.sum()),
        "longs": np.full(count, is_long.mean()),
    }
    # Blocks of the same style: the same path.
    styles: dict[tuple[str, ...], int] = {}
    style = np.array([styles.setdefault(b.path, len(styles)) for b in blocks])
    marks = np.array([_path_marks(path) for path in styles])[style]
    style_prose, style_size = np.bincount(style, prose), np.bincount(style, size)
    style_count = np.bincount(style)
    style_links = np.bincount(style, links * size)
    columns |= {
        "style prose": (style_prose / all_prose)[style],
        "style is best": (style_prose / max(style_prose.max(), 1.0))[style],
        "style size": np.log1p(style_size / style_count)[style],
        "size in style": size / (style_size / style_count)[style],
        "style count": np.log1p(style_count)[style],
        "style links": (style_links / style_size)[style],
        "style spread": (_spread(style, len(styles)) / count)[style],
    }
    columns |= {f"in {name}": marks[:, n] for n, name in enumerate((*_GROUPS, *(f"<{tag}>" for tag in _TAGS)))}
    # Texts that the page has twice, and the title.
    repeats = Counter(b.text for b in blocks)
    columns["repeats"] = np.array([repeats[b.text] for b in blocks])
    like_title = _title_likeness(blocks, title, size)
    headline = _headline(blocks, like_title)
    columns |= {
        "like title": like_title,
        "from headline": position - headline,
        "prose from headline": prose_before - prose_before[headline],
        "is after headline": position > headline,
    }
    # The elements around it.
    columns |= _surroundings(held or containers(blocks), size, links, prose, headline)
    # Neighbours.
    here = {name: columns[name] for name in ("size", "links", "ends", "last", "upper", "style prose", "bold")}
    for step in (-2, -1, 1, 2):
        for name, column in here.items():
            columns[f"{name} {step:+}"] = _shifted(column, step)
        columns[f"same style {step:+}"] = _shifted(style, step) == style
        columns[f"heading {step:+}"] = _shifted(marks[:, [_TAG_OF[f"h{n}"] for n in range(1, 7)]].max(axis=1), step)
    for width in (3, 8):
        columns[f"prose within {width}"] = _window(prose, width) / _window(size, width)
        columns[f"links within {width}"] = _window(links * size, width) / _window(size, width)
    columns["to prose before"] = _distance(is_long)
    columns["to prose after"] = _distance(is_long[::-1])[::-1]
    return tuple(columns), np.column_stack([np.asarray(column, dtype=np.float64) for column in columns.values()])


def context(
    blocks: Sequence[Block], first: Floats, names: tuple[str, ...], rows: Floats, held: Containers | None = None
) -> tuple[tuple[str, ...], Floats]:
    """Names of the features, and blocks × features, of the second look.

    `first` is what the first look, over the features `names` and `rows`, thought of each block.
    """
    at = {name: n for n, name in enumerate(names)}
    size = np.expm1(rows[:, at["size"]])
    links = rows[:, at["links"]]
    mass = size * first
    position = np.arange(len(blocks))
    styles: dict[tuple[str, ...], int] = {}
    style = np.array([styles.setdefault(b.path, len(styles)) for b in blocks])
    headline = int(position[0] - rows[0, at["from headline"]])
    before = np.cumsum(mass) - mass
    all_mass = max(mass.sum(), 1.0)
    is_in = first >= 0.5
    columns: dict[str, NDArray[np.generic]] = {"chance": first}
    columns |= {f"first {step:+}": _shifted(first, step) for step in (-3, -2, -1, 1, 2, 3)}
    for width in (1, 3, 8, 20):
        columns[f"first within {width}"] = _window(mass, width) / _window(size, width)
    columns |= {
        "style first": (np.bincount(style, mass) / np.bincount(style, size))[style],
        "style mass": (np.bincount(style, mass) / all_mass)[style],
        "mass before": before / all_mass,
        "mass after": (all_mass - before - mass) / all_mass,
        "mass": np.full(len(blocks), np.log1p(mass.sum())),
        "mass share": np.full(len(blocks), mass.sum() / size.sum()),
        "best": np.full(len(blocks), first.max()),
        "to kept before": _distance(is_in),
        "to kept after": _distance(is_in[::-1])[::-1],
    }
    columns |= _surroundings(held or containers(blocks), size, links, mass, headline)
    own = rows[:, [at[name] for name in OWN]]
    return (*OWN, *columns), np.column_stack([own, *(np.asarray(c, dtype=np.float64) for c in columns.values())])


OWN = (
    *("size", "words", "word length", "links", "bold", "italic", "upper", "uppers a word", "digits"),
    *(
        "ends",
        "ends a word",
        "commas a word",
        "quotes",
        "bars",
        "colons",
        "last",
        "first",
        "is line",
        "depth",
        "position",
        "style size",
    ),
    *("style count", "style links", "repeats", "like title", "from headline", "is after headline"),
    *("in <li>", "in <p>", "in <h2>", "in <h3>", "in <h4>", "in <figcaption>", "in caption", "in byline", "in share"),
    *("in related", "in comment", "in form", "in <table>", "in <aside>", "in <blockquote>", "in date", "in meta"),
    *("in embed", "in lead", "in live", "in question", "in product", "in advert", "in <figure>", "in <pre>"),
)


def _characters(blocks: Sequence[Block]) -> tuple[Floats, NDArray[np.uint8], NDArray[np.uint8]]:
    """blocks × classes of characters: how many; and the class of each block's first and last character."""
    text = "".join(b.text for b in blocks)
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    kinds = _class_table()[np.minimum(codes, 0xFFFF)]
    sizes = np.array([len(b.text) for b in blocks])
    ends = np.cumsum(sizes)
    owner = np.repeat(np.arange(len(blocks)), sizes)
    found = np.bincount(owner * _CLASSES + kinds, minlength=len(blocks) * _CLASSES)
    return found.reshape(len(blocks), _CLASSES).astype(np.float64), kinds[ends - sizes], kinds[ends - 1]


@lru_cache(maxsize=20_000)
def _step_marks(step: str) -> tuple[int, ...]:
    tag = tag_of(step)
    found = {_GROUP_OF.get(part.lower(), -1) for part in _NAME_PART.findall(step, len(tag))}
    return (*sorted(found - {-1}), *((_TAG_OF[tag],) if tag in _TAG_OF else ()))


def _path_marks(path: tuple[str, ...]) -> Floats:
    """For each group of words and each tag how near the innermost element of it is: 1 the element itself, 0 none."""
    marks = np.zeros(_MARKS)
    for level, step in enumerate(path):
        if level > 1 or not step.startswith(("html", "body")):
            for mark in _step_marks(step):
                marks[mark] = 1 / (len(path) - level)
    return marks


def _title_likeness(blocks: Sequence[Block], title: str | None, size: Floats) -> Floats:
    """Share of the words that a block of about the title's length and the title have in common, 0-1."""
    found = np.zeros(len(blocks))
    wanted = _words(title or "")
    if wanted:
        length = len(title or "")
        for n in np.flatnonzero((size < 4 * length + 40) & (4 * size > length)).tolist():
            words = _words(blocks[n].text)
            found[n] = len(words & wanted) / max(len(words | wanted), 1)
    return found


_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _headline(blocks: Sequence[Block], like_title: Floats) -> int:
    """The block that most likely is the headline; 0 where none is."""
    tags = [b.tag for b in blocks]
    worth = like_title + np.array([0.3 * (tag == "h1") + 0.1 * (tag == "h2") for tag in tags]) * (like_title > 0.2)
    worth += np.array([0.2 * (tag == "h1") for tag in tags])
    return int(worth.argmax())


def _surroundings(
    held: Containers, size: Floats, links: Floats, prose: Floats, headline: int
) -> dict[str, NDArray[np.generic]]:
    """Columns about the elements around each block: their size, prose and links, and where in them it stands."""
    first, last, parent, owner = held
    position = np.arange(len(size))
    total, total_prose, total_links = (
        np.concatenate(([0.0], np.cumsum(x))) for x in (size, prose, links * size)
    )  # fmt: skip
    sizes = total[last + 1] - total[first]
    proses = total_prose[last + 1] - total_prose[first]
    link_sizes = total_links[last + 1] - total_links[first]
    spans = last + 1 - first
    all_prose = max(proses[0], 1.0)
    columns: dict[str, NDArray[np.generic]] = {}
    level = owner
    for n in range(1, 5):
        columns |= {
            f"size up {n}": np.log1p(sizes[level]),
            f"prose up {n}": proses[level] / all_prose,
            f"prose share up {n}": proses[level] / np.maximum(sizes[level], 1),
            f"links up {n}": link_sizes[level] / np.maximum(sizes[level], 1),
            f"span up {n}": np.log1p(spans[level]),
            f"place up {n}": (position - first[level]) / spans[level],
        }
        level = parent[level]
    # From the root to the container that the prose does not leave.
    children_best = np.zeros(len(first), dtype=np.intp)
    for node in range(len(first) - 1, 0, -1):
        up = parent[node]
        if children_best[up] == 0 or proses[node] >= proses[children_best[up]]:
            children_best[up] = node
    for name, share in (("half", 0.5), ("most", 0.8)):
        way, node = [0], 0
        while (below := children_best[node]) and proses[below] >= share * proses[node] and proses[below] > 0:
            node = int(below)
            way.append(node)
        inside = np.zeros(len(size), dtype=np.intp)
        for container in way[1:]:
            inside[first[container] : last[container] + 1] += 1
        nearest = np.array(way)[inside]
        columns |= {
            f"in {name} of prose": nearest == node,
            f"{name}: levels out": len(way) - 1 - inside,
            f"{name}: prose kept": proses[node] / np.maximum(proses[nearest], 1.0),
            f"{name}: place": (position - first[node]) / spans[node],
            f"{name}: share": np.full(len(size), proses[node] / all_prose),
        }
    # How far up block and headline meet.
    meet = owner.copy()
    for _ in range(40):
        outside = (first[meet] > headline) | (last[meet] < headline)
        if not outside.any():
            break
        meet = np.where(outside, parent[meet], meet)
    columns["prose with headline"] = proses[meet] / all_prose
    columns["span with headline"] = np.log1p(spans[meet])
    return columns


def containers(blocks: Sequence[Block]) -> Containers:
    """The elements that hold blocks, each set of blocks once, number 0 the page: first and last block and the parent
    of each, and for each block the innermost that holds more than it alone."""
    first, last, parent = [0], [len(blocks) - 1], [0]
    owner: list[int] = []
    open_nodes: list[int] = []
    open_containers: list[int] = []
    for n, block in enumerate(blocks):
        shared = min(len(open_nodes), len(block.nodes))
        while shared and open_nodes[shared - 1] != block.nodes[shared - 1]:  # what is above a shared element is shared
            shared -= 1
        for container in open_containers[shared:]:
            last[container] = n - 1
        del open_nodes[shared:], open_containers[shared:]
        for node in block.nodes[shared:]:
            open_nodes.append(node)
            open_containers.append(len(first))
            parent.append(open_containers[-2] if len(open_containers) > 1 else 0)
            first.append(n)
            last.append(len(blocks) - 1)
        owner.append(open_containers[-1] if open_containers else 0)
    # An element that holds the same blocks as the one around it says nothing of its own.
    same = list(range(len(first)))
    for n in range(1, len(first)):
        up = same[parent[n]]
        same[n] = up if (first[n], last[n]) == (first[up], last[up]) else n
    kept = sorted(set(same))
    number = {n: at for at, n in enumerate(kept)}
    parents = np.array([number[same[parent[n]]] for n in kept], dtype=np.intp)
    firsts, lasts = (np.array([edge[n] for n in kept], dtype=np.intp) for edge in (first, last))
    own = np.array([number[same[n]] for n in owner], dtype=np.intp)
    own = np.where(firsts[own] == lasts[own], parents[own], own)
    return firsts, lasts, parents, own


def _spread(style: Ints, count: int) -> Ints:
    """How many blocks lie between the first and the last of each style."""
    position = np.arange(len(style))
    first, last = np.full(count, len(style)), np.zeros(count, dtype=np.intp)
    np.minimum.at(first, style, position)
    np.maximum.at(last, style, position)
    return np.asarray(last - first + 1, dtype=np.intp)


def _shifted(column: NDArray[np.generic], step: int) -> Floats:
    """The column of the block `step` further on; -1 beyond the ends."""
    found = np.full(len(column), -1.0)
    if abs(step) < len(column):
        if step > 0:
            found[:-step] = column[step:]
        else:
            found[-step:] = column[:step]
    return found


def _window(column: Floats, width: int) -> Floats:
    """Sums over `width` blocks to both sides."""
    total = np.concatenate(([0.0], np.cumsum(column)))
    at = np.arange(len(column))
    return np.asarray(total[np.minimum(at + width + 1, len(column))] - total[np.maximum(at - width, 0)])


def _distance(marked: NDArray[np.bool_]) -> Floats:
    """How many blocks back the last marked one is, itself not counted; the number of blocks where there is none."""
    at = np.arange(len(marked))
    seen = np.maximum.accumulate(np.where(marked, at, -1))
    before = np.concatenate(([-1], seen[:-1]))
    return np.where(before < 0, len(marked), at - before).astype(np.float64)
