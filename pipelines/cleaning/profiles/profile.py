"""What many pages of one source teach about each of them, and a page read with it.

Two things are known of a source: lines that stand on several of its pages, and how the generic reading judged the
blocks of each *place*, the innermost steps of a block's path. A single page's judgement is noisy, a place's mean over
pages is not. Where the judgements of a place agree, a new block there is what the others were and no model is asked;
where they differ, the block's own score counts as far as they differ (a shrinkage estimate, Efron & Morris 1973).
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.pages.blocks import MAX_STEP, Block
from pipelines.cleaning.pages.reading import KEEP, choose_blocks, label_blocks, score_blocks
from pipelines.cleaning.texts.hints import MAX_ANCHOR, MAX_HINTS, Hint
from pipelines.cleaning.texts.lines import MAX_KEY, get_line_key
from pipelines.cleaning.trees import Floats
from pipelines.tables.ids import hash_id

Place = tuple[str, ...]
Score = Callable[[Sequence[Block], str | None], Floats]

# F1 with 8 pages for 2, 3, 4, 6 steps and whole paths: .909 on daniel_dev for each; .942, .944, .944, .924, .922 on
# fundus_eval, where the outer elements have names that differ from page to page.
STEPS = 4
# Variance of a score that is chance: .03 gives .905 on daniel_dev, .1 .909, 1 (the place alone) .905.
NOISE = 0.1
# Variance of a place of which one page is known; it falls with the pages, as does that of a mean. On the dev parts, by
# sources that the trees had not seen, with 8 pages of daniel_dev and 4 of fundus_eval, 0 gives .921 and .949, worst
# sources -.013 and -.003; .1 .922 and .944, -.013 and -.032; .2 .923 and .944, -.002 and -.032; .3 .923 and .946, -.002
# and -.005; .5 .923 and .946, -.002 and -.002, where a model is asked about nearly every page.
DOUBT = 0.3
MIN_FIT = 0.5  # share of a page's letters in places that are known, below which it is another template
MIN_KEPT = 200  # letters in places of the body: fewer and the wrapper has missed the article
UNKNOWN = 0.5  # probability of a block in a place of which nothing is known, where no model was asked
MAX_UNSURE = 0.05  # letters left open by the places, for each letter kept by them, that are not worth a model's time

MAX_PLACES = 1_000
MAX_REPEATS = 2_000
MAX_SOURCE = 300
MAX_COUNT = 1_000_000
_LETTER, _REST = 6, 60  # bytes that JSON spends on a character, and on the numbers and marks of an entry, at most
MAX_BYTES = (
    MAX_PLACES * (STEPS * (_LETTER * MAX_STEP + 3) + _REST)
    + MAX_REPEATS * (_LETTER * MAX_KEY + _REST)
    + MAX_HINTS * (_LETTER * (MAX_ANCHOR + 2) + _REST)
    + _LETTER * MAX_SOURCE
    + 2 * _REST
)

LEARNT = frozenset({"repeats", "wrapper", "hints"})  # reasons of judgements that other pages of the source decided
_KEPT, _DROPPED, _UNSURE, _REPEATED = "kept", "dropped", "unsure", "repeated"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How the generic reading judged the blocks of a place; a line that repeats counts as 0."""

    pages: int
    mean: float
    """Of the probability to belong to the article, 0-1, by letters."""
    variance: float
    """Of it from block to block, 0-.25."""
    is_copy: bool = False
    """Whether its texts stand in another place of the body too, as in a version for print."""

    def estimate(self, score: float) -> float:
        """The probability of a block of this place, given its own score."""
        variance = self.variance + DOUBT / max(self.pages, 1)
        return self.mean + variance / (variance + NOISE) * (score - self.mean)

    @property
    def chance(self) -> float:
        """The probability of any block of this place, whatever its own score."""
        return 0.0 if self.is_copy else self.mean

    @property
    def verdict(self) -> str:
        """What every block here is, whatever its own score, or that it depends on it."""
        if self.is_copy or self.estimate(1.0) < KEEP:
            return _DROPPED
        return _KEPT if self.estimate(0.0) >= KEEP else _UNSURE


@dataclass(frozen=True)
class Profile:
    """What was learnt of one source."""

    source: str
    pages: int
    """Different HTML pages that it was learnt from."""
    texts: int
    """Different plain texts that it was learnt from."""
    places: Mapping[Place, Evidence]
    """The last `STEPS` steps of a path → what is known of the blocks there."""
    repeats: Mapping[str, float]
    """Line key → share of the documents that have it, for lines of several documents."""
    hints: Mapping[str, Hint] = field(default_factory=dict)
    """What plain texts say of lines that do not repeat as they are (`hints.py`); empty without plain texts."""

    def to_json(self) -> bytes:
        """Canonical: the same profile gives the same bytes, at most MAX_BYTES of them where its parts are in bounds."""
        return self._json(is_ascii=False)

    def _json(self, is_ascii: bool) -> bytes:
        places = [
            [list(place), seen.pages, seen.mean, seen.variance, seen.is_copy]
            for place, seen in sorted(self.places.items())
        ]
        content = {
            "source": self.source,
            "pages": self.pages,
            "texts": self.texts,
            "places": places,
            "repeats": dict(sorted(self.repeats.items())),
        }
        if self.hints:  # profiles of before hints keep their bytes, and so their version
            content["hints"] = {key: list(hint) for key, hint in sorted(self.hints.items())}
        return json.dumps(content, ensure_ascii=is_ascii, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Profile":
        """Raises ValueError for anything that `to_json` could not have written, or once did, with all but ASCII
        escaped."""
        if len(data) > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES} bytes")
        try:
            content = json.loads(data)
            profile = cls(
                source=_text(content.pop("source"), MAX_SOURCE),
                pages=_count(content.pop("pages")),
                texts=_count(content.pop("texts")),
                places=dict(map(_place_of, _bounded(content.pop("places"), MAX_PLACES))),
                repeats={
                    _text(key, MAX_KEY): _share(share)
                    for key, share in _bounded(content.pop("repeats"), MAX_REPEATS).items()
                },
                hints={
                    _text(key, MAX_ANCHOR + 2): (_share(share), _share(mean))
                    for key, (share, mean) in _bounded(content.pop("hints", {}), MAX_HINTS).items()
                },
            )
        except (KeyError, TypeError, AttributeError, RecursionError, UnicodeDecodeError) as error:
            raise ValueError(f"not a profile: {error}") from error
        if content or data not in (profile.to_json(), profile._json(is_ascii=True)):
            raise ValueError("not in canonical form")
        return profile

    @cached_property
    def version(self) -> str:
        """16 hex digits of a hash of the content."""
        return hash_id("profile", self.to_json().decode())[:16]

    @cached_property
    def verdicts(self) -> Mapping[Place, str]:
        """What the places decide by themselves."""
        return {place: evidence.verdict for place, evidence in self.places.items()}


def apply_profile(
    profile: Profile, blocks: Sequence[Block], title: str | None, read: Score = score_blocks
) -> list[LabelledLine]:
    """What each block is, in the same order; with `reason` `repeats` or `wrapper` where the source's pages decided,
    and `model` where the generic reading did, for a block or, where the wrapper does not fit, for the page."""
    shares = [profile.repeats.get(_key(block)) for block in blocks]
    verdicts = _verdicts(profile, blocks, shares)
    fits = _fits(verdicts, blocks)
    own = None if fits and _is_decided(verdicts, blocks) else read(blocks, title)
    kept, found, reasons = [], [], []
    for n, (block, share) in enumerate(zip(blocks, shares, strict=True)):
        evidence = profile.places.get(get_place(block)) if fits else None
        if share is not None:
            score, is_kept, reason = 1 - share, False, "repeats"
        elif fits and (own is None or verdicts[n] in (_KEPT, _DROPPED)):
            score, reason = evidence.chance if evidence else UNKNOWN, "wrapper"
            is_kept = verdicts[n] == _KEPT or (verdicts[n] == _UNSURE and score >= KEEP)
        else:
            score = float(own[n]) if own is not None else UNKNOWN
            score, reason = evidence.estimate(score) if evidence else score, "model"
            is_kept = score >= KEEP
        kept.append(is_kept)
        found.append(score)
        reasons.append(reason)
    judged = label_blocks(blocks, kept, found, reasons, title)
    if blocks and not any(line.is_kept for line in judged):
        return _read_alone(blocks, own if own is not None else read(blocks, title), shares, title)
    return judged


def _read_alone(
    blocks: Sequence[Block], own: Floats, shares: Sequence[float | None], title: str | None
) -> list[LabelledLine]:
    """The generic reading where a profile would keep nothing: it may be furniture all through, but no article is lost
    to a profile. Repeats stay out if anything else is left."""
    kept = choose_blocks(blocks, own)
    unrepeated = [is_kept and share is None for is_kept, share in zip(kept, shares, strict=True)]
    if not any(line.is_kept for line in label_blocks(blocks, unrepeated, own.tolist(), ["model"] * len(blocks), title)):
        return label_blocks(blocks, kept, own.tolist(), ["model"] * len(blocks), title)
    found = [float(score) if share is None else 1 - share for score, share in zip(own, shares, strict=True)]
    return label_blocks(blocks, unrepeated, found, ["model" if share is None else "repeats" for share in shares], title)


def does_wrapper_fit(profile: Profile, blocks: Sequence[Block]) -> bool:
    """Whether the page is built as those that were learnt from: most of its text stands in known places, and enough
    of it in places of the body; lines that repeat say nothing of that."""
    shares = [profile.repeats.get(_key(block)) for block in blocks]
    return _fits(_verdicts(profile, blocks, shares), blocks)


def get_place(block: Block) -> Place:
    """Where a block stands, as far as pages of one source agree on it."""
    return block.path[-STEPS:]


def _verdicts(profile: Profile, blocks: Sequence[Block], shares: Sequence[float | None]) -> list[str]:
    """Of each block that it repeats, what its place decides, or nothing where the place is not known."""
    return [
        profile.verdicts.get(get_place(block), "") if share is None else _REPEATED
        for block, share in zip(blocks, shares, strict=True)
    ]


def _letters(verdicts: Sequence[str], blocks: Sequence[Block]) -> Counter[str]:
    """Letters of the blocks by verdict."""
    found: Counter[str] = Counter()
    for block, verdict in zip(blocks, verdicts, strict=True):
        found[verdict] += len(block.text)
    return found


def _fits(verdicts: Sequence[str], blocks: Sequence[Block]) -> bool:
    size = _letters(verdicts, blocks)
    total = size.total() - size[_REPEATED]
    return total - size[""] >= MIN_FIT * total and size[_KEPT] >= MIN_KEPT


def _is_decided(verdicts: Sequence[str], blocks: Sequence[Block]) -> bool:
    """Whether the places alone can judge a page that they fit."""
    size = _letters(verdicts, blocks)
    return size[_UNSURE] + size[""] <= MAX_UNSURE * size[_KEPT]


def _key(block: Block) -> str:
    return get_line_key(block.text)


def _place_of(row: Any) -> tuple[Place, Evidence]:
    steps, pages, mean, variance, is_copy = row
    if not (isinstance(steps, list) and 0 < len(steps) <= STEPS and isinstance(is_copy, bool)):
        raise ValueError("not a place")
    return tuple(_text(step, MAX_STEP) for step in steps), Evidence(
        _count(pages), _share(mean), _share(variance), is_copy
    )


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"not a text of up to {most} characters")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_COUNT:
        raise ValueError("not a count")
    return value


def _share(value: Any) -> float:
    if type(value) is not float or not (math.isfinite(value) and 0 <= value <= 1):
        raise ValueError("not a share")
    return value


def _bounded(value: Any, most: int) -> Any:
    if len(value) > most:
        raise ValueError(f"more than {most} entries")
    return value
