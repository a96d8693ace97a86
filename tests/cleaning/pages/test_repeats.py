"""An article that stands twice on a page is published once; what it says again itself stays."""

from lxml.html import document_fromstring

from pipelines.cleaning.pages.blocks import Block, split_blocks
from pipelines.cleaning.pages.repeats import find_repeats

TEXT = (
    "The ferry leaves at nine from the northern quay, and comes back at noon.",
    "It carries forty people and two cars, and a dog if it has to.",
    "The captain has sailed it for thirty years, in any weather but ice.",
    "His daughter will follow him in spring, and paint it blue again.",
)


def repeated(page: str) -> list[str]:
    blocks = split_blocks(document_fromstring(page))
    return [blocks[place].text for place in sorted(find_repeats(blocks, range(len(blocks))))]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_a_copy_in_paragraphs_goes_short_lines_and_all() -> None:
    text = (*TEXT[:2], "Blue", *TEXT[2:])
    assert repeated(f"<div>{paragraphs(*text)}</div><div class=print>{paragraphs(*text)}</div>") == list(text)
    assert repeated(f"<div>{paragraphs(*text, *text)}</div>") == list(text)


def test_a_copy_in_one_run_goes_wherever_it_stands() -> None:
    run = " ".join(TEXT)
    assert repeated(f"<div>{paragraphs(*TEXT)}</div><div class=schema>{run}</div>") == [run]
    assert repeated(f"<div class=schema>{run}</div><div>{paragraphs(*TEXT)}</div>") == [run]


def test_a_line_in_an_element_of_another_name_is_a_copy() -> None:
    assert repeated(f"<div>{paragraphs(*TEXT)}</div><aside class=pull>{paragraphs(TEXT[1])}</aside>") == [TEXT[1]]


def test_what_an_article_repeats_stays() -> None:
    refrain = "Row, row until the river ends, and sing it once again"
    assert repeated(f"<div>{paragraphs(TEXT[0], refrain, TEXT[1], refrain, TEXT[2], refrain)}</div>") == []
    days = "".join(f"<section><h3>Day {day}</h3><p>{refrain}</p></section>" for day in range(3))
    assert repeated(f"<div>{days}</div>") == []


def test_thousands_of_lines_that_begin_alike_are_not_each_sought_in_all() -> None:
    begin = "The council decided on Monday at noon today"
    short = [Block(f"{begin} {number}", ("html", "p"), 0, (1, number)) for number in range(4_000)]
    long = [Block(f"{begin} x{number} that " * 8, ("html", "p"), 0, (1, 4_000 + number)) for number in range(4_000)]
    assert find_repeats([*short, *long], range(8_000)) == set()  # ten seconds, if they were
