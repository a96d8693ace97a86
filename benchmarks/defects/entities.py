"""Defects of `entities`: references, mentions, kinds, numbers."""

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.kinds import BOTH, SECOND, Kind, change
from benchmarks.defects.tables import (
    Day,
    Row,
    Tables,
    append_rows,
    change_rows,
    change_rows_of_items,
    drop_entities,
    drop_rows,
    find_rows_of_items,
    orphan_rows,
    set_values,
    shift_span,
    take_rows,
)

OPENING = 500  # characters
OTHER_KIND = {"person": "organisation", "organisation": "person"}


def _swap_entities(day: Day) -> Tables:
    items = day.values("articles", "item_id")
    swap = {items[row]: items[row - 1] for row in day.pick_rows("articles")}
    swap |= {other: item for item, other in list(swap.items()) if other not in swap}
    rows = find_rows_of_items(day["entities"], swap)
    new = [swap[row["item_id"]] for row in take_rows(day["entities"].select(["item_id"]), rows)]
    return {**day.tables, "entities": set_values(day["entities"], rows, "item_id", new)}


def _double_entities(day: Day) -> Tables:
    again = day["entities"].take(pa.array(day.pick_rows("entities"), pa.int64()))
    return {**day.tables, "entities": pa.concat_tables([day["entities"], again])}


def _find_in_two_runs(day: Day) -> Tables:
    known = day.group_by_item("entities")
    again = [
        {**row, "entity_index": row["entity_index"] + len(known[item])}
        for item in day.pick_items_with("entities")
        for row in known[item]
    ]
    return {**day.tables, "entities": append_rows(day["entities"], again)}


def _split_persons(day: Day) -> Tables:
    entities = day["entities"]
    both = [
        n
        for n, row in enumerate(entities.select(["kind", "name", "mentions"]).to_pylist())
        if row["kind"] == "person" and len({m["text"] for m in row["mentions"]} | {row["name"]}) > 1
    ]
    rows = day.pick(both, entities.num_rows)
    last = {item: len(own) for item, own in day.group_by_item("entities").items()}
    new = []
    for row in take_rows(entities, rows):
        short = [mention for mention in row["mentions"] if mention["text"] != row["name"]]
        values = {"name": short[0]["text"], "mentions": short, "mention_count": len(short)}
        salience = round(row["salience_score"] / 2, 4)
        new.append({**row, **values, "entity_index": last[row["item_id"]], "salience_score": salience})
        last[row["item_id"]] += 1

    def keep_full_names(row: Row) -> Row:
        full = [mention for mention in row["mentions"] if mention["text"] == row["name"]] or row["mentions"][:1]
        return {"mentions": full, "mention_count": len(full)}

    return {**day.tables, "entities": append_rows(change_rows(entities, rows, keep_full_names), new)}


def _number_from_one(day: Day) -> Tables:
    items = day.pick_items_with("entities")

    def add_one(row: Row) -> Row:
        return {"entity_index": None if row["entity_index"] is None else row["entity_index"] + 1}

    changed = {name: change_rows_of_items(day[name], items, add_one) for name in ("entities", "quotes")}
    return {**day.tables, **changed}


def _number_by_salience(day: Day) -> Tables:
    known = day.group_by_item("entities")
    items = day.pick_items_with("entities")
    number = {
        (item, row["entity_index"]): n
        for item in items
        for n, row in enumerate(sorted(known[item], key=lambda row: -row["salience_score"]))
    }

    def renumber(row: Row) -> Row:
        return {"entity_index": number[row["item_id"], row["entity_index"]]}

    return {**day.tables, "entities": change_rows_of_items(day["entities"], items, renumber)}


def _repeat_mentions(row: Row) -> Row:
    twice = [mention for mention in row["mentions"] for _ in range(2)]
    return {"mentions": twice, "mention_count": len(twice)}


def _read_openings(day: Day) -> Tables:
    items = day.pick_items_with("entities")
    entities, quotes = day["entities"], day["quotes"]
    of_entities, of_quotes = find_rows_of_items(entities, items), find_rows_of_items(quotes, items)
    early = {
        n: [mention for mention in row["mentions"] if mention["end"] <= OPENING]
        for n, row in zip(of_entities, take_rows(entities, of_entities), strict=True)
    }
    # Entities are numbered by where they are first named, so those that stay keep their numbers.
    left = [n for n, mentions in early.items() if mentions]
    entities = set_values(entities, left, "mentions", [early[n] for n in left])
    entities = set_values(entities, left, "mention_count", [len(early[n]) for n in left])
    late = [
        n
        for n, row in zip(of_quotes, take_rows(quotes, of_quotes), strict=True)
        if max(row[end] or 0 for end in ("end", "speaker_end", "verb_end")) > OPENING
    ]
    return {**day.tables, "entities": drop_rows(entities, {*early} - {*left}), "quotes": drop_rows(quotes, late)}


def _join_by_place(day: Day) -> Tables:
    articles = day.values("articles", "article_id")
    rows = day.pick_rows("entities")
    own = [day.values("entities", "article_id")[row] for row in rows]
    wrong = [
        next(a for a in articles[n % len(articles) :] + articles if a != id) for n, id in zip(rows, own, strict=True)
    ]
    return {**day.tables, "entities": set_values(day["entities"], rows, "article_id", wrong)}


def _shift_mentions(row: Row, by: int) -> Row:
    return {"mentions": [shift_span(mention, by) for mention in row["mentions"]]}


def _shift_each_mention(row: Row, day: Day) -> Row:
    return {"mentions": [shift_span(mention, day.rng.randint(1, 5)) for mention in row["mentions"]]}


_TOUCHES = ("entities",)
KINDS = (
    Kind("entities_of_nothing", "Entities belong to an item that does not exist.",
         _TOUCHES, lambda day: orphan_rows(day, "entities")),
    Kind("entities_of_other_articles", "All entities of some articles are swapped with those of the next article.",
         _TOUCHES, _swap_entities),
    Kind("entities_doubled", "Entities are repeated.", _TOUCHES, _double_entities),
    Kind("entities_collapse", "No entity is found in articles that have some; the enricher says that it ran.",
         ("entities", "quotes"), lambda day: drop_entities(day.tables, day.pick_items_with("entities")), BOTH),
    change("entities", "entity_offsets_shifted", "Mentions lie one to five characters too far on.",
           _shift_each_mention, sets=BOTH),
    change("entities", "offsets_behind_the_text", "Mentions lie behind the end of the text: those of a longer one.",
           lambda row, _: _shift_mentions(row, 50_000)),
    change("entities", "scores_above_one", "Salience is a percentage.",
           lambda row, _: {"salience_score": row["salience_score"] * 100 + 1}),
    change("entities", "entity_kinds_swapped", "Persons are called organisations, and organisations persons.",
           lambda row, _: {"kind": OTHER_KIND[row["kind"]]},
           lambda entities: pc.is_in(entities["kind"], pa.array(list(OTHER_KIND))), BOTH, False),
    change("entities", "names_cut", "Names of entities lose their last two letters; their mentions are whole.",
           lambda row, _: {"name": row["name"][:-2]}),
    change("entities", "names_of_furniture", "Entities are words of the site.",
           {"name": "Privacy Policy", "kind": "organisation"}),
    change("entities", "mention_counts_wrong", "`mention_count` is not the number of mentions.",
           lambda row, _: {"mention_count": row["mention_count"] + 1}),
    change("entities", "mentions_lost", "Entities have no mentions.", {"mentions": []}),
    change("entities", "mentions_doubled", "Each mention is repeated, and counts twice.",
           lambda row, _: _repeat_mentions(row), sets=SECOND),
    change("entities", "salience_constant", "Salience is the same for all entities.", {"salience_score": 0.5}),
    # How much an article is about something, and where else it is named, only its text shows: no check can see it.
    change("entities", "salience_turned_round", "Salience is high where it should be low.",
           lambda row, _: {"salience_score": round(1 - row["salience_score"], 4)}, None, SECOND, False),
    Kind("openings_alone_enriched", "Entities and quotes are looked for in the first 500 characters only.",
         ("entities", "quotes"), _read_openings, SECOND, False),
    Kind("entities_of_two_runs", "An article's entities come from two runs, the second numbered after the first.",
         _TOUCHES, _find_in_two_runs, SECOND),
    Kind("surnames_are_other_persons", "A person named without the first name is mistaken for another one.",
         _TOUCHES, _split_persons, SECOND),
    Kind("entity_places_from_one", "An article's entities are numbered from 1; quotes use these numbers.",
         ("entities", "quotes"), _number_from_one, SECOND),
    Kind("entities_numbered_by_salience", "Entities are numbered by salience; quotes use the numbers of before.",
         _TOUCHES, _number_by_salience, SECOND),
    Kind("entities_joined_by_place", "The article's id was joined by row number: it is that of another article.",
         _TOUCHES, _join_by_place, SECOND),
)  # fmt: skip
