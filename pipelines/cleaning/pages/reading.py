"""The blocks of any page → their labels, by boosted trees over features that belong to no language and no site.

Two looks: the first reads each block by itself, its path, its neighbours and the elements around it; the second adds
the probabilities that the first gave to the blocks nearby (stacked generalisation, Wolpert 1992).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.cleaning.labels import BY_RULE, KEPT, Label, LabelledLine
from pipelines.cleaning.metadata.head import fold_name
from pipelines.cleaning.pages.block_features import compute_context_features, compute_features
from pipelines.cleaning.pages.blocks import Block, get_tag
from pipelines.cleaning.pages.containers import find_containers
from pipelines.cleaning.pages.element_words import GROUP_OF, mark_step
from pipelines.cleaning.pages.enclosed import find_enclosed
from pipelines.cleaning.pages.furniture import Page, find_rules
from pipelines.cleaning.pages.repeats import find_repeats
from pipelines.cleaning.pages.tables import find_joints
from pipelines.cleaning.texts.bylines import CHARACTERS, read_byline_names
from pipelines.cleaning.texts.line_labels import is_date
from pipelines.cleaning.trees import Floats, Trees, load_trees
from pipelines.text.sentences import SENTENCE_END

FIRST_MODEL = Path(__file__).with_name("reading.json")
SECOND_MODEL = Path(__file__).with_name("reading_context.json")
# Probability from which a block is kept, the same for all pages: from .25 to .4 no set's F1 moves by more than .006.
KEEP = 0.3
NEAR_BEST = 0.5  # of the best probability of a page that has none as high as KEEP
# Characters of a text that ends a sentence from which no class alone makes it a caption: F1 on daniel_dev is .9300 with
# 200, .9298 with 80 and .9286 without; on the other sets it moves by .0002 at most.
NO_CAPTION = 200
KEEPING = frozenset({"list", "alike", "post", "run", "caption", "byline"})  # rules that leave a block its label
ENCLOSED = 0.5  # confidence of what stands between paragraphs; of such characters .86 are of the article
LABEL_OF_RULE: Mapping[str, Label] = {"credit": "caption", "dateline": "dateline"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SHORT_LINE = 100  # characters of a bold line that can be a subheading
_LIST_LINE = 80  # characters of a paragraph: of 723 pages of real articles none lacks both it and a sentence's end
_TITLE_LINE = 20  # characters from which the start of a title is no chance likeness
MOST_OF_HEADING = 0.8  # share of an <h1> that the title is, as in cleaning.title
_SET_OFF = re.compile(r"\s*[-–—|:·•»/]\s")  # what stands between a headline and the name of its site


def read_page(blocks: Sequence[Block], title: str | None) -> list[LabelledLine]:
    """Label each block, in the same order. A page of links without a paragraph keeps nothing."""
    return score_and_label(blocks, score_blocks(blocks, title), title) if blocks else []


def score_and_label(blocks: Sequence[Block], scores: Floats, title: str | None) -> list[LabelledLine]:
    """Label each block by its probability; headline, byline and captions are never kept."""
    return label_blocks(blocks, choose_blocks(blocks, scores), scores.tolist(), ["model"] * len(blocks), title)


def choose_blocks(blocks: Sequence[Block], scores: Floats) -> list[bool]:
    """Return which blocks belong to the article by their probability, before anything else is known of them."""
    kept = scores >= KEEP
    if not kept.any():
        kept = _choose_likeliest(blocks, scores)
    if _is_menu([b for b, is_kept in zip(blocks, kept, strict=True) if is_kept]):
        return [False] * len(blocks)
    return [bool(is_kept) for is_kept in kept]


def label_blocks(
    blocks: Sequence[Block],
    kept: Sequence[bool],
    scores: Sequence[float],
    reasons: Sequence[str],
    title: str | None,
) -> list[LabelledLine]:
    """Label each block, where it is decided which are kept, with what probability and why."""
    titled = frozenset(place for place, block in enumerate(blocks) if _is_title(block, title))
    titled |= _find_title_lines(blocks, title)
    choice = _apply_page_rules(blocks, kept, reasons, titled)
    likely = _choose_labels(blocks, choice.kept, titled)
    rules = _collect_rules(blocks, kept, choice, likely, titled)
    labels = [_apply_rule(own, rules.get(place)) for place, own in enumerate(likely)]
    if "body" in labels:
        labels[labels.index("body")] = "lead"
    return [
        LabelledLine(block.text, label, rules.get(place, why), round(_weigh(label, rules.get(place), score), 3))
        for place, (block, label, score, why) in enumerate(zip(blocks, labels, scores, reasons, strict=True))
    ]


class _Choice(NamedTuple):
    """Which blocks are kept once the page as a whole is looked at."""

    kept: Sequence[bool]
    shown: Sequence[bool]
    """Of those that the trees keep, the ones that the page shows."""
    ruled: Mapping[int, str]
    """Blocks that are none of the text, each with its rule."""
    enclosed: Mapping[int, str]
    """Blocks that are of it besides."""


def _apply_page_rules(
    blocks: Sequence[Block], kept: Sequence[bool], reasons: Sequence[str], titled: frozenset[int]
) -> _Choice:
    shown = _keep_shown(blocks, kept)
    page = Page(blocks, shown, _find_headline(blocks, titled))
    ruled = find_rules(page)
    wanted = [is_shown and place not in ruled for place, is_shown in enumerate(shown)]
    enclosed = {
        place: rule
        for place, rule in find_enclosed(page.keep(wanted)).items()
        if place not in ruled and reasons[place] == "model"  # what other pages of the source teach is left as it is
    }
    return _Choice([is_in or place in enclosed for place, is_in in enumerate(wanted)], shown, ruled, enclosed)


def _collect_rules(
    blocks: Sequence[Block],
    kept: Sequence[bool],
    choice: _Choice,
    labels: Sequence[Label],
    titled: frozenset[int],
) -> dict[int, str]:
    """Return the rule that decides about a block, the last of those that apply; none where the trees alone do."""
    titles = _find_titles(titled, labels, choice.shown)
    texts = [place for place, label in enumerate(labels) if label in KEPT and place not in titles]
    hidden = (place for place, is_kept in enumerate(kept) if is_kept and not choice.shown[place])
    return {
        **{place: str(label) for place, label in enumerate(labels) if label in ("caption", "byline")},
        **dict.fromkeys(hidden, "hidden"),
        **choice.enclosed,
        **dict.fromkeys(find_repeats(blocks, texts), "twice"),
        **choice.ruled,
        **dict.fromkeys(titles, "title"),
    }


def _weigh(label: Label, rule: str | None, score: float) -> float:
    """Return how sure a label is: by the trees, or by the rule."""
    if label in KEPT:
        return ENCLOSED if rule in KEEPING else score
    return BY_RULE if rule else 1 - score


def _find_titles(titled: frozenset[int], labels: Sequence[Label], shown: Sequence[bool]) -> frozenset[int]:
    """Return which of the blocks that say the title are its headline: those shown, and those above the text."""
    texts = (place for place, label in enumerate(labels) if label in KEPT and place not in titled)
    first = next(texts, len(labels))
    return frozenset(place for place in titled if shown[place] or place < first)


def _apply_rule(label: Label, rule: str | None) -> Label:
    """Return the label of a block by the rule that decides about it; its own where none does."""
    if rule == "title":
        return "headline"
    if rule is None or rule in KEEPING or label not in KEPT:
        return LABEL_OF_RULE.get(rule or "", label)
    return LABEL_OF_RULE.get(rule, "furniture")


def relabel_bylines(lines: Sequence[LabelledLine], authors: Sequence[str]) -> list[LabelledLine]:
    """Label as byline each kept line that only names authors of the page, as its metadata has them."""
    known = {fold_name(author) for author in authors}
    relabelled: list[LabelledLine] = []
    has_lost_lead = False
    for line in lines:
        if _names_only(line, known):
            has_lost_lead |= line.label == "lead"
            relabelled.append(LabelledLine(line.text, "byline", "byline", BY_RULE))
        elif has_lost_lead and line.label == "body":
            relabelled.append(replace(line, label="lead"))
            has_lost_lead = False
        else:
            relabelled.append(line)
    return relabelled


def _find_headline(blocks: Sequence[Block], titled: frozenset[int]) -> int | None:
    """Return the block that is the page's title, a heading before any other."""
    titles = sorted(titled)
    return next((place for place in titles if blocks[place].tag in _HEADINGS), titles[0] if titles else None)


def _names_only(line: LabelledLine, authors: set[str]) -> bool:
    """Return whether a kept line has names of these authors and nothing else."""
    names = read_byline_names(line.text) if authors and line.is_kept and len(line.text) <= CHARACTERS else []
    return bool(names) and not SENTENCE_END.search(line.text[-1]) and {fold_name(name) for name in names} <= authors


def _keep_shown(blocks: Sequence[Block], kept: Sequence[bool]) -> list[bool]:
    """Drop what the page does not show, unless that is most of what is kept, as where a script unfolds it.

    On the dev sets that takes something from four pages: three gain, one loses.
    """
    for is_out in (_is_unseen, _is_veiled, _is_silent):
        sizes = [len(block.text) * is_kept for block, is_kept in zip(blocks, kept, strict=True)]
        if 2 * sum(size for size, block in zip(sizes, blocks, strict=True) if is_out(block)) <= sum(sizes):
            kept = [is_kept and not is_out(block) for block, is_kept in zip(blocks, kept, strict=True)]
    return list(kept)


def _is_unseen(block: Block) -> bool:
    return block.is_unseen


def _is_veiled(block: Block) -> bool:
    """Return whether a class takes a block from view, and no script is likely to unfold it as an answer."""
    return block.is_veiled and not _may_unfold(block)


def _is_silent(block: Block) -> bool:
    """Return whether a block is not read out: a wall, a dialog, or words that stand elsewhere too."""
    return block.is_hidden and not _may_unfold(block)


def _may_unfold(block: Block) -> bool:
    """Return whether a block is likely shown on a click, as an answer is."""
    return any(GROUP_OF["faq"] in mark_step(step) or get_tag(step) == "details" for step in block.path)


def _find_title_lines(blocks: Sequence[Block], title: str | None) -> frozenset[int]:
    """Return the lines of an <h1> that are the title together."""
    lines: dict[int, list[int]] = {}
    for place, block in enumerate(blocks):
        if block.tag == "h1" and block.nodes:
            lines.setdefault(block.nodes[-1], []).append(place)
    wholes = (places for places in lines.values() if len(places) > 1)
    wanted = (title or "").casefold()
    named = (places for places in wholes if " ".join(blocks[place].text for place in places).casefold() == wanted)
    return frozenset(next(named, ()))


def _is_title(block: Block, title: str | None) -> bool:
    """Return whether a block is the page's title.

    So is an <h1> or a long line that is the title without what is set off from it, and an <h1> that is the title with a
    counter, a label or something set off besides.
    """
    if not title:
        return False
    text, wanted = block.text.casefold(), title.casefold()
    if text == wanted:
        return True
    if block.tag == "h1" and wanted in text:
        is_set_off = text.startswith(wanted) and (
            _SET_OFF.match(text, len(wanted)) is not None or is_date(block.text[len(wanted) :])
        )
        return is_set_off or len(wanted) >= MOST_OF_HEADING * len(text)
    if (block.tag != "h1" and len(text) < _TITLE_LINE) or not wanted.startswith(text):
        return False
    return _SET_OFF.match(wanted, len(text)) is not None


def score_blocks(blocks: Sequence[Block], title: str | None = None) -> Floats:
    """Return the probability of each block to belong to the article."""
    if not blocks:
        return np.zeros(0)
    containers = find_containers(blocks)
    names, rows = compute_features(blocks, title, containers)
    first = _load_model(FIRST_MODEL).scores(rows)
    return _load_model(SECOND_MODEL).scores(compute_context_features(blocks, first, names, rows, containers).rows)


@cache
def _load_model(path: Path) -> Trees:
    return load_trees(path)


def _choose_likeliest(blocks: Sequence[Block], scores: Floats) -> NDArray[np.bool_]:
    """Return the paragraphs, or failing these the blocks, that come near the best of a page where none is sure."""
    likely = np.asarray(scores >= NEAR_BEST * scores.max(), dtype=np.bool_)
    is_paragraph = [len(block.text) >= _LIST_LINE and 2 * block.link_chars < len(block.text) for block in blocks]
    paragraphs = likely & np.array(is_paragraph)
    return paragraphs if paragraphs.any() else likely


def _is_menu(kept: Sequence[Block]) -> bool:
    """Return whether what is kept is a list of links: mostly their words, and not one paragraph."""
    if any(len(block.text) >= _LIST_LINE or SENTENCE_END.search(block.text) for block in kept):
        return False
    return 2 * sum(block.link_chars for block in kept) > sum(len(block.text) for block in kept)


@lru_cache(maxsize=20_000)
def _read_path(path: tuple[str, ...], by_class: bool = True) -> Label | Literal["figure"] | None:
    """Return what the elements around a block say that it is.

    A class makes a caption only with `by_class`.
    """
    tags = [get_tag(step) for step in path]
    marks_near = {mark for step in path[-2:] for mark in mark_step(step)}
    if "figcaption" in tags or (by_class and GROUP_OF["caption"] in marks_near):
        return "caption"
    if tags[-1] in _HEADINGS:
        return "subheading"
    if tags[-1] == "li":
        return "item"
    if "blockquote" in tags:
        return "quote"
    if GROUP_OF["byline"] in marks_near:
        return "byline"
    return "figure" if "figure" in tags else None


def _choose_labels(blocks: Sequence[Block], kept: Sequence[bool], titled: frozenset[int]) -> list[Label]:
    """Label each block by its own; where most of what the trees keep were captions by a class alone, they are text."""
    joints = find_joints(blocks)
    by_class, by_tag = (
        [
            _choose_label(block, is_kept, strict) if joint is None or not is_kept else "item"
            for block, is_kept, joint in zip(blocks, kept, joints, strict=True)
        ]
        for strict in (True, False)
    )
    size_by_class, size_by_tag = (
        sum(len(blocks[place].text) for place, label in enumerate(labels) if label in KEPT and place not in titled)
        for labels in (by_class, by_tag)
    )
    return by_class if 2 * size_by_class >= size_by_tag else by_tag


def _choose_label(block: Block, is_kept: bool, by_class: bool) -> Label:
    """Label a block by the elements around it and whether the trees keep it.

    A caption is none of the text, whatever the trees say, but for long prose that they keep and a class alone calls
    so; what stands in a picture's box or near an author's name is only what it seems where they leave it out.
    """
    is_text = is_kept and len(block.text) >= NO_CAPTION and SENTENCE_END.search(block.text[-3:]) is not None
    by_path = _read_path(block.path, by_class and not is_text)
    if by_path == "caption" or (by_path == "figure" and not is_kept):
        return "caption"
    if not is_kept:
        return "byline" if by_path == "byline" and len(block.text) <= _SHORT_LINE else "furniture"
    if by_path is not None and by_path != "figure" and by_path in KEPT:
        return by_path
    is_bold = block.bold_chars == len(block.text) <= _SHORT_LINE and not SENTENCE_END.search(block.text[-1])
    return "subheading" if is_bold else "body"
