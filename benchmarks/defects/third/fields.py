"""Defects of what a page says of its article: headline, authors, section, language, rights, times."""

import random
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Put,
    Row,
    Tables,
    changed,
    changed_of,
    changed_some,
    left,
    of_items,
    recounted,
    some_of,
    where,
    with_values,
)

ACCOUNTS = ("admin", "webmaster", "editor2")
NOT_DONE = "skipped: language"


def titles_missing_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The headline was not found."""
    rows = where(pc.is_valid(tables["articles"]["title"]))
    return changed_of(tables, "articles", rows, rate, rng, lambda _: {"title": None})


def titles_with_site(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The headline ends with the name of the site."""

    def change(row: Row) -> Row:
        site = row["source"].partition(".")[0].replace("-", " ").title()
        return {"title": f"{row['title']} | {site}"}

    return changed_of(tables, "articles", where(pc.is_valid(tables["articles"]["title"])), rate, rng, change)


def titles_of_neighbours(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Two articles of a source have each other's headline."""
    articles = tables["articles"]
    last: dict[tuple[str, str], tuple[int, str]] = {}
    pairs = []
    columns = zip(*(articles[name].to_pylist() for name in ("source", "language", "title")), strict=True)
    for row, (source, language, title) in enumerate(columns):
        if title is None:
            continue
        before = last.pop((source, language), None)
        if before is None or before[1] == title:
            last[source, language] = (row, title)
        else:
            pairs.append((before[0], row))
    chosen = [pairs[n] for n in some_of(range(len(pairs)), articles.num_rows, rate / 2, rng)]
    swapped = {a: b for pair in chosen for a, b in (pair, pair[::-1])}
    titles = articles["title"].take(pa.array(list(swapped.values()), pa.int64())).to_pylist()
    return {**tables, "articles": with_values(articles, list(swapped), "title", titles)}


def authors_are_accounts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The account that put the page online is taken for the author."""
    return changed_some(tables, "articles", rate, rng, lambda _: {"authors": [rng.choice(ACCOUNTS)]})


def sections_from_breadcrumbs(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The first step of the path to the page is taken for the section."""
    return changed_some(tables, "articles", rate, rng, lambda _: {"section": "Home"})


def english_taken_for_dutch(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """English articles are taken for Dutch ones, and what is done for English is skipped."""
    articles = tables["articles"]
    rows = some_of(where(pc.equal(articles["language"], "en")), articles.num_rows, rate, rng)

    def change(row: Row) -> Row:
        skipped = dict.fromkeys(
            (f"{name}_status" for name in ("readability", "topics", "tone", "entities", "places")), NOT_DONE
        )
        lost = dict.fromkeys(("readability_score", "readability_formula", "topics", "tone", "tone_parts"))
        return {"language": "nl", "language_score": round(row["language_score"] * 0.8, 4), **skipped, **lost}

    items = articles["item_id"].take(pa.array(rows, pa.int64())).to_pylist()
    unnamed = of_items(tables["quotes"], items)
    found = {
        **tables,
        "articles": changed(articles, rows, change),
        "entities": left(tables["entities"], of_items(tables["entities"], items)),
        "quotes": changed(tables["quotes"], unnamed, lambda _: {"speaker_name": None, "entity_index": None}),
    }
    return recounted(found)


def paywalls_overlooked(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles that are not free to read are said to be."""
    rows = where(tables["articles"]["is_paywalled"])
    return changed_of(tables, "articles", rows, rate, rng, lambda _: {"is_paywalled": False})


def reservations_overlooked(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A reservation of rights is not seen: neither in TDMRep nor in the rules for robots."""
    rows = where(tables["articles"]["is_tdm_reserved"])
    gone: Row = {"is_tdm_reserved": None, "tdm_policy_url": None, "robots": []}
    return changed_of(tables, "articles", rows, rate, rng, lambda _: dict(gone))


def published_unknown(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The time of publication was not found."""
    names = ("published_at", "published_precision", "published_from", "published_zone", "published_on")

    def change(row: Row) -> Row:
        return {**dict.fromkeys(names), "found_in": [f for f in row["found_in"] if f["field"] != "published_at"]}

    return changed_of(tables, "articles", _dated(tables), rate, rng, change)


def offsets_added_to_times(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The offset from UTC is added to the local time instead of taken from it."""
    articles = tables["articles"]
    is_away = pc.not_equal(articles["published_zone"], "+00:00")
    rows = where(pc.and_(is_away, pc.not_equal(articles["published_precision"], "day")))

    def change(row: Row) -> Row:
        hours, minutes = (int(n) for n in row["published_zone"][1:].split(":"))
        by = 2 * timedelta(hours=hours, minutes=minutes) * (-1 if row["published_zone"][0] == "-" else 1)
        at = row["published_at"] + by
        return {
            "published_at": at,
            "published_on": at.date(),
            "updated_at": row["updated_at"] and row["updated_at"] + by,
        }

    return changed_of(tables, "articles", rows, rate, rng, change)


def published_a_year_ago(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The year of publication is last year's: the site writes none, and it was guessed wrong."""

    def change(row: Row) -> Row:
        at = row["published_at"] - timedelta(days=365)
        return {"published_at": at, "published_on": at.date()}

    return changed_of(tables, "articles", _dated(tables), rate, rng, change)


def changed_before_published(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles were last changed before they were published."""
    rows = where(
        pc.and_(pc.is_valid(tables["articles"]["published_at"]), pc.is_valid(tables["articles"]["updated_at"]))
    )

    def change(row: Row) -> Row:
        return {"updated_at": row["published_at"] - timedelta(minutes=rng.randint(20, 3_000))}

    return changed_of(tables, "articles", rows, rate, rng, change)


def published_on_another_day_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The day of publication is not that of the time of publication, but the next: a local day, not that of UTC."""

    def change(row: Row) -> Row:
        return {"published_on": row["published_on"] + timedelta(days=1)}

    return changed_of(tables, "articles", _dated(tables), rate, rng, change)


def _dated(tables: Tables) -> list[int]:
    return where(pc.is_valid(tables["articles"]["published_at"]))


TOUCHES: dict[Put, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            titles_missing_again, titles_with_site, titles_of_neighbours, authors_are_accounts,
            sections_from_breadcrumbs, paywalls_overlooked, reservations_overlooked, published_unknown,
            offsets_added_to_times, published_a_year_ago, changed_before_published, published_on_another_day_again,
        ),
        ("articles",),
    ),
    english_taken_for_dutch: ("articles", "entities", "quotes", "coverage"),
}  # fmt: skip
INVISIBLE = (titles_of_neighbours, paywalls_overlooked)
