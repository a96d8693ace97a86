"""Whatever a page holds, cleaning answers, asks for nothing, and is not told what stands elsewhere."""

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from benchmarks.hostile import (
    EDITS,
    GIANT_EVERY,
    LAUGH,
    PIECES,
    SECRET,
    Outcome,
    Trap,
    clean_mutants,
    find_faults,
    make_mutant,
    write_external_entity,
    write_laughing_entities,
)
from pipelines.cleaning import Cleaned, clean_html
from pipelines.cleaning.cleaned import Part

NOTICE = "The council voted on Thursday to rebuild the old bridge over the river, after years of debate in the town."
PAGES = (
    f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A bridge for the town | The Gazette</title>
<meta property="article:published_time" content="2024-03-02T10:00:00+01:00"><link rel="canonical" href="/bridge">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A bridge for the town"}}</script></head>
<body class="home"><nav><ul><li><a href="/">Home</a><li><a href="/sport">Sport</a></ul></nav><article>
<h1>A bridge for the town</h1><p class="by">By Ada Byron</p>{f"<p>{NOTICE}</p>" * 6}<h2>Costs</h2><p>{NOTICE}
<figure><img src="a.jpg"><figcaption>The bridge.</figcaption></figure></article><footer>(c) 2024</footer></body></html>
""".encode(),
    f"<table><tr><td>{'Der Rat stimmte am Donnerstag für die neue Brücke über den Fluß.<br>' * 9}".encode("cp1252"),
    f"<html><body><div>{'<p>Совет в четверг решил построить новый мост через реку.</p>' * 9}</div>".encode(),
    f"<meta charset=gb2312><body>{'<p>市議會星期四決定重建河上的舊橋，多年來一直有爭論。' * 9}".encode(),
    f"A bridge for the town\n\nBy Ada Byron\n\n{NOTICE * 5}".encode(),
)


NUMBERS = [number for number in range(250) if number % GIANT_EVERY]


@pytest.fixture(scope="module")
def hundreds() -> list[Outcome]:
    """What came of some hundred pages, none of them giant, in a process that refuses files and addresses."""
    return list(clean_mutants(PAGES, NUMBERS))


@pytest.mark.slow
def test_every_hostile_page_gets_an_answer_that_keeps_its_promises(hundreds: list[Outcome]) -> None:
    assert [one for one in hundreds if one.faults] == []
    assert [(one.number, one.kind) for one in hundreds] == [(n, kind) for n in NUMBERS for kind in ("html", "text")]
    assert {word for one in hundreds for word in one.name.split(" + ")} >= {*PIECES, *EDITS}
    assert {None, "not_text", "too_large", "too_deep", "no_text"} <= {one.reason for one in hundreds}


@pytest.mark.slow
def test_no_hostile_page_makes_us_ask_for_a_file_or_an_address(hundreds: list[Outcome]) -> None:
    assert [one for one in hundreds if one.accesses] == []


def test_a_number_always_makes_the_same_page() -> None:
    trap = Trap("/named.txt", 80)
    assert [make_mutant(PAGES, n, trap) for n in range(1, 40)] == [make_mutant(PAGES, n, trap) for n in range(1, 40)]


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    (tmp_path / "named.txt").write_text(SECRET)
    return Trap(str(tmp_path / "named.txt"), 80)


def test_an_external_entity_is_not_read(trap: Trap) -> None:
    page = write_external_entity(trap.places[0])
    credulous = etree.XMLParser(resolve_entities=True, load_dtd=True)
    assert SECRET in etree.tostring(etree.fromstring(page.encode(), credulous), encoding="unicode")
    assert SECRET not in repr(clean_html(page.encode()))
    assert SECRET not in repr(clean_html(b"<?xml version='1.0'?>" + page.encode() + PAGES[0]))


def test_entities_that_multiply_stay_unresolved() -> None:
    credulous = etree.XMLParser(resolve_entities=True)
    told = etree.tostring(
        etree.fromstring(write_laughing_entities(3).encode(), credulous), encoding="unicode", with_tail=False
    )
    assert told.count(LAUGH) >= 1_000
    cleaned = clean_html(write_laughing_entities(9).encode() + PAGES[0])
    assert LAUGH not in (cleaned.text or "")
    assert NOTICE in (cleaned.text or "")


@pytest.mark.parametrize(
    ("cleaned", "fault"),
    [
        (None, "a NoneType came back"),
        (Cleaned(), "text and reason, or neither"),
        (Cleaned(text="a", reason="empty"), "text and reason, or neither"),
        (Cleaned(reason="bad luck"), "unknown reason bad luck"),
        (Cleaned(text="a\0"), "not printable"),
        (Cleaned(text="a", title="\ud800"), "not printable"),
        (Cleaned(text="e\u0301"), "not NFC"),
        (Cleaned(text="a" * 201), "longer than the page"),
        (Cleaned(text="a", authors=("a" * 201,)), "longer than the page"),
        (Cleaned(text="a", lead=SECRET), "the file that the page names was read"),
        (Cleaned(text="ab", parts=(Part("body", 0, 1, 3),)), "an offset outside of the text"),
        (Cleaned(text="a", language_score=float("nan")), "a score outside of 0 to 1"),
    ],
    ids=repr,
)
def test_an_answer_that_breaks_a_promise_is_seen(cleaned: Cleaned | None, fault: str) -> None:
    assert find_faults(cleaned, 100) == [fault]


def test_what_is_asked_for_is_seen_and_refused() -> None:
    script = f"""
import encodings.idna, socket, subprocess
from benchmarks.hostile import watch_accesses
accesses, refuse = watch_accesses()
open({__file__!r}).close()
refuse()
open({__file__!r}).close()
for ask in (
    lambda: open("/named.txt"),
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: socket.getaddrinfo("x.example", 80),
    lambda: subprocess.run(["true"]),
):
    try:
        ask()
    except PermissionError:
        print(accesses[-1].split()[0], len(accesses))
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "open 1\nsocket.getaddrinfo 2\nsocket.getaddrinfo 3\nsubprocess.Popen 4\n"
