"""Bytes in, characters out."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.decode import decode

ENGLISH = "The council voted on Thursday to rebuild the old bridge."
JAPANESE = "議会は木曜日に古い橋を再建することを決めた。"
CHINESE = "议会星期四投票决定重建河上的旧桥。"
RUSSIAN = "Совет проголосовал за новый мост через реку."


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        (ENGLISH, "utf-16-le", "utf-16le"),
        (ENGLISH, "utf-16-be", "UTF-16BE"),
        (ENGLISH, "utf-16-be", "utf-16"),
        (ENGLISH, "utf-16-le", "unicode"),
        (ENGLISH, "utf-32-le", "utf-32"),
        (ENGLISH, "utf-32-be", "utf-32be"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        ("ﾊｼ" + JAPANESE, "iso2022_jp_ext", "iso-2022-jp"),
        (CHINESE, "hz", "hz-gb-2312"),
    ],
)
def test_a_header_wins_over_utf_8_that_holds_only_by_accident(text: str, encoding: str, label: str) -> None:
    assert decode(text.encode(encoding), label) == text


def test_the_shifts_of_iso_2022_jp_declare_it() -> None:
    assert decode(JAPANESE.encode("iso2022_jp")) == JAPANESE


@pytest.mark.parametrize("label", ["utf-16", "utf-32", "iso-2022-jp", "hz-gb-2312", "windows-1252", "nonsense"])
def test_a_wrong_header_does_not_spoil_valid_utf_8(label: str) -> None:
    assert decode(f"{ENGLISH} {JAPANESE}".encode(), label) == f"{ENGLISH} {JAPANESE}"
    assert decode(ENGLISH.encode(), label) == ENGLISH


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        (JAPANESE, "cp932", "x-sjis"),
        (JAPANESE, "cp932", "windows-31j"),
        (JAPANESE, "euc_jp", "x-euc-jp"),
        (CHINESE, "gbk", "x-gbk"),
        (CHINESE, "gbk", "GB_2312-80"),
        ("สภาเมืองลงมติสร้างสะพานใหม่", "cp874", "windows-874"),
        ("시의회는 다리를 다시 짓기로 했다", "cp949", "windows-949"),
        (RUSSIAN, "cp1251", "x-cp1251"),
        (RUSSIAN, "mac-cyrillic", "x-mac-cyrillic"),
        (RUSSIAN, "koi8-r", "koi8"),
        ("המועצה החליטה לבנות גשר", "iso8859-8", "iso-8859-8-i"),
        ("Rada přestaví most přes řeku", "iso8859-2", "iso88592"),
    ],
)
def test_labels_of_the_web_are_known(text: str, encoding: str, label: str) -> None:
    assert decode(text.encode(encoding), label) == text
    page = f"<meta charset={label}><p>{text}".encode(encoding)
    assert decode(page) == f"<meta charset={label}><p>{text}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_goes_before_all_else(encoding: str) -> None:
    mark = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE,
            "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE}[encoding]  # fmt: skip
    assert decode(mark + ENGLISH.encode(encoding), "windows-1251") == ENGLISH


def test_what_reads_as_ascii_is_not_the_utf_16_that_it_declares() -> None:
    page = "<meta charset=utf-16><p>Größe und Übermut"
    assert decode(page.encode("cp1252") + b" " * 3, "windows-1252") == page + "   "
    assert decode(page.encode("cp1252")) == page


SCRIPTS = b"<script>" + b"var a = 1; " * 2_000 + b"</script>"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("La mairie a décidé de rénover l’école, fermée depuis l’été dernier.", "cp1252"),
        ("El alcalde anunció que el año próximo se reconstruirá el muelle dañado.", "cp1252"),
        ("Der Bürgermeister möchte die Brücke über den Fluß zügig erneuern.", "cp1252"),
        ("“It’s time,” the mayor’s office said – and closed the bridge.", "cp1252"),
        ("Rada miasta zgodziła się na budowę mostu, który połączy obie części.", "cp1250"),
        ("Zastupitelé schválili přestavbu mostu přes řeku, který je už půl roku zavřený.", "iso8859-2"),
        ("A képviselők megszavazták az új híd építését, amely jövő őszre készül el.", "cp1250"),
        ("Belediye başkanı köprünün yeniden yapılacağını söyledi; çalışmalar ağustosta başlıyor.", "cp1254"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("Міська рада проголосувала за новий міст через річку, який з'єднає обидва береги.", "cp1251"),
        ("Το συμβούλιο αποφάσισε να ξαναχτίσει τη γέφυρα πάνω από το ποτάμι.", "cp1253"),
        ("המועצה החליטה לבנות מחדש את הגשר הישן שמעל הנהר.", "cp1255"),
        ("قرر المجلس إعادة بناء الجسر القديم فوق النهر هذا العام.", "cp1256"),
        ("สภาเมืองลงมติสร้างสะพานใหม่ข้ามแม่น้ำ", "cp874"),
        (CHINESE, "gbk"),
        ("議會星期四投票決定重建河上的舊橋。", "big5"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        ("시의회는 강 위의 낡은 다리를 다시 짓기로 했다.", "cp949"),
    ],
)
@pytest.mark.parametrize("header", [None, "utf-8", "iso-8859-1"])
def test_the_text_tells_its_encoding_against_header_page_and_scripts(
    text: str, encoding: str, header: str | None
) -> None:
    page = b"<html><meta charset=utf-8>" + SCRIPTS + b"<p>" + text.encode(encoding)
    assert (decode(page, header) or "").endswith(text)


@pytest.mark.parametrize(
    "sentence", ["Совет решил построить новый мост. ", "Река вышла из берегов. ", "Теперь здесь мост. "]
)
def test_one_capital_that_comes_again_does_not_make_another_alphabet(sentence: str) -> None:
    assert decode((sentence * 9).encode("cp1251"), "utf-8") == sentence * 9


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "windows-1250", "koi8-r"])
def test_a_label_that_any_bytes_satisfy_does_not_overrule_the_text(label: str) -> None:
    page = f"<meta charset=windows-1251><p>{RUSSIAN}"
    assert decode(page.encode("cp1251"), label) == page


def test_a_label_decides_where_the_text_leaves_it_open() -> None:
    assert decode("Größe".encode("cp1250"), "windows-1250") == "Größe"
    assert decode("\xf5".encode("cp1257"), "windows-1257") == "õ"


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        (b"the mayor\x92s plan", "the mayor’s plan"),
        (b"a caf\xe9 on the quay", "a café on the quay"),
        (b"smile \xed\xa0\xbd\xed\xb8\x80", "smile 😀"),
        (b"cut in tw\xe2\x80", "cut in tw\ufffd"),
    ],
)
def test_bytes_of_another_hand_in_utf_8_are_mended(broken: bytes, mended: str) -> None:
    around = "Größe, Übermut, Straße: "
    assert decode(around.encode() + broken) == around + mended


def test_broken_bytes_of_a_script_do_not_spoil_the_text() -> None:
    page = b"<script>// " + b"\xe9" * 50 + b"</script><p>" + JAPANESE.encode()
    assert (decode(page) or "").endswith(JAPANESE)


def test_a_byte_order_mark_behind_white_space_is_one() -> None:
    assert decode(b"\r\n" + codecs.BOM_UTF8 + b"Stra\xc3\x9fe \xe9", "windows-1251") == "Straße \ufffd"


def test_bytes_of_no_text_are_none() -> None:
    assert decode(b"\x00\x01\x02\x03" * 100, "utf-16") is None


@given(st.binary(max_size=200), st.sampled_from(["utf-16", "utf-32", "hz", "iso-2022-jp", "x-mac-cyrillic", "", None]))
def test_any_bytes_give_text_or_none(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, charset), str | None)


RUSSIAN = "Паром опоздал на три часа, и никто на пристани не знал, почему он опоздал и когда придёт следующий."


@pytest.mark.parametrize("body", [RUSSIAN, f"<html><p>{RUSSIAN}</p></html>"])
def test_utf_7_is_known_by_what_its_shifts_make(body: str) -> None:
    assert decode(body.encode("utf-7")) == body


@pytest.mark.parametrize(
    "text",
    ["1 + 1 = 2, a+b, c+++d", "call +441632960000 or +441632960001 now, " * 4, "see a.example/?q=tea+milk+sugar " * 9],
)
def test_a_plus_is_no_shift(text: str) -> None:
    assert decode(text.encode()) == text


def test_western_text_of_dos_is_read_without_a_declaration() -> None:
    text = "Le conseil a décidé lundi de rénover l'école, a déclaré la présidente après une longue séance à la mairie."
    assert decode(text.encode("cp850")) == text
