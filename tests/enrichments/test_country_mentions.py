"""Names of countries in texts of languages without a model."""

import time

import pyarrow as pa
import pytest

from pipelines.enrichments import entities, places
from pipelines.enrichments.places.country_mentions import LANGUAGES, find_country_mentions


def names(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in find_country_mentions(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Die Regierung Norwegens wartet auf die Türkei.", ["Norwegens", "Türkei"]),
        (
            "de",
            "Von den Niederlanden in die Vereinigten Arabischen Emirate.",
            ["Niederlanden", "Vereinigten Arabischen Emirate"],
        ),
        ("de", "Aus den USA, aus Großbritannien", ["USA", "Großbritannien"]),
        ("fr", "L’Irlande et l'Allemagne votent avec les États-Unis.", ["Irlande", "Allemagne", "États-Unis"]),
        ("es", "Viajó de EE. UU. a Corea del Sur.", ["EE. UU.", "Corea del Sur"]),
        ("es", "Llegó de Perú. México espera.", ["Perú", "México"]),
        ("ru", "Из Норвегии в Южную Корею, потом в США.", ["Норвегии", "Южную Корею", "США"]),
        ("ru", "Посол Соединённых Штатов вернулся из Нидерландов.", ["Соединённых Штатов", "Нидерландов"]),
    ],
)
def test_a_country_is_found_in_the_forms_of_its_language(language: str, text: str, expected: list[str]) -> None:
    assert names(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Maurice Leroux joue du piano, et Maurice chante."),
        ("es", "Chad Smith tocó la batería."),
        ("es", "La ministra Francia Ruiz habló."),
        ("ru", "Егор Чадов снялся в кино."),
    ],
)
def test_a_name_of_persons_is_none(language: str, text: str) -> None:
    assert names(text, language) == []


def test_a_country_before_the_name_of_a_person_stays_one() -> None:
    assert names("La présidente de la France Jeanne Morin parle.", "fr") == ["France"]
    assert names("El ministro de Israel Dan Peretz habló.", "es") == ["Israel"]
    assert names("Президент Франции Жанна Морен приехала.", "ru") == ["Франции"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Er flog mit Air France nach New Jersey zur Deutschland-Tour."),
        ("fr", "Il regarde France 24."),
        ("fr", "Chili con carne pour tous."),
        ("ru", "Того, кто ждал, уже нет."),
        ("ru", "Птицы Северной Америки."),
        ("de", "Das Islandpferd und die frankreichweite Suche."),
    ],
)
def test_a_part_of_a_longer_name_and_an_ordinary_word_are_none(language: str, text: str) -> None:
    assert names(text, language) == []


def test_a_country_is_an_entity_and_a_place_and_the_status_says_that_nothing_else_was_looked_for() -> None:
    text = "In Norwegen sagte Jana Köhler, Oslo warte. Die Regierung Norwegens schweigt."
    items = pa.table({"text": [text], "title": ["Norwegen wartet"], "language": ["de"]})
    found = entities.add_entities(items)
    [[entity]] = found["entities"].to_pylist()
    assert (entity["kind"], entity["name"], entity["mention_count"]) == ("place", "Norwegen", 2)
    assert found["entities_status"].to_pylist() == ["done: names of countries alone"]
    located = places.add_places(items.append_column("entities", found["entities"]))
    assert [place["country"] for place in located["places"].to_pylist()[0]] == ["NO"]


@pytest.mark.parametrize("pattern", ["Vereinigte ", "Того ", "EE. ", "L’", "Южной Корее ", "a", "\n", "Air France "])
def test_hostile_text_takes_seconds_at_most(pattern: str) -> None:
    began = time.process_time()
    for language in LANGUAGES:
        find_country_mentions(pattern * (100_000 // len(pattern)), language)
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Il part pour la Côte d'Ivoire, et la Côte d’Ivoire attend.", ["Côte d'Ivoire", "Côte d’Ivoire"]),
        ("ru", "Он прилетел из Египта, с Египтом договор есть.", ["Египта", "Египтом"]),
    ],
)
def test_a_country_is_found_behind_an_elision_and_with_a_fleeting_vowel(
    language: str, text: str, expected: list[str]
) -> None:
    assert names(text, language) == expected
