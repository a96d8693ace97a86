"""Hostile pages: real ones broken in every way we know, cleaned while each file or address that is asked for is seen.

Page number n depends on nothing but n and the pages it is made from, so any one can be made again:
`make_mutant(pages, n, trap)`. Accesses are watched from three sides. Python's audit events show (and refuse) what
Python opens; libxml2 opens files and addresses without them, so pages name a file whose words must be in no text, and a
port on this host on which nobody may call.
"""

import codecs
import encodings
import json
import multiprocessing
import pkgutil
import re
import resource
import socket
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.pages import SETS, load
from pipelines.cleaning import Cleaned, clean_html, clean_text
from pipelines.cleaning.metadata import MAX_LEAD
from pipelines.cleaning.texts.lines import MAX_LINES
from pipelines.tables.items import REASONS

ORDINARY = 60_000  # bytes; two of five dev pages are smaller, and 5,000 of them are cleaned twice in minutes
GIANT_EVERY = 50  # the number of pages of which one is giant
BOUND_SECONDS = 10  # of CPU that one document may take: what bounds.py calls some seconds, on a slow core
HANG_SECONDS = 120  # without an answer, by the clock, after which the process is ended
MEMORY_BYTES = 4 << 30  # of address space; more is refused, and shows as a crash
SECRET = "Quetzalkugel"  # the words of the file that pages name
LAUGH = "Lachsalve"  # what a tower of entities would repeat
_FORBIDDEN = ("socket.", "urllib.", "http.", "ftplib.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn",
              "os.system", "ctypes.dlopen", "shutil.", "os.remove", "os.rename", "os.mkdir")  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Trap:
    """What hostile pages name in the hope that somebody fetches it."""

    file: str
    port: int

    @property
    def places(self) -> tuple[str, ...]:
        """Addresses of the file and of the port."""
        return (Path(self.file).as_uri(), self.file, f"http://127.0.0.1:{self.port}/x", f"//127.0.0.1:{self.port}/x")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One page, what was done to it, and what a server claims about it."""

    name: str
    body: bytes
    charset: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one page, cleaned as one kind of document."""

    number: int
    name: str
    kind: str
    """`html` or `text`."""
    reason: str | None = None
    faults: tuple[str, ...] = ()
    """What is wrong with the answer; an exception is one fault."""
    accesses: tuple[str, ...] = ()
    seconds: float = 0.0
    """Of CPU."""
    peak: int = 0
    """Memory of the process so far, in bytes."""


# --- what is put into a page

# ruff: noqa: ARG005  pieces and edits have one signature, whether or not they need all of it

Piece = Callable[[Random, Trap], str | bytes]
_LETTERS = str.maketrans("0123456789", "abcdefghij")  # digits of a class do not tell styles apart


def _json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def _meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}"><meta name="{name}" content="{value}">'


def write_external_entity(place: str) -> str:
    """Write an XML page that shows the content of a place."""
    return f'<!DOCTYPE html [<!ENTITY x SYSTEM "{place}">]><html><body><p>It says &x; here.</p></body></html>'


def write_laughing_entities(levels: int = 9) -> str:
    """Write an XML page of ten to the power of `levels` words (Klein 2002)."""
    tower = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels + 1))
    return f'<!DOCTYPE html [<!ENTITY a0 "{LAUGH} ">{tower}]><html><body><p>It says &a{levels}; here.</p></body></html>'


_ODD_URLS = (
    "http://[::1", "javascript:alert(1)", "http://a:99999/", "//", "http://", "data:text/html,<p>x", "http://%00/",
    "http://\u202eexample.org/", "ht\ttp://x", "http://xn--\u00df/", "?" * 300, "../" * 500, "http://" + "a." * 400,
    "http://x/" + "%" * 500, "http://\u2100.example/", "http://user:pw@[v1.x]/", "\ud800",
)  # fmt: skip
_ODD_DATES = (
    "99999-99-99", "0000-00-00", "2024-02-30T25:61:61", "9" * 400, "0001-01-01T00:00:00+23:59", "1e999", "-1", "NaN",
    "9999-12-31T23:59:59-23:59", "２０２４-０１-０２", "2024-01-02T03:04:05+99:99", "٢٠٢٤/١/٢", "1/" * 300, "31.12.",
    "253402300800", "2024-01-01T00:00:00.9999999999999Z",
)  # fmt: skip
_ODD_VALUES = (
    "null", "1e999", "-0", "NaN", "[[[[[]]]]]", '{"@id": "#a"}', '"\\ud800"', '"\\u0000"', "true", '{"name": {}}', "[]",
    '{"name": [null, 3, {"name": "\\udfff"}]}', "9" * 5_000, '"' + "&amp;" * 500 + '"', "1" + "0" * 400 + ".5",
)  # fmt: skip
_CHARSETS = (
    "utf-8", "utf-16", "utf-16le", "utf-7", "utf-32", "ascii", "shift_jis", "gb18030", "big5", "iso-2022-jp", "euc-kr",
    "koi8-r", "windows-1251", "punycode", "idna", "base64", "zip", "rot13", "hex", "unicode_escape", "mbcs", "ebcdic",
    "x-user-defined", "..", "utf-8\0", "\u00fctf", "undefined", "cp037", "raw_unicode_escape", "hz",
)  # fmt: skip
_KEYS = ("headline", "author", "datePublished", "dateModified", "@type", "@graph", "image", "isAccessibleForFree",
         "articleSection", "mainEntityOfPage", "publisher", "inLanguage", "url", "keywords", "description")  # fmt: skip
_METAS = ("article:published_time", "date", "author", "og:title", "og:url", "robots", "og:image", "article:section",
          "tdm-reservation", "og:description", "article:modified_time", "twitter:title", "parsely-page")  # fmt: skip
_OPENINGS = (
    "<!--", "<!-", "<![CDATA[", "<script>", "<style>", "<textarea>", "<title>", "<xmp>", "<plaintext>", "<select>",
    "<noscript>", "<template>", '<a href="', "<p class='", "<svg><style>", "<math><mtext>", "<iframe>", "<?", "<!",
    "</", "<a <a <a", "<table><tr><td><table>", "<frameset>", "<body><head>", "</html>", "<form><form>", "<!doctype",
)  # fmt: skip
_REFERENCES = ("&#0;", "&#xD800;", "&#x110000;", "&#99999999999;", "&amp" * 20, "&NotEqualTilde;", "&#x80;", "&bogus;",
               "&#xFFFE;", "&#;", "&#x;", "&#8238;", "&#173;", "&")  # fmt: skip
_FETCHED = (
    "link rel=stylesheet href", "script src", "img src", "iframe src", "link rel=canonical href", "object data",
    "embed src", "link rel=import href", "link rel=amphtml href",
)  # fmt: skip
_NAMESPACES = (
    '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p>Words</p></foreignObject><title>T</title>',
    "<math><annotation-xml encoding='text/html'><p>Words<mglyph>",
    "<a:b:c xmlns:a=''><a:p>Words</a:p>",
    "<svg><desc><svg><desc>" * 60 + "Words",
    '<p xml:lang="\ufffe" xmlns:xml="x">Words',
    "<o:p>&nbsp;</o:p>" * 500,
)


def _write_odd_article(rng: Random, trap: Trap) -> str:
    odd = (*_ODD_VALUES, *map(json.dumps, (*_ODD_DATES, *_ODD_URLS[:-1], *trap.places)))
    return _json_ld(
        '{"@type": "NewsArticle", '
        + ", ".join(f'"{key}": {rng.choice(odd)}' for key in rng.sample(_KEYS, rng.randint(1, 8)))
        + "}"
    )


PIECES: dict[str, Piece] = {
    "left open": lambda rng, _: rng.choice(_OPENINGS),
    "nested": lambda rng, _: (
        f"<{rng.choice(('div', 'b', 'ul><li', 'table><tr><td', 'a', 'font', 'svg', 'x-y'))}>"
        * rng.choice((50, 200, 260, 4_000))
    ),
    "closed too often": lambda rng, _: f"</{rng.choice(('div', 'p', 'body', 'br', 'table'))}>" * rng.randint(1, 3_000),
    "attributes": lambda rng, _: f"<p {' '.join(f'a{n}={n}' for n in range(rng.choice((90, 900, 3_000))))}>Words",
    "same attribute": lambda rng, _: "<div " + "class=x " * rng.randint(2, 2_000) + ">",
    "entity tower": lambda rng, _: write_laughing_entities(rng.randint(1, 30)),
    "external entity": lambda rng, trap: write_external_entity(rng.choice(trap.places)),
    "external parameter entity": lambda rng, trap: (
        f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{rng.choice(trap.places)}">%p;]>'
    ),
    "external document type": lambda rng, trap: f'<!DOCTYPE html SYSTEM "{rng.choice(trap.places)}">',
    "inclusion": lambda rng, trap: (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{rng.choice(trap.places)}"/>'
    ),
    "processing instruction": lambda rng, trap: (
        f'<?xml-stylesheet type="text/xsl" href="{rng.choice(trap.places)}"?><?php {"?" * rng.randint(0, 999)}'
    ),
    "fetched": lambda rng, trap: "".join(f'<{tag}="{rng.choice(trap.places)}">' for tag in _FETCHED),
    "refresh": lambda rng, trap: f'<meta http-equiv="refresh" content="0;url={rng.choice(trap.places)}">',
    "base": lambda rng, trap: f'<base href="{rng.choice((*_ODD_URLS, *trap.places))}"><a href="?x">Words</a>',
    "canonical": lambda rng, trap: f'<link rel="canonical" href="{rng.choice((*_ODD_URLS, *trap.places))}">',
    "links": lambda rng, _: "".join(f'<a href="{rng.choice(_ODD_URLS)}">Words of a link</a> ' for _ in range(50)),
    "references": lambda rng, _: "".join(rng.choices(_REFERENCES, k=rng.randint(1, 300))),
    "nulls": lambda rng, _: b"\0" * rng.randint(1, 3_000),
    "controls": lambda rng, _: "".join(map(chr, rng.choices(range(1, 160), k=rng.randint(1, 2_000)))),
    "surrogates": lambda rng, _: b"\xed\xa0\x80" * rng.randint(1, 200) + b"\xed\xb0\x80",
    "private and reversed": lambda rng, _: "".join(
        rng.choices("\ue000\u202e\u200b\ufeff\uffff\U0010ffff\u2028", k=999)
    ),
    "marks": lambda rng, _: "<p>a" + rng.choice("\u0301\u0489\u0e31\u20e3\u1ab0") * rng.choice((29, 31, 3_000, 20_000)),
    "mixed marks": lambda rng, _: "<p>a" + "".join(rng.choices("\u0301\u0316\u0327\u0345", k=5_000)),
    "charset": lambda rng, _: f'<meta charset="{rng.choice(_CHARSETS)}">',
    "deep json": lambda rng, _: _json_ld(rng.choice(("[", '{"a":', '{"@graph":[')) * rng.choice((100, 900, 9_000))),
    "odd json": _write_odd_article,
    "json that refers to itself": lambda rng, _: _json_ld(
        '{"@graph": [{"@id": "#a", "@type": "NewsArticle", "author": {"@id": "#a"}, "name": {"@id": "#a"}}]}'
    ),
    "odd meta": lambda rng, trap: "".join(
        _meta(rng.choice(_METAS), rng.choice((*_ODD_DATES, *_ODD_URLS, *trap.places, "")) * rng.choice((1, 1, 90)))
        for _ in range(rng.randint(1, 30))
    ),
    "odd time": lambda rng, _: f'<time datetime="{rng.choice(_ODD_DATES)}">{rng.choice(_ODD_DATES)}</time>',
    "namespaces": lambda rng, _: rng.choice(_NAMESPACES),
    "tables": lambda rng, _: "<table><tr><td>Words" * rng.choice((10, 60, 3_000)),
    "long word": lambda rng, _: "<p>" + rng.choice(("x", "Ж", "字", "क्", "😀")) * rng.choice((500, 9_000, 60_000)),
    "long names": lambda rng, _: f'<p class="{"c" * 50_000}" id="{"i-" * 20_000}">Words<{"t" * 9_000}>',
    "many classes": lambda rng, _: f'<div class="{" ".join(f"c{n}" for n in range(20_000))}"><p>Words',
    "no script": lambda rng, _: f"<noscript>{'<p>Words' * 300}</noscript><template><p>Words</template>",
    "hidden": lambda rng, _: f'<div hidden style="{"display:none;" * rng.randint(1, 3_000)}"><p>Words',
    "arabic": lambda rng, _: "<p dir=rtl>" + "".join(rng.choices("\u0627\ufdfa\u0644\u064b \u200f.", k=2_000)),
}

# Megabytes each. What they cost is the point: there is one in GIANT_EVERY pages.
GIANTS: dict[str, Callable[[], str]] = {
    "100,000 line breaks": lambda: "Words<br>" * 100_000,
    "100,000 empty line breaks": lambda: "<br>" * 100_000,
    "19,000 line breaks": lambda: "Some words of a line, and a few more.<br>" * 19_000,
    "100,000 links": lambda: "".join(f"<a href='/{n}'>Link {n}</a> " for n in range(100_000)),
    "15,000 links": lambda: "".join(f"<a href='http://x.example/{n}?q=1#f'>Link {n}</a> " for n in range(15_000)),
    "19,000 paragraphs": lambda: "".join(f"<p>Paragraph number {n} is of some words." for n in range(19_000)),
    "6,000 styles": lambda: "".join(f"<p class='{str(n).translate(_LETTERS)}'>Words." for n in range(6_000)),
    "9,000 list entries": lambda: "<ul>" + "<li><a href=/x>Words</a>" * 9_000,
    "100,000 nested": lambda: "<div>" * 100_000 + "Words",
    "250 nested, 1,500 times": lambda: ("<i>" * 250 + "Words" + "</i>" * 250) * 1_500,
    "5,000 nested tables": lambda: "<table><tr><td>" * 5_000,
    "unclosed anchors": lambda: "<a href=x><b>" * 20_000 + "Words",
    "100,000 attributes": lambda: "<p " + " ".join(f"a{n}" for n in range(100_000)) + ">",
    "900 attributes, 1,000 times": lambda: ("<p " + " ".join(f"a{n}" for n in range(900)) + ">Words") * 1_000,
    "a megabyte of class": lambda: f"<p class='{'c ' * 500_000}'>Words",
    "a megabyte of text": lambda: "<p>" + "Some words of a sentence that ends. " * 30_000,
    "a megabyte of one word": lambda: "<p>" + "x" * 1_000_000,
    "a megabyte of ideographs": lambda: "<p>" + "中文字新聞報道。" * 44_000,
    "a megabyte of different words": lambda: "<p>" + " ".join(f"w{n}" for n in range(150_000)),
    "a megabyte of marks": lambda: "<p>a" + "\u0301" * 500_000,
    "a megabyte of two marks": lambda: "<p>a" + "\u0301\u0316" * 250_000,
    "marks after letters": lambda: "<p>" + ("a" + "\u0301\u0316" * 14) * 17_000,
    "a megabyte of space": lambda: "<p>a" + " " * 1_000_000 + "b",
    "a megabyte of tabs and lines": lambda: "<p>a" + " \n\t\n" * 250_000 + "b",
    "a megabyte of wide space": lambda: "<p>a" + "\u3000\u00a0" * 200_000 + "b",
    "a megabyte of short lines": lambda: "a\n" * 500_000,
    "a megabyte of lines": lambda: "".join(f"Line {n} of a text that has many.\n" for n in range(28_000)),
    "a megabyte of <": lambda: "<" * 1_000_000,
    "a megabyte of </": lambda: "</" * 500_000,
    "a megabyte of &": lambda: "&" * 1_000_000,
    "a megabyte of references": lambda: "<p>" + "&#x41;&eacute;" * 70_000,
    "a megabyte of comments": lambda: "<!--" * 250_000,
    "a megabyte of closed comments": lambda: "<!-- x -->" * 100_000,
    "a megabyte of quotes": lambda: "<p a=\"'" * 150_000,
    "a megabyte of marks of a sentence": lambda: "<p>" + "." * 1_000_000,
    "a megabyte of dates": lambda: "<p>" + "1.1.2024 12:00, 3 May 2024; " * 35_000,
    "a megabyte of digits": lambda: "<p>" + "1" * 1_000_000,
    "a megabyte of by": lambda: "<p>" + "By Ada Byron and " * 60_000,
    "a megabyte of addresses": lambda: "<p>" + "http://a.example/b?c=d&e=f@g.h " * 32_000,
    "a megabyte of title": lambda: f"<title>{'A title - of a site | ' * 45_000}</title>",
    "a megabyte of bars in a title": lambda: f"<title>{'|-' * 500_000}</title><h1>{'- ' * 300_000}</h1>",
    "a megabyte of headline": lambda: f"<h1>{'A headline of words ' * 50_000}</h1>",
    "a megabyte of article": lambda: _json_ld('{"@type": "NewsArticle", "articleBody": "' + "x " * 500_000 + '"}'),
    "100,000 authors": lambda: _json_ld('{"@type": "NewsArticle", "author": [' + '"A B",' * 100_000 + '"C"]}'),
    "100,000 objects": lambda: _json_ld('{"@graph": [' + '{"@id": "#a", "name": 1},' * 40_000 + "{}]}"),
    "500,000 levels of json": lambda: _json_ld("[" * 500_000),
    "5,000 scripts of json": lambda: _json_ld('{"@type": "NewsArticle", "headline": "x"}') * 5_000,
    "9,000 meta": lambda: "".join(_meta("author", f"Ada {n}") for n in range(9_000)),
    "9,000 times": lambda: "<time datetime=2024-01-01>1 May</time>" * 9_000,
    "9,000 languages": lambda: "".join(f"<p>{chr(0x370 + n % 0x3000) * 30} " for n in range(9_000)),
    "9,000 canonical links": lambda: "<link rel=canonical href=http://x.example/?a=b>" * 9_000,
    "a megabyte of address": lambda: f"<link rel=canonical href='http://x.example/?{'a=b&' * 250_000}'>",
    "five megabytes": lambda: "<p>" + "Words of a sentence. " * 230_000,
}


# --- what is done to a page as a whole


def _flip(rng: Random, page: bytes) -> bytes:
    broken = bytearray(page)
    for _ in range(rng.choice((1, 20, 500, 5_000))):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    return bytes(broken)


def _shuffle(rng: Random, page: bytes) -> bytes:
    size = rng.choice((7, 300, 5_000))
    pieces = [page[at : at + size] for at in range(0, len(page), size)]
    rng.shuffle(pieces)
    return b"".join(pieces)


def _repeat(rng: Random, page: bytes) -> bytes:
    """Repeat one tag, or one stretch from tag to tag, many times."""
    start = max(page.find(b"<", rng.randrange(len(page))), 0)
    end = page.find(b">", start + rng.choice((0, 200))) + 1 or len(page)
    return page[:end] + page[start:end][:2_000] * rng.choice((2, 50, 300)) + page[end:]


def _encode(rng: Random, page: bytes) -> bytes:
    text, at = page.decode("utf-8", "ignore"), rng.randrange(len(page))
    first, second = rng.choices(
        ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037", "gb18030"), k=2
    )
    mark = rng.choice((b"", b"", codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE))
    return mark + text[:at].encode(first, "ignore") + text[at:].encode(second, "ignore")


EDITS: dict[str, Callable[[Random, bytes], bytes]] = {
    "cut": lambda rng, page: page[: rng.randrange(len(page))],
    "beginning cut": lambda rng, page: page[rng.randrange(len(page)) :],
    "flipped": _flip,
    "shuffled": _shuffle,
    "repeated": _repeat,
    "encoded": _encode,
    "noise": lambda rng, page: page[: len(page) // 2] + rng.randbytes(rng.choice((10, 300, 9_000))),
    "no end tags": lambda rng, page: re.sub(rb"</[^>]{1,20}>", b"", page),
    "no beginnings": lambda rng, page: page.replace(b"<", b"", rng.randint(1, 5_000)),
    "no quotes": lambda rng, page: page.replace(b'"', rng.choice((b"", b"'", b"\0", b"&quot;"))),
    "no closing": lambda rng, page: page.replace(b">", b"", rng.randint(1, 5_000)),
    "backwards": lambda rng, page: page[::-1],
    "no spaces": lambda rng, page: page.replace(b" ", b""),
    "escaped": lambda rng, page: page.replace(b"<", b"&lt;"),
    "null between": lambda rng, page: b"\0".join(page[at : at + 1] for at in range(min(len(page), 20_000))),
    "as json text": lambda rng, page: json.dumps(page.decode("utf-8", "replace")).encode(),
}


def _insert(written: str | bytes, rng: Random, page: bytes) -> bytes:
    """Return the page with a piece at its beginning, in its head, in its body, between two tags, or anywhere."""
    new = written if isinstance(written, bytes) else written.encode("utf-8", "surrogatepass")
    marks = (re.search(rb"<head[^>]{0,200}>", page), re.search(rb"<body[^>]{0,2000}>", page))
    anywhere = rng.randrange(len(page))
    at = rng.choice((0, *(mark.end() for mark in marks if mark), max(page.find(b"<", anywhere), 0), anywhere))
    return page[:at] + new + page[at:]


def make_mutant(pages: Sequence[bytes], number: int, trap: Trap) -> Mutant:
    """Make page number `number` of one or two of `pages`: one in GIANT_EVERY is giant, of the others one in three is
    changed twice."""
    rng = Random(number)
    body = rng.choice(pages)
    if number % GIANT_EVERY == 0:
        names = [list(GIANTS)[number // GIANT_EVERY % len(GIANTS)]]
    else:
        names = rng.sample([*PIECES, *EDITS], rng.choice((1, 1, 2)))
    for name in names:
        body = body or b"<p>"
        if name in EDITS:
            body = EDITS[name](rng, body)
        else:
            body = _insert(GIANTS[name]() if name in GIANTS else PIECES[name](rng, trap), rng, body)
    charset = rng.choice(_CHARSETS) if rng.random() < 0.1 else None
    return Mutant(" + ".join(names), body, charset, rng.choice((None, None, *_ODD_URLS, "http://x.example/a")))


# --- what is asked of the answer


def find_faults(cleaned: object, size: int) -> list[str]:
    """Describe what is wrong with what cleaning made of a document of so many bytes."""
    if not isinstance(cleaned, Cleaned):
        return [f"a {type(cleaned).__name__} came back"]
    found = []
    if (cleaned.text is None) == (cleaned.reason is None):
        found.append("text and reason, or neither")
    if cleaned.reason is not None and cleaned.reason not in REASONS:
        found.append(f"unknown reason {cleaned.reason}")
    strings = list(_walk_strings(asdict(cleaned)))
    if any(_CONTROLS.search(string) for string in strings):
        found.append("not printable")
    if SECRET in "\n".join(strings):
        found.append("the file that the page names was read")
    text = cleaned.text or ""
    if not unicodedata.is_normalized("NFC", text):
        found.append("not NFC")
    # Between one-letter paragraphs there are two line breaks for one, so a text may be twice as long as its bytes.
    if any(len(string) > 2 * size for string in strings):
        found.append("longer than the page")
    if len(cleaned.lead or "") > MAX_LEAD or len(cleaned.parts) > MAX_LINES:
        found.append("more than the bounds allow")
    spans = (*cleaned.parts, *cleaned.links, *((cleaned.dateline,) if cleaned.dateline else ()))
    if any(not 0 <= span.start <= span.end <= len(text) for span in spans):
        found.append("an offset outside of the text")
    scores = (cleaned.language_score, cleaned.article_type_score, *(line.score for line in cleaned.removed))
    if any(score is not None and not 0 <= score <= 1 for score in scores):
        found.append("a score outside of 0 to 1")
    return found


def _walk_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _walk_strings(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _walk_strings(one)


# --- the process in which it happens


def clean_mutants(pages: Sequence[bytes], numbers: Sequence[int]) -> Iterator[Outcome]:
    """Yield two outcomes for each number, one as a web page and one as plain text.

    A page that ends the process, or keeps it for HANG_SECONDS, is a fault; the rest goes on in a new process.
    """
    context = multiprocessing.get_context("spawn")
    waiting = [(number, kind) for number in numbers for kind in ("html", "text")]
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0), backlog=1_000) as server:
        trap = Trap(str(Path(folder) / "named.txt"), server.getsockname()[1])
        Path(trap.file).write_text(f"{SECRET} {SECRET}")
        while waiting:
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_clean_each, args=(theirs, pages, waiting, trap))
            process.start()
            theirs.close()
            while waiting:
                answered = ours.poll(HANG_SECONDS)
                try:
                    outcome = ours.recv() if answered else None
                except EOFError:
                    outcome = None
                number, kind = waiting.pop(0)
                if outcome is None:
                    fault = "ended the process" if answered else "hung"
                    yield Outcome(number, make_mutant(pages, number, trap).name, kind, faults=(fault,))
                    break
                yield outcome
            process.kill()
            process.join()
        if calls := _count_calls(server):
            yield Outcome(-1, "all pages", "html", accesses=("the port was called",) * calls)


def _count_calls(server: socket.socket) -> int:
    """Count the calls on a port that nobody answers."""
    server.setblocking(False)
    calls = 0
    try:
        while True:
            server.accept()[0].close()
            calls += 1
    except BlockingIOError:
        return calls


def watch_accesses() -> tuple[list[str], Callable[[], None]]:
    """Watch what this process opens: return a list that fills, and a function that forbids to open anything new.

    Files that were opened before may be opened again; other files, addresses and programs are refused.
    """
    known: set[str] = set()
    accesses: list[str] = []
    is_warm = False

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and not is_warm:
            known.add(str(arguments[0]))
        elif is_warm and (str(arguments[0]) not in known if event == "open" else event.startswith(_FORBIDDEN)):
            accesses.append(f"{event} {arguments[:2]}"[:200])
            raise PermissionError(f"{event} while a page is cleaned")

    def refuse() -> None:
        nonlocal is_warm
        is_warm = True

    sys.addaudithook(watch)
    return accesses, refuse


def _warm_up(pages: Sequence[bytes]) -> None:
    """Have everything imported and read that is loaded when it is first needed."""
    datetime.strptime("2024", "%Y")  # noqa: DTZ007 imports a module
    for encoding in sorted(module.name for module in pkgutil.iter_modules(encodings.__path__)):
        with suppress(LookupError):  # some are of other operating systems
            codecs.lookup(encoding)
    for body in (*pages[:3], b"<p>" + "Die Brücke über den Fluß. ".encode("cp1252") * 30):
        clean_html(body, None, "http://x.example/a")
        clean_text(body)


def _clean_each(answers: Connection, pages: Sequence[bytes], waiting: list[tuple[int, str]], trap: Trap) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    accesses, refuse = watch_accesses()
    _warm_up(pages)
    refuse()
    for number, kind in waiting:
        made = make_mutant(pages, number, trap)
        clean = partial(clean_html, url=made.url) if kind == "html" else clean_text
        wrong: list[str]
        reason = None
        began = time.process_time()
        try:
            cleaned = clean(made.body, made.charset)
        except BaseException as error:  # noqa: BLE001 what escapes is what is measured
            seconds = time.process_time() - began
            wrong = [f"{type(error).__name__}: {error} ({_locate_error(error)})"[:300]]
        else:
            seconds = time.process_time() - began
            wrong, reason = find_faults(cleaned, len(made.body)), cleaned.reason
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        answers.send(Outcome(number, made.name, kind, reason, tuple(wrong), tuple(accesses), seconds, peak))
        accesses.clear()


def _locate_error(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "nowhere"


# --- the measurement


def load_ordinary_pages(part: str) -> list[bytes]:
    """Return the pages of all sets that are no larger than ORDINARY."""
    return [page.body for name in sorted(SETS) for page in load(name, part) if 0 < len(page.body) <= ORDINARY]


def measure(part: str, count: int = 5_000) -> dict[str, float]:
    """Clean `count` hostile pages, print what came of them, and return the shares of documents without what is wrong.

    An answer that breaks what `Cleaned` promises counts as a crash.
    """
    found = list(clean_mutants(load_ordinary_pages(part), range(count)))
    print(f"{count:,} pages, each cleaned as web page and as text")
    for kind in ("html", "text"):
        those = [outcome for outcome in found if outcome.kind == kind]
        reasons = Counter("text" if one.reason is None else one.reason for one in those if not one.faults)
        print(f"{kind}: " + ", ".join(f"{reason} {n:,}" for reason, n in reasons.most_common()))
        print(f"{kind}: {sum(one.seconds for one in those):.0f} CPU seconds; slowest " + "; ".join(
            f"{one.seconds:.1f} s {one.name} (page {one.number})"
            for one in sorted(those, key=lambda one: -one.seconds)[:3]
        ))  # fmt: skip
    crashes = sum(bool(one.faults) for one in found)
    print(f"crashes and broken invariants: {crashes}; peak memory {max(one.peak for one in found) / 1e6:,.0f} MB")
    for fault, n in Counter(re.sub(r"\d+", "0", fault) for one in found for fault in one.faults).most_common(20):
        first = next(o for o in found if any(re.sub(r"\d+", "0", f) == fault for f in o.faults))
        print(f"fault: {n:,} × {first.faults}, first on page {first.number}, {first.kind}, {first.name}")
    slow = sum(one.seconds > BOUND_SECONDS or "hung" in one.faults for one in found)
    accesses = [access for one in found for access in one.accesses]
    print(f"{slow} over {BOUND_SECONDS} CPU seconds; files or addresses asked for: {len(accesses)} {accesses[:3]}")
    total = len(found)
    return {
        "share without crash": 1 - crashes / total,
        "share within the bound of time": 1 - slow / total,
        "share without access": 1 - sum(bool(one.accesses) for one in found) / total,
    }
