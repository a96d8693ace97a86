"""Tables of figures on a page: their cells make rows, not paragraphs."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from pipelines.cleaning.pages.blocks import Block, get_tag

Joint = Literal["", "row", "cell"]
"""What begins with a block: nothing of a table, the next row of the same one, or the next cell of the same row."""

MAX_CELL = 120  # characters; a table with longer ones, or with several blocks in a cell, lays the page out
_CELLS = ("td", "th")


def find_joints(blocks: Sequence[Block]) -> list[Joint | None]:
    """Return for each block how it joins the one before; None for those that are no cell of a table of figures."""
    cells = [_find_cell(block) for block in blocks]
    counts: dict[int, int] = {}
    laid_out: set[int] = set()
    rows: dict[int, set[int]] = {}
    for block, cell in zip(blocks, cells, strict=True):
        if cell is None:
            continue
        table, row, own = cell
        counts[own] = counts.get(own, 0) + 1
        rows.setdefault(table, set()).add(row)
        if len(block.text) > MAX_CELL or counts[own] > 1:
            laid_out.add(table)
    joints: list[Joint | None] = []
    last: tuple[int, int, int] | None = None
    for cell in cells:
        if cell is None or cell[0] in laid_out or len(rows[cell[0]]) < 2:
            joints.append(None)
            last = None
            continue
        joints.append("" if last is None or last[0] != cell[0] else "cell" if last[1] == cell[1] else "row")
        last = cell
    return joints


def _find_cell(block: Block) -> tuple[int, int, int] | None:
    """Return the innermost table, row and cell around a block, as numbers of elements."""
    levels = _find_levels(block.path)
    if levels is None or len(block.nodes) <= levels[-1]:
        return None
    table, row, cell = levels
    return block.nodes[table], block.nodes[row], block.nodes[cell]


@lru_cache(maxsize=20_000)
def _find_levels(path: tuple[str, ...]) -> tuple[int, int, int] | None:
    tags = [get_tag(step) for step in path]
    for at in range(len(tags) - 1, 1, -1):
        if tags[at] in _CELLS and tags[at - 1] == "tr":
            table = next((up for up in range(at - 2, -1, -1) if tags[up] == "table"), None)
            return None if table is None else (table, at - 1, at)
    return None
