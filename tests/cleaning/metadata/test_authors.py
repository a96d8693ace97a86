"""Bylines in, people out."""

import json
from typing import Any

import pytest
from lxml.html import document_fromstring

from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.metadata.names import split_names

PROSE = (
    "The ferry will cross the bay again from May on, eleven years after the last boat was taken out of service. " * 5
)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Lind and Bo Ek, Reuters", ["Ada Lind", "Bo Ek"]),
        ("Ada Lind, Associated Press", ["Ada Lind"]),
        ("Ada Lind/AFP", ["Ada Lind"]),
        ("efa/dpa", []),
        ("Von Ada Lind, dpa", ["Ada Lind"]),
        ("ANI", []),
        ("Ada Lind with agencies", ["Ada Lind"]),
        ("Ada Lind of The Associated Press", ["Ada Lind"]),
        ("Ada Lind, Staff Writer", ["Ada Lind"]),
        ("Ada Lind - Senior Political Correspondent", ["Ada Lind"]),
        ("Ada Lind Senior Reporter", ["Ada Lind"]),
        ("Staff Writer Ada Lind", ["Ada Lind"]),
        ("Ada Lind, Redakteurin", ["Ada Lind"]),
        ("Анна Линд, корреспондент ТАСС", ["Анна Линд"]),
        ("Por Ana Lindo, corresponsal en París", ["Ana Lindo"]),
        ("Ada Lind, CEO of Ferries", ["Ada Lind"]),
        ("Ada Lind in London", ["Ada Lind"]),
        ("ADA LIND, NEW DELHI", ["ADA LIND"]),
        ("Ada Lind, Oslo", ["Ada Lind"]),
        ("Lind, Ada", ["Ada Lind"]),
        ("Lind, Ada; Ek, Bo", ["Ada Lind", "Bo Ek"]),
        ("Ada Lind, Ph.D.", ["Ada Lind"]),
        ("Bo Ek, Jr.", ["Bo Ek Jr."]),
        ("Bruno (Henrique) Lindo", ["Bruno (Henrique) Lindo"]),
        ("Ada Lind (ali)", ["Ada Lind"]),
        ("Reporting by Ada Lind in Oslo and Bo Ek in Rome; Editing by Cy Dunn", ["Ada Lind", "Bo Ek"]),
        ("Written by Ada Lind Edited by Bo Ek", ["Ada Lind"]),
        ("Text: Ada Lind, Fotos: Bo Ek", ["Ada Lind"]),
        ("By Ada Lind on March 4, 2025 at 9:10pm", ["Ada Lind"]),
        ("Ada Lind ada@paper.example @adalind", ["Ada Lind"]),
        ("View all posts by Ada Lind", ["Ada Lind"]),
        ("Follow", []),
        ("News Desk", []),
        ("The Morning Post", []),
        ("London", []),
        ("记者 王芳 李伟", ["王芳", "李伟"]),
        ("新华社记者王芳", ["王芳"]),
        ("王芳、李伟", ["王芳", "李伟"]),
        ("記者 田中 太郎", ["田中 太郎"]),
        ("김철수 특파원", ["김철수"]),
        ("Marino - Brad Lind", ["Marino - Brad Lind"]),
    ],
)
def test_a_byline_gives_the_people_without_job_agency_place_and_initials(byline: str, names: list[str]) -> None:
    assert list(split_names([byline])) == names


def authors(body: str, head: str = "", author: Any = None) -> tuple[str, ...]:
    article = {"@type": "NewsArticle", "headline": "Ferry is back", "publisher": {"name": "Bay Post"}, "author": author}
    script = f'<script type="application/ld+json">{json.dumps(article)}</script>'
    site = '<meta property="og:site_name" content="The Bay Post">'
    page = f"<html><head>{site}{head}{script}</head><body><h1>Ferry is back</h1>{body}<p>{PROSE}</p></body></html>"
    return read_metadata(document_fromstring(page), None).authors


BYLINE = "<div class='byline'><a href='/staff/ada-lind' class='authors'>Ada Lind</a></div>"


@pytest.mark.parametrize(
    "author", ["Bay Post NEWS", {"@type": "Person", "name": ", The Bay Post & Gazette"}, {"name": "Staff Writer"}, "AP"]
)
def test_the_paper_is_no_author_where_a_byline_names_a_person(author: Any) -> None:
    assert authors(BYLINE, "", author) == ("Ada Lind",)
    assert authors("", "", author) == ()


def test_a_person_may_have_a_site_of_that_name() -> None:
    head = '<meta property="og:site_name" content="Ada Lind"><meta name="author" content="Ada Lind">'
    page = f"<html><head>{head}</head><body><h1>Ferry is back</h1><p>{PROSE}</p></body></html>"
    assert read_metadata(document_fromstring(page), None).authors == ("Ada Lind",)


@pytest.mark.parametrize(
    "box",
    [
        "<div class='author-name'>Ada Lind</div><div class='author-role'>Keeper of Lighthouses</div>",
        "<span>Ada Lind</span><span>Keeper of Lighthouses</span>",
        "<b>Ada Lind</b><button>Follow</button><i>3 hours ago</i>",
        "By <b>Ada Lind</b> <i>Marketing Manager</i>",
    ],
)
def test_what_stands_in_an_element_beside_a_name_is_no_part_of_it(box: str) -> None:
    assert authors(f"<p>{PROSE}</p><p>{PROSE}</p><div class='post-author'>{box}</div>") == ("Ada Lind",)


def test_names_that_are_joined_in_a_byline_are_all_authors() -> None:
    box = "By <a>Ada Lind</a>, <a>Bo Ek</a> and <a>Cy Dunn</a>"
    assert authors(f"<p>{PROSE}</p><p>{PROSE}</p><div class='byline'>{box}</div>") == ("Ada Lind", "Bo Ek", "Cy Dunn")
