from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.checks.indicators.counts import count_letters, count_letters_of_script, count_tokens

WORDS = [
    "Dies",
    "ist",
    "ein",
    "Satz",
    "и",
    "слово",
    "日本",
    "ひと",
    "ñandú",
    "e\u0301",
    "42",
    "–",
    "\u00a0",
    "\u200b",
    "𝒳",
]
TEXTS = st.lists(
    st.sampled_from([*WORDS, " ", "\n", "\t", "  "]) | st.text(max_size=3).filter(lambda t: "\x0b" not in t)
)


@pytest.mark.parametrize(
    ("count", "pattern"),
    [
        (count_letters, r"\pL"),
        (lambda texts: count_letters_of_script(texts, r"\p{Latin}"), r"\p{Latin}"),
        (lambda texts: count_letters_of_script(texts, r"\p{Han}\p{Hiragana}"), r"[\p{Han}\p{Hiragana}]"),
        (count_tokens, r"\S+"),
    ],
    ids=["letters", "letters of a script", "letters of two scripts", "tokens"],
)
@given(pieces=st.lists(TEXTS, min_size=1, max_size=4))
def test_counts_are_those_of_the_pattern(
    count: Callable[[pa.ChunkedArray], pa.ChunkedArray], pattern: str, pieces: list[list[str]]
) -> None:
    texts = pa.chunked_array([pa.array(["".join(each) for each in pieces] + ["", None], pa.large_string())])
    assert count(texts).to_pylist() == pc.count_substring_regex(texts, pattern).to_pylist()
