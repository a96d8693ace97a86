"""Defects of `quotes`: references, offsets, speakers."""

import random

import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Put,
    Row,
    Tables,
    changed,
    changed_of,
    changed_some,
    left,
    orphaned,
    other,
    shifted,
    some,
    some_of,
    where,
)


def quotes_of_nothing(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Quotes are of an item that is nowhere."""
    return {**tables, "quotes": orphaned(tables["quotes"], rate, rng)}


def quotes_name_no_entity(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Quotes name an entity by an index that their article does not have."""
    quotes = tables["quotes"]
    return changed_of(
        tables,
        "quotes",
        where(pc.is_valid(quotes["entity_index"])),
        rate,
        rng,
        lambda row: {"entity_index": row["entity_index"] + 500},
    )


def quote_offsets_shifted(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Quotes lie one to five characters behind where they stand."""
    return changed_some(tables, "quotes", rate, rng, lambda row: shifted(row, rng.randint(1, 5)))


def speaker_offsets_shifted(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Speakers lie two characters behind where they stand."""
    quotes = tables["quotes"]

    def change(row: Row) -> Row:
        return {name: row[name] + 2 for name in ("speaker_start", "speaker_end")}

    return changed_of(tables, "quotes", where(pc.is_valid(quotes["speaker_start"])), rate, rng, change)


def offsets_in_bytes(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Offsets of quotes count the bytes of UTF-8; where all before is ASCII that is the same."""
    quotes = tables["quotes"]
    texts = dict(zip(*(tables["articles"][name].to_pylist() for name in ("item_id", "text")), strict=True))
    pairs = zip(*(quotes[name].to_pylist() for name in ("item_id", "end")), strict=True)
    rows = [row for row, (item, end) in enumerate(pairs) if not texts[item][:end].isascii()]

    def change(row: Row) -> Row:
        return {name: len(texts[row["item_id"]][: row[name]].encode()) for name in ("start", "end")}

    return {**tables, "quotes": changed(quotes, some_of(rows, quotes.num_rows, rate, rng), change)}


def quotes_end_before_they_start(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Start and end of quotes are swapped."""
    return changed_some(tables, "quotes", rate, rng, lambda row: {"start": row["end"], "end": row["start"]})


def speakers_swapped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The speaker is taken for somebody who is named in another article: name and index do not fit."""
    names = tables["quotes"]["speaker_name"].drop_null().to_pylist()
    quotes = tables["quotes"]

    def change(row: Row) -> Row:
        return {"speaker_name": other(rng, names, row["speaker_name"])}

    return changed_of(tables, "quotes", where(pc.is_valid(quotes["entity_index"])), rate, rng, change)


def speakers_of_other_quotes(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Who speaks is the speaker of another quote of the article, name, index and offsets together."""
    quotes = tables["quotes"]
    names = ("speaker", "speaker_start", "speaker_end", "speaker_name", "entity_index")
    rows = quotes.select(["item_id", *names]).to_pylist()
    by_item: dict[str, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row["item_id"], []).append(row)
    several = [n for n, row in enumerate(rows) if len({each["speaker"] for each in by_item[row["item_id"]]}) > 1]

    def change(row: Row) -> Row:
        other = rng.choice([each for each in by_item[row["item_id"]] if each["speaker"] != row["speaker"]])
        return {name: other[name] for name in names}

    return {**tables, "quotes": changed(quotes, some_of(several, quotes.num_rows, rate, rng), change)}


def speakers_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Nobody says what is quoted."""
    names = ("speaker", "speaker_start", "speaker_end", "speaker_name", "entity_index")
    spoken = where(pc.is_valid(tables["quotes"]["speaker"]))
    return changed_of(tables, "quotes", spoken, rate, rng, lambda _: dict.fromkeys(names))


def quotes_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Quotes are lost here and there; those that are left keep their index."""
    return {**tables, "quotes": left(tables["quotes"], some(tables["quotes"].num_rows, rate, rng))}


def quote_kinds_unknown(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The kind of quotes is none that there is."""
    return changed_some(tables, "quotes", rate, rng, lambda _: {"kind": "partial"})


def quotes_run_on(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A mark that closes is missed: quotes run on to the end of the text."""
    texts = dict(zip(*(tables["articles"][name].to_pylist() for name in ("item_id", "text")), strict=True))

    def change(row: Row) -> Row:
        text = texts[row["item_id"]]
        return {"text": text[row["start"] :], "end": len(text)}

    return changed_some(tables, "quotes", rate, rng, change)


TOUCHES: dict[Put, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            quotes_of_nothing,
            quotes_name_no_entity,
            quote_offsets_shifted,
            speaker_offsets_shifted,
            offsets_in_bytes,
            quotes_end_before_they_start,
            speakers_swapped,
            speakers_of_other_quotes,
            speakers_lost,
            quotes_lost,
            quote_kinds_unknown,
            quotes_run_on,
        ),
        ("quotes",),
    ),
}
INVISIBLE: tuple[Put, ...] = (speakers_of_other_quotes, speakers_lost)
