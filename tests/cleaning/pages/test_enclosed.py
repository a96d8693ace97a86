"""What stands between the paragraphs of an article is of it: lists, tables, posts, and more of the same."""

import pytest

from pipelines.cleaning import clean_html

FIRST = (
    "The harbour festival begins on Friday with a race of old boats, and four of the towns on the bay take part in it."
)
LAST = "Tickets are sold at the quay and in the town library, and cost as much as they did last year, the warden said."


def clean(inside: str, title: str = "Festival on the bay") -> str:
    body = f"<nav><a href=/>Home</a></nav><article><h1>{title}</h1><p>{FIRST}</p>{inside}<p>{LAST}</p></article>"
    return clean_html(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()).text or ""


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        ("<ol><li>Lindham</li><li>Port Arle</li><li>Skarholm</li></ol>", ["Lindham", "Port Arle", "Skarholm"]),
        ("<div><ul><li>Lindham</li><li>Skarholm</li></ul></div>", ["Lindham", "Skarholm"]),
        ("<dl><dt>Race</dt><dd>at nine</dd><dt>Music</dt><dd>at ten</dd></dl>", ["Race", "at nine", "Music", "at ten"]),
        (
            "<p>The boats can be seen from these places on every day of it:</p>"
            "<ul><li><a href=/a>North Quay</a></li><li><a href=/b>Mill Pier</a></li></ul>",
            ["North Quay", "Mill Pier"],
        ),
        (
            "".join(f"<p><a href=/{n}>Ticket {n}</a><br>Price {n} crowns</p>" for n in range(4)),
            ["Ticket 0", "Price 3 crowns"],
        ),
        (
            "<table><tr><th>Pos.</th><th>Crew</th></tr><tr><td>1</td><td>Lindham</td></tr></table>",
            ["Pos. Crew", "1 Lindham"],
        ),
        (
            "<div><blockquote class=twitter-tweet><p>wind. at. last.</p>— Crew (@crew) <a href=/t>March 4</a>"
            "</blockquote></div>",
            ["wind. at. last."],
        ),
    ],
    ids=["list", "list in a box", "terms", "links that a sentence introduces", "built alike", "table", "post"],
)
def test_what_stands_between_paragraphs_is_text(inside: str, lines: list[str]) -> None:
    assert [line for line in lines if line not in clean(inside).split("\n")] == []


@pytest.mark.parametrize(
    "inside",
    [
        "<ul><li><a href=/a>Bridge to close in May</a></li><li><a href=/b>Bakers win a prize</a></li></ul>",
        "<p>Read more:</p><ul><li><a href=/a>Bridge to close in May</a></li></ul>",
    ],
)
def test_what_leads_elsewhere_is_not(inside: str) -> None:
    assert clean(inside).split("\n\n") == [FIRST, LAST]


def test_a_table_that_lays_out_a_page_keeps_its_paragraphs() -> None:
    text = clean(f"<table><tr><td><p>{FIRST} It is the first.</p><p>{FIRST} It is the second.</p></td></tr></table>")
    assert f"{FIRST} It is the first.\n\n{FIRST} It is the second." in text


def test_thousands_of_elements_built_alike_are_not_each_compared_with_all() -> None:
    inside = "".join(f"<div class=x><p>word</p><p>other {n}</p></div>" for n in range(3_000))  # seconds, if they were
    assert clean(inside).startswith(FIRST)
