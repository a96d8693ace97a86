"""Scripts of JSON-LD in, the article's object out."""

import json
from typing import Any

import pytest
from lxml.html import HtmlElement, document_fromstring

from pipelines.cleaning.metadata.jsonld import MAX_CHARACTERS, find_article_node, read_names, read_nodes, read_types


def _tree(*scripts: Any) -> HtmlElement:
    written = (s if isinstance(s, str) else json.dumps(s) for s in scripts)
    return document_fromstring("".join(f'<script type="application/ld+json">{s}</script>' for s in written) + "<p>x")


def test_the_article_is_found_inside_a_graph() -> None:
    page = {"@graph": [{"@type": "WebPage", "name": "Site"}, {"@type": "NewsArticle", "headline": "Bridge opens"}]}
    assert find_article_node(read_nodes(_tree(page)))["headline"] == "Bridge opens"


def test_the_article_is_found_in_a_meta_that_is_named_like_a_script_of_json_ld() -> None:
    tree = document_fromstring("<meta name='script:ld+json'><p>x")
    tree.find(".//meta").set("content", '{"@type": "NewsArticle", "headline": "Bridge opens"}')
    assert find_article_node(read_nodes(tree))["headline"] == "Bridge opens"


def test_an_article_without_headline_and_date_gives_way_to_one_that_has_them() -> None:
    scripts = {"@type": "Article", "@id": "#1"}, {"@type": "BlogPosting", "headline": "Bridge opens"}
    assert find_article_node(read_nodes(_tree(*scripts)))["headline"] == "Bridge opens"


@pytest.mark.parametrize("key", ["url", "@id", "mainEntityOfPage"])
def test_of_several_articles_the_one_with_the_pages_address_is_its_own(key: str) -> None:
    teaser = {"@type": "NewsArticle", "headline": "Other news", "url": "https://paper.example/other"}
    own: dict[str, Any] = {"@type": "NewsArticle", "headline": "A bridge", key: "https://paper.example/bridge#article"}
    if key == "mainEntityOfPage":
        own[key] = {"@type": "WebPage", "@id": own[key]}
    assert find_article_node([teaser, own], {"https://paper.example/bridge"}) == own
    assert find_article_node([teaser, own]) == teaser


def test_authors_given_as_references_are_looked_up() -> None:
    article = {"@type": "Article", "headline": "B", "author": [{"@id": "#ada"}, {"name": "Bo Ek"}, {"@id": "#nobody"}]}
    found = find_article_node(read_nodes(_tree(article, {"@type": "Person", "@id": "#ada", "name": "Ada Lind"})))
    assert list(read_names(found["author"])) == ["Ada Lind", "Bo Ek"]


def test_broken_and_overlong_scripts_are_passed_over() -> None:
    long = json.dumps({"@type": "Article", "headline": "x" * MAX_CHARACTERS})
    assert read_nodes(_tree("{broken", long, "[" * 50_000, {"@type": "Article"})) == [{"@type": "Article"}]


def test_types_lose_the_address_of_their_vocabulary() -> None:
    assert read_types({"@type": ["https://schema.org/NewsArticle", 7, "Report"]}) == ["NewsArticle", "Report"]
    assert read_types("NewsArticle") == []


def test_names_that_were_escaped_for_html_are_read() -> None:
    assert list(read_names([{"name": "Tom &amp;amp; Ann"}, "O&#39;Hara", 3, None])) == ["Tom & Ann", "O'Hara"]


@pytest.mark.parametrize(
    "media_type", ["application/ld+json; charset=utf-8", "Application/LD+JSON", " application/ld+json "]
)
def test_the_type_of_a_script_may_have_parameters_and_capitals(media_type: str) -> None:
    tree = document_fromstring(f'<script type="{media_type}">{{"@type": "Article"}}</script><p>x')
    assert read_nodes(tree) == [{"@type": "Article"}]


@pytest.mark.parametrize(
    "written",
    [
        "//<![CDATA[\n{}\n//]]>", "/*<![CDATA[*/{}/*]]>*/", "<![CDATA[{}]]>", "<!--\n{}\n-->", "{};",
    ],
)  # fmt: skip
def test_what_is_written_around_the_json_is_left_out(written: str) -> None:
    assert read_nodes(_tree(written.replace("{}", '{"@type": "Article"}'))) == [{"@type": "Article"}]


def test_a_comma_behind_the_last_entry_is_forgiven_and_one_in_a_string_stays() -> None:
    assert read_nodes(_tree('{"headline": "a,} b", "genre": ["x",],}')) == [{"headline": "a,} b", "genre": ["x"]}]


ARTICLE = '"headline": "A bridge", "author": {"name": "Ada Lind"}'
READ = {"headline": "A bridge", "author": {"name": "Ada Lind"}}


@pytest.mark.parametrize(
    "written",
    [
        "%s}", "{ // the article\n%s}", "{/* it */ %s}", "{%s", "{%s}}", "{{%s}", "\ufeff{%s}", "var it = {%s};",
        "{%s,,}",
    ],
)  # fmt: skip
def test_a_script_with_one_fault_around_or_between_its_members_is_read(written: str) -> None:
    assert read_nodes(_tree(written.replace("%s", ARTICLE)))[0] == READ


@pytest.mark.parametrize(
    "written",
    [
        ARTICLE.replace('"', "'"), ARTICLE.replace('"headline"', "“headline”").replace('"A bridge"', "“A bridge”"),
        ARTICLE.replace('"', '\\"'), ARTICLE.replace('"headline"', "headline"), ARTICLE.replace('"name":', '"name"='),
        ARTICLE.replace('"Ada Lind"', "'Ada Lind'"), ARTICLE.replace(', "author"', ' "author"'),
    ],
)  # fmt: skip
def test_a_script_with_other_quotes_or_without_a_mark_is_read(written: str) -> None:
    assert read_nodes(_tree("{" + written + "}"))[0] == READ


@pytest.mark.parametrize(
    ("fault", "headline"),
    [
        ('A "new" bridge', 'A "new" bridge'), ('"A bridge"', '"A bridge"'),
        ('A "bridge", they said', 'A "bridge", they said'),
        ("A\nbridge", "A\nbridge"), (r"Ada\'s bridge", "Ada's bridge"), (r"Ada\x27s bridge", "Ada's bridge"),
        ('A <a href="x">bridge</a>', 'A <a href="x">bridge</a>'),
    ],
)  # fmt: skip
def test_a_string_with_one_fault_is_read_to_its_end(fault: str, headline: str) -> None:
    written = "{" + ARTICLE.replace("A bridge", fault) + "}"
    assert read_nodes(_tree(written))[0] == READ | {"headline": headline}


def test_a_brace_that_closes_too_early_and_a_comma_that_is_missing_lose_nothing() -> None:
    assert read_nodes(_tree('{"headline": "A bridge"}, "author": {"name": "Ada Lind"}}'))[0] == READ
    assert read_nodes(_tree('{"headline": "A bridge"\n"author": {"name": "Ada Lind"}}'))[0] == READ


def test_json_that_was_escaped_for_html_and_two_objects_in_one_script_are_read() -> None:
    written = "{" + ARTICLE + "}"
    assert read_nodes(_tree(written.replace('"', "&quot;")))[0] == READ
    assert [node for node in read_nodes(_tree(f"{written}\n{written}")) if "headline" in node] == [READ, READ]


@pytest.mark.parametrize(
    "hostile", ['{"a"' * 50_000, '"' * 200_000, "[/*" * 100_000, '{"a": "' + '" ' * 100_000, "{,/" * 99_999]
)
def test_a_hostile_script_is_read_in_bounded_time(hostile: str) -> None:
    read_nodes(_tree("{" + hostile))


@pytest.mark.parametrize("number", ["9" * 5_000, "٣", "-٠١", "1e999", "NaN"])
def test_a_number_that_python_does_not_read_costs_nothing_else(number: str) -> None:
    node = read_nodes(_tree(f'{{"wordCount": {number}, {ARTICLE},}}'))[0]
    assert {name: node[name] for name in READ} == READ
