"""The features of the blocks of a page that the trees of reading.py read; none belongs to a language or a site."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.cleaning.pages.blocks import Block
from pipelines.cleaning.pages.containers import Containers, describe_surroundings, find_containers
from pipelines.cleaning.pages.element_words import GROUPS, TAG_OF, TAGS, mark_path
from pipelines.cleaning.trees import Floats, Ints
from pipelines.text.scripts import WIDE_RANGES
from pipelines.text.words import BLOCK_TOKEN

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
OWN = (
    *("size", "words", "word length", "links", "bold", "italic", "upper", "uppers a word", "digits"),
    *("ends", "ends a word", "commas a word", "quotes", "bars", "colons", "last", "first", "is line", "depth"),
    *(
        "position",
        "style size",
        "style count",
        "style links",
        "repeats",
        "like title",
        "from headline",
        "is after headline",
    ),
    *("in <li>", "in <p>", "in <h2>", "in <h3>", "in <h4>", "in <figcaption>", "in caption", "in byline", "in share"),
    *("in related", "in comment", "in form", "in <table>", "in <aside>", "in <blockquote>", "in date", "in meta"),
    *("in embed", "in lead", "in live", "in question", "in product", "in advert", "in <figure>", "in <pre>"),
)


class Features(NamedTuple):
    """The features of the blocks of a page."""

    names: tuple[str, ...]
    rows: Floats
    """blocks × features."""


class _CharacterCounts(NamedTuple):
    """The classes of the characters of blocks."""

    counts: Floats
    """blocks × classes."""
    first: NDArray[np.uint8]
    """The class of each block's first character."""
    last: NDArray[np.uint8]


def compute_features(blocks: Sequence[Block], title: str | None, containers: Containers | None = None) -> Features:
    """Return the features of at least one block; `containers` are those of the page."""
    columns: dict[str, NDArray[np.generic]] = {}
    count = len(blocks)
    counts, first_classes, last_classes = _count_characters(blocks)
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
        "last": last_classes,
        "first": first_classes,
        "is line": np.array([b.is_line for b in blocks]),
        "is hidden": np.array([b.is_hidden for b in blocks]),
        "depth": np.array([len(b.path) for b in blocks]),
    }
    # Its place on the page.
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
    marks = np.array([mark_path(path) for path in styles])[style]
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
        "style spread": (_measure_spread(style, len(styles)) / count)[style],
    }
    columns |= {f"in {name}": marks[:, n] for n, name in enumerate((*GROUPS, *(f"<{tag}>" for tag in TAGS)))}
    # Texts that the page has twice, and the title.
    repeats = Counter(b.text for b in blocks)
    columns["repeats"] = np.array([repeats[b.text] for b in blocks])
    like_title = _compare_with_title(blocks, title, size)
    headline = _find_headline(blocks, like_title)
    columns |= {
        "like title": like_title,
        "from headline": position - headline,
        "prose from headline": prose_before - prose_before[headline],
        "is after headline": position > headline,
    }
    # The elements around it.
    columns |= describe_surroundings(containers or find_containers(blocks), size, links, prose, headline)
    # Neighbours.
    here = {name: columns[name] for name in ("size", "links", "ends", "last", "upper", "style prose", "bold")}
    for step in (-2, -1, 1, 2):
        for name, column in here.items():
            columns[f"{name} {step:+}"] = _shift(column, step)
        columns[f"same style {step:+}"] = _shift(style, step) == style
        columns[f"heading {step:+}"] = _shift(marks[:, [TAG_OF[f"h{n}"] for n in range(1, 7)]].max(axis=1), step)
    for width in (3, 8):
        columns[f"prose within {width}"] = _sum_window(prose, width) / _sum_window(size, width)
        columns[f"links within {width}"] = _sum_window(links * size, width) / _sum_window(size, width)
    columns["to prose before"] = _measure_distance(is_long)
    columns["to prose after"] = _measure_distance(is_long[::-1])[::-1]
    return Features(tuple(columns), np.column_stack([np.asarray(column, np.float64) for column in columns.values()]))


def compute_context_features(
    blocks: Sequence[Block], first: Floats, names: tuple[str, ...], rows: Floats, containers: Containers | None = None
) -> Features:
    """Return the features of the second look.

    `first` has the probability of each block in the first look, over the features `names` and `rows`.
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
    columns |= {f"first {step:+}": _shift(first, step) for step in (-3, -2, -1, 1, 2, 3)}
    for width in (1, 3, 8, 20):
        columns[f"first within {width}"] = _sum_window(mass, width) / _sum_window(size, width)
    columns |= {
        "style first": (np.bincount(style, mass) / np.bincount(style, size))[style],
        "style mass": (np.bincount(style, mass) / all_mass)[style],
        "mass before": before / all_mass,
        "mass after": (all_mass - before - mass) / all_mass,
        "mass": np.full(len(blocks), np.log1p(mass.sum())),
        "mass share": np.full(len(blocks), mass.sum() / size.sum()),
        "best": np.full(len(blocks), first.max()),
        "to kept before": _measure_distance(is_in),
        "to kept after": _measure_distance(is_in[::-1])[::-1],
    }
    columns |= describe_surroundings(containers or find_containers(blocks), size, links, mass, headline)
    own = rows[:, [at[name] for name in OWN]]
    rows = np.column_stack([own, *(np.asarray(column, dtype=np.float64) for column in columns.values())])
    return Features((*OWN, *columns), rows)


@cache
def _build_class_table() -> NDArray[np.uint8]:
    """Return the class of each character of the basic plane."""
    kinds = {"Ll": _LOWER, "Lu": _UPPER, "Lt": _UPPER, "Nd": _DIGIT, "Zs": _SPACE}
    table = np.full(0x10000, _OTHER, dtype=np.uint8)
    for code in range(0x10000):
        category = unicodedata.category(chr(code))
        table[code] = kinds.get(category, _LETTER if category[0] in "LM" else _OTHER)
    for low, high in WIDE_RANGES:
        table[low:high] = _WIDE
    for kind, characters in _SPECIAL.items():
        table[[ord(character) for character in characters]] = kind
    return table


def _count_characters(blocks: Sequence[Block]) -> _CharacterCounts:
    text = "".join(b.text for b in blocks)
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    classes = _build_class_table()[np.minimum(codes, 0xFFFF)]
    sizes = np.array([len(b.text) for b in blocks])
    ends = np.cumsum(sizes)
    owner = np.repeat(np.arange(len(blocks)), sizes)
    counts = np.bincount(owner * _CLASSES + classes, minlength=len(blocks) * _CLASSES)
    by_block = counts.reshape(len(blocks), _CLASSES).astype(np.float64)
    return _CharacterCounts(by_block, classes[ends - sizes], classes[ends - 1])


def _compare_with_title(blocks: Sequence[Block], title: str | None, size: Floats) -> Floats:
    """Return the share of the words that a block of about the title's length and the title have in common, 0-1."""
    likeness = np.zeros(len(blocks))
    wanted = _split_words(title or "")
    if wanted:
        length = len(title or "")
        for n in np.flatnonzero((size < 4 * length + 40) & (4 * size > length)).tolist():
            words = _split_words(blocks[n].text)
            likeness[n] = len(words & wanted) / max(len(words | wanted), 1)
    return likeness


def _split_words(text: str) -> set[str]:
    return set(BLOCK_TOKEN.findall(text.casefold()))


def _find_headline(blocks: Sequence[Block], like_title: Floats) -> int:
    """Return the block that most likely is the headline; 0 where none is."""
    tags = [b.tag for b in blocks]
    worth = like_title + np.array([0.3 * (tag == "h1") + 0.1 * (tag == "h2") for tag in tags]) * (like_title > 0.2)
    worth += np.array([0.2 * (tag == "h1") for tag in tags])
    return int(worth.argmax())


def _measure_spread(style: Ints, count: int) -> Ints:
    """Return how many blocks lie between the first and the last of each style."""
    position = np.arange(len(style))
    first, last = np.full(count, len(style)), np.zeros(count, dtype=np.intp)
    np.minimum.at(first, style, position)
    np.maximum.at(last, style, position)
    return np.asarray(last - first + 1, dtype=np.intp)


def _shift(column: NDArray[np.generic], step: int) -> Floats:
    """Return the column of the block `step` further on; -1 beyond the ends."""
    shifted = np.full(len(column), -1.0)
    if abs(step) < len(column):
        if step > 0:
            shifted[:-step] = column[step:]
        else:
            shifted[-step:] = column[:step]
    return shifted


def _sum_window(column: Floats, width: int) -> Floats:
    """Return sums over `width` blocks to both sides."""
    total = np.concatenate(([0.0], np.cumsum(column)))
    at = np.arange(len(column))
    return np.asarray(total[np.minimum(at + width + 1, len(column))] - total[np.maximum(at - width, 0)])


def _measure_distance(marked: NDArray[np.bool_]) -> Floats:
    """Return how many blocks back the last marked one is, itself not counted; all blocks where there is none."""
    at = np.arange(len(marked))
    seen = np.maximum.accumulate(np.where(marked, at, -1))
    before = np.concatenate(([-1], seen[:-1]))
    return np.where(before < 0, len(marked), at - before).astype(np.float64)
