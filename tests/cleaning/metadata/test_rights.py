"""Metas, headers and JSON-LD in, rules for machines and readers out."""

from typing import Any

import pytest

from pipelines.cleaning.metadata.rights import Rights, read_rights


def _rights(
    metas: dict[str, list[str]] | None = None, headers: dict[str, str] | None = None, article: Any = None
) -> Any:
    return read_rights(metas or {}, headers or {}, [article] if article else [], article or {}, "https://example.org/a")


def test_a_page_that_says_nothing_has_no_rights() -> None:
    assert _rights() == Rights()


def test_robots_rules_of_page_and_header_are_joined() -> None:
    rights = _rights({"robots": ["noindex, NoAI"]}, {"x-robots-tag": "noimageai, max-snippet: 20"})
    assert rights.robots == ("max-snippet: 20", "noai", "noimageai", "noindex")
    assert rights.robots_from == "meta"


def test_rules_for_one_robot_keep_its_name() -> None:
    rights = _rights(
        {"gptbot": ["noindex"], "viewport": ["noindex"]}, {"x-robots-tag": "ccbot: noai, nofollow, *: all"}
    )
    assert rights.robots == ("all", "ccbot: noai", "ccbot: nofollow", "gptbot: noindex")


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ("noindex; nofollow", ("nofollow", "noindex")),
        ("unavailable_after: 25 Jun 2010 15:00:00 PST", ("unavailable_after: 25 jun 2010 15:00:00 pst",)),
        ("noai, unavailable_after: Fri, 25 Jun 2010 15:00", ("noai", "unavailable_after: fri, 25 jun 2010 15:00")),
        ("no machine learning!", ("no machine learning!",)),
        (" , ;", ()),
    ],
)
def test_a_rule_that_no_robot_knows_is_kept_as_it_is_written(written: str, rules: tuple[str, ...]) -> None:
    assert _rights({"robots": [written]}).robots == rules
    assert _rights(headers={"x-robots-tag": written}).robots == rules


def test_what_forbids_one_robot_is_read_whatever_the_robot_is_called() -> None:
    metas = {"anthropic-ai": ["noindex"], "pagereader": ["noai, noarchive"], "viewport": ["noindex"], "tile": ["none"]}
    assert _rights(metas).robots == ("anthropic-ai: noindex", "pagereader: noai", "pagereader: noarchive")


@pytest.mark.parametrize(("written", "reserved"), [("1", True), ("0", False), ("yes", None)])
def test_the_reservation_is_one_or_zero(written: str, reserved: bool | None) -> None:
    rights = _rights(headers={"tdm-reservation": written})
    assert (rights.is_tdm_reserved, rights.tdm_reserved_from) == (reserved, None if reserved is None else "header")


def test_the_page_goes_before_the_header_and_its_policy_is_an_address() -> None:
    rights = _rights({"tdm-reservation": ["0"], "tdm-policy": ["/tdm.json"]}, {"tdm-reservation": "1"})
    assert (rights.is_tdm_reserved, rights.tdm_reserved_from) == (False, "meta")
    assert rights.tdm_policy_url == "https://example.org/tdm.json"
    assert _rights({"tdm-policy": ["javascript:x"]}).tdm_policy_from is None


@pytest.mark.parametrize(
    ("article", "is_paywalled"),
    [
        ({"isAccessibleForFree": True}, False),
        ({"isAccessibleForFree": "False"}, True),
        ({"isAccessibleForFree": "http://schema.org/True"}, False),
        ({"hasPart": {"isAccessibleForFree": False}}, True),
        ({"isAccessibleForFree": True, "hasPart": [{"isAccessibleForFree": "false"}]}, True),
        ({"isAccessibleForFree": "perhaps"}, None),
        ({"isAccessibleForFree": []}, None),
    ],
)
def test_a_paywall_is_what_the_article_or_a_part_of_it_says(article: Any, is_paywalled: bool | None) -> None:
    assert _rights(article=article).is_paywalled is is_paywalled


def test_a_paywall_is_also_what_the_page_beside_the_article_says_but_not_what_a_teaser_says() -> None:
    article = {"@type": "NewsArticle"}
    for kind, is_paywalled in (("WebPage", True), ("NewsArticle", None)):
        beside = {"@type": kind, "isAccessibleForFree": False}
        assert read_rights({}, {}, [article, beside], article, None).is_paywalled is is_paywalled
