"""The page of one attempt: its data, bounded and sanitized for display, and the HTML.

The data is kept beside the page as report.json: the page can be made again when the day's next attempt is known,
without reading a table.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.explosions import summarize_units
from pipelines.reports.pages.layout import render
from pipelines.tables.items import REASONS
from pipelines.text.display import sanitize_for_display

# The bounds keep a page of ordinary text below some 300 kB, and of any below 3 MB; the tables beside it have the rest.
FAILED, GROUPS, SOURCES, PROFILES, MEASURES, NAMES, UNITS = 100, 30, 50, 50, 30, 5, 50
FAILING, IN_FULL, SAMPLES = 20, 10, 3  # rows of each of the first ten failed checks; of the others, and of rejects
SEVERITIES = ("critical", "warning", "info")
FIELDS = ("source", "language", "reason", "kind", "url", "title", "name", "text", "lead", "detail", "excerpt")
PLACES = ("articles", "duplicates", "rejected")  # tables in which an item of the ledger may be found
KINDS = ("received", "published", "duplicate", "rejected")  # items that coverage counts

Row = Mapping[str, Any]  # a row of a table, or a plan as JSON


class LiveRelease(NamedTuple):
    """The release that was live before an attempt, and the rows of its tables."""

    release_id: str
    row_counts: Mapping[str, int]


class Field(NamedTuple):
    """A column of a row that is shown, and its value."""

    name: str
    value: str


class SampleRow(TypedDict):
    """A row that is shown as an example."""

    id: str
    fields: list[Field]


class CheckResult(TypedDict):
    """A check that failed, or that set rows aside."""

    suite: str
    check_index: int
    expectation: str
    column_name: str | None
    severity: str
    meaning: str
    row_count: int | None
    unexpected_count: int | None
    set_aside_count: int | None
    observed: str | None
    error: str | None
    failing: list[SampleRow]


class TableCount(TypedDict):
    """The rows of a table in the attempt, and in the release that was live before."""

    table: str
    rows: int
    live_rows: int | None


class MeasureRow(TypedDict):
    """A measure, its expected value and its deviation, as text."""

    measure: str
    source: str
    value: str
    expected: str
    deviation: str


class Fingerprints(TypedDict):
    """The fingerprints in a group of rejects: how many there are, and the most frequent ones."""

    total: int
    names: list[str]


class RejectedGroup(TypedDict):
    """Rejects with the same stage, reason and rule."""

    stage: str
    reason: str
    rule: str | None
    meaning: str | None
    count: int
    fingerprints: Fingerprints | None
    samples: list[SampleRow]


class RejectedRows(TypedDict):
    """All rejects, in groups; `more` of them are in groups that are not shown."""

    total: int
    groups: list[RejectedGroup]
    more: int


class SourceCoverage(TypedDict):
    """How many items of a source were received, and how they ended."""

    source: str
    languages: str
    received: int
    published: int
    duplicate: int
    rejected: int


class Coverage(TypedDict):
    """Coverage by source; the last row sums up the `others` that have no row of their own."""

    sources: list[SourceCoverage]
    others: int


class EnricherRuns(TypedDict):
    """On how many articles an enricher ran, was skipped, or failed."""

    enricher: str
    done: int
    skipped: int
    failed: int


class PlanSummary(TypedDict):
    """What the release is made from; the pairs are (name, version)."""

    delivery_count: int
    batch_count: int
    versions: list[tuple[str, str]]
    profile_count: int
    profiles: list[tuple[str, str]]


class SetAsideUnit(TypedDict):
    """A delivery or source that is set aside as a whole: its name, and one sentence on what it holds."""

    unit: str
    description: str


class ReportData(TypedDict):
    """Everything that the page of an attempt shows; report.json."""

    dt: str
    release_id: str
    serial: int
    is_open: bool
    verdict: str  # passed, stopped, accepted
    live_release: str | None
    check_count: int
    failed_counts: dict[str, int]  # severity → failed checks
    failed: list[CheckResult]
    failed_more: int  # failed checks that are not shown
    set_aside: list[CheckResult]
    units: NotRequired[list[SetAsideUnit]]  # deliveries and sources that are set aside as a whole
    acceptance: NotRequired[str | None]  # who accepted the release, why and when
    set_aside_count: NotRequired[int]  # reports of older code do not have it
    counts: list[TableCount]
    measures: list[MeasureRow]
    rejected: RejectedRows
    coverage: Coverage
    completeness: list[EnricherRuns]
    plan: PlanSummary


def collect_report(
    plan: Row,
    live: LiveRelease | None,
    checks: pa.Table,
    tables: Mapping[str, pa.Table],
    acceptance: str | None = None,
    is_accepted: bool = True,
    samples: Mapping[str, pa.Table] | None = None,
) -> ReportData:
    """Collect what the page of an attempt shows.

    `plan` is the plan of the release as JSON; `live` is what is live before it; `checks` and `tables` are those of the
    attempt; `acceptance` says who accepted it or, if it is not itself accepted (`is_accepted`), the attempt whose units
    it takes in. `samples` has the rows of the items of list_failing_items, where `tables` do not have all their
    columns. Tables and columns that older or newer code does not have are left out.
    """
    failed = checks.filter(pc.invert(checks["is_success"])).to_pylist()
    failed.sort(key=lambda row: SEVERITIES.index(row["severity"]))
    failed_counts = {severity: sum(row["severity"] == severity for row in failed) for severity in SEVERITIES}
    coverage = tables["coverage"].to_pylist()
    samples = tables if samples is None else samples
    return {
        "dt": plan["dt"],
        "release_id": plan["release_id"],
        "serial": plan["serial"],
        "is_open": plan["is_open"],
        "verdict": "passed"
        if not failed_counts["critical"]
        else "accepted"
        if acceptance and is_accepted
        else "stopped",
        "acceptance": acceptance,
        "units": [
            {"unit": unit.unit, "description": str(unit)} for unit in summarize_units(tables["rejected"])[:UNITS]
        ],
        "live_release": live.release_id if live else None,
        "check_count": checks.num_rows,
        "failed_counts": failed_counts,
        "failed": [
            _describe_check(row, FAILING if at < IN_FULL else SAMPLES, samples)
            for at, row in enumerate(failed[:FAILED])
        ],
        "set_aside": [_describe_check(row, SAMPLES, samples) for row in _select_setting_aside(checks)[:FAILED]],
        "set_aside_count": _count_set_aside(tables["rejected"]),
        "failed_more": max(0, len(failed) - FAILED),
        "counts": _count_rows(tables, live.row_counts if live else {}),
        "measures": _list_measures(tables.get("measures")),
        "rejected": _group_rejected(tables["rejected"]),
        "coverage": _sum_coverage(coverage),
        "completeness": _sum_completeness(coverage),
        "plan": _summarize_plan(plan),
    }


def list_failing_items(checks: pa.Table) -> set[str]:
    """List the items whose rows are shown as examples of what failed, or was set aside."""
    return {_get_item_id(key) for ids in checks["failing_ids"].to_pylist() for key in ids or ()}


def render_release_page(report: ReportData, previous: str | None, following: str | None) -> str:
    """Render the page of an attempt; `previous` and `following` are the release ids of the day's other attempts."""
    return render("release.html", report=report, previous=previous, following=following)


def _describe_check(row: Row, at_most: int, tables: Mapping[str, pa.Table]) -> CheckResult:
    ids = (row.get("failing_ids") or [])[:at_most]
    return {
        "suite": sanitize_for_display(row["suite"]),
        "check_index": row["check_index"],
        "expectation": sanitize_for_display(row["expectation"]),
        "column_name": sanitize_for_display(row["column_name"]) if row["column_name"] else None,
        "severity": row["severity"],
        "meaning": sanitize_for_display(row["meaning"], 1000),
        "row_count": row["row_count"],
        "unexpected_count": row["unexpected_count"],
        "set_aside_count": row.get("set_aside_count"),
        "observed": sanitize_for_display(row["observed"]) if row["observed"] else None,
        "error": sanitize_for_display(row["error"], 1000) if row["error"] else None,
        "failing": _find_rows(row["suite"].partition(".")[0], ids, tables) if ids else [],
    }


def _select_setting_aside(checks: pa.Table) -> list[Row]:
    """Return the checks that passed because the rows that broke them had been set aside."""
    return [row for row in checks.to_pylist() if row["is_success"] and row.get("set_aside_count")]


def _count_set_aside(rejected: pa.Table) -> int:
    """Count the rows that checks sent to `rejected`, each once, with the duplicates of articles among them."""
    return pc.sum(pc.equal(rejected["stage"], "validate")).as_py() or 0


def _count_rows(tables: Mapping[str, pa.Table], live: Mapping[str, int]) -> list[TableCount]:
    return [
        {"table": name, "rows": table.num_rows, "live_rows": live.get(name)}
        for name, table in tables.items()
        if name != "ledger"
    ]


def _find_rows(name: str, ids: Sequence[str], tables: Mapping[str, pa.Table]) -> list[SampleRow]:
    """Return the rows with these keys, in their order; only the key of an item that no table has."""
    rows: dict[str, Row] = {}
    for place in PLACES if name == "ledger" else (name, *PLACES):
        table = tables.get(place)
        if table is None or "item_id" not in table.column_names:
            continue
        wanted = {_get_item_id(key) for key in ids} - rows.keys()
        mask = pc.is_in(table["item_id"], value_set=pa.array(sorted(wanted), pa.string()))
        shown = table.select(["item_id", *(column for column in FIELDS if column in table.column_names)])
        for row in shown.filter(mask).slice(0, 10 * FAILING).to_pylist():
            rows.setdefault(row["item_id"], row)
    return [_describe_row(key, rows.get(_get_item_id(key), {})) for key in ids]


def _get_item_id(key: str) -> str:
    """Return the item id in a row's key: the columns of a key are joined by `/`, and the item comes first."""
    return key.partition("/")[0]


def _describe_row(key: str, row: Row) -> SampleRow:
    fields = [Field(name, sanitize_for_display(row[name])) for name in FIELDS if row.get(name)]
    return {"id": sanitize_for_display(key, 100), "fields": fields}


def _group_rejected(table: pa.Table) -> RejectedRows:
    """Group rejects by the rule that rejected them, the largest group first, with samples."""
    keys = [name for name in ("stage", "reason", "rule") if name in table.column_names]
    groups = table.group_by(keys).aggregate([([], "count_all")]).to_pylist()
    groups.sort(key=lambda group: (-group["count_all"], *(group[key] or "" for key in keys)))
    return {
        "total": table.num_rows,
        "groups": [_describe_group(table, keys, group) for group in groups[:GROUPS]],
        "more": sum(group["count_all"] for group in groups[GROUPS:]),
    }


def _describe_group(table: pa.Table, keys: Sequence[str], group: Row) -> RejectedGroup:
    for key in keys:
        mask = pc.is_null(table[key]) if group[key] is None else pc.equal(table[key], group[key])
        table = table.filter(mask)
    return {
        "stage": sanitize_for_display(group["stage"]),
        "reason": sanitize_for_display(group["reason"]),
        "rule": sanitize_for_display(group["rule"]) if group.get("rule") else None,
        "meaning": REASONS.get(group["reason"]),
        "count": group["count_all"],
        "fingerprints": _count_fingerprints(table),
        "samples": [_describe_row(row["item_id"], row) for row in table.slice(0, SAMPLES).to_pylist()],
    }


def _count_fingerprints(table: pa.Table) -> Fingerprints | None:
    if "fingerprint" not in table.column_names:
        return None
    counted = table.group_by("fingerprint").aggregate([([], "count_all")]).to_pylist()
    counted.sort(key=lambda row: (-row["count_all"], row["fingerprint"] or ""))
    return {"total": len(counted), "names": [sanitize_for_display(row["fingerprint"], 100) for row in counted[:NAMES]]}


def _sum_coverage(rows: Sequence[Row]) -> Coverage:
    languages: dict[str, list[str]] = {}
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        languages.setdefault(row["source"], []).append(row["language"])
        count = counts.setdefault(row["source"], dict.fromkeys(KINDS, 0))
        for kind in KINDS:
            count[kind] += row[f"{kind}_count"]
    ordered = sorted(counts, key=lambda source: (-counts[source]["received"], source))
    shown = [
        _describe_source(
            sanitize_for_display(source, 100), sanitize_for_display(", ".join(languages[source]), 60), counts[source]
        )
        for source in ordered[:SOURCES]
    ]
    if rest := ordered[SOURCES:]:
        summed = {kind: sum(counts[source][kind] for source in rest) for kind in KINDS}
        shown.append(_describe_source("(all others)", "", summed))
    return {"sources": shown, "others": len(rest)}


def _describe_source(source: str, languages: str, count: Mapping[str, int]) -> SourceCoverage:
    return {
        "source": source,
        "languages": languages,
        "received": count["received"],
        "published": count["published"],
        "duplicate": count["duplicate"],
        "rejected": count["rejected"],
    }


def _sum_completeness(rows: Sequence[Row]) -> list[EnricherRuns]:
    runs: dict[str, EnricherRuns] = {}
    for row in rows:
        for counts in row["completeness"] or ():
            name = counts["enricher"]
            total = runs.setdefault(
                name, {"enricher": sanitize_for_display(name), "done": 0, "skipped": 0, "failed": 0}
            )
            total["done"] += counts["done_count"]
            total["skipped"] += counts["skipped_count"]
            total["failed"] += counts["failed_count"]
    return list(runs.values())


def _list_measures(table: pa.Table | None) -> list[MeasureRow]:
    """Return the measures that deviate most from their expected value."""
    if table is None:
        return []
    rows = sorted(table.to_pylist(), key=lambda row: -abs(row["deviation"] or 0))[:MEASURES]
    return [
        {
            "measure": _format_figure(row.get("measure")),
            "source": _format_figure(row.get("source")),
            "value": _format_figure(row.get("value")),
            "expected": _format_figure(row.get("expected")),
            "deviation": _format_figure(row.get("deviation")),
        }
        for row in rows
    ]


def _format_figure(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, int | float) else sanitize_for_display(value, 100)


def _summarize_plan(plan: Row) -> PlanSummary:
    pinned = {source: version for profiles in plan["profiles"].values() for source, version in profiles.items()}
    return {
        "delivery_count": len(plan["deliveries"]),
        "batch_count": len(plan["batches"]),
        "versions": list(plan["versions"].items()),
        "profile_count": len(pinned),
        "profiles": [
            (sanitize_for_display(source, 100), version) for source, version in sorted(pinned.items())[:PROFILES]
        ],
    }
