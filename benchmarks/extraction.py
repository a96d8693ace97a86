"""Quality and speed of cleaning one HTML page, beside trafilatura as it comes.

Run `python benchmarks/extraction.py`; the sets are read from `../shared/data/extraction`. Of wcxb_dev only pages
with an even id are opened: the odd ones are nobody's to tune on.
"""

import argparse
import base64
import json
import logging
import lzma
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from pipelines.cleaning import clean_html

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "extraction"
SETS = {
    "wcxb_dev": "wcxb_dev_article.jsonl.xz",
    "fundus_eval": "fundus_eval.jsonl.xz",
    "daniel_dev": "daniel_dev.jsonl.xz",
}

# Chinese and Japanese have no spaces: each ideograph or kana is a token of its own.
TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
WCXB_ID = re.compile(r'\{"id": "(\d+)"')
SHINGLE = 4

Extract = Callable[[bytes, str | None, str | None], str]  # body, charset, url → text


@dataclass(frozen=True, slots=True)
class Page:
    """One page with what a person marked in it; None where the set does not say."""

    body: bytes
    url: str | None
    text: str
    title: str | None = None
    author: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Averages over pages: shingle precision and recall (0-1), word F1, and pages per CPU-second."""

    precision: float
    recall: float
    word_f1: float
    rate: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the averaged precision and recall."""
        return f1(self.precision, self.recall)


def load(name: str, limit: int | None = None) -> list[Page]:
    """The first `limit` pages of a set (all by default)."""
    with lzma.open(DATA / SETS[name], "rt", encoding="utf-8") as lines:
        pages = (_page(name, json.loads(line)) for line in lines if _may_open(name, line))
        return [page for page, _ in zip(pages, range(limit or 1_000_000), strict=False)]


def _may_open(name: str, line: str) -> bool:
    """False for the odd half of wcxb_dev, told by the line's first characters without reading the record."""
    if name != "wcxb_dev":
        return True
    found = WCXB_ID.match(line)
    return found is not None and int(found[1]) % 2 == 0


def _page(name: str, row: dict) -> Page:  # type: ignore[type-arg]
    if name == "daniel_dev":
        return Page(base64.b64decode(row["html_b64"]), None, "\n".join(row["gold"]))
    body = row["html"].encode("utf-8", "replace")
    if name == "fundus_eval":
        return Page(body, row["url"], "\n".join(row["gold"]["body"]))
    gold = row["gold"]
    return Page(body, row["url"], gold["main_content"], gold["title"], gold["author"], gold["publish_date"])


def f1(precision: float, recall: float) -> float:
    """Harmonic mean; 0 when both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def overlap(found: str, gold: str, width: int) -> tuple[float, float]:
    """Precision and recall of `found` against `gold` over shingles of `width` tokens, counted with repeats."""
    ours, theirs = _shingles(found, width), _shingles(gold, width)
    common = (ours & theirs).total()
    return common / max(ours.total(), 1), common / max(theirs.total(), 1)


def _shingles(text: str, width: int) -> Counter[tuple[str, ...]]:
    tokens = TOKEN.findall(unicodedata.normalize("NFC", text))
    if len(tokens) < width:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(zip(*(tokens[i:] for i in range(width)), strict=False))


def measure(pages: list[Page], extract: Extract) -> Score:
    """Scores of one extractor; only its own CPU time counts towards the rate."""
    spent, rows = 0.0, []
    for page in pages:
        began = time.process_time()
        text = extract(page.body, None, page.url)
        spent += time.process_time() - began
        rows.append((*overlap(text, page.text, SHINGLE), f1(*overlap(text, page.text, 1))))
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return Score(means[0], means[1], means[2], len(pages) / spent)


def ours(body: bytes, charset: str | None, url: str | None) -> str:
    """Our text; empty where the page is no article."""
    return clean_html(body, charset, url).text or ""


def theirs(
    fast: bool = False, precision: bool = False, recall: bool = False, tables: bool = True
) -> Callable[[bytes, str | None, str | None], str]:
    """trafilatura alone in one of its modes, text only, from bytes."""

    def extract(body: bytes, _: str | None, url: str | None) -> str:
        text = trafilatura.extract(
            body,
            url=url,
            fast=fast,
            favor_precision=precision,
            favor_recall=recall,
            include_tables=tables,
            include_comments=False,
        )
        return text or ""

    return extract


MODES = {
    "copydesk": ours,
    "default": theirs(),
    "precision": theirs(precision=True),
    "precision, no tables": theirs(precision=True, tables=False),
    "recall": theirs(recall=True),
    "fast": theirs(fast=True),
}


def same(found: str, gold: str) -> bool:
    """True where both say the same, but for case, spaces and punctuation."""
    return _letters(found) == _letters(gold)


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", text).casefold()))


def metadata(pages: list[Page]) -> Iterator[tuple[str, int, float, float]]:
    """Field, pages whose gold has it, share found at all, share right."""
    cleaned = [clean_html(page.body, None, page.url) for page in pages]
    both = list(zip(cleaned, pages, strict=True))
    titles = [(c.title or "", same(c.title or "", p.title)) for c, p in both if p.title]
    dates = [(c.published_at, str(c.published_at)[:10] == p.date[:10]) for c, p in both if p.date]
    authors = [(c.authors, any(_letters(a) in _letters(p.author) for a in c.authors)) for c, p in both if p.author]
    yield _shares("title", titles)
    yield _shares("date", dates)
    yield _shares("author", authors)


def _shares(field: str, rows: Sequence[tuple[object, bool]]) -> tuple[str, int, float, float]:
    pages = max(len(rows), 1)
    return field, len(rows), sum(1 for found, _ in rows if found) / pages, sum(right for _, right in rows) / pages


def main() -> None:
    """Print one line a set and mode, then the metadata of the even half of wcxb_dev."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--modes", nargs="+", choices=MODES, default=["copydesk", "default", "precision"])
    parser.add_argument("--limit", type=int, help="pages of each set")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    clean_html(b"<p>" + b"warm up, the language model is read once " * 9)
    print(f"{'set':12} {'mode':22} {'pages':>5} {'prec':>6} {'recall':>6} {'F1':>6} {'wordF1':>6} {'pages/s':>7}")
    for name in arguments.sets:
        pages = load(name, arguments.limit)
        for mode in arguments.modes:
            s = measure(pages, MODES[mode])
            figures = f"{s.precision:6.3f} {s.recall:6.3f} {s.f1:6.3f} {s.word_f1:6.3f} {s.rate:7.1f}"
            print(f"{name:12} {mode:22} {len(pages):5} {figures}", flush=True)
    for field, marked, found, right in metadata(load("wcxb_dev", arguments.limit)):
        print(f"wcxb_dev {field:8} marked on {marked:3} pages: found {found:.3f}, right {right:.3f}")


if __name__ == "__main__":
    main()
