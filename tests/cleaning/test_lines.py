"""Lines of plain text are told apart, and none is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cleaning.article import article
from pipelines.cleaning.judged import LABELS
from pipelines.cleaning.lines import line_key, names, opening, read_lines, split_lines
from pipelines.cleaning.text import tidy

ARTICLE = (
    "Harbour Bridge Closes for Repairs Until Spring",
    "PORTSMOUTH — The harbour bridge was closed to traffic on Monday after engineers found cracks in two pillars.",
    "The council said that repairs would take until spring, and that a ferry would carry people across the harbour.",
    "“We could not wait any longer,” said the engineer Mary Dalton, who had inspected the pillars in June.",
    "Shops on the harbour fear for their trade. The council promised them help, but did not say how much or when.",
    "Engineers will begin with the northern pillars, which carry the older half of the bridge, the council said.",
)


def test_the_headline_the_dateline_and_the_paragraphs_of_an_article_are_told_apart():
    lines = read_lines("\n\n".join(("Log in", *ARTICLE, "Read more")))
    found = article(lines)
    assert [line.text for line in lines if line.label == "headline"] == [ARTICLE[0]]
    assert found.text == "\n\n".join(ARTICLE[1:])
    assert found.dateline is not None
    assert found.text[found.dateline.start : found.dateline.end] == "PORTSMOUTH"
    assert [line.text for line in found.removed] == ["Log in", ARTICLE[0], "Read more"]


def test_wrapped_lines_are_joined():
    wrapped = "The harbour bridge was closed to traffic on Monday after engineers\nfound cracks in two of its pillars."
    assert split_lines(wrapped) == [wrapped.replace("\n", " ")]


def test_lines_that_end_early_stay_apart():
    assert split_lines("News\nSport\nWeather") == ["News", "Sport", "Weather"]


def test_a_text_without_prose_is_kept():
    assert {line.label for line in read_lines("a\nb\nc")} == {"body"}


def test_keys_forget_case_digits_and_punctuation():
    assert line_key("Page 12 of 30: NEWS!") == line_key("page 47 of 81 news") == "page 00 of 00 news"


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("BRUSSELS — NATO denied", "BRUSSELS", None),
        ("LONDON (Reuters) - Shares fell", "LONDON", "Reuters"),
        ("МОСКВА, 5 мая – РИА Новости. Президент", "МОСКВА", "РИА Новости"),
        ("ΑΘΗΝΑ — Η κυβέρνηση", "ΑΘΗΝΑ", None),
        ("FLINT, Mich., Oct. 4 (UPI) — Former", "FLINT, Mich.", "UPI"),
    ],
)
def test_datelines_of_several_languages_are_read(paragraph: str, place: str, agency: str | None):
    found = opening(paragraph)
    assert found is not None
    assert (paragraph[found.start : found.end].rstrip("."), found.agency) == (place.rstrip("."), agency)


@pytest.mark.parametrize(
    "paragraph",
    [
        "The council — as ever — waited.",
        "It was - he said - late.",
        "NATO, which met in Brussels, denied it.",
        "NATO — which met in Brussels — denied it.",
        "COVID–19 came back.",
        "ΑΘΗΝΑ, Η κυβέρνηση",  # not to be told from an abbreviation
    ],
)
def test_sentences_open_with_no_dateline(paragraph: str):
    assert opening(paragraph) is None


def test_a_list_that_a_sentence_introduces_is_kept_down_to_the_next_prose():
    names = [f"{name} Pier" for name in ("North", "South", "Old", "Mill", "Quay", "Long", "Salt", "Bell")]
    found = read_lines("\n\n".join((*ARTICLE, "These are the piers that stay closed until spring:", *names)))
    assert [line.text for line in found if line.is_kept][-len(names) :] == names


def test_the_names_of_a_byline_are_read():
    assert names("By Ann Hollis and Tobias Brandt") == ["Ann Hollis", "Tobias Brandt"]
    assert names("Von Lena Moreau") == ["Lena Moreau"]


@settings(max_examples=40)
@given(st.text(), st.dictionaries(st.text(max_size=5), st.floats(0, 1), max_size=3))
def test_no_word_is_lost_and_every_label_is_known(text: str, repeats: dict[str, float]):
    found = read_lines(tidy(text), repeats)
    assert " ".join(line.text for line in found).split() == tidy(text).split()
    assert all(line.label in LABELS and line.text and 0 <= line.confidence <= 1 for line in found)
