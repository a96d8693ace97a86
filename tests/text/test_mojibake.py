"""Text that was decoded wrongly is mended, and sound text is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.mojibake import count_broken, repair_mojibake, repair_old_encoding


def misread(text: str, encoding: str = "cp1252", written: str = "utf-8") -> str:
    """Return the text as its bytes look in another encoding, as browsers decode it."""
    return "".join(bytes((b,)).decode(encoding, "ignore") or chr(b) for b in text.encode(written))


SOUND = [
    "The mayor’s plan – “a café à la carte” – costs €5…",
    "L'été dernier, la mairie a rénové l’école déjà fermée.",
    "Příliš žluťoučký kůň pěl, a są w łodzi źle.",
    "Größe, Übermut und Straße",
    "Совет сказал «да» — и всё.",
    "Το συμβούλιο αποφάσισε",
    "한국어 문장이다",
    "Five stars 😀 ⭐",
]


@pytest.mark.parametrize("text", SOUND)
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_utf_8_read_as_an_old_encoding_is_put_together_again(text: str, encoding: str) -> None:
    assert repair_mojibake(misread(text, encoding)) == text


@pytest.mark.parametrize("text", ["Совет сказал в понедельник — всё.", "the mayor’s café – naïve", "“да”"])
def test_utf_8_read_as_cyrillic_is_put_together_again(text: str) -> None:
    assert repair_mojibake(misread(text, "cp1251")) == text


def test_what_was_read_wrongly_twice_is_mended_too() -> None:
    assert repair_mojibake(misread(misread("the mayor’s café"))) == "the mayor’s café"


def test_a_few_places_in_a_sound_text_are_mended() -> None:
    assert repair_mojibake("Größe und die BÃ¼rger, l’été Ã Paris") == "Größe und die Bürger, l’été à Paris"


@pytest.mark.parametrize(
    "text",
    [
        *SOUND,
        "IRMÔ, AMANHÃ…",
        "o CAFÉ” disse",
        "das „Ä“ und »Ö«",
        "Ça… l’É…”",
        "СІРІ РІЧКИ",
        'I saw "Ã¤" instead of "ä"',
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repair_mojibake(text) == text
    assert repair_old_encoding(text) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Совет согласовал новый мост", "cp1251"),
        ("Совет согласовал новый мост", "koi8-r"),
        ("港务局同意兴建新码头，渔民要求加长", "gbk"),
        ("Το συμβούλιο αποφάσισε να χτίσει", "cp1253"),
        ("המועצה החליטה לבנות גשר", "cp1255"),
    ],
)
def test_words_of_accented_letters_alone_are_another_alphabet(text: str, encoding: str) -> None:
    assert repair_old_encoding(misread(text, written=encoding)) == text


@pytest.mark.parametrize(
    ("text", "count"), [("the mayor\ufffds plan\ufffd", 2), ("Ñîâåò ïîðòà", 2), *((text, 0) for text in SOUND)]
)
def test_what_stays_broken_is_counted(text: str, count: int) -> None:
    assert count_broken(text) == count


@given(st.text(alphabet="ÂÃâ€™œÐÑРСвЂ\x9d ©aА", max_size=30))
def test_any_text_gives_a_text(text: str) -> None:
    assert isinstance(repair_old_encoding(repair_mojibake(text)), str)


@pytest.mark.parametrize("encoding", ["cp1250", "mac_roman", "cp437"])
@pytest.mark.parametrize(
    "text",
    [
        "The mayor’s plan isn’t good, the clerk’s is, and Zoë’s isn’t: that’s it.",
        "Für Müller, Köln und Zürich ist das schön, für Österreich auch.",
    ],
)
def test_utf_8_that_was_read_as_a_rare_encoding_is_mended(text: str, encoding: str) -> None:
    assert repair_mojibake(text.encode().decode(encoding)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Łódź żółć, święta i życie w Gdańsku, łąka, śnieg.",
        "L’été à Noël, cœur, naïveté, façade, où, rêve, été.",
        "港务局同意，工程将于春季开始。 A 一 B 二 C 三 D 四 E 五 F 六.",
        "café – “déjà vu” — £100, 5°C, ½, © 2026, ™, ®.",
    ],
)
def test_sound_text_is_read_as_no_rare_encoding(text: str) -> None:
    assert repair_mojibake(text) == text
    assert count_broken(text) == 0


def test_a_mark_of_a_rare_encoding_that_cannot_be_mended_is_counted() -> None:
    assert count_broken("the mayor‚Äôs plan") == 1


def test_vietnamese_vowels_are_mended_one_by_one() -> None:
    assert repair_mojibake("phá»‘ Hà Nội, má»™t ngày") == "phố Hà Nội, một ngày"
    assert repair_mojibake("«está»… y «será» — sí") == "«está»… y «será» — sí"
