"""Defects of what the page says of itself: languages, titles, addresses, authors, rights."""

import random

import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Change,
    Put,
    Row,
    Tables,
    changed,
    changed_of,
    changed_some,
    recounted,
    some,
    some_of,
    source_of_about,
    where,
    with_values,
)


def language_unsure(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The detector guesses: its scores are near a half."""
    articles = tables["articles"]
    rows = some(articles.num_rows, rate, rng)
    return {**tables, "articles": changed(articles, rows, lambda _: {"language_score": rng.uniform(0.3, 0.55)})}


def titles_missing(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles have no title."""
    return _with(tables, rate, rng, "title", None)


def titles_blank(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Titles are empty or a space."""
    return _with(tables, rate, rng, "title", " ")


def titles_are_the_sites(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The title is the name of the site, as its home page has it."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"title": _site(row)})


def titles_end_in_the_sites(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The title ends in the name of the site."""
    titled = where(pc.is_valid(tables["articles"]["title"]))
    return changed_of(tables, "articles", titled, rate, rng, lambda row: {"title": f"{row['title']} | {_site(row)}"})


def titles_of_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The title is another article's of the same source: the teaser beside it was read."""
    return changed_some(tables, "articles", rate, rng, _of_another(tables, rng, "title"))


def leads_are_titles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The lead is the title once more."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"lead": row["title"]})


def titles_in_html(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Titles hold tags and character references."""
    titled = where(pc.is_valid(tables["articles"]["title"]))
    return changed_of(
        tables, "articles", titled, rate, rng, lambda row: {"title": f"<b>{row['title']}</b> &#8211; live"}
    )


def template_loses_dates(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source has a new template: no time of publication is found."""
    names = ("published_at", "published_precision", "published_from", "published_zone", "published_on")
    return _of_source(tables, rate, rng, lambda _: dict.fromkeys((*names, "updated_at", "updated_precision")))


def template_loses_titles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source has a new template: each title is the name of the site."""
    return _of_source(tables, rate, rng, lambda row: {"title": _site(row)})


def template_loses_authors(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source that signs its articles has a new template: no author is found."""
    return _of_source(tables, rate, rng, lambda _: {"authors": []}, "authors")


def template_loses_sections(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source has a new template: no section is found."""
    return _of_source(tables, rate, rng, lambda _: {"section": None})


def urls_of_other_sources(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The address is that of an article of another source."""
    articles = tables["articles"]
    pairs = articles.select(["source", "url"]).to_pylist()

    def change(row: Row) -> Row:
        return {"url": rng.choice([pair["url"] for pair in pairs if pair["source"] != row["source"]])}

    return changed_some(tables, "articles", rate, rng, change)


def urls_missing(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles have lost their address."""
    return _with(tables, rate, rng, "url", None)


def urls_of_the_crawler(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Addresses are those of files of the crawler."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"url": f"file:///tmp/pages/{row['item_id']}.html"})


def canonical_urls_of_the_home_page(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Pages give the address of their site's home page as their own."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"canonical_url": f"https://{row['source']}/"})


def authors_are_furniture(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Authors are words of the template."""
    return _with(tables, rate, rng, "authors", ["By", "Share", "2 min read", "@newsdesk"])


def one_author_for_all(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The author is the person who runs the site."""
    return _with(tables, rate, rng, "authors", ["Webmaster Admin"])


def types_wrong(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are called lists of other pages, which are to be rejected."""
    return _with(tables, rate, rng, "article_type", "index")


def rights_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """What pages reserve is no longer read: robots' rules, text and data mining. Of articles that have some."""
    articles = tables["articles"]
    nothing: Row = {"robots": [], "is_tdm_reserved": None, "tdm_policy_url": None}
    return changed_of(
        tables, "articles", where(pc.equal(articles["is_tdm_reserved"], True)), rate, rng, lambda _: nothing
    )


def paywalls_unseen(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles that are not free to read are no longer known as such."""
    articles = tables["articles"]
    rows = some_of(where(articles["is_paywalled"]), articles.num_rows, rate, rng)
    return {**tables, "articles": with_values(articles, rows, "is_paywalled", [False] * len(rows))}


def removed_lines_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """It is no longer kept which lines were taken for furniture."""
    return _with(tables, rate, rng, "removed", [])


def images_are_pixels(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Pictures are the counter of an advertiser: one address for all."""
    return _with(tables, rate, rng, "images", ["https://count.example/pixel.gif?p=1"])


def sources_unnamed(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The source is a name as people write it, which no source may be."""
    return recounted(
        changed_some(tables, "articles", rate, rng, lambda row: {"source": f"The {row['source'].title()}"})
    )


def _with(tables: Tables, rate: float, rng: random.Random, name: str, value: object) -> Tables:
    rows = some(tables["articles"].num_rows, rate, rng)
    return {**tables, "articles": with_values(tables["articles"], rows, name, [value] * len(rows))}


def _of_source(tables: Tables, rate: float, rng: random.Random, change: Change, having: str | None = None) -> Tables:
    """A change of all articles of one source; `having` is a column of lists, of sources where some are not empty."""
    articles = tables["articles"]
    if having is not None:
        signed = articles.filter(pc.greater(pc.list_value_length(articles[having]), 0))
        source = source_of_about({"articles": signed}, rate, rng)
    else:
        source = source_of_about(tables, rate, rng)
    return {**tables, "articles": changed(articles, where(pc.equal(articles["source"], source)), change)}


def _of_another(tables: Tables, rng: random.Random, name: str) -> Change:
    pairs = tables["articles"].select(["source", name]).to_pylist()

    def change(row: Row) -> Row:
        others = [
            pair[name] for pair in pairs if pair["source"] == row["source"] and pair[name] not in (None, row[name])
        ]
        return {name: rng.choice(others or [row[name]])}

    return change


def _site(row: Row) -> str:
    name: str = row["source"].removesuffix(".example").replace("-", " ").title()
    return name


TOUCHES: dict[Put, tuple[str, ...]] = {
    sources_unnamed: ("articles", "coverage"),
    **dict.fromkeys(
        (
            language_unsure,
            titles_missing,
            titles_blank,
            titles_are_the_sites,
            titles_end_in_the_sites,
            titles_of_others,
            leads_are_titles,
            titles_in_html,
            template_loses_dates,
            template_loses_titles,
            template_loses_authors,
            template_loses_sections,
            urls_of_other_sources,
            urls_missing,
            urls_of_the_crawler,
            canonical_urls_of_the_home_page,
            authors_are_furniture,
            one_author_for_all,
            types_wrong,
            rights_lost,
            paywalls_unseen,
            removed_lines_lost,
            images_are_pixels,
        ),
        ("articles",),
    ),
}
INVISIBLE: tuple[Put, ...] = (paywalls_unseen,)
