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
        ("By Ada Lind Follow", ["Ada Lind"]),
        ("By Ada Lind View all posts", ["Ada Lind"]),
        ("Sponsored Content", []),
        ("Von unserem Korrespondenten Bo Ek", ["Bo Ek"]),
        ("Aus Berlin berichtet Ada Lind", ["Ada Lind"]),
        ("Ein Kommentar von Ada Lind", ["Ada Lind"]),
        ("Par Ada Lind avec AFP", ["Ada Lind"]),
        ("Par Le Figaro avec AFP", []),
        ("Текст: Ада Линд", ["Ада Линд"]),
        ("文・山田花子", ["山田花子"]),
        ("【山田花子】", ["山田花子"]),
        ("كتبت جميلة مور", ["جميلة مور"]),
        ("김민수·이영희 기자", ["김민수", "이영희"]),
        ("Ada Lind / Lindham", ["Ada Lind"]),
        ("एजेंसी", []),
        ("post.example", []),
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
        ("Ada Lind on behalf of the Harbour Board", ["Ada Lind"]),
        ("Ada Lind, Master Baker & Food Editor", ["Ada Lind"]),
        ("Ada Lind, Bo Ek & Staff", ["Ada Lind", "Bo Ek"]),
        ("AFP /", []),
        ("王芳 發表在", ["王芳"]),
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


def test_a_paper_that_is_set_off_from_a_name_does_not_hide_it() -> None:
    head = '<meta property="og:site_name" content="Lind Gazette"><meta name="author" content="Ada Lind | Lind Gazette">'
    page = f"<html><head>{head}</head><body><h1>Ferry is back</h1><p>{PROSE}</p></body></html>"
    assert read_metadata(document_fromstring(page), None).authors == ("Ada Lind",)


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


OTHERS = [
    "<div class='commonAuthorizationInfo'><a href='/in'>Sign In Here</a></div>",
    "<div class='pull-quote'><span class='author'>Cy Dunn</span></div>",
    "<ul><li class='author-follow'><a href='/dunn'>Cy Dunn</a></li></ul>",
    "<template><div class='author-box'>Terms Of Use</div></template>",
    "<div class='navbar'><a href='/author/cy-dunn'>Cy Dunn</a></div>",
    "<div class='byline'><a href='/tag/harbours'>Harbours</a></div>",
    "<p class='author-views'>Reads</p>",
]


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_marked_like_an_author_but_is_about_somebody_else_is_none(other: str) -> None:
    box = "<div class='post-author'>Ada Lind</div>"
    assert authors(f"<p>{PROSE}</p><p>{PROSE}</p>{other}{box}") == ("Ada Lind",)
    assert authors(f"<p>{PROSE}</p><p>{PROSE}</p>{other}") == ()


def test_a_page_that_is_marked_by_its_author_as_a_whole_names_nobody_by_that() -> None:
    page = f"<html><body class='post author-ada'><a>Skip To Text</a><h1>Ferry is back</h1><p>{PROSE}</p></body></html>"
    assert read_metadata(document_fromstring(page), None).authors == ()


@pytest.mark.parametrize(
    "line",
    [
        "<p>By signing up, you agree to the Terms of the Harbour, Letters and Tides.</p>",
        "<p>Door fittings - Catalogues</p>",
        "<h3>More from Harbours</h3>",
        "<p>Written by</p><p>I never looked back, and want to share some of what I know of boats.</p>",
        "<a href='/users/sign_up'>Join Today</a>",
        "<h3><a href='/tides'>Tides turn</a></h3><a href='/staff/cy-dunn'>Cy Dunn</a>",
    ],
)
def test_a_line_below_the_headline_that_only_looks_like_a_byline_is_none(line: str) -> None:
    assert authors(line) == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p>Ada Lind | Senior Writer | May 3, 2024</p>", ("Ada Lind",)),
        ("<p>Ada Lind</p><p>Staff Reporter</p>", ("Ada Lind",)),
        ("<p>By</p><p>adalind</p>", ("adalind",)),
        ("<p>By the Ferry Team</p>", ("the Ferry Team",)),
        ("<p>By Ada Lind</p><p>|</p><p>Harbours</p>", ("Ada Lind",)),
    ],
)
def test_a_byline_below_the_headline_needs_no_by_before_a_job_title(line: str, names: tuple[str, ...]) -> None:
    assert authors(line) == names


@pytest.mark.parametrize("desk", ["Ferry Staff", "News Desk", "The editors"])
def test_a_byline_of_a_desk_leaves_no_author_to_look_for(desk: str) -> None:
    teaser = "<div class='post-author'>Cy Dunn</div>"
    assert authors(f"<p>By {desk}</p><p>{PROSE}</p><p>{PROSE}</p>{teaser}") == ()
    assert authors(f"<p>{PROSE}</p><p>{PROSE}</p>{teaser}", "", {"name": desk}) == ()
    assert authors("<div class='byline'>Ada Lind</div>", "", {"name": desk}) == ("Ada Lind",)


def test_who_paid_for_an_article_is_no_author() -> None:
    assert authors("", "", {"name": "Sponsored by Ferries"}) == ()


def test_a_writer_whom_the_head_gives_by_address_is_named_by_the_link_to_it() -> None:
    head = "<meta property='article:author' content='https://paper.example/profile/lind'>"
    link = "<aside><a href='/profile/lind'>Ada Lind</a></aside>"
    assert authors(f"<p>{PROSE}</p>{link}", head) == ("Ada Lind",)
