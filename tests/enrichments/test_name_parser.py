import random
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import entities as sets
from benchmarks import pages
from pipelines.enrichments.models import MODELS, find_model, mark_with_spacy
from pipelines.enrichments.name_parser import NameParser, is_known
from tests.enrichments.random_model import build

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {package.name: find_model(package) for package in (sets.SMALL, *MODELS["en"], *MODELS["fr"])}
INSTALLED = [name for name, folder in FOLDERS.items() if folder]
every_model = pytest.mark.parametrize("name", INSTALLED)

Names = list[list[tuple[int, int, str]]]

WORDS = st.sampled_from([
    "Angela Merkel", "the United Nations", "(UN)", "UN's", "Mr.", "Bo", "Li", "Paris,", "“Anna", "Smith”", "New",
    "York", "U.S.", "3 p.m.", "$5", "İstanbul", "Zoe\u0308", "e\u0301", "😀", "👩\u200d👧", ":-)", "( :(", "):", "'",
    "\x85", "\xa0", "\u3000", " ", "  ", "\t", "Pneumono" * 40, "ß", "ﬁ", "\u200b", "العربية", "東京",
])  # fmt: skip
LINES = st.lists(st.lists(WORDS | st.text(max_size=8), max_size=15).map(" ".join) | st.text(max_size=80), max_size=6)


@cache
def load(name: str) -> tuple[Any, NameParser]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        pipeline = spacy.load(FOLDERS[name], enable=["ner"])  # type: ignore[arg-type]
    return pipeline, NameParser(pipeline)


def plain(pipeline: Any, lines: list[str]) -> Names:
    return [[(start, end, label) for start, end, label in line] for line in mark_with_spacy(pipeline, lines)]


def own_lines(many: int) -> list[str]:
    """Lines from the documentation and the demo of this project: prose, tables, markup, code."""
    files = [*sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "demo" / "articles").rglob("*.json"))]
    lines = [line for file in files for line in file.read_text().splitlines() if line.strip()]
    return [line[:300] for line in random.Random(0).sample(lines, many)]


@every_model
def test_the_same_names_are_marked_as_by_spacy_in_our_own_words(name: str) -> None:
    pipeline, parser = load(name)
    lines = own_lines(150)
    names = parser.mark(lines)
    assert names == plain(pipeline, lines)
    assert sum(map(len, names)) > 50


@every_model
@given(lines=LINES)
def test_the_same_names_are_marked_as_by_spacy_in_any_text(name: str, lines: list[str]) -> None:
    lines = [line.encode(errors="ignore").decode() for line in lines]  # spaCy refuses halves of characters
    pipeline, parser = load(name)
    assert parser.mark(lines) == plain(pipeline, lines)


@pytest.mark.slow
@every_model
def test_the_same_names_are_marked_as_by_spacy_on_real_pages_and_in_the_marked_sets(
    name: str, shared_data: Path
) -> None:
    pipeline, parser = load(name)
    texts = [page.text for page in pages.load("wcxb_dev")[:25]]
    texts += [document.text for title in sets.SETS for document in sets.load(title, "dev")[:40]]
    for text in texts:
        lines = [line for line in text.split("\n") if line.strip()]
        assert parser.mark(lines) == plain(pipeline, lines)


@pytest.mark.parametrize(("width", "depth"), [(32, 1), (48, 3), (96, 6)])
def test_models_of_other_sizes_are_read_too(width: int, depth: int) -> None:
    pipeline = build(width, depth)
    lines = own_lines(100)
    names = NameParser(pipeline).mark(lines)
    assert is_known(pipeline)
    assert names == plain(pipeline, lines)
    assert len({end - start for line in names for start, end, _ in line}) > 10


OTHERS: dict[str, Any] = {
    "no hidden layer": {"use_upper": False},
    "more context": {"extra_state_tokens": True},
    "three pieces": {"maxout_pieces": 3},
    "a wider window": {"encode": {"window_size": 2}},
    "attributes that depend on the next token": {"embed": {"attrs": ["NORM", "SPACY"]}},
}


@pytest.mark.parametrize("other", OTHERS)
def test_models_of_another_architecture_are_not_known(other: str) -> None:
    assert not is_known(build(32, 2, **OTHERS[other]))


def test_a_pipeline_that_does_more_than_find_names_is_not_known() -> None:
    pipeline = build(32, 2)
    pipeline.add_pipe("sentencizer")
    assert not is_known(pipeline)


def test_a_pipe_that_searches_with_a_beam_is_not_known() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("beam_ner", name="ner")
    assert not is_known(pipeline)


@every_model
def test_names_do_not_depend_on_what_was_read_before(name: str) -> None:
    pipeline, warm = load(name)
    articles = [own_lines(240)[start : start + 12] for start in range(0, 240, 12)]
    fresh = [NameParser(pipeline).mark(article) for article in articles[:3]]
    forgetful = NameParser(pipeline, most_words=0)
    in_order = [forgetful.mark(article) for article in articles]
    in_reverse = [warm.mark(article) for article in reversed(articles)]
    assert fresh == in_order[:3]
    assert in_reverse[::-1] == in_order


def test_there_are_no_names_in_nothing() -> None:
    _, parser = load(INSTALLED[0])
    assert parser.mark([]) == []
    assert parser.mark(["", " ", "\n"]) == [[], [], []]
