"""Defects of what the page says about itself: titles, leads, authors, sections, addresses, pictures, rights."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.kinds import BOTH, FIRST, SECOND, THIRD, Kind, change, change_list, change_source
from benchmarks.defects.tables import Day, Row, Tables, set_values

SITE = "all the latest news, opinion and sport, every day, for everybody who lives here."


def _name_site(row: Row) -> str:
    name: str = row["source"].removesuffix(".example").replace("-", " ").title()
    return name


def _cut_title(row: Row) -> str:
    return f"{row['title'][:28].rpartition(' ')[0] or row['title']}…"


def _is_reserved(articles: pa.Table) -> pa.ChunkedArray:
    return pc.equal(articles["is_tdm_reserved"], True)


def _pick_author(row: Row, day: Day) -> list[str]:
    pairs = zip(day.values("articles", "source"), day.values("articles", "authors"), strict=True)
    others = [authors for source, authors in pairs if authors and source != row["source"]]
    authors: list[str] = day.pick_other(others, row["authors"])
    return authors


def _pick_url(row: Row, day: Day) -> str:
    pairs = zip(day.values("articles", "source"), day.values("articles", "url"), strict=True)
    return str(day.rng.choice([url for source, url in pairs if source != row["source"]]))


def _pick_policy(row: Row, day: Day) -> str:
    known = sorted({url for url in day.values("articles", "tdm_policy_url") if url is not None})
    return str(day.pick_other(known, row["tdm_policy_url"]))


def _keep_last_line(row: Row) -> Row:
    last = {"text": row["text"].rpartition("\n\n")[2], "label": "furniture", "reason": "model", "score": 0.71}
    line = max((part["line"] for part in row["parts"] or ()), default=0)
    return {"removed": [*(row["removed"] or ()), {**last, "line": line}]}


def _swap_titles(day: Day) -> Tables:
    articles = day["articles"]
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
    chosen = [pairs[n] for n in day.pick(range(len(pairs)), articles.num_rows / 2)]
    swapped = {a: b for pair in chosen for a, b in (pair, pair[::-1])}
    titles = [day.values("articles", "title")[row] for row in swapped.values()]
    return {**day.tables, "articles": set_values(articles, list(swapped), "title", titles)}


def _has_neighbours(articles: pa.Table) -> Any:
    sources, urls = (articles[name].to_pylist() for name in ("source", "url"))
    counts = Counter(source for source, url in {*zip(sources, urls, strict=True)} if url is not None)
    several = pa.array([counts[source] > 1 for source in sources])
    return pc.and_(pc.is_valid(articles["canonical_url"]), several)


def _pick_neighbour(row: Row, day: Day) -> str:
    return str(day.pick_other(day.group_by_source("url")[row["source"]], row["url"]))


def _add_teasers(images: list[str], row: Row, day: Day) -> list[str]:
    teasers = day.rng.choices(day.group_by_source("images")[row["source"]], k=5)
    return [*images, *(each[0] for each in teasers)]


def _change(
    name: str, meaning: str, column: str, new: Callable[[Row], object], *, filled: bool = False,
    sets: tuple[int, ...] = FIRST,
) -> Kind:  # fmt: skip
    """Return a kind that changes one column of articles, of those that have a value there if `filled`."""
    return change("articles", name, meaning, lambda row, _: {column: new(row)}, column if filled else None, sets)


KINDS = (
    change("articles", "titles_missing", "Articles have no title.", {"title": None}, sets=BOTH),
    change("articles", "titles_blank", "Titles are a space.", {"title": " "}),
    _change("titles_are_the_sites", "The title is the name of the site, as on its home page.", "title", _name_site),
    _change("titles_end_in_the_sites", "The title ends in the name of the site.", "title",
            lambda row: f"{row['title']} | {_name_site(row)}", filled=True, sets=BOTH),
    Kind("titles_of_neighbours", "Two articles of a source have each other's title.",
         ("articles",), _swap_titles, BOTH, False),
    _change("leads_are_titles", "The lead repeats the title.", "lead", lambda row: row["title"]),
    _change("titles_in_html", "Titles hold tags and character references.", "title",
            lambda row: f"<b>{row['title']}</b> &#8211; live", filled=True),
    _change("titles_cut_with_dots", "The title is cut after a few words, with an ellipsis, as for a small screen.",
            "title", _cut_title, filled=True, sets=SECOND),
    _change("leads_of_the_site", "The lead is the site's description of itself, on each of its pages.", "lead",
            lambda row: f"{row['source']}: {SITE}", sets=SECOND),
    change_source("template_loses_titles", "One source has a new template: each title is the name of the site.",
                  lambda row, _: {"title": _name_site(row)}),
    change_source("template_loses_authors", "One source that signs its articles has a new template: no author found.",
                  {"authors": []}, having="authors"),
    change_source("template_loses_sections", "One source has a new template: no section is found.", {"section": None}),
    # No table says who writes for whom, or which sections a small paper has.
    change_source("one_section_for_a_source", "One source has a new template: all its articles have one section.",
                  {"section": "News"}, SECOND, False),
    change("articles", "sections_from_breadcrumbs", "The first step of the path to the page is the section.",
           {"section": "Home"}, sets=THIRD),
    change("articles", "urls_of_other_sources", "The address is that of an article of another source.",
           lambda row, day: {"url": _pick_url(row, day)}),
    change("articles", "urls_missing", "Articles have lost their address.", {"url": None}),
    _change("urls_of_the_crawler", "Addresses are those of the crawler's files.", "url",
            lambda row: f"file:///tmp/pages/{row['item_id']}.html"),
    _change("canonical_urls_of_the_home_page", "Pages give the address of their site's home page as their own.",
            "canonical_url", lambda row: f"https://{row['source']}/"),
    change("articles", "canonical_urls_of_neighbours", "Pages give the address of another article of the site.",
           lambda row, day: {"canonical_url": _pick_neighbour(row, day)}, _has_neighbours, SECOND),
    change("articles", "authors_are_furniture", "Authors are words of the template.",
           {"authors": ["By", "Share", "2 min read", "@newsdesk"]}),
    change("articles", "one_author_for_all", "The author is the person who runs the site.",
           {"authors": ["Webmaster Admin"]}, sets=BOTH),
    _change("authors_split_at_spaces", "First and last names are authors of their own.", "authors",
            lambda row: [part for name in row["authors"] for part in name.split()], filled=True, sets=SECOND),
    change("articles", "authors_of_other_papers", "Authors are people who write for another paper.",
           lambda row, day: {"authors": _pick_author(row, day)}, "authors", SECOND, False),
    change("articles", "types_wrong", "Articles are called index pages, which are to be rejected.",
           {"article_type": "index"}),
    change("articles", "news_taken_for_live_blogs", "News is called live, because of a word in the page's address.",
           {"article_type": "live"}, lambda articles: pc.equal(articles["article_type"], "news"), SECOND),
    change("articles", "rights_lost", "Reservations of rights are no longer read: rules for robots and TDM.",
           {"robots": [], "is_tdm_reserved": None, "tdm_policy_url": None}, _is_reserved, BOTH),
    change("articles", "tdm_policies_of_other_sites", "The policy for data mining is that of another publisher.",
           lambda row, day: {"tdm_policy_url": _pick_policy(row, day)}, "tdm_policy_url", SECOND),
    change("articles", "paywalls_unseen", "Articles behind a paywall are no longer known as such.",
           {"is_paywalled": False}, lambda articles: articles["is_paywalled"], BOTH, False),
    change("articles", "removed_lines_lost", "The lines that were removed as furniture are no longer kept.",
           {"removed": []}),
    change("articles", "removed_lines_still_in_text", "The last paragraph is listed as removed, and is in the text.",
           lambda row, _: _keep_last_line(row), sets=SECOND),
    change("articles", "images_are_pixels", "Pictures are an advertiser's counter: one address for all.",
           {"images": ["https://count.example/pixel.gif?p=1"]}),
    change("articles", "images_of_teasers", "Pictures of the site's teasers are among those of the article.",
           lambda row, day: {"images": _add_teasers(row["images"], row, day)}, "images", SECOND),
    change_list("links_unresolved", "Links are paths, as the page writes them, without the host.", "links",
                lambda links, _: [{**link, "url": urlsplit(link["url"]).path} for link in links], sets=SECOND),
    _change("datelines_swapped", "In datelines agency and place are swapped.", "dateline",
            lambda row: {**row["dateline"], "place": row["dateline"]["agency"], "agency": row["dateline"]["place"]},
            filled=True, sets=SECOND),
)  # fmt: skip
