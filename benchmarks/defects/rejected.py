"""Defects of `rejected`: items rejected wrongly, twice, without or for another reason; rows set aside."""

from collections.abc import Sequence

import pyarrow.compute as pc

from benchmarks.defects.duplicates import LINEAGE
from benchmarks.defects.items import COUNTED, pick_unattached, recount_ledger
from benchmarks.defects.kinds import BOTH, SECOND, THIRD, Kind, change
from benchmarks.defects.tables import (
    Day,
    Row,
    Tables,
    append_rows,
    build_rejected_row,
    drop_articles,
    drop_rows,
    find_rows,
    mark_copies,
    recount,
    take_rows,
)
from pipelines.tables.ids import hash_id

REASONS = ("no_text", "index_page", "broken", "empty")


def _reject(day: Day, rows: Sequence[int]) -> Tables:
    """Return the tables with these articles among the rejected items, too."""
    new = [
        build_rejected_row(row, "no_text", excerpt=(row["text"] or "")[:500])
        for row in take_rows(day["articles"], rows)
    ]
    return {**day.tables, "rejected": append_rows(day["rejected"], new)}


def _reject_good(day: Day) -> Tables:
    rows = pick_unattached(day)
    return recount({**drop_articles(day.tables, rows), "rejected": _reject(day, rows)["rejected"]})


def _block_source(day: Day) -> Tables:
    source = day.pick_source(day["articles"])
    rows = find_rows(pc.equal(day["articles"]["source"], source))
    left = drop_articles(day.tables, rows)
    is_blocked = pc.equal(day["duplicates"]["source"], source)
    sent = take_rows(day["articles"], rows) + day["duplicates"].filter(is_blocked).to_pylist()
    new = [build_rejected_row({**row, "language": None}, "empty") for row in sent]
    return recount(
        {
            **left,
            "articles": mark_copies(left["articles"]),
            "duplicates": day["duplicates"].filter(pc.invert(is_blocked)),
            "rejected": append_rows(day["rejected"], new),
        }
    )


def _reject_rows_of_rejected(day: Day) -> Tables:
    new = [
        build_rejected_row(
            row, "row_rule", "enrich", table_name="entities", row_index=0, detail="salience_score is out of range",
            excerpt=None,
        )
        for row in take_rows(day["rejected"], day.pick_rows("rejected"))
    ]  # fmt: skip
    return {**day.tables, "rejected": append_rows(day["rejected"], new)}


def _set_aside(day: Day, table: str, index: str, column: str) -> tuple[Tables, list[int]]:
    """Return the tables with some rows of `entities` or `quotes` in `rejected` too, and these rows."""
    columns = ["item_id", "source", "url", "language", *LINEAGE]
    items = {row["item_id"]: row for row in day["articles"].select(columns).to_pylist()}
    rows = day.pick_rows(table)
    new = [
        build_rejected_row(
            items[row["item_id"]], "row_rule", "enrich",
            table_name=table, row_index=row[index], detail=f"{column} is out of range",
        )
        for row in take_rows(day[table], rows)
    ]  # fmt: skip
    return {**day.tables, "rejected": append_rows(day["rejected"], new)}, rows


def _set_quotes_aside(day: Day) -> Tables:
    tables, rows = _set_aside(day, "quotes", "quote_index", "quote_score")
    return {**tables, "quotes": drop_rows(day["quotes"], rows)}


def _rename_reason(row: Row, day: Day) -> Row:
    return {"reason": day.rng.choice([reason for reason in REASONS if reason != row["reason"]])}


KINDS = (
    Kind("items_in_rejected_too", "Articles are in `rejected` as well.", ("rejected", "ledger"),
         lambda day: recount_ledger(_reject(day, day.pick_rows("articles")))),
    Kind("rejections_rise", "Good articles are rejected as having no text.",
         (*COUNTED, "rejected"), _reject_good, BOTH),
    change("rejected", "rejections_unnamed", "Rejected items have no reason.", {"reason": None}),
    Kind("source_blocked", "One source answers the crawler with nothing: all its items are rejected as empty.",
         (*COUNTED, "duplicates", "rejected"), _block_source, SECOND),
    change("rejected", "rejected_fingerprints_differ", "Each rejected item has a fingerprint of its own.",
           lambda row, _: {"fingerprint": hash_id(row["item_id"], row["reason"])[:16]}, None, SECOND),
    Kind("rows_of_rejected_items", "A row of entities is rejected of items that were rejected themselves.",
         ("rejected",), _reject_rows_of_rejected, SECOND),
    Kind("quotes_set_aside", "A row rule is too strict: quotes that are right are rejected.",
         ("quotes", "rejected"), _set_quotes_aside, SECOND),
    Kind("entities_set_aside_and_kept", "Entities that are rejected are among the published ones as well.",
         ("rejected",), lambda day: _set_aside(day, "entities", "entity_index", "salience_score")[0], SECOND),
    change("rejected", "reasons_renamed", "The reason for a rejection is not the one its fingerprint was made of.",
           _rename_reason, None, THIRD),
)  # fmt: skip
