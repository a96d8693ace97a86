"""The page of an attempt: what it says, and that nothing from outside is anything but text on it."""

import re
from html.parser import HTMLParser
from typing import Any

import pyarrow as pa
import pytest

from pipelines.reports.pages.layout import POLICY, STYLE
from pipelines.reports.pages.release import LiveRelease, collect_report, render_release_page
from pipelines.tables.articles import ARTICLES
from pipelines.tables.checks import CHECKS
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.rejected import REJECTED

OURS, BEFORE = "a" * 32, "b" * 32
PLAN: dict[str, Any] = {
    "dt": "2026-03-02",
    "release_id": OURS,
    "serial": 3,
    "is_open": False,
    "versions": {"clean": "c1", "suites": "s1"},
    "deliveries": {"d1": "x", "d2": "y"},
    "batches": {"b1": ["d1", "d2"]},
    "profiles": {"b1": {"paper.example": "p7"}},
}
LIVE = LiveRelease(BEFORE, {"articles": 7})
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>{{ 7*7 }}{% raw %}",
    "</style><link rel=stylesheet href=https://evil.example/x.css>",
    "javascript:alert(4)",
    "invoice \u202efdp.exe\u2066",
    "x" * 1_000_000,
    "\x00\x1b[31m\ufeff",
)


def check(**changed: Any) -> dict[str, Any]:
    return {
        "suite": "articles", "check_index": 0, "expectation": "expect_x", "column_name": "title",
        "severity": "warning", "is_success": False, "row_count": 10, "unexpected_count": 3, "observed": None,
        "error": None, "meaning": "articles have headlines", **changed,
    }  # fmt: skip


def coverage(source: str = "paper.example", **changed: Any) -> dict[str, Any]:
    completeness = [{"enricher": "topics", "done_count": 6, "skipped_count": 1, "failed_count": 1}]
    return {
        "source": source, "language": "en", "received_count": 10, "published_count": 8, "duplicate_count": 1,
        "rejected_count": 1, "completeness": completeness, "enrichment_failed_count": 1, "verdict": "closed", **changed,
    }  # fmt: skip


def rejected(**changed: Any) -> dict[str, Any]:
    return {
        "item_id": "r1", "source": "paper.example", "url": "https://paper.example/1", "language": "en",
        "stage": "clean", "reason": "no_text", "detail": "nothing left", "excerpt": "Accept cookies", **changed,
    }  # fmt: skip


def page(
    checks: list[dict[str, Any]],
    rejects: tuple[dict[str, Any], ...] = (),
    articles: tuple[dict[str, Any], ...] = (),
    covered: tuple[dict[str, Any], ...] = (coverage(),),
    previous: str | None = None,
    **given: pa.Table,
) -> str:
    tables = {
        "articles": pa.Table.from_pylist(list(articles), ARTICLES.schema),
        "duplicates": DUPLICATES.empty(),
        "rejected": with_more(REJECTED.schema, rejects),
        "coverage": pa.Table.from_pylist(list(covered), COVERAGE.schema),
        **given,
    }
    said = collect_report(PLAN, LIVE, with_more(CHECKS.schema, checks), tables)
    return render_release_page(said, previous, None)


def with_more(schema: pa.Schema, rows: Any) -> pa.Table:
    """Rows that may have columns which the contract has not got yet."""
    more = {name: value for row in rows for name, value in row.items() if name not in schema.names}
    fields = [pa.field(name, pa.array([value]).type) for name, value in more.items()]
    return pa.Table.from_pylist(list(rows), pa.schema([*schema, *fields]))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.text += " " if tag in ("td", "th") else ""
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def test_a_stop_is_said_first_with_what_stays_live() -> None:
    words = Tags(page([check(severity="critical"), check(check_index=1)])).words
    assert "Stopped. 1 critical check failed, so nothing was published." in words
    assert f"Release {BEFORE} stays live." in words
    assert words.index("critical · articles, check 0") < words.index("warning · articles, check 1")


def test_an_attempt_without_critical_failures_has_passed() -> None:
    words = Tags(page([check(), check(is_success=True, check_index=1)])).words
    assert "Passed. No critical check failed" in words
    assert "1 of 2 checks failed: 0 critical, 1 with severity warning, 0 with severity info." in words


def test_a_failed_check_says_what_it_is_for_and_what_it_saw() -> None:
    words = Tags(page([check(observed="[1, 2]", error="no column title")])).words
    assert "expect_x on title" in words
    assert "articles have headlines" in words
    assert "3 of 10 rows break it. Observed: [1, 2] . It could" in words.replace("]. It", "] . It")
    assert "no column title" in words


def test_the_failing_rows_are_shown_with_what_they_are() -> None:
    article = {"item_id": "i1", "source": "paper.example", "title": "Of bridges", "lead": "The bridge was shut"}
    words = Tags(page([check(failing_ids=["i1", "gone"])], articles=(article,))).words
    assert "i1 source paper.example title Of bridges lead The bridge was shut" in words
    assert "gone" in words


def test_a_row_with_a_key_of_several_columns_is_shown_with_its_article() -> None:
    article = {"item_id": "i1", "title": "Of bridges"}
    words = Tags(page([check(suite="entities", failing_ids=["i1/4"])], articles=(article,))).words
    assert "i1/4 title Of bridges" in words


def test_rows_that_a_check_set_aside_are_shown_although_it_was_met_then() -> None:
    aside = check(is_success=True, unexpected_count=0, set_aside_count=2, failing_ids=["r1"])
    words = Tags(page([aside], (rejected(),))).words
    assert (
        "Rows set aside by checks 2 · articles, check 0: expect_x on title articles have headlines r1 source" in words
    )


def test_how_many_rows_checks_set_aside_is_said_before_all_else() -> None:
    told = "Checks set aside 3 rows"
    words = Tags(page([], (*(rejected(item_id=f"r{n}", stage="validate") for n in range(3)), rejected()))).words
    assert words.index(told) < words.index("Checks that failed")
    assert "set aside" not in Tags(page([], (rejected(),))).words.partition("Checks that failed")[0]


def test_a_page_of_older_code_can_be_made_again() -> None:
    said = collect_report(PLAN, LIVE, CHECKS.empty(), {"rejected": REJECTED.empty(), "coverage": COVERAGE.empty()})
    del said["set_aside_count"]
    assert "Passed." in Tags(render_release_page(said, None, "c" * 32)).words


def test_an_item_that_the_ledger_names_is_looked_for_in_every_table() -> None:
    row = check(suite="ledger", failing_ids=["r1"])
    assert "r1 source paper.example language en reason no_text" in Tags(page([row], (rejected(),))).words


def test_rejects_are_grouped_by_reason_with_samples() -> None:
    rejects = (*(rejected(item_id=f"r{n}") for n in range(5)), rejected(item_id="q", reason="failed"))
    words = Tags(page([], rejects)).words
    assert "Rejected: 6" in words
    assert words.index("5 · no_text") < words.index("1 · failed")
    assert "excerpt Accept cookies" in words
    assert "r2" in words
    assert "r3" not in words


def test_rejects_are_grouped_by_rule_too_and_name_fingerprints_where_there_are_any() -> None:
    rejects = (
        rejected(rule="title:pattern", fingerprint="f1", reason="row_rule"),
        rejected(rule="text:null", fingerprint="f2", reason="row_rule", item_id="r2"),
    )
    words = Tags(page([], rejects)).words
    assert "1 · row_rule · title:pattern" in words
    assert "1 of 1 fingerprints, most frequent first: f2" in words


def test_measures_are_shown_by_how_far_they_moved() -> None:
    measures = pa.table(
        {
            "measure": ["tone", "length"], "source": ["a", "b"], "value": [0.1, 900.0], "expected": [0.1, 100.0],
            "deviation": [0.0, -8.0],
        }
    )  # fmt: skip
    words = Tags(page([], measures=measures)).words
    assert words.index("length b 900 100 -8") < words.index("tone a 0.1 0.1 0")


def test_sources_beyond_the_bound_are_in_one_row_and_nothing_is_lost() -> None:
    words = Tags(page([], covered=tuple(coverage(f"s{n:03}") for n in range(60)))).words
    assert "10 more sources are summed up in the last row" in words
    assert "(all others) 100 80 10 10 10.0%" in words


def test_the_plan_and_the_completeness_are_there() -> None:
    words = Tags(page([])).words
    assert "2 deliveries in 1 batch." in words
    assert "suites s1" in words
    assert "paper.example p7" in words
    assert "topics 6 1 1 75.0%" in words


def test_the_other_attempts_of_the_day_are_linked() -> None:
    said = page([], previous="c" * 32)
    assert f"../{'c' * 32}/report.html" in Tags(said).links
    assert "last attempt of the day" in said


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text_wherever_it_stands(text: str) -> None:
    stops = check(suite="ledger", severity="critical", failing_ids=["i1"])
    ours = Tags(page([check(failing_ids=["i1"]), stops], (rejected(),), ({"item_id": "i1"},)))
    article = dict.fromkeys(("source", "url", "title", "lead", "language"), text)
    html = page(
        [
            check(observed=text, error=text, meaning=text, failing_ids=["i1", text]),
            check(suite="ledger", severity="critical", failing_ids=[text]),
        ],
        (rejected(source=text, url=text, detail=text, excerpt=text, rule=text, fingerprint=text, language=text),),
        ({"item_id": "i1", **article},),
        (coverage(text, language=text),),
    )
    found = Tags(html)
    assert found.tags <= ours.tags
    assert found.attributes <= ours.attributes
    assert all(link.startswith("../") or link == "#main" for link in found.links)
    assert len(html) < 100_000
    assert not set("\u202e\u2066\x00\x1b\ufeff") & set(html)


def test_a_page_of_everything_at_its_bounds_stays_small() -> None:
    text = "<&\u202e" * 1000
    checks = [check(check_index=n, observed=text, failing_ids=[f"i{n}" for n in range(20)]) for n in range(500)]
    articles = tuple({"item_id": f"i{n}", "title": text, "lead": text, "url": text} for n in range(20))
    rejects = tuple(rejected(item_id=str(n), rule=f"{n}", detail=text, excerpt=text) for n in range(200))
    html = page(checks, rejects, articles, tuple(coverage(f"s{n}") for n in range(500)))
    assert len(html.encode()) < 3_000_000
    assert "400 more failed checks are in" in html


def test_the_page_asks_for_nothing_and_its_policy_allows_nothing_but_its_own_style() -> None:
    html = page([check()])
    assert "script" not in Tags(html).tags
    assert not re.findall(r"https?://|url\(|@import", html.replace("https://paper.example", ""))
    assert f"<style>{STYLE}</style>" in html
    assert POLICY.startswith("default-src 'none'; style-src 'sha256-")
    assert "style" not in Tags(html).attributes
