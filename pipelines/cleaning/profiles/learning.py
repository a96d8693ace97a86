"""Pages of one source → its profile, and the figures on which activating it is decided. No page is read by a person."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import groupby

from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.pages.blocks import Block
from pipelines.cleaning.pages.reading import KEEP, score_blocks
from pipelines.cleaning.profiles.profile import (
    MAX_PLACES,
    MAX_REPEATS,
    Evidence,
    Place,
    Profile,
    Score,
    apply_profile,
    does_wrapper_fit,
    get_place,
)
from pipelines.cleaning.texts import reading
from pipelines.cleaning.texts.hints import learn_hints
from pipelines.cleaning.texts.lines import get_line_key
from pipelines.cleaning.trees import Floats
from pipelines.tables.ids import hash_id
from pipelines.text.sentences import ends_sentence

ScoreLines = Callable[[Sequence[str]], Floats]

# A line repeats where so many different documents have it, and such a share of them. With 8 pages 3 documents in place
# of 2, or 30 and 40 %, change nothing on daniel_dev; with 4 pages 3 documents cost .003 on fundus_eval.
MIN_REPEATS = 2
MIN_SHARE = 0.2
MAX_ALIKE = 0.8  # of the text kept on two pages: the same article sent again, which must not make it a repeat
MAX_OF_PAGE = 0.5  # share of a document's kept letters that one line may be and still count as a repeat
COPIED = 0.5  # of a place's letters that stand in a better place of the body too
MAX_PAGES = 200  # that are looked at: comparing them is quadratic
MAX_LINES = 5_000  # blocks or lines of a document that are looked at
MAX_SAY = 400  # letters of one page that count for a place, so that no long page decides alone
DIGITS = 4  # of means and shares, so that a profile does not depend on the order of sums

# With 4 pages no source of daniel_dev or fundus_eval loses more than .003 of F1 to an activated profile
# (benchmarks/curve.py); fewer cannot be split into halves that both show what repeats.
MIN_PAGES = 4
MIN_TEXTS = 6  # plain texts for hints: the trees that weigh them were shown none of fewer (training/lines.py)
MAX_LOST = 0.25  # share of the words of the generic reading that it drops though they stand on one page only
# An interview's questions are the same on all pages and none the less its text: they stand here and there between what
# is said. So many repeated sentences to go, each between lines that stay, in so many of the documents, are taken for
# such. That refuses none of 29 sources of pages and 1 of 44 of plain texts (dev parts, 16 documents of each); were
# lines counted that end no sentence it would refuse several more, for words like "Advertisement".
MIN_REFRAINS = 2
MAX_REFRAINS = 0.2


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page to learn from."""

    blocks: Sequence[Block]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How a profile fares on documents that it was not learnt from, told without knowing what is right there. Words
    are the letters of blocks and lines, in pieces between spaces, or characters of scripts without spaces."""

    pages: float = 0
    texts: float = 0
    """Plain texts."""
    fitting: float = 0
    """Pages that the wrapper fits."""
    words: float = 0
    """Of the generic reading."""
    dropped: float = 0
    """Of these, what the profile drops."""
    dropped_repeated: float = 0
    """Of these, what several documents have, or the document has in another place too."""
    added: float = 0
    """What the profile keeps and the generic reading does not."""
    added_unique: float = 0
    """Of these, what one document has."""
    refrains: float = 0
    """Documents that lose repeated sentences here and there between lines that stay."""

    @property
    def agreement(self) -> float:
        """Share of the words kept by either that are kept by both."""
        return (self.words - self.dropped) / max(self.words + self.added, 1)


def learn(
    source: str,
    pages: Sequence[Page],
    texts: Sequence[Sequence[str]] = (),
    read: Score = score_blocks,
    read_text: ScoreLines = reading.score_lines,
) -> Profile:
    """The profile of a source. The order of the pages does not matter, nor how often one is given."""
    seen = _different([_seen(page, read) for page in _chosen(pages)])
    written = _different_texts(texts)
    repeats = _repeats(seen, [text.letters for text in written])
    told = [(text.keys, text.sizes, read_text(text.lines).tolist()) for text in written if len(written) >= MIN_TEXTS]
    return Profile(source, len(seen), len(written), _places(seen, repeats), repeats, learn_hints(told, repeats))


def judge(
    profile: Profile, pages: Sequence[Page], texts: Sequence[Sequence[str]] = (), read: Score = score_blocks
) -> Figures:
    """How a profile fares on documents that it was not learnt from."""
    total = _judge_pages(profile, [_seen(page, read) for page in pages if page.blocks])
    total += _judge_texts(profile, [lines[:MAX_LINES] for lines in texts if lines])
    return Figures(**{name: float(value) for name, value in total.items()})


def evaluate_profile(
    source: str, pages: Sequence[Page], texts: Sequence[Sequence[str]] = (), read: Score = score_blocks
) -> Figures:
    """The figures of learning from these documents: from each half, judged on the other half."""
    seen = [page.page for page in _different([_seen(page, read) for page in _chosen(pages)])]
    written = [text.lines for text in _different_texts(texts)]
    halves = (seen[::2], written[::2]), (seen[1::2], written[1::2])
    one, other = (judge(learn(source, *here, read), *there, read) for here, there in (halves, halves[::-1]))
    return Figures(**{f.name: getattr(one, f.name) + getattr(other, f.name) for f in fields(Figures)})


def find_refusal(figures: Figures) -> str | None:
    """Why a profile must not be used; None where it may."""
    documents = figures.pages + figures.texts
    if documents < MIN_PAGES:
        return f"learnt from {documents:.0f} documents, fewer than {MIN_PAGES}"
    lost = figures.dropped - figures.dropped_repeated
    if lost > MAX_LOST * figures.words:
        return f"drops {lost / figures.words:.0%} of the words of the generic reading though they do not repeat"
    if figures.refrains > MAX_REFRAINS * documents:
        return f"drops sentences here and there within the text of {figures.refrains / documents:.0%} of the documents"
    if figures.dropped + figures.added + figures.fitting == 0:
        return "changes nothing"
    return None


def _judge_pages(profile: Profile, found: Sequence["_Seen"]) -> Counter[str]:
    spread = Counter(key for page in found for key in set(page.keys))
    total: Counter[str] = Counter(pages=len(found))
    for page in found:
        blocks = page.page.blocks
        total["fitting"] += does_wrapper_fit(profile, blocks)
        judged = apply_profile(profile, blocks, page.page.title, partial(_read_before, page.scores))
        kept = [score >= KEEP for score in page.scores]
        total += _compared(profile, [block.text for block in blocks], page.keys, kept, judged, spread)
    return total


def _judge_texts(profile: Profile, texts: Sequence[Sequence[str]]) -> Counter[str]:
    keyed = [[get_line_key(line) for line in lines] for lines in texts]
    spread = Counter(key for keys in keyed for key in set(keys))
    total: Counter[str] = Counter(texts=len(texts))
    for lines, keys in zip(texts, keyed, strict=True):
        text = "\n\n".join(lines)  # cut into the same lines again
        kept = [line.is_kept for line in reading.read_lines(text)]
        judged = reading.read_lines(text, profile.repeats, profile.hints)
        total += _compared(profile, lines, keys, kept, judged, spread)
    return total


def _compared(
    profile: Profile,
    lines: Sequence[str],
    keys: Sequence[str],
    kept: Sequence[bool],
    judged: Sequence[LabelledLine],
    spread: Mapping[str, int],
) -> Counter[str]:
    """The words of one document, by what the generic reading keeps of it and how the profile judges it."""
    total: Counter[str] = Counter()
    still = {key for key, ours in zip(keys, judged, strict=True) if ours.is_kept or ours.label == "headline"}
    goes: list[bool] = []  # of what the generic reading keeps: a repeated sentence that goes, or a line that stays
    for line, key, was_kept, ours in zip(lines, keys, kept, judged, strict=True):
        if ours.label == "headline":
            continue
        is_copied = not ours.is_kept and key in still
        size, is_repeated = _words(line), is_copied or key in profile.repeats or spread[key] > 1
        if was_kept:
            total["words"] += size
            if ours.is_kept or (key in profile.repeats and ends_sentence(line)):
                goes.append(not ours.is_kept)
        if was_kept and not ours.is_kept:
            total["dropped"] += size
            total["dropped_repeated"] += size * is_repeated
        if not was_kept and ours.is_kept:
            total["added"] += size
            total["added_unique"] += size * (not is_repeated)
    runs = [is_gone for is_gone, _ in groupby(goes)]
    total["refrains"] += sum(runs[1:-1]) >= MIN_REFRAINS
    return total


def _read_before(found: Floats, _blocks: Sequence[Block], _title: str | None) -> Floats:
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    page: Page
    keys: tuple[str, ...]
    scores: Floats
    kept: Mapping[str, int]
    """Keys of the blocks that the generic reading keeps → their letters."""


def _chosen(pages: Iterable[Page]) -> list[Page]:
    """Bounded and in an order of their own, whatever order they come in."""
    named = {
        hash_id("page", page.title, *(part for b in page.blocks[:MAX_LINES] for part in (b.text, *b.path))): page
        for page in pages
        if page.blocks
    }
    return [Page(named[name].blocks[:MAX_LINES], named[name].title) for name in sorted(named)[:MAX_PAGES]]


def _seen(page: Page, read: Score) -> _Seen:
    own = read(page.blocks, page.title)
    keys = tuple(get_line_key(block.text) for block in page.blocks)
    sized = zip(keys, own, page.blocks, strict=True)
    return _Seen(page, keys, own, {key: len(block.text) for key, score, block in sized if score >= KEEP})


def _different(pages: Sequence[_Seen]) -> list[_Seen]:
    """The pages without those whose kept text is that of an earlier one."""
    found: list[_Seen] = []
    for page in pages:
        if not any(_alike(page.kept, other.kept) for other in found):
            found.append(page)
    return found


@dataclass(frozen=True, slots=True)
class _Text:
    lines: Sequence[str]
    keys: Sequence[str]
    letters: Mapping[str, int]
    """By key."""

    @property
    def sizes(self) -> list[int]:
        return [min(len(line), MAX_SAY) for line in self.lines]


def _different_texts(texts: Iterable[Sequence[str]]) -> list[_Text]:
    """The texts without those that are mostly an earlier one."""
    named = {hash_id("text", *lines[:MAX_LINES]): lines[:MAX_LINES] for lines in texts if lines}
    found: list[_Text] = []
    for name in sorted(named)[:MAX_PAGES]:
        keys = [get_line_key(line) for line in named[name]]
        letters = {key: len(line) for key, line in zip(keys, named[name], strict=True) if key}
        if letters and not any(_alike(letters, other.letters) for other in found):
            found.append(_Text(named[name], keys, letters))
    return found


def _alike(ours: Mapping[str, int], theirs: Mapping[str, int]) -> bool:
    common = sum(size for key, size in ours.items() if key in theirs)
    return common > MAX_ALIKE * max(sum(ours.values()), sum(theirs.values()))


def _repeats(pages: Sequence[_Seen], texts: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """Lines of several documents that are no large part of any → share of the documents that have them."""
    count: Counter[str] = Counter()
    for kept, keys in [(page.kept, set(page.keys)) for page in pages] + [(text, set(text)) for text in texts]:
        most = MAX_OF_PAGE * sum(kept.values())
        count.update(key for key in keys if kept.get(key, 0) <= most)
    count.pop("", None)
    total = len(pages) + len(texts)
    found = {key: n / total for key, n in count.items() if n >= MIN_REPEATS and n >= MIN_SHARE * total}
    best = sorted(found, key=lambda key: (-found[key], key))[:MAX_REPEATS]
    return {key: round(found[key], DIGITS) for key in sorted(best)}


def _places(pages: Sequence[_Seen], repeats: Mapping[str, float]) -> dict[Place, Evidence]:
    sums: dict[Place, list[float]] = defaultdict(lambda: [0, 0.0, 0.0, 0.0])  # pages, letters, score, its square
    for page in pages:
        here: dict[Place, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for block, key, score in zip(page.page.blocks, page.keys, page.scores, strict=True):
            size, worth = len(block.text), 0.0 if key in repeats else float(score)
            found = here[get_place(block)]
            found[0] += size
            found[1] += size * worth
            found[2] += size * worth * worth
        for where, found in here.items():
            share = min(1.0, MAX_SAY / found[0])
            for n, value in enumerate((1.0, *(share * part for part in found))):
                sums[where][n] += value
    copies = _copies(pages, {where: score for where, (_, _, score, _) in sums.items()})
    best = sorted(sums, key=lambda where: (-sums[where][0], -sums[where][1], where))[:MAX_PLACES]
    return {where: _evidence(sums[where], where in copies) for where in sorted(best)}


def _evidence(sums: Sequence[float], is_copy: bool) -> Evidence:
    pages, size, score, square = sums
    mean = score / size
    return Evidence(int(pages), round(mean, DIGITS), round(max(square / size - mean * mean, 0.0), DIGITS), is_copy)


def _copies(pages: Sequence[_Seen], worth: Mapping[Place, float]) -> set[Place]:
    """Places whose texts stand in places of more worth on the same page too."""
    size: Counter[Place] = Counter()
    copied: Counter[Place] = Counter()
    for page in pages:
        held: dict[str, Place] = {}
        kept = [(b, k) for b, k in zip(page.page.blocks, page.keys, strict=True) if k in page.kept]
        for block, key in kept:
            where = get_place(block)
            if key not in held or (worth[where], where) > (worth[held[key]], held[key]):
                held[key] = where
        for block, key in kept:
            size[get_place(block)] += len(block.text)
            copied[get_place(block)] += len(block.text) * (held[key] != get_place(block))
    return {where for where in size if copied[where] > COPIED * size[where]}


def _words(text: str) -> int:
    return max(text.count(" ") + 1, sum("\u3040" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff" for c in text))
