"""How well the lines of plain-text dumps are told apart: `python -m benchmarks text [--part held_out]`.

The model is trained on the dev dumps. There each source is judged by trees that never saw it (five folds of sources);
only held-out sources and the sample are judged by the model as it ships.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.dumps import SETS, Dump, get_page, group_by_source, label_lines, learn_from_others, load_dumps
from benchmarks.pages import DATA
from benchmarks.scores import DRAWS, tokens
from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.profiles.learning import learn
from pipelines.cleaning.text import tidy_text
from pipelines.cleaning.texts.lines import split_lines
from pipelines.cleaning.texts.reading import read_lines, score_lines
from training.lines import assign_folds, fit_folds

MIN_OTHERS = 20  # other pages of the source that a profile is learnt from
C4_WORDS = 5  # Raffel et al. 2020: a line stays that has so many words and ends a sentence
TOLD = ("headline", "byline", "caption", "dateline")  # that the dumps of PolNeAR know
SAMPLE = DATA.parent / "sample" / "moscow-times.txt"
# What its lines are, from the first on: the text ends with the tenth, then comes an appeal.
SAMPLE_LABELS = ("furniture", "headline", "caption", *["body"] * 7)

Lines = Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Scored:
    """One dump read in one way; headlines and what the set leaves open are not counted."""

    line_f1: float
    word_f1: float
    """The same, each line as heavy as its words."""
    lost: int
    """Words of the article that are not kept."""
    words: int
    """Words of the article."""


def score_kept(lines: Lines, kept: Sequence[bool]) -> Scored:
    """Compare the lines kept with those of the article."""
    rows = [
        (label == "article", is_in, n)
        for (_, label, n), is_in in zip(lines, kept, strict=True)
        if label not in ("open", "headline")
    ]
    values = []
    for weight in (0, 1):
        both = sum(n**weight for gold, is_in, n in rows if gold and is_in)
        total = sum(n**weight for gold, _, n in rows if gold) + sum(n**weight for _, is_in, n in rows if is_in)
        values.append(2 * both / max(total, 1))
    lost = sum(n for gold, is_in, n in rows if gold and not is_in)
    return Scored(values[0], values[1], lost, sum(n for gold, _, n in rows if gold))


def does_c4_keep(line: str) -> bool:
    """Return whether the line rule of C4 keeps a line."""
    return len(tokens(line)) >= C4_WORDS and line.endswith((".", "!", "?", '"', "”"))


def interval(ours: Sequence[float], theirs: Sequence[float], pages: Sequence[str]) -> tuple[float, float]:
    """Return the middle 95 % of the difference of two means over draws of pages, all dumps of a page together."""
    drawn = {page: n for n, page in enumerate(sorted(set(pages)))}
    at = np.array([drawn[page] for page in pages])
    sums = np.bincount(at, np.array(ours) - np.array(theirs))
    sizes = np.bincount(at)
    chance = np.random.default_rng(7)  # seeded: the same rows give the same interval
    picks = chance.integers(0, len(sizes), (DRAWS, len(sizes)))
    gains = np.sort(sums[picks].sum(axis=1) / sizes[picks].sum(axis=1))
    return float(gains[int(0.025 * DRAWS)]), float(gains[int(0.975 * DRAWS)])


def measure(part: str) -> dict[str, float]:
    """Print the figures of each set, of the labels, and of the sample; return those that floors hold."""
    alone_trees, known_trees = fit_folds() if part == "dev" else (None, None)
    print(
        "Sources judged by trees of the other sources (the shipped model saw them all), rules included."
        if alone_trees
        else "Judged by the shipped model, which saw none of these sources."
    )
    figures: dict[str, float] = {}
    for name in SETS:
        grouped = group_by_source(load_dumps(name, part))
        fold = assign_folds(grouped)
        read: list[tuple[Dump, Lines, list[LabelledLine], list[LabelledLine] | None]] = []
        for source, own in grouped.items():
            trees = alone_trees[fold[source]] if alone_trees else None
            knowing = known_trees[fold[source]] if known_trees else None
            for dump, repeats, hints in learn_from_others(own, MIN_OTHERS, partial(score_lines, trees=trees)):
                text = tidy_text(dump.text)
                with_profile = read_lines(text, repeats, hints, knowing) if hints else None
                read.append((dump, label_lines(dump), read_lines(text, trees=trees), with_profile))
        alone = [(dump, lines, judged) for dump, lines, judged, _ in read]
        figures |= _print_set(name, "alone", alone)
        if known := [(dump, lines, judged) for dump, lines, _, judged in read if judged is not None]:
            figures |= _print_set(name, "with profile", known)
        if name == "polnear":
            figures |= _print_labels("", [(lines, judged) for _, lines, judged in alone])
            figures |= _print_labels(" with profile", [(lines, judged) for _, lines, judged in known])
    return figures | _print_sample(part)


def _print_set(name: str, way: str, read: Sequence[tuple[Dump, Lines, list[LabelledLine]]]) -> dict[str, float]:
    ours = [score_kept(lines, [line.is_kept for line in judged]) for _, lines, judged in read]
    rule = [score_kept(lines, [does_c4_keep(line) for line, _, _ in lines]) for _, lines, _ in read]
    every = [score_kept(lines, [True] * len(lines)) for _, lines, _ in read]
    low, high = interval([s.line_f1 for s in ours], [s.line_f1 for s in rule], [get_page(dump) for dump, _, _ in read])
    line_f1, kept = _mean(ours), 1 - _count_lost(ours)
    print(f"{name}, {way}: {len(read)} documents, {len({dump.source for dump, _, _ in read})} sources")
    for label, found in (("ours", ours), ("C4 rule", rule), ("keep all", every)):
        word_f1 = sum(s.word_f1 for s in found) / len(found)
        print(f"  {label:10}line F1 {_mean(found):.3f}  word F1 {word_f1:.3f}  words lost {_count_lost(found):.4f}")
    print(f"  line F1, ours minus C4 rule: {line_f1 - _mean(rule):+.3f} [{low:+.3f}, {high:+.3f}]")
    _print_reasons(read)
    kinds: dict[str, list[Scored]] = defaultdict(list)
    for (dump, _, _), score in zip(read, ours, strict=True):
        if dump.id != get_page(dump):
            kinds[dump.id.rsplit("/", 1)[1]].append(score)
    for kind, found in sorted(kinds.items()):
        print(f"  {kind:10}line F1 {_mean(found):.3f}  words lost {_count_lost(found):.4f}")
    return {f"{name} {way}: line F1": line_f1, f"{name} {way}: words kept": kept}


def _print_reasons(read: Sequence[tuple[Dump, Lines, list[LabelledLine]]]) -> None:
    """Print what decided that lines go: how many, how many of them rightly, and the cost in words of the article."""
    removed, right, lost = Counter[str](), Counter[str](), Counter[str]()
    for _, lines, judged in read:
        for (_, label, n), line in zip(lines, judged, strict=True):
            if label != "open" and not line.is_kept:
                removed[line.reason] += 1
                right[line.reason] += label != "article"
                lost[line.reason] += n * (label == "article")
    words = max(sum(n for _, lines, _ in read for _, label, n in lines if label == "article"), 1)
    for reason in sorted(removed, key=lambda reason: (-lost[reason], reason)):
        share = right[reason] / removed[reason]
        print(f"  by {reason:15}{removed[reason]:7} lines, right {share:.3f}  words lost {lost[reason] / words:.4f}")


def _mean(found: Sequence[Scored]) -> float:
    return sum(score.line_f1 for score in found) / len(found)


def _count_lost(found: Sequence[Scored]) -> float:
    return sum(score.lost for score in found) / max(sum(score.words for score in found), 1)


def _print_labels(way: str, read: Sequence[tuple[Lines, list[LabelledLine]]]) -> dict[str, float]:
    figures = {}
    pairs = [(gold, ours.label) for lines, judged in read for (_, gold, _), ours in zip(lines, judged, strict=True)]
    for label in TOLD:
        right = sum(gold == ours == label for gold, ours in pairs)
        found, there = sum(ours == label for _, ours in pairs), sum(gold == label for gold, _ in pairs)
        f1 = 2 * right / max(found + there, 1)
        print(
            f"  {label + way:23}precision {right / max(found, 1):.3f}  recall {right / max(there, 1):.3f}  F1 {f1:.3f}"
        )
        figures[f"label {label}{way}: F1"] = f1
    return figures


def _print_sample(part: str) -> dict[str, float]:
    """Print the sample alone, and with the repeats of other articles in the same furniture."""
    if not SAMPLE.exists():
        return {}
    text = tidy_text(SAMPLE.read_text("utf-8"))
    lines = split_lines(text)
    others = [list(_in_furniture(lines, dump)) for dump in load_dumps("polnear", part)[: MIN_OTHERS + 5]]
    figures = {}
    learnt = learn("sample", (), others)
    for way, repeats, hints in (("alone", {}, {}), ("with profile", learnt.repeats, learnt.hints)):
        judged = read_lines(text, repeats, hints)
        gold = [*SAMPLE_LABELS, *["furniture"] * (len(judged) - len(SAMPLE_LABELS))]
        right = [_is_same(ours.label, label) for ours, label in zip(judged, gold, strict=True)]
        print(f"sample, {way}{f', learnt from {len(others)} texts' if repeats else ''}: {sum(right)} of {len(right)}")
        for ours, is_right in zip(judged, right, strict=True):
            print(
                f"  {' ' if is_right else '!'} {ours.label:10}{ours.reason:10}{ours.confidence:.2f}  {ours.text[:60]}"
            )
        figures[f"sample {way}: lines right"] = sum(right) / len(right)
    return figures


def _in_furniture(sample: Sequence[str], dump: Dump) -> Iterator[str]:
    """Yield another article between the lines that are around the sample's."""
    yield sample[0]
    yield from (line for line, label in dump.lines if label in ("headline", "article"))
    yield from sample[len(SAMPLE_LABELS) :]


def _is_same(ours: str, gold: str) -> bool:
    return ours == gold or (gold == "body" and ours in ("lead", "quote"))
