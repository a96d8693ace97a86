"""Authors as senders write them."""

import pytest

from pipelines.cleaning.sent_authors import read_sent_authors


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Lind", ("Ada Lind",)),
        ("Ada Lind, Bo Marr", ("Ada Lind", "Bo Marr")),
        ("Ada Lind and Bo Marr", ("Ada Lind", "Bo Marr")),
        ("Ada Lind; Bo Marr", ("Ada Lind", "Bo Marr")),
        ("By Ada Lind", ("Ada Lind",)),
        ("Ada Lind <ada@paper.example>", ("Ada Lind",)),
        ("ada@paper.example (Ada Lind)", ("Ada Lind",)),
        ("ada@paper.example", ()),
        ("https://paper.example/people/ada", ()),
        ('<a href="/ada">Ada Lind</a>', ("Ada Lind",)),
        ("ada", ("ada",)),
        ("Harbour desk", ("Harbour desk",)),
        ("АДА ЛИНД", ("АДА ЛИНД",)),
    ],
)
def test_people_are_told_apart_and_addresses_are_none(line: str, names: tuple[str, ...]) -> None:
    assert read_sent_authors([line]) == names


def test_a_name_that_is_said_twice_is_one() -> None:
    assert read_sent_authors(["Ada Lind", "By Ada Lind"]) == ("Ada Lind",)
