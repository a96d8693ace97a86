"""What repeats up to a changing part, and where, is learnt with how it was judged."""

from pipelines.cleaning.texts.hints import MAX_HINTS, ScoredText, compute_hint_columns, learn_hints, list_pointers

REPEATS = {"more news": 1.0}


def text(*lines: tuple[str, float]) -> ScoredText:
    return ScoredText([key for key, _ in lines], [len(key) for key, _ in lines], [score for _, score in lines])


TEXTS = [
    text(("posted on may 0", 0.2), ("a story", 0.9), ("more news", 0.1), ("ferry sinks", 0.4)),
    text(("posted on june 00", 0.4), ("its end", 0.9), ("more news", 0.1), ("bridge opens", 0.2)),
]


def test_a_beginning_that_texts_share_is_a_hint() -> None:
    assert learn_hints(TEXTS, REPEATS)["^posted on"] == (1.0, 0.3063)  # (15 * .2 + 17 * .4) / 32 letters


def test_lines_below_a_repeated_one_share_a_hint() -> None:
    assert learn_hints(TEXTS, REPEATS)["<more news"][0] == 1.0


def test_what_one_text_alone_has_is_no_hint() -> None:
    assert not any("ferry" in pointer for pointer in learn_hints(TEXTS, REPEATS))


def test_repeated_lines_themselves_teach_no_hint() -> None:
    assert "^more" not in learn_hints(TEXTS, REPEATS)


def test_numbers_do_not_count_in_beginnings_and_ends() -> None:
    assert list_pointers(["0 comments so far"], {})[0][0] == list_pointers(["000 comments so far"], {})[0][0]


def test_a_new_line_gets_the_hints_of_its_place() -> None:
    hints = learn_hints(TEXTS, REPEATS)
    columns = compute_hint_columns(["a tale", "more news", "market moves"], REPEATS, hints)
    assert columns["under_share"].tolist() == [1.0, 1.0, 1.0]
    assert columns["under_mean"][2] < columns["under_mean"][0]


def test_hints_are_bounded() -> None:
    many = [ScoredText([f"line{n} of {n}page" for n in range(2000)], [9] * 2000, [0.5] * 2000)] * 2
    assert len(learn_hints(many, {})) == MAX_HINTS
