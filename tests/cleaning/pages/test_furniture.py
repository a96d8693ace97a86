"""Whole elements and lines of a page that the trees take for text, and that are none."""

import pytest

from pipelines.cleaning import Cleaned, clean_html

TITLE = "Market hall opens after repairs"
TEXT = (
    "The market hall of Lindham opened again on Saturday, four years after a fire had destroyed its roof.",
    "Bakers, butchers and a cheese maker from the hills sold out before noon, said the warden of the hall.",
    "The roof was paid for by the county, the stalls by the traders; the town will pay for the heating.",
)
OTHER = (
    "A teacher of the upper school has found a map of the mines under the old town, drawn by hand in the year 1790.",
    "The map shows eleven tunnels, of which three were not known, and is to be shown in the museum from autumn on.",
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def clean(inside: str = "", beside: str = "", above: str = "", wrap: str = "article") -> Cleaned:
    body = f"<{wrap}><h1>{TITLE}</h1>{inside or paragraphs(*TEXT)}</{wrap.split(maxsplit=1)[0]}>"
    return clean_html(f"<html><head><title>{TITLE}</title></head><body>{above}{body}{beside}</body></html>".encode())


def reason_of(text: str, cleaned: Cleaned) -> str:
    return next(line.reason for line in cleaned.removed if line.text == text)


@pytest.mark.parametrize(
    ("beside", "rule"),
    [
        (f"<div class='cookie-banner'>{paragraphs(*OTHER)}</div>", "consent"),
        (f"<div role=dialog>{paragraphs(*OTHER)}</div>", "consent"),
        (f"<div id=comments><ol class=comment-list><li>{paragraphs(*OTHER)}</li></ol></div>", "comments"),
        (f"<section class=kommentare>{paragraphs(*OTHER)}</section>", "comments"),
        (f"<div class=paywall-box>{paragraphs(*OTHER)}</div>", "wall"),
        (f"<div class=bot1>{paragraphs(*OTHER)}</div>", "elsewhere"),
        (f"<marquee>{' +++ '.join(OTHER)}</marquee>", "elsewhere"),
        (f"<div class=laufband>{paragraphs(*OTHER)}</div>", "elsewhere"),
    ],
)
def test_an_element_that_is_no_article_is_left_out_with_its_reason(beside: str, rule: str) -> None:
    cleaned = clean(beside=beside)
    assert cleaned.text == "\n\n".join(TEXT)
    assert all(line.reason in (rule, "model") for line in cleaned.removed if line.text in OTHER)


def test_an_article_is_not_lost_to_the_name_of_its_element() -> None:
    cleaned = clean(f"<div class='post gdpr-consent'>{paragraphs(*TEXT)}</div>", wrap="div")
    assert cleaned.text == "\n\n".join(TEXT)


@pytest.mark.parametrize("wrap", ["article", "div class=post"])
def test_the_articles_that_follow_on_an_endless_page_are_left_out(wrap: str) -> None:
    following = f"<{wrap}><h1>Map of the mines found</h1>{paragraphs(*OTHER)}</{wrap.split(maxsplit=1)[0]}>"
    assert clean(beside=following, wrap=wrap).text == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "following",
    [
        "<hr><h1>Map of the mines found</h1><p>By Una Strand | 13 May 2026</p>{}",
        "<div class=next-article><h2>Map of the mines found</h2>{}</div>",
        "<div><article><h1 class=own>Map of the mines found</h1>{}</article></div>",
    ],
)
def test_an_article_that_follows_in_the_same_element_is_left_out(following: str) -> None:
    assert clean(paragraphs(*TEXT) + following.format(paragraphs(*OTHER))).text == "\n\n".join(TEXT)


@pytest.mark.parametrize("heading", ["Comments (2)", "Leserkommentare", "Vos réactions", "Комментарии читателей"])
def test_what_stands_below_the_heading_of_comments_is_left_out(heading: str) -> None:
    cleaned = clean(f"{paragraphs(*TEXT)}<div class=x><h3>{heading}</h3>{paragraphs(*OTHER)}</div>")
    assert cleaned.text == "\n\n".join(TEXT)


def test_a_link_to_the_comments_above_the_text_takes_nothing_of_it() -> None:
    cleaned = clean(f"<div><p>2 comments</p></div>{paragraphs(*TEXT)}")
    assert cleaned.text == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "mark",
    [
        "class=lock",
        "aria-hidden=true",
        "class=styles_visuallyHidden__a8f",
        "class='wall wall--hidden'",
        "style='max-height: 0; overflow: hidden'",
        "style='clip-path: inset(50%)'",
    ],
)
def test_a_block_that_a_style_takes_from_view_is_no_text(mark: str) -> None:
    style = "<style>.lock { display: none } @media print { .text { display: none } }</style>"
    inside = f"{style}<div class=text>{paragraphs(*TEXT[:2])}</div><div {mark}>{paragraphs(OTHER[0])}</div>"
    assert clean(f"{inside}{paragraphs(TEXT[2])}").text == "\n\n".join(TEXT)


def test_the_headings_of_an_article_below_its_headline_do_not_end_it() -> None:
    body = f"<article>{paragraphs(*TEXT)}<h1 class=part>The mines</h1>{paragraphs(*OTHER)}</article>"
    page = f"<html><head><title>{TITLE}</title></head><body><h1 class=head>{TITLE}</h1>{body}</body></html>"
    assert OTHER[-1] in (clean_html(page.encode()).text or "")


def test_what_a_style_sheet_shows_again_is_text() -> None:
    style = "<style>.part { display: none } .js .part { display: block }</style>"
    cleaned = clean(f"{style}{paragraphs(*TEXT)}<div class=part>{paragraphs(*OTHER)}</div>")
    assert cleaned.text == "\n\n".join(TEXT + OTHER)


def test_headings_of_the_first_level_within_an_article_do_not_end_it() -> None:
    cleaned = clean(f"{paragraphs(*TEXT)}<h1>The mines</h1>{paragraphs(*OTHER)}")
    assert cleaned.text is not None
    assert OTHER[-1] in cleaned.text


def test_a_box_goes_as_a_whole_where_most_of_it_is_furniture() -> None:
    box = (
        "<div class=box><h3>Vom Verlag empfohlen</h3><p>Hier steht externer Inhalt von Vimeo.</p>"
        "<p>Er wird erst geladen, wenn Sie zustimmen und Cookies von Vimeo akzeptieren.</p></div>"
    )
    cleaned = clean(f"{paragraphs(*TEXT[:2])}{box}{paragraphs(TEXT[2])}")
    assert cleaned.text == "\n\n".join(TEXT)


def test_what_a_class_takes_from_view_is_no_text_but_an_answer_that_unfolds_is() -> None:
    hidden = f"<div class='visually-hidden'>{paragraphs(OTHER[0])}</div>"
    answer = f"<div class='accordion'><div class='answer hidden'>{paragraphs(OTHER[1])}</div></div>"
    text = clean(f"{paragraphs(*TEXT)}{hidden}{answer}{paragraphs(TEXT[0] + ' So it was.')}").text
    assert text is not None
    assert (OTHER[0] in text, OTHER[1] in text) == (False, True)


def test_the_way_to_a_page_and_its_date_are_no_text() -> None:
    cleaned = clean(f"<p>News » Lindham » {TITLE}</p><p>Published: 3 March 2026, 10:15</p>{paragraphs(*TEXT)}")
    assert cleaned.text == "\n\n".join(TEXT)
    assert reason_of("Published: 3 March 2026, 10:15", cleaned) == "dateline"


def test_who_took_a_picture_is_a_caption() -> None:
    credit = "Mary Dalton/Coast Pictures/Getty Images"
    cleaned = clean(f"{paragraphs(*TEXT[:2])}<div class=x>{credit}</div>{paragraphs(TEXT[2])}")
    assert (cleaned.text, cleaned.captions) == ("\n\n".join(TEXT), (credit,))


def test_two_fetches_of_a_page_give_the_same_text_whatever_its_clock_says() -> None:
    texts = {
        clean(f"<p class=meta>{age}</p><p>{views}</p>{paragraphs(*TEXT)}").text
        for age, views in (("Published 3 hours ago", "1,204 views"), ("Published yesterday at 10:15", "3,870 views"))
    }
    assert texts == {"\n\n".join(TEXT)}


@pytest.mark.parametrize(
    "heading", [TITLE.replace(" after", "<br>after"), f"{TITLE}<span>Thursday, May 14, 2026</span>"]
)
def test_a_headline_in_two_lines_or_with_its_date_is_no_text(heading: str) -> None:
    body = f"<body><article><h1>{heading}</h1>{paragraphs(*TEXT)}</article></body>"
    assert clean_html(f"<html><head><title>{TITLE}</title></head>{body}</html>".encode()).text == "\n\n".join(TEXT)
