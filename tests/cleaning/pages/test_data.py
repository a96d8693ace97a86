"""A text that a page carries in its data alone is read from there."""

import json

import pytest

from pipelines.cleaning import clean_html

TEXT = (
    "The lighthouse of Skarholm will be sold, the coast guard said on Tuesday, as no ship has needed it for years.",
    "Three buyers have asked for it: an hotel, a painter, and the village, which has no money but a plan for a museum.",
    "The tower is forty metres high and was built in 1871 of stone from the quarry above the bay.",
)
MARKUP = "".join(f"<p>{text}</p>" for text in TEXT)
RUNS = [
    {"type": "paragraph", "content": [{"value": text[:25]}, {"type": "link", "content": [{"value": text[25:60]}]},
                                      {"value": text[60:]}]}
    for text in TEXT
]  # fmt: skip
ROW = "2:" + json.dumps(["$", "article", None, {"children": [["$", "p", None, {"children": text}] for text in TEXT]}])


def script(code: str, attributes: str = "") -> str:
    return f"<script {attributes}>{code}</script>"


def page(data: str, shown: str = "<div id=root></div>") -> bytes:
    return f"<html lang=en><head><title>Lighthouse for sale</title></head><body>{shown}{data}</body></html>".encode()


@pytest.mark.parametrize(
    "data",
    [
        script(json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(TEXT)}), "type=application/ld+json"),
        script(json.dumps({"@type": "Article", "headline": "x", "articleBody": MARKUP}), "type='application/ld+json'"),
        script(json.dumps({"props": {"post": {"body": TEXT}}}), "id=__NEXT_DATA__ type=application/json"),
        script(json.dumps({"props": {"post": {"content": RUNS}}}), "id=__NEXT_DATA__ type=application/json"),
        script(json.dumps([{"a": 1}, "x", [2, 3, 4], *TEXT]), "id=__NUXT_DATA__ type=application/json"),
        script(f"window.__NUXT__=(function(a){{return {{body:{json.dumps(MARKUP)},b:a}}}}(1));"),
        script("window.__APOLLO_STATE__=" + json.dumps({f"Text:{n}": {"text": text} for n, text in enumerate(TEXT)})),
        script(f"window.__INITIAL_STATE__ = JSON.parse({json.dumps(json.dumps({'story': {'html': MARKUP}}))});"),
        "".join(script(f"self.__next_f.push({json.dumps([1, ROW[n : n + 90]])})") for n in range(0, len(ROW), 90)),
        script(f"self.__next_f.push({json.dumps([1, f'1a:T{len(MARKUP):x},{MARKUP}1b:[]'])})"),
        f"<div data-page='{json.dumps({'props': {'story': {'body': MARKUP}}})}'></div>",
        f"<noscript>{MARKUP}</noscript>",
        script(json.dumps({"story": json.dumps({"body": TEXT})}), "type=application/json"),
        script(json.dumps({"story": {"body": MARKUP.replace("<", "&lt;")}}), "type=application/json"),
    ],
    ids=[
        "ld",
        "ld markup",
        "next",
        "runs",
        "nuxt",
        "program",
        "apollo",
        "parsed",
        "flight",
        "flight text",
        "attribute",
        "noscript",
        "json in json",
        "escaped",
    ],
)
def test_a_page_that_a_script_draws_is_read_from_its_data(data: str) -> None:
    cleaned = clean_html(page(data))
    assert (cleaned.text, cleaned.text_from) == ("\n\n".join(TEXT), "data")


def test_the_beginning_that_is_shown_is_not_published_for_the_whole() -> None:
    data = script(json.dumps({"props": {"post": {"body": TEXT}}}), "type=application/json")
    cleaned = clean_html(page(data, f"<article><h1>Lighthouse for sale</h1><p>{TEXT[0]}</p></article>"))
    assert cleaned.text == "\n\n".join(TEXT)
    assert [line.reason for line in cleaned.removed if line.text == TEXT[0]] == ["data"]


def test_of_a_programs_strings_the_one_with_most_of_the_prose_is_the_whole_text() -> None:
    data = script(f"window.__NUXT__=(function(a,b){{return {{story:b,note:a}}}}('A short note',{json.dumps(MARKUP)}));")
    cleaned = clean_html(page(data, f"<article><h1>Lighthouse for sale</h1><p>{TEXT[0]}</p></article>"))
    assert cleaned.text == "\n\n".join(TEXT)


def test_a_page_whose_text_cannot_be_read_from_its_data_is_a_stub() -> None:
    data = script(json.dumps({"props": {"post": {"body": "QUJD" * 600}}}), "type=application/json")
    shown = f"<article><h1>Lighthouse for sale</h1><p>{TEXT[0]}</p></article>"
    assert clean_html(page(data, shown)).article_type == "stub"


@pytest.mark.parametrize(
    "data",
    [
        {"comments": [{"body": text} for text in TEXT]},
        {
            "messages": {
                f"key{n}": "A long word of the interface, and what it is for in so many words." for n in range(30)
            }
        },
        {"styles": "body{margin:0;color:red}" * 60},
        {"related": [{"text": text} for text in TEXT]},
    ],
)
def test_other_data_of_a_page_is_no_text(data: object) -> None:
    shown = f"<article><h1>Notice</h1><p>{TEXT[0]}</p></article>"
    assert clean_html(page(script(json.dumps(data), "type=application/json"), shown)).text == TEXT[0]


def test_quotes_that_are_escaped_to_the_end_are_looked_at_once() -> None:
    cleaned = clean_html(page(script("window.__INITIAL_STATE__=" + "'\\" * 400_001), f"<p>{TEXT[0]}</p>"))
    assert cleaned.text == TEXT[0]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(TEXT)})[:-1] + f', "wordCount": {"9" * 5_000}}}',
        json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(TEXT), "name": "\ud800"}),
    ],
    ids=["digits", "half a character"],
)
def test_a_value_that_python_refuses_costs_no_article(data: str) -> None:
    cleaned = clean_html(page(script(data, "type=application/ld+json")))
    assert cleaned.text == "\n\n".join(TEXT)


@pytest.mark.parametrize("text", [MARKUP, "\n".join(TEXT)])
def test_half_a_character_in_the_data_costs_no_more_than_itself(text: str) -> None:
    cleaned = clean_html(page(script(json.dumps({"post": {"body": f"{text}\ud83d"}}), "type=application/json")))
    assert cleaned.text == "\n\n".join(TEXT)


def test_a_character_that_is_cut_between_two_pieces_is_joined() -> None:
    said = f"{MARKUP}<p>The village cheered. \U0001f389</p>"
    row = json.dumps(f"1:T{len(said.encode()):x},{said}")[1:-1]
    pieces = (row[: row.index("\\udf89")], row[row.index("\\udf89") :])
    cleaned = clean_html(page("".join(script(f'self.__next_f.push([1, "{piece}"])') for piece in pieces)))
    assert cleaned.text == "\n\n".join((*TEXT, "The village cheered. \U0001f389"))
