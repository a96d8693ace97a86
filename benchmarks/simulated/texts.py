"""Texts drawn sentence by sentence, and what stands where in them. All arrays; no loop over articles."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from benchmarks.simulated.pieces import AMOUNTS, CODES, DATELINES, DAYS, PERSON, Numbers, load_pieces
from benchmarks.simulated.words import TOPICS

SLOTS = 10  # pieces of a sentence: what opens the text, eight of its own, what divides it from the next
WORDS = 11.5  # of a usual sentence
# A sentence's own pieces: what is told; what somebody does; where; what somebody says, in marks, told, and a few words
# of it in marks; what was paid; when.
PLAIN, NAMED, PLACED, DIRECT, TOLD, MIXED, PAID, DATED = range(8)
SHARES = (0.5, 0.16, 0.12, 0.05, 0.03, 0.015, 0.055, 0.07)
CAST = 6  # persons that an article may name, and places


@dataclass(frozen=True)
class Texts:
    """`cells` [sentences, SLOTS] are pieces; `article` [sentences] whose they are; the rest is for each article or,
    flat, for each cell."""

    cells: Numbers
    article: Numbers
    kinds: Numbers  # of sentences
    languages: Numbers
    topics: Numbers
    entities: Numbers  # [cells], flat: the piece with the full name, 0 for none
    starts: Numbers  # [cells], flat: first character, in its text

    @property
    def count(self) -> int:
        return len(self.languages)

    def owner(self, flat: Numbers) -> Numbers:
        """Return whose text each cell is in."""
        whose: Numbers = self.article[flat // SLOTS]
        return whose

    def span(self, flat: Numbers) -> tuple[Numbers, Numbers]:
        start = self.starts[flat]
        return start, start + load_pieces().chars[self.cells.ravel()[flat]]

    def sums(self, of_piece: Numbers) -> Numbers:
        """Return for each article the sum over its pieces."""
        by_sentence = of_piece[self.cells].sum(axis=1)
        summed: Numbers = np.bincount(self.article, by_sentence, self.count)
        return summed


def draw_texts(rng: np.random.Generator, languages: Numbers, words: Numbers, datelined: Numbers, today: int) -> Texts:
    """Draw texts of about so many words; `today` is the day counted from FIRST_DAY, `datelined` opens with a place."""
    known = load_pieces()
    count = np.clip(np.rint(words / WORDS), 3, 2_000).astype(np.int64)
    article = np.repeat(np.arange(len(languages)), count)
    code = languages[article]
    kinds = rng.choice(len(SHARES), len(article), p=SHARES)
    topics = rng.integers(len(TOPICS), size=len(languages))
    cells = np.zeros((len(article), SLOTS), np.int32)

    def pick(category: str, among: Numbers) -> Numbers:
        drawn: Numbers = (rng.random(len(among)) * known.counts[category][among]).astype(np.int32)
        return known.starts[category][among] + drawn

    persons, organisations, places = _choose_cast(rng, languages, today)

    def of_cast(cast: Numbers) -> Numbers:
        chosen: Numbers = cast[article, (rng.random(len(article)) * (1 + article % cast.shape[1])).astype(np.int64)]
        return chosen

    person, organisation, place = of_cast(persons), of_cast(organisations), of_cast(places)
    en = code == 0
    common = [pick("subjects", code), pick("verbs", code), pick("objects", code), pick("adjuncts", code)]
    on_topic = en & (rng.random(len(article)) < 0.6)
    common[2][on_topic] = (known.starts["objects"][0] + 3 * topics[article] + rng.integers(3, size=len(article)))[
        on_topic
    ]
    cells[:, 1:5] = np.stack(common, axis=1)
    cells[:, 8] = known.starts["stop"][0]

    def put(kind: int, slot: int, values: Numbers) -> None:
        rows = kinds == kind
        cells[rows, slot] = values[rows]

    is_organisation = rng.random(len(article)) < 0.3
    put(NAMED, 1, np.where(is_organisation, organisation, person))
    put(PLACED, 4, known.starts["place"][code])
    put(PLACED, 5, place)
    speaker = np.where(rng.random(len(article)) < 0.3, pick("roles", code), person)
    nothing = np.zeros(len(article), np.int32)
    space = np.full(len(article), known.starts["space"][0])
    quoted = (known.starts["opens"][code], pick("clauses", code), known.starts["closes"][code], pick("says", code))
    told = (person, space, pick("says", code), known.starts["that"][code], pick("told", code))
    mixed = (
        person,
        space,
        pick("speaks", code),
        known.starts["of"][code],
        pick("phrases", code),
        _choose_close(code),
    )
    for kind, run in {DIRECT: (*quoted, space, speaker), TOLD: told, MIXED: mixed}.items():
        for slot in range(1, 8):
            put(kind, slot, run[slot - 1] if slot <= len(run) else nothing)
    amount = known.starts["amount"][code] + rng.integers(len(AMOUNTS), size=len(article))
    for slot, values in enumerate((known.starts["paid"][code], amount, known.starts["cause"][code], common[2]), 2):
        put(PAID, slot, values)
    put(DATED, 4, known.starts["day"][code])
    on = np.clip(today - rng.integers(0, 40, size=len(article)), 0, DAYS - 1)
    put(DATED, 5, (known.starts["date"][code] + on).astype(np.int32))
    return _lay_out(rng, cells, article, kinds, languages, topics, datelined)


def _choose_close(code: Numbers) -> Numbers:
    """Return the mark after a few words in marks, by language."""
    known = load_pieces()
    marks = {"en": "double", "de": "high", "fr": "guillemet", "es": "right", "ru": "right"}
    return np.array([known.starts[marks[name]][0] for name in CODES])[code]


def _choose_cast(rng: np.random.Generator, languages: Numbers, today: int) -> tuple[Numbers, Numbers, Numbers]:
    """Choose who and what each article is about; some are in the news for a week."""
    known = load_pieces()

    def cast(category: str, size: int) -> Numbers:
        start, count = (of[category][languages][:, None] for of in (known.starts, known.counts))
        drawn = (rng.random((len(languages), size)) ** 2 * count).astype(np.int64)
        return (start + (drawn + 37 * (today // 7)) % count).astype(np.int32)

    return cast("persons", CAST), cast("organisations", 2), cast("places", CAST)


def _lay_out(
    rng: np.random.Generator, cells: Numbers, article: Numbers, kinds: Numbers, languages: Numbers, topics: Numbers,
    datelined: Numbers,
) -> Texts:  # fmt: skip
    known = load_pieces()
    first = np.flatnonzero(np.diff(article, prepend=-1))
    last = np.append(first[1:] - 1, len(article) - 1)
    divider = np.where(rng.random(len(article)) < 0.4, known.starts["paragraph"][0], known.starts["space"][0])
    divider[last] = 0
    # Cleaning is not perfect: a line of the site ends 3 texts in 1,000.
    spoilt = np.flatnonzero(rng.random(len(languages)) < 0.003)
    kinds[last[spoilt]] = PLAIN
    cells[last[spoilt]] = 0
    phrase = (rng.random(len(spoilt)) * known.counts["furniture"][languages[spoilt]]).astype(np.int32)
    cells[last[spoilt], 1] = known.starts["furniture"][languages[spoilt]] + phrase
    cells[:, 9] = divider
    # Entities are named in English alone, as the enricher does.
    entities = np.where((known.kinds[cells] > 0) & (languages[article] == 0)[:, None], cells, 0).ravel()
    opens = known.starts["datelines"][languages] + rng.integers(len(DATELINES), size=len(languages))
    cells[first[datelined], 0] = opens[datelined]
    flat = cells.ravel()
    owner = np.repeat(article, SLOTS)
    named = np.flatnonzero(known.kinds[flat] == PERSON)
    key = owner[named].astype(np.int64) * len(known.kinds) + flat[named]
    again = np.ones(len(named), bool)
    again[np.unique(key, return_index=True)[1]] = False
    short = named[again & (rng.random(len(named)) < 0.6)]
    flat[short] = known.surnames[flat[short]]
    ends = np.cumsum(known.chars[flat], dtype=np.int64)
    begins = ends - known.chars[flat]
    starts = (begins - begins[first * SLOTS][owner]).astype(np.int32)
    return Texts(flat.reshape(cells.shape), article, kinds, languages, topics, entities, starts)


def join_pieces(cells: Numbers, bounds: Numbers, is_large: bool = False) -> pa.Array:
    """Join the texts of runs of pieces: run n is what `cells`, flat, holds from bounds[n] to bounds[n + 1]."""
    known = load_pieces()
    sizes = np.concatenate([[0], np.cumsum(known.sizes[cells.ravel()], dtype=np.int64)])
    offsets = sizes[bounds]
    data = known.texts.take(pa.array(cells.ravel())).buffers()[2]
    made = pa.LargeStringArray if is_large else pa.StringArray
    return made.from_buffers(len(bounds) - 1, pa.py_buffer(offsets.astype(np.int64 if is_large else np.int32)), data)


def join_bodies(texts: Texts) -> pa.Array:
    return join_pieces(texts.cells, np.searchsorted(texts.article, np.arange(texts.count + 1)) * SLOTS, is_large=True)


def draw_lines(rng: np.random.Generator, languages: Numbers, is_title: bool) -> pa.Array:
    """Draw one sentence for each article: a headline, half of them with a name, or a lead."""
    known = load_pieces()
    categories = ("subjects", "verbs", "objects", "adjuncts")
    cells = np.zeros((len(languages), 5), np.int32)
    for slot, category in enumerate(categories):
        drawn = (rng.random(len(languages)) * known.counts[category][languages]).astype(np.int32)
        cells[:, slot] = known.starts[category][languages] + drawn
    if is_title:
        named = rng.random(len(languages)) < 0.7
        drawn = (rng.random(len(languages)) * known.counts["persons"][languages]).astype(np.int32)
        cells[named, 0] = (known.starts["persons"][languages] + drawn)[named]
    else:
        cells[:, 4] = known.starts["stop"][0]
    return join_pieces(cells, np.arange(len(languages) + 1) * 5)
