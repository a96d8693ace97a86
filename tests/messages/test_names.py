"""Names of publishers: one for each, in every script."""

from re import fullmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.messages.names import derive_source_name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("https://www.Example.com:8080/a?b", "example.com"),
        ("www.taz.de", "taz.de"),
        ("taz.de/politik", "taz.de"),
        ("The Daily News", "the-daily-news"),
        ("//example.org/a", "example.org"),
        ("news_desk", "news_desk"),
        ("https://[broken", None),
        ("news%Desk", "news-desk"),
        ("24/7 News", "24-7-news"),
        ("Vesti: evening", "vesti--evening"),
        ("urn:crawler", "crawler"),
        ("urn:paper:north", "paper-north"),
        ("/", None),
        ("…", None),
        ("", None),
        (None, None),
    ],
)
def test_a_publisher_has_one_plain_name(value: str | None, name: str | None) -> None:
    assert derive_source_name(value) == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("https://www.zeitung-köln.example/a", "xn--zeitung-kln-zfb.example"),
        ("xn--zeitung-kln-zfb.example", "xn--zeitung-kln-zfb.example"),
        ("zeitung-ko\u0308ln.example", "xn--zeitung-kln-zfb.example"),
        ("https://%D0%BA%D1%80%D0%B0%D0%B9.example", "xn--80asby.example"),
        ("край.example", "xn--80asby.example"),
        ("Ñandú", "xn--and-6ma2c"),
        ("Ｔａｚ", "taz"),
    ],
)
def test_names_and_hosts_beyond_ascii_are_written_as_in_dns(value: str, name: str) -> None:
    assert derive_source_name(value) == name


def test_no_two_publishers_share_a_name_whatever_their_script_or_length() -> None:
    names = [
        "Вечерний край",
        "Утренний край",
        "北方日报",
        "南方日报",
        "हिन्द",
        "हिन्दी",
        "خبر",
        "And",
        "Ñandú",
        "x" * 120,
        "x" * 121,
    ]
    assert len({derive_source_name(name) for name in names}) == len(names)


def test_the_same_name_in_other_code_points_is_the_same() -> None:
    assert derive_source_name("Señal") == derive_source_name("Sen\u0303al\u200b")


@given(st.text())
def test_a_publisher_s_name_fits_the_column_of_the_tables(value: str) -> None:
    name = derive_source_name(value)
    assert name is None or fullmatch(r"[a-z0-9][a-z0-9._-]{0,99}", name)
