"""What a message of the queue is: articles in CloudEvents envelopes, files of the inbox, or chatter of a service.

`read_message` tells them apart; `Message` is one model for all of them, and its JSON Schema is in docs/messages.md.
Formats: CloudEvents 1.0 (JSON event format, JSON batch format, and binary mode by message attributes), Amazon S3 event
notifications 2.x, plain or wrapped by SNS or EventBridge, and the pointers of extended clients for SQS.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import RootModel, ValidationError
from pydantic_core import from_json

from pipelines.messages.article import Article, Model, Unreadable
from pipelines.messages.cloud_events import CloudEvent, build_event, place_data
from pipelines.messages.notices import (
    EventBridgeEvent,
    Notice,
    Pointer,
    S3Notification,
    ServiceNote,
    SnsEnvelope,
    read_event_bridge,
    read_pointer,
    read_records,
    read_s3_records,
    read_service_note,
    read_service_text,
)
from pipelines.text.decode import decode

CLOUDEVENTS = "application/cloudevents+json"  # the media type of a message that carries an article
MAX_MESSAGE_BYTES = 262_144  # the limit of every SQS queue; larger ones exist, but have to be configured

FIRST_DAY = date(1990, 1, 1)  # for which history can be sent

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
UNKNOWN_MESSAGE = "neither a CloudEvents envelope nor an S3 notification"
BAD_ESCAPE = re.compile(r'(\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})|\\')  # \' in strings is JavaScript's, \x C's
BETWEEN = " \t\r\n,\x1e\ufeff"  # what may stand between values
MAX_VALUES = 1_000  # in one message
MAX_WRAPS = 3  # of messages within messages: a notification through EventBridge and SNS, written as a string

M = TypeVar("M", bound=Model)


class Message(RootModel[CloudEvent | S3Notification | SnsEnvelope | EventBridgeEvent]):
    """Every kind of message that may be on the queue."""


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Several CloudEvents in one message, not read yet: one that is none does not take the others with it."""

    events: tuple[Any, ...]


Content = CloudEvent | EventBatch | Pointer | tuple[Notice, ...]


def read_message(body: bytes | str, attributes: Mapping[str, str] = NO_ATTRIBUTES) -> Content:
    """Read what a message brings: articles, files that it announces, or words of a service. Raises only Unreadable.

    `attributes` are those of the message: in CloudEvents' binary mode they are the envelope.
    """
    if attributes:
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        if (event := build_event(attributes, text)) is not None:
            return _read_event(event)
    return _parse_message(_parse_body(body), MAX_WRAPS)


def parse_json(body: bytes | str) -> Any:
    """Parse JSON of bounded depth; halves of characters that were cut in two are left out. Raises Unreadable.

    What other writers get wrong is read: an encoding other than UTF-8, control characters and unknown escapes in
    strings.
    """
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    try:
        return from_json(data)
    except ValueError as error:
        text = _decode_json(data)
        for written in (text, BAD_ESCAPE.sub(lambda escape: escape[1] or "\\\\", text)):
            with suppress(ValueError, RecursionError):
                return _join_halves(json.loads(written, strict=False))
        raise _explain(error) from error


def _decode_json(data: bytes) -> str:
    try:
        return data.decode(json.detect_encoding(data), "surrogatepass").lstrip("\ufeff")
    except UnicodeDecodeError:
        return decode(data) or data.decode("utf-8", "replace")


def _parse_body(body: bytes | str) -> Any:
    """Parse the body of a message: a value, or several that follow each other as a list. Raises Unreadable."""
    try:
        return parse_json(body)
    except Unreadable:
        if len(values := _split_values(body)) < 2:
            raise
        return values


def _split_values(body: bytes | str) -> list[Any]:
    """Return the JSON values that follow each other in a body; none where something else is in it."""
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    rest = text.strip(BETWEEN)
    while rest and len(values) < MAX_VALUES:
        try:
            value, end = decoder.raw_decode(rest)
        except (ValueError, RecursionError):
            return []
        values.append(_join_halves(value))
        rest = rest[end:].lstrip(BETWEEN)
    return values if not rest else []


def _explain(error: Exception) -> Unreadable:
    return Unreadable("too_deep" if "recursion" in str(error) else "not_a_message", str(error)[:200])


def _join_halves(value: Any) -> Any:
    """Return a JSON value without lone surrogates; the two halves of one character become it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "ignore") if not value.isascii() else value
    if isinstance(value, list):
        return [_join_halves(each) for each in value]
    if isinstance(value, dict):
        return {_join_halves(name): _join_halves(each) for name, each in value.items()}
    return value


def _parse_message(value: Any, wraps: int) -> Content:
    """Read a message, and up to so many in each other."""
    if isinstance(value, str) and wraps:
        return _parse_message(_parse_body(value), wraps - 1)
    if isinstance(value, list):
        return _parse_list(value, wraps)
    if not isinstance(value, dict):
        raise Unreadable("not_a_message", UNKNOWN_MESSAGE)
    if (note := read_service_note(value)) is not None:
        return (note,)
    if (pointer := read_pointer(value)) is not None:
        return pointer
    if "Type" in value and "Message" in value and wraps:
        return _parse_sns(value, wraps)
    return _parse_object(value)


def _parse_object(value: dict[str, Any]) -> Content:
    match value:
        case {"Records": list(records)} if (notices := read_records(records)) is not None:
            return notices
        case {"Records": _}:
            return read_s3_records(_validate(S3Notification, value))
        case {"source": "aws.s3", "detail": _}:
            return (read_event_bridge(_validate(EventBridgeEvent, value)),)
        case {"specversion": _}:
            return _read_event(value)
        case {"detail-type": _, "detail": {"specversion": _} as event}:
            return _read_event(event)
        case _:
            raise Unreadable("not_a_message", UNKNOWN_MESSAGE)


def _parse_sns(value: dict[str, Any], wraps: int) -> Content:
    """Read what SNS brings; the attributes of its message may be the envelope of an event."""
    text = _validate(SnsEnvelope, value).Message
    if (note := read_service_text(text)) is not None:
        return (note,)
    sent = value.get("MessageAttributes")
    pairs = sent.items() if isinstance(sent, dict) else ()
    attributes = {name: str(each.get("Value")) for name, each in pairs if isinstance(each, dict)}
    event = build_event(attributes, text)
    return _read_event(event) if event is not None else _parse_message(text, wraps)


def _parse_list(values: list[Any], wraps: int) -> Content:
    if (pointer := read_pointer(values)) is not None:
        return pointer
    if not values:
        return (ServiceNote("empty batch"),)
    if any(isinstance(value, dict) and "specversion" in value for value in values):
        return EventBatch(tuple(values))
    if not wraps or not all(isinstance(value, dict) for value in values):
        raise Unreadable("not_a_message", UNKNOWN_MESSAGE)
    contents = [_parse_message(value, wraps - 1) for value in values]
    if not all(isinstance(content, tuple) for content in contents):
        raise Unreadable("not_a_message", UNKNOWN_MESSAGE)
    return tuple(notice for content in contents if isinstance(content, tuple) for notice in content)


def _read_event(event: Mapping[str, Any]) -> CloudEvent | EventBatch:
    """Read an event; one that holds a list of articles is a batch of as many."""
    placed = place_data(event)
    if not isinstance(placed["data"], list):
        return _validate(CloudEvent, placed)
    if not placed["data"]:
        raise Unreadable("not_an_article", "data: an empty list")
    named = {name: value for name, value in event.items() if name != "data_base64"}
    return EventBatch(
        tuple({**named, "id": f"{event.get('id')}/{n}", "data": each} for n, each in enumerate(placed["data"]))
    )


def read_cloud_event(value: Any) -> CloudEvent:
    """Read a JSON value as an envelope. Raises Unreadable: `not_a_message`, or `not_an_article` for its data."""
    return _validate(CloudEvent, place_data(value) if isinstance(value, dict) else value)


def read_article(value: Any) -> Article:
    """Read a JSON value as an article. Raises Unreadable(not_an_article)."""
    return _validate(Article, value, "not_an_article")


def _validate(model: type[M], value: Any, reason: str = "not_a_message") -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        if first["loc"][:1] == ("dt",):
            reason = "invalid_dt"
        elif first["loc"][:1] == ("data",):
            reason = "not_an_article"
        raise Unreadable(reason, f"{place}: {first['msg']}"[:200]) from error


def derive_received_at(sent_at: datetime, dt: date | None, at: datetime | None = None) -> datetime:
    """Return received_at: when the delivery was accepted; with a `dt`, `at` if it is on that day, else its midnight.

    Raises Unreadable(invalid_dt) for a `dt` that is not a day before the day of receipt.
    """
    if dt is None:
        return sent_at
    if not FIRST_DAY <= dt < sent_at.astimezone(UTC).date():
        raise Unreadable("invalid_dt", f"{dt} is no past day")
    if at is not None:
        with suppress(OverflowError):  # the first and last hours of the calendar have no place in UTC
            if at.astimezone(UTC).date() == dt:
                return at.astimezone(UTC)
    return datetime.combine(dt, time(), UTC)


def render_schema() -> str:
    """Render the JSON Schema of `Message` as docs/messages.md embeds it."""
    return f"```json\n{json.dumps(Message.model_json_schema(), indent=2)}\n```"
