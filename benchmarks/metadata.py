"""Titles, authors and dates of real pages: ours beside other libraries, with the interval of each difference.

    python -m benchmarks metadata [--part held_out]

A title is right where its letters and digits are; a date where it is the day on the publisher's own clock; authors
where one of ours is one of those given, `authors, all` where none is missing and none too many. People marked authors
as one string, trades and degrees included: it is split at commas, bars and `and`, and so are the strings of the others.
`authors, people` leaves out marked desks, agencies, papers and jobs, and lists them. Floors and peers are of wcxb_dev.
"""

import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.pages import MORE, Page, load
from benchmarks.peers import ask_peers, pack_page
from benchmarks.scores import mean_interval, write_gain
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.pages.clean import parse
from pipelines.cleaning.text import remove_unprintable
from pipelines.text.decode import decode

PEERS = {"trafilatura": ("title", "authors", "authors, all", "date"), "htmldate": ("date",),
         "newspaper4k": ("title", "authors", "authors, all", "date")}  # fmt: skip
OURS = "copydesk"
SET = "wcxb_dev"
# Marked as authors, and none by the product's own rule: desks, agencies, papers, jobs and who paid.
_NOBODY = re.compile(
    r"\s*(?:.*\b(?:staff|(?:news)?desk|editors?|editorial(?: team)?|redaktion)|dpa|(?:the )?associated press|anonymous|"
    r"sponsored by .*|deutsche presse-agentur|le monde|última hora|https?:.*|\S+\.(?:com|de))\s*",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"[,;|/\n&]|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader finds in a page; None for what it does not find."""

    title: str | None
    authors: str | None
    date: str | None
    """YYYY-MM-DD."""


Values = frozenset[str]


def _split_authors(reading: Reading) -> Values:
    return _read_keys(_BETWEEN_NAMES.split(reading.authors or ""))


def _split_people(reading: Reading) -> Values:
    return _read_keys([name for name in _BETWEEN_NAMES.split(reading.authors or "") if not _NOBODY.fullmatch(name)])


FIELDS: dict[str, tuple[Callable[[Reading], Values], Callable[[Values, Values], bool]]] = {
    "title": (lambda reading: _read_keys([reading.title or ""]), lambda ours, gold: ours == gold),
    "authors": (_split_authors, lambda ours, gold: bool(ours & gold)),
    "authors, people": (_split_people, lambda ours, gold: bool(ours & gold)),
    "authors, all": (_split_authors, lambda ours, gold: ours == gold),
    "date": (lambda reading: frozenset(filter(None, [reading.date])), lambda ours, gold: ours == gold),
}


def read_pages(pages: Sequence[Page]) -> tuple[list[Reading], float]:
    """Return what read_metadata finds in each page, and its CPU seconds over all of them, parsing left out."""
    readings, spent = [], 0.0
    for page in pages:
        tree, _ = parse(remove_unprintable(decode(page.body, None) or ""))
        if tree is None:
            readings.append(Reading(None, None, None))
            continue
        began = time.process_time()
        metadata = read_metadata(tree, page.url)
        spent += time.process_time() - began
        day = metadata.published.day.isoformat() if metadata.published else None
        readings.append(Reading(metadata.title, "; ".join(metadata.authors) or None, day))
    return readings, spent


def read_by_peers(pages: Sequence[Page]) -> dict[str, list[Reading]]:
    """Read pages by each peer, in a process and an environment of its own."""
    answers = ask_peers("extractors", "metadata", (pack_page(page.body, page.url) for page in pages))
    return {peer: [Reading(*(row or (None,) * 3)) for row in rows.values] for peer, rows in answers.items()}


def measure(part: str, with_peers: bool = True, name: str = SET) -> dict[str, float]:
    """Print a line for each field and reader; return the shares that are right where gold has the field."""
    for more in MORE if (part, name) == ("dev", SET) else ():
        measure(part, with_peers=False, name=more)
    pages = load(name, part)
    own, spent = read_pages(pages)
    readers = {OURS: own} | (read_by_peers(pages) if with_peers else {})
    gold = [Reading(page.title, page.author, page.date) for page in pages]
    figures: dict[str, float] = {}
    nobody = sorted(g.authors for g in gold if g.authors and not _split_people(g))
    print(f"{name}; left out of `authors, people`: {'; '.join(nobody) or 'none'}")
    print(f"{'field':15} {'reader':12} {'gold':>5} {'found':>6} {'right':>6} {'no gold':>8}  ours against it")
    for field, (values, is_right) in FIELDS.items():
        rights: dict[str, list[bool]] = {}
        for reader, readings in readers.items():
            if field not in PEERS.get(reader, FIELDS):
                continue
            pairs = [(values(t), values(g)) for t, g in zip(readings, gold, strict=True)]
            marked = [(value, true) for value, true in pairs if true]
            rights[reader] = [is_right(value, true) for value, true in marked]
            found = sum(bool(value) for value, _ in marked) / len(marked)
            extra = sum(bool(value) for value, true in pairs if not true)
            bounds = mean_interval([a - b for a, b in zip(rights[OURS], rights[reader], strict=True)])
            right = fmean(rights[reader])
            beside = "" if reader == OURS else write_gain(fmean(rights[OURS]) - right, bounds)
            print(f"{field:15} {reader:12} {len(marked):5} {found:6.3f} {right:6.3f} {extra:8}  {beside}")
        figures[f"{field} right"] = fmean(rights[OURS])
    print(f"{OURS}: {1000 * spent / len(pages):.1f} ms of CPU a page, parsing left out")
    return figures


def _read_keys(texts: Sequence[str]) -> Values:
    """Return letters and digits of each text, without accents, in lower case."""
    plain = (unicodedata.normalize("NFKD", text).casefold() for text in texts)
    return frozenset(filter(None, ("".join(c for c in text if c.isalnum()) for text in plain)))
