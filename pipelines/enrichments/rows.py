"""How an enricher goes over the items of a batch, and what is written of each: done, or skipped or failed, and why."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from pipelines.errors import CopydeskError
from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import DONE, FAILED, SKIPPED

EnricherResult = dict[str, Any] | str  # an enricher's own columns of one article, or why it was skipped
MAX_ERROR = 200  # characters


def by_row(
    items: pa.Table, columns: Sequence[Column], reads: Sequence[str], enrich: Callable[..., EnricherResult]
) -> pa.Table:
    """`columns` of each row, from `enrich` called with the row's values of `reads`; see `by_batch`."""
    return by_batch(items, columns, reads, lambda rows: [enrich(*row) for row in rows])


def by_batch(
    items: pa.Table,
    columns: Sequence[Column],
    reads: Sequence[str],
    enrich: Callable[[Sequence[tuple[Any, ...]]], Sequence[EnricherResult]],
) -> pa.Table:
    """`columns` of each row, the last of which is the status; null throughout where a row has no text.

    `enrich` gets the values of `reads` of many rows, the text first, and says something of each. A row that it raises
    for has failed, and no other with it; so has one where a span (`text` or `term`, `start`, `end`) is not what stands
    there in the text.
    """
    rows = list(zip(*(items[name].to_pylist() for name in reads), strict=True))
    readable = [place for place, row in enumerate(rows) if row[0] is not None]
    *own, status = (column.name for column in columns)
    found: list[dict[str, Any]] = [{} for _ in rows]
    for place, said in zip(readable, _isolated(enrich, [rows[place] for place in readable]), strict=True):
        if isinstance(said, Exception):
            found[place] = {status: f"{FAILED}: {_told(said)}"}
        elif isinstance(said, str):
            found[place] = {status: f"{SKIPPED}: {said}"}
        elif not are_spans_exact(rows[place][0], said):
            found[place] = {status: f"{FAILED}: a span is not what stands in the text"}
        else:
            found[place] = {**{name: said[name] for name in own}, status: DONE}
    # Required values are missing where there is no text: the contract holds for articles, this schema for all items.
    schema = pa.schema([column.field.with_nullable(True) for column in columns])
    return pa.Table.from_pylist(found, schema)


def are_spans_exact(text: str, said: Any) -> bool:
    """Whether every span in a value is what stands in the text: `<name>` from `<name>_start` to `<name>_end`, and
    `text` or `term` from `start` to `end`. A span that is null throughout holds."""
    if isinstance(said, list | tuple):
        return all(are_spans_exact(text, each) for each in said)
    if not isinstance(said, dict):
        return True
    for name in said:
        prefix = name.removesuffix("start")
        if prefix == name or (prefix and not prefix.endswith("_")):
            continue
        words = said[prefix[:-1]] if prefix else said["term"] if "term" in said else said["text"]
        start, end = said[name], said[f"{prefix}end"]
        if (words, start, end) != (None, None, None) and not _stands(text, words, start, end):
            return False
    return all(are_spans_exact(text, each) for each in said.values())


def _stands(text: str, words: Any, start: Any, end: Any) -> bool:
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end and text[start:end] == words


def _isolated(
    enrich: Callable[[Sequence[tuple[Any, ...]]], Sequence[EnricherResult]], rows: Sequence[tuple[Any, ...]]
) -> list[EnricherResult | Exception]:
    """What is said of each row. Where a batch raises its halves are tried, until the row that raises is alone."""
    if not rows:
        return []
    try:
        said = list(enrich(rows))
    except CopydeskError:
        raise  # wrong settings or packages, not wrong articles
    except Exception as error:  # noqa: BLE001  a defect of ours must not keep an article from its readers
        if len(rows) == 1:
            return [error]
        half = len(rows) // 2
        return [*_isolated(enrich, rows[:half]), *_isolated(enrich, rows[half:])]
    if len(said) != len(rows):
        raise AssertionError(f"{len(said)} answers for {len(rows)} rows")
    return list(said)


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:MAX_ERROR]
