"""Defects of what the page says of itself and of its times, second set."""

import random
from datetime import timedelta
from urllib.parse import urlsplit

import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Put,
    Row,
    Tables,
    changed_of,
    changed_some,
    other,
    source_of_about,
    where,
)
from benchmarks.defects.second.common import by_source, having

ZONES = {"+00:00": "GMT", "+01:00": "CET", "+03:00": "MSK"}


def titles_cut_with_dots(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The headline is the one for a small screen: cut behind a few words, with an ellipsis."""
    return having(
        tables, "title", rate, rng, lambda row: {"title": f"{row['title'][:28].rpartition(' ')[0] or row['title']}…"}
    )


def leads_of_the_site(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The lead is what the site says of itself, on each of its pages."""
    said = "all the latest news, opinion and sport, every day, for everybody who lives here."
    return changed_some(tables, "articles", rate, rng, lambda row: {"lead": f"{row['source']}: {said}"})


def authors_split_at_spaces(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """First and last names are authors of their own."""

    def change(row: Row) -> Row:
        return {"authors": [part for name in row["authors"] for part in name.split()]}

    return having(tables, "authors", rate, rng, change)


def authors_of_other_papers(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Authors are people who write for another paper."""
    signed = [row for row in tables["articles"].select(["source", "authors"]).to_pylist() if row["authors"]]

    def change(row: Row) -> Row:
        others = [each["authors"] for each in signed if each["source"] != row["source"]]
        return {"authors": other(rng, others, row["authors"])}

    return having(tables, "authors", rate, rng, change)


def one_section_for_a_source(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source has a new template: all its articles stand in one section."""
    source = source_of_about(tables, rate, rng)
    rows = where(pc.equal(tables["articles"]["source"], source))
    return changed_of(tables, "articles", rows, 1.0, rng, lambda _: {"section": "News"})


def news_taken_for_live_blogs(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """News is called live, for a word in the page's address."""
    news = where(pc.equal(tables["articles"]["article_type"], "news"))
    return changed_of(tables, "articles", news, rate, rng, lambda _: {"article_type": "live"})


def tdm_policies_of_other_sites(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The policy for text and data mining is that of another publisher."""
    known = sorted({url for urls in by_source(tables, "tdm_policy_url").values() for url in urls})

    def change(row: Row) -> Row:
        return {"tdm_policy_url": other(rng, known, row["tdm_policy_url"])}

    return having(tables, "tdm_policy_url", rate, rng, change)


def removed_lines_still_in_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The last paragraph is told to have been removed, and stands in the text."""

    def change(row: Row) -> Row:
        last = {"text": row["text"].rpartition("\n\n")[2], "label": "furniture", "reason": "model", "score": 0.71}
        line = max((part["line"] for part in row["parts"] or ()), default=0)
        return {"removed": [*(row["removed"] or ()), {**last, "line": line}]}

    return changed_some(tables, "articles", rate, rng, change)


def canonical_urls_of_neighbours(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The address that the page gives itself is that of another article of the site: the one before it."""
    urls = by_source(tables, "url")

    def change(row: Row) -> Row:
        return {"canonical_url": other(rng, urls[row["source"]], row["url"])}

    several = [n for n, source in enumerate(tables["articles"]["source"].to_pylist()) if len(set(urls[source])) > 1]
    return having(tables, "canonical_url", rate, rng, change, several)


def links_unresolved(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Links are paths, as the page writes them, without the host that they are of."""

    def change(row: Row) -> Row:
        return {"links": [{**link, "url": urlsplit(link["url"]).path} for link in row["links"]]}

    return having(tables, "links", rate, rng, change)


def images_of_teasers(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The pictures of what else the site has to offer are among those of the article."""
    images = by_source(tables, "images")

    def change(row: Row) -> Row:
        teasers = rng.choices(images[row["source"]], k=5)
        return {"images": [*row["images"], *(each[0] for each in teasers)]}

    return having(tables, "images", rate, rng, change)


def datelines_swapped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """In datelines the agency is taken for the place, and the other way round."""

    def change(row: Row) -> Row:
        told = row["dateline"]
        return {"dateline": {**told, "place": told["agency"], "agency": told["place"]}}

    return having(tables, "dateline", rate, rng, change)


def hours_of_publication_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of the time of publication the day alone is read, and called exact to the second."""
    exact = where(pc.equal(tables["articles"]["published_precision"], "second"))

    def change(row: Row) -> Row:
        return {"published_at": row["published_at"].replace(hour=0, minute=0, second=0, microsecond=0)}

    return changed_of(tables, "articles", exact, rate, rng, change)


def mornings_taken_for_evenings(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Times of publication in the morning are read as those of the evening of the same day."""
    articles = tables["articles"]
    early = pc.and_(
        pc.less(pc.hour(articles["published_at"]), 12), pc.not_equal(articles["published_precision"], "day")
    )
    return changed_of(
        tables,
        "articles",
        where(early),
        rate,
        rng,
        lambda row: {"published_at": row["published_at"] + timedelta(hours=12)},
    )


def zones_as_names(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The zone is a name and no offset."""
    return having(
        tables, "published_zone", rate, rng, lambda row: {"published_zone": ZONES.get(row["published_zone"], "UTC")}
    )


def published_by_the_address(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The page's time of publication is no longer found: it is the day in its address."""

    def change(row: Row) -> Row:
        day = row["received_at"].replace(hour=0, minute=0, second=0, microsecond=0)
        told = {"published_precision": "day", "published_from": "url", "published_zone": None}
        return {"published_at": day, "published_on": day.date(), **told}

    return having(tables, "published_at", rate, rng, change)


TOUCHES: dict[Put, tuple[str, ...]] = dict.fromkeys(
    (
        titles_cut_with_dots,
        leads_of_the_site,
        authors_split_at_spaces,
        authors_of_other_papers,
        one_section_for_a_source,
        news_taken_for_live_blogs,
        tdm_policies_of_other_sites,
        removed_lines_still_in_text,
        canonical_urls_of_neighbours,
        links_unresolved,
        images_of_teasers,
        datelines_swapped,
        hours_of_publication_lost,
        mornings_taken_for_evenings,
        zones_as_names,
        published_by_the_address,
    ),
    ("articles",),
)
# Who writes for whom, and which sections a small paper has, no table says.
INVISIBLE: tuple[Put, ...] = (authors_of_other_papers, one_section_for_a_source)
