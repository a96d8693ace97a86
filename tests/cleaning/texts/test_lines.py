"""Plain text is split into lines, and these are compared by their keys."""

from pipelines.cleaning.texts.lines import MAX_KEY, get_line_key, split_lines


def test_wrapped_lines_are_joined() -> None:
    wrapped = "The harbour bridge was closed to traffic on Monday after engineers\nfound cracks in two of its pillars."
    assert split_lines(wrapped) == [wrapped.replace("\n", " ")]


def test_lines_that_end_early_stay_apart() -> None:
    assert split_lines("News\nSport\nWeather") == ["News", "Sport", "Weather"]


def test_keys_forget_case_digits_and_punctuation() -> None:
    assert get_line_key("Page 12 of 30: NEWS!") == get_line_key("page 47 of 81 news") == "page 00 of 00 news"


def test_long_lines_that_begin_alike_share_a_key() -> None:
    appeal = "please give what you can " * 20
    assert get_line_key(appeal + "today") == get_line_key(appeal + "tomorrow")
    assert len(get_line_key(appeal)) == MAX_KEY
