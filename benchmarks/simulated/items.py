"""What comes in on a made-up day, as cleaning and the enrichers would hand it on."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.simulated.columns import Columns
from benchmarks.simulated.enriched import build_enrichment
from benchmarks.simulated.named import find_datelines, find_parts
from benchmarks.simulated.pieces import CODES, FIRST_DAY, Numbers, load_pieces
from benchmarks.simulated.sources import REJECTIONS, SECTIONS, SOURCES, Source, of_source
from benchmarks.simulated.texts import draw_lines, draw_texts, join_bodies
from benchmarks.simulated.times import DAY, MINUTE, compute_midnight, draw_received, draw_times, resolve_times
from benchmarks.simulated.words import LANGUAGES
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.tables.ids import article_id, hash_id, item_id
from pipelines.tables.items import ITEMS

SCHEMA = pa.schema([*ITEMS.schema, *(field for each in ENRICHERS for field in each.schema if each.name != "embedding")])
# How lengths of one source spread, as the deviation of their logarithm.
SPREAD = 0.55
PAYLOAD = 5  # items of a feed's delivery
FURNITURE_LINES = 3  # above the text
FIELDS = ("title", "published_at", "authors", "section")
TYPES = {"news": 0.86, "opinion": 0.07, "live": 0.02, "press_release": 0.03, "stub": 0.02}


@dataclass(frozen=True, slots=True)
class Mood:
    """What is of a day and not of an article."""

    dt: date
    words: float  # of a usual article
    trouble: Numbers  # factor on the rates of each source


def draw_items(rng: np.random.Generator, mood: Mood, counts: Numbers, name: str) -> Iterator[pa.Table]:
    """Draw articles, then what repeats some of them, then what is no article."""
    source = np.repeat(np.arange(len(SOURCES)), counts)
    fresh = _draw_articles(rng, mood, source, name)
    yield _conform(fresh)
    yield _conform(_repeat(rng, mood, fresh, source, name))
    yield _conform(_reject(rng, mood, counts, name))


def _draw_articles(rng: np.random.Generator, mood: Mood, source: Numbers, name: str) -> pa.Table:
    count = len(source)
    minor = np.array([CODES.index(s.minor_language or s.language) for s in SOURCES])[source]
    languages = np.where(rng.random(count) < 0.02, minor, np.array([CODES.index(s.language) for s in SOURCES])[source])
    words = mood.words * of_source(source, "length") * np.exp(rng.normal(0, SPREAD, count))
    datelined = of_source(source, "has_datelines").astype(bool) & np.isin(languages, (0, 1)) & (rng.random(count) < 0.7)
    texts = draw_texts(rng, languages, words, datelined, (mood.dt - FIRST_DAY).days)
    body = join_bodies(texts)
    url = [f"https://{SOURCES[s].name}/{mood.dt:%Y/%m/%d}/{hash_id(name, n)[:10]}" for n, s in enumerate(source)]
    # Some addresses are delivered again with a changed text.
    changed = _pick_twin(rng, source, of_source(source, "revised") * mood.trouble[source])
    url = [url[twin] for twin in changed]
    at = draw_received(rng, mood.dt, count)
    columns: Columns = {
        **_deliver(source, url, at, name),
        "canonical_url": pa.array(url, mask=rng.random(count) < 0.1),
        "content_sha256": [hashlib.sha256(text.as_buffer()).hexdigest() for text in body],
        **draw_times(rng, source, languages),
        "title": _draw_titles(rng, languages).take(pa.array(changed)),
        "lead": pc.if_else(rng.random(count) < 0.85, draw_lines(rng, languages, is_title=False), None),
        "text": body,
        "text_from": _choose(rng, ("model", "profile"), count, (0.3, 0.7)),
        "parts": find_parts(texts, FURNITURE_LINES),
        "captions": pc.if_else(
            rng.random(count) < 0.6, _wrap_lists(draw_lines(rng, languages, is_title=True)), _make_empty(count)
        ),
        "dateline": find_datelines(texts),
        "images": _wrap_lists(pa.array([f"{address}/main.jpg" for address in url])),
        "removed": _draw_removed(rng, languages),
        "authors": _draw_authors(rng, source, languages),
        "section": pc.if_else(rng.random(count) < 0.92, _choose(rng, SECTIONS, count), None),
        "article_type": _choose(rng, tuple(TYPES), count, tuple(TYPES.values())),
        "article_type_score": np.round(0.5 + 0.5 * rng.beta(5, 2, count), 3),
        "robots": pa.array([["noai"] if s.is_tdm_reserved else [] for s in SOURCES]).take(pa.array(source)),
        "is_tdm_reserved": pa.array([s.is_tdm_reserved for s in SOURCES]).take(pa.array(source)),
        "tdm_policy_url": pa.array(
            [f"https://{s.name}/tdm-policy.json" if s.is_tdm_reserved else None for s in SOURCES]
        ).take(pa.array(source)),
        "is_paywalled": pa.array(rng.random(count) < of_source(source, "is_paywalled")),
        "found_in": pa.array([_found_in(s) for s in SOURCES]).take(pa.array(source)),
        "language": pa.array(CODES).take(pa.array(languages)),
        "language_score": np.round(0.9 + 0.1 * rng.beta(8, 1, count), 4),
        "media_type": _choose(rng, ("text/html", "text/plain"), count, (0.95, 0.05)),
        **build_enrichment(rng, texts),
    }  # fmt: skip
    columns["links"] = _draw_links(rng, columns["keywords"], url)
    return resolve_times(pa.table(columns))


def _deliver(source: Numbers, url: list[str], received: Numbers, name: str) -> Columns:
    """Derive ids and lineage: one item a delivery, or some together from a feed."""
    is_feed = of_source(source, "is_feed").astype(bool)
    nth = np.arange(len(source))
    delivery = np.where(is_feed, nth // PAYLOAD * PAYLOAD, nth)
    # A payload is of one source: where the run of one begins within five, its items are deliveries of their own.
    delivery = np.where(source[delivery] != source, nth, delivery)
    seen: Counter[int] = Counter()
    index = np.zeros(len(source), np.int64)
    for n, each in enumerate(delivery.tolist()):
        index[n] = seen[each]
        seen[each] += 1
    deliveries = [hash_id("delivery", name, int(n)) for n in delivery]
    pairs = list(zip(deliveries, index.tolist(), strict=True))
    raw = [hashlib.sha256(each.encode()).hexdigest() for each in deliveries]
    names = [SOURCES[s].name for s in source]
    return {
        "item_id": [item_id(*pair) for pair in pairs],
        "article_id": [article_id(*each) for each in zip(names, url, raw, index.tolist(), strict=True)],
        "event_id": pa.array([hash_id("event", each) for each in deliveries], mask=is_feed),
        "source": names,
        "url": url,
        "received_at": pa.array(received[delivery], pa.timestamp("us", tz="UTC")),
        "delivery_id": deliveries,
        "raw_sha256": raw,
        "item_index": index.astype(np.int32),
    }


def _repeat(rng: np.random.Generator, mood: Mood, fresh: pa.Table, source: Numbers, name: str) -> pa.Table:
    """Repeat events sent again, pages fetched again unchanged, and texts that another paper of the language has too."""
    chance = rng.random((3, len(source)))
    resent = np.flatnonzero(chance[0] < of_source(source, "resent") * mood.trouble[source])
    refetched = np.flatnonzero(chance[1] < of_source(source, "refetched") * mood.trouble[source])
    shared = np.flatnonzero(chance[2] < 0.015)
    whose = np.concatenate([resent, refetched, shared])
    rows = fresh.take(pa.array(whose))
    elsewhere = source.copy()
    for code in sorted({s.language for s in SOURCES}):
        group = [n for n, s in enumerate(SOURCES) if s.language == code]
        elsewhere[np.isin(source, group)] = rng.choice(group, int(np.isin(source, group).sum()))
    now = np.concatenate([source[resent], source[refetched], elsewhere[shared]])
    url = rows["url"].to_pylist()
    for n in range(len(resent) + len(refetched), len(whose)):
        url[n] = f"https://{SOURCES[now[n]].name}/{mood.dt:%Y/%m/%d}/{hash_id(name, 'shared', n)[:10]}"
    first = rows["received_at"].cast(pa.int64()).to_numpy()
    later = np.minimum(first + rng.integers(MINUTE, 6 * 60 * MINUTE, len(whose)), compute_midnight(mood.dt) + DAY - 1)
    given = _deliver(now, url, later, f"{name} again")
    same = np.arange(len(whose)) < len(resent)
    given["event_id"] = pc.if_else(pa.array(same), rows["event_id"].combine_chunks(), given["event_id"])
    given["canonical_url"] = url
    for column, values in given.items():
        rows = rows.set_column(
            rows.schema.get_field_index(column), column, pa.array(values, rows.schema.field(column).type)
        )
    return rows


def _reject(rng: np.random.Generator, mood: Mood, counts: Numbers, name: str) -> pa.Table:
    rates = np.array([s.rejected for s in SOURCES]) * mood.trouble
    source = np.repeat(np.arange(len(SOURCES)), rng.poisson(counts * rates))
    count = len(source)
    languages = np.array([CODES.index(s.language) for s in SOURCES])[source]
    url = [
        f"https://{SOURCES[s].name}/{mood.dt:%Y/%m/%d}/{hash_id(name, 'rejected', n)[:10]}"
        for n, s in enumerate(source)
    ]
    reason = _choose(rng, tuple(REJECTIONS), count, tuple(REJECTIONS.values()))
    is_read = pc.is_in(reason, pa.array(["no_text", "index_page", "row_rule"]))
    is_rule = pc.equal(reason, "row_rule")
    return pa.table(
        {
            **_deliver(source, url, draw_received(rng, mood.dt, count), f"{name} rejected"),
            "language": pc.if_else(is_read, pa.array(CODES).take(pa.array(languages)), None),
            "reason": reason,
            "detail": pc.if_else(is_rule, "word_count is out of range", None),
            "excerpt": pc.if_else(is_read, draw_lines(rng, languages, is_title=False), None),
        }
    )


def _choose(
    rng: np.random.Generator, values: tuple[str, ...], count: int, p: tuple[float, ...] | None = None
) -> pa.Array:
    return pa.array(values).take(pa.array(rng.choice(len(values), count, p=p)))


def _draw_titles(rng: np.random.Generator, languages: Numbers) -> pa.Array:
    """Draw titles: of 1,000 articles 4 have no title, and 5 one that comes back every day."""
    chance = rng.random(len(languages))
    usual = pc.if_else(chance < 0.005, "Letters to the editor", draw_lines(rng, languages, is_title=True))
    return pc.if_else(chance > 0.996, None, usual)


def _pick_twin(rng: np.random.Generator, source: Numbers, rate: Numbers) -> Numbers:
    """Return whose address each article has: its own, or, at `rate`, that of the one before it of the source."""
    own = np.arange(len(source))
    twin = (rng.random(len(source)) < rate) & (np.diff(source, prepend=-1) == 0)
    twin[1:] &= ~twin[:-1]
    whose: Numbers = own - twin
    return whose


def _wrap_lists(values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.arange(len(values) + 1, dtype=np.int32)), values)


def _make_empty(count: int) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.zeros(count + 1, np.int32)), pa.array([], pa.string()))


def _draw_authors(rng: np.random.Generator, source: Numbers, languages: Numbers) -> pa.ListArray:
    """Draw authors: of each paper that signs its articles some ten people write; one article in eight is not signed."""
    known = load_pieces()
    count = known.counts["persons"][languages]
    writer = (source * 17 + (rng.random(len(source)) ** 2 * 10).astype(int) * 7) % count + known.starts["persons"][
        languages
    ]
    signed = of_source(source, "has_authors").astype(bool) & (rng.random(len(source)) < 7 / 8)
    return pc.if_else(signed, _wrap_lists(known.texts.take(pa.array(writer))), _make_empty(len(source)))


def _draw_removed(rng: np.random.Generator, languages: Numbers) -> pa.ListArray:
    """Draw lines of the site above the text."""
    kept, rows = [], []
    for code in CODES:
        phrases = LANGUAGES[code].furniture
        for first in range(len(phrases)):
            kept.append(code)
            rows.append(
                [{"line": n, "text": phrases[(first + n) % len(phrases)], "label": "furniture",
                  "reason": "repeats" if n else "model", "score": round(0.99 - 0.04 * n, 2)}
                 for n in range(FURNITURE_LINES)]
            )  # fmt: skip
    each = len(rows) // len(CODES)
    made = pa.array(rows, ITEMS.schema.field("removed").type)
    return made.take(pa.array(languages * each + rng.integers(each, size=len(languages))))


def _found_in(source: Source) -> list[dict[str, str]]:
    return [{"field": field, "found_in": source.found_in if field == "published_at" else "json-ld"} for field in FIELDS]


def _draw_links(rng: np.random.Generator, keywords: pa.ListArray, url: list[str]) -> pa.ListArray:
    """Link, in half of the articles, the words of their best keyword."""
    has = (pc.list_value_length(keywords).to_numpy() > 0) & (rng.random(len(url)) < 0.5)
    first = pc.list_element(keywords.filter(pa.array(has)), 0)
    offsets = pa.array(np.concatenate([[0], np.cumsum(has)]).astype(np.int32))
    address = pa.array(
        [f"{each.rsplit('/', 4)[0]}/topics/{n % 40}" for n, each in enumerate(url) if has[n]], pa.string()
    )
    spans = [pc.struct_field(first, name) for name in ("start", "end")]
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays([address, *spans], ["url", "start", "end"]))


def _conform(rows: pa.Table) -> pa.Table:
    """Return all columns of SCHEMA; null where the rows do not have one."""
    return pa.table(
        [
            rows[field.name].cast(field.type)
            if field.name in rows.column_names
            else pa.chunked_array([pa.nulls(rows.num_rows, field.type)])
            for field in SCHEMA
        ],
        schema=pa.schema([field.with_nullable(True) for field in SCHEMA]),
    )
