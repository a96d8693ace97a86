"""How an enricher goes over the items of a batch: each is done, or skipped or failed with its reason."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from pipelines.errors import CopydeskError
from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import DONE, FAILED, SKIPPED

Row = tuple[Any, ...]  # the values of one article that an enricher reads, the text first
# An enricher's own columns of one article, and a status where `done` needs a remark; or why it was skipped.
EnricherResult = dict[str, Any] | str
EnrichRows = Callable[[Sequence[Row]], Sequence[EnricherResult]]
MAX_ERROR = 200  # characters


def by_row(
    items: pa.Table, columns: Sequence[Column], reads: Sequence[str], enrich: Callable[..., EnricherResult]
) -> pa.Table:
    """Return `columns` for each row, from `enrich` called with the row's values of `reads`; see `by_batch`."""
    return by_batch(items, columns, reads, lambda rows: [enrich(*row) for row in rows])


def by_batch(items: pa.Table, columns: Sequence[Column], reads: Sequence[str], enrich: EnrichRows) -> pa.Table:
    """Return `columns` for each row, the last of which is the status; null throughout where a row has no text.

    `enrich` gets the values of `reads` of many rows, the text first, and returns one result for each. A row that it
    raises for fails, and no other with it; so does one with a span (`text` or `term`, `start`, `end`) whose words are
    not at these offsets of the text.
    """
    rows = list(zip(*(items[name].to_pylist() for name in reads), strict=True))
    readable = [index for index, row in enumerate(rows) if row[0] is not None]
    *own, status = (column.name for column in columns)
    values: list[dict[str, Any]] = [{} for _ in rows]
    for index, result in zip(readable, _isolate_failures(enrich, [rows[index] for index in readable]), strict=True):
        if isinstance(result, Exception):
            values[index] = {status: f"{FAILED}: {_describe_error(result)}"}
        elif isinstance(result, str):
            values[index] = {status: f"{SKIPPED}: {result}"}
        elif not are_spans_exact(rows[index][0], result):
            values[index] = {status: f"{FAILED}: a span is not what stands in the text"}
        else:
            values[index] = {**{name: result[name] for name in own}, status: result.get(status, DONE)}
    # Required values are missing where there is no text: the contract holds for articles, this schema for all items.
    schema = pa.schema([column.field.with_nullable(True) for column in columns])
    return pa.Table.from_pylist(values, schema)


def are_spans_exact(text: str, value: Any) -> bool:
    """Tell whether the words of every span in a value are those of the text at its offsets.

    Words are `<name>` from `<name>_start` to `<name>_end`, and `text` or `term` from `start` to `end`. A span that is
    null throughout is exact.
    """
    if isinstance(value, list | tuple):
        return all(are_spans_exact(text, part) for part in value)
    if not isinstance(value, dict):
        return True
    for name in value:
        prefix = name.removesuffix("start")
        if prefix == name or (prefix and not prefix.endswith("_")):
            continue
        words = value[prefix[:-1]] if prefix else value["term"] if "term" in value else value["text"]
        start, end = value[name], value[f"{prefix}end"]
        if (words, start, end) != (None, None, None) and not _is_exact(text, words, start, end):
            return False
    return all(are_spans_exact(text, part) for part in value.values())


def _is_exact(text: str, words: Any, start: Any, end: Any) -> bool:
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end and text[start:end] == words


def _isolate_failures(enrich: EnrichRows, rows: Sequence[Row]) -> list[EnricherResult | Exception]:
    """Return the result of each row. Where a batch raises its halves are tried, until the row that raises is alone."""
    if not rows:
        return []
    try:
        results = list(enrich(rows))
    except CopydeskError:
        raise  # wrong settings or packages, not wrong articles
    except Exception as error:  # noqa: BLE001  a defect of ours must not keep an article from its readers
        if len(rows) == 1:
            return [error]
        half = len(rows) // 2
        return [*_isolate_failures(enrich, rows[:half]), *_isolate_failures(enrich, rows[half:])]
    if len(results) != len(rows):
        raise AssertionError(f"{len(results)} results for {len(rows)} rows: an enricher gives one for each")
    return [*results]


def _describe_error(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:MAX_ERROR]
