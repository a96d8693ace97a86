"""Case endings of Russian names."""

import pytest

from pipelines.enrichments.russian import fold_case, list_nominatives, pick_nominative


@pytest.mark.parametrize(
    "forms",
    [
        ("павел", "павла", "павлу", "павлом", "павле"),
        ("сергей", "сергея", "сергею", "сергеем", "сергее"),
        ("дмитрий", "дмитрия", "дмитрием", "дмитрии"),
        ("лавров", "лаврова", "лаврову", "лавровым", "лаврове"),
        ("мария", "марии", "марию", "марией"),
        ("зеленский", "зеленского", "зеленскому", "зеленским"),
        ("игорь", "игоря", "игорем"),
    ],
)
def test_all_cases_of_a_name_are_folded_to_one(forms: tuple[str, ...]) -> None:
    assert len(set(map(fold_case, forms))) == 1


@pytest.mark.parametrize("other", ["олег", "анна", "игнат"])
def test_other_names_are_folded_apart(other: str) -> None:
    assert fold_case(other) != fold_case("ольга")


@pytest.mark.parametrize(
    ("forms", "nominative"),
    [
        (("Павлом Дубровым", "Павла Дуброва", "Павел Дубров"), "Павел Дубров"),
        (("Анны Дубровой", "Анну Дуброву", "Анна Дуброва"), "Анна Дуброва"),
        (("Сергея Рябова", "Сергей Рябов"), "Сергей Рябов"),
        (("Зеленского", "Зеленским", "Зеленский"), "Зеленский"),
        (("Анне Меркель", "Анна Меркель"), "Анна Меркель"),
        (("Москве", "Москву", "Москва"), "Москва"),
        (("Газпрома", "Газпром"), "Газпром"),
    ],
)
def test_the_nominative_is_picked_among_the_forms(forms: tuple[str, ...], nominative: str) -> None:
    assert pick_nominative(forms) == nominative


@pytest.mark.parametrize(
    ("name", "nominative"),
    [("москве", "москва"), ("казани", "казань"), ("китая", "китай"), ("нижнем новгороде", "нижний новгород")],
)
def test_the_nominative_of_a_place_is_among_those_listed(name: str, nominative: str) -> None:
    assert nominative in list_nominatives(name)
