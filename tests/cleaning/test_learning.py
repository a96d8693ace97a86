"""What is learnt from pages made up for it, whatever their order, and when it must not be used."""

import random

import numpy as np

from pipelines.cleaning.blocks import Block
from pipelines.cleaning.learning import MIN_PAGES, MIN_TEXTS, Figures, Page, judge, learn, refusal, tried
from pipelines.cleaning.lines import line_key
from pipelines.cleaning.profile import MAX_PLACES, MAX_REPEATS, apply

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


def by_place(blocks, _title):
    """A generic reading that tells the box, and takes the appeal for a paragraph."""
    return np.array([0.9 if block.path == BODY else 0.1 for block in blocks])


PAGES = [page(number) for number in range(10)]


def test_an_appeal_in_the_body_is_learnt_and_dropped():
    profile = learn("paper.example", PAGES, (), by_place)
    judged = apply(profile, page(50).blocks, None, by_place)
    assert [j.is_kept for j in judged] == [True, False, True, True, False, False]
    assert judged[1].reason == "repeats"


def test_the_order_of_pages_and_giving_one_twice_change_nothing():
    first = learn("paper.example", PAGES, (), by_place)
    assert learn("paper.example", PAGES[::-1] + PAGES[:3], (), by_place).to_json() == first.to_json()


def test_an_article_sent_again_with_another_box_is_no_repeat():
    again = [Page([*page(1).blocks[:4], Block(f"seen {word}", BOX, 0)]) for word in WORDS]
    profile = learn("paper.example", [*PAGES, *again], (), by_place)
    assert profile.pages == len(PAGES)
    assert story(1) not in profile.repeats


def test_a_line_that_is_most_of_each_page_is_no_repeat():
    pages = [Page([Block(story(1) * 2, BODY, 0), Block(story(n), BODY, 0)]) for n in range(2, 9)]
    assert learn("paper.example", pages, (), by_place).repeats == {}


def test_lines_of_plain_texts_are_learnt_too():
    texts = [[story(n), "Sign up for our letter", f"Read on page {n}"] for n in range(6)]
    assert learn("paper.example", [], texts, by_place).repeats == {"read on page 0": 1.0, "sign up for our letter": 1.0}


def test_beginnings_that_plain_texts_share_are_learnt():
    texts = [[story(n), f"Read more: {WORDS[n]} {WORDS[n + 1]} {WORDS[n + 2]}"] for n in range(6)]
    assert learn("paper.example", [], texts, by_place).hints["^read more"][0] == 1.0


def test_too_few_plain_texts_teach_no_hints():
    texts = [[story(n), f"Read more: {WORDS[n]} {WORDS[n + 1]}"] for n in range(MIN_TEXTS - 1)]
    assert learn("paper.example", [], texts).hints == {}


def test_a_long_line_is_found_again_by_the_key_that_it_was_learnt_by():
    appeal = "Please give what you can to keep the lights of the press room on, " * 6
    repeats = learn("s", [], [[story(n), story(n + 9), appeal] for n in range(6)]).repeats
    assert line_key(appeal) in repeats


def test_the_order_of_texts_changes_nothing():
    texts = [[story(n), f"Read more: {WORDS[n]}"] for n in range(6)]
    assert learn("s", [], texts).to_json() == learn("s", [], texts[::-1]).to_json()


def test_rubbish_of_a_source_is_bounded():
    pages = [Page([Block(f"{chr(97 + n % 26)} {m}x", (f"p.c{m}",), 0) for m in range(3000)]) for n in range(6)]
    profile = learn("paper.example", pages, (), lambda blocks, _: np.full(len(blocks), 0.1))
    assert len(profile.places) <= MAX_PLACES
    assert len(profile.repeats) <= MAX_REPEATS


def test_what_was_learnt_is_judged_on_other_pages():
    figures = judge(learn("paper.example", PAGES[:5], (), by_place), PAGES[5:], by_place)
    assert (figures.pages, figures.fitting) == (5, 5)
    assert figures.dropped == figures.dropped_repeated == 5 * len(APPEAL.split())
    assert refusal(figures) is None


def test_each_page_is_judged_by_what_the_other_half_taught():
    assert tried("paper.example", PAGES, (), by_place).pages == len(PAGES)


def test_few_pages_are_refused():
    assert "fewer than" in (refusal(tried("paper.example", PAGES[: MIN_PAGES - 1], (), by_place)) or "")


def test_losing_words_that_do_not_repeat_is_refused():
    assert "do not repeat" in (
        refusal(Figures(pages=20, fitting=20, words=1000, dropped=500, dropped_repeated=9)) or ""
    )


def test_a_profile_that_changes_nothing_is_refused():
    assert refusal(Figures(pages=20, words=1000)) == "changes nothing"
