"""What a message of the queue is: articles in CloudEvents envelopes, files of the inbox, or chatter of a service.

`read_message` tells them apart; `Message` is one model for all of them, and its JSON Schema is in docs/messages.md.
Formats: CloudEvents 1.0 (JSON event format, JSON batch format, and binary mode by message attributes), Amazon S3 event
notifications 2.x, plain or wrapped by SNS or EventBridge, and the pointers of Amazon's extended clients for SQS.
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
    read_s3_records,
    read_service_note,
)

CLOUDEVENTS = "application/cloudevents+json"  # the media type of a message that carries an article
MAX_MESSAGE_BYTES = 262_144  # the limit of every SQS queue; larger ones exist, but have to be configured

FIRST_DAY = date(1990, 1, 1)  # for which history can be sent

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
UNKNOWN_MESSAGE = "neither a CloudEvents envelope nor an S3 notification"
HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\xed[\xa0-\xbf]")

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
            return read_cloud_event(event)
    return _parse_message(parse_json(body), unwrap=True)


def parse_json(body: bytes | str) -> Any:
    """Parse JSON of bounded depth; halves of characters that were cut in two are left out. Raises Unreadable."""
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    try:
        return from_json(data)
    except ValueError as error:
        if not HALF_CHARACTER.search(data):
            raise _explain(error) from error
    try:
        return _join_halves(json.loads(data.decode("utf-8", "surrogatepass")))
    except (ValueError, RecursionError) as error:
        raise _explain(error) from error


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


def _parse_message(value: Any, unwrap: bool) -> Content:
    if isinstance(value, list):
        return _parse_list(value)
    if not isinstance(value, dict):
        raise Unreadable("not_a_message", UNKNOWN_MESSAGE)
    if (note := read_service_note(value)) is not None:
        return (note,)
    match value:
        case {"Type": _, "Message": _} if unwrap:
            return _parse_message(parse_json(_validate(SnsEnvelope, value).Message), unwrap=False)
        case {"Records": _}:
            return read_s3_records(_validate(S3Notification, value))
        case {"source": "aws.s3", "detail": _}:
            return (read_event_bridge(_validate(EventBridgeEvent, value)),)
        case {"specversion": _}:
            return read_cloud_event(value)
        case _:
            raise Unreadable("not_a_message", UNKNOWN_MESSAGE)


def _parse_list(values: list[Any]) -> Content:
    if (pointer := read_pointer(values)) is not None:
        return pointer
    if not values:
        return (ServiceNote("empty batch"),)
    if not any(isinstance(value, dict) and "specversion" in value for value in values):
        raise Unreadable("not_a_message", UNKNOWN_MESSAGE)
    return EventBatch(tuple(values))


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
