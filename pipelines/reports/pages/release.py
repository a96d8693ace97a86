"""One try of a release → what people are shown of it, bounded and legible, and its page.

`seen` is kept beside the page as report.json: the page can be made again, when the day's next try is known, without
reading a table.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.reports.pages.layout import render
from pipelines.tables.items import REASONS
from pipelines.text.display import sanitize_for_display

ReportData = dict[str, Any]
# The bounds keep a page of ordinary text below some 300 kB, and of any below 3 MB; the tables beside it have the rest.
FAILED, GROUPS, SOURCES, PROFILES, MEASURES, NAMES = 100, 30, 50, 50, 30, 5
FAILING, IN_FULL, SAMPLES = 20, 10, 3  # rows of each of the first ten failed checks; of the others, and of rejects
SEVERITIES = ("critical", "warning", "info")
TOLD = ("source", "language", "reason", "kind", "url", "title", "name", "text", "lead", "detail", "excerpt")
PLACES = ("articles", "duplicates", "rejected")  # where an item that the ledger names may be found


def collect_report(
    plan: Mapping[str, Any], live: Mapping[str, Any] | None, checks: pa.Table, tables: Mapping[str, pa.Table]
) -> ReportData:
    """What a page says of a try.

    `plan` and `live` are the plan of the release and the head before it, as their JSON is; `checks` and `tables` are
    those of the try. Tables and columns that older or newer code has not got are left out.
    """
    failed = checks.filter(pc.invert(checks["is_success"])).to_pylist()
    failed.sort(key=lambda row: SEVERITIES.index(row["severity"]))
    counts = {severity: sum(row["severity"] == severity for row in failed) for severity in SEVERITIES}
    objects = live["objects"] if live else {}
    return {
        "dt": plan["dt"],
        "release_id": plan["release_id"],
        "serial": plan["serial"],
        "is_open": plan["is_open"],
        "verdict": "stopped" if counts["critical"] else "passed",
        "live_release": live["release_id"] if live else None,
        "check_count": checks.num_rows,
        "failed_counts": counts,
        "failed": [
            _failed(row, FAILING if at < IN_FULL else SAMPLES, tables) for at, row in enumerate(failed[:FAILED])
        ],
        "set_aside": [_failed(row, SAMPLES, tables) for row in _setting_aside(checks)[:FAILED]],
        "set_aside_count": _set_aside_count(tables["rejected"]),
        "failed_more": max(0, len(failed) - FAILED),
        "counts": [
            {"table": name, "rows": its.num_rows, "live_rows": objects.get(name, {}).get("row_count")}
            for name, its in tables.items()
            if name != "ledger"
        ],
        "measures": _measures(tables.get("measures")),
        "rejected": _rejected(tables["rejected"]),
        "coverage": _coverage(tables["coverage"].to_pylist()),
        "completeness": _completeness(tables["coverage"].to_pylist()),
        "plan": _plan(plan),
    }


def render_release_page(said: ReportData, previous: str | None, following: str | None) -> str:
    """The page of a try; the others of its day are named by their release ids."""
    return render("release.html", seen=said, previous=previous, following=following)


def _failed(row: Mapping[str, Any], at_most: int, tables: Mapping[str, pa.Table]) -> ReportData:
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
        "failing": _found(row["suite"].partition(".")[0], ids, tables) if ids else [],
    }


def _setting_aside(checks: pa.Table) -> list[dict[str, Any]]:
    """The checks that were met because the rows that broke them had been set aside."""
    return [row for row in checks.to_pylist() if row["is_success"] and row.get("set_aside_count")]


def _set_aside_count(rejected: pa.Table) -> int:
    """Rows that checks sent to `rejected`, each once, with the duplicates of articles among them."""
    return pc.sum(pc.equal(rejected["stage"], "validate")).as_py() or 0


def _found(name: str, ids: Sequence[str], tables: Mapping[str, pa.Table]) -> list[ReportData]:
    """The rows with these keys, in their order; an item of which only the id is known is shown by that."""
    rows: dict[str, Mapping[str, Any]] = {}
    for place in PLACES if name == "ledger" else (name, *PLACES):
        table = tables.get(place)
        if table is None or "item_id" not in table.column_names:
            continue
        wanted = {_item(id_) for id_ in ids} - rows.keys()
        mask = pc.is_in(table["item_id"], value_set=pa.array(sorted(wanted), pa.string()))
        shown = table.select(["item_id", *(column for column in TOLD if column in table.column_names)])
        for row in shown.filter(mask).slice(0, 10 * FAILING).to_pylist():
            rows.setdefault(row["item_id"], row)
    return [_sample(id_, rows.get(_item(id_), {})) for id_ in ids]


def _item(id_: str) -> str:
    """The item that a row's key is of: a key of several columns is joined by `/`, and the item comes first."""
    return id_.partition("/")[0]


def _sample(id_: str, row: Mapping[str, Any]) -> ReportData:
    fields = [(name, sanitize_for_display(row[name])) for name in TOLD if row.get(name)]
    return {"id": sanitize_for_display(id_, 100), "fields": fields}


def _rejected(table: pa.Table) -> ReportData:
    """Grouped by what said no, most first, with samples."""
    keys = [name for name in ("stage", "reason", "rule") if name in table.column_names]
    groups = table.group_by(keys).aggregate([([], "count_all")]).to_pylist()
    groups.sort(key=lambda group: (-group["count_all"], *(group[key] or "" for key in keys)))
    return {
        "total": table.num_rows,
        "groups": [_group(table, keys, group) for group in groups[:GROUPS]],
        "more": sum(group["count_all"] for group in groups[GROUPS:]),
    }


def _group(table: pa.Table, keys: Sequence[str], group: Mapping[str, Any]) -> ReportData:
    for key in keys:
        mask = pc.is_null(table[key]) if group[key] is None else pc.equal(table[key], group[key])
        table = table.filter(mask)
    names = None
    if "fingerprint" in table.column_names:
        counted = table.group_by("fingerprint").aggregate([([], "count_all")]).to_pylist()
        counted.sort(key=lambda row: (-row["count_all"], row["fingerprint"] or ""))
        names = {
            "total": len(counted),
            "names": [sanitize_for_display(row["fingerprint"], 100) for row in counted[:NAMES]],
        }
    return {
        "stage": sanitize_for_display(group["stage"]),
        "reason": sanitize_for_display(group["reason"]),
        "rule": sanitize_for_display(group["rule"]) if group.get("rule") else None,
        "meaning": REASONS.get(group["reason"]),
        "count": group["count_all"],
        "fingerprints": names,
        "samples": [_sample(row["item_id"], row) for row in table.slice(0, SAMPLES).to_pylist()],
    }


def _coverage(rows: Sequence[Mapping[str, Any]]) -> ReportData:
    kinds = ("received", "published", "duplicate", "rejected")
    sources: dict[str, dict[str, Any]] = {}
    for row in rows:
        its = sources.setdefault(row["source"], {"languages": [], **dict.fromkeys(kinds, 0)})
        its["languages"].append(row["language"])
        for kind in kinds:
            its[kind] += row[f"{kind}_count"]
    ordered = sorted(sources.items(), key=lambda item: (-item[1]["received"], item[0]))
    shown = [
        {
            **its,
            "source": sanitize_for_display(name, 100),
            "languages": sanitize_for_display(", ".join(its["languages"]), 60),
        }
        for name, its in ordered[:SOURCES]
    ]
    if rest := [its for _, its in ordered[SOURCES:]]:
        summed = {kind: sum(its[kind] for its in rest) for kind in kinds}
        shown.append({**summed, "source": "(all others)", "languages": ""})
    return {"sources": shown, "others": len(rest)}


def _completeness(rows: Sequence[Mapping[str, Any]]) -> list[ReportData]:
    summed: dict[str, dict[str, int]] = {}
    for row in rows:
        for each in row["completeness"] or ():
            its = summed.setdefault(each["enricher"], {"done": 0, "skipped": 0, "failed": 0})
            for kind in its:
                its[kind] += each[f"{kind}_count"]
    return [{"enricher": sanitize_for_display(name), **its} for name, its in summed.items()]


def _measures(table: pa.Table | None) -> list[ReportData]:
    if table is None:
        return []
    rows = sorted(table.to_pylist(), key=lambda row: -abs(row["deviation"] or 0))[:MEASURES]
    return [
        {name: _figure(row.get(name)) for name in ("measure", "source", "value", "expected", "deviation")}
        for row in rows
    ]


def _figure(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, int | float) else sanitize_for_display(value, 100)


def _plan(plan: Mapping[str, Any]) -> ReportData:
    pinned = {source: version for its in plan["profiles"].values() for source, version in its.items()}
    return {
        "delivery_count": len(plan["deliveries"]),
        "batch_count": len(plan["batches"]),
        "versions": [(name, version) for name, version in plan["versions"].items()],
        "profile_count": len(pinned),
        "profiles": [
            (sanitize_for_display(source, 100), version) for source, version in sorted(pinned.items())[:PROFILES]
        ],
    }
