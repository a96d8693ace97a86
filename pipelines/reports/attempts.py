"""Where reports lie, and how they are kept up: one object a try, one small one a month, one over all months.

What a try costs does not grow with how many there were. Any number of writers may report at once: months and index are
changed on the condition of their ETag, and pages are made again where what they show changed meanwhile.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

import pyarrow as pa
from pydantic import BaseModel

from pipelines.errors import LostRace, Missing
from pipelines.paths import REPORTS_INDEX, month_key, report_data_key, report_page_key, trends_page_key
from pipelines.releases.plans import Plan
from pipelines.releases.swap import read_head
from pipelines.reports.pages.release import ReportData, collect_report, render_release_page
from pipelines.reports.pages.trends import Index, Month, render_month_page, render_trends_page, summarize_attempt
from pipelines.services.storage import Store

log = logging.getLogger(__name__)

HTML = "text/html; charset=utf-8"
TRIES = 20  # how often a change is tried that other writers make at the same time
Kept = TypeVar("Kept", bound=BaseModel)


def write_report(store: Store, plan: Plan, checks: pa.Table, tables: Mapping[str, pa.Table]) -> None:
    """Write the page of a try, and what follows from it. Whatever goes wrong here is logged, and stops no day."""
    try:
        head, _ = read_head(store, plan.dt)
        said = collect_report(plan.model_dump(), head.model_dump() if head else None, checks, tables)
        store.put(report_data_key(plan.dt, plan.release_id), json.dumps(said, ensure_ascii=False).encode())
        month = _month(store, plan.dt, lambda month: month.judged(summarize_attempt(said)))
        _write_page(store, month, said)
        _page_before(store, month, said)
        _write_trends(store, month)
    except Exception:
        log.exception("%s: no report could be written of release %s", plan.dt, plan.release_id)


def record_live(store: Store, dt: str, release: str) -> None:
    """Note in the trends what is live on a day. Whatever goes wrong here is logged, and stops no day."""
    try:
        _write_trends(store, _month(store, dt, lambda month: month.live(dt, release)))
    except Exception:
        log.exception("%s: the trends do not say that release %s is live", dt, release)


def _page_before(store: Store, month: Month, said: ReportData) -> None:
    """The page of the try before this one, made again with a link to it."""
    its = [each.release_id for each in month.of(said["dt"])]
    if len(its) > 1:
        try:
            before: ReportData = json.loads(store.get(report_data_key(said["dt"], its[-2])))
        except Missing:
            return
        _write_page(store, month, before)


def _write_page(store: Store, month: Month, said: ReportData) -> None:
    its = [each.release_id for each in month.of(said["dt"])]
    at = its.index(said["release_id"])
    page = render_release_page(said, its[at - 1] if at else None, its[at + 1] if at + 1 < len(its) else None)
    store.put(report_page_key(said["dt"], said["release_id"]), page.encode(), media_type=HTML)


def _write_trends(store: Store, month: Month) -> None:
    """The pages of a month and over all months, and the index of these."""
    key = month_key(month.month)
    _change(store, REPORTS_INDEX, Index, lambda index: index.with_month(_read(store, key, Month(month=month.month))[0]))
    _keep_page(store, key, lambda: render_month_page(_read(store, key, month)[0]), trends_page_key(month.month))
    _keep_page(
        store, REPORTS_INDEX, lambda: render_trends_page(_read(store, REPORTS_INDEX, Index())[0]), trends_page_key()
    )


def _month(store: Store, dt: str, change: Callable[[Month], Month]) -> Month:
    return _change(store, month_key(dt[:7]), lambda: Month(month=dt[:7]), change)


def _change(store: Store, key: str, empty: Callable[[], Kept], change: Callable[[Kept], Kept]) -> Kept:
    """Change an object as it is now; returns what it became. Raises LostRace where others never let it."""
    for _ in range(TRIES):
        found, etag = _read(store, key, empty())
        changed = change(found)
        try:
            store.put(key, changed.model_dump_json().encode(), if_match=etag, if_absent=etag is None)
            return changed
        except LostRace:
            continue
    raise LostRace(f"{key} was changed by other writers {TRIES} times")


def _keep_page(store: Store, key: str, page: Callable[[], str], target: str) -> None:
    """Write a page until what it shows is what there is: a slower writer must not leave an older one behind."""
    for _ in range(TRIES):
        _, before = store.get_with_etag(key)
        store.put(target, page().encode(), media_type=HTML)
        if store.get_with_etag(key)[1] == before:
            return


def _read(store: Store, key: str, empty: Kept) -> tuple[Kept, str | None]:
    try:
        data, etag = store.get_with_etag(key)
    except Missing:
        return empty, None
    return type(empty).model_validate_json(data), etag
