"""Messages of the queue: what is one, and that nothing else is raised for what is none."""

import base64
import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import messages
from pipelines.formats import FORMATS
from pipelines.messages import CloudEvent, EventBatch, FileNotice, Pointer, ServiceNote, Unreadable
from pipelines.tables.items import REASONS

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = {path.stem: path.read_text() for path in sorted((DOCS / "examples").glob("*.json"))}
FILE = FileNotice("copydesk", "inbox/example.com/page 1+2 café.html", "0123456789abcdef0123456789abcdef")


def envelope(**changed: object) -> dict[str, object]:
    return {"specversion": "1.0", "id": "1", "source": "example.org", "type": "t", "data": {"text": "a"}, **changed}


def reason(message: object) -> str:
    with pytest.raises(Unreadable) as caught:
        messages.read_message(message if isinstance(message, bytes | str) else json.dumps(message))
    return caught.value.reason


def event_of(article: str) -> CloudEvent:
    return event(json.dumps(envelope()).replace(json.dumps({"text": "a"}), article))


def event(message: object) -> CloudEvent:
    read = messages.read_message(message if isinstance(message, str) else json.dumps(message))
    assert isinstance(read, CloudEvent)
    return read


def test_a_page_in_a_cloudevents_envelope_is_read() -> None:
    read = messages.read_message(EXAMPLES["cloudevent-html"])
    assert isinstance(read, CloudEvent)
    assert read.data.body.startswith(b"<!doctype html>")
    assert read.publisher == "example.com"
    assert read.data.published_at == datetime(2026, 1, 31, 6, 30, tzinfo=UTC)


def test_a_text_with_a_past_day_and_a_single_author_is_read() -> None:
    read = messages.read_message(EXAMPLES["cloudevent-text"])
    assert isinstance(read, CloudEvent)
    assert (read.dt, read.data.authors, read.data.html) == (date(2026, 1, 30), ("Jo Smith",), None)


def test_bytes_of_unknown_encoding_come_through_untouched_with_the_charset_of_their_header() -> None:
    read = messages.read_message(EXAMPLES["cloudevent-base64"])
    assert isinstance(read, CloudEvent)
    assert read.data.body.decode("cp1251") == "<html><p>Дождь в Карелии</p></html>"
    assert read.data.charset == "windows-1251"


@pytest.mark.parametrize("name", ["s3-notification", "sns", "eventbridge"])
def test_a_notification_tells_of_its_file_with_the_key_decoded_where_s3_encodes_it(name: str) -> None:
    assert messages.read_message(EXAMPLES[name]) == (FILE,)


@pytest.mark.parametrize(
    ("sent", "key"), [("a+b", "a b"), ("a%2Bb", "a+b"), ("%E2%82%AC", "€"), ("a%", "a%"), ("%ff", "\ufffd")]
)
def test_plus_and_percent_in_a_key_are_decoded_as_s3_means_them(sent: str, key: str) -> None:
    notification = json.loads(EXAMPLES["s3-notification"])
    notification["Records"][0]["s3"]["object"]["key"] = sent
    read = messages.read_message(json.dumps(notification))
    assert isinstance(read, tuple)
    assert [notice.key for notice in read if isinstance(notice, FileNotice)] == [key]


def test_a_notification_of_many_files_tells_of_all() -> None:
    notification = json.loads(EXAMPLES["s3-notification"])
    notification["Records"] *= 3
    assert messages.read_message(json.dumps(notification)) == (FILE,) * 3


def test_an_envelope_may_come_through_sns() -> None:
    assert isinstance(
        messages.read_message(json.dumps({"Type": "Notification", "Message": EXAMPLES["cloudevent-html"]})), CloudEvent
    )


@pytest.mark.parametrize(
    ("message", "word"),
    [
        (b"", "not_a_message"),
        (b"hello", "not_a_message"),
        (b"\xff\xfe", "not_a_message"),
        ("\ud800", "not_a_message"),
        ([{"text": "a"}], "not_a_message"),
        ({"Event": "s3:ObjectCreated:Put"}, "not_a_message"),
        (envelope(specversion="0.3"), "not_a_message"),
        (envelope(id=""), "not_a_message"),
        (envelope(source=None), "not_a_message"),
        (envelope(dt="yesterday"), "invalid_dt"),
        (envelope(data=None), "not_an_article"),
        (envelope(data={}), "not_an_article"),
        (envelope(data={"text": 7}), "not_an_article"),
        ({"Records": [{"eventName": "ObjectCreated:Put"}]}, "not_a_message"),
        ({"Type": "Notification", "Message": "hello"}, "not_a_message"),
        (b'{"data": ' + b"[" * 100_000, "too_deep"),
    ],
)
def test_what_is_no_message_says_why(message: Any, word: str) -> None:
    assert reason(message) == word


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}, "s3:TestEvent"),
        ({"Type": "Notification", "Message": json.dumps({"Event": "s3:TestEvent"})}, "s3:TestEvent"),
        ({"Event": "autoscaling:TEST_NOTIFICATION"}, "autoscaling:TEST_NOTIFICATION"),
        ({"Type": "SubscriptionConfirmation", "Message": "You have chosen"}, "SubscriptionConfirmation"),
        ({"Type": "UnsubscribeConfirmation", "Message": "You have chosen"}, "UnsubscribeConfirmation"),
        (EXAMPLES["s3-notification"].replace("Created:Put", "Removed:Delete"), "ObjectRemoved:Delete"),
        (EXAMPLES["eventbridge"].replace("Object Created", "Object Tags Added"), "Object Tags Added"),
        (EXAMPLES["eventbridge"].replace("caf\u00e9.html", "/"), "folder"),
        ({"source": "aws.health", "detail-type": "AWS Health Event", "detail": {}}, "aws.health AWS Health Event"),
        ([], "empty batch"),
    ],
)
def test_chatter_of_services_is_known_by_its_kind(message: Any, kind: str) -> None:
    body = message if isinstance(message, str) else json.dumps(message)
    assert messages.read_message(body) == (ServiceNote(kind),)


def test_a_notification_may_tell_of_new_files_and_of_others() -> None:
    notification = json.loads(EXAMPLES["s3-notification"])
    gone = json.loads(EXAMPLES["s3-notification"].replace("ObjectCreated:Put", "ObjectRemoved:Delete"))
    notification["Records"] += gone["Records"]
    assert messages.read_message(json.dumps(notification)) == (FILE, ServiceNote("ObjectRemoved:Delete"))


@pytest.mark.parametrize(
    "name",
    ["software.amazon.payloadoffloading.PayloadS3Pointer", "com.amazon.sqs.javamessaging.MessageS3Pointer"],
)
def test_the_pointer_of_an_extended_client_tells_where_the_message_is(name: str) -> None:
    pointer = [name, {"s3BucketName": "copydesk", "s3Key": "0a1b"}]
    assert messages.read_message(json.dumps(pointer)) == Pointer("copydesk", "0a1b")


def test_half_a_character_costs_only_itself() -> None:
    cut = '{"text": "a \\ud83d b \\ud83d\\ude00 c \\udc00", "title": "\\uD83D"}'
    read = event_of(cut)
    assert (read.data.text, read.data.title) == ("a  b \U0001f600 c ", None)
    assert messages.parse_json('"\ud83d\ude00\ud800"') == "\U0001f600"


def test_base64_that_is_none_is_broken_when_its_body_is_asked_for() -> None:
    with pytest.raises(Unreadable) as caught:
        _ = event(envelope(data={"html_base64": "no base64!"})).data.body
    assert caught.value.reason == "broken"


def read_or_reason(message: bytes | str) -> None:
    try:
        read = messages.read_message(message)
        found: tuple[Any, ...] = (read.publisher, read.data.body) if isinstance(read, CloudEvent) else (read,)
    except Unreadable as unreadable:
        found = (REASONS[unreadable.reason], unreadable.detail)
    assert found[0]


@given(st.binary() | st.text())
def test_any_bytes_are_read_or_have_a_reason(message: bytes | str) -> None:
    read_or_reason(message)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["1.0", "aws.s3", "Created"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["data", "s3", "Message"]), inner),
    max_leaves=10,
)


@given(VALUES)
def test_any_json_is_read_or_has_a_reason(value: Any) -> None:
    read_or_reason(json.dumps(value))


@given(st.sampled_from(sorted(EXAMPLES)), st.data())
def test_examples_with_any_value_anywhere_are_read_or_have_a_reason(name: Any, data: Any) -> None:
    message = json.loads(EXAMPLES[name])
    place = message
    while True:
        key = data.draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.just(0))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    if data.draw(st.booleans()):
        place[key] = data.draw(VALUES)
    else:
        del place[key]
    read_or_reason(json.dumps(message))


@given(st.sampled_from(sorted(EXAMPLES)), st.integers(0, 2_000), st.binary(max_size=5))
def test_examples_with_damaged_bytes_are_read_or_have_a_reason(name: Any, at: int, damage: bytes) -> None:
    message = EXAMPLES[name].encode()
    read_or_reason(message[:at] + damage + message[at + len(damage) :])


SENT = datetime(2026, 1, 31, 7, 0, tzinfo=UTC)


def test_a_delivery_is_received_when_it_was_sent() -> None:
    assert messages.derive_received_at(SENT, None, SENT - timedelta(days=9)) == SENT


def test_a_past_day_is_received_at_the_time_told_on_that_day_or_at_its_midnight() -> None:
    at = datetime(2026, 1, 30, 23, 30, tzinfo=timezone(timedelta(hours=-1)))
    assert messages.derive_received_at(SENT, date(2026, 1, 30)) == datetime(2026, 1, 30, tzinfo=UTC)
    assert messages.derive_received_at(SENT, date(2026, 1, 30), at) == datetime(2026, 1, 30, tzinfo=UTC)
    assert messages.derive_received_at(SENT, date(2026, 1, 30), SENT - timedelta(days=1)) == SENT - timedelta(days=1)


@given(st.dates(), st.none() | st.datetimes(timezones=st.timezones() | st.just(timezone(timedelta(hours=14)))))
def test_any_past_day_is_kept_whatever_time_is_told(dt: date, at: datetime | None) -> None:
    try:
        assert messages.derive_received_at(SENT, dt, at).date() == dt
    except Unreadable:
        assert not date(1990, 1, 1) <= dt < SENT.date()


@pytest.mark.parametrize("dt", [date(2026, 1, 31), date(2026, 2, 1), date(1989, 12, 31), date(9999, 12, 31)])
def test_today_the_future_and_what_is_before_the_web_are_no_past_days(dt: date) -> None:
    with pytest.raises(Unreadable) as caught:
        messages.derive_received_at(SENT, dt)
    assert caught.value.reason == "invalid_dt"


def test_the_publisher_is_the_articles_source_else_the_envelopes_else_the_host_of_the_url() -> None:
    assert event(envelope(data={"text": "a", "source": "Taz.de"})).publisher == "taz.de"
    assert event(envelope(data={"text": "a", "url": "https://b.example"})).publisher == "example.org"
    assert event(envelope(source="/", data={"text": "a", "url": "https://b.example"})).publisher == "b.example"
    assert event(envelope(source="/")).publisher == "unknown"


def test_text_is_utf_8_and_base64_without_a_header_of_unknown_encoding() -> None:
    assert event(envelope()).data.charset == "utf-8"
    assert event(envelope(data={"html_base64": base64.b64encode(b"a").decode()})).data.charset is None


def test_the_schema_in_the_docs_is_that_of_the_model() -> None:
    embedded = (DOCS / "messages.md").read_text()
    embedded = embedded.partition("<!-- schema:begin -->\n")[2].partition("\n<!-- schema:end -->")[0]
    assert embedded == messages.render_schema()


def test_the_docs_name_every_format() -> None:
    page = (DOCS / "messages.md").read_text()
    assert [known.name for known in FORMATS if f"\n| {known.name} |" not in page] == []


def test_the_docs_explain_every_reason_in_the_words_of_the_tables() -> None:
    page = (DOCS / "messages.md").read_text()
    assert [word for word, meaning in REASONS.items() if f"| `{word}` | {meaning} |" not in page] == []


S3_RECORD = {"s3": {"bucket": {"name": "b"}, "object": {"key": "inbox/a.html"}}}


@pytest.mark.parametrize(
    "name", ["ObjectRemoved:DeleteMarkerCreated", "LifecycleExpiration:DeleteMarkerCreated", "s3:ObjectRemoved:Delete"]
)
def test_a_mark_of_deletion_that_was_created_is_no_new_file(name: str) -> None:
    assert messages.read_message(json.dumps({"Records": [{"eventName": name, **S3_RECORD}]})) == (ServiceNote(name),)


@pytest.mark.parametrize(
    "message",
    [
        {"Records": []},
        {"source": "aws.s3", "detail-type": "AWS API Call via CloudTrail", "detail": {"eventName": "PutBucketPolicy"}},
        {"AlarmName": "a", "NewStateValue": "OK"},
        [{"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {}}],
        {"Type": "Notification", "Message": "Successfully validated SNS topic for Amazon SES event publishing."},
    ],
)
def test_more_words_of_services_are_known(message: object) -> None:
    read = messages.read_message(json.dumps(message))
    assert isinstance(read, tuple)
    assert [type(note) for note in read] == [ServiceNote]


def test_a_record_that_cannot_be_read_costs_no_other() -> None:
    good = {"eventName": "ObjectCreated:Put", **S3_RECORD}
    read = messages.read_message(json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": {}}, good]}))
    assert read == (ServiceNote("unreadable record"), FileNotice("b", "inbox/a.html", None))


@pytest.mark.parametrize(
    "pointer",
    [
        {"s3BucketName": "b", "s3Key": "k"},
        {"S3Payload": {"Id": "1", "Bucket": "b", "Key": "k", "Location": "l"}},
        json.dumps(["com.amazon.sqs.javamessaging.MessageS3Pointer", {"s3BucketName": "b", "s3Key": "k"}]),
    ],
)
def test_pointers_of_other_clients_are_followed(pointer: object) -> None:
    assert messages.read_message(json.dumps(pointer)) == Pointer("b", "k")


@pytest.mark.parametrize(
    "message",
    [
        "\ufeff" + json.dumps(envelope()),
        json.dumps(envelope()).encode("utf-16"),
        json.dumps(json.dumps(envelope())),
        json.dumps({"detail-type": "Article", "source": "my.app", "detail": envelope()}),
        json.dumps(
            {"Type": "Notification", "Message": json.dumps({"Type": "Notification", "Message": EXAMPLES["sns"]})}
        ),
        json.dumps(
            {
                "Type": "Notification",
                "Message": json.dumps({"text": "a"}),
                "MessageAttributes": {
                    f"ce_{name}": {"Type": "String", "Value": value}
                    for name, value in envelope().items()
                    if name != "data"
                },
            }
        ),
    ],
)
def test_an_event_is_read_in_whatever_it_is_wrapped(message: str | bytes) -> None:
    assert not isinstance(messages.read_message(message), EventBatch)


def test_events_that_follow_each_other_are_a_batch() -> None:
    assert messages.read_message(json.dumps(envelope()) + "\n" + json.dumps(envelope(id="2"))) == EventBatch(
        (envelope(), envelope(id="2"))
    )


def test_an_event_with_a_list_of_articles_is_a_batch() -> None:
    read = messages.read_message(json.dumps(envelope(data=[{"text": "a"}, {"content": "b"}])))
    assert isinstance(read, EventBatch)
    assert [messages.read_cloud_event(each).data.text for each in read.events] == ["a", "b"]
    assert [each["id"] for each in read.events] == ["1/0", "1/1"]
