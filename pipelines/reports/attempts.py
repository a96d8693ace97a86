"""Write the reports and keep them up to date: one object per attempt, a small one per month, and one over all months.

The cost of an attempt does not grow with how many there were. Any number of writers may report at once: months and the
index are changed on the condition of their ETag, and a page is made again if its data changed meanwhile.
"""

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

import pyarrow as pa
from pydantic import BaseModel

from pipelines.errors import LostRace, Missing
from pipelines.paths import REPORTS_INDEX, month_key, report_data_key, report_page_key, trends_page_key
from pipelines.releases.plans import Plan, find_acceptance
from pipelines.releases.swap import read_head
from pipelines.reports.pages.release import LiveRelease, ReportData, collect_report, render_release_page
from pipelines.reports.pages.trends import Index, Month, render_month_page, render_trends_page, summarize_attempt
from pipelines.services.storage import Store
from pipelines.text.display import sanitize_lines

log = logging.getLogger(__name__)

HTML = "text/html; charset=utf-8"
ATTEMPTS = 20  # at a change that other writers make at the same time
Record = TypeVar("Record", bound=BaseModel)


class Stored(NamedTuple, Generic[Record]):
    """A record as it is in the store, and the ETag to change it by; no ETag if it is not there yet."""

    record: Record
    etag: str | None


def write_report(
    store: Store,
    plan: Plan,
    checks: pa.Table,
    tables: Mapping[str, pa.Table],
    samples: Mapping[str, pa.Table] | None = None,
) -> None:
    """Write the page of an attempt, and update the pages that list it. Errors are logged and never stop a day."""
    try:
        head, _ = read_head(store, plan.dt)
        acceptance = find_acceptance(store, plan)
        live = LiveRelease(head.release_id, {name: head.count_rows(name) for name in head.objects}) if head else None
        words = str(acceptance) if acceptance else None
        # To take in what another release set aside does not excuse what stops this one.
        is_accepted = acceptance is not None and acceptance.release_id == plan.release_id
        report = collect_report(plan.model_dump(), live, checks, tables, words, is_accepted, samples)
        store.put(report_data_key(plan.dt, plan.release_id), json.dumps(report, ensure_ascii=False).encode())
        month = _change_month(store, plan.dt, lambda month: month.with_attempt(summarize_attempt(report)))
        _write_page(store, month, report)
        _update_page_before(store, month, report)
        _write_trends(store, month)
    except Exception:  # noqa: BLE001
        _log_error("%s: no report could be written of release %s", plan.dt, plan.release_id)


def read_stopped_attempts(store: Store) -> dict[str, str]:
    """Return day → release id of the newest attempt, for the latest days whose newest attempt was stopped."""
    index = _read(store, REPORTS_INDEX, Index()).record
    return {attempt.dt: attempt.release_id for attempt in index.stopped if not attempt.is_live}


def record_live(store: Store, dt: str, release: str) -> None:
    """Note in the trends that a release is live on a day. Errors are logged and never stop a day."""
    try:
        _write_trends(store, _change_month(store, dt, lambda month: month.with_live(dt, release)))
    except Exception:  # noqa: BLE001
        _log_error("%s: the trends could not be updated to show that release %s is live", dt, release)


def record_still_live(store: Store, dt: str, release: str) -> None:
    """Note that a day should have the release that is live: what stopped another attempt since is over, if one was.

    Code that rejected too much was rolled back, for example. Errors are logged and never stop a day.
    """
    try:
        if dt in read_stopped_attempts(store):
            _write_trends(store, _change_month(store, dt, lambda month: month.with_newest(dt, release)))
    except Exception:  # noqa: BLE001
        _log_error("%s: the trends could not be updated to show that release %s is what the day should be", dt, release)


def _log_error(message: str, *arguments: str) -> None:
    """Log the current exception. Not log.exception: it would write the text of the error, and what it quotes, as is."""
    log.error(message + "\n%s", *arguments, sanitize_lines(traceback.format_exc()))


def _update_page_before(store: Store, month: Month, report: ReportData) -> None:
    """Write the page of the attempt before this one again, now with a link to this one."""
    releases = [attempt.release_id for attempt in month.list_attempts(report["dt"])]
    if len(releases) > 1:
        try:
            before: ReportData = json.loads(store.get(report_data_key(report["dt"], releases[-2])))
        except Missing:
            return
        _write_page(store, month, before)


def _write_page(store: Store, month: Month, report: ReportData) -> None:
    releases = [attempt.release_id for attempt in month.list_attempts(report["dt"])]
    at = releases.index(report["release_id"])
    previous, following = releases[at - 1] if at else None, releases[at + 1] if at + 1 < len(releases) else None
    page = render_release_page(report, previous, following)
    store.put(report_page_key(report["dt"], report["release_id"]), page.encode(), media_type=HTML)


def _write_trends(store: Store, month: Month) -> None:
    """Write the page of a month, the index of all months, and the page over all months."""
    key = month_key(month.month)

    def update_index(index: Index) -> Index:
        return index.with_month(_read(store, key, Month(month=month.month)).record)

    _change(store, REPORTS_INDEX, Index, update_index)
    _refresh_page(store, key, lambda: render_month_page(_read(store, key, month).record), trends_page_key(month.month))
    _refresh_page(
        store,
        REPORTS_INDEX,
        lambda: render_trends_page(_read(store, REPORTS_INDEX, Index()).record),
        trends_page_key(),
    )


def _change_month(store: Store, dt: str, change: Callable[[Month], Month]) -> Month:
    return _change(store, month_key(dt[:7]), lambda: Month(month=dt[:7]), change)


def _change(store: Store, key: str, empty: Callable[[], Record], change: Callable[[Record], Record]) -> Record:
    """Change a record and return what it became. Raises LostRace if other writers are faster each time."""
    for _ in range(ATTEMPTS):
        record, etag = _read(store, key, empty())
        changed = change(record)
        try:
            store.put(key, changed.model_dump_json().encode(), if_match=etag, if_absent=etag is None)
            return changed
        except LostRace:
            continue
    raise LostRace(f"{key}: gave up after {ATTEMPTS} attempts, other writers changed it each time; run it again")


def _refresh_page(store: Store, key: str, render: Callable[[], str], target: str) -> None:
    """Write a page until it shows the record as it is: a slower writer must not leave an older page behind."""
    for _ in range(ATTEMPTS):
        _, before = store.get_with_etag(key)
        store.put(target, render().encode(), media_type=HTML)
        if store.get_with_etag(key)[1] == before:
            return


def _read(store: Store, key: str, empty: Record) -> Stored[Record]:
    try:
        data, etag = store.get_with_etag(key)
    except Missing:
        return Stored(empty, None)
    return Stored(type(empty).model_validate_json(data), etag)
