"""Files that are text, and yet no article: tables, logs, code, lists of addresses, and data in lines.

Known by name or media type, or else by how their lines look. It errs on the side of an article: none of these signs is
in most lines of prose.
"""

import csv
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from pipelines.text.decode import find_shifting

LOOKED_AT = 64 * 1024  # characters
MIN_LINES = 3  # fewer have no habit

Each = TypeVar("Each")

SUFFIXES = {
    "a table": "csv tsv tab psv",
    "code": "css scss less js mjs cjs ts jsx tsx sql py rb php java kt scala cc cpp hpp cs sh bash bat ps1 diff patch",
    "a log": "log",
    "settings": "ini cfg conf toml yaml yml properties htaccess",
    "data": "ics vcf srt vtt bib ris dtd pem crt md5 sha256 cdx cdxj har m3u m3u8 po pot geojson",
    "mail": "mbox eml",
}  # fmt: skip
FILES = frozenset(
    ("robots.txt", "ads.txt", "app-ads.txt", "llms.txt", "security.txt", "dockerfile", "makefile", "requirements.txt")
)
KINDS = {suffix: kind for kind, suffixes in SUFFIXES.items() for suffix in suffixes.split()}
MEDIA_TYPES = {
    "text/csv": "a table", "text/tab-separated-values": "a table", "application/csv": "a table",
    "text/css": "code", "text/javascript": "code", "application/javascript": "code", "application/x-javascript": "code",
    "application/sql": "code", "application/x-sh": "code", "text/x-python": "code",
    "text/calendar": "data", "text/vcard": "data", "text/vtt": "data", "text/uri-list": "a list of addresses",
}  # fmt: skip

PACKED = re.compile(r"\.(?:gz|gzip|zst|zstd)$")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
STAMP = re.compile(
    r"[\[(<]?(?:\d{1,3}(?:\.\d{1,3}){3} \S+ \S+ \[|\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d:\d\d|"
    r"\d\d[-/](?:\d\d|[A-Z][a-z]{2})[-/]\d{2,4}[: ]\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |"
    r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|"
    r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\b[\]:| ])"
)
CODE_END = re.compile(r"[{};]\s*(?://.*|/\*.*\*/\s*)?$|^\s*(?:[})\]]+[,;]?|//.*|/\*.*|\*/|--\s.*)$")
CODE_START = re.compile(
    r"\s*(?:(?:INSERT INTO|CREATE (?:TABLE|INDEX|DATABASE)|DROP TABLE|ALTER TABLE|LOCK TABLES) |import [\w.{*]+$|"
    r"from [\w.]+ import |def \w+\(|class \w+[:({]|function \w*\(|const \w+ =|var \w+ ?[=;]|let \w+ ?=|return\b.*;|"
    r"#include |@media |@\w+\{\S*,$|print\(|return [\w(\[]+$|"
    r"(?:def|class|if|elif|else|for|while|try|except|with)\b[^.!?]*:$)",
    re.IGNORECASE,
)
# Files, places in a store, and addresses, with a date or a number beside them; sums of files.
PLACE = re.compile(
    r"(?:#.*|(?:https?://|www\.)\S+(?:[\s,;]+\S+){0,3}|[\w.-]+(?:\.[a-z]{2,}|/[\w.-]+)/\S*|[0-9a-f]{32,64} [ *]\S+)",
    re.ASCII,
)
TRACE = re.compile(r"\s*(?:at [\w.$<>]+\(|File \"[^\"]+\", line \d+|Traceback |Caused by: |\.{3} \d+ more|#\d+ +\S+\()")
ROW = re.compile(r"\s*\|.*\|\s*$")
PAIR = re.compile(r"\s*(?:-\s+\S|[\w.-]+:(?:\s|$)|#)")
MAIL = re.compile(
    r"(?:[A-Z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?"
    r"(?:MIME-Version|Message-I[Dd]|Received|Return-Path|Delivered-To|X-Mailer):[^\n]*\n"
)
SETTING = re.compile(r"\s*(?:[#;].*|\[[^\]]+\]|[\w.\-]+\s*=\s*\S.*)$")
HEAD_CELL = re.compile(r"[^\W\d][\w .:/#()-]{0,39}")
PROSE = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u0964\u061f]")
MARKS = (
    "BEGIN:VCALENDAR", "BEGIN:VCARD", "WEBVTT", "diff --git ", "-----BEGIN ", "%!PS", "#!/", "<?php", "From - ",
    "#EXTM3U", "filedesc://", "CDX N ", "User-agent:", "User-Agent:",
)  # fmt: skip
SUBTITLE = re.compile(r"\d+\s*\n\d\d:\d\d:\d\d[,.]\d{3} -->")
RECORD = re.compile(r".*\{\".*\}[,;]?\s*$")  # a line with an object of JSON at its end
DIGIT = re.compile("[0-9]")
ENCODED = re.compile(r"(?=.*[A-Za-z%])[\w+/=%.~-]+", re.ASCII)
DENSE = re.compile(r"[{};=]")
BRACES = re.compile(r"[{}=]")

MIN_ENCODED = 60  # characters of a run: encoders break their lines at 64 or 76
MIN_RUN = 200  # of all such runs
MIN_PAIRS = 6  # lines
TRACE_LINES = 0.4
MAX_SENTENCES = 0.1
MOST = 0.8  # of the lines
CODE_LINES = 0.6
CODE_BEGINNINGS = 0.3
MIN_BRACES = 5  # a sentence may quote a line of code
MAX_DENSITY = 0.02  # of code has these characters 3 to 10 %, prose one in ten thousand


# First elements of XML that holds data, drawings or lists, or articles in a vocabulary that is not read.
ROOTS = frozenset(
    (
        "svg", "urlset", "sitemapindex", "opml", "plist", "kml", "gpx", "smil", "nitf", "newsml", "newsmessage", "tei",
        "newsitem", "book", "fictionbook", "document", "root", "data", "articles", "news", "items", "office",
        "stylesheet", "schema", "envelope", "error", "listbucketresult", "project", "manifest", "package",
    )
)  # fmt: skip


class Sign(NamedTuple):
    """A kind of file, and how its text is known."""

    kind: str
    matches: Callable[[str, list[str]], bool]


def find_foreign(start: str, name: str | None, media_type: str | None) -> str | None:
    """Return what kind of file this is, if it is no article; None for what may be one. `start` is its first text."""
    file = PACKED.sub("", (name or "").lower().rpartition("/")[2])
    plain = (media_type or "").partition(";")[0].strip().lower()
    if file in FILES:
        return "a file for programs"
    if known := KINDS.get(file.rpartition(".")[2] if "." in file else "") or MEDIA_TYPES.get(plain):
        return known
    text = start[:LOOKED_AT]
    lines = [line for line in text.splitlines() if line.strip()]
    if len(text) < len(start):
        lines = lines[:-1] or lines  # the last may be cut off
    return next((sign.kind for sign in SIGNS if sign.matches(text, lines)), None)


def _has_mark(text: str, _: list[str]) -> bool:
    return text.startswith(MARKS) or SUBTITLE.match(text) is not None


def _is_address_list(_: str, lines: list[str]) -> bool:
    return len(lines) > 1 and _share(lines, lambda line: PLACE.fullmatch(line.strip()) is not None) >= MOST


def _is_records(_: str, lines: list[str]) -> bool:
    return len(lines) > 1 and _share(lines, lambda line: RECORD.match(line) is not None) >= MOST


def _is_encoded(text: str, _: list[str]) -> bool:
    """Tell whether this is base64 and the like: long runs of ASCII, lines of one length among them, without spaces."""
    words = text.split()
    runs = [word for word in words if len(word) >= MIN_ENCODED and word.isascii() and not ADDRESS.match(word)]
    long = sum(len(run) for run in runs if DIGIT.search(run) and ENCODED.fullmatch(run))
    return long >= MIN_RUN and long > MOST * len(text) and find_shifting(text.encode()) is None


def _is_mail(text: str, _: list[str]) -> bool:
    return MAIL.match(text) is not None


def _is_trace(_: str, lines: list[str]) -> bool:
    return len(lines) > MIN_LINES and _share(lines, lambda line: TRACE.match(line) is not None) >= TRACE_LINES


def _is_drawn_table(_: str, lines: list[str]) -> bool:
    return len(lines) >= MIN_LINES and _share(lines, lambda line: ROW.match(line) is not None) >= MOST


def _is_pairs(_: str, lines: list[str]) -> bool:
    """Tell whether most lines are names with a value, or points of a list, as in YAML, and hardly any is a sentence."""
    if len(lines) < MIN_PAIRS or _share(lines, lambda line: PAIR.match(line) is not None) < MOST:
        return False
    is_named = _share(lines, lambda line: ":" in line) >= CODE_BEGINNINGS
    return is_named and _share(lines, lambda line: PROSE.search(line.rstrip()[-1:]) is not None) < MAX_SENTENCES


def _is_log(_: str, lines: list[str]) -> bool:
    return len(lines) >= MIN_LINES and _share(lines, lambda line: STAMP.match(line) is not None) >= MOST


def _is_settings(_: str, lines: list[str]) -> bool:
    is_setting = _share(lines, lambda line: SETTING.match(line) is not None) >= MOST
    return len(lines) >= MIN_LINES and is_setting and _share(lines, lambda line: "=" in line) >= CODE_LINES


def _is_code(text: str, lines: list[str]) -> bool:
    """Tell whether most lines begin or end as those of programs, or one long line is full of their characters."""
    if len(lines) < MIN_LINES:
        return len(BRACES.findall(text)) > max(MIN_BRACES, MAX_DENSITY * len(text))
    begins = _share(lines, lambda line: CODE_START.match(line) is not None)
    both = _share(lines, lambda line: bool(CODE_START.match(line) or CODE_END.search(line)))
    is_dense = len(DENSE.findall(text)) > MAX_DENSITY * len(text)
    return both >= CODE_LINES and (is_dense or begins >= CODE_BEGINNINGS)


def _is_table(_: str, lines: list[str]) -> bool:
    """Tell whether a head of short names is followed by rows with as many cells."""
    return len(lines) >= MIN_LINES and any(_has_rows(lines, delimiter) for delimiter in "\t,;|")


def _has_rows(lines: list[str], delimiter: str) -> bool:
    head = [cell.strip().strip('"') for cell in lines[0].split(delimiter)]
    if len(head) < 2 or len(set(head)) < len(head) or not all(map(HEAD_CELL.fullmatch, head)):
        return False
    is_sentence = delimiter in ",;" and f"{delimiter} " in lines[0]
    if is_sentence or any(PROSE.search(cell[-1:]) for cell in head):
        return False
    try:
        rows = list(csv.reader(lines[1:200], delimiter=delimiter))
    except csv.Error:
        return False
    # A cell may hold line breaks, of which blank lines are lost here: rows are counted, not lines.
    return len(rows) >= 2 and _share(rows, lambda row: len(row) == len(head)) >= MOST


def _share(values: Sequence[Each], holds: Callable[[Each], bool]) -> float:
    return sum(map(holds, values)) / max(1, len(values))


SIGNS = (
    Sign("data", _has_mark),
    Sign("mail", _is_mail),
    Sign("a list of addresses", _is_address_list),
    Sign("a log", _is_trace),
    Sign("a table", _is_drawn_table),
    Sign("encoded data", _is_encoded),
    Sign("data", _is_records),
    Sign("a log", _is_log),
    Sign("a table", _is_table),
    Sign("code", _is_code),
    Sign("settings", _is_settings),
    Sign("settings", _is_pairs),
)
