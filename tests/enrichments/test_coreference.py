from typing import Any

from pipelines.enrichments.coreference import group_mentions, settle_kinds
from pipelines.enrichments.spans import NameSpan


def marked(text: str, *names: Any) -> Any:
    """Spans of names, each given with its kind, at their first place after the one before."""
    spans, position = [], 0
    for name, kind in names:
        start = text.index(name, position)
        position = start + len(name)
        spans.append(NameSpan(start, position, kind))
    return spans


def kinds(text: str, *names: Any) -> list[tuple[Any, Any]]:
    return [(text[s.start : s.end], s.kind) for s in settle_kinds(text, marked(text, *names))]


def grouped(text: str, *names: Any, language: str = "en") -> list[tuple[Any, list[Any]]]:
    return [
        (e.name, [text[s.start : s.end] for s in e.mentions])
        for e in group_mentions(text, marked(text, *names), language)
    ]


def test_the_surname_of_a_person_is_no_company() -> None:
    text = "Ida Holm came. Holm left."
    assert kinds(text, ("Ida Holm", "person"), ("Holm", "organisation"))[1] == ("Holm", "person")


def test_a_role_before_a_name_makes_a_person() -> None:
    text = "with his counterpart, Ida Holm, in"
    assert kinds(text, ("Ida Holm", "place")) == [("Ida Holm", "person")]


def test_a_dateline_is_a_place() -> None:
    assert kinds("OSLO — Ida Holm", ("OSLO", "organisation")) == [("OSLO", "place")]


def test_an_overlooked_surname_is_found() -> None:
    text = "Ida Holm came. Later Holm left."
    assert kinds(text, ("Ida Holm", "person")) == [("Ida Holm", "person"), ("Holm", "person")]


def test_of_two_persons_with_a_surname_the_one_named_last_is_meant() -> None:
    text = "Ida Holm came. Holm spoke. Per Holm came. Holm sang."
    names = [("Ida Holm", "person"), ("Holm", "person"), ("Per Holm", "person"), ("Holm", "person")]
    assert grouped(text, *names) == [("Ida Holm", ["Ida Holm", "Holm"]), ("Per Holm", ["Per Holm", "Holm"])]


def test_an_acronym_without_bracket_stands_for_the_name_with_its_initials() -> None:
    text = "The UN met. The United Nations voted."
    names = [("UN", "organisation"), ("United Nations", "organisation")]
    assert grouped(text, *names) == [("United Nations", ["UN", "United Nations"])]


def test_a_bracket_that_is_no_acronym_of_the_name_is_left_alone() -> None:
    text = "Holm Bank (XYZ) rose."
    assert grouped(text, ("Holm Bank", "organisation")) == [("Holm Bank", ["Holm Bank"])]


def test_a_company_is_the_same_with_and_without_its_legal_form() -> None:
    text = "Acme Inc rose. Acme fell."
    assert grouped(text, ("Acme Inc", "organisation"), ("Acme", "organisation")) == [("Acme Inc", ["Acme Inc", "Acme"])]
