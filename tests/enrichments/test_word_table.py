from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from pipelines.enrichments.word_table import PADDING, WordTable


@pytest.fixture(scope="module")
def pipeline() -> Any:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("ner").add_label("PERSON")  # type: ignore[attr-defined]
    pipeline.initialize()
    return pipeline


@pytest.fixture(scope="module")
def table(pipeline: Any) -> WordTable:
    return build(pipeline)


def build(pipeline: Any, most_words: int = 1_000) -> WordTable:
    encoded, *_ = pipeline.get_pipe("ner").model.get_ref("tok2vec").layers
    return WordTable(pipeline, encoded.layers[0], most_words)


def cut(table: WordTable, line: str) -> list[str]:
    (rows,) = table.find_rows([line])
    return [line[start:end] for start, end in table.locate_tokens(line, rows)]


PIECES = st.text(":;()-=8DPox'.</\\>3[]|_^*", max_size=4) | st.sampled_from(
    [" ", "  ", "co.", "Mr.", "we're", "\t", "10a.m."]
)
LINES = st.lists(PIECES, max_size=8).map("".join) | st.lists(PIECES, max_size=8).map(" ".join)


@given(line=LINES)
def test_lines_are_cut_into_the_tokens_of_spacy(pipeline: Any, table: WordTable, line: str) -> None:
    assert cut(table, line) == [token.text for token in pipeline.make_doc(line)]


@pytest.mark.parametrize("line", ["[ :P=D", "-=D;-) :*°F.(", "co.o ) :X-Mr.", "‘s=3) :}:-*bb"])
def test_a_special_case_that_seems_to_reach_over_a_space_hides_others_as_it_does_in_spacy(
    pipeline: Any, table: WordTable, line: str
) -> None:
    by_word = [token.text for word in line.split() for token in pipeline.make_doc(word)]
    assert cut(table, line) == [token.text for token in pipeline.make_doc(line)] != by_word


def test_a_word_is_cut_once(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table = build(pipeline)
    table.find_rows(["Anna met Bo's aunt."])
    monkeypatch.setattr(table, "_tokenize", lambda texts: [] if not texts else pytest.fail("cut again"))
    assert cut(table, "aunt. Anna met Bo's") == ["aunt", ".", "Anna", "met", "Bo", "'s"]


def test_tokens_have_the_vectors_that_spacy_gives_them(pipeline: Any) -> None:
    table = build(pipeline)
    line = "Anna isn't here, she met Mr. Bo at 3 p.m."
    (rows,) = table.find_rows([line])
    (vectors,) = table._embedding.predict([pipeline.make_doc(line)])
    np.testing.assert_allclose(table.vectors[rows], vectors, atol=1e-6)
    assert not table.vectors[PADDING].any()


def test_a_vector_has_the_same_bits_whichever_tokens_are_new_with_it(pipeline: Any) -> None:
    words = [f"{word}{number}" for number in range(60) for word in ("Anna", "met", "Bo")]
    together, alone = build(pipeline), build(pipeline)
    (rows,) = together.find_rows([" ".join(words)])
    rows_alone = [alone.find_rows([word])[0][0] for word in reversed(words)][::-1]
    assert np.array_equal(together.vectors[rows], alone.vectors[rows_alone])


def test_the_table_starts_anew_before_a_call_that_finds_it_full_and_never_within_one(pipeline: Any) -> None:
    table = build(pipeline, most_words=3)
    first, second = table.find_rows(["Anna met Bo", "Li left early"])
    assert len({*first, *second}) == 6
    (rows,) = table.find_rows(["Bo stayed"])
    assert set(rows) < {1, 2, 3}


def test_the_table_grows_beyond_its_first_size(pipeline: Any) -> None:
    table = build(pipeline)
    words = [f"word{number}" for number in range(2_500)]
    (rows,) = table.find_rows([" ".join(words)])
    assert table.vectors[rows].any(axis=1).all()
    assert cut(table, "word7 word2499") == ["word7", "word2499"]
