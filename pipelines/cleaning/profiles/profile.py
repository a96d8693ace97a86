"""The profile of a source, learnt from many of its pages, and a page read with it.

Two things are known of a source: lines that stand on several of its pages, and how the generic reading scored the
blocks of each *place*, the innermost steps of a block's path. A single page's score is noisy, a place's mean over
pages is not. Where the scores of a place agree, a new block there is what the others were and no model is asked;
where they differ, the block's own score counts as far as they differ (a shrinkage estimate, Efron & Morris 1973).
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

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

LEARNT = frozenset({"repeats", "wrapper", "hints"})  # reasons of labels that other pages of the source decided

Verdict = Literal["kept", "dropped", "unsure"]
"""What a place alone decides about its blocks."""
BlockVerdict = Verdict | Literal["repeated", "unknown"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The scores that the generic reading gave to the blocks of a place; a line that repeats counts as 0."""

    pages: int
    mean: float
    """Of the probability to belong to the article, 0-1, by letters."""
    variance: float
    """Of it from block to block, 0-.25."""
    is_copy: bool = False
    """Whether another place of the body has its texts too, as in a version for print."""

    def estimate(self, score: float) -> float:
        """Return the probability of a block of this place, given its own score."""
        variance = self.variance + DOUBT / max(self.pages, 1)
        return self.mean + variance / (variance + NOISE) * (score - self.mean)

    @property
    def chance(self) -> float:
        """The probability of any block of this place, whatever its own score."""
        return 0.0 if self.is_copy else self.mean

    @property
    def verdict(self) -> Verdict:
        """What every block here is, whatever its own score, or that it depends on it."""
        if self.is_copy or self.estimate(1.0) < KEEP:
            return "dropped"
        return "kept" if self.estimate(0.0) >= KEEP else "unsure"


@dataclass(frozen=True)
class Profile:
    """Everything that was learnt of one source."""

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
        """Return canonical bytes: the same for the same profile, at most MAX_BYTES where its parts are in bounds."""
        return self._encode(is_ascii=False)

    def _encode(self, is_ascii: bool) -> bytes:
        places = [
            [list(place), evidence.pages, evidence.mean, evidence.variance, evidence.is_copy]
            for place, evidence in sorted(self.places.items())
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
        """Read a profile that `to_json` has written, also an early one, with all but ASCII escaped.

        Raises ValueError for anything else.
        """
        if len(data) > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES} bytes")
        try:
            content = json.loads(data)
            profile = cls(
                source=_check_text(content.pop("source"), MAX_SOURCE),
                pages=_check_count(content.pop("pages")),
                texts=_check_count(content.pop("texts")),
                places=dict(map(_read_place, _check_length(content.pop("places"), MAX_PLACES))),
                repeats={
                    _check_text(key, MAX_KEY): _check_share(share)
                    for key, share in _check_length(content.pop("repeats"), MAX_REPEATS).items()
                },
                hints={
                    _check_text(key, MAX_ANCHOR + 2): Hint(_check_share(share), _check_share(mean))
                    for key, (share, mean) in _check_length(content.pop("hints", {}), MAX_HINTS).items()
                },
            )
        except (KeyError, TypeError, AttributeError, RecursionError, UnicodeDecodeError) as error:
            raise ValueError(f"not a profile: {error}") from error
        if content or data not in (profile.to_json(), profile._encode(is_ascii=True)):
            raise ValueError("not in canonical form")
        return profile

    @cached_property
    def version(self) -> str:
        """16 hex digits of a hash of the content."""
        return hash_id("profile", self.to_json().decode())[:16]

    @cached_property
    def verdicts(self) -> Mapping[Place, Verdict]:
        """What the places decide by themselves."""
        return {place: evidence.verdict for place, evidence in self.places.items()}


class _Decision(NamedTuple):
    """Whether a block is kept, with what probability, and why."""

    is_kept: bool
    score: float
    reason: str


@dataclass(frozen=True)
class _KnownPage:
    """The blocks of a page with what a profile knows of each."""

    blocks: Sequence[Block]
    shares: Sequence[float | None]
    """Of the source's documents, those that repeat the block; None where it is no repeat."""
    verdicts: Sequence[BlockVerdict]

    @cached_property
    def letters(self) -> Counter[str]:
        """Of the blocks by verdict."""
        letters: Counter[str] = Counter()
        for block, verdict in zip(self.blocks, self.verdicts, strict=True):
            letters[verdict] += len(block.text)
        return letters

    @property
    def does_wrapper_fit(self) -> bool:
        total = self.letters.total() - self.letters["repeated"]
        return total - self.letters["unknown"] >= MIN_FIT * total and self.letters["kept"] >= MIN_KEPT

    @property
    def is_decided(self) -> bool:
        """Whether the places alone can decide about a page that they fit."""
        return self.letters["unsure"] + self.letters["unknown"] <= MAX_UNSURE * self.letters["kept"]


def apply_profile(
    profile: Profile, blocks: Sequence[Block], title: str | None, read: Score = score_blocks
) -> list[LabelledLine]:
    """Label each block, in the same order.

    `reason` is `repeats` or `wrapper` where the source's pages decided, and `model` where the generic reading did, for
    a block or, where the wrapper does not fit, for the page.
    """
    page = _look_up(profile, blocks)
    fits = page.does_wrapper_fit
    scores = None if fits and page.is_decided else read(blocks, title)
    own_scores: list[float | None] = [None] * len(blocks) if scores is None else scores.tolist()
    decisions = [_decide(profile, page, n, fits, score) for n, score in enumerate(own_scores)]
    labelled = _label_decided(blocks, decisions, title)
    if blocks and not any(line.is_kept for line in labelled):
        return _read_alone(blocks, scores if scores is not None else read(blocks, title), page.shares, title)
    return labelled


def _decide(profile: Profile, page: _KnownPage, n: int, fits: bool, score: float | None) -> _Decision:
    """Decide about block `n`; `score` is that of the generic reading, None where no model was asked."""
    share, verdict = page.shares[n], page.verdicts[n]
    if share is not None:
        return _Decision(False, 1 - share, "repeats")
    evidence = profile.places.get(get_place(page.blocks[n])) if fits else None
    if fits and (score is None or verdict in ("kept", "dropped")):
        chance = evidence.chance if evidence else UNKNOWN
        return _Decision(verdict == "kept" or (verdict == "unsure" and chance >= KEEP), chance, "wrapper")
    chance = score if score is not None else UNKNOWN
    chance = evidence.estimate(chance) if evidence else chance
    return _Decision(chance >= KEEP, chance, "model")


def _label_decided(blocks: Sequence[Block], decisions: Sequence[_Decision], title: str | None) -> list[LabelledLine]:
    kept = [decision.is_kept for decision in decisions]
    scores = [decision.score for decision in decisions]
    return label_blocks(blocks, kept, scores, [decision.reason for decision in decisions], title)


def _read_alone(
    blocks: Sequence[Block], scores: Floats, shares: Sequence[float | None], title: str | None
) -> list[LabelledLine]:
    """Return the generic reading where a profile would keep nothing.

    The page may be furniture all through, but no article is lost to a profile. Repeats stay out if anything else is
    left.
    """
    generic = [
        _Decision(is_kept, score, "model")
        for is_kept, score in zip(choose_blocks(blocks, scores), scores.tolist(), strict=True)
    ]
    unrepeated = [
        decision if share is None else _Decision(False, 1 - share, "repeats")
        for decision, share in zip(generic, shares, strict=True)
    ]
    labelled = _label_decided(blocks, unrepeated, title)
    return labelled if any(line.is_kept for line in labelled) else _label_decided(blocks, generic, title)


def does_wrapper_fit(profile: Profile, blocks: Sequence[Block]) -> bool:
    """Return whether the page is built as those that were learnt from.

    Most of its text stands in known places then, and enough of it in places of the body; lines that repeat say nothing
    of that.
    """
    return _look_up(profile, blocks).does_wrapper_fit


def get_place(block: Block) -> Place:
    """Return where a block stands, as far as pages of one source agree on it."""
    return block.path[-STEPS:]


def _look_up(profile: Profile, blocks: Sequence[Block]) -> _KnownPage:
    """Return what a profile knows of each block: that it repeats, or what its place decides."""
    shares = [profile.repeats.get(get_line_key(block.text)) for block in blocks]
    verdicts: list[BlockVerdict] = [
        profile.verdicts.get(get_place(block), "unknown") if share is None else "repeated"
        for block, share in zip(blocks, shares, strict=True)
    ]
    return _KnownPage(blocks, shares, verdicts)


class _PlaceEvidence(NamedTuple):
    place: Place
    evidence: Evidence


def _read_place(row: Any) -> _PlaceEvidence:
    steps, pages, mean, variance, is_copy = row
    if not (isinstance(steps, list) and 0 < len(steps) <= STEPS and isinstance(is_copy, bool)):
        raise ValueError("not a place")
    place = tuple(_check_text(step, MAX_STEP) for step in steps)
    return _PlaceEvidence(place, Evidence(_check_count(pages), _check_share(mean), _check_share(variance), is_copy))


def _check_text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"not a text of up to {most} characters")
    return value


def _check_count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_COUNT:
        raise ValueError("not a count")
    return value


def _check_share(value: Any) -> float:
    if type(value) is not float or not (math.isfinite(value) and 0 <= value <= 1):
        raise ValueError("not a share")
    return value


def _check_length(value: Any, most: int) -> Any:
    if len(value) > most:
        raise ValueError(f"more than {most} entries")
    return value
