import pytest

from pipelines.text.sentences import ends_sentence

ENDED = ["It rained.", "“It rained.”", "他说：“下雨了。”", "« Il pleut »", "И так далее…", "बारिश हुई।"]
OPEN = ["", "Share this", "He said:", "It rained. And", "Version 2.0 (beta)", "one, two,", "It rained.\"')))"]


@pytest.mark.parametrize("line", ENDED)
def test_a_line_ends_a_sentence_with_a_mark_whatever_closes_behind_it(line: str) -> None:
    assert ends_sentence(line)


@pytest.mark.parametrize("line", OPEN)
def test_other_lines_end_none(line: str) -> None:
    assert not ends_sentence(line)


def test_only_the_end_of_a_long_line_is_looked_at() -> None:
    assert ends_sentence("a" * 1_000_000 + ".”")
