"""A <div> that is left open where browsers close it does not swallow the page."""

import pytest

from pipelines.cleaning import clean_html
from pipelines.cleaning.pages.repair import close_divs

SENTENCE = "The council voted on Thursday to rebuild the old bridge over the river, after years of debate in the town."


@pytest.mark.parametrize(
    "head",
    [
        "<button><div><div></button>",
        "<header><button class=menu><div class=a><div></button><div>Logo</div></header>",
        "<nav><div><ul><li>News</ul></nav>",
        "<header><div><a href=/>Home</a></header>",
        "<noscript><div><img src=x></noscript>",
        "<svg><div></svg>",
        "<div><a href=/><div>Evening Post</a></div>",
        "<dialog><div>Hello</dialog>",
        "<figure><div><img src=x></figure>",
    ],
)
def test_the_article_below_is_read(head: str) -> None:
    body = "".join(f"<p>{SENTENCE} It was vote number {n}.</p>" for n in range(4))
    cleaned = clean_html(f"<html><body>{head}<article><h1>Bridge</h1>{body}</article></body></html>".encode())
    assert (cleaned.text or "").count(SENTENCE) == 4


@pytest.mark.parametrize(
    "page",
    [
        "<div><button><div></div></button></div>",
        "<div><script>'<button><div></button>'</script>",
        "<div><!-- <nav><div></nav> -->",
        "<div><a title='<nav><div></nav>'>x</a>",
        "<nav><table><tr><td><div></nav></td></tr></table></nav>",
        "<div><p>an open one",
    ],
)
def test_other_markup_is_left_as_it_is(page: str) -> None:
    assert close_divs(page) == page


@pytest.mark.parametrize("head", ["", "<button><td>"])
def test_end_tags_of_nothing_do_not_search_all_that_is_open(head: str) -> None:
    page = head + "<div>" * 100_000 + "</button>" * 100_000  # minutes, if each looked at each
    assert close_divs(page) == page
