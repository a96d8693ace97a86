"""CloudEvents 1.0: every form of data that the standard has."""

import base64
import gzip
import json
from typing import Any

import pytest

from pipelines import messages
from pipelines.messages import CloudEvent, EventBatch

PAGE = "<!doctype html><p>a"


def event(**changed: Any) -> CloudEvent:
    envelope = {"specversion": "1.0", "id": "1", "source": "https://crawler.example", "type": "t", **changed}
    read = messages.read_message(json.dumps(envelope))
    assert isinstance(read, CloudEvent)
    return read


def encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("data", "is_plain_text"),
    [
        ({"datacontenttype": "text/html", "data": PAGE}, False),
        ({"datacontenttype": "application/xhtml+xml", "data": PAGE}, False),
        ({"data": PAGE}, False),
        ({"datacontenttype": "text/plain", "data": PAGE}, True),
        ({"datacontenttype": "text/html; charset=utf-8", "data_base64": encode(PAGE)}, False),
        ({"datacontenttype": "text/plain", "data_base64": encode(PAGE)}, True),
        ({"data_base64": encode(PAGE)}, False),
        ({"data": None, "data_base64": encode(PAGE)}, False),
        ({"datacontenttype": "application/json", "data": json.dumps({"html": PAGE})}, False),
        ({"datacontenttype": "application/json", "data_base64": encode(json.dumps({"html": PAGE}))}, False),
        ({"data": json.dumps(json.dumps({"html": PAGE}))}, False),
        ({"data_base64": base64.b64encode(gzip.compress(json.dumps({"html": PAGE}).encode())).decode()}, False),
        ({"data": {"text_base64": encode(PAGE)}}, True),
    ],
)
def test_a_page_may_be_a_string_or_bytes(data: dict[str, Any], is_plain_text: bool) -> None:
    article = event(**data).data
    assert (article.body.decode(), article.is_plain_text) == (PAGE, is_plain_text)


def test_a_string_that_is_no_markup_is_plain_text() -> None:
    assert event(data="The pier opens.").data.is_plain_text
    assert event(data='"The pier" opens.').data.text == '"The pier" opens.'
    assert event(data='"The pier."').data.text == "The pier."
    assert event(data_base64=encode("The pier opens.")).data.is_plain_text


def test_bytes_have_the_charset_of_their_content_type_and_an_article_in_json_has_not() -> None:
    assert event(datacontenttype="text/html; charset=Big5", data_base64="YQ==").data.charset == "big5"
    sent_in_json = event(datacontenttype="application/json; charset=utf-8", data={"html_base64": "YQ=="})
    assert sent_in_json.data.charset is None


def test_a_subject_that_is_an_address_is_where_the_article_was_found() -> None:
    assert event(data=PAGE, subject="https://a.example/1").data.url == "https://a.example/1"
    assert event(data=PAGE, subject="1").data.url is None
    assert (
        event(data={"text": "a", "url": "https://b.example"}, subject="https://a.example").data.url
        == "https://b.example"
    )


def test_an_event_in_binary_mode_has_its_envelope_in_the_attributes() -> None:
    for mark in ("ce_", "ce-", "cloudEvents:", "cloudEvents_"):
        attributes = {f"{mark}{name}": value for name, value in [("specversion", "1.0"), ("id", "7"), ("type", "t")]}
        attributes |= {f"{mark}source": "https://crawler.example", "content-type": "text/html"}
        read = messages.read_message(PAGE, attributes)
        assert isinstance(read, CloudEvent)
        assert (read.id, read.data.html) == ("7", PAGE)


def test_other_attributes_make_no_event() -> None:
    attributes = {"content-type": "text/html", "dt": "2026-03-02", "place": "x"}
    with pytest.raises(messages.Unreadable):
        messages.read_message(PAGE, attributes)


def test_a_batch_keeps_its_events_unread() -> None:
    events = [{"specversion": "1.0", "id": "1"}, "not an event"]
    assert messages.read_message(json.dumps(events)) == EventBatch(tuple(events))


def test_unusual_forms_of_the_envelope_s_own_fields_cost_nothing() -> None:
    read = event(specversion="1.0.2", id=7, time="2026-01-31T07:00:00", dt="", data=PAGE)
    assert (read.id, read.dt, read.time is not None) == ("7", None, True)
    assert event(time="soon", data=PAGE).time is None


def test_a_publisher_without_a_host_is_named_by_its_path() -> None:
    assert event(source="/desks/north", data=PAGE).publisher == "desks-north"


def test_bytes_that_are_no_base64_are_broken() -> None:
    with pytest.raises(messages.Unreadable) as caught:
        event(data_base64="no base64!", datacontenttype="application/json")
    assert caught.value.reason == "broken"
