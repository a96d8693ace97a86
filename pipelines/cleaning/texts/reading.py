"""Plain text → its labelled lines: the article's headline, byline, paragraphs, or the site's furniture.

A dump of a page has no markup, so a line is told by its shape, its place, its neighbours, and the words that it shares
with the rest: an appeal for money speaks of other things than the article around it. No word of any language decides
what goes. Boosted trees judge; where a profile says how other texts of the source are built, trees that know that. A
second pass that knew the first one's scores (stacked sequential learning, Cohen & Carvalho 2005) gained nothing on any
set, nor did features of whole runs of short lines, nor a threshold of its own for prose or by words.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType

from pipelines.cleaning.labels import BY_RULE, KEPT, LabelledLine
from pipelines.cleaning.phrases import find_furniture
from pipelines.cleaning.texts.hints import Hint
from pipelines.cleaning.texts.line_features import compute_features
from pipelines.cleaning.texts.line_labels import RuledLabel, label_lines
from pipelines.cleaning.texts.lines import MAX_LINE, MAX_LINES, get_line_key, is_prose, list_terms, split_lines
from pipelines.cleaning.texts.runs import find_alike, find_counted
from pipelines.cleaning.trees import Floats, Trees, load_trees
from pipelines.text.words import TOKEN

MODEL = Path(__file__).with_name("lines.json")
PROFILE_MODEL = Path(__file__).with_name("lines_with_profile.json")  # for sources with hints
KEEP = 0.12  # probability from which a line is of the article: the words lost matter more than lines kept too many
# With hints .12, .2, .3 give line F1 .834, .842, .845 on daniel_dev and .960, .965, .969 on PolNeAR, at .0176, .0190,
# .0216 and .0008, .0009, .0009 of the words.
KEEP_WITH_PROFILE = 0.2
# A tail of other words than the text above it, none of its lines sure to be of the article, is removed below .2 of
# shared terms. That loses .0065 of the gold words of daniel_dev, .0027 of fundus_eval, .0004 of PolNeAR, .0002 of
# wcxb_dev. With .9 for .95 it is .0038 and .0013 on the first two, and the sample's appeal stays.
EDGE = 0.35  # probability of the line that it begins with, at most
SURE = 0.95  # of its lines, at most
APART = 0.2
SURELY_APART = 0.8  # confidence; of such lines .89 to .95 go rightly on the dev sets, .70 to 1.00 on held-out ones
MIN_TERMS = 8
TAIL = 0.5  # of the text above, at most
MAX_CUTS = 50  # places looked at, from the end
NO_PROSE = 0.5  # confidence where a text has no prose to judge by
# Lists that a sentence introduces: gold words lost fall by .0014 on fundus_eval, .0006 on wcxb_dev, .0003 on
# daniel_dev, at .001 of line F1. With four words the colons of menus count too: .023 of line F1 on daniel_dev.
INTRODUCES = 7  # words of a line that ends with a colon
UNDER_PROSE = 6  # lines below the last kept prose where such a line may stand
LISTED = 0.5  # confidence
SURELY_REPEATED = 0.5  # share of the source's pages from which a line is furniture whatever the trees say
REPEATED = 0.2  # share of the source's pages from which a line ends a list

NO_REPEATS: Mapping[str, float] = MappingProxyType({})
NO_HINTS: Mapping[str, Hint] = MappingProxyType({})


@cache
def _load_model(path: Path) -> Trees:
    return load_trees(path)


def score_lines(
    lines: Sequence[str],
    repeats: Mapping[str, float] = NO_REPEATS,
    hints: Mapping[str, Hint] = NO_HINTS,
    trees: Trees | None = None,
) -> Floats:
    """Return the probability of each line that it is of the article, headline included."""
    model = trees or _load_model(PROFILE_MODEL if hints else MODEL)
    return model.scores(compute_features(lines, repeats, hints)[1])


def read_lines(
    text: str,
    repeats: Mapping[str, float] = NO_REPEATS,
    hints: Mapping[str, Hint] = NO_HINTS,
    trees: Trees | None = None,
) -> list[LabelledLine]:
    """Label each line of a tidied text, in order. `repeats`: `line_key` → share of the source's pages that have it.

    A text without any prose gives nothing to judge by: all of it is kept. Where a profile would leave nothing, the text
    is read by itself. `trees` replace the model beside this file, so that a benchmark can judge pages with trees that
    never saw them.
    """
    lines = split_lines(text)
    head, rest = lines[:MAX_LINES], lines[MAX_LINES:]
    labelled = _label_lines(head, repeats, hints, trees)
    if (repeats or hints) and not any(line.is_kept for line in labelled):  # no article is lost to a profile
        labelled = _label_lines(head, NO_REPEATS, NO_HINTS, None)
    return labelled + [LabelledLine(line, "body", "beyond", NO_PROSE) for line in rest]


def _label_lines(
    lines: Sequence[str], repeats: Mapping[str, float], hints: Mapping[str, Hint], trees: Trees | None
) -> list[LabelledLine]:
    if not any(map(is_prose, lines)):
        return _keep_all(lines)
    scores: list[float] = score_lines(lines, repeats, hints, trees).tolist()
    keep = KEEP_WITH_PROFILE if hints else KEEP
    said = _find_said(lines)
    kept = [score >= keep and place not in said for place, score in enumerate(scores)]
    first = next((place for place, is_kept in enumerate(kept) if is_kept and is_prose(lines[place])), None)
    if first is None:
        return _keep_all(lines)
    listed = _find_listed(lines, kept, repeats) | find_alike(lines, kept)
    listed -= said.keys()
    kept = [is_kept or place in listed for place, is_kept in enumerate(kept)]
    ruled = label_lines(lines, kept, first, repeats)
    model = "hints" if hints else "model"
    labelled = [
        _label_line(line, ruled[place], scores[place], place in listed, model) for place, line in enumerate(lines)
    ]
    for place, rule in said.items():
        if ruled[place].rule is None and scores[place] >= keep:
            labelled[place] = LabelledLine(lines[place], "furniture", rule, BY_RULE)
    for place, share in _find_repeated(labelled, repeats).items() if repeats else ():
        labelled[place], kept[place] = LabelledLine(lines[place], "furniture", "repeats", round(share, 3)), False
    for place in () if hints else _find_unrelated_tail(lines, kept, scores):
        labelled[place] = LabelledLine(lines[place], "furniture", "apart", SURELY_APART)
    return labelled


def _find_said(lines: Sequence[str]) -> dict[int, str]:
    """Return the lines that are furniture by what they say, or by what they list, each with its rule."""
    said = {place: rule for place, line in enumerate(lines) if (rule := find_furniture(line)) and rule != "credit"}
    return said | dict.fromkeys(find_counted(lines), "counted")


def _keep_all(lines: Sequence[str]) -> list[LabelledLine]:
    return [LabelledLine(line, "body", "no_prose", NO_PROSE) for line in lines]


def _label_line(line: str, ruled: RuledLabel, score: float, is_listed: bool, model: str) -> LabelledLine:
    """Return a line with the label of its rule, or with what its probability alone makes of it."""
    label, rule = ruled
    if is_listed and (rule is None or label in KEPT):
        return LabelledLine(line, label if rule else "item", "listed", LISTED)
    confidence = score if label in KEPT else BY_RULE if rule else 1 - score
    return LabelledLine(line, label, rule or model, round(confidence, 3))


def _find_repeated(lines: Sequence[LabelledLine], repeats: Mapping[str, float]) -> dict[int, float]:
    """Return the lines that so many pages of the source have that they are furniture, each with its share of pages."""
    shares = [repeats.get(get_line_key(line.text[:MAX_LINE]), 0.0) for line in lines]
    return {
        place: share
        for place, (share, line) in enumerate(zip(shares, lines, strict=True))
        if share >= SURELY_REPEATED and line.label != "headline"
    }


def _find_listed(lines: Sequence[str], kept: Sequence[bool], repeats: Mapping[str, float]) -> frozenset[int]:
    """Return the lines not kept that a sentence below kept prose introduces, down to the next prose or repeat."""
    keys = [get_line_key(line[:MAX_LINE]) for line in lines]
    key_counts = Counter(keys)
    listed: set[int] = set()
    last_prose, is_list = -UNDER_PROSE - 1, False
    for place, line in enumerate(lines):
        if is_prose(line):
            last_prose, is_list = (place if kept[place] else last_prose), False
        elif is_list and (key_counts[keys[place]] > 1 or repeats.get(keys[place], 0.0) >= REPEATED):
            is_list = False
        if is_list and not kept[place]:
            listed.add(place)
        is_near_prose = place - last_prose <= UNDER_PROSE
        is_list |= is_near_prose and line.endswith((":", "：")) and len(TOKEN.findall(line)) >= INTRODUCES
    return frozenset(listed)


def _find_unrelated_tail(lines: Sequence[str], kept: Sequence[bool], scores: Sequence[float]) -> frozenset[int]:
    """Return the kept lines at the end, from a doubtful line on, which share next to no words with the text above."""
    terms = [list_terms(TOKEN.findall(line[:MAX_LINE])) for line in lines]
    first_lines = _find_first_lines(terms, kept)
    kept_letters = (len(line) * is_kept for line, is_kept in zip(lines, kept, strict=True))
    letters_above = list(accumulate(kept_letters, initial=0))
    tail: list[int] = []
    tail_terms: set[str] = set()
    cuts = 0
    for place in range(len(lines) - 1, -1, -1):
        is_edge = bool(tail) and scores[place] < EDGE and tail[-1] == place + 1
        if kept[place]:
            if scores[place] > SURE:
                break
            tail.append(place)
        if is_edge:
            cuts += 1
            if letters_above[-1] - letters_above[place] > TAIL * letters_above[place] or cuts > MAX_CUTS:
                break
            shared = sum(first_lines[term] < place for term in tail_terms)
            if len(tail_terms) >= MIN_TERMS and shared < APART * len(tail_terms):
                return frozenset(tail)
        if kept[place]:
            tail_terms |= terms[place]
    return frozenset()


def _find_first_lines(terms: Sequence[frozenset[str]], kept: Sequence[bool]) -> dict[str, int]:
    """Return the first kept line of each term."""
    first_lines: dict[str, int] = {}
    for place, (own_terms, is_kept) in enumerate(zip(terms, kept, strict=True)):
        for term in sorted(own_terms) if is_kept else ():
            first_lines.setdefault(term, place)
    return first_lines
