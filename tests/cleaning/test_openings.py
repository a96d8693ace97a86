"""Where an article was written is read from how its first paragraph opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.openings import find_opening


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("BRUSSELS — NATO denied", "BRUSSELS", None),
        ("LONDON (Reuters) - Shares fell", "LONDON", "Reuters"),
        ("МОСКВА, 5 мая – РИА Новости. Президент", "МОСКВА", "РИА Новости"),
        ("ΑΘΗΝΑ — Η κυβέρνηση", "ΑΘΗΝΑ", None),
        ("Berlin (dpa) - Der Rat", "Berlin", "dpa"),
        ("Paris, 3 mai (Le Monde) - Le conseil", "Paris", "Le Monde"),
        ("FLINT, Mich., Oct. 4 (UPI) — Former", "FLINT, Mich.", "UPI"),
    ],
)
def test_datelines_of_several_languages_are_read(paragraph: str, place: str, agency: str | None) -> None:
    found = find_opening(paragraph)
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
        "Angela Merkel (CDU) – die Kanzlerin – sprach.",
        "Microsoft (MSFT) - Shares rose.",
        "BREAKING — The bridge is closed.",
        "OPINION — We should close it.",
        "ΑΘΗΝΑ, Η κυβέρνηση",  # not to be told from an abbreviation
    ],
)
def test_sentences_open_with_no_dateline(paragraph: str) -> None:
    assert find_opening(paragraph) is None


@given(st.lists(st.sampled_from(["BRUSSELS", "Paris", ", ", " (AFP)", " — ", " - ", "May 3", "was", "."])).map("".join))
def test_the_offsets_of_an_opening_are_those_of_its_place(paragraph: str) -> None:
    found = find_opening(paragraph)
    assert found is None or paragraph[found.start : found.end].strip(" ,.-") == found.place
