import re
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.quotes import find_quotes
from pipelines.enrichments.quotes.cues import load_grammar
from pipelines.enrichments.quotes.marks import find_marked
from pipelines.enrichments.quotes.speakers import find_first_subject

PIECES = st.sampled_from([
    "“", "”", '"', "''", "«", "»", "„", "‘", "’", "'", "\n", "\n\n", " ", ", ", ". ", ": ", "? ", "—", "(", " \u00a0",
    "said ", " said", "says that ", "according to ", "Anna Schmidt", "Schmidt", "Mr. Hill", "he", " she ", "5'10", "İ",
    "the minister ", "The harvest was poor,", "we will not pay for this ", "adding ", "on Monday", "told reporters ",
    "😀", "\x00", "Dr. Frost, ",
])  # fmt: skip
TEXTS = st.text(max_size=200) | st.lists(PIECES, max_size=60).map("".join)
LANGUAGES = st.sampled_from(["en", "de", "fr", "es", "ru", "en-GB"])


def entity(text: str, name: str, *written: Any, kind: str = "person") -> dict[str, Any]:
    found = re.finditer("|".join(map(re.escape, (name, *written))), text)
    return {"kind": kind, "name": name, "mentions": [{"text": m[0], "start": m.start(), "end": m.end()} for m in found]}


def rows_of(text: str, language: str, entities: Sequence[Any]) -> list[dict[str, Any]]:
    rows = find_quotes(text, language=language, entities=entities)
    assert isinstance(rows, list)
    return [dict(row) for row in rows]


def quotes(text: str, language: str = "en", entities: tuple[()] = ()) -> list[tuple[Any, Any, Any, Any]]:
    rows = find_quotes(text, language, entities)
    assert isinstance(rows, list)
    return [(row["kind"], row["text"], row["speaker"], row["verb"]) for row in rows]


def speakers(text: str, *entities: Any) -> list[Any]:
    return [row["entity"] for row in rows_of(text, "en", entities)]


@settings(deadline=None, max_examples=400)
@given(text=TEXTS, language=LANGUAGES)
def test_every_value_stands_where_it_says_and_no_quotation_overlaps_another(text: Any, language: str) -> None:
    people = [entity(text, "Anna Schmidt", "Schmidt"), entity(text, "Mr. Hill"), entity(text, "Monday", kind="other")]
    before = 0
    for row in rows_of(text, language, people):
        assert before <= row["start"] < row["end"]
        before = row["end"]
        assert row["text"] == text[row["start"] : row["end"]] == row["text"].strip()
        for name in ("verb", "speaker"):
            start, end = row[f"{name}_start"], row[f"{name}_end"]
            assert (row[name] is None) == (start is None) == (end is None)
            assert row[name] is None or (row[name] and row[name] == text[start:end])
            assert start is None or end <= row["start"] or start >= row["end"]
        assert row["speaker"] is None or row["speaker"][0].isalnum()
        assert row["entity"] in (None, 0, 1)
        assert 0 <= row["quote_score"] <= 1


@pytest.mark.parametrize(
    ("text", "quote", "speaker", "verb"),
    [
        ("“The harvest was poor,” said Anna Schmidt.", "The harvest was poor,", "Anna Schmidt", "said"),
        ('"We will not pay," Tom Hill, the mayor, later added.', "We will not pay,", "Tom Hill", "added"),
        ("Anna Schmidt told reporters: “Nobody asked us before.”", "Nobody asked us before.", "Anna Schmidt", "told"),
        ("''It rained for nine days,'' said the old ferryman.", "It rained for nine days,", "the old ferryman", "said"),
    ],
)  # fmt: skip
def test_a_speaker_stands_before_or_after_what_was_said(text: str, quote: str, speaker: str, verb: str) -> None:
    assert quotes(text) == [("direct", quote, speaker, verb)]


def test_a_quotation_split_by_its_speaker_gives_two_rows_of_one_speaker() -> None:
    text = "“The bridge is old,” Anna Schmidt said. “It has to be closed before the winter comes.”"
    assert [row[1:3] for row in quotes(text)] == [
        ("The bridge is old,", "Anna Schmidt"),
        ("It has to be closed before the winter comes.", "Anna Schmidt"),
    ]


def test_a_quotation_goes_on_where_the_next_paragraph_opens_with_its_mark() -> None:
    text = "Anna Schmidt said: “The first winter was mild.\n\n“The second one was not.”\n\nNobody answered."
    assert quotes(text) == [
        ("direct", "The first winter was mild.\n\n“The second one was not.", "Anna Schmidt", "said"),
    ]


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    marked = find_marked("She said: “It never ends.\n\nThe council met on Friday.")
    assert [(one.start, one.end, one.closed) for one in marked] == [(11, 25, False)]


def test_marks_within_marks_stay_inside_them() -> None:
    text = "“He only told us ‘be careful out there’ and then left,” said Tom Hill."
    assert quotes(text) == [("direct", "He only told us ‘be careful out there’ and then left,", "Tom Hill", "said")]


def test_inches_close_no_quotation() -> None:
    text = '"He is 6\'2" tall and still growing fast," said Tom Hill.'
    assert [row[1] for row in quotes(text)] == ["He is 6'2\" tall and still growing fast,"]


def test_titles_and_ironic_words_in_marks_are_nobodys_words() -> None:
    assert quotes("The library bought a copy of “Winter on the Island” for its new reading room.") == []
    assert quotes("The town has two “experts” and one plough.") == []


def test_what_is_reported_without_marks_is_indirect() -> None:
    assert quotes("Anna Schmidt said that the bridge would be closed for two years.") == [
        ("indirect", "that the bridge would be closed for two years", "Anna Schmidt", "said")
    ]


def test_a_description_speaks_in_the_second_sentence_as_in_the_first() -> None:
    text = "It rained. The old ferryman said that the dam was safe."
    assert [row[1:3] for row in quotes(text)] == [("that the dam was safe", "The old ferryman")]


def test_a_reported_clause_with_words_in_marks_is_mixed() -> None:
    assert quotes("Anna Schmidt said that the bridge was “a danger to all” who use it.") == [
        ("mixed", "that the bridge was “a danger to all” who use it", "Anna Schmidt", "said")
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tom Lee never said that the dam was safe."),
        ("en", "Tom Lee did not say that the dam was safe."),
        ("en", "Tom Lee hasn’t even said that the dam was safe."),
        ("en", "Tom Lee refused to say that the dam was safe."),
        ("en", "Nor did Tom Lee say that the dam was safe."),
        ("en", "Tom Lee has yet to say that the dam was safe."),
        ("en", "Tom Lee neither said that the dam was safe nor came."),
        ("en", "Tom Lee spoke for an hour without saying that the dam was safe."),
        ("en", "Tom Lee denied that the dam was safe for the town."),
        ("en", "The dam was safe for the town, Tom Lee never said."),
        ("fr", "Anne Dupont n'a jamais dit que le pont était sûr."),
        ("es", "Ana Gómez no dijo que el puente era seguro."),
    ],
)
def test_what_somebody_did_not_say_is_nobodys_words(language: str, text: str) -> None:
    assert quotes(text, language) == []


@pytest.mark.parametrize(
    "text",
    [
        "Tom Lee, who had not won, said that the dam was safe.",
        "Tom Lee not only said that the dam was safe.",
        "Tom Lee did not come but said that the dam was safe.",
    ],
)
def test_a_negation_of_something_else_denies_no_report(text: str) -> None:
    assert [row[:2] for row in quotes(text)] == [("indirect", "that the dam was safe")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tom Lee said yesterday it would not pay.", "it would not pay"),
        ("Tom Lee said yesterday was a bad day.", "yesterday was a bad day"),
    ],
)
def test_when_it_was_said_is_no_part_of_what_was_said(text: str, said: str) -> None:
    assert [row[1] for row in quotes(text)] == [said]


@pytest.mark.parametrize("verb", ["told", "asked", "warned", "assured"])
def test_the_one_who_is_told_says_nothing(verb: str) -> None:
    assert quotes(f"The president of the bank, Ann Lee, {verb} the Harbour Times in London.") == []


def test_a_verb_before_its_speaker_ends_what_is_reported() -> None:
    assert quotes("The bridge will be closed in May, said Ann Lee.") == [
        ("indirect", "The bridge will be closed in May", "Ann Lee", "said")
    ]


@pytest.mark.parametrize(
    ("language", "text", "speaker", "verb"),
    [
        ("de", "„Die Brücke ist alt und muss gesperrt werden“, sagte Anna Schmidt am Montag.", "Anna Schmidt", "sagte"),
        ("fr", "« Le pont est vieux et doit être fermé », a déclaré Anne Dupont.", "Anne Dupont", "déclaré"),
        ("es", "«El puente es viejo y hay que cerrarlo», dijo Ana Gómez.", "Ana Gómez", "dijo"),
        ("ru", "«Мост старый, и его надо закрыть», — сказала Анна Волкова.", "Анна Волкова", "сказала"),
    ],
)
def test_other_languages_have_marks_and_verbs_of_their_own(language: str, text: str, speaker: str, verb: str) -> None:
    assert [row[2:] for row in quotes(text, language)] == [(speaker, verb)]


def test_a_language_without_lists_is_skipped() -> None:
    assert find_quotes("「橋は古い」", "ja", []) == find_quotes("“So be it,” she said.", None, []) == "language"


def test_a_last_name_is_the_one_entity_that_bears_it() -> None:
    text = "“The bridge is old and has to be closed,” Schmidt said."
    assert speakers(text, {"kind": "person", "name": "Anna Schmidt", "mentions": []}) == [0]


def test_a_last_name_that_two_bear_is_nobodys() -> None:
    text = "“The bridge is old and has to be closed,” Schmidt said."
    anna, karl = ({"kind": "person", "name": f"{name} Schmidt", "mentions": []} for name in ("Anna", "Karl"))
    assert speakers(text, anna, karl) == [None]


def test_a_pronoun_is_the_only_person_named_before() -> None:
    text = "Anna Schmidt came to Oslo by train.\n\n“The bridge is old and has to be closed,” she said."
    assert speakers(text, entity(text, "Oslo", kind="place"), entity(text, "Anna Schmidt")) == [1]


def test_a_pronoun_is_not_whom_a_title_rules_out() -> None:
    text = "Mr. Hill met Mrs. Schmidt in Oslo.\n\n“The bridge is old and has to be closed,” she said."
    assert speakers(text, entity(text, "Hill"), entity(text, "Schmidt")) == [1]


def test_he_is_not_whom_she_was() -> None:
    text = "Anna Schmidt met Tom Hill in Oslo. “We agreed on the bridge,” she said. “Not at all, I think,” he said."
    assert speakers(text, entity(text, "Anna Schmidt"), entity(text, "Tom Hill")) == [0, 1]


def test_he_is_nobody_where_only_she_was_named() -> None:
    text = "Anna Schmidt came to Oslo. “We agreed on the bridge,” she said. “Not at all, I think,” he said."
    assert speakers(text, entity(text, "Anna Schmidt")) == [0, None]


def test_a_title_before_a_name_keeps_its_full_stop() -> None:
    grammar = load_grammar("en")
    assert grammar is not None
    assert find_first_subject("Dr. Alan Frost came", 0, 19, grammar) == (0, 14)


def test_a_description_is_whom_it_stands_beside() -> None:
    text = "Tom Hill, the mayor, met Anna Schmidt.\n\n“The bridge is old and has to be closed,” the mayor said."
    assert speakers(text, entity(text, "Anna Schmidt"), entity(text, "Tom Hill")) == [1]


def test_a_place_does_not_speak() -> None:
    text = "“The bridge is old and has to be closed,” said Paris."
    assert speakers(text, entity(text, "Paris", kind="place")) == [None]


@pytest.mark.parametrize(
    "pattern",
    [
        '"', "“", "”", "'", "''", "«", "„ ", '" ', ' "a', "“a” ", '"A b c d," he said. ', "said ", "Anna ", "A. ",
        "the ", "according to ", "he, x, ", "A (b) ", "Schmidt, the ", "x\n", "\n", " ", "a, ", "-", "A-", "that ",
        '\n"', "a’", "“ ‘", "of the a ", "\u00a0", "Mr. ", "said Anna the ", "saying ", "who said ", "A’s ", ".", "?!”",
        "Anna said that he came to her. ", '“He came,” she said, and Anna, he said, was “not well”. ',
    ],
)  # fmt: skip
def test_a_megabyte_of_one_pattern_takes_seconds(pattern: str) -> None:
    text = pattern * (1_000_000 // len(pattern))
    people = [entity(text[:100_000], "Anna"), entity(text[:100_000], "Schmidt")]
    began = time.process_time()
    find_quotes(text, "en", people)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("de", "Nach dem Streit um den Hafen sagte Lorenz: „Wir bauen die Brücke im Herbst zu Ende.“", "Lorenz"),
        ("de", "Im Rat erklärte die Ministerin: „Wir bauen die Brücke im Herbst zu Ende.“", "die Ministerin"),
        ("de", "Trotz des Regens meint Fischer Ole Timm: „Der Fang war gut wie nie.“", "Fischer Ole Timm"),
        ("de", "„Der Fang war gut wie nie“, so ein Sprecher.", "ein Sprecher"),
        ("de", "Gestern kam die Post. „Wir haben alles versucht, was es gab.“ Damit endete der Streit.", None),
        ("fr", "« Nous avons perdu trois bateaux », raconte-t-il.", "il"),
        ("fr", "« Nous avons perdu trois bateaux », ont-elles répondu.", "elles"),
        ("fr", "« Nous avons perdu trois bateaux », a déclaré la maire de Brolles.", "la maire de Brolles"),
        ("fr", "Selon le patron du port, « rien ne sera vendu avant l'été ».", "le patron du port"),
        ("es", "«No vamos a vender el puerto este año», explicó la alcaldesa.", "la alcaldesa"),
        ("es", "«No vamos a vender nada», lamentó el jefe de Torral, Luis Pardo.", "Luis Pardo"),
        ("es", "En Torral, la portavoz del puerto dijo: «No habrá barcos en otoño».", "la portavoz del puerto"),
        ("es", "Según explicó la alcaldesa, el puerto costará cuarenta millones.", "la alcaldesa"),
        ("ru", "Вчера в порту министр сообщил: «Работы начнутся весной».", "министр"),
        ("ru", "«Порт готов к работе», — сказал он журналистам.", "он"),
    ],
)
def test_outside_english_an_entity_a_pronoun_or_a_role_speaks_beside_a_verb(
    language: str, text: str, speaker: str | None
) -> None:
    assert [found for _, _, found, _ in quotes(text, language)] == [speaker]


def test_the_score_of_a_speaker_says_how_sure_it_is() -> None:
    text = "„Der Fang war gut wie nie“, sagte {}."
    role, name = (rows_of(text.format(who), "de", [])[0]["speaker_score"] for who in ("der Minister", "Timm"))
    (found,) = rows_of(text.format("Timm"), "de", [entity(text.format("Timm"), "Timm")])
    assert name < role < found["speaker_score"]


def test_a_quotation_without_a_speaker_has_no_score_of_one() -> None:
    text = "Gestern kam die Post. „Wir haben alles versucht, was es gab.“ Damit endete der Streit."
    assert [row["speaker_score"] for row in rows_of(text, "de", [])] == [None]


@pytest.mark.parametrize(("language", "text"), [
    ("de", "Lorenz sagte, dass der Hafen im Winter geschlossen bleibt."),
    ("ru", "Песков заявил, что переговоры начнутся в понедельник утром."),
])  # fmt: skip
def test_a_clause_behind_a_comma_is_reported(language: str, text: str) -> None:
    assert [kind for kind, *_ in quotes(text, language)] == ["indirect"]


@pytest.mark.parametrize(
    "text",
    [
        "On Monday, Ann Poll, the owner, and Ted Ray, her driver, testified before the old Harbour Committee.",
        "Dr. Ann Poll appeared before the Harbour Committee on Monday, and the owners argued with the drivers.",
    ],
)
def test_who_speaks_before_a_committee_is_not_quoted(text: str) -> None:
    assert quotes(text) == []


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_a_french_verb_of_speech_may_be_elided_with_either_apostrophe(apostrophe: str) -> None:
    text = f"« Personne ne veut voir ce qui se passe ici », s{apostrophe}indigne Claire Dumont."
    assert [row["speaker"] for row in rows_of(text, "fr", ())] == ["Claire Dumont"]
