"""Real pages of 39 sources and more, as messages and as dropped files: each ends in exactly one place."""

import base64
import io
import json
import lzma
import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines import audit, flow
from pipelines.intake import sending
from pipelines.intake.ingest import ingest
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from tests.conftest import now

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(900)]

DAY = date(2026, 3, 2)
# Every third page, as the figures of test_quality.py are of them all; the thorough profile takes each.
STEP = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 3


def pages(folder: Path) -> Iterator[tuple[str, str | None, str, bytes]]:
    """(name, url, source, bytes) of each page handed out."""
    for path in sorted((folder / "extraction").glob("*.jsonl.xz")):
        with lzma.open(path, "rt") as lines:
            for number, line in list(enumerate(lines))[::STEP]:
                page = json.loads(line)
                body = base64.b64decode(page["html_b64"]) if "html_b64" in page else page["html"].encode()
                url = page.get("url")
                source = page.get("source") or (url.split("/")[2] if url else path.stem)
                yield f"{path.stem}-{number}", url, source, body


def test_every_real_page_ends_in_exactly_one_place(
    store: Store, queue: Queue, shared_data: Path, tmp_path: Path
) -> None:
    sent = Counter[str]()
    for number, (name, url, source, body) in enumerate(pages(shared_data)):
        path = tmp_path / f"{name}.html"
        path.write_bytes(body)
        if number % 2:
            where = sending.send_file(store, queue, path, source, url, DAY).where
        else:
            metadata = {"source": source, "dt": str(DAY)} | ({"url": sending.ascii_metadata(url)} if url else {})
            store.upload(f"inbox/{source}/{name}.html", io.BytesIO(body), metadata)
            where = "inbox"
        sent[where] += 1
    sample = shared_data / "sample" / "moscow-times.txt"
    sent[sending.send_file(store, queue, sample, "themoscowtimes.com", None, DAY).where] += 1
    count = sent.total()
    assert count == (922 if STEP == 1 else 309)
    assert sent["queue"] > count / 5

    done = ingest(store, [queue], now)
    assert done.is_complete
    release = flow.run_day(store, DAY, now())
    head, _ = read_head(store, str(DAY))
    assert head is not None
    counts = {name: head.count_rows(name) for name in ("articles", "duplicates", "rejected")}
    print(sent, counts, release)
    rejected = store.read_tables(head.list_keys("rejected"))
    print(Counter(rejected["reason"].to_pylist()), rejected["detail"].to_pylist())
    assert sum(counts.values()) == count
    assert audit.find_broken_invariants(store, DAY) == []
    assert counts["articles"] > 0.97 * count
