import pyarrow as pa
import pytest

from pipelines.enrichments.counts import add_counts, count_paragraphs, count_sentences
from pipelines.enrichments.sentences import PIECE


def test_a_text_is_counted_in_words_sentences_paragraphs_and_characters() -> None:
    clean = pa.table({"text": ["Dr. Smith came. He left.\n\nIt rained.", None, ""], "language": ["en", "en", None]})
    assert [tuple(row.values()) for row in add_counts(clean).to_pylist()] == [
        (7, 3, 2, 36, "done"),
        (None, None, None, None, None),
        (0, 0, 0, 0, "done"),
    ]


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Am 3. Mai kam er. Er ging.", "de", 2),
        ("他来了。他走了。", "zh", 2),
        ("Он пришёл. Она ушла!", "ru", 2),
        ("A headline\n\nA sentence", None, 2),
        ("One. Two.", "no such language", 2),
        ("... !!! ???", "en", 0),
    ],
)
def test_sentences_follow_the_language(text: str, language: str | None, count: int) -> None:
    assert count_sentences(text, language) == count


def test_a_long_paragraph_is_cut_only_at_ends_of_sentences() -> None:
    sentence = "The mayor opened the new bridge on the river. "
    assert count_sentences(sentence * 200, "en") == 200


def test_a_text_without_sentences_counts_one_for_every_piece() -> None:
    assert count_sentences("a" * (3 * PIECE), "en") == 3


def test_blank_lines_make_paragraphs_and_single_ones_do_not() -> None:
    assert count_paragraphs("\n\na\nb\n \n\nc\n\n") == 2
