"""The life of a day, top to bottom. Start reading here.

    plan_day → clean and enrich its batches → assemble → write its other parts → validate → publish

Each function does one step, reads its inputs by name and can be run again at any time: work that is done already is
found and used. Only names travel between the steps: the day and the release id. How articles get into raw/ is in
intake/.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from threading import Lock

import numpy as np
import pyarrow as pa

from pipelines.checks.day import compare_checked
from pipelines.checks.indicators import OF_PARTS
from pipelines.checks.judge import judge
from pipelines.checks.measures import compute_usual_rejected
from pipelines.checks.suites import read_rules
from pipelines.checks.verdicts import (
    build_surge_checks,
    describe_set_aside,
    find_critical_failures,
    find_rows_to_set_aside,
    merge_checks,
)
from pipelines.enrichments.enrichers import ENRICHERS, Enricher
from pipelines.errors import BadInput, LostRace, Missing, NotReady, RejectSurge, ReleaseStopped
from pipelines.explosions import summarize_units
from pipelines.intake.ingest import read_last_pass
from pipelines.parts import (
    decide,
    keep_in_memory,
    list_staged_keys,
    read_assembled,
    read_narrow_tables,
    read_rows,
    set_rows_aside,
    stage_parts,
    write_part,
)
from pipelines.paths import attempt_key, clean_key, enriched_key, report_page_key, staging_key
from pipelines.profiles.active import read_profiles
from pipelines.raw.batches import read_payloads
from pipelines.rejects.surge import find_causes
from pipelines.releases.acceptances import describe_acceptance, read_acceptance
from pipelines.releases.heads import Head, Object, build_next_head
from pipelines.releases.plans import (
    Plan,
    derive_versions,
    find_acceptance,
    make_plan,
    read_plan,
)
from pipelines.releases.swap import delete_staged, read_head, settled_head, swap
from pipelines.reports.attempts import record_live, record_still_live, write_report
from pipelines.reports.pages.release import FIELDS, list_failing_items
from pipelines.services.storage import Store
from pipelines.stages.clean import clean_items
from pipelines.stages.enrich import enrich_items
from pipelines.tables.checks import CHECKS
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.items import ITEMS
from pipelines.tables.measures import MEASURES
from pipelines.tables.parquet import count_parquet_rows, decode_parquet, encode_parquet_pieces
from pipelines.tables.published import PUBLISHED
from pipelines.tables.rejected import REJECTED

log = logging.getLogger(__name__)

CHUNKS = 8  # mapped tasks a day; a task costs Airflow half a second, and hundreds of them choke its scheduler
PART_TASKS = 16  # mapped tasks that write parts: each beyond the first costs half a second, and no more run at once
PIECE = 500  # rows enriched at once
_COMPUTING = Lock()  # one thread at a time: spaCy's pipelines are not for several, and others gain nothing by them
ATTEMPTS = 3  # at planning and running a day that other writers keep changing
JUDGED_AFRESH = (
    "%s: release %s was accepted, but since then more has arrived, an earlier day was published, or the code has"
    " changed: the day is planned as %s, and judged afresh; accept that one if it is right too"
)
RECORDED = ("rejected", "coverage")  # tables that are stored of every attempt, beside its checks


def run_day(store: Store, dt: date, now: datetime, is_forced: bool = False) -> str:
    """Take a day from plan to publication, in this process; return the release id.

    `is_forced` also publishes a release again that is live already. Raises NotReady, LostRace or ReleaseStopped.
    """
    release = plan_day(store, dt, now)
    if not is_forced and is_live(store, dt, release):
        log.info("%s: release %s is live already, nothing has changed since", dt, release)
        return release
    chunk_count = count_chunks(store, dt, release)
    for chunk in range(chunk_count):
        enrich_chunk(store, dt, release, chunk)
        log.info("%s: cleaned and enriched part %d of %d", dt, chunk + 1, chunk_count)
    write_parts(store, dt, release, range(1, assemble(store, dt, release)))
    log.info("%s: assembled; its tables are being checked", dt)
    validate(store, dt, release)
    publish(store, dt, release)
    return release


def run_day_with_replans(store: Store, dt: date, clock: Callable[[], datetime], is_forced: bool = False) -> str:
    """Do as run_day, and plan again if another writer changed the day meanwhile. Raises LostRace at the third time."""
    for _ in range(ATTEMPTS - 1):
        try:
            return run_day(store, dt, clock(), is_forced)
        except LostRace as lost:
            log.warning("%s; it is planned again", lost)
    return run_day(store, dt, clock(), is_forced)


def plan_day(store: Store, dt: date, now: datetime) -> str:
    """Freeze what a release of the day is made from; return the release id.

    An unfinished swap of the day is rolled forward first. Raises BadInput for a day in the future. Raises NotReady for
    a day that has ended until ingest has made a complete pass that began after its end: messages that were on the queue
    at that time may belong to the day.
    """
    begin, end = get_day_bounds(dt)
    if now < begin:
        raise BadInput(f"{dt} has not begun; choose today or an earlier day")
    is_open = now < end
    if not is_open:
        ingested = read_last_pass(store)
        if ingested is None or ingested < end:
            raise NotReady(
                f"{dt} has ended, but ingest has not run since; run `copydesk ingest` or the DAG copydesk_ingest first"
            )
    head, etag = settled_head(store, str(dt))
    plan = make_plan(store, str(dt), is_open, head, etag)
    store.put(plan.key, plan.model_dump_json(indent=1).encode())
    log.info(
        "%s: release %s of %d deliveries in %d batches", dt, plan.release_id, len(plan.deliveries), len(plan.batches)
    )
    if head is not None:
        _log_profile_changes(store, head, plan)
        if head.release_id == plan.release_id:
            record_still_live(store, plan.dt, plan.release_id)
    return plan.release_id


def is_live(store: Store, dt: date, release: str) -> bool:
    """Return whether the release is live and its swap is finished, so that nothing is left to do."""
    head, _ = read_head(store, str(dt))
    return head is not None and head.release_id == release and not head.is_swapping


def count_chunks(store: Store, dt: date, release: str) -> int:
    """Return into how many chunks the day's batches are divided."""
    return min(CHUNKS, len(read_plan(store, str(dt), release).batches))


def enrich_chunk(store: Store, dt: date, release: str, chunk: int) -> int:
    """Clean and enrich one chunk of the day's batches; return how many they are. Cached results are used."""
    plan = read_plan(store, str(dt), release)
    batches = sorted(plan.batches)[chunk::CHUNKS]
    for batch in batches:
        enrich_batch(store, plan, batch)
    return len(batches)


def clean_batch(store: Store, plan: Plan, batch: str) -> pa.Table:
    """Return all items of a batch, each with a text or a reason; cached by batch, stage version and profiles."""
    key = clean_key(batch, plan.version("clean", batch))

    def compute() -> Iterator[pa.Table]:
        profiles = read_profiles(store, plan.profiles.get(batch, {}))
        return clean_items(read_payloads(store, plan.dt, batch), profiles)

    return _read_or_compute(store, plan, key, ITEMS.schema, compute)


def enrich_batch(store: Store, plan: Plan, batch: str, enrichers: Sequence[Enricher] = ENRICHERS) -> pa.Table:
    """Return all items of a batch with the columns that the enrichers add, one enricher after the other."""
    items = clean_batch(store, plan, batch)
    for enricher in enrichers:
        columns = run_enricher(store, plan, batch, enricher, items)
        for name in columns.column_names:
            items = items.append_column(columns.schema.field(name), columns[name])
    return items


def run_enricher(store: Store, plan: Plan, batch: str, enricher: Enricher, items: pa.Table) -> pa.Table:
    """Return the columns that one enricher adds to the items of a batch; cached by batch and enricher version.

    `items` has the columns of the enrichers before it.
    """
    key = enriched_key(batch, enricher.name, plan.version(enricher.name, batch))
    pieces = (items.slice(start, PIECE) for start in range(0, max(1, items.num_rows), PIECE))
    return _read_or_compute(store, plan, key, enricher.schema, lambda: (enrich_items(p, enricher) for p in pieces))


def assemble(store: Store, dt: date, release: str) -> int:
    """Decide the outcome of every item of the day, and write the first part of its tables; return how many there are.

    Raises LostRace if the code is no longer the code that the plan names, or an earlier day has been published since.
    """
    plan = read_plan(store, str(dt), release)
    require_same_code(plan)
    read_batch = keep_in_memory(partial(enrich_batch, store, plan))  # a small day is read once
    part_count = decide(store, plan, read_batch, compute_usual_rejected(_read_history(store, plan)))
    write_part(store, plan, read_batch, 0)
    return part_count


def share_parts(part_count: int) -> list[list[int]]:
    """Share the parts that assemble did not write among mapped tasks; neighbours mostly come from the same batches."""
    shares = np.array_split(np.arange(1, part_count), max(1, min(PART_TASKS, part_count - 1)))
    return [share.tolist() for share in shares if share.size]


def write_parts(store: Store, dt: date, release: str, parts: Iterable[int]) -> None:
    """Write some of the parts of a day's tables, which assemble has decided. Raises LostRace as assemble does.

    If another run of the day was faster, there is nothing to write any more; `publish` finds out what that means.
    """
    plan = read_plan(store, str(dt), release)
    require_same_code(plan)
    try:
        for part in parts:
            write_part(store, plan, partial(enrich_batch, store, plan), part)
    except Missing as missing:
        log.warning("%s: nothing to write, another run was faster: %s", dt, missing)


def validate(store: Store, dt: date, release: str) -> None:
    """Check the assembled day and stage it, and record the result under attempts/.

    Rows that fail a check which sets rows aside are rejected: the parts that have them are assembled once more without
    them, and the day is checked again. The tables that are staged are those that were checked last. Validation is
    deterministic and idempotent: it always stages the same bytes.

    If another run of the day was faster, there is nothing to check any more; `publish` finds out what that means.
    Raises ReleaseStopped on a critical failure, and RejectSurge if far too much is rejected for a cause that spans
    sources, unless a person has accepted this release. Raises LostRace if the code is no longer the code that the plan
    names: it would check and stage other bytes.
    """
    plan = read_plan(store, str(dt), release)
    require_same_code(plan)
    suites = read_rules()
    history = _read_history(store, plan)
    usual = compute_usual_rejected(history)
    try:
        assembled = read_assembled(store, plan)
        tables, seen = compare_checked(read_narrow_tables(store, plan, assembled), dt, history)
    except Missing as missing:
        log.warning("%s: nothing to check, another run was faster: %s", dt, missing)
        return
    first = last = judge(suites, seen)
    if aside := find_rows_to_set_aside(suites, first, seen):
        assembled = set_rows_aside(store, plan, partial(enrich_batch, store, plan), usual, aside)
        tables, seen = compare_checked(read_narrow_tables(store, plan, assembled), dt, history)
        last = judge(suites, seen)
    checks = merge_checks(suites, first, last)
    tables[REJECTED.name] = store.read_tables(assembled.keys[REJECTED.name])
    surge_causes = find_causes(store, plan, tables, usual)
    acceptance = read_acceptance(store, plan.dt, release)
    all_checks = pa.concat_tables([checks, build_surge_checks(surge_causes)])
    failing = [first.failing] if last is first else [first.failing, last.failing]
    recorded = {name: tables[name] for name in RECORDED} | {"failing": pa.concat_tables(failing), "checks": all_checks}
    for name, table in recorded.items():
        store.put_table(attempt_key(name, plan.dt, plan.release_id), table)
    for line in [*describe_set_aside(checks), *map(str, summarize_units(tables["rejected"]))]:
        log.warning("%s: %s", dt, line)
    shown = list_failing_items(all_checks)
    samples = {name: read_rows(store, assembled, name, shown, ("item_id", *FIELDS)) for name in OF_PARTS}
    write_report(store, plan, all_checks, tables, samples)
    if surge_causes and acceptance is None:  # before anything is staged, so that nothing can publish it by mistake
        raise RejectSurge(_explain_stop(plan, all_checks), release, causes=surge_causes)
    stage_parts(store, plan, assembled)
    for name, table in (
        (COVERAGE.name, assembled.coverage),
        (MEASURES.name, tables[MEASURES.name]),
        (CHECKS.name, checks),
    ):
        store.put_table(staging_key(name, release, plan.serial), table)
    if find_critical_failures(checks) and acceptance is None:
        raise ReleaseStopped(_explain_stop(plan, all_checks), release)


def publish(store: Store, dt: date, release: str) -> None:
    """Make the staged release live. Nothing is left to do if its work is live already, or contained in what is live.

    Raises LostRace if another writer has published something else since the plan: the day has to be planned again.
    Raises ReleaseStopped if the staged checks have a critical failure, unless a person has accepted this release.
    """
    plan = read_plan(store, str(dt), release)
    try:
        staged = {
            table.name: [_describe_staged(store, key) for key in list_staged_keys(store, plan, table.name)]
            for table in PUBLISHED
        }
        checks = store.read_tables([part.key for part in staged[CHECKS.name]])
        if find_critical_failures(checks) and read_acceptance(store, plan.dt, release) is None:
            require_same_code(plan)  # other code may find nothing wrong
            raise ReleaseStopped(_explain_stop(plan, checks), release)
        head, etag = read_head(store, plan.dt)
        if etag != plan.head_etag:
            raise LostRace(f"{dt} was published since it was planned; plan it again")
        swap(store, head, etag, build_next_head(head, plan.dt, release, plan.serial, staged))
        record_live(store, plan.dt, release)
    except (LostRace, Missing):
        if not _is_contained(store, plan):
            raise LostRace(f"{dt} was published by another writer since it was planned; plan it again") from None


def is_accepted(store: Store, dt: date, release: str) -> bool:
    """Return whether a person has accepted a planned release, or takes in with it what another one set aside."""
    return find_acceptance(store, read_plan(store, str(dt), release)) is not None


def list_set_aside(store: Store, dt: date, release: str) -> list[str]:
    """Return one sentence for each delivery and source that an attempt set aside as a whole."""
    try:
        rejected = store.read_table(attempt_key("rejected", str(dt), release))
    except Missing:  # a release of older code, or somebody has deleted the attempt
        return []
    return [str(unit) for unit in summarize_units(rejected)]


def require_same_code(plan: Plan) -> None:
    """Raise LostRace if the code, or a suite, is no longer what the plan names: the day has to be planned again."""
    if plan.versions != derive_versions():
        raise LostRace(f"{plan.dt} was planned by another version of the code; plan it again")


def get_day_bounds(dt: date) -> tuple[datetime, datetime]:
    """Return the first instant of a UTC day, and the first after it."""
    begin = datetime.combine(dt, time(), UTC)
    return begin, begin + timedelta(days=1)


def _explain_stop(plan: Plan, checks: pa.Table) -> str:
    """Say what stopped a release, and what a person can do."""
    page = report_page_key(plan.dt, plan.release_id)
    return (
        f"{plan.dt}: {'; '.join(find_critical_failures(checks))}; see the report (Copydesk in Airflow's menu, or {page}"
        " in the bucket). The old day stays live. Fix the cause and run the day again. Or, if this release is right as"
        f" it is, accept it: {describe_acceptance(plan.dt, plan.release_id)}"
    )


def _log_profile_changes(store: Store, head: Head, plan: Plan) -> None:
    """Log the sources that are read with another profile than in the live release."""
    with suppress(Missing):
        old, new = read_plan(store, plan.dt, head.release_id).pinned, plan.pinned
        for source in sorted({*old, *new}):
            if old.get(source) != new.get(source):
                log.info("%s: %s profile %s → %s", plan.dt, source, old.get(source, "none"), new.get(source, "none"))


def _is_contained(store: Store, plan: Plan) -> bool:
    """Return whether the live release holds at least what the plan would have published, made by the same code."""
    head, _ = settled_head(store, plan.dt)
    delete_staged(store, plan.release_id, plan.serial)  # it is live, or nobody can publish it any more
    if head is None or head.release_id == plan.release_id:
        return head is not None
    live = read_plan(store, plan.dt, head.release_id)
    if live.is_open and not plan.is_open:
        return False
    same_code = live.versions == plan.versions and plan.pinned.items() <= live.pinned.items()
    return same_code and plan.deliveries.items() <= live.deliveries.items()


def _read_or_compute(
    store: Store, plan: Plan, key: str, schema: pa.Schema, compute: Callable[[], Iterator[pa.Table]]
) -> pa.Table:
    """Return the table under a key; compute and store it first if it is not there.

    Raises LostRace if the code is no longer the code that the plan names: its results have another key.
    """
    with suppress(Missing):
        return store.read_table(key)
    require_same_code(plan)
    with _COMPUTING:
        data = encode_parquet_pieces(compute(), schema)
    store.put(key, data)
    return decode_parquet(data)


def _read_history(store: Store, plan: Plan) -> dict[date, pa.Table]:
    """Return the measures of the earlier days that the plan names. Raises LostRace if one has been replaced since."""
    try:
        return {date.fromisoformat(day): store.read_table(measures.key) for day, measures in plan.history.items()}
    except Missing:
        raise LostRace(f"{plan.dt}: an earlier day was published since it was planned; plan it again") from None


def _describe_staged(store: Store, key: str) -> Object:
    """Return the record of a staged object. Raises Missing."""
    data = store.get(key)
    return Object(
        key=key,
        sha256=hashlib.sha256(data).hexdigest(),
        row_count=count_parquet_rows(data),
        byte_count=len(data),
    )
