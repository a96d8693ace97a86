"""The elements around the blocks of a page, and the features of each block that they give."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.cleaning.pages.blocks import Block
from pipelines.cleaning.trees import Floats, Ints


class Containers(NamedTuple):
    """The elements that hold blocks, each set of blocks once, number 0 the page."""

    first: Ints
    """First block of each."""
    last: Ints
    """Last block of each."""
    parent: Ints
    """Number of the container around each."""
    owner: Ints
    """For each block the innermost container that holds more than it alone."""


def find_containers(blocks: Sequence[Block]) -> Containers:
    """Return the containers of blocks."""
    first, last, parent = [0], [len(blocks) - 1], [0]
    owner: list[int] = []
    open_nodes: list[int] = []
    open_containers: list[int] = []
    for n, block in enumerate(blocks):
        shared = min(len(open_nodes), len(block.nodes))
        while shared and open_nodes[shared - 1] != block.nodes[shared - 1]:  # what is above a shared element is shared
            shared -= 1
        for container in open_containers[shared:]:
            last[container] = n - 1
        del open_nodes[shared:], open_containers[shared:]
        for node in block.nodes[shared:]:
            open_nodes.append(node)
            open_containers.append(len(first))
            parent.append(open_containers[-2] if len(open_containers) > 1 else 0)
            first.append(n)
            last.append(len(blocks) - 1)
        owner.append(open_containers[-1] if open_containers else 0)
    return _merge_equal(first, last, parent, owner)


def _merge_equal(first: Sequence[int], last: Sequence[int], parent: Sequence[int], owner: Sequence[int]) -> Containers:
    """Drop each element that holds the same blocks as the one around it: it says nothing of its own."""
    same = list(range(len(first)))
    for n in range(1, len(first)):
        up = same[parent[n]]
        same[n] = up if (first[n], last[n]) == (first[up], last[up]) else n
    distinct = sorted(set(same))
    number = {n: at for at, n in enumerate(distinct)}
    parents = np.array([number[same[parent[n]]] for n in distinct], dtype=np.intp)
    firsts, lasts = (np.array([edge[n] for n in distinct], dtype=np.intp) for edge in (first, last))
    owners = np.array([number[same[n]] for n in owner], dtype=np.intp)
    owners = np.where(firsts[owners] == lasts[owners], parents[owners], owners)
    return Containers(firsts, lasts, parents, owners)


def describe_surroundings(
    containers: Containers, size: Floats, links: Floats, prose: Floats, headline: int
) -> dict[str, NDArray[np.generic]]:
    """Return columns about the elements around each block: size, prose, links, and where in them it stands."""
    first, last, parent, owner = containers
    position = np.arange(len(size))
    total, total_prose, total_links = (
        np.concatenate(([0.0], np.cumsum(column))) for column in (size, prose, links * size)
    )  # fmt: skip
    sizes = total[last + 1] - total[first]
    proses = total_prose[last + 1] - total_prose[first]
    link_sizes = total_links[last + 1] - total_links[first]
    spans = last + 1 - first
    all_prose = max(proses[0], 1.0)
    columns: dict[str, NDArray[np.generic]] = {}
    level = owner
    for n in range(1, 5):
        columns |= {
            f"size up {n}": np.log1p(sizes[level]),
            f"prose up {n}": proses[level] / all_prose,
            f"prose share up {n}": proses[level] / np.maximum(sizes[level], 1),
            f"links up {n}": link_sizes[level] / np.maximum(sizes[level], 1),
            f"span up {n}": np.log1p(spans[level]),
            f"place up {n}": (position - first[level]) / spans[level],
        }
        level = parent[level]
    # From the root to the container that the prose does not leave.
    children_best = np.zeros(len(first), dtype=np.intp)
    for node in range(len(first) - 1, 0, -1):
        up = parent[node]
        if children_best[up] == 0 or proses[node] >= proses[children_best[up]]:
            children_best[up] = node
    for name, share in (("half", 0.5), ("most", 0.8)):
        way, node = [0], 0
        while (below := children_best[node]) and proses[below] >= share * proses[node] and proses[below] > 0:
            node = int(below)
            way.append(node)
        inside = np.zeros(len(size), dtype=np.intp)
        for container in way[1:]:
            inside[first[container] : last[container] + 1] += 1
        nearest = np.array(way)[inside]
        columns |= {
            f"in {name} of prose": nearest == node,
            f"{name}: levels out": len(way) - 1 - inside,
            f"{name}: prose kept": proses[node] / np.maximum(proses[nearest], 1.0),
            f"{name}: place": (position - first[node]) / spans[node],
            f"{name}: share": np.full(len(size), proses[node] / all_prose),
        }
    # How far up block and headline meet.
    meet = owner.copy()
    for _ in range(40):
        outside = (first[meet] > headline) | (last[meet] < headline)
        if not outside.any():
            break
        meet = np.where(outside, parent[meet], meet)
    columns["prose with headline"] = proses[meet] / all_prose
    columns["span with headline"] = np.log1p(spans[meet])
    return columns
