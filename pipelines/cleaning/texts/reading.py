"""Plain text → its lines, each with what it is: the article's headline, byline, paragraphs, or the site's furniture.

A dump of a page has no markup, so a line is told by its shape, its place, its neighbours, and the words that it shares
with the rest: an appeal for money speaks of other things than the article around it. No word of any language decides
what goes. Boosted trees judge; where a profile says how other texts of the source are built, trees that know that. A
second pass that knew the first one's scores (stacked sequential learning, Cohen & Carvalho 2005) gained nothing on any
set, nor did features of whole runs of short lines, nor a threshold of its own for prose or by words.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pipelines.cleaning.labels import BY_RULE, KEPT, Label
from pipelines.cleaning.texts.hints import Hint
from pipelines.cleaning.texts.line_features import Floats, compute_features
from pipelines.cleaning.texts.line_labels import label_lines
from pipelines.cleaning.texts.lines import MAX_LINE, MAX_LINES, get_line_key, is_prose, list_terms, split_lines
from pipelines.cleaning.trees import Trees, load_trees
from pipelines.text.words import TOKEN

MODEL = Path(__file__).with_name("lines.json")
PROFILE_MODEL = Path(__file__).with_name("lines_with_profile.json")  # for sources with hints
KEEP = 0.12  # probability from which a line is of the article: the words lost matter more than lines kept too many
# With hints .12, .2, .3 give line F1 .834, .842, .845 on daniel_dev and .960, .965, .969 on PolNeAR, at .0176, .0190,
# .0216 and .0008, .0009, .0009 of the words.
KEEP_KNOWN = 0.2
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
def _trees(path: Path) -> Trees:
    return load_trees(path)


def score_lines(
    lines: Sequence[str],
    repeats: Mapping[str, float] = NO_REPEATS,
    hints: Mapping[str, Hint] = NO_HINTS,
    trees: Trees | None = None,
) -> Floats:
    """The probability of each line that it is of the article, headline included."""
    return (trees or _trees(PROFILE_MODEL if hints else MODEL)).scores(compute_features(lines, repeats, hints)[1])


def read_lines(
    text: str,
    repeats: Mapping[str, float] = NO_REPEATS,
    hints: Mapping[str, Hint] = NO_HINTS,
    trees: Trees | None = None,
) -> list[Label]:
    """What each line of a tidied text is, in order. `repeats`: `line_key` → share of the source's pages that have it.

    A text without any prose gives nothing to judge by: all of it is kept. Where what is known of the source would leave
    nothing, the text is read by itself. `trees` stand in for the model beside this
    file, so that a benchmark can judge pages with trees that never saw them.
    """
    lines = split_lines(text)
    head, rest = lines[:MAX_LINES], lines[MAX_LINES:]
    judged = _judged(head, repeats, hints, trees)
    if (repeats or hints) and not any(line.is_kept for line in judged):  # no article is lost to a profile
        judged = _judged(head, NO_REPEATS, NO_HINTS, None)
    return judged + [Label(line, "body", "beyond", NO_PROSE) for line in rest]


def _judged(
    lines: Sequence[str], repeats: Mapping[str, float], hints: Mapping[str, Hint], trees: Trees | None
) -> list[Label]:
    found = score_lines(lines, repeats, hints, trees).tolist() if any(map(is_prose, lines)) else []
    bound = KEEP_KNOWN if hints else KEEP
    kept = [score >= bound for score in found]
    first = next((i for i, is_in in enumerate(kept) if is_in and is_prose(lines[i])), None)
    if first is None:
        return [Label(line, "body", "no_prose", NO_PROSE) for line in lines]
    listed = _listed(lines, kept, repeats)
    for i in listed:
        kept[i] = True
    labels, rules = label_lines(lines, kept, first, repeats)
    reasons = [rule or ("hints" if hints else "model") for rule in rules]
    sure = [
        score if label in KEPT else BY_RULE if rule else 1 - score
        for score, label, rule in zip(found, labels, rules, strict=True)
    ]
    for i in listed:
        if rules[i] is None:
            labels[i] = "item"
        if labels[i] in KEPT:
            reasons[i], sure[i] = "listed", LISTED
    for i, line in enumerate(lines if repeats else ()):
        share = repeats.get(get_line_key(line[:MAX_LINE]), 0.0)
        if share >= SURELY_REPEATED and labels[i] != "headline":
            labels[i], reasons[i], sure[i], kept[i] = "furniture", "repeats", share, False
    for i in () if hints else _speaks_of_else(lines, kept, found):
        labels[i], reasons[i], sure[i] = "furniture", "apart", SURELY_APART
    return [
        Label(line, label, reason, round(score, 3))
        for line, label, reason, score in zip(lines, labels, reasons, sure, strict=True)
    ]


def _listed(lines: Sequence[str], kept: Sequence[bool], repeats: Mapping[str, float]) -> list[int]:
    """The lines not kept that a sentence below kept prose introduces, down to the next prose or repeated line."""
    keys = [get_line_key(line[:MAX_LINE]) for line in lines]
    often = Counter(keys)
    found: list[int] = []
    last, is_list = -UNDER_PROSE - 1, False
    for i, line in enumerate(lines):
        if is_prose(line):
            last, is_list = (i if kept[i] else last), False
        elif is_list and (often[keys[i]] > 1 or repeats.get(keys[i], 0.0) >= REPEATED):
            is_list = False
        opens = line.endswith((":", "：")) and i - last <= UNDER_PROSE and len(TOKEN.findall(line)) >= INTRODUCES
        if is_list and not kept[i]:
            found.append(i)
        is_list = is_list or opens
    return found


def _speaks_of_else(lines: Sequence[str], kept: Sequence[bool], found: Sequence[float]) -> list[int]:
    """The kept lines at the end, from a doubtful line on, which share next to no words with the text above."""
    told_by = [list_terms(TOKEN.findall(line[:MAX_LINE])) for line in lines]
    first: dict[str, int] = {}
    above = [0]
    for i, (line, is_in) in enumerate(zip(lines, kept, strict=True)):
        above.append(above[-1] + len(line) * is_in)
        if is_in:
            for term in sorted(told_by[i]):
                first.setdefault(term, i)
    tail: list[int] = []
    told: set[str] = set()
    cuts = 0
    for i in range(len(lines) - 1, -1, -1):
        is_edge = bool(tail) and found[i] < EDGE and tail[-1] == i + 1
        if kept[i] and found[i] > SURE:
            break
        if kept[i]:
            tail.append(i)
        if is_edge:
            cuts += 1
            if above[-1] - above[i] > TAIL * above[i] or cuts > MAX_CUTS:
                break
            if len(told) >= MIN_TERMS and sum(first[term] < i for term in told) < APART * len(told):
                return tail
        if kept[i]:
            told |= told_by[i]
    return []
