"""Passages: each stretch in quotation marks with its cue, and the features by which score.py judges it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.enrichments.quotes.cues import Grammar
from pipelines.enrichments.quotes.marks import Marked
from pipelines.enrichments.quotes.speakers import (
    NOTHING,
    Cue,
    find_cue_after,
    find_cue_before,
    find_first_subject,
    find_signature,
)

NEAR = 200  # characters between two quotations of one speaker when the second has no cue

# Sentences end here by marks alone, in any language, and with the paragraph: the models of score.py were fitted so.
# Those that are counted follow the rules of their language (sentences.py).
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Sens|Rep|Reps|Gov|Gen|Col|Lt|Sgt|Capt|Maj|Adm|Rev|Hon|St|Jr|Sr|vs|No|Jan|Feb|Aug|"
    r"Sept|Oct|Nov|Dec|Mme|Mlle|Sra|Nr|bzw|ca|Calif|Fla|Ariz|Mass|Conn|Ill|Mich|Minn|Pa|Va|Wis|Tex|Ga|Md|Ky|Tenn|Ala)|"
    r"(?:\b|\.)\w)\Z"
)
# Begins at the first of many stops and gives none back, or a row of stops would be read again from each of them.
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’'»“)\]]*(?=\s)|\n")


_CAPITALS = re.compile(r"[^\W\d_a-zß-ÿа-яё]\w*(?: [^\W\d_a-zß-ÿа-яё]\w*){0,2}")


class Passage(NamedTuple):
    """A marked stretch; `begin` and `end` are those of the narrator's sentence around it, between other quotations."""

    marked: Marked
    cue: Cue
    begin: int
    end: int
    features: dict[str, float]


def find_sentence_ends(text: str) -> list[int]:
    """Return where sentences and paragraphs end (after their marks), in order, and the end of the text."""
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if match[0][0] != "." or not _ABBREVIATION.search(text, max(0, match.start() - 8), match.start())
    ]
    return [*ends, len(text)]


def read_passages(text: str, stretches: Sequence[Marked], ends: Sequence[int], grammar: Grammar) -> list[Passage]:
    """Return one passage for each marked stretch, in order."""
    passages: list[Passage] = []
    limits = [*(marked.outer_start for marked in stretches[1:]), *([len(text)] if stretches else [])]
    for marked, limit in zip(stretches, limits, strict=True):
        passages.append(_read_passage(text, marked, passages[-1] if passages else None, limit, ends, grammar))
    return passages


def _read_passage(
    text: str, marked: Marked, previous: Passage | None, limit: int, ends: Sequence[int], grammar: Grammar
) -> Passage:
    paragraph = text.rfind("\n", 0, marked.outer_start) + 1
    joined = previous is not None and previous.marked.outer_end >= paragraph
    floor = previous.marked.outer_end if previous and joined else paragraph
    index = bisect_left(ends, marked.outer_start)
    begin = max(floor, ends[index - 1] if index else 0)
    if begin > floor and not text[begin - 1 : marked.outer_start].strip():
        begin = marked.outer_start
    newline = text.find("\n", marked.outer_end, limit)
    end = min(limit, ends[bisect_left(ends, marked.outer_end + 1)] if marked.outer_end < len(text) else len(text))
    end = end if newline < 0 else min(end, newline)
    lead, tail = text[begin : marked.outer_start].strip(), text[marked.outer_end : end].strip()
    last = _read_end(text[marked.start : marked.end])
    after = find_cue_after(text, marked.outer_end, end, grammar) if tail and last != "." else NOTHING
    before = find_cue_before(text, begin, marked.outer_start, grammar) if lead else NOTHING
    if not lead and not tail and (name := find_signature(text, marked.outer_end)):
        after = Cue("signed", name, None)
    cue = before if before.speaker and (not after.speaker or last not in ",?!—-") else after
    features = _measure_features(text, marked, lead, tail, before, after, cue, joined)
    # Outside English: a paper or a ship, and no weight of the models.
    features["name"] = float(grammar.evidence is not None and bool(_CAPITALS.fullmatch(text, marked.start, marked.end)))
    if not cue.speaker:
        cue = _carry_over(text, marked, previous, joined, begin, ends, grammar)
        features["carried"] = float(cue.how == "carried")
    return Passage(marked, cue, begin, end, features)


def _carry_over(
    text: str, marked: Marked, previous: Passage | None, joined: bool, begin: int, ends: Sequence[int], grammar: Grammar
) -> Cue:
    """Return the cue of the quotation before, if this one goes on from it, or the subject of the sentence before."""
    if previous and previous.cue.speaker:
        between = text[previous.marked.outer_end : marked.outer_start]
        if joined or (len(between) < NEAR and len(between.split("\n\n")) <= 2):
            return Cue("carried", previous.cue.speaker, previous.cue.verb if joined else None)
    index = bisect_left(ends, begin)
    while index and not text[ends[index - 1] : begin].strip():
        index -= 1
    start = ends[index - 1] if index else 0
    subject = find_first_subject(text, max(start, begin - NEAR), begin, grammar)
    if (
        grammar.evidence
        and previous
        and subject
        and subject[0] < previous.marked.end
        and subject[1] > previous.marked.start
    ):
        subject = None  # words of the quotation before
    return Cue("sentence before", subject, None)


def _measure_features(
    text: str, marked: Marked, lead: str, tail: str, before: Cue, after: Cue, cue: Cue, joined: bool
) -> dict[str, float]:
    """Return the features of a passage, as numbers of 0 to 2."""
    inner = text[marked.start : marked.end]
    whole, stop = not lead, _read_end(inner) in ".,!?…—-"
    upper = inner[0].isupper() or inner[0] in "[….'‘¿¡"
    other = bool(lead) and lead[-1] not in ",:"
    alone = not tail.strip(".,;!?)")
    words = inner.count(" ") + 1
    features = {
        "whole": whole, "stop": stop, "upper": upper, "upper stop": upper and stop, "whole stop": whole and stop,
        "comma": _read_end(inner) == ",", "before": before.speaker is not None, "after": after.speaker is not None,
        "lead comma": lead.endswith(","), "lead colon": lead.endswith(":"), "lead that": lead.endswith("that"),
        "lead other": other, "lead other upper": other and upper, "lead other tail": other and not alone,
        "tail none": alone, "short": words < 6, "joined": joined, "unclosed": not marked.closed,
    }  # fmt: skip
    return {name: float(value) for name, value in features.items()} | {
        "words": min(words, 20) / 10,
        f"how {cue.how}": 1.0,
    }


def _read_end(inner: str) -> str:
    """Return the character that a quotation ends with, within the marks of a quotation at its end."""
    return inner.rstrip("'’")[-1:] or "'"
