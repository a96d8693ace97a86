from datetime import UTC, datetime

from pipelines.cleaning.labels import Label, LabelledLine
from pipelines.cleaning.metadata.published import find_date_in_lines
from pipelines.cleaning.texts.clean import clean_text

PROSE = "The council met for the third time this week, and for the third time it could not agree on a budget. " * 2


def lines(*told: tuple[str, Label]) -> list[LabelledLine]:
    return [LabelledLine(text, label, "model", 0.9) for text, label in told]


def day(*told: tuple[str, Label]) -> str | None:
    moment = find_date_in_lines(lines(*told))
    return str(moment.day) if moment else None


def test_the_byline_of_a_plain_text_tells_its_day() -> None:
    assert (
        day(("Council at odds", "headline"), ("By Ada Lind, May 3, 2024 10:30", "byline"), (PROSE, "lead"))
        == "2024-05-03"
    )


def test_the_day_of_a_change_counts_only_where_there_is_no_other() -> None:
    published: tuple[str, Label] = ("Published 2 May 2024", "furniture")
    updated: tuple[str, Label] = ("Updated 3 May 2024", "furniture")
    assert day(updated, published, (PROSE, "lead")) == "2024-05-02"
    assert day(updated, (PROSE, "lead")) == "2024-05-03"


def test_a_label_on_the_line_before_belongs_to_its_day() -> None:
    assert (
        day(("Last modified", "furniture"), ("3 May 2024", "furniture"), ("Posted 2 May 2024", "byline"))
        == "2024-05-02"
    )


def test_a_day_that_the_text_or_a_caption_speaks_of_is_not_its_own() -> None:
    assert (
        day((f"On 1 May 2023 it did. {PROSE}", "lead"), ("The hall on 2 May 2023", "caption"), (PROSE, "body")) is None
    )


def test_a_day_below_the_text_is_of_something_else() -> None:
    assert day((PROSE, "lead"), (PROSE, "body"), ("Related: the vote of 3 May 2024", "furniture")) is None


def test_a_text_carries_its_day_and_says_where_it_was_found() -> None:
    text = f"Council at odds\n\nBy Ada Lind\nPublished May 3, 2024\n\n{PROSE}\n\n{PROSE}It will meet again."
    cleaned = clean_text(text.encode())
    assert (cleaned.published_at, cleaned.published_precision) == (datetime(2024, 5, 3, tzinfo=UTC), "day")
    assert cleaned.found_in["published_at"] == "text"
