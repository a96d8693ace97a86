"""Real pages with what people marked in them, from `../shared/data`, and which of them nobody tunes on.

Held out are whole sources, not pages: every fourth source of a language in daniel_dev, every fourth publisher of
fundus_eval, and the odd ids of wcxb_dev, which has about one page a site. Only a final run opens them.
"""

import base64
import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA, ENRICHMENT = SHARED / "extraction", SHARED / "enrichment"
SETS = {
    "wcxb_dev": "wcxb_dev_article.jsonl.xz",
    "fundus_eval": "fundus_eval.jsonl.xz",
    "daniel_dev": "daniel_dev.jsonl.xz",
}
MORE = ("wcxb_more_article", "fundus_publishers", "news424", "postlight_fields", "wcxb_other_types")  # dev alone
PARTS = ("dev", "held_out")
_WCXB_ID = re.compile(r'\{"id": "(\d+)"')
_LANGUAGES = {"Chinese": "zh", "English": "en", "Greek": "el", "Polish": "pl", "Russian": "ru"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page with what a person marked in it; None where the set does not say."""

    id: str
    source: str
    body: bytes
    url: str | None
    text: str
    language: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None


def load(name: str, part: str = "dev") -> list[Page]:
    """Return the pages of one part of a set, in the set's order."""
    if part not in PARTS:
        raise ValueError(f"{part} is none of {', '.join(PARTS)}")
    if name in MORE:
        return [_page(name, json.loads(line)) for line in _lines(name)] if part == "dev" else []
    if name == "wcxb_dev":
        return [_page(name, json.loads(line)) for line in _lines(name) if _is_odd(line) == (part == "held_out")]
    pages = [_page(name, json.loads(line)) for line in _lines(name)]
    held_out = held_out_sources({(page.language or "", page.source) for page in pages})
    return [page for page in pages if (page.source in held_out) == (part == "held_out")]


def held_out_sources(sources: set[tuple[str, str]]) -> set[str]:
    """Return of (language, source) pairs every fourth source of each language, counted from the second by name."""
    by_language: dict[str, list[str]] = {}
    for language, source in sorted(sources):
        by_language.setdefault(language, []).append(source)
    return {source for names in by_language.values() for source in names[1::4]}


def by_source(pages: list[Page]) -> dict[str, list[Page]]:
    """Group pages by their source, sources by name."""
    grouped: dict[str, list[Page]] = {}
    for page in pages:
        grouped.setdefault(page.source, []).append(page)
    return dict(sorted(grouped.items()))


def _lines(name: str) -> Iterator[str]:
    path = DATA / SETS[name] if name in SETS else SHARED / "extraction_more" / f"{name}.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from lines


def _is_odd(line: str) -> bool:
    """Return whether a line of wcxb_dev is of the closed half, by its first characters: the record is not read."""
    found = _WCXB_ID.match(line)
    return found is None or int(found[1]) % 2 == 1


def _page(name: str, row: dict[str, Any]) -> Page:
    gold = row["gold"]
    body = base64.b64decode(row["html_b64"]) if "html_b64" in row else row["html"].encode("utf-8", "replace")
    if name == "daniel_dev":
        language = _LANGUAGES[row["language"]]
        return Page(row["id"], f"{language}.{row['source']}", body, None, "\n".join(gold), language)
    host = urlsplit(row["url"]).hostname or ""
    if name == "fundus_eval":
        return Page(row["id"], host, body, row["url"], "\n".join(gold["body"]), "en")
    authors = gold.get("author") or gold.get("authors")
    author = "; ".join(authors) if isinstance(authors, list) else authors
    day = (gold.get("publish_date") or gold.get("date") or gold.get("date_published") or "")[:10] or None
    return Page(row["id"], host, body, row["url"], gold.get("main_content", ""), None, gold.get("title"), author, day)
