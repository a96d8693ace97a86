"""What became of an item is said once; tests/test_cli.py follows what was sent to its release."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from pipelines import trace
from pipelines.services.storage import Store
from pipelines.tables.articles import ARTICLES
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.rejected import REJECTED
from pipelines.trace import Landed

ITEM = {"item_id": "i1", "item_index": 0, "delivery_id": "d1"}


@pytest.mark.services
def test_an_item_that_lost_an_entity_is_published_all_the_same(store: Store) -> None:
    rows = {ARTICLES: [ITEM | {"article_id": "a1", "source": "p.example", "title": "Pier"}], DUPLICATES: []}
    rows[REJECTED] = [ITEM | {"stage": "enrich", "reason": "row_rule", "table_name": "entities", "row_index": 0}]
    for table, given in rows.items():
        schema = pa.schema([field.with_nullable(True) for field in table.schema])  # only what is shown has values
        store.put_table(table.name, pa.Table.from_pylist(given, schema))
    head: Any = SimpleNamespace(list_keys=lambda table: [table])
    assert list(trace._describe_items(store, head, "d1")) == ["  item i1: published as article a1 of p.example: Pier"]


def test_the_search_ends_with_the_day_of_the_delivery_unless_it_is_a_batch_of_events(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = [date(2026, 3, day) for day in (3, 2, 1)]
    of_days = {days[1]: "d1", days[2]: "d1"}  # the second one would not be reached
    monkeypatch.setattr(
        trace,
        "_find_deliveries",
        lambda _, day, __: [Landed(day, "b", {"delivery_id": of_days[day]})] if day in of_days else [],
    )
    store: Any = None
    assert [landed.day for landed in trace._find_delivery(store, days, "d1")] == [days[1]]
    assert [landed.day for landed in trace._find_delivery(store, days, "batch")] == days[1:]
