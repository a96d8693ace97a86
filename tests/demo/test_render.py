"""The demo hands in what its README says, in forms that ordinary readers can open."""

import gzip
import io
import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator

from demo.articles import read_articles
from demo.render import Parcel, list_parcels
from pipelines.formats import unpack

PARCELS = list_parcels()
ARTICLES = {article.key: article for article in read_articles()}
DAYS = (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))
PAPERS = ("harbour-gazette.example", "alder-dispatch.example", "seeufer-bote.example")
BROKEN = (
    "not-json", "neither-html-nor-text", "only-navigation", "minutes.docx", "empty.txt", "not-an-event", "no-data",
    "empty-text", "front.html", "noise.txt", "future-dt", "archive.jsonl.gz", "oversized.txt",
)  # fmt: skip


def named(ending: str) -> Parcel:
    (parcel,) = [parcel for parcel in PARCELS if parcel.name.endswith(ending)]
    return parcel


def events() -> list[tuple[Parcel, dict[str, Any]]]:
    good = [p for p in PARCELS if p.by == "message" and p.expect != "rejected"]
    return [(parcel, json.loads(parcel.content)) for parcel in good]


def test_the_bytes_are_the_same_every_time() -> None:
    assert list_parcels() == PARCELS


def test_names_are_unique() -> None:
    assert len({parcel.name for parcel in PARCELS}) == len(PARCELS)


def test_event_ids_are_unique_but_for_the_three_sent_again() -> None:
    counts = Counter((event["source"], event["id"]) for _, event in events())
    assert sorted(counts.values())[-4:] == [1, 2, 2, 2]


def test_an_event_sent_again_is_the_same_to_the_byte() -> None:
    first, again = named("2026-03-03-lunch-debt.json"), named("2026-03-03-lunch-debt.resent.json")
    assert first.content == again.content


def test_a_page_fetched_again_has_the_same_address_and_another_event() -> None:
    names = ("2026-03-03-cyclone-ondine.json", "2026-03-03-cyclone-ondine.refetched.json")
    first, again = (json.loads(named(name).content) for name in names)
    assert first["data"]["url"] == again["data"]["url"]
    assert first["id"] != again["id"]


def test_a_duplicate_comes_after_what_it_repeats() -> None:
    urls: set[str] = set()
    for parcel, event in events():
        assert (event["data"]["url"] in urls) or parcel.expect != "duplicate"
        urls.add(event["data"]["url"])


def test_at_least_66_different_texts_are_published() -> None:
    published = sum(parcel.items - parcel.rejected for parcel in PARCELS if parcel.expect == "published")
    assert published == len(ARTICLES)
    assert len({article.text for article in ARTICLES.values()}) >= 66


def test_two_thirds_of_the_articles_are_messages() -> None:
    share = sum(article.form == "message" for article in ARTICLES.values()) / len(ARTICLES)
    assert 0.6 < share < 0.7


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_publishes_seven_articles_or_more_a_day(day: date, paper: str) -> None:
    theirs = [p for p in PARCELS if (p.day, p.source, p.expect) == (day, paper, "published")]
    assert sum(parcel.items - parcel.rejected for parcel in theirs) >= 7


@pytest.mark.parametrize("day", DAYS)
def test_every_day_has_duplicates_and_rejected_ones(day: date) -> None:
    assert {p.expect for p in PARCELS if p.day == day} == {"published", "duplicate", "rejected"}


@pytest.mark.parametrize("kind", BROKEN)
def test_every_broken_kind_is_there_and_says_what_is_wrong(kind: str) -> None:
    assert (named(kind).expect, named(kind).items) == ("rejected", 1)
    assert named(kind).note


def test_nothing_is_broken_that_is_not_listed() -> None:
    assert sum(parcel.expect == "rejected" for parcel in PARCELS) == len(BROKEN)


@pytest.mark.parametrize("key", ARTICLES)
def test_an_article_has_120_to_350_words(key: str) -> None:
    assert 120 <= len(ARTICLES[key].text.split()) <= 350


def test_a_message_says_its_day_and_its_source() -> None:
    for parcel, event in events():
        assert (event["dt"], event["data"]["source"]) == (str(parcel.day), parcel.source)
        assert event["time"].startswith(event["dt"])


def test_an_article_of_several_versions_keeps_its_address() -> None:
    urls = Counter(article.url for article in ARTICLES.values())
    assert {url: count for url, count in urls.items() if count > 1} == {
        "https://harbour-gazette.example/2026/03/02/ferry-strike": 2,
        "https://harbour-gazette.example/2026/03/03/tidal-barrier": 2,
        "https://harbour-gazette.example/2026/03/03/crab-hardship-fund": 2,
    }


def test_two_texts_are_at_two_addresses() -> None:
    texts = Counter(article.text for article in ARTICLES.values())
    assert sorted(texts.values())[-3:] == [1, 2, 2]


@pytest.mark.parametrize("name", ["2026-03-04-articles.rss", "2026-03-04-articles.atom"])
def test_a_feed_holds_whole_articles(name: str) -> None:
    entries = list(unpack(io.BytesIO(named(name).content), name, None))
    assert len(entries) == named(name).items == 3
    for entry in entries:
        (article,) = [a for a in ARTICLES.values() if a.url == entry.url]
        assert entry.title == article.title
        assert entry.body.count(b"<p>") >= len(article.paragraphs)


def test_the_web_archive_holds_three_pages() -> None:
    records = list(ArchiveIterator(io.BytesIO(named(".warc").content)))
    assert [record.rec_type for record in records] == ["warcinfo", "response", "response", "response"]


def test_the_torn_file_has_three_good_lines_and_a_broken_one() -> None:
    lines = named("torn.jsonl").content.splitlines()
    json.loads(lines[0])
    with pytest.raises(json.JSONDecodeError):
        json.loads(lines[1])
    assert [json.loads(line)["language"] for line in lines[2:]] == ["en", "en"]
    assert (named("torn.jsonl").items, named("torn.jsonl").rejected) == (4, 1)


def test_compressed_files_can_be_unpacked() -> None:
    packed = named("seeufer-bote/2026-03-03-articles.jsonl.gz").content
    assert [json.loads(line)["language"] for line in gzip.decompress(packed).splitlines()] == ["de", "en", "en"]
    assert b"<title>Teenagers build" in zstandard.decompress(named(".html.zst").content)


def test_the_oversized_file_is_11_mb() -> None:
    assert len(named("oversized.txt").content) == 11 * 2**20
