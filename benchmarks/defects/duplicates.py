"""Defects of `duplicates`: repeats that are none, repeats of nothing, the wrong one kept."""

import pyarrow.compute as pc

from benchmarks.defects.items import COUNTED, pick_unattached, recount_ledger
from benchmarks.defects.kinds import BOTH, SECOND, Kind, change
from benchmarks.defects.tables import (
    Day,
    Row,
    Tables,
    append_rows,
    change_rows,
    drop_rows,
    find_rows,
    move_to_duplicates,
    orphan_rows,
    rename_items,
    sort_articles,
    take_rows,
)

LINEAGE = ("received_at", "delivery_id", "raw_sha256", "item_index")
OTHER_KIND = {"resent_event": "same_url_same_text", "same_url_same_text": "resent_event"}


def _list_kept(day: Day) -> set[str]:
    return {*day.values("duplicates", "kept_item_id"), *day.values("articles", "duplicate_of")}


def _list_twice(day: Day) -> Tables:
    items = day.values("articles", "item_id")
    new = [
        {**row, "kept_item_id": day.rng.choice(items), "duplicate_kind": "same_url_same_text"}
        for row in take_rows(day["articles"], day.pick_rows("articles"))
    ]
    return recount_ledger({**day.tables, "duplicates": append_rows(day["duplicates"], new)})


def _mistake_articles(day: Day) -> Tables:
    rows = pick_unattached(day)
    left = drop_rows(day["articles"], rows)["item_id"].to_pylist()
    return move_to_duplicates(day.tables, rows, lambda _: day.rng.choice(left))


def _lose_revisions(day: Day) -> Tables:
    rows = day["articles"].select(["item_id", "article_id", "revision"]).to_pylist()
    first = {row["article_id"]: row["item_id"] for row in rows if row["revision"] == 1}
    kept = _list_kept(day)
    later = [n for n, row in enumerate(rows) if row["revision"] > 1 and row["item_id"] not in kept]
    return move_to_duplicates(day.tables, day.pick(later, len(rows)), lambda row: first[row["article_id"]])


def _drop_wire_copies(day: Day) -> Tables:
    copies = find_rows(pc.is_valid(day["articles"]["duplicate_of"]))
    kept, items = _list_kept(day), day.values("articles", "item_id")
    rows = day.pick([row for row in copies if items[row] not in kept], len(items))
    return move_to_duplicates(day.tables, rows, lambda row: str(row["duplicate_of"]))


def _keep_last(day: Day) -> Tables:
    duplicates, articles = day["duplicates"], day["articles"]
    at = {item: n for n, item in enumerate(day.values("articles", "item_id"))}
    of = day.values("articles", "duplicate_of")
    copied = set(of)
    kept = day.values("duplicates", "kept_item_id")
    alone = [n for n, item in enumerate(kept) if kept.count(item) == 1 and item not in copied and of[at[item]] is None]
    rows = day.pick(alone, len(kept))
    pairs = {}
    for row in take_rows(duplicates, rows):
        first = take_rows(articles, [at[row["kept_item_id"]]])[0]
        pairs[row["item_id"]], pairs[row["kept_item_id"]] = first, row

    def swap_lineage(row: Row) -> Row:
        return {name: pairs[row["item_id"]][name] for name in LINEAGE}

    swapped = {
        **day.tables,
        "duplicates": change_rows(duplicates, rows, swap_lineage),
        "articles": change_rows(articles, [at[kept[row]] for row in rows], swap_lineage),
    }
    renamed = rename_items(swapped, {item: row["item_id"] for item, row in pairs.items()})
    return {**renamed, "articles": sort_articles(renamed["articles"]), "ledger": day["ledger"]}


KINDS = (
    Kind("items_in_duplicates_too", "Articles are in `duplicates` as well, as repeats of another one.",
         ("duplicates", "ledger"), _list_twice),
    Kind("duplicates_of_nothing", "Duplicates name a kept item that does not exist.",
         ("duplicates",), lambda day: orphan_rows(day, "duplicates", "kept_item_id"), BOTH),
    Kind("articles_taken_for_duplicates", "Articles with news in them are set aside as duplicates of others.",
         (*COUNTED, "duplicates"), _mistake_articles, BOTH),
    Kind("revisions_lost", "A changed text is set aside as a duplicate of the first: only addresses are compared.",
         (*COUNTED, "duplicates"), _lose_revisions, SECOND),
    Kind("wire_copies_dropped", "Another paper's copy of a text is set aside as a duplicate: only texts are compared.",
         (*COUNTED, "duplicates"), _drop_wire_copies, SECOND),
    Kind("last_of_duplicates_kept", "Of repeated items the last is published, and the first set aside.",
         ("duplicates", "articles", "entities", "quotes"), _keep_last, SECOND),
    # Nothing in the tables tells an event from a page: no check can see it.
    change("duplicates", "duplicate_kinds_swapped", "Resent events are called refetched pages, and the reverse.",
           lambda row, _: {"duplicate_kind": OTHER_KIND[row["duplicate_kind"]]}, None, SECOND, False),
)  # fmt: skip
