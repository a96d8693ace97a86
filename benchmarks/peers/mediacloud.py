"""mediacloud-metadata over pages, in the environment of peers.lock.

A question has `url` and `html` (text); the answer is whether there was text, and how many connections were attempted so
far; all of them are refused.
"""

import socket
from collections.abc import Mapping

import mcmetadata

from benchmarks.peers import answer

refused: list[object] = []


def refuse(_: socket.socket, address: object) -> None:
    """Refuse a connection."""
    refused.append(address)
    raise OSError("no network in a benchmark")


def extract(page: Mapping[str, str]) -> tuple[bool, int]:
    """Return whether the page has text, and how many connections were refused."""
    return bool(mcmetadata.extract(page["url"], html_text=page["html"]).get("text_content")), len(refused)


if __name__ == "__main__":
    socket.socket.connect = refuse  # type: ignore[method-assign,assignment]
    answer({"mediacloud-metadata": extract})
