"""Pages of one source → its profile, and the figures that decide whether it is activated. No person reads a page."""

import re
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
from pipelines.cleaning.texts.hints import ScoredText, learn_hints
from pipelines.cleaning.texts.lines import get_line_key
from pipelines.cleaning.trees import Floats
from pipelines.tables.ids import hash_id
from pipelines.text.scripts import KANA_AND_HAN
from pipelines.text.sentences import ends_sentence

ScoreLines = Callable[[Sequence[str]], Floats]

# A line repeats where so many different documents have it, and such a share of them. With 8 pages 3 documents in place
# of 2, or 30 and 40 %, change nothing on daniel_dev; with 4 pages 3 documents cost .003 on fundus_eval.
MIN_REPEATS = 2
MIN_SHARE = 0.2
MAX_ALIKE = 0.8  # of the text kept on two pages: the same article sent again, which must not make it a repeat
MAX_OF_PAGE = 0.5  # share of a document's kept letters that one line may be and still count as a repeat
COPIED = 0.5  # of a place's letters that a better place of the body has too
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

_IDEOGRAPH = re.compile(f"[{KANA_AND_HAN}]")


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page to learn from."""

    blocks: Sequence[Block]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Held-out statistics of a profile. They need no gold labels.

    Words are the letters of blocks and lines, in pieces between spaces, or characters of scripts without spaces.
    """

    pages: float = 0
    texts: float = 0
    """Plain texts."""
    fitting: float = 0
    """Pages that the wrapper fits."""
    words: float = 0
    """Of the generic reading."""
    dropped: float = 0
    """Of these, those that the profile drops."""
    dropped_repeated: float = 0
    """Of these, those that several documents have, or the document has in another place too."""
    added: float = 0
    """Those that the profile keeps and the generic reading does not."""
    added_unique: float = 0
    """Of these, those that one document has."""
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
    """Learn the profile of a source. The order of the pages does not matter, nor how often one is given."""
    read_pages = _drop_similar([_read_generically(page, read) for page in _choose_pages(pages)])
    distinct = _choose_texts(texts)
    repeats = _find_repeats(read_pages, [text.letters for text in distinct])
    scored = [
        ScoredText(text.keys, text.sizes, read_text(text.lines).tolist())
        for text in distinct
        if len(distinct) >= MIN_TEXTS
    ]
    places = _learn_places(read_pages, repeats)
    return Profile(source, len(read_pages), len(distinct), places, repeats, learn_hints(scored, repeats))


def measure_profile(
    profile: Profile, pages: Sequence[Page], texts: Sequence[Sequence[str]] = (), read: Score = score_blocks
) -> Figures:
    """Measure a profile on documents that it was not learnt from."""
    total = _measure_pages(profile, [_read_generically(page, read) for page in pages if page.blocks])
    total += _measure_texts(profile, [lines[:MAX_LINES] for lines in texts if lines])
    return Figures(**{name: float(value) for name, value in total.items()})


def evaluate_profile(
    source: str, pages: Sequence[Page], texts: Sequence[Sequence[str]] = (), read: Score = score_blocks
) -> Figures:
    """Return the figures of learning from these documents: from each half, measured on the other half."""
    distinct_pages = [
        page.page for page in _drop_similar([_read_generically(page, read) for page in _choose_pages(pages)])
    ]
    distinct_texts = [text.lines for text in _choose_texts(texts)]
    halves = (distinct_pages[::2], distinct_texts[::2]), (distinct_pages[1::2], distinct_texts[1::2])
    one, other = (
        measure_profile(learn(source, *taught, read), *held_out, read) for taught, held_out in (halves, halves[::-1])
    )
    return Figures(**{field.name: getattr(one, field.name) + getattr(other, field.name) for field in fields(Figures)})


def find_refusal(figures: Figures) -> str | None:
    """Return why a profile must not be used; None where it may."""
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


def _measure_pages(profile: Profile, pages: Sequence["_ReadPage"]) -> Counter[str]:
    document_counts = Counter(key for page in pages for key in set(page.keys))
    total: Counter[str] = Counter(pages=len(pages))
    for page in pages:
        blocks = page.page.blocks
        total["fitting"] += does_wrapper_fit(profile, blocks)
        labelled = apply_profile(profile, blocks, page.page.title, partial(_read_before, page.scores))
        kept = [score >= KEEP for score in page.scores]
        total += _compare(profile, page.keys, kept, labelled, document_counts)
    return total


def _measure_texts(profile: Profile, texts: Sequence[Sequence[str]]) -> Counter[str]:
    keys_of_texts = [[get_line_key(line) for line in lines] for lines in texts]
    document_counts = Counter(key for keys in keys_of_texts for key in set(keys))
    total: Counter[str] = Counter(texts=len(texts))
    for lines, keys in zip(texts, keys_of_texts, strict=True):
        text = "\n\n".join(lines)  # cut into the same lines again
        kept = [line.is_kept for line in reading.read_lines(text)]
        labelled = reading.read_lines(text, profile.repeats, profile.hints)
        total += _compare(profile, keys, kept, labelled, document_counts)
    return total


def _compare(
    profile: Profile,
    keys: Sequence[str],
    kept: Sequence[bool],
    labelled: Sequence[LabelledLine],
    document_counts: Mapping[str, int],
) -> Counter[str]:
    """Count the words of one document, by whether the generic reading and the profile keep them."""
    total: Counter[str] = Counter()
    kept_keys = {key for key, line in zip(keys, labelled, strict=True) if line.is_kept or line.label == "headline"}
    drops: list[bool] = []  # of what the generic reading keeps: a repeated sentence that goes, or a line that stays
    for key, was_kept, line in zip(keys, kept, labelled, strict=True):
        if line.label == "headline":
            continue
        is_copied = not line.is_kept and key in kept_keys
        is_repeated = is_copied or key in profile.repeats or document_counts[key] > 1
        size = _count_words(line.text)
        if was_kept:
            total["words"] += size
            if line.is_kept or (key in profile.repeats and ends_sentence(line.text)):
                drops.append(not line.is_kept)
        if was_kept and not line.is_kept:
            total["dropped"] += size
            total["dropped_repeated"] += size * is_repeated
        if not was_kept and line.is_kept:
            total["added"] += size
            total["added_unique"] += size * (not is_repeated)
    runs = [is_dropped for is_dropped, _ in groupby(drops)]
    total["refrains"] += sum(runs[1:-1]) >= MIN_REFRAINS
    return total


def _read_before(scores: Floats, _blocks: Sequence[Block], _title: str | None) -> Floats:
    return scores


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """A page as the generic reading scores it."""

    page: Page
    keys: tuple[str, ...]
    scores: Floats
    kept: Mapping[str, int]
    """Keys of the blocks that the generic reading keeps → their letters."""


def _choose_pages(pages: Iterable[Page]) -> list[Page]:
    """Return the pages, bounded and in an order of their own, whatever order they come in."""
    named = {
        hash_id("page", page.title, *(part for b in page.blocks[:MAX_LINES] for part in (b.text, *b.path))): page
        for page in pages
        if page.blocks
    }
    return [Page(named[name].blocks[:MAX_LINES], named[name].title) for name in sorted(named)[:MAX_PAGES]]


def _read_generically(page: Page, read: Score) -> _ReadPage:
    scores = read(page.blocks, page.title)
    keys = tuple(get_line_key(block.text) for block in page.blocks)
    scored = zip(keys, scores, page.blocks, strict=True)
    return _ReadPage(page, keys, scores, {key: len(block.text) for key, score, block in scored if score >= KEEP})


def _drop_similar(pages: Sequence[_ReadPage]) -> list[_ReadPage]:
    """Return the pages without those whose kept text is that of an earlier one."""
    distinct: list[_ReadPage] = []
    for page in pages:
        if not any(_is_alike(page.kept, other.kept) for other in distinct):
            distinct.append(page)
    return distinct


@dataclass(frozen=True, slots=True)
class _Text:
    lines: Sequence[str]
    keys: Sequence[str]
    letters: Mapping[str, int]
    """By key."""

    @property
    def sizes(self) -> list[int]:
        return [min(len(line), MAX_SAY) for line in self.lines]


def _choose_texts(texts: Iterable[Sequence[str]]) -> list[_Text]:
    """Return the texts, bounded, without those that are mostly an earlier one."""
    named = {hash_id("text", *lines[:MAX_LINES]): lines[:MAX_LINES] for lines in texts if lines}
    distinct: list[_Text] = []
    for name in sorted(named)[:MAX_PAGES]:
        keys = [get_line_key(line) for line in named[name]]
        letters = {key: len(line) for key, line in zip(keys, named[name], strict=True) if key}
        if letters and not any(_is_alike(letters, other.letters) for other in distinct):
            distinct.append(_Text(named[name], keys, letters))
    return distinct


def _is_alike(letters: Mapping[str, int], other: Mapping[str, int]) -> bool:
    common = sum(size for key, size in letters.items() if key in other)
    return common > MAX_ALIKE * max(sum(letters.values()), sum(other.values()))


def _find_repeats(pages: Sequence[_ReadPage], texts: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """Return lines of several documents that are no large part of any → share of the documents that have them."""
    document_counts: Counter[str] = Counter()
    for kept, keys in [(page.kept, set(page.keys)) for page in pages] + [(text, set(text)) for text in texts]:
        most = MAX_OF_PAGE * sum(kept.values())
        document_counts.update(key for key in keys if kept.get(key, 0) <= most)
    document_counts.pop("", None)
    total = len(pages) + len(texts)
    least = max(MIN_REPEATS, MIN_SHARE * total)
    shares = {key: count / total for key, count in document_counts.items() if count >= least}
    best = sorted(shares, key=lambda key: (-shares[key], key))[:MAX_REPEATS]
    return {key: round(shares[key], DIGITS) for key in sorted(best)}


@dataclass(slots=True)
class _Sums:
    """Sums over the blocks of a place."""

    pages: float = 0
    letters: float = 0.0
    score: float = 0.0
    """By letters, and its square next."""
    square: float = 0.0

    def add_block(self, size: int, score: float) -> None:
        """Add a block of one page."""
        self.letters += size
        self.score += size * score
        self.square += size * score * score

    def add_page(self, page: "_Sums") -> None:
        """Add the blocks of one page, which count for no more than MAX_SAY letters."""
        share = min(1.0, MAX_SAY / page.letters)
        self.pages += 1.0
        self.letters += share * page.letters
        self.score += share * page.score
        self.square += share * page.square

    def as_evidence(self, is_copy: bool) -> Evidence:
        """Return what the sums say of the place."""
        mean = self.score / self.letters
        variance = max(self.square / self.letters - mean * mean, 0.0)
        return Evidence(int(self.pages), round(mean, DIGITS), round(variance, DIGITS), is_copy)


def _learn_places(pages: Sequence[_ReadPage], repeats: Mapping[str, float]) -> dict[Place, Evidence]:
    sums: dict[Place, _Sums] = defaultdict(_Sums)
    for page in pages:
        of_page: dict[Place, _Sums] = defaultdict(_Sums)
        for block, key, score in zip(page.page.blocks, page.keys, page.scores, strict=True):
            of_page[get_place(block)].add_block(len(block.text), 0.0 if key in repeats else float(score))
        for place, place_sums in of_page.items():
            sums[place].add_page(place_sums)
    copies = _find_copies(pages, {place: place_sums.score for place, place_sums in sums.items()})
    best = sorted(sums, key=lambda place: (-sums[place].pages, -sums[place].letters, place))[:MAX_PLACES]
    return {place: sums[place].as_evidence(place in copies) for place in sorted(best)}


def _find_copies(pages: Sequence[_ReadPage], worth: Mapping[Place, float]) -> set[Place]:
    """Return places whose texts better places of the same page have too."""
    letters: Counter[Place] = Counter()
    copied_letters: Counter[Place] = Counter()
    for page in pages:
        best_places: dict[str, Place] = {}
        kept = [(block, key) for block, key in zip(page.page.blocks, page.keys, strict=True) if key in page.kept]
        for block, key in kept:
            place = get_place(block)
            if key not in best_places or (worth[place], place) > (worth[best_places[key]], best_places[key]):
                best_places[key] = place
        for block, key in kept:
            place = get_place(block)
            letters[place] += len(block.text)
            copied_letters[place] += len(block.text) * (best_places[key] != place)
    return {place for place in letters if copied_letters[place] > COPIED * letters[place]}


def _count_words(text: str) -> int:
    """Return the pieces between spaces, or where there are more of them the ideographs and kana."""
    return max(text.count(" ") + 1, len(_IDEOGRAPH.findall(text)))
