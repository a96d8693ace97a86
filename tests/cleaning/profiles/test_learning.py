"""What is learnt from pages made up for it, whatever their order, and when it must not be used."""

import random
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.pages.blocks import Block
from pipelines.cleaning.profiles.learning import (
    MIN_PAGES,
    MIN_TEXTS,
    Figures,
    Page,
    evaluate_profile,
    find_refusal,
    learn,
    measure_profile,
)
from pipelines.cleaning.profiles.profile import MAX_PLACES, MAX_REPEATS, Profile, apply_profile
from pipelines.cleaning.texts.lines import get_line_key

BODY, BOX = ("html", "body", "div.text", "p"), ("html", "body", "div.box", "p")
APPEAL = "Our newsroom has no owner but its readers, so please give what you can."
WORDS = [
    *("harbour", "council", "winter", "bridge", "ferry", "teacher", "market"),
    *("river", "budget", "station", "garden", "museum", "engine", "orchard"),
]


def story(number: int) -> str:
    chance = random.Random(number)
    return " ".join(chance.choices(WORDS, k=60))


def page(number: int) -> Page:
    """Three paragraphs of its own, an appeal among them, and a box below."""
    texts = [story(number), APPEAL, story(number + 1000), story(number + 2000)]
    below = [Block("Weather and roads", BOX, 0), Block(f"{WORDS[number % 14]} {WORDS[number % 11]}", BOX, 0)]
    return Page([*(Block(text, BODY, 0) for text in texts), *below])


def by_place(blocks: Any, _title: Any) -> Any:
    """A generic reading that tells the box, and takes the appeal for a paragraph."""
    return np.array([0.9 if block.path == BODY else 0.1 for block in blocks])


PAGES = [page(number) for number in range(10)]


def test_an_appeal_in_the_body_is_learnt_and_dropped() -> None:
    profile = learn("paper.example", PAGES, (), by_place)
    judged = apply_profile(profile, page(50).blocks, None, by_place)
    assert [j.is_kept for j in judged] == [True, False, True, True, False, False]
    assert judged[1].reason == "repeats"


def test_the_order_of_pages_and_giving_one_twice_change_nothing() -> None:
    first = learn("paper.example", PAGES, (), by_place)
    assert learn("paper.example", PAGES[::-1] + PAGES[:3], (), by_place).to_json() == first.to_json()


def test_an_article_sent_again_with_another_box_is_no_repeat() -> None:
    again = [Page([*page(1).blocks[:4], Block(f"seen {word}", BOX, 0)]) for word in WORDS]
    profile = learn("paper.example", [*PAGES, *again], (), by_place)
    assert profile.pages == len(PAGES)
    assert story(1) not in profile.repeats


def test_a_line_that_is_most_of_each_page_is_no_repeat() -> None:
    pages = [Page([Block(story(1) * 2, BODY, 0), Block(story(n), BODY, 0)]) for n in range(2, 9)]
    assert learn("paper.example", pages, (), by_place).repeats == {}


def test_lines_of_plain_texts_are_learnt_too() -> None:
    texts = [[story(n), "Sign up for our letter", f"Read on page {n}"] for n in range(6)]
    assert learn("paper.example", [], texts, by_place).repeats == {"read on page 0": 1.0, "sign up for our letter": 1.0}


def test_beginnings_that_plain_texts_share_are_learnt() -> None:
    texts = [[story(n), f"Read more: {WORDS[n]} {WORDS[n + 1]} {WORDS[n + 2]}"] for n in range(6)]
    assert learn("paper.example", [], texts, by_place).hints["^read more"][0] == 1.0


def test_too_few_plain_texts_teach_no_hints() -> None:
    texts = [[story(n), f"Read more: {WORDS[n]} {WORDS[n + 1]}"] for n in range(MIN_TEXTS - 1)]
    assert learn("paper.example", [], texts).hints == {}


def test_a_long_line_is_found_again_by_the_key_that_it_was_learnt_by() -> None:
    appeal = "Please give what you can to keep the lights of the press room on, " * 6
    repeats = learn("s", [], [[story(n), story(n + 9), appeal] for n in range(6)]).repeats
    assert get_line_key(appeal) in repeats


def test_the_order_of_texts_changes_nothing() -> None:
    texts = [[story(n), f"Read more: {WORDS[n]}"] for n in range(6)]
    assert learn("s", [], texts).to_json() == learn("s", [], texts[::-1]).to_json()


def test_rubbish_of_a_source_is_bounded() -> None:
    pages = [Page([Block(f"{chr(97 + n % 26)} {m}x", (f"p.c{m}",), 0) for m in range(3000)]) for n in range(6)]
    profile = learn("paper.example", pages, (), lambda blocks, _: np.full(len(blocks), 0.1))
    assert len(profile.places) <= MAX_PLACES
    assert len(profile.repeats) <= MAX_REPEATS


def test_many_long_lines_of_another_alphabet_can_be_read_back() -> None:
    shared = ["".join(random.Random(n).choices("αβγδεζηθικλμνξοπρστυφχψω", k=290)) for n in range(1400)]
    pages = [Page([*(Block(text, BOX, 0) for text in shared), Block(story(n) * 9, BODY, 0)]) for n in range(6)]
    profile = learn("paper.example", pages, (), by_place)
    assert len(profile.repeats) == 1400
    assert Profile.from_json(profile.to_json()) == profile


@given(
    st.lists(st.lists(st.tuples(st.text(min_size=1), st.lists(st.text(max_size=80), min_size=1, max_size=6)))),
    st.lists(st.lists(st.text(min_size=1))),
)
def test_whatever_was_learnt_can_be_read_back(found: list[list[tuple[str, list[str]]]], texts: list[list[str]]) -> None:
    pages = [Page([Block(text, tuple(path), 0) for text, path in page]) for page in found]
    profile = learn("paper.example", pages, texts, lambda blocks, _: np.array([len(b.text) % 7 / 6 for b in blocks]))
    assert Profile.from_json(profile.to_json()) == profile


def test_what_was_learnt_is_judged_on_other_pages() -> None:
    figures = measure_profile(learn("paper.example", PAGES[:5], (), by_place), PAGES[5:], (), by_place)
    assert (figures.pages, figures.fitting) == (5, 5)
    assert figures.dropped == figures.dropped_repeated == 5 * len(APPEAL.split())
    assert find_refusal(figures) is None


def test_each_page_is_judged_by_what_the_other_half_taught() -> None:
    assert evaluate_profile("paper.example", PAGES, (), by_place).pages == len(PAGES)


QUESTIONS = (
    "What is your first memory of the harbour?",
    "What would you do if you were mayor of this town?",
    "Which book would you take to the island with you?",
)


def answer(number: int) -> str:
    return f"The {' '.join(random.Random(number).choices(WORDS, k=24))} was there before I was born, she said."


def texts(*shared: str) -> list[list[str]]:
    """Eight plain texts, each a headline and answers of its own with a line that all share before each answer."""
    return [
        [f"Talk about the {WORDS[n]}", *(line for m, ask in enumerate(shared) for line in (ask, answer(9 * n + m)))]
        for n in range(8)
    ]


def test_interviews_that_share_their_questions_are_refused() -> None:
    assert "within the text of 100% of the documents" in (
        find_refusal(evaluate_profile("paper.example", [], texts(*QUESTIONS))) or ""
    )


def test_pages_of_interviews_are_refused_too() -> None:
    pages = [Page([Block(line, BODY, 0) for line in lines]) for lines in texts(*QUESTIONS)]
    assert "within the text of 100% of the documents" in (
        find_refusal(evaluate_profile("paper.example", pages, (), by_place)) or ""
    )


def test_texts_with_an_appeal_are_judged_on_the_other_half() -> None:
    shared = [[*lines, APPEAL, answer(n + 999)] for n, lines in enumerate(texts("", ""))]
    figures = evaluate_profile("paper.example", [], [[line for line in lines if line] for lines in shared])
    assert (figures.texts, figures.dropped_repeated) == (8, 8 * len(APPEAL.split()))
    assert find_refusal(figures) is None


def test_texts_that_share_nothing_gain_nothing_and_are_refused() -> None:
    assert (
        find_refusal(evaluate_profile("paper.example", [], [[answer(n), answer(n + 50)] for n in range(8)]))
        == "changes nothing"
    )


def test_few_pages_are_refused() -> None:
    assert "fewer than" in (find_refusal(evaluate_profile("paper.example", PAGES[: MIN_PAGES - 1], (), by_place)) or "")


def test_losing_words_that_do_not_repeat_is_refused() -> None:
    assert "do not repeat" in (
        find_refusal(Figures(pages=20, fitting=20, words=1000, dropped=500, dropped_repeated=9)) or ""
    )


def test_a_profile_that_changes_nothing_is_refused() -> None:
    assert find_refusal(Figures(pages=20, words=1000)) == "changes nothing"
