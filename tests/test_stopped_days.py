"""Simulated days on which something explodes: what is published, what is set aside, who is told, and what to do."""

import gzip
import json
import re
from datetime import date
from typing import Any

import pytest

from pipelines import audit, flow
from pipelines.cleaning import Cleaned
from pipelines.errors import BadInput, RejectSurge
from pipelines.formats import Document
from pipelines.intake.ingest import ingest
from pipelines.paths import report_page_key
from pipelines.releases.acceptances import accept_release, read_acceptance
from pipelines.releases.swap import read_head
from pipelines.reports.attempts import read_stopped_attempts
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.stages import clean
from tests.conftest import now
from tests.redrive.test_run import LONG

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.usefixtures("few_rules")]

DAY = date(2026, 3, 30)
PAPERS, EACH = 5, 16


def drop(store: Store, source: str, name: str, body: bytes) -> None:
    store.client.put_object(
        Bucket=store.bucket, Key=f"inbox/{source}/{name}", Body=body, Metadata={"dt": str(DAY)}
    )  # fmt: skip


def drop_papers(store: Store, queue: Queue) -> None:
    for paper in range(PAPERS):
        source = f"p{paper}.example"
        rows = [{"url": f"https://{source}/{n}", "text": f"Story {n} of {paper}. {LONG}"} for n in range(EACH)]
        drop(store, source, "day.jsonl", "\n".join(map(json.dumps, rows)).encode())
    ingest(store, [queue], now)


def drop_bomb(store: Store, queue: Queue) -> None:
    bomb = gzip.compress(b"{}\n" * 3000)
    assert len(bomb) < 95
    drop(store, "p0.example", "bomb.jsonl.gz", bomb)
    ingest(store, [queue], now)


def count(store: Store, table: str, source: str | None = None) -> int:
    head, _ = read_head(store, str(DAY))
    assert head is not None
    rows = store.read_tables(head.list_keys(table)).to_pylist()
    return sum(source in (None, row["source"]) for row in rows)


def read_page(store: Store, release: str) -> str:
    """The words of the report of an attempt."""
    html = store.get(report_page_key(str(DAY), release)).decode()
    return " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def is_conserved(store: Store) -> bool:
    head, _ = read_head(store, str(DAY))
    assert head is not None
    rows = store.read_tables(head.list_keys("coverage")).to_pylist()
    kinds = ("published_count", "duplicate_count", "rejected_count")
    tables = ("articles", "duplicates", "rejected")
    sums = [sum(row[name] for row in rows) for name in kinds]
    return (
        audit.find_broken_invariants(store, DAY) == []
        and sums == [count(store, table) for table in tables]
        and sum(sums) == sum(row["received_count"] for row in rows)
    )


def breaks_a_third(document: Document, *_: Any) -> Cleaned:
    if (story := re.match(rb"Story (\d+) of", document.body)) and int(story[1]) < 5:  # of 16 of each paper
        raise ValueError("a defect of ours")
    return clean_document(document, *_)


clean_document = clean._clean_document


def test_a_file_of_95_bytes_is_set_aside_and_everyone_elses_day_is_published(store: Store, queue: Queue) -> None:
    drop_papers(store, queue)
    drop_bomb(store, queue)
    release = flow.run_day(store, DAY, now())
    assert count(store, "articles") == PAPERS * EACH
    assert is_conserved(store)
    (line,) = flow.list_set_aside(store, DAY, release)
    assert "is set aside as a whole: 3000 of its 3000 items are rejected" in line
    page = read_page(store, release)
    print(page[: page.index("Rows per table")])
    assert "Set aside as a whole: 1 delivery or source." in page
    assert "copydesk redrive --reason set_aside" in page


def test_a_source_that_explodes_is_set_aside_taken_in_and_judged_afresh(store: Store, queue: Queue) -> None:
    drop_papers(store, queue)
    for number in range(20):
        body = f"<p>{LONG} {number}</p>" if number < 3 else "<html></html>"
        drop(store, "q.example", f"{number}.html", body.encode())
    ingest(store, [queue], now)
    first = flow.run_day(store, DAY, now())
    assert flow.list_set_aside(store, DAY, first) == [
        "source q.example is set aside as a whole: 17 of its 20 items are rejected (no_text 17), 3 are sound"
    ]
    assert count(store, "articles") == PAPERS * EACH
    assert is_conserved(store)
    page = read_page(store, first)
    print(page[: page.index("Rows per table")])
    assert '--take-in " source q.example " --by NAME' in page
    accept_release(store, DAY, first, "Ada", "three real articles", now(), ("source q.example",))
    second = flow.run_day(store, DAY, now())
    assert second != first
    assert count(store, "articles", "q.example") == 3
    assert flow.list_set_aside(store, DAY, second) == []
    assert "accepted by Ada" in read_page(store, second)
    drop(store, "q.example", "late.html", b"<html></html>")
    ingest(store, [queue], now)
    third = flow.run_day(store, DAY, now())
    assert len(flow.list_set_aside(store, DAY, third)) == 1
    assert count(store, "articles", "q.example") == 0


def test_a_defect_that_rejects_a_third_over_all_sources_stops_the_day_until_a_person_accepts_it(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_papers(store, queue)
    monkeypatch.setattr(clean, "_clean_document", breaks_a_third)
    with pytest.raises(RejectSurge, match="clean failed: ValueError would reject") as stopped:
        flow.run_day(store, DAY, now())
    release = stopped.value.release
    assert read_head(store, str(DAY)).head is None
    page = read_page(store, release)
    print(page[: page.index("Rows per table")])
    assert f"--accept {release} --by NAME" in page
    accept_release(store, DAY, release, "Ada\x1b[2J", "the other two thirds are needed now", now())
    assert flow.run_day(store, DAY, now()) == release
    assert is_conserved(store)
    assert f"{DAY}: accepted by a person" in read_page(store, release)
    record = read_acceptance(store, str(DAY), release)
    assert record is not None
    assert str(record).startswith("accepted by Ada⟨U+001B⟩[2J at ")
    drop(store, "p1.example", "late.jsonl", json.dumps({"url": "https://p1.example/late", "text": LONG}).encode())
    ingest(store, [queue], now)
    with pytest.raises(RejectSurge):
        flow.run_day(store, DAY, now())


def test_units_are_taken_in_one_after_the_other_and_a_typo_in_one_is_an_error(store: Store, queue: Queue) -> None:
    drop_papers(store, queue)
    for size in (120, 130):
        drop(store, "p0.example", f"{size}.jsonl", b"{}\n" * size)
    ingest(store, [queue], now)
    first = flow.run_day(store, DAY, now())
    larger, smaller = (line.split(" is set aside")[0] for line in flow.list_set_aside(store, DAY, first))
    with pytest.raises(BadInput, match=f"'{larger}x' was not set aside .* can be taken in of it: '{larger}', "):
        accept_release(store, DAY, first, "Ada", "so it is", now(), (f"{larger}x",))
    accept_release(store, DAY, first, "Ada", "so it is", now(), (larger,))
    second = flow.run_day(store, DAY, now())
    assert [line.split(" is set aside")[0] for line in flow.list_set_aside(store, DAY, second)] == [smaller]
    accept_release(store, DAY, second, "Ada", "so it is", now(), (smaller,))
    third = flow.run_day(store, DAY, now())
    assert flow.list_set_aside(store, DAY, third) == []
    assert flow.is_accepted(store, DAY, third)
    accept_release(store, DAY, first, "Ada", "both at once", now(), (smaller,))
    assert flow.list_set_aside(store, DAY, flow.run_day(store, DAY, now())) == []
    accept_release(store, DAY, first, "Ada", "better as it was", now())
    assert flow.run_day(store, DAY, now()) == first


def test_to_take_something_in_does_not_excuse_what_stops_the_day(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_papers(store, queue)
    drop_bomb(store, queue)
    monkeypatch.setattr(clean, "_clean_document", breaks_a_third)
    with pytest.raises(RejectSurge) as stopped:
        flow.run_day(store, DAY, now())
    (unit,) = (line.split(" is set aside")[0] for line in flow.list_set_aside(store, DAY, stopped.value.release))
    accept_release(store, DAY, stopped.value.release, "Ada", "so it is", now(), (unit,))
    with pytest.raises(RejectSurge) as stopped:
        flow.run_day(store, DAY, now())
    assert read_stopped_attempts(store) == {str(DAY): stopped.value.release}
    assert f"{DAY}: stopped" in read_page(store, stopped.value.release)


@pytest.mark.parametrize(
    ("release", "by", "reason", "message"),
    [
        ("f" * 32, "Ada", "so it is", "has no attempt"),
        ("../../head", "Ada", "so it is", "not a release id"),
        ("f" * 32, " ", "so it is", "needs a name and a reason"),
        ("f" * 32, "Ada", "", "needs a name and a reason"),
    ],
)
def test_what_cannot_be_accepted_is_said(store: Store, release: str, by: str, reason: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        accept_release(store, DAY, release, by, reason, now())
