"""Headlines, bylines, captions and datelines are told by shape and place."""

import pytest

from pipelines.cleaning.labels import KEPT
from pipelines.cleaning.texts.line_labels import label_lines

STORY = "The council said that repairs would take until spring, and that a ferry would carry people across the harbour."


HEADLINE = "Harbour Bridge Repairs Will Take Until Spring"


def above(line: str, repeats: dict[str, float] | None = None, is_kept: bool = False, story: str = STORY) -> str:
    """The label of a line between the headline and the story."""
    return label_lines([HEADLINE, line, story], [True, is_kept, True], 2, repeats or {})[1].label


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
def test_a_line_that_says_who_took_the_picture_is_its_caption(line: str) -> None:
    assert above(line) == "caption"


def test_a_bare_name_is_a_byline_where_the_source_is_known() -> None:
    known = {"get started": 1.0}
    assert above("Ann Hollis", known) == above("Ann Hollis | Staff Writer", known) == "byline"
    assert above("Ann Hollis") == "furniture"


def test_a_line_that_other_pages_have_too_is_no_byline() -> None:
    assert above("Get Started", {"get started": 1.0}) == "furniture"


def test_somebody_whom_the_text_speaks_of_did_not_write_it() -> None:
    lines = ["Mary Dalton Opens the Harbour Bridge", "Mary Dalton", STORY + " Dalton agreed."]
    assert label_lines(lines, [True, False, True], 2, {"log in": 1.0})[1].label == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the harbour bridge had been closed to all traffic, and the council spoke of cracks in its pillars.",
        "By Monday the harbour bridge will be closed",
        "Von Montag an ist die alte Hafenbrücke gesperrt, weil zwei ihrer Pfeiler Risse haben, teilte der Rat mit.",
        "Por la mañana del lunes el puente del puerto quedó cerrado al tráfico, según el consejo de la ciudad.",
        "Da lunedì il ponte del porto è chiuso al traffico per i lavori sui pilastri, ha detto il consiglio.",
        "Die Union (CDU/CSU) will die alte Hafenbrücke abreißen lassen. Der Rat hat am Montag nichts entschieden.",
        "Drivers may go at most 30 miles an hour (48 km/h) on the harbour bridge from Monday, the council said.",
        "The council showed one photo: a crack in the northern pillar as wide as a hand, taken by divers on Monday.",
        "A prize for the best plan went to a teacher of the town (Mary Dalton, Harbour School).",
        "Council debated the works since 2019 and found no better way",
    ],
)
def test_a_paragraph_that_is_kept_is_no_byline_caption_or_date_for_one_word(line: str) -> None:
    assert label_lines([HEADLINE, line, STORY], [True, True, True], 1, {})[1].label in KEPT
    assert above(line, is_kept=True) in KEPT


def test_what_sums_the_story_up_above_its_dateline_is_kept() -> None:
    sums_up = "The harbour bridge is closed until spring, and nobody knows yet who will pay for it."
    assert above(sums_up, is_kept=True, story=f"PORTSMOUTH — {STORY}") == "lead"


def test_what_shares_no_word_with_the_headline_above_a_dateline_is_a_caption() -> None:
    shown = "Ann Hollis meeting with engineers at a hotel on Thursday."
    assert above(shown, is_kept=True, story=f"PORTSMOUTH — {STORY}") == "caption"


@pytest.mark.parametrize(
    "line", ["Tulsa - Updated 3 March 2016", "May 3, 2016 | 10:30 p.m.", "Posted Monday, May 3, 2016 3:45 pm EDT"]
)
def test_a_date_and_little_else_is_a_date_line(line: str) -> None:
    assert above(line, is_kept=True) == "dateline"


@pytest.mark.parametrize("line", ["By Ann Hollis", "By Ann Hollis for the Evening Post", "By Reuters"])
def test_a_byline_is_no_part_of_the_text(line: str) -> None:
    assert above(line, is_kept=True) == "byline"


def test_a_headline_may_begin_with_a_word_that_opens_bylines() -> None:
    headline = "Por fin abre el puente del puerto"
    story = "El consejo dijo que el puente del puerto abre el lunes y que un barco llevará a la gente al otro lado."
    assert label_lines([headline, story], [True, True], 1, {})[0].label == "headline"
