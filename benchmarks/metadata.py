"""Titles, authors and dates of real pages: ours beside other libraries, with the interval of each difference.

    python -m benchmarks.metadata [--part held_out]

Only wcxb_dev says who wrote a page and when. A title is right where its letters and digits are; a date where it is the
day on the publisher's own clock; authors where one of ours is one of those given, `authors, all` where none is missing
and none too many. People marked authors as one string, trades and degrees included: it is split at commas, bars and
`and`, and so are the strings of the others.
"""

import argparse
import base64
import json
import re
import subprocess
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import PARTS, Page, load
from benchmarks.scores import mean_interval
from pipelines.cleaning.decode import decode
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.pages.clean import parse
from pipelines.cleaning.text import remove_unprintable

ROOT = Path(__file__).parent.parent
PEERS_PYTHON = ROOT / ".venv-extractors" / "bin" / "python"
PEERS = {"trafilatura": ("title", "authors", "authors, all", "date"), "htmldate": ("date",),
         "newspaper4k": ("title", "authors", "authors, all", "date")}  # fmt: skip
OURS = "copydesk"
SET = "wcxb_dev"
_BETWEEN_NAMES = re.compile(r"[,;|/\n&]|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of a page; None for what they do not say."""

    title: str | None
    authors: str | None
    date: str | None
    """YYYY-MM-DD."""


Values = frozenset[str]
FIELDS: dict[str, tuple[Callable[[Told], Values], Callable[[Values, Values], bool]]] = {
    "title": (lambda told: _keys([told.title or ""]), lambda ours, gold: ours == gold),
    "authors": (lambda told: _keys(_BETWEEN_NAMES.split(told.authors or "")), lambda ours, gold: bool(ours & gold)),
    "authors, all": (lambda told: _keys(_BETWEEN_NAMES.split(told.authors or "")), lambda ours, gold: ours == gold),
    "date": (lambda told: frozenset(filter(None, [told.date])), lambda ours, gold: ours == gold),
}


def ours(pages: Sequence[Page]) -> tuple[list[Told], float]:
    """What read_metadata says of each page, and its CPU seconds over all of them, parsing left out."""
    found, spent = [], 0.0
    for page in pages:
        tree, _ = parse(remove_unprintable(decode(page.body, None) or ""))
        if tree is None:
            found.append(Told(None, None, None))
            continue
        began = time.process_time()
        metadata = read_metadata(tree, page.url)
        spent += time.process_time() - began
        day = metadata.published.day.isoformat() if metadata.published else None
        found.append(Told(metadata.title, "; ".join(metadata.authors) or None, day))
    return found, spent


def theirs(pages: Sequence[Page]) -> dict[str, list[Told]]:
    """What each peer says of each page, in a process and an environment of its own."""
    lines = (json.dumps({"html": base64.b64encode(p.body).decode(), "url": p.url}) for p in pages)
    answered = subprocess.run(
        [str(PEERS_PYTHON), str(ROOT / "benchmarks" / "metadata_peers.py")],
        input="\n".join(lines), capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in answered.stdout.splitlines()]
    return {peer: [Told(*answer[peer]) for answer in answers] for peer in PEERS}


def measure(part: str, with_peers: bool = True) -> dict[str, float]:
    """Print a line for each field and reader; returns the shares that are right where gold has the field."""
    pages = load(SET, part)
    mine, spent = ours(pages)
    readers = {OURS: mine} | (theirs(pages) if with_peers else {})
    gold = [Told(page.title, page.author, page.date) for page in pages]
    figures: dict[str, float] = {}
    print(f"{'field':13} {'reader':12} {'gold':>5} {'found':>6} {'right':>6} {'no gold':>8}  ours against it")
    for field, (values, is_right) in FIELDS.items():
        rights: dict[str, list[bool]] = {}
        for reader, told in readers.items():
            if field not in PEERS.get(reader, FIELDS):
                continue
            pairs = [(values(t), values(g)) for t, g in zip(told, gold, strict=True)]
            marked = [(said, true) for said, true in pairs if true]
            rights[reader] = [is_right(said, true) for said, true in marked]
            found = sum(bool(said) for said, _ in marked) / len(marked)
            extra = sum(bool(said) for said, true in pairs if not true)
            low, high = mean_interval([a - b for a, b in zip(rights[OURS], rights[reader], strict=True)])
            gain = _share(rights[OURS]) - _share(rights[reader])
            beside = "" if reader == OURS else f"{gain:+.3f} [{low:+.3f}, {high:+.3f}]"
            print(
                f"{field:13} {reader:12} {len(marked):5} {found:6.3f} {_share(rights[reader]):6.3f} {extra:8}  {beside}"
            )
        figures[f"{field} right"] = _share(rights[OURS])
    print(f"{OURS}: {1000 * spent / len(pages):.1f} ms of CPU a page, parsing left out")
    return figures


def _keys(texts: Sequence[str]) -> Values:
    """Letters and digits of each text, without accents, in lower case."""
    plain = (unicodedata.normalize("NFKD", text).casefold() for text in texts)
    return frozenset(filter(None, ("".join(c for c in text if c.isalnum()) for text in plain)))


def _share(rights: Sequence[bool]) -> float:
    return sum(rights) / len(rights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, default="dev")
    measure(parser.parse_args().part)


if __name__ == "__main__":
    main()
