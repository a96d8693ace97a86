"""Defects of `quotes`: where they begin and end, who says them, what they are joined with."""

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.kinds import BOTH, FIRST, SECOND, THIRD, Kind, change
from benchmarks.defects.tables import (
    Day,
    Row,
    Tables,
    append_rows,
    change_rows,
    change_rows_of_items,
    drop_rows,
    find_rows,
    find_rows_of_items,
    group,
    orphan_rows,
    shift_span,
    take_rows,
)

OPENS, CLOSES = '“„«"', '”“»"'
SPEAKER = ("speaker", "speaker_start", "speaker_end", "speaker_name", "entity_index")
NOBODY = dict.fromkeys((*SPEAKER, "verb", "verb_start", "verb_end"))


def _is_direct(quotes: pa.Table) -> pa.ChunkedArray:
    return pc.equal(quotes["kind"], "direct")


def _count_bytes(day: Day) -> Tables:
    pairs = zip(day.values("quotes", "item_id"), day.values("quotes", "end"), strict=True)
    rows = [row for row, (item, end) in enumerate(pairs) if not day.texts[item][:end].isascii()]

    def count(row: Row) -> Row:
        return {name: len(day.texts[row["item_id"]][: row[name]].encode()) for name in ("start", "end")}

    return {**day.tables, "quotes": change_rows(day["quotes"], day.pick(rows, day["quotes"].num_rows), count)}


def _give_to_others(day: Day) -> Tables:
    entities = day["entities"].filter(pc.equal(day["entities"]["kind"], "person"))
    columns = zip(*(entities[name].to_pylist() for name in ("item_id", "entity_index", "name")), strict=True)
    persons = group((item, (index, name)) for item, index, name in columns)
    items = day.values("quotes", "item_id")
    named = find_rows(pc.is_valid(day["quotes"]["entity_index"]))
    rows = day.pick([row for row in named if len(persons.get(items[row], ())) > 1], day["quotes"].num_rows)

    def give(row: Row) -> Row:
        index, name = day.rng.choice([each for each in persons[row["item_id"]] if each[0] != row["entity_index"]])
        return {"entity_index": index, "speaker_name": name}

    return {**day.tables, "quotes": change_rows(day["quotes"], rows, give)}


def _let_places_speak(day: Day) -> Tables:
    rows_by_item = day.group_by_item("entities").items()
    places = {item: [row for row in rows if row["kind"] == "place"] for item, rows in rows_by_item}
    pairs = zip(day.values("quotes", "item_id"), day.values("quotes", "entity_index"), strict=True)
    able = [n for n, (item, index) in enumerate(pairs) if index is not None and places.get(item)]

    def give(row: Row) -> Row:
        place = day.rng.choice(places[row["item_id"]])
        return {"speaker_name": place["name"], "entity_index": place["entity_index"]}

    return {**day.tables, "quotes": change_rows(day["quotes"], day.pick(able, day["quotes"].num_rows), give)}


def _run_on(row: Row, day: Day) -> Row:
    text = day.texts[row["item_id"]]
    return {"text": text[row["start"] :], "end": len(text)}


def _include_marks(row: Row, day: Day) -> Row:
    text, start, end = day.texts[row["item_id"]], row["start"], row["end"]
    start -= 2 if text[start - 1].isspace() else 1
    end += 2 if text[end].isspace() else 1
    return {"text": text[start:end], "start": start, "end": end}


def _swallow_verb(row: Row, day: Day) -> Row:
    start, end = min(row["speaker_start"], row["verb_start"]), max(row["speaker_end"], row["verb_end"])
    return {"speaker": day.texts[row["item_id"]][start:end], "speaker_start": start, "speaker_end": end}


def _count_by_item(day: Day) -> dict[str, int]:
    return {item: len(own) for item, own in day.group_by_item("quotes").items()}


def _find_within(day: Day) -> Tables:
    last = _count_by_item(day)
    new = []
    for row in take_rows(day["quotes"], day.pick_rows("quotes")):
        start = row["start"] + row["text"].find(" ") + 1
        part = {"text": row["text"][start - row["start"] :], "start": start, "quote_index": last[row["item_id"]]}
        new.append({**row, **part, "kind": "mixed", "quote_score": round(row["quote_score"] * 0.8, 3)})
        last[row["item_id"]] += 1
    return {**day.tables, "quotes": append_rows(day["quotes"], new)}


def _miss_a_mark(day: Day) -> Tables:
    quotes = day["quotes"]
    direct = find_rows(_is_direct(quotes))
    spans = {}
    rows = take_rows(quotes, direct)
    for n, row, after in zip(direct, rows, rows[1:], strict=False):
        text, start, end = day.texts[row["item_id"]], row["end"], after["start"]
        if row["item_id"] != after["item_id"]:
            continue
        while text[start] in CLOSES or text[start].isspace() or text[start] == ",":
            start += 1
        while text[end - 1] in OPENS or text[end - 1].isspace():
            end -= 1
        if start < end:
            spans[n] = {"text": text[start:end], "start": start, "end": end, **NOBODY}
    chosen = day.pick(sorted(spans), quotes.num_rows)
    new = iter([spans[n] for n in chosen])
    return {**day.tables, "quotes": change_rows(quotes, chosen, lambda _: next(new))}


def _number_by_score(day: Day) -> Tables:
    number = {
        (item, row["quote_index"]): n
        for item, own in day.group_by_item("quotes").items()
        for n, row in enumerate(sorted(own, key=lambda row: (-row["quote_score"], row["start"])))
    }
    moved = sorted({item for (item, index), n in number.items() if index != n})
    items = [moved[n] for n in day.pick(range(len(moved)), day["articles"].num_rows)]

    def renumber(row: Row) -> Row:
        return {"quote_index": number[row["item_id"], row["quote_index"]]}

    return {**day.tables, "quotes": change_rows_of_items(day["quotes"], items, renumber)}


def _join_by_article(day: Day) -> Tables:
    known = day.group_by_item("quotes")
    items_by_article = group(zip(day.values("articles", "article_id"), day.values("articles", "item_id"), strict=True))
    last = _count_by_item(day)
    pairs = [
        (item, row)
        for items in items_by_article.values()
        for item in items
        for other in items
        if other != item
        for row in known.get(other, ())
    ]
    new = []
    for n in day.pick(range(len(pairs)), day["quotes"].num_rows):
        item, row = pairs[n]
        new.append({**row, "item_id": item, "quote_index": last.get(item, 0)})
        last[item] = last.get(item, 0) + 1
    return {**day.tables, "quotes": append_rows(day["quotes"], new)}


def _lose_in_articles(day: Day) -> Tables:
    items = list(dict.fromkeys(day.values("quotes", "item_id")))
    gone = [items[n] for n in day.pick(range(len(items)), day["articles"].num_rows)]
    return {**day.tables, "quotes": drop_rows(day["quotes"], find_rows_of_items(day["quotes"], gone))}


_TOUCHES = ("quotes",)
KINDS = (
    Kind("quotes_of_nothing", "Quotes belong to an item that does not exist.",
         _TOUCHES, lambda day: orphan_rows(day, "quotes")),
    change("quotes", "quotes_name_no_entity", "Quotes name an entity by a number that their article does not have.",
           lambda row, _: {"entity_index": row["entity_index"] + 500}, "entity_index"),
    change("quotes", "quote_offsets_shifted", "Quotes lie one to five characters too far on.",
           lambda row, day: shift_span(row, day.rng.randint(1, 5)), sets=BOTH),
    change("quotes", "speaker_offsets_shifted", "Speakers lie two characters too far on.",
           lambda row, _: {name: row[name] + 2 for name in ("speaker_start", "speaker_end")}, "speaker_start"),
    Kind("offsets_in_bytes", "Offsets of quotes count bytes of UTF-8; the same where all before is ASCII.",
         _TOUCHES, _count_bytes),
    change("quotes", "quotes_end_before_they_start", "Start and end of quotes are swapped.",
           lambda row, _: {"start": row["end"], "end": row["start"]}),
    change("quotes", "speakers_swapped", "The speaker is someone named in another article: name and number differ.",
           lambda row, day: {"speaker_name": day.pick_other(
               [name for name in day.values("quotes", "speaker_name") if name is not None], row["speaker_name"])},
           "entity_index"),
    Kind("quotes_given_to_others", "The speaker is another person of the article.", _TOUCHES, _give_to_others, BOTH),
    change("quotes", "speakers_lost", "Quotes have no speaker.", dict.fromkeys(SPEAKER), "speaker", FIRST, False),
    Kind("quotes_lost", "Quotes are lost here and there; those that are left keep their number.",
         _TOUCHES, lambda day: {**day.tables, "quotes": drop_rows(day["quotes"], day.pick_rows("quotes"))}),
    change("quotes", "quote_kinds_unknown", "The kind of quotes is one that does not exist.", {"kind": "partial"}),
    change("quotes", "quotes_run_on", "A closing mark is missed: quotes run on to the end of the text.",
           _run_on, sets=BOTH),
    change("quotes", "quotes_with_their_marks", "Quotes include their quotation marks.",
           _include_marks, _is_direct, SECOND),
    change("quotes", "direct_quotes_called_indirect", "Quotes within marks are called indirect.",
           {"kind": "indirect"}, _is_direct, SECOND),
    Kind("quotes_within_quotes", "A part of a quote is found again, as a quote of its own.",
         _TOUCHES, _find_within, (2, 3)),
    change("quotes", "speakers_swallow_verbs", "The speaker includes the verb of saying.", _swallow_verb,
           lambda quotes: pc.and_(pc.is_valid(quotes["speaker_start"]), pc.is_valid(quotes["verb_start"])), SECOND),
    Kind("places_speak", "The speaker is mistaken for a place that the article names; as written it is right.",
         _TOUCHES, _let_places_speak, SECOND),
    Kind("marks_out_of_step", "A mark is missed: quotes run from a closing mark to the next opening one.",
         _TOUCHES, _miss_a_mark, SECOND),
    Kind("quotes_numbered_by_score", "An article's quotes are numbered by score, not by where they are.",
         _TOUCHES, _number_by_score, SECOND),
    Kind("quotes_joined_by_article", "Each text of an article has the quotes of all its texts.",
         _TOUCHES, _join_by_article, SECOND),
    Kind("quotes_lost_in_articles", "Some articles have no quotes, though they were looked for.",
         _TOUCHES, _lose_in_articles, THIRD),
)  # fmt: skip
