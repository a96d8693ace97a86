import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cleaning import clean_text
from pipelines.enrichments.entities import find_entities
from pipelines.enrichments.models import MODELS, find_model
from pipelines.text.limits import MAX_CHARACTERS

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "sample" / "moscow-times.txt"


def needs(language: str) -> pytest.MarkDecorator:
    absent = not any(find_spec(package.name) for package in MODELS[language])
    return pytest.mark.skipif(absent, reason=f"no model for {language} is installed")


def entities(text: str, title: str | None = None, language: str | None = "en") -> Any:
    return find_entities([(text, title, language)])[0]


def names(text: str, language: str = "en") -> dict[str, Any]:
    return {entity["name"]: entity["kind"] for entity in entities(text, None, language)}


def mentions(text: str, name: str, language: str = "en") -> list[Any]:
    return [
        m["text"] for entity in entities(text, None, language) if entity["name"] == name for m in entity["mentions"]
    ]


WORDS = st.sampled_from([
    "Angela Merkel", "Merkel", "the United Nations", "(UN)", "UN's", "Mr. Bo Li", "in", "Paris", "said", "The", "\n\n",
    "NATO,", "İstanbul", "\ud800", "\xa0", "“Anna", "Smith”", "McDonald’s", "U.S.", "x" * 70, "ß", "😀",
])  # fmt: skip


@needs("en")
@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=300) | st.lists(WORDS, max_size=60).map(" ".join), title=st.none() | st.text(max_size=20))
def test_every_mention_is_written_where_it_says_and_in_one_entity_only(text: Any, title: str | None) -> None:
    found = entities(text, title)
    spans = [(m["start"], m["end"]) for entity in found for m in entity["mentions"]]
    assert len(set(spans)) == len(spans)
    for entity in found:
        assert all(text[m["start"] : m["end"]] == m["text"] for m in entity["mentions"])
        assert entity["mentions"] == sorted(entity["mentions"], key=lambda m: m["start"])
        assert entity["mention_count"] == len(entity["mentions"])
        assert entity["name"] in text
        assert 0 < entity["salience_score"] <= 1
    starts = [entity["mentions"][0]["start"] for entity in found]
    assert starts == sorted(starts)


@needs("en")
def test_a_surname_is_the_person_whose_full_name_stands_in_the_text() -> None:
    text = "The talks were led by Angela Merkel in Berlin. Later Merkel said that she was content."
    assert mentions(text, "Angela Merkel") == ["Angela Merkel", "Merkel"]


@needs("en")
def test_a_name_that_the_model_ends_within_a_bracket_is_the_one_of_its_acronym() -> None:
    text = "The World Health Organization (WHO) said on Monday that cases rose. WHO officials left."
    assert names(text) == {"World Health Organization (WHO)": "organisation"}


@needs("en")
def test_the_name_is_the_long_form_with_its_acronym_where_the_text_says_so() -> None:
    text = "The North Atlantic Treaty Organization (NATO) met in Brussels. Officials of NATO declined to comment."
    long = "North Atlantic Treaty Organization (NATO)"
    assert mentions(text, long)[0] == "North Atlantic Treaty Organization"
    assert mentions(text, long)[-1] == "NATO"
    assert names(text)[long] == "organisation"


@needs("en")
def test_a_name_has_neither_article_nor_possessive() -> None:
    text = "She joined the United Nations in 1999. The report praised Angela Merkel's government."
    assert {"United Nations", "Angela Merkel"} <= names(text).keys()


@needs("en")
def test_an_overlooked_full_name_is_a_mention_too() -> None:
    text = "Maria Jensen lives in Copenhagen.\nMaria Jensen\nMaria Jensen told reporters that she would sing."
    assert len(mentions(text, "Maria Jensen")) == 3


@needs("en")
def test_no_mention_reaches_over_a_line() -> None:
    assert not any(
        "\n" in m["text"] for e in entities("Regards,\nPaul Brown\nAcme Corp\nLondon") for m in e["mentions"]
    )


@needs("en")
def test_what_the_headline_names_weighs_more() -> None:
    text = "Angela Merkel met Emmanuel Macron in Paris on Monday."
    plain, titled = (entities(text, title)[0]["salience_score"] for title in (None, "Angela Merkel in Paris"))
    assert titled == pytest.approx(plain + 0.2)


@needs("fr")
def test_french_is_read() -> None:
    text = "Emmanuel Macron a rencontré Angela Merkel à Berlin. Macron est ensuite reparti pour Paris."
    assert mentions(text, "Emmanuel Macron", "fr") == ["Emmanuel Macron", "Macron"]


@needs("ru")
def test_an_inflected_russian_surname_is_the_same_person() -> None:
    text = "Сергей Лавров прибыл в Москву. С Лавровым говорили журналисты."
    assert mentions(text, "Сергей Лавров", "ru") == ["Сергей Лавров", "Лавровым"]


@pytest.mark.parametrize("language", [None, "", "ja", "it"])
def test_a_language_without_a_model_is_skipped_with_its_reason(language: str | None) -> None:
    assert entities("Angela Merkel", None, language) == "language"


def test_a_language_whose_package_is_absent_is_skipped_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "xx", ())
    assert entities("Angela Merkel", None, "xx") == "language model absent"


@needs("en")
def test_an_article_is_read_alike_alone_and_among_others() -> None:
    articles = [("Angela Merkel met Emmanuel Macron in Paris.", None, "en"), ("NATO met in Brussels.", "NATO", "en-GB")]
    assert find_entities(articles) == [find_entities([article])[0] for article in articles]


@needs("en")
@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern", ["((", "(( ", "😀", "$€ ", "Bo (BO) ", "'s ", "Al Bo Cy ", "x", "\n", "A.", "\ud800"]
)
def test_a_megabyte_of_any_pattern_is_read_in_bounded_time(pattern: str) -> None:
    began = time.process_time()
    found = entities(pattern * (1_000_000 // len(pattern)))
    assert time.process_time() - began < 40  # 2 to 8 s where nothing else runs
    assert all(m["end"] <= MAX_CHARACTERS for entity in found for m in entity["mentions"])


@needs("en")
@pytest.mark.skipif(not SAMPLE.exists(), reason=f"{SAMPLE} is not there")
def test_the_sample_names_whom_it_is_about() -> None:
    found = names(clean_text(SAMPLE.read_bytes()).text or "")
    persons = {"Sergei Lavrov": "person", "Anders Fogh Rasmussen": "person"}
    assert ({"NATO": "organisation", "Crimea": "place"} | persons).items() <= found.items()


@needs("en")
@pytest.mark.skipif(not SAMPLE.exists(), reason=f"{SAMPLE} is not there")
def test_the_caption_of_the_sample_names_lavrov() -> None:
    (caption,) = clean_text(SAMPLE.read_bytes()).captions
    assert {"Sergei Lavrov": "person", "Moscow": "place"}.items() <= names(caption).items()


def test_every_package_that_is_installed_is_the_one_that_was_measured() -> None:
    for packages in MODELS.values():
        for package in packages:
            find_model(package)


@needs("en")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yesterday Rosa Kellner 6-2, 7-5 beat Ines Vardy in Oslo. Kellner was tired.", ["Rosa Kellner", "Kellner"]),
        ("Rosa Kellner, 34, lives in Oslo.", ["Rosa Kellner"]),
    ],
)
def test_figures_end_a_name(text: str, expected: list[str]) -> None:
    assert mentions(text, "Rosa Kellner") == expected


@needs("en")
def test_the_names_of_one_place_are_one_entity() -> None:
    text = "Britain voted in June. The U.K. was divided, and people in the United Kingdom waited for the UK to decide."
    assert names(text) == {"United Kingdom": "place"}
    assert len(mentions(text, "United Kingdom")) == 4


@needs("ru")
def test_a_russian_name_in_any_case_is_called_by_its_nominative() -> None:
    text = "С Марией Захаровой говорили в Москве. Мария Захарова уехала. О Марии Захаровой писали."
    assert mentions(text, "Мария Захарова", "ru") == ["Марией Захаровой", "Мария Захарова", "Марии Захаровой"]
