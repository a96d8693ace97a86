"""Who and what made-up texts name and quote, and their paragraphs: every offset is right, scores are invented."""

import numpy as np
import pyarrow as pa

from benchmarks.simulated.columns import Columns, build_lists, choose_names, choose_status, locate_pieces, rank_in_group
from benchmarks.simulated.pieces import DATELINES, KINDS, PLACE, Numbers, load_pieces
from benchmarks.simulated.texts import DIRECT, MIXED, SLOTS, TOLD, Texts

QUOTE_KINDS = {DIRECT: "direct", TOLD: "indirect", MIXED: "mixed"}


def find_entities(rng: np.random.Generator, texts: Texts) -> tuple[Columns, Numbers]:
    """Return the columns of entities and places, and for each cell the entity that it names, -1 for none."""
    known = load_pieces()
    skipped = texts.languages != 0
    flat = np.flatnonzero(texts.entities)
    key = texts.owner(flat).astype(np.int64) * len(known.kinds) + texts.entities[flat]
    keys, first, entity, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    owner, piece = keys // len(known.kinds), keys % len(known.kinds)
    order = np.lexsort((first, owner))  # articles in order, their entities by first mention
    place_of = np.empty(len(order), np.int64)
    place_of[order] = np.arange(len(order))
    mention = place_of[entity]
    by_entity = np.argsort(mention, kind="stable")
    owner, piece, counts, first = owner[order], piece[order], counts[order], first[order]
    most = np.zeros(texts.count)
    np.maximum.at(most, owner, counts)
    salience = 0.4 * np.exp(-texts.starts[flat[first]] / 1_000) + 0.4 * counts / most[owner]
    mentions = build_lists(mention[by_entity], len(owner), locate_pieces(texts, flat[by_entity]))
    fields = {
        "kind": choose_names(KINDS, known.kinds[piece]),
        "name": known.texts.take(pa.array(piece)),
        "mentions": mentions,
        "mention_count": counts.astype(np.int32),
        "salience_score": np.round(salience, 4),
    }
    index = np.full(texts.cells.size, -1, np.int32)
    index[flat] = rank_in_group(owner)[mention]
    located = np.flatnonzero(known.kinds[piece] == PLACE)
    # One name in twelve is not sure enough to be given a place.
    located = located[rng.random(len(located)) < 11 / 12]
    places = [known.places[number] for number in sorted(known.places)]
    which = pa.array(piece[located] - min(known.places))
    where = {
        "entity_index": rank_in_group(owner)[located].astype(np.int32),
        **{name: pa.array([place[name] for place in places]).take(which) for name in places[0]},
        "place_score": np.round(0.3 + 0.7 * rng.beta(5, 2, len(located)), 3),
    }
    return {
        "entities": build_lists(owner, texts.count, fields, skipped),
        "entities_status": choose_status(skipped),
        "places": build_lists(owner[located], texts.count, where, skipped),
        "places_status": choose_status(skipped),
    }, index


def find_quotes(rng: np.random.Generator, texts: Texts, index: Numbers) -> Columns:
    """Find speakers before a quote, and behind one in marks."""
    known = load_pieces()
    # Kind of sentence → slots of what is said, of the speaker and of the verb.
    slots = np.zeros((len(texts.kinds), 3), np.int64)
    for kind, where in {DIRECT: (2, 6, 4), TOLD: (5, 1, 3), MIXED: (5, 1, 3)}.items():
        slots[texts.kinds == kind] = where
    sentence = np.flatnonzero(slots[:, 0])
    said, speaker, verb = (sentence * SLOTS + slots[sentence, n] for n in range(3))
    cells = texts.cells.ravel()
    of = index[speaker]
    speaker_span, verb_span = texts.span(speaker), texts.span(verb)
    unheard = rng.random(len(sentence)) < 0.1  # who speaks is not found for every quote
    of[unheard] = -1
    start, end = texts.span(said)
    names = {DIRECT: 0, TOLD: 1, MIXED: 2}
    kinds = np.array([names.get(kind, 0) for kind in range(8)])[texts.kinds[sentence]]
    fields = {
        "kind": choose_names(tuple(QUOTE_KINDS.values()), kinds),
        "text": known.texts.take(pa.array(cells[said])).cast(pa.large_string()),
        "start": start,
        "end": end,
        "speaker": known.texts.take(pa.array(cells[speaker], mask=unheard)),
        "speaker_start": pa.array(speaker_span[0], mask=unheard),
        "speaker_end": pa.array(speaker_span[1], mask=unheard),
        "speaker_name": known.texts.take(pa.array(texts.entities[speaker], mask=of < 0)),
        "entity_index": pa.array(of, mask=of < 0),
        "verb": known.texts.take(pa.array(cells[verb], mask=unheard)),
        "verb_start": pa.array(verb_span[0], mask=unheard),
        "verb_end": pa.array(verb_span[1], mask=unheard),
        "quote_score": np.round(0.5 + 0.5 * rng.beta(6, 2, len(sentence)), 3),
        "speaker_score": pa.array(np.array([0.98, 0.91, 0.89])[kinds], mask=unheard),
    }
    return {
        "quotes": build_lists(texts.article[sentence], texts.count, fields),
        "quotes_status": choose_status(np.zeros(texts.count)),
    }


def find_datelines(texts: Texts) -> pa.StructArray:
    """Return place, agency and offsets where the text opens with them."""
    known = load_pieces()
    first = np.flatnonzero(np.diff(texts.article, prepend=-1))
    piece = texts.cells[first, 0]
    opens = piece > 0
    which = np.where(opens, piece - known.starts["datelines"][texts.languages], 0)
    fields = {
        "place": choose_names(tuple(place for place, _ in DATELINES), which),
        "agency": choose_names(tuple(agency for _, agency in DATELINES), which),
        "start": pa.array(np.zeros(texts.count, np.int32)),
        "end": pa.array((known.chars[piece] - 3).astype(np.int32)),  # without ` – `
    }
    return pa.StructArray.from_arrays(list(fields.values()), list(fields), mask=pa.array(~opens))


def find_parts(texts: Texts, before: int) -> pa.ListArray:
    """Return the paragraphs; `before` lines of the document are above them."""
    is_end = (texts.cells[:, 9] == load_pieces().starts["paragraph"][0]) | np.diff(texts.article, append=-1).astype(
        bool
    )
    ends = np.flatnonzero(is_end)
    owner = texts.article[ends]
    begins = np.concatenate([[0], ends[:-1] + 1])
    fields = {
        "kind": choose_names(("lead", "body"), np.minimum(rank_in_group(owner), 1)),
        "line": (before + rank_in_group(owner)).astype(np.int32),
        "start": texts.starts[begins * SLOTS],
        "end": texts.starts[ends * SLOTS + SLOTS - 1],
    }
    return build_lists(owner, texts.count, fields)
