"""One step of the flow, measured in a process of its own: `python -m benchmarks.steps STEP ARGUMENTS`.

Where store and queue are comes from the environment, arguments and the answer are JSON. Imports are not in a step's
time; what the process holds because of them is in its memory.
"""

import io
import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

from trafilatura import bare_extraction

from benchmarks.corpus import Article, build_message, make_articles
from benchmarks.peers import build_command, find_python
from local.services import ROOT
from pipelines import audit, flow
from pipelines.cleaning import clean_html
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.intake.ingest import ingest
from pipelines.intake.sending import ascii_metadata
from pipelines.messages import MAX_MESSAGE_BYTES
from pipelines.query import connect
from pipelines.releases.plans import read_plan
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings, load_settings
from pipelines.text.decode import decode

DT = date(2026, 1, 31)  # any past day
SENDERS = 4
WARM_UP = 60  # articles, by which every language of the pages has come up
QUESTION = "SELECT source, count(*) AS articles FROM articles GROUP BY source ORDER BY articles DESC, source"
_MAXRSS_UNITS = 1 << 20 if sys.platform == "darwin" else 1 << 10  # in a megabyte

Facts = dict[str, Any]


def main() -> None:
    """Do the step and print its facts."""
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(STEPS[name](**arguments)))


def measure(act: Callable[[], object]) -> Facts:
    """Do it, and return what it took: wall and CPU seconds of this process, and the most memory it ever held, in MB."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return spent | {"rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MAXRSS_UNITS}


def send(first: int, last: int) -> Facts:
    """Send articles number `first` up to `last` to the queue, those that do not fit there to the inbox."""
    settings, store = _open()
    queue = Queue(settings, settings.queue or "")
    sent = Counter[str]()

    def hand_in(article: Article) -> None:
        body = build_message(article, str(DT))
        by_queue = len(body) <= MAX_MESSAGE_BYTES
        sent["messages" if by_queue else "files"] += 1
        sent["bytes"] += len(article.html)
        if by_queue:
            queue.send(body)
        else:
            about = {"url": ascii_metadata(article.url), "source": article.source, "dt": str(DT)}
            store.upload(f"inbox/{article.source}/{article.number}.html", io.BytesIO(article.html), about)

    with ThreadPoolExecutor(SENDERS) as pool:
        pending = [pool.submit(hand_in, article) for article in make_articles(last) if article.number >= first]
    for each in pending:
        each.result()  # raises what went wrong there
    return dict(sent)


def ingest_all() -> Facts:
    """Run passes of ingest until one is complete."""
    settings, store = _open()
    queue = Queue(settings, settings.queue or "")

    def drain() -> None:
        while not ingest(store, [queue], _now).is_complete:
            continue

    return measure(drain)


def plan() -> Facts:
    """Plan the day; its release travels to the other steps."""
    _, store = _open()
    found: list[str] = []
    return measure(lambda: found.append(flow.plan_day(store, DT, _now()))) | {"release": found[0]}


def clean(release: str) -> Facts:
    """Clean all batches, one after the other."""
    _, store = _open()
    planned = read_plan(store, str(DT), release)

    def each_batch() -> None:
        for batch in planned.batches:
            flow.clean_batch(store, planned, batch)

    return measure(each_batch)


def enrich(release: str, name: str) -> Facts:
    """Run one enricher on all batches; reading what was cleaned and added before is counted with it."""
    _, store = _open()
    planned = read_plan(store, str(DT), release)
    place = [each.name for each in ENRICHERS].index(name)

    def each_batch() -> None:
        for batch in planned.batches:
            items = flow.enrich_batch(store, planned, batch, ENRICHERS[:place])
            flow.run_enricher(store, planned, batch, ENRICHERS[place], items)

    return measure(each_batch)


def chunk(release: str, number: int) -> Facts:
    """Clean and enrich the share of one mapped task, as Airflow runs it; what is cached of it is deleted before."""
    _, store = _open()
    planned = read_plan(store, str(DT), release)
    batches = sorted(planned.batches)[number :: flow.CHUNKS]
    cached = (f"{top}/{batch}/" for batch in batches for top in ("clean", "enriched"))
    store.delete([entry.key for prefix in cached for entry in store.list_objects(prefix)])
    count = sum(len(planned.batches[batch]) for batch in batches)
    return measure(lambda: flow.enrich_chunk(store, DT, release, number)) | {"articles": count}


def assemble(release: str) -> Facts:
    """Assemble the day."""
    _, store = _open()
    return measure(lambda: flow.assemble(store, DT, release))


def validate(release: str) -> Facts:
    """Run the checks; the cost of importing Great Expectations is apart."""
    _, store = _open()

    def import_gx() -> None:
        import great_expectations  # noqa: F401

    importing = measure(import_gx)
    return measure(lambda: flow.validate(store, DT, release)) | {"importing": importing}


def publish(release: str) -> Facts:
    """Publish the day."""
    _, store = _open()
    return measure(lambda: flow.publish(store, DT, release))


def query() -> Facts:
    """Count by source over the published table, heads and connection included."""
    settings, store = _open()
    answer: list[tuple[str, int]] = []
    return measure(lambda: answer.extend(connect(settings, store).sql(QUESTION).fetchall())) | {"sources": len(answer)}


def again() -> Facts:
    """Run a day that has nothing new."""
    _, store = _open()
    found: list[str] = []
    return measure(lambda: found.append(flow.run_day(store, DT, _now()))) | {"release": found[0]}


def stored() -> Facts:
    """Count objects and bytes by the first part of their key, rows by table, and broken invariants."""
    _, store = _open()
    objects: dict[str, list[int]] = {}
    for entry in store.list_objects(""):
        if "/" in entry.key:
            found = objects.setdefault(entry.key.partition("/")[0], [0, 0])
            found[0] += 1
            found[1] += entry.size
    head, _ = read_head(store, str(DT))
    rows = {name: head.count_rows(name) for name in head.objects} if head else {}
    return {"objects": objects, "rows": rows, "broken": audit.find_broken_invariants(store, DT)}


def extractors(count: int) -> Facts:
    """Return pages per CPU-second of our cleaning of one page and of its peers, on the first `count` articles.

    They take turns page by page, in an order drawn anew each time, so that a busy machine slows all of them alike.
    """
    ways: dict[str, Callable[[Article], float]] = {
        "clean": _clock(lambda article: clean_html(article.html, None, article.url)),
        "trafilatura": _clock(lambda article: bare_extraction(article.html, url=article.url)),
        "trafilatura precision": _clock(
            lambda article: bare_extraction(article.html, url=article.url, favor_precision=True)
        ),
        "trafilatura precision with metadata": _clock(
            lambda article: bare_extraction(article.html, url=article.url, favor_precision=True, with_metadata=True)
        ),
    }
    facts: Facts = {"with_text": 0, "failed": 0, "refused": 0}
    with ExitStack() as running:
        if find_python("peers").exists():
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            command = build_command("peers", "mediacloud")
            peer = running.enter_context(subprocess.Popen(command, cwd=ROOT, text=True, **pipes))
            ways["mediacloud-metadata"] = lambda article: _ask(peer, article, facts)
        order, spent, chance = list(ways), dict.fromkeys(ways, 0.0), random.Random(0)
        for article in (*make_articles(WARM_UP), *make_articles(count)):
            if article.number == 0:  # at the second time models and tables are read: count from nothing
                spent = dict.fromkeys(ways, 0.0)
                facts.update(with_text=0, failed=0)
            chance.shuffle(order)
            for name in order:
                spent[name] += ways[name](article)
    return facts | {"rates": {name: count / seconds for name, seconds in spent.items()}}


def _clock(extract: Callable[[Article], object]) -> Callable[[Article], float]:
    def seconds(article: Article) -> float:
        began = time.process_time()
        extract(article)
        return time.process_time() - began

    return seconds


def _ask(peer: subprocess.Popen[str], article: Article, facts: Facts) -> float:
    """Return the CPU seconds of mediacloud-metadata for the page, as text; count in `facts` what became of it."""
    assert peer.stdin is not None
    assert peer.stdout is not None
    print(json.dumps({"url": article.url, "html": decode(article.html, None) or ""}), file=peer.stdin, flush=True)
    (value, seconds), *_ = json.loads(peer.stdout.readline()).values()
    facts["failed"] += value is None
    if value is not None:
        facts["with_text"] += value[0]
        facts["refused"] = value[1]
    return float(seconds)


def _open() -> tuple[Settings, Store]:
    settings = load_settings()
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
