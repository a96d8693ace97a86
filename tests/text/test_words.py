import pytest

from pipelines.text.words import WORD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop: twenty-one, 3.5!", ["Don't", "stop", "twenty-one", "3.5"]),
        ("snake_case — “quoted”", ["snake", "case", "quoted"]),
        ("Über die Straße", ["Über", "die", "Straße"]),
        ("我爱Python吗", ["我", "爱", "Python", "吗"]),
        ("हिन्दी समाचार।", ["हिन्दी", "समाचार"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("대한민국 만세", ["대한민국", "만세"]),
    ],
)
def test_words_are_what_a_reader_would_count_and_characters_where_no_spaces_are_written(
    text: str, words: list[str]
) -> None:
    assert WORD.findall(text) == words
