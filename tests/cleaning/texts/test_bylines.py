"""Bylines are told from sentences that begin alike, and give their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.texts.bylines import is_byline, read_byline_names


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Ann Hollis and Tobias Brandt", ["Ann Hollis", "Tobias Brandt"]),
        ("By Ann Hollis, Tobias Brandt and Lena Moreau", ["Ann Hollis", "Tobias Brandt", "Lena Moreau"]),
        ("By Ann Hollis, Staff Writer", ["Ann Hollis"]),
        ("Ann Hollis / Staff Writer", ["Ann Hollis"]),
        ("By Ann Hollis | May 3, 2024", ["Ann Hollis"]),
        ("By Ann Hollis in New York", ["Ann Hollis"]),
        ("Von Lena Moreau", ["Lena Moreau"]),
        ("Por Ana María de la Cruz", ["Ana María de la Cruz"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("作者：张三", ["张三"]),
    ],
)
def test_the_names_of_a_byline_are_read(byline: str, people: list[str]) -> None:
    assert is_byline(byline) or not byline.startswith("By")
    assert read_byline_names(byline) == people


@pytest.mark.parametrize("line", ["By Monday the bridge closes", "By Ann Hollis the bridge was built.", "Da lunedì"])
def test_a_word_that_opens_bylines_makes_none_by_itself(line: str) -> None:
    assert not is_byline(line)


@given(
    st.sampled_from(["By ", "Von ", "作者：", ""]), st.lists(st.sampled_from(["Ann", "de", "and", ",", "|", "/", "张"]))
)
def test_a_name_stands_in_its_line_as_it_is(opens: str, words: list[str]) -> None:
    line = opens + " ".join(words)
    assert all(name in line for name in read_byline_names(line))
