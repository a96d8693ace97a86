"""Labels of rejected rows: rules of few values, and fingerprints that never change."""

import pytest

from pipelines.tables.rejected import derive_version, find_rule, fingerprint


@pytest.mark.parametrize(
    ("reason", "detail", "rule"),
    [
        ("row_rule", "title is missing", "title is missing"),
        ("check", "articles: not_furniture(text): it is; it repeats i7", "articles: not_furniture(text)"),
        ("failed", "ValueError: page 7 of 9", "ValueError"),
        ("failed", "something: broke", "something"),
        ("failed", "MemoryError:", "MemoryError"),
        ("failed", "no error's name", None),
        ("broken", "gzip: Error -3", None),
        ("no_text", None, None),
        ("row_rule", None, None),
    ],
)
def test_a_rule_is_the_broken_rule_or_the_name_of_the_error(reason: str, detail: str | None, rule: str | None) -> None:
    assert find_rule(reason, detail) == rule


def test_a_fingerprint_is_derived_in_one_way_for_ever() -> None:
    assert fingerprint("clean", "failed", "ValueError", "paper.example", "0123456789abcdef") == "d290e28fbb0fa29b"
    assert fingerprint("clean", "no_text", None, None, "0123456789abcdef") == "37b48fd06418401b"


def test_without_a_profile_the_version_is_that_of_the_stage() -> None:
    assert derive_version("0123456789abcdef", None) == "0123456789abcdef"


def test_another_profile_is_another_version() -> None:
    assert len({derive_version("0123456789abcdef", profile) for profile in (None, "p1", "p2")}) == 3
