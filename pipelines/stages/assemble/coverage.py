"""The narrow columns of a day's items, and their outcomes → coverage. Pure."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.stages.assemble.items import STATUS, STATUSES
from pipelines.stages.assemble.outcomes import ARTICLE, TABLES
from pipelines.tables.coverage import COVERAGE, NO_SOURCE

Array = np.ndarray[Any, Any]
COUNTS = ("published_count", "duplicate_count", "rejected_count")  # of the outcomes, in the order of TABLES


def build_coverage(items: pa.Table, outcomes: pa.Table, is_open: bool) -> pa.Table:
    """Return one row per source and language, with the number of items of each outcome.

    `items` has the columns of narrow_items, `outcomes` is OUTCOMES, row for row. `is_open` means that the day had not
    ended when it was planned.
    """
    described = pa.table({"source": items["source"], "language": pc.fill_null(items["language"], "und")})
    groups = (
        described.group_by(["source", "language"])
        .aggregate([])
        .sort_by([("source", "ascending"), ("language", "ascending")])
    )
    keys = [pc.binary_join_element_wise(rows["source"], rows["language"], "\0") for rows in (described, groups)]
    group = np.asarray(pc.index_in(keys[0], value_set=keys[1].combine_chunks()), dtype=np.int64)

    def count(chosen: Array) -> list[int]:
        return list(map(int, np.bincount(group[chosen], minlength=groups.num_rows)))

    outcome = np.asarray(outcomes["outcome"])
    counts = {name: count(outcome == number) for number, name in zip(range(len(TABLES)), COUNTS, strict=True)}
    set_aside = count(np.asarray(pc.is_valid(outcomes["unit"])))
    enrichers = [name for name in items.column_names if name.endswith(STATUS)]
    statuses = {
        name: [count((outcome == ARTICLE) & (np.asarray(items[name]) == code)) for code in range(len(STATUSES))]
        for name in enrichers
    }
    verdict = "open" if is_open else "closed" if items.num_rows else "no_input"
    rows = []
    for number, row in enumerate(groups.to_pylist() or [{"source": NO_SOURCE, "language": "und"}]):
        own = {name: values[number] if values else 0 for name, values in counts.items()}
        completeness = [
            {"enricher": name.removesuffix(STATUS)}
            | {f"{status}_count": values[number] for status, values in zip(STATUSES, statuses[name], strict=True)}
            for name in enrichers
            if own["published_count"]
        ]
        rows.append(
            row
            | own
            | {
                "received_count": sum(own.values()),
                "set_aside_count": set_aside[number] if set_aside else 0,
                "completeness": completeness,
                "enrichment_failed_count": sum(each["failed_count"] for each in completeness),
                "verdict": verdict,
            }
        )
    return pa.Table.from_pylist(rows, COVERAGE.schema)
