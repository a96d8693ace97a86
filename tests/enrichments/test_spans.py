from typing import Any

import pytest

from pipelines.enrichments.models import MarkedName
from pipelines.enrichments.spans import NameSpan, tidy_names


def trimmed(text: str, marked: Any, label: Any) -> list[tuple[Any, Any]]:
    start = text.index(marked)
    return [(text[s.start : s.end], s.kind) for s in tidy_names(text, [MarkedName(start, start + len(marked), label)])]


@pytest.mark.parametrize(
    ("text", "marked", "label", "name"),
    [
        ("in the United Nations today", "the United Nations", "ORG", "United Nations"),
        ("he moved to The Hague", "The Hague", "GPE", "The Hague"),
        ("The Senate voted", "The Senate", "ORG", "Senate"),
        ("it is Anna Li's house", "Anna Li's", "PERSON", "Anna Li"),
        ("it is Anna Li’s house", "Anna Li’s", "PERSON", "Anna Li"),
        ("with Dr. Anna Li", "Dr. Anna Li", "PERSON", "Anna Li"),
        ("with “Anna Li”,", "“Anna Li”,", "PERSON", "Anna Li"),
        ("at Acme Inc. today", "Acme Inc.", "ORG", "Acme Inc."),
        ("in the U.S. today", "U.S.", "GPE", "U.S."),
        ("they met Judge", "Judge", "PERSON", "Judge"),
        ("the Harbour Bridge Trust (HBT) met", "Harbour Bridge Trust (HBT", "ORG", "Harbour Bridge Trust"),
        ("the Trust (Oslo) met", "Trust (Oslo)", "ORG", "Trust (Oslo)"),
    ],
)
def test_a_name_is_cut_as_people_write_it(text: str, marked: str, label: str, name: str) -> None:
    assert [found for found, _ in trimmed(text, marked, label)] == [name]


def test_a_last_word_says_the_kind_whatever_the_model_says() -> None:
    assert trimmed("at Hope Lake", "Hope Lake", "PERSON") == [("Hope Lake", "place")]


@pytest.mark.parametrize(("text", "label"), [("!!", "ORG"), ("1999", "GPE"), ("eastern", "ORG"), ("Russian", "NORP")])
def test_what_is_no_name_is_dropped(text: str, label: str) -> None:
    assert tidy_names(text, [MarkedName(0, len(text), label)]) == []


def test_an_event_is_of_another_kind() -> None:
    assert tidy_names("Cold War", [MarkedName(0, 8, "EVENT")]) == [NameSpan(0, 8, "other")]


@pytest.mark.parametrize("name", ["Windows", "Microsoft Windows", "Android 14", "Key Points", "Related Stories"])
def test_a_product_or_heading_is_no_person(name: str) -> None:
    assert tidy_names(name, [MarkedName(0, len(name), "PERSON")]) == []


@pytest.mark.parametrize("name", ["Supreme Court", "Crown Court"])
def test_a_court_is_an_organisation(name: str) -> None:
    assert [span.kind for span in tidy_names(name, [MarkedName(0, len(name), "PERSON")])] == ["organisation"]
