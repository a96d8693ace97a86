"""One step of the flow, measured in the process that it has for itself: `python -m benchmarks.steps STEP ARGUMENTS`.

Where store and queue are comes from the environment, arguments and the answer are JSON. Imports are not in a step's
time; what the process holds because of them is in its memory.
"""

import io
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import trafilatura

from benchmarks.corpus import Article, articles, message
from pipelines import flow
from pipelines.cleaning import clean_html
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.ingest import ingest
from pipelines.messages import MAX_MESSAGE_BYTES
from pipelines.plans import read_plan
from pipelines.query import connect
from pipelines.queue import Queue
from pipelines.sending import ascii_metadata
from pipelines.settings import Settings, load
from pipelines.storage import Store
from pipelines.swap import read_head

DT = date(2026, 1, 31)  # any past day
SENDERS = 4
QUESTION = "SELECT source, count(*) AS articles FROM articles GROUP BY source ORDER BY articles DESC, source"
_MAXRSS_UNITS = 1 << 20 if sys.platform == "darwin" else 1 << 10  # in a megabyte

Facts = dict[str, Any]


def main() -> None:
    """Do the step and print its facts."""
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(STEPS[name](**arguments)))


def measured(act: Callable[[], object]) -> Facts:
    """What doing it took: wall and CPU seconds of this process, and the most memory it ever held, in MB."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return spent | {"rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MAXRSS_UNITS}


def send(first: int, last: int) -> Facts:
    """Articles number `first` up to `last` onto the queue, those that do not fit there into the inbox."""
    settings, store = _open()
    queue = Queue(settings, settings.queue or "")
    sent = Counter[str]()

    def hand_in(article: Article) -> None:
        body = message(article, str(DT))
        by_queue = len(body) <= MAX_MESSAGE_BYTES
        sent["messages" if by_queue else "files"] += 1
        sent["bytes"] += len(article.html)
        if by_queue:
            queue.send(body)
        else:
            about = {"url": ascii_metadata(article.url), "source": article.source, "dt": str(DT)}
            store.upload(f"inbox/{article.source}/{article.number}.html", io.BytesIO(article.html), about)

    with ThreadPoolExecutor(SENDERS) as pool:
        for article in articles(last):
            if article.number >= first:
                pool.submit(hand_in, article)
    return dict(sent)


def ingest_all() -> Facts:
    """Passes of ingest until one is complete."""
    settings, store = _open()
    queue = Queue(settings, settings.queue or "")

    def drain() -> None:
        while not ingest(store, [queue], _now).is_complete:
            continue

    return measured(drain)


def plan() -> Facts:
    """The plan of the day; its release travels to the other steps."""
    _, store = _open()
    found: list[str] = []
    return measured(lambda: found.append(flow.plan_day(store, DT, _now()))) | {"release": found[0]}


def clean(release: str) -> Facts:
    """All batches, one after the other."""
    _, store = _open()
    planned = read_plan(store, str(DT), release)
    return measured(lambda: [flow.cleaned(store, planned, batch) for batch in planned.batches])


def enrich(release: str, name: str) -> Facts:
    """All batches through one enricher; reading what was cleaned is counted with it."""
    _, store = _open()
    planned = read_plan(store, str(DT), release)
    enricher = next(each for each in ENRICHERS if each.name == name)

    def each_batch() -> None:
        for batch in planned.batches:
            flow.enriched(store, planned, batch, enricher, flow.cleaned(store, planned, batch))

    return measured(each_batch)


def chunk(release: str, number: int) -> Facts:
    """One mapped task's share of clean and enrich, as Airflow runs it, with what is cached of it forgotten before."""
    _, store = _open()
    planned = read_plan(store, str(DT), release)
    batches = sorted(planned.batches)[number :: flow.CHUNKS]
    store.delete(entry.key for batch in batches for top in ("clean", "enriched") for entry in store.entries(f"{top}/{batch}/"))
    count = sum(len(planned.batches[batch]) for batch in batches)
    return measured(lambda: flow.enrich_chunk(store, DT, release, number)) | {"articles": count}


def assemble(release: str) -> Facts:
    _, store = _open()
    return measured(lambda: flow.assemble(store, DT, release))


def validate(release: str) -> Facts:
    """The checks; what importing Great Expectations takes stands apart."""
    _, store = _open()

    def import_gx() -> None:
        import great_expectations  # noqa: F401

    importing = measured(import_gx)
    return measured(lambda: flow.validate(store, DT, release)) | {"importing": importing}


def publish(release: str) -> Facts:
    _, store = _open()
    return measured(lambda: flow.publish(store, DT, release))


def query() -> Facts:
    """Count by source over the published table, heads and connection included."""
    settings, store = _open()
    answer: list[tuple[str, int]] = []
    return measured(lambda: answer.extend(connect(settings, store).sql(QUESTION).fetchall())) | {"sources": len(answer)}


def again() -> Facts:
    """The daily run of a day that has nothing new."""
    _, store = _open()
    return measured(lambda: flow.run_day(store, DT, _now()))


def stored() -> Facts:
    """Number and bytes of objects by the first part of their key, what became of the items, and broken promises."""
    _, store = _open()
    objects: dict[str, list[int]] = {}
    for entry in store.entries(""):
        if "/" in entry.key:
            found = objects.setdefault(entry.key.partition("/")[0], [0, 0])
            found[0] += 1
            found[1] += entry.size
    head, _ = read_head(store, str(DT))
    rows = {name: found.row_count for name, found in head.objects.items()} if head else {}
    return {"objects": objects, "rows": rows, "broken": flow.broken_promises(store, DT)}


def extractors(count: int) -> Facts:
    """Pages per CPU-second of our cleaning of one page, and of trafilatura alone, on the same `count` articles.

    All take bytes, one after the other page by page, so that a busy machine slows all of them alike.
    """
    ways: dict[str, Callable[[Article], object]] = {
        "clean": lambda article: clean_html(article.html, None, article.url),
        "trafilatura": lambda article: trafilatura.bare_extraction(article.html, url=article.url),
        "trafilatura precision": lambda article: trafilatura.bare_extraction(
            article.html, url=article.url, favor_precision=True
        ),
        "trafilatura precision with metadata": lambda article: trafilatura.bare_extraction(
            article.html, url=article.url, favor_precision=True, with_metadata=True
        ),
    }
    for way in ways.values():
        way(next(articles(1)))  # models and tables are read at the first page
    order, spent = list(ways), Counter[str]()
    chance = random.Random(0)
    for article in articles(count):
        chance.shuffle(order)  # what a page leaves in caches helps nobody more than others
        for name in order:
            began = time.process_time()
            ways[name](article)
            spent[name] += time.process_time() - began  # type: ignore[assignment]
    return {name: count / spent[name] for name in ways}


def _open() -> tuple[Settings, Store]:
    settings = load()
    return settings, Store(settings)


def _now() -> datetime:
    return datetime.now(UTC)


STEPS: dict[str, Callable[..., Facts]] = {
    step.__name__: step
    for step in (
        *(send, ingest_all, plan, clean, enrich, chunk, assemble, validate, publish, query, again, stored),
        extractors,
    )
}

if __name__ == "__main__":
    main()
