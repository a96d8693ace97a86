"""A profile as bytes, and pages read with it: by their places alone where these agree."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.pages.blocks import MAX_STEP, Block
from pipelines.cleaning.profiles.profile import (
    MAX_BYTES,
    MAX_PLACES,
    MAX_REPEATS,
    MAX_SOURCE,
    STEPS,
    Evidence,
    Profile,
    apply_profile,
    does_wrapper_fit,
)
from pipelines.cleaning.texts.hints import Hint
from pipelines.cleaning.texts.lines import MAX_KEY, get_line_key

BODY, BOX, PRINT = (
    ("html", "body", "div.text", "p"),
    ("html", "body", "div.box", "p"),
    ("html", "body", "div.print", "p"),
)
STORY = "The harbour council met on Monday and decided to mend the old bridge before winter comes. " * 3
OTHER = (
    "Nobody on the council spoke for the ferry, though its owner had come with three boxes of letters from travellers. "
    * 2
)
PLACES: dict[tuple[str, ...], Evidence] = {
    BODY: Evidence(9, 0.9, 0.01),
    BOX: Evidence(9, 0.05, 0.01),
    PRINT: Evidence(9, 0.8, 0.01, True),
}
PROFILE = Profile("paper.example", 9, 0, PLACES, {"please give what you can": 0.9}, {"^posted on": Hint(0.5, 0.1)})


def block(text: str, path: tuple[str, ...] = BODY) -> Block:
    return Block(text, path, 0)


def never(_blocks: object, _title: object) -> np.ndarray:
    raise AssertionError("a model was asked")


def always(score: float) -> Any:
    return lambda blocks, _title: np.full(len(blocks), score)


def test_a_profile_survives_json_and_keeps_its_version() -> None:
    again = Profile.from_json(PROFILE.to_json())
    assert again == PROFILE
    assert again.version == PROFILE.version
    assert len(PROFILE.version) == 16


def test_a_profile_that_was_stored_with_escapes_can_be_read_still() -> None:
    profile = Profile("paper.example", 9, 0, {}, {"γράμματα": 0.9})
    written = profile.to_json().decode().replace("γράμματα", "\\u03b3\\u03c1\\u03ac\\u03bc\\u03bc\\u03b1\\u03c4\\u03b1")
    assert Profile.from_json(written.encode()) == profile


@pytest.mark.parametrize("letter", ["\U00020000", "\x01", '"'])
def test_a_profile_with_all_that_one_may_hold_can_be_read(letter: str) -> None:
    places = {
        (*[letter * MAX_STEP] * (STEPS - 1), str(n).rjust(MAX_STEP, letter)): Evidence(1_000_000, 0.1234, 0.1234)
        for n in range(MAX_PLACES)
    }
    repeats = {str(n).rjust(MAX_KEY, letter): 0.1234 for n in range(MAX_REPEATS)}
    profile = Profile(letter * MAX_SOURCE, 1_000_000, 1_000_000, places, repeats)
    assert Profile.from_json(profile.to_json()) == profile


def test_a_profile_without_hints_has_the_bytes_of_before_there_were_any() -> None:
    before = Profile("paper.example", 9, 0, PLACES, {})
    assert b"hints" not in before.to_json()
    assert Profile.from_json(before.to_json()) == before


def test_another_content_is_another_version() -> None:
    assert Profile("paper.example", 10, 0, PLACES, {}).version != PROFILE.version


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        PROFILE.to_json() + b" ",
        PROFILE.to_json().replace(b"0.9", b"1.9"),
        PROFILE.to_json().replace(b"0.9", b"NaN"),
        PROFILE.to_json().replace(b'"pages":9', b'"pages":-9'),
        PROFILE.to_json().replace(b'"pages":9', b'"pages":true'),
        PROFILE.to_json().replace(b'{"source"', b'{"more":1,"source"'),
        Profile("s", 9, 0, {}, {str(n): 0.5 for n in range(MAX_REPEATS + 1)}).to_json(),
        b" " * (MAX_BYTES + 1),
    ],
)
def test_what_is_no_profile_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        Profile.from_json(data)


@given(st.binary(max_size=200) | st.from_regex(rb'\{"source":.{0,60}\}'))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises(ValueError):
        Profile.from_json(data)


def test_where_places_decide_no_model_is_asked() -> None:
    judged = apply_profile(PROFILE, [block("Weather", BOX), block(STORY), block("More", BOX)], None, never)
    assert [(j.label, j.reason) for j in judged] == [
        ("furniture", "wrapper"),
        ("lead", "wrapper"),
        ("furniture", "wrapper"),
    ]


def test_a_repeated_line_is_dropped_wherever_it_stands() -> None:
    judged = apply_profile(PROFILE, [block(STORY), block("Please give, what you can!")], None, never)
    assert (judged[1].label, judged[1].reason) == ("furniture", "repeats")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_repeated_line_is_as_sure_as_many_documents_have_it(share: float) -> None:
    profile = Profile("s", 9, 0, PLACES, {"please give what you can": share})
    assert apply_profile(profile, [block(STORY), block("Please give what you can")], None, never)[1].confidence == share


def test_what_a_place_decides_is_as_sure_as_its_mean() -> None:
    more = block("More", ("html", "body", "div.more", "p"))
    judged = apply_profile(PROFILE, [block(STORY), block("Weather", BOX), block(STORY, PRINT), more], None, never)
    assert [j.confidence for j in judged] == [0.9, 0.95, 1.0, 0.5]


def test_a_copy_of_the_body_is_dropped() -> None:
    judged = apply_profile(PROFILE, [block(STORY), block(STORY, PRINT)], None, never)
    assert [j.is_kept for j in judged] == [True, False]


def test_a_page_of_another_build_is_read_by_the_model() -> None:
    redesigned = [block(STORY, ("html", "main", "section.new")), block(OTHER, ("html", "main", "div.new"))]
    judged = apply_profile(PROFILE, redesigned, None, always(0.9))
    assert not does_wrapper_fit(PROFILE, redesigned)
    assert [(j.is_kept, j.reason) for j in judged] == [(True, "model"), (True, "model")]


APPEALS = ["Please give what you can to us", "Join the ferry's friends for free", "Read on in our app today"]
SHARED_LINE = "Our newsroom has no owner but its readers, so please give what you can to keep the lights on."
SHARED = Profile("paper.example", 9, 0, PLACES, {get_line_key(text): 0.9 for text in (*APPEALS, SHARED_LINE)})
NEW = ("html", "main", "div.new", "p")


def test_a_page_that_is_not_built_as_known_is_asked_of_the_model_even_if_repeats_leave_nothing_open() -> None:
    read = [block(STORY), *(block(text, NEW) for text in APPEALS * 6)]
    assert does_wrapper_fit(SHARED, read)  # what repeats stands anywhere
    assert [j.is_kept for j in apply_profile(SHARED, read, None, never)] == [True] + [False] * 18
    new = [block(STORY, NEW), *(block(text) for text in APPEALS * 6)]
    assert not does_wrapper_fit(SHARED, new)
    assert [j.is_kept for j in apply_profile(SHARED, new, None, always(0.9))] == [True] + [False] * 18


def test_repeats_stay_out_where_nothing_would_be_kept_but_for_the_model() -> None:
    read = [block(STORY, NEW), block(SHARED_LINE, NEW), block("Weather", NEW)]
    judged = apply_profile(SHARED, read, None, lambda blocks, _: np.array([0.2, 0.25, 0.01]))
    assert [(j.is_kept, j.reason) for j in judged] == [(True, "model"), (False, "repeats"), (False, "model")]


def test_a_page_of_which_all_repeats_is_not_lost() -> None:
    assert [j.is_kept for j in apply_profile(SHARED, [block(text) for text in APPEALS], None, always(0.9))] == [
        True
    ] * 3


def test_a_mixed_place_is_decided_by_the_score_of_the_block() -> None:
    mixed = ("html", "body", "div.mixed", "p")
    profile = Profile("s", 9, 0, PLACES | {mixed: Evidence(9, 0.5, 0.25)}, {})
    page = [block(STORY), block(OTHER, mixed)]
    assert [j.is_kept for j in apply_profile(profile, page, None, always(0.9))] == [True, True]
    assert [j.is_kept for j in apply_profile(profile, page, None, always(0.1))] == [True, False]


def test_the_title_is_the_headline_and_no_text() -> None:
    judged = apply_profile(PROFILE, [block("Bridge to be mended"), block(STORY)], "Bridge to be mended", never)
    assert [j.label for j in judged] == ["headline", "lead"]


def test_a_page_without_blocks_has_nothing() -> None:
    assert apply_profile(PROFILE, [], None, always(0.9)) == []


def test_no_article_is_lost_to_a_profile_that_would_keep_nothing() -> None:
    emptied = Profile("s", 9, 0, {BODY: Evidence(9, 0.0, 0.0)}, {})
    assert [j.is_kept for j in apply_profile(emptied, [block(STORY)], None, always(0.9))] == [True]
