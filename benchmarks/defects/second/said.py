"""Defects of `quotes`, second set: where they begin and end, who says them, what they are joined with."""

import random

import pyarrow.compute as pc

from benchmarks.defects.changing import Put, Row, Tables, added, changed, changed_of, some, some_of, where
from benchmarks.defects.second.common import by_item, changed_of_items, rows_of, texts_of

OPENS, CLOSES = '“„«"', '”“»"'
NOBODY = dict.fromkeys(
    ("speaker", "speaker_start", "speaker_end", "speaker_name", "entity_index", "verb", "verb_start", "verb_end")
)


def quotes_with_their_marks(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The quotation marks are part of what is said."""
    texts = texts_of(tables)

    def change(row: Row) -> Row:
        text, start, end = texts[row["item_id"]], row["start"], row["end"]
        start -= 2 if text[start - 1].isspace() else 1
        end += 2 if text[end].isspace() else 1
        return {"text": text[start:end], "start": start, "end": end}

    return changed_of(tables, "quotes", _direct(tables), rate, rng, change)


def direct_quotes_called_indirect(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """What stands in quotation marks is called told in other words."""
    return changed_of(tables, "quotes", _direct(tables), rate, rng, lambda _: {"kind": "indirect"})


def quotes_within_quotes(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of what is said a part is found once more, as a quote of its own."""
    quotes = tables["quotes"]
    last = {item: len(own) for item, own in by_item(tables, "quotes").items()}
    new = []
    for row in rows_of(quotes, some(quotes.num_rows, rate, rng)):
        start = row["start"] + row["text"].find(" ") + 1
        part = {"text": row["text"][start - row["start"] :], "start": start, "quote_index": last[row["item_id"]]}
        new.append({**row, **part, "kind": "mixed", "quote_score": round(row["quote_score"] * 0.8, 3)})
        last[row["item_id"]] += 1
    return {**tables, "quotes": added(quotes, new)}


def speakers_swallow_verbs(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The word of saying is part of who says it."""
    texts = texts_of(tables)
    quotes = tables["quotes"]

    def change(row: Row) -> Row:
        start, end = min(row["speaker_start"], row["verb_start"]), max(row["speaker_end"], row["verb_end"])
        return {"speaker": texts[row["item_id"]][start:end], "speaker_start": start, "speaker_end": end}

    both = where(pc.and_(pc.is_valid(quotes["speaker_start"]), pc.is_valid(quotes["verb_start"])))
    return changed_of(tables, "quotes", both, rate, rng, change)


def places_speak(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The speaker is taken for a place that the article names; as written it is right."""
    places = {
        item: found
        for item, own in by_item(tables, "entities").items()
        if (found := [row for row in own if row["kind"] == "place"])
    }
    pairs = tables["quotes"].select(["item_id", "entity_index"]).to_pylist()
    able = [n for n, row in enumerate(pairs) if row["entity_index"] is not None and row["item_id"] in places]

    def change(row: Row) -> Row:
        place = rng.choice(places[row["item_id"]])
        return {"speaker_name": place["name"], "entity_index": place["entity_index"]}

    return changed_of(tables, "quotes", able, rate, rng, change)


def marks_out_of_step(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A mark is missed, and quotes are what stands between two of them: from one that closes to one that opens."""
    texts = texts_of(tables)
    quotes = tables["quotes"]
    direct = _direct(tables)
    spans = {}
    rows = rows_of(quotes, direct)
    for n, row, after in zip(direct, rows, rows[1:], strict=False):
        text, start, end = texts[row["item_id"]], row["end"], after["start"]
        if row["item_id"] != after["item_id"]:
            continue
        while text[start] in CLOSES or text[start].isspace() or text[start] == ",":
            start += 1
        while text[end - 1] in OPENS or text[end - 1].isspace():
            end -= 1
        if start < end:
            spans[n] = {"text": text[start:end], "start": start, "end": end, **NOBODY}
    chosen = some_of(sorted(spans), quotes.num_rows, rate, rng)
    told = iter([spans[n] for n in chosen])
    return {**tables, "quotes": changed(quotes, chosen, lambda _: next(told))}


def quotes_numbered_by_score(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """An article's quotes are numbered from the surest on, and not as they stand in the text."""
    ranked = {
        item: sorted(own, key=lambda row: (-row["quote_score"], row["start"]))
        for item, own in by_item(tables, "quotes").items()
    }
    number = {(item, row["quote_index"]): n for item, own in ranked.items() for n, row in enumerate(own)}
    moved = sorted({item for (item, index), n in number.items() if index != n})
    items = [moved[n] for n in some_of(range(len(moved)), tables["articles"].num_rows, rate, rng)]

    def change(row: Row) -> Row:
        return {"quote_index": number[row["item_id"], row["quote_index"]]}

    return {**tables, "quotes": changed_of_items(tables, "quotes", items, change)}


def quotes_joined_by_article(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Quotes were joined by the article and not by its text: each text has those of all texts of the article."""
    known = by_item(tables, "quotes")
    texts: dict[str, list[str]] = {}
    for item, article in zip(*(tables["articles"][n].to_pylist() for n in ("item_id", "article_id")), strict=True):
        texts.setdefault(article, []).append(item)
    last = {item: len(own) for item, own in known.items()}
    pairs = [
        (item, row)
        for items in texts.values()
        for item in items
        for other in items
        if other != item
        for row in known.get(other, ())
    ]
    new = []
    for n in some_of(range(len(pairs)), tables["quotes"].num_rows, rate, rng):
        item, row = pairs[n]
        new.append({**row, "item_id": item, "quote_index": last.get(item, 0)})
        last[item] = last.get(item, 0) + 1
    return {**tables, "quotes": added(tables["quotes"], new)}


def _direct(tables: Tables) -> list[int]:
    return where(pc.equal(tables["quotes"]["kind"], "direct"))


TOUCHES: dict[Put, tuple[str, ...]] = dict.fromkeys(
    (
        quotes_with_their_marks,
        direct_quotes_called_indirect,
        quotes_within_quotes,
        speakers_swallow_verbs,
        places_speak,
        marks_out_of_step,
        quotes_numbered_by_score,
        quotes_joined_by_article,
    ),
    ("quotes",),
)
INVISIBLE: tuple[Put, ...] = ()
