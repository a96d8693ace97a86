from typing import Any

import hypothesis.strategies as st
import pytest
import zstandard
from hypothesis import given, settings

from pipelines.enrichments.places import locate
from pipelines.enrichments.places.context import READ, find_named_areas, find_qualifier
from pipelines.enrichments.places.gazetteer import fold_name, load_gazetteer, pack_gazetteer
from training.gazetteer import PATH, list_places


def place(text: str, *names: str, title: str | None = None) -> Any:
    """The place of the first name, where all names are entities with one mention, their first in the text."""
    return locate(text, title, [[mention(text, name)] for name in names])[0]


def mention(text: str, name: str) -> tuple[str, int, int]:
    return name, text.index(name), text.index(name) + len(name)


def area(text: str, *names: str, title: str | None = None) -> str | None:
    found = place(text, *names, title=title)
    return (found["admin1"] or found["country"]) if found else None


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("The mayor of Paris spoke.", ["Paris"], "FR.11"),
        ("A barn burned in Paris, Texas, on Monday.", ["Paris"], "US.TX"),
        ("A barn burned in Paris, Texas, on Monday.", ["Paris, Texas"], "US.TX"),
        ("LAVONIA, Ga. - The council met.", ["LAVONIA"], "US.GA"),
        ("Rome (Georgia) has a new bridge.", ["Rome"], "US.GA"),
        ("The fair in Athens, OH 45701 is over.", ["Athens"], "US.OH"),
        ("He moved to London, Ontario, years ago.", ["London"], "CA.08"),
        ("Kazakhstan and Georgia signed; Tbilisi cheered.", ["Georgia", "Kazakhstan", "Tbilisi"], "GE"),
        ("From Savannah to Macon, Georgia voted early.", ["Georgia", "Savannah", "Macon"], "US.GA"),
        ("Fla. troopers stopped him.", ["Fla."], "US.FL"),
        ("The road to Leningrad was closed.", ["Leningrad"], "RU.66"),
        ("Troops stood in northern Iraq.", ["northern Iraq"], "IQ"),
        ("U.S. officials waited.", ["U.S."], "US"),
        ("The U.K. waited.", ["The U.K."], "GB"),
        ("Дожди в городе Москва.", ["Москва"], "RU.48"),
        ("Der Rat von Köln tagt.", ["Köln"], "DE.07"),
    ],
)
def test_the_place_fits_what_stands_around_its_name(text: str, names: list[str], expected: str) -> None:
    assert area(text, *names) == expected


def test_other_places_of_the_article_decide_between_towns_of_one_name() -> None:
    text = "Crews from Worthington and Columbus helped in Dublin."
    assert area(text, "Dublin", "Worthington", "Columbus") == "US.OH"


def test_a_people_in_the_text_names_its_country() -> None:
    text = "Peruvian police searched houses in Trujillo. The Peruvian minister and Peruvian judges praised them."
    assert area(text, "Trujillo") == "PE.13"


def test_the_title_counts_as_context() -> None:
    assert area("The plant in Hyderabad closed.", "Hyderabad", title="Pakistan, Pakistan, Pakistan") == "PK.05"


def test_one_name_is_one_place_all_over_an_article() -> None:
    text = "Paris has no tower. Everyone in Paris, Texas, knows that."
    first, second = mention(text, "Paris"), ("Paris", text.rindex("Paris"), text.rindex("Paris") + 5)
    assert [found and found["admin1"] for found in locate(text, None, [[first], [second]])] == ["US.TX", "US.TX"]


def test_an_entity_that_says_its_area_keeps_it() -> None:
    text = "Paris, France, wrote to Paris, Texas."
    first, second = mention(text, "Paris"), ("Paris", text.rindex("Paris"), text.rindex("Paris") + 5)
    assert [found and found["country"] for found in locate(text, None, [[first], [second]])] == ["FR", "US"]


def test_crimea_lies_in_the_peninsula() -> None:
    found = place("The army entered Ukraine's Crimea region.", "Crimea")
    assert 44.3 < found["latitude"] < 46.3
    assert 32.4 < found["longitude"] < 36.7


def test_a_continent_has_no_country() -> None:
    assert place("Farmers all over Africa wait for rain.", "Africa")["country"] is None


@pytest.mark.parametrize("name", ["Qwrtzx", "Middle East", "Eastern Europe", "EU", "Soviet Union", "", " ", ",", "the"])
def test_what_the_gazetteer_lacks_has_no_place(name: str) -> None:
    assert locate(name, None, [[(name, 0, len(name))]]) == [None]


def test_an_entity_without_mentions_has_no_place() -> None:
    assert locate("Nothing.", None, [[], []]) == [None, None]


def test_names_fold_case_accents_and_saints() -> None:
    assert fold_name("  SAINT-ÉTIENNE’s ") == "st etiennes"


def test_an_area_behind_a_comma_qualifies_and_a_list_of_towns_does_not() -> None:
    assert [find_qualifier("Rome, Ga., won", 4), find_qualifier("Rome, Milton", 4), find_qualifier("Rome is", 4)] == [
        ["US.GA"],
        [],
        [],
    ]


def test_divisions_that_are_named_count_for_their_country() -> None:
    assert find_named_areas("Bavaria and Saxony")["DE"] == 2


def test_every_place_has_coordinates() -> None:
    columns = load_gazetteer().columns
    assert (abs(columns["lat"]) <= 90).all()
    assert (abs(columns["lon"]) <= 180).all()


NAMES = st.sampled_from(
    ["Paris", "Texas", "Georgia", "Lavonia, Ga.", "Springfield", "U.S.", "Crimea", "Europe", "Dublin", "Ohio", "Athens"]
)


@given(st.lists(NAMES, max_size=8), st.randoms())
@settings(deadline=None, max_examples=50)
def test_the_order_of_entities_does_not_matter(names: list[str], chance: Any) -> None:
    text = " and ".join(names)
    entities = [[mention(text, name)] for name in names]
    shuffled = list(range(len(names)))
    chance.shuffle(shuffled)
    straight = locate(text, None, entities)
    assert locate(text, None, [entities[i] for i in shuffled]) == [straight[i] for i in shuffled]


MENTIONS = st.lists(st.tuples(st.text(max_size=20) | NAMES, st.integers(-5, 60), st.integers(-5, 10**9)), max_size=4)


@given(st.text(max_size=80), st.none() | st.text(max_size=20), st.lists(MENTIONS, max_size=5))
@settings(deadline=None, max_examples=100)
def test_any_text_with_any_mentions_gives_one_answer_an_entity(
    text: str, title: str | None, entities: list[list[Any]]
) -> None:
    found = locate(text, title, entities)
    assert len(found) == len(entities)
    assert all(p is None or 0 < p["place_score"] <= 1 for p in found)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("pattern", ["Paris, ", "A", "New ", "(", "A.", "St. ", "Ga., Springfield "])
def test_long_patterns_and_thousands_of_mentions_end_soon(pattern: str) -> None:
    text = pattern * (1_000_000 // len(pattern))
    springfields = [(f"Springfield{'' if i % 2 else ' ' * (i % 9)}, {i}", i, i + 9) for i in range(5_000)]
    locate(text, text, [[m] for m in springfields] + [[(text, 0, len(text))]])
    assert len(find_named_areas(text)) <= READ


@pytest.mark.timeout(20)
def test_thousands_of_names_end_soon() -> None:
    names = [name.decode() for name in load_gazetteer().names[100_000:103_000]]
    found = locate("", None, [[(name, 0, 0)] for name in names])
    assert sum(map(bool, found)) > 1_000


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_committed_gazetteer_is_what_the_packages_give() -> None:
    unpacked = [
        zstandard.ZstdDecompressor().decompress(data) for data in (PATH.read_bytes(), pack_gazetteer(list_places()))
    ]
    assert unpacked[0] == unpacked[1]


@pytest.mark.parametrize(
    "name", ["Siberia", "Patagonia", "the Middle East", "Scandinavia", "Earth", "Mars", "the Koreas"]
)
def test_a_region_or_planet_is_no_village_of_that_name(name: str) -> None:
    assert area(f"They know {name} well.", name) is None


def test_a_town_has_the_name_of_a_planet_where_its_state_says_so() -> None:
    assert area("A barn burned in Earth, Texas, on Monday.", "Earth") == "US.TX"


def test_a_single_candidate_is_no_certainty() -> None:
    found = place("They left Elmstead.", "Elmstead")
    assert found is None or found["place_score"] < 0.7


@pytest.mark.parametrize(
    ("language", "name", "country"),
    [
        ("en", "Korea", "KR"),
        ("de", "Elfenbeinküste", "CI"),
        ("de", "Island", "IS"),
        ("de", "Frankreichs", "FR"),
        ("fr", "l'Allemagne", "DE"),
        ("fr", "Pays-Bas", "NL"),
        ("es", "EE.UU.", "US"),
        ("es", "Costa de Marfil", "CI"),
        ("ru", "Германии", "DE"),
        ("ru", "Саудовской Аравией", "SA"),
        ("ru", "США", "US"),
    ],
)
def test_a_country_is_known_by_its_name_in_the_language_of_the_text(language: str, name: str, country: str) -> None:
    (found,) = locate(name, None, [[(name, 0, len(name))]], language)
    assert found is not None
    assert (found["country"], found["admin1"]) == (country, None)


def test_korea_is_the_north_where_the_text_speaks_of_it() -> None:
    assert area("Korea protested from Pyongyang.", "Korea", "Pyongyang") == "KP"


def test_a_russian_city_is_known_in_all_cases() -> None:
    (found,) = locate("в Казани", None, [[("Казани", 2, 8)]], "ru")
    assert found is not None
    assert found["country"] == "RU"


@pytest.mark.parametrize(("name", "expected"), [("Laurel County", "US.KY"), ("Boulder City", "US.NV")])
def test_an_article_of_another_language_is_cut_before_a_name_alone(name: str, expected: str) -> None:
    assert area(f"They left {name} on foot.", name) == expected
