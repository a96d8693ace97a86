"""The blocks of any page → what each of them is, judged by boosted trees over features that no language or site owns.

Two looks: the first judges each block by itself, its path, its neighbours and the elements around it; the second adds
what the first thought of the blocks nearby (stacked generalisation, Wolpert 1992).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.cleaning.labels import BY_RULE, KEPT, Label
from pipelines.cleaning.metadata.head import fold_name
from pipelines.cleaning.pages.block_features import compute_context_features, compute_features
from pipelines.cleaning.pages.blocks import Block, get_tag
from pipelines.cleaning.pages.containers import Floats, find_containers
from pipelines.cleaning.pages.element_words import GROUP_OF, mark_step
from pipelines.cleaning.texts.bylines import CHARACTERS, read_byline_names
from pipelines.cleaning.trees import Trees, load_trees
from pipelines.text.sentences import SENTENCE_END

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


def read_page(blocks: Sequence[Block], title: str | None) -> list[Label]:
    """What each block is, in the same order. A page of links without a paragraph keeps nothing."""
    return score_and_label(blocks, score_blocks(blocks, title), title) if blocks else []


def score_and_label(blocks: Sequence[Block], found: Floats, title: str | None) -> list[Label]:
    """What each block is, by its probability `found`; headline, byline and captions are never kept."""
    return label_blocks(blocks, choose_blocks(blocks, found), found.tolist(), ["model"] * len(blocks), title)


def choose_blocks(blocks: Sequence[Block], found: Floats) -> list[bool]:
    """Which blocks belong to the article by their probability, before anything else is known of them."""
    kept = found >= KEEP
    if not kept.any():
        kept = _fallback(blocks, found)
    if _is_menu([b for b, is_kept in zip(blocks, kept, strict=True) if is_kept]):
        return [False] * len(blocks)
    return [bool(is_kept) for is_kept in kept]


def label_blocks(
    blocks: Sequence[Block],
    kept: Sequence[bool],
    found: Sequence[float],
    reasons: Sequence[str],
    title: str | None,
) -> list[Label]:
    """What each block is, where it is decided which are kept, with what probability and why."""
    judged: list[Label] = []
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
        judged.append(Label(block.text, label, rule or why, round(sure, 3)))
    return judged


def relabel_bylines(read: Sequence[Label], authors: Sequence[str]) -> list[Label]:
    """The same, where a kept line that only names authors of the page, as found by its metadata, is their byline."""
    known = {fold_name(author) for author in authors}
    found: list[Label] = []
    lost_lead = False
    for line in read:
        named = read_byline_names(line.text) if known and line.is_kept and len(line.text) <= CHARACTERS else []
        if named and not SENTENCE_END.search(line.text[-1]) and {fold_name(name) for name in named} <= known:
            lost_lead |= line.label == "lead"
            found.append(Label(line.text, "byline", "byline", BY_RULE))
        elif lost_lead and line.label == "body":
            found.append(replace(line, label="lead"))
            lost_lead = False
        else:
            found.append(line)
    return found


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


def score_blocks(blocks: Sequence[Block], title: str | None = None) -> Floats:
    """The probability of each block to belong to the article."""
    if not blocks:
        return np.zeros(0)
    held = find_containers(blocks)
    names, rows = compute_features(blocks, title, held)
    first = _trees(FIRST_MODEL).scores(rows)
    return _trees(SECOND_MODEL).scores(compute_context_features(blocks, first, names, rows, held)[1])


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
    if any(len(b.text) >= _LIST_LINE or SENTENCE_END.search(b.text) for b in kept):
        return False
    return 2 * sum(b.link_chars for b in kept) > sum(len(b.text) for b in kept)


@lru_cache(maxsize=20_000)
def _place(path: tuple[str, ...], by_class: bool = True) -> str:
    """What the elements around a block say that it is: a label, `figure`, or nothing. A class makes a caption only
    with `by_class`."""
    tags = [get_tag(step) for step in path]
    near = {mark for step in path[-2:] for mark in mark_step(step)}
    if "figcaption" in tags or (by_class and GROUP_OF["caption"] in near):
        return "caption"
    if tags[-1] in _HEADINGS:
        return "subheading"
    if tags[-1] == "li":
        return "item"
    if "blockquote" in tags:
        return "quote"
    if GROUP_OF["byline"] in near:
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
    is_text = is_kept and len(block.text) >= NO_CAPTION and SENTENCE_END.search(block.text[-3:]) is not None
    place = _place(block.path, by_class and not is_text)
    if place == "caption" or (place == "figure" and not is_kept):
        return "caption"
    if not is_kept:
        return "byline" if place == "byline" and len(block.text) <= _SHORT_LINE else "furniture"
    if place in KEPT:
        return place
    is_bold = block.bold_chars == len(block.text) <= _SHORT_LINE and not SENTENCE_END.search(block.text[-1])
    return "subheading" if is_bold else "body"
