"""What the enrichers would find in made-up texts, as columns: every offset is right, the scores are invented."""

from datetime import timedelta

import numpy as np
import pyarrow as pa

from benchmarks.simulated.columns import (
    ON_LANGUAGE,
    Columns,
    build_lists,
    choose_names,
    choose_status,
    locate_pieces,
    rank_in_group,
)
from benchmarks.simulated.named import find_entities, find_quotes
from benchmarks.simulated.pieces import AMOUNTS, CODES, DAYS, FIRST_DAY, Numbers, load_pieces
from benchmarks.simulated.texts import DATED, PAID, SLOTS, Texts, join_pieces
from benchmarks.simulated.words import TOPICS

FORMULAS = ("flesch", "amstad", "kandel_moles", "fernandez_huerta", None)
MEANS = np.array([52.0, 40.0, 55.0, 60.0, 0.0])  # of readability by language


def build_enrichment(rng: np.random.Generator, texts: Texts) -> Columns:
    """Return column → array, for every enricher that is not optional."""
    keywords, best = _keywords(texts)
    entities, index = find_entities(rng, texts)
    return {
        **_counts(texts),
        **_readability(rng, texts),
        **keywords,
        **_topics(rng, texts, best),
        **_tone(texts),
        **_summary(rng, texts),
        **_dates(texts),
        **_amounts(texts),
        **entities,
        **find_quotes(rng, texts, index),
    }


def _counts(texts: Texts) -> Columns:
    known = load_pieces()
    is_break = (texts.cells[:, 9] == known.starts["paragraph"][0]).astype(np.int32)
    return {
        "word_count": texts.sums(known.words).astype(np.int32),
        "sentence_count": np.bincount(texts.article, minlength=texts.count).astype(np.int32),
        "paragraph_count": (1 + np.bincount(texts.article, is_break, texts.count)).astype(np.int32),
        "char_count": texts.sums(known.chars).astype(np.int32),
        "counts_status": choose_status(np.zeros(texts.count)),
    }


def _readability(rng: np.random.Generator, texts: Texts) -> Columns:
    words = texts.sums(load_pieces().words)
    skipped = np.where(texts.languages == CODES.index("ru"), 1, np.where(words < 100, 2, 0))
    scores = np.round(rng.normal(MEANS[texts.languages], 9.0), 2)
    formulas = np.where(skipped == 0, texts.languages, len(FORMULAS) - 1)
    return {
        "readability_score": pa.array(scores, mask=skipped > 0),
        "readability_formula": choose_names(FORMULAS, formulas),
        "readability_status": choose_status(skipped, (*ON_LANGUAGE, "skipped: fewer than 100 words")),
    }


def _keywords(texts: Texts) -> tuple[Columns, Numbers]:
    """Return the columns, and for each article the cell of its best term, -1 for none."""
    known = load_pieces()
    flat = np.flatnonzero(known.keywords[texts.cells.ravel(), 1])
    owner = texts.owner(flat)
    start, length, term = known.keywords[texts.cells.ravel()[flat]].T
    key = owner.astype(np.int64) * len(known.terms) + term
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    owner, cell, term = owner[first], flat[first], term[first]
    begins = texts.starts[cell] + start[first]
    weight = counts * (0.6 + 0.4 * np.exp(-begins / 1_000))
    order = np.lexsort((begins, -weight, owner))
    order = order[rank_in_group(owner[order]) < 10]
    owner, cell, begins, weight = owner[order], cell[order], begins[order], weight[order]
    top = np.zeros(texts.count)
    np.maximum.at(top, owner, weight)
    fields = {
        "term": known.terms.take(pa.array(term[order])),
        "score": np.round(weight / top[owner], 4),
        "start": begins.astype(np.int32),
        "end": (begins + length[first][order]).astype(np.int32),
    }
    best = np.full(texts.count, -1)
    is_first = rank_in_group(owner) == 0
    best[owner[is_first]] = cell[is_first]
    return {
        "keywords": build_lists(owner, texts.count, fields),
        "keywords_status": choose_status(np.zeros(texts.count)),
    }, best


def _topics(rng: np.random.Generator, texts: Texts, best: Numbers) -> Columns:
    """Choose the topic of the best term, of English articles."""
    known = load_pieces()
    skipped = texts.languages != 0
    owner = np.flatnonzero((best >= 0) & ~skipped)
    cell = best[owner]
    piece = texts.cells.ravel()[cell]
    topic = (piece - known.starts["objects"][0]) // 3
    start, length, term = known.keywords[piece].T
    begins = texts.starts[cell] + start
    terms = {"text": known.terms.take(pa.array(term)), "start": begins, "end": (begins + length).astype(np.int32)}
    fields = {
        "topic": choose_names(tuple(code for code, _ in TOPICS), topic),
        "label": choose_names(tuple(label for _, label in TOPICS), topic),
        "topic_score": np.round(0.35 + 0.65 * rng.beta(2, 2, len(owner)), 3),
        "terms": build_lists(np.arange(len(owner)), len(owner), terms),
    }
    return {"topics": build_lists(owner, texts.count, fields, skipped), "topics_status": choose_status(skipped)}


def _tone(texts: Texts) -> Columns:
    known = load_pieces()
    skipped = texts.languages != 0
    weights = known.tones[texts.cells.ravel()]  # [cells, TONED, 3]
    cell, nth = np.nonzero(weights[:, :, 1])
    start, length, weight = weights[cell, nth].T
    owner = texts.owner(cell)
    parts = {}
    for name, which in (("positive", weight > 0), ("negative", weight < 0)):
        parts[f"{name}_count"] = np.bincount(owner[which], minlength=texts.count).astype(np.int32)
    for name, which in (("positive", weight > 0), ("negative", weight < 0)):
        parts[f"{name}_sum"] = np.round(np.bincount(owner[which], np.abs(weight[which]), texts.count), 3)
    p, n = parts["positive_sum"], parts["negative_sum"]
    order = np.lexsort((cell, -np.abs(weight), owner))
    order = order[rank_in_group(owner[order]) < 10]
    owner, begins = owner[order], texts.starts[cell[order]] + start[order].astype(np.int32)
    ends = begins + length[order].astype(np.int32)
    words = _slice_words(texts.cells.ravel()[cell[order]], nth[order])
    terms = {"text": words, "weight": weight[order], "start": begins, "end": ends}
    fields = {**parts, "terms": build_lists(owner, texts.count, terms)}
    arrays = [pa.array(values) for values in fields.values()]
    return {
        "tone": pa.array(np.round((p - n) / (p + n + 4), 4), mask=skipped),
        "tone_parts": pa.StructArray.from_arrays(arrays, list(fields), mask=pa.array(skipped)),
        "tone_status": choose_status(skipped),
    }


def _slice_words(piece: Numbers, nth: Numbers) -> pa.Array:
    """Return the words of pieces that have a weight."""
    known = load_pieces()
    both = {}
    for number, of in zip(*np.nonzero(known.tones[:, :, 1]), strict=True):
        start, length = known.tones[number, of, :2].astype(int)
        both[number * 2 + of] = known.texts[int(number)].as_py()[start : start + length]
    keys = np.array(sorted(both))
    return pa.array([both[key] for key in keys]).take(pa.array(np.searchsorted(keys, piece * 2 + nth)))


def _summary(rng: np.random.Generator, texts: Texts) -> Columns:
    """Choose the first sentence and two others."""
    sentences = np.arange(len(texts.article))
    chance = np.where(rank_in_group(texts.article) == 0, -1.0, rng.random(len(sentences)))
    skipped = np.bincount(texts.article, minlength=texts.count) < 5
    order = np.lexsort((chance, texts.article))
    chosen = np.sort(order[(rank_in_group(texts.article[order]) < 3) & ~skipped[texts.article[order]]])
    owner = texts.article[chosen]
    score = np.where(rank_in_group(owner) == 0, 1.0, np.round(rng.uniform(0.4, 0.95, len(chosen)), 4))
    fields = {
        "text": join_pieces(texts.cells[chosen, : SLOTS - 1], np.arange(len(chosen) + 1) * (SLOTS - 1)),
        "start": texts.starts[chosen * SLOTS],
        "end": texts.starts[chosen * SLOTS + SLOTS - 1],
        "score": score,
    }
    words = ("done", "skipped: fewer than 5 sentences")
    return {
        "summary": build_lists(owner, texts.count, fields, skipped),
        "summary_status": choose_status(skipped, words),
    }


def _dates(texts: Texts) -> Columns:
    known = load_pieces()
    flat = np.flatnonzero(texts.kinds == DATED) * SLOTS + 5
    owner = texts.owner(flat)
    number = texts.cells.ravel()[flat] - known.starts["date"][texts.languages[owner]]
    days = tuple((FIRST_DAY + timedelta(n)).isoformat() for n in range(DAYS))
    fields = {
        **locate_pieces(texts, flat),
        "value": choose_names(days, number),
        "precision": choose_names(("day",), np.zeros(len(flat), np.int8)),
        "is_relative": np.zeros(len(flat), bool),
    }
    return {"dates": build_lists(owner, texts.count, fields), "dates_status": choose_status(np.zeros(texts.count))}


def _amounts(texts: Texts) -> Columns:
    known = load_pieces()
    flat = np.flatnonzero(texts.kinds == PAID) * SLOTS + 3
    owner = texts.owner(flat)
    millions = AMOUNTS[0] + texts.cells.ravel()[flat] - known.starts["amount"][texts.languages[owner]]
    unit = choose_names(("EUR",), np.zeros(len(flat), np.int8))
    fields = {**locate_pieces(texts, flat), "value": millions * 1e6, "unit": unit}
    return {"amounts": build_lists(owner, texts.count, fields), "amounts_status": choose_status(np.zeros(texts.count))}
