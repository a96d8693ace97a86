"""Headlines, bylines, captions and datelines are told by shape and place."""

import pytest

from pipelines.cleaning.line_labels import labelled, names, opening

STORY = "The council said that repairs would take until spring, and that a ferry would carry people across the harbour."


def above(line: str, repeats: dict[str, float] | None = None) -> str:
    """The label of a line between the headline and the story."""
    lines = ["Harbour Bridge Repairs Will Take Until Spring", line, STORY]
    return labelled(lines, [True, False, True], 2, repeats or {})[0][1]


@pytest.mark.parametrize(
    "line",
    [
        "The bridge at low tide. TRIBUNE PHOTO BY Ann Hollis",
        "Cracks in a pillar (Ann Hollis, Evening Post)",
        "The northern pillar. Ann Hollis/Evening Post",
        "ABOVE: The bridge at low tide.",
        "Photo: Ann Hollis for the Evening Post",
    ],
)
def test_a_line_that_says_who_took_the_picture_is_its_caption(line: str):
    assert above(line) == "caption"


def test_a_bare_name_is_a_byline_where_the_source_is_known():
    known = {"get started": 1.0}
    assert above("Ann Hollis", known) == above("Ann Hollis | Staff Writer", known) == "byline"
    assert above("Ann Hollis") == "furniture"


def test_a_line_that_other_pages_have_too_is_no_byline():
    assert above("Get Started", {"get started": 1.0}) == "furniture"


def test_somebody_whom_the_text_speaks_of_did_not_write_it():
    lines = ["Mary Dalton Opens the Harbour Bridge", "Mary Dalton", STORY + " Dalton agreed."]
    assert labelled(lines, [True, False, True], 2, {"log in": 1.0})[0][1] == "furniture"


def test_what_stands_behind_a_name_is_no_name():
    assert names("Ann Hollis / Staff Writer") == ["Ann Hollis"]


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


def test_the_names_of_a_byline_are_read():
    assert names("By Ann Hollis and Tobias Brandt") == ["Ann Hollis", "Tobias Brandt"]
    assert names("Von Lena Moreau") == ["Lena Moreau"]
