"""What stands between two block boundaries is one block, with what is known of it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from pipelines.cleaning.pages.blocks import Block, split_blocks


def read(body: str) -> list[Block]:
    return split_blocks(document_fromstring(f"<html><body>{body}</body></html>"))


def test_each_paragraph_is_a_block_and_its_links_are_counted() -> None:
    first, second = read("<div id='a7' class='b c'><p>One <a href='/'>two</a></p> three</div>")
    assert (first.text, first.tag, first.link_chars) == ("One two", "p", 3)
    assert (second.text, second.path[-1], second.link_chars) == ("three", "div#a0.b.c", 0)


def test_headings_of_each_level_are_told_apart() -> None:
    assert [b.tag for b in read("<h1>One</h1><h2 class='t2'>two</h2>")] == ["h1", "h2"]


def test_blocks_of_one_element_share_its_number_and_those_of_a_like_one_do_not() -> None:
    first, second, third = read("<div><p>One</p><p>two</p></div><div><p>three</p></div>")
    assert first.nodes[:-1] == second.nodes[:-1]
    assert first.path == third.path
    assert first.nodes[-2] != third.nodes[-2]


def test_one_break_ends_a_line_and_two_a_paragraph() -> None:
    assert [b.is_line for b in read("<p>One<br>two<br> <br>three</p><p>four</p>")] == [False, True, False, False]


def test_bold_italic_and_hidden_text_is_marked() -> None:
    bold, italic, hidden, shown = read(
        "<p>A <b>bold</b></p><p><i>All <em>of</em></i></p><div style='display: none'><p>unseen</p></div><p>seen</p>"
    )
    assert [b.bold_chars for b in (bold, italic, hidden)] == [4, 0, 0]
    assert [b.italic_chars for b in (bold, italic, hidden)] == [0, 5, 0]
    assert [b.is_hidden for b in (bold, italic, hidden, shown)] == [False, False, True, False]


def test_scripts_and_choices_are_no_text() -> None:
    assert [b.text for b in read("<script>no</script><select><option>no</select><p>yes</p>")] == ["yes"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<a>", "</a>", "<br>", "<b>", "<li>", "w ", "語"])))
def test_no_text_is_lost_or_counted_twice(parts: list[str]) -> None:
    found = read("x" + "".join(parts))
    shown = "".join(part for part in parts if not part.startswith("<"))
    assert "".join("".join(b.text for b in found).split()) == "x" + "".join(shown.split())
    assert all(b.link_chars <= len(b.text) and b.bold_chars <= len(b.text) for b in found)
    assert all(len(b.path) == len(b.nodes) for b in found)


def test_a_block_has_its_links_with_their_words_also_where_a_link_goes_on_over_several_blocks() -> None:
    tree = document_fromstring(
        "<div><p>See <a href='/a'>the  plan</a> and <a>no address</a>.</p><a href='/b'><p>One</p><p>Two</p></a></div>"
    )
    assert [_links(found) for found in split_blocks(tree)] == [[("/a", "the plan")], [("/b", "One")], [("/b", "Two")]]


def _links(block: Block) -> list[tuple[str, str]]:
    return [(href, block.text[start:end]) for href, start, end in block.links]


def test_a_link_stands_where_it_was_written_though_its_words_come_before_it_too() -> None:
    (found,) = read(
        "<p> The council \n met at <i> the </i>site: <a href='/a'> council</a>, <a href='/b'>the</a> one</p>"
    )
    assert found.text == "The council met at the site: council, the one"
    assert found.links == (("/a", 29, 36), ("/b", 38, 41))


@settings(max_examples=200, deadline=None)
@example(["<a href='/x'>", "e", " ", "\ufeff", "<a href='/x'>", "e"])
@given(st.lists(st.sampled_from(["<a href='/x'>", "</a>", "<i>", "</i>", " ", "e", "\u0301", "語", "\ufeff", "<p>"])))
def test_the_words_of_a_link_are_within_its_block_and_in_order(parts: list[str]) -> None:
    for block in read("".join(parts)):
        spans = [edge for _, start, end in block.links for edge in (start, end)]
        assert spans == sorted(spans)
        assert all(0 <= start < end <= len(block.text) for _, start, end in block.links)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("She said: <q>We will row</q>, and left", "She said: “We will row”, and left"),
        ("She said: <q>He cried <q>ahoy</q> twice</q>", "She said: “He cried ‘ahoy’ twice”"),
        ("She said: <q>“We will row”</q>", "She said: “We will row”"),
        ("She said: <q><b>We</b> will row</q>", "She said: “We will row”"),
        ("It costs <del>two</del> <ins>three</ins> million", "It costs three million"),
        ("It costs <s>two</s> <span style='text-decoration:line-through'>four</span> three", "It costs three"),
        ("It costs <span class=line-through>two</span> three", "It costs three"),
        ("<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>の船", "港の船"),
        ("10<sup>6</sup> boats, the 1<sup>st</sup> in May", "10⁶ boats, the 1st in May"),
        ("Ahoy <img class=emoji alt='⛵'> all", "Ahoy ⛵ all"),
        ("See <a href=/x>the list<span class=sr-only> (opens in a new window)</span></a>.", "See the list."),
        ("One <span hidden>two</span><span style='display:none'>three</span> four", "One four"),
        ("A <span class=tooltip>yawl<span class=tooltiptext>a boat of two masts</span></span> left", "A yawl left"),
        (
            "Mayor <span class=name>Ada<span class=hover-card>Ada <a href=/a>More</a></span></span> said",
            "Mayor Ada said",
        ),
    ],
)
def test_what_an_element_means_is_read_with_its_words(markup: str, text: str) -> None:
    assert [block.text for block in split_blocks(document_fromstring(f"<body><p>{markup}</p></body>"))] == [text]


def test_a_paragraph_that_is_struck_out_is_none() -> None:
    page = document_fromstring("<body><del><p>It costs two million.</p></del><p>It costs three million.</p></body>")
    assert [block.text for block in split_blocks(page)] == ["It costs three million."]


@pytest.mark.parametrize(
    ("language", "text"), [("fr", "Il dit «oui»."), ("de-AT", "Il dit „oui“."), ("ja", "Il dit 「oui」.")]
)
def test_quotation_marks_are_those_of_the_page_s_language(language: str, text: str) -> None:
    page = document_fromstring(f"<html lang={language}><body><p>Il dit <q>oui</q>.</p></body></html>")
    assert [block.text for block in split_blocks(page)] == [text]


def test_an_element_left_open_does_not_strike_out_the_rest_of_the_page() -> None:
    page = document_fromstring(f"<body><div><s>{'<p>A paragraph of the article.</p>' * 60}</s></div></body>")
    assert len(split_blocks(page)) == 60
