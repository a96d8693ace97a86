"""The blocks of a page are told apart: article, headline, caption, and what belongs to the site."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from pipelines.cleaning.article import assemble_article
from pipelines.cleaning.labels import LABELS, LabelledLine
from pipelines.cleaning.pages.blocks import Block, split_blocks
from pipelines.cleaning.pages.reading import read_page, relabel_bylines, score_and_label, score_blocks

TITLE = "Council votes to rebuild the bridge"
PROSE = (
    "The council voted on Thursday to rebuild the old bridge over the river, after years of debate in the town.",
    "Work is to begin in March, said the mayor, and will cost some four million, half of which the state pays.",
    "Traders on the east bank had asked for a tunnel; their plan found no majority, though it was discussed at length.",
    "The bridge of 1911 has been closed to lorries since 2019, when a survey found cracks in two of its piers.",
)
QUOTE = "The tunnel would have been the better way for every one of us, said the traders."
MENU = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("News", "Sport", "Culture", "Weather", "Contact"))


def article_text(blocks: Sequence[Block], judged: Sequence[LabelledLine]) -> str:
    return assemble_article(judged, [block.is_line for block in blocks]).text


def page(*inside: str) -> list[Block]:
    body = (
        f"<nav class='menu'><ul>{MENU}</ul></nav><article><h1>{TITLE}</h1>{''.join(inside)}</article>"
        "<footer class='footer'><p>All rights reserved. <a href='/imprint'>Imprint</a></p></footer>"
    )
    return split_blocks(document_fromstring(f"<html><body>{body}</body></html>"))


def labels(judged: list[LabelledLine]) -> dict[str, str]:
    return {line.text: line.label for line in judged}


def label_of(text: str, judged: list[LabelledLine]) -> str:
    return next(line.label for line in judged if line.text == text)


def test_prose_is_kept_and_menu_and_footer_are_not() -> None:
    found = labels(read_page(page(*(f"<p>{text}</p>" for text in PROSE)), TITLE))
    assert [found[text] for text in PROSE] == ["lead", "body", "body", "body"]
    assert (found["News"], found["All rights reserved. Imprint"], found[TITLE]) == (
        "furniture",
        "furniture",
        "headline",
    )


@pytest.mark.parametrize(
    ("markup", "text", "label"),
    [
        ("<figure><img><figcaption>The bridge in 1920</figcaption></figure>", "The bridge in 1920", "caption"),
        ("<div class='photo-caption'>The bridge in 1920</div>", "The bridge in 1920", "caption"),
        ("<h2>What the traders say</h2>", "What the traders say", "subheading"),
        ("<p><b>What the traders say</b></p>", "What the traders say", "subheading"),
        (f"<blockquote><p>{QUOTE}</p></blockquote>", QUOTE, "quote"),
        (f"<ul><li>{QUOTE}</li></ul>", QUOTE, "item"),
    ],
    ids=["figcaption", "class", "h2", "bold", "blockquote", "li"],
)
def test_what_a_block_is_shows_in_the_elements_around_it(markup: str, text: str, label: str) -> None:
    read = page(*(f"<p>{text}</p>" for text in PROSE[:2]), markup, *(f"<p>{text}</p>" for text in PROSE[2:]))
    assert label_of(text, score_and_label(read, np.ones(len(read)), TITLE)) == label


@pytest.mark.parametrize("lead", ["", "<p>The council met on Thursday.</p>"], ids=["all", "most"])
def test_an_article_in_an_element_that_is_called_a_caption_is_text(lead: str) -> None:
    read = page(lead, f"<div class='text legend'>{''.join(f'<p>{text}</p>' for text in PROSE)}</div>")
    judged = score_and_label(read, np.array([0.9 * (b.tag == "p" and b.text[:3] != "All") for b in read]), TITLE)
    assert article_text(read, judged).endswith("\n\n".join(PROSE))


def test_long_prose_is_no_caption_by_a_class_alone() -> None:
    long = " ".join([QUOTE] * 3)
    read = page(*(f"<p>{text}</p>" for text in PROSE), f"<div class='caption'><p>{long}</p></div>")
    assert label_of(long, score_and_label(read, np.ones(len(read)), TITLE)) == "body"
    read = page(*(f"<p>{text}</p>" for text in PROSE), f"<figcaption><p>{long}</p></figcaption>")
    assert label_of(long, score_and_label(read, np.ones(len(read)), TITLE)) == "caption"


@pytest.mark.parametrize("mark", ["style='display: none'", "hidden"])
def test_a_paragraph_that_the_page_does_not_show_is_no_text(mark: str) -> None:
    read = page(*(f"<p>{text}</p>" for text in PROSE), f"<p {mark}>{QUOTE}</p>")
    judged = score_and_label(read, np.ones(len(read)), TITLE)
    assert [(line.label, line.reason) for line in judged if line.text == QUOTE] == [("furniture", "hidden")]


def test_an_article_that_a_script_has_to_show_is_read() -> None:
    read = page("<div style='display:none'>", *(f"<p>{text}</p>" for text in PROSE), "</div>")
    assert article_text(read, read_page(read, TITLE)) == "\n\n".join(PROSE)


@pytest.mark.parametrize("title", [TITLE, f"{TITLE} - The Riverside Courier", f"{TITLE.upper()} | News"])
def test_the_headline_is_known_by_a_title_with_or_without_the_name_of_the_site(title: str) -> None:
    read = page(*(f"<p>{text}</p>" for text in PROSE))
    judged = score_and_label(read, np.ones(len(read)), title)
    assert label_of(TITLE, judged) == "headline"
    assert TITLE not in article_text(read, judged)


@pytest.mark.parametrize("heading", [f"{TITLE} – live updates", f"{TITLE} (12)", f"Live: {TITLE}"])
def test_a_heading_with_the_title_and_a_label_is_the_headline(heading: str) -> None:
    read = split_blocks(
        document_fromstring(f"<article><h1>{heading}</h1>{''.join(f'<p>{p}</p>' for p in PROSE)}</article>")
    )
    judged = score_and_label(read, np.ones(len(read)), TITLE)
    assert label_of(heading, judged) == "headline"
    assert article_text(read, judged) == "\n\n".join(PROSE)


def test_a_title_that_goes_on_in_words_is_another() -> None:
    read = page(*(f"<p>{text}</p>" for text in PROSE))
    assert label_of(TITLE, score_and_label(read, np.ones(len(read)), f"{TITLE} again")) == "subheading"


def test_a_link_to_the_page_itself_below_the_article_is_no_headline() -> None:
    read = page(*(f"<p>{text}</p>" for text in PROSE), f"<p><a href='/'>{TITLE}</a></p>")
    found = np.array([float(b.text in PROSE) for b in read])
    assert [line.label for line in score_and_label(read, found, TITLE) if line.text == TITLE] == [
        "headline",
        "furniture",
    ]


def test_a_name_beside_the_article_is_a_byline() -> None:
    read = page("<div class='byline'>By Ada Penn</div>", *(f"<p>{text}</p>" for text in PROSE))
    found = np.array([float(b.text in PROSE) for b in read])
    assert label_of("By Ada Penn", score_and_label(read, found, TITLE)) == "byline"


def test_where_no_block_is_sure_the_likeliest_are_kept() -> None:
    read = page(*(f"<p>{text}</p>" for text in PROSE))
    found = np.array([0.2 if b.text in PROSE[:2] else 0.15 if b.text in PROSE else 0.05 for b in read])
    assert article_text(read, score_and_label(read, found, TITLE)) == "\n\n".join(PROSE)


def test_a_paragraph_that_the_page_shows_twice_is_kept_once() -> None:
    read = page(*(f"<p>{text}</p>" for text in (*PROSE, *PROSE)))
    assert article_text(read, read_page(read, TITLE)) == "\n\n".join(PROSE)
    assert [line.reason for line in read_page(read, TITLE) if line.text in PROSE] == ["model"] * 4 + ["twice"] * 4


def test_how_sure_a_judgement_is_says_the_probability_of_what_was_decided() -> None:
    judged = score_and_label(page(*(f"<p>{text}</p>" for text in PROSE[:2]))[-3:], np.array([0.35, 0.9, 0.1]), None)
    assert [(line.is_kept, line.confidence) for line in judged] == [(True, 0.35), (True, 0.9), (False, 0.9)]


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        (
            "议会星期四投票决定重建河上的旧桥，此前镇上就此争论多年，工程将于三月开始，市长表示费用约为四百万。",
            "议会决定重建旧桥",
        ),
        (
            "صوّت المجلس يوم الخميس على إعادة بناء الجسر القديم فوق النهر، بعد سنوات من النقاش في المدينة.",
            "إعادة بناء الجسر",
        ),
        (
            "परिषद ने गुरुवार को नदी पर बने पुराने पुल को फिर से बनाने के पक्ष में मतदान किया, जिस पर वर्षों से बहस चल रही थी।",
            "पुल फिर बनेगा",
        ),
    ],
    ids=["zh", "ar", "hi"],
)
def test_prose_of_other_scripts_is_kept(sentence: str, title: str) -> None:
    paragraphs = [f"{sentence} {n}" for n in range(5)]
    read = page(*(f"<p>{text}</p>" for text in paragraphs))
    assert article_text(read, read_page(read, title)).split("\n\n")[-5:] == paragraphs


def test_lines_within_a_paragraph_stay_together() -> None:
    read = [Block("Roses are red.", ("p",), 0), Block("Violets", ("p",), 0, is_line=True),
            Block("are blue.", ("p",), 0, is_line=True), Block("End", ("p",), 0)]  # fmt: skip
    judged = [LabelledLine(b.text, "body", "model", 1.0) for b in read]
    assert article_text(read, judged) == "Roses are red.\nViolets are blue.\n\nEnd"


def test_a_page_of_links_keeps_nothing_and_one_short_notice_stays() -> None:
    menu = split_blocks(document_fromstring(f"<html><body><ul>{MENU}</ul></body></html>"))
    assert not any(line.is_kept for line in read_page(menu, None))
    notice = split_blocks(document_fromstring("<html><body><div>Closed today</div></body></html>"))
    assert article_text(notice, read_page(notice, None)) == "Closed today"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Block,
            text=st.text(min_size=1, max_size=120),
            path=st.lists(st.sampled_from(["html", "body", "div.a", "p", "li#x", "h1"]), min_size=1, max_size=5).map(
                tuple
            ),
            link_chars=st.integers(0, 120),
            nodes=st.lists(st.integers(1, 9), max_size=5).map(tuple),
        ),
        max_size=12,
    ),
    st.none() | st.text(max_size=40),
)
def test_every_block_has_one_judgement(read: list[Block], title: str | None) -> None:
    judged = read_page(read, title)
    assert [line.text for line in judged] == [b.text for b in read]
    assert all(line.label in LABELS and 0 <= line.confidence <= 1 for line in judged)
    assert all(0 <= score <= 1 for score in score_blocks(read, title))


def test_a_line_that_only_names_the_authors_is_their_byline_and_no_lead() -> None:
    read = [
        LabelledLine("By Niamh Corrigan", "lead", "model", 0.8),
        LabelledLine("The ferry came back on Monday, two hours late.", "body", "model", 0.9),
        LabelledLine("Niamh Corrigan was on the first one.", "body", "model", 0.9),
    ]
    found = relabel_bylines(read, ("Niamh Corrigan",))
    assert [(line.label, line.reason) for line in found] == [
        ("byline", "byline"), ("lead", "model"), ("body", "model"),
    ]  # fmt: skip


def test_a_name_that_is_no_author_of_the_page_stays() -> None:
    read = [LabelledLine("By Niamh Corrigan", "lead", "model", 0.8)]
    assert relabel_bylines(read, ("Karla Weber",)) == read
