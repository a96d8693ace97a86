"""Messages on the queue: an article in a CloudEvents envelope, or the notification of a file in the inbox.

`read_message` tells them apart; `Message` is one model for all of them, and its JSON Schema is in docs/messages.md.
Formats: CloudEvents 1.0 (JSON event format), Amazon S3 event notifications 2.x, plain or wrapped by SNS or EventBridge.
"""

import base64
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import unquote_plus, urlsplit

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import from_json

from pipelines.text.limits import MAX_SENT_AUTHORS, MAX_SENT_TEXT, MAX_SENT_URL

CLOUDEVENTS = "application/cloudevents+json"  # the media type of a message that carries an article
MAX_MESSAGE_BYTES = 262_144  # the limit of every SQS queue; larger ones exist, but have to be configured
UNKNOWN_SOURCE = "unknown"

Text = Annotated[str, Field(min_length=1, max_length=MAX_SENT_TEXT)]
Url = Annotated[str, Field(min_length=1, max_length=MAX_SENT_URL)]


M = TypeVar("M", bound=BaseModel)


class Unreadable(ValueError):
    """The bytes are not a message, or not an article; `reason` is one of tables.items.REASONS."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Article(_Model):
    """One article: its body in exactly one of three forms, and what the sender knows about it."""

    html: str | None = Field(None, description="The page as text.")
    html_base64: str | None = Field(None, description="The page's bytes, untouched, for pages of unknown encoding.")
    text: str | None = Field(None, description="Plain text, site furniture and all.")
    url: Url | None = Field(None, description="Where the article was found.")
    source: Text | None = Field(
        None, description="The publisher; else the host of the envelope's source or of the URL."
    )
    title: Text | None = None
    authors: tuple[Text, ...] = Field((), max_length=MAX_SENT_AUTHORS)
    published_at: AwareDatetime | None = None
    language: str | None = Field(None, pattern="^[a-z]{2,3}$", description="ISO 639-1.")
    fetched_at: AwareDatetime | None = Field(None, description="When the sender fetched it.")
    headers: dict[str, str] = Field({}, description="Response headers of the fetch; content-type gives the encoding.")

    @field_validator("url", "source", "title", "language", mode="before")
    @classmethod
    def _blank_is_not_known(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("authors", mode="before")
    @classmethod
    def _one_author_is_a_list_of_one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_one_body(self) -> "Article":
        if sum(body is not None for body in (self.html, self.html_base64, self.text)) != 1:
            raise ValueError("exactly one of html, html_base64 and text is needed")
        return self

    @property
    def body(self) -> bytes:
        """The bytes of the body. Raises Unreadable for invalid base64."""
        if self.html_base64 is None:
            return (self.html if self.html is not None else self.text or "").encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(self.html_base64, validate=True)
        except ValueError as error:
            raise Unreadable("broken", f"html_base64: {error}") from error

    @property
    def charset(self) -> str | None:
        """The encoding of `body`: known if it came as text, else from the content-type header."""
        if self.html_base64 is None:
            return "utf-8"
        headers = {name.lower(): value for name, value in self.headers.items()}
        _, _, charset = headers.get("content-type", "").lower().partition("charset=")
        return charset.split(";")[0].strip("\"' ") or None


class CloudEvent(_Model):
    """A CloudEvents 1.0 envelope around one article."""

    specversion: Literal["1.0"]
    id: Text
    source: Text = Field(description="Who sends; with `id` it names the event, so that one sent again is known.")
    type: Text
    time: AwareDatetime | None = None
    dt: date | None = Field(None, description="For history: the past day that the article counts for.")
    data: Article

    @property
    def publisher(self) -> str:
        """The article's source as a plain name: lower case, a host without www."""
        return (
            derive_source_name(self.data.source)
            or derive_source_name(self.source)
            or derive_source_name(self.data.url)
            or UNKNOWN_SOURCE
        )


class _S3Bucket(_Model):
    name: str


class _S3Object(_Model):
    key: str
    eTag: str | None = None


class _S3Entity(_Model):
    bucket: _S3Bucket
    object: _S3Object


class _S3Record(_Model):
    eventName: str
    s3: _S3Entity


class S3Notification(_Model):
    """A notification of one or more files, from S3 itself; keys are URL-encoded, as S3 sends them."""

    Records: tuple[_S3Record, ...] = Field(min_length=1, max_length=1_000)


class SnsEnvelope(_Model):
    """An S3 notification or CloudEvents envelope that came through an SNS topic."""

    Type: Literal["Notification"]
    Message: str


class _EventBridgeObject(_Model):
    key: str
    etag: str | None = None


class _EventBridgeDetail(_Model):
    bucket: _S3Bucket
    object: _EventBridgeObject


class EventBridgeEvent(_Model):
    """An S3 notification that came through EventBridge; the key is not encoded."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    source: Literal["aws.s3"]
    detail_type: str = Field(alias="detail-type")
    detail: _EventBridgeDetail


class Message(RootModel[CloudEvent | S3Notification | SnsEnvelope | EventBridgeEvent]):
    """Every kind of message that may be on the queue."""


@dataclass(frozen=True, slots=True)
class FileNotice:
    """The notification of one file: its bucket, key and ETag."""

    bucket: str
    key: str
    etag: str | None


def read_message(body: bytes | str) -> CloudEvent | tuple[FileNotice, ...]:
    """Read the article in a message, or the files that it announces. Raises Unreadable, and nothing else."""
    return _parse_message(parse_json(body), unwrap=True)


def parse_json(body: bytes | str) -> Any:
    """Parse JSON of bounded depth. Raises Unreadable."""
    try:
        return from_json(body if isinstance(body, bytes) else body.encode())
    except ValueError as error:
        raise Unreadable("too_deep" if "recursion" in str(error) else "not_a_message", str(error)[:200]) from error


def _parse_message(value: Any, unwrap: bool) -> CloudEvent | tuple[FileNotice, ...]:
    match value:
        case {"Type": _, "Message": _} if unwrap:
            return _parse_message(parse_json(_validate(SnsEnvelope, value).Message), unwrap=False)
        case {"Records": _}:
            records = _validate(S3Notification, value).Records
            _require_created([record.eventName for record in records])
            return tuple(FileNotice(r.s3.bucket.name, unquote_plus(r.s3.object.key), r.s3.object.eTag) for r in records)
        case {"source": "aws.s3", "detail": _}:
            event = _validate(EventBridgeEvent, value)
            _require_created([event.detail_type])
            detail = event.detail
            return (FileNotice(detail.bucket.name, detail.object.key, detail.object.etag),)
        case {"specversion": _}:
            return read_cloud_event(value)
        case _:
            raise Unreadable("not_a_message", "neither a CloudEvents envelope nor an S3 notification")


def read_cloud_event(value: Any) -> CloudEvent:
    """Read a JSON value as an envelope. Raises Unreadable: `not_a_message`, or `not_an_article` for its data."""
    return _validate(CloudEvent, value)


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


def _require_created(events: list[str]) -> None:
    other = [event for event in events if "created" not in event.lower()]
    if other:
        raise Unreadable("not_an_article", f"not word of a new file: {other[0]}"[:200])


def derive_received_at(sent_at: datetime, dt: date | None, at: datetime | None = None) -> datetime:
    """Return received_at: when the delivery was accepted; with a `dt`, `at` if it is on that day, else its midnight.

    Raises Unreadable(invalid_dt) for a `dt` that is not a day before the day of receipt.
    """
    if dt is None:
        return sent_at
    if not date(1990, 1, 1) <= dt < sent_at.astimezone(UTC).date():
        raise Unreadable("invalid_dt", f"{dt} is no past day")
    if at is not None:
        with suppress(OverflowError):  # the first and last hours of the calendar have no place in UTC
            if at.astimezone(UTC).date() == dt:
                return at.astimezone(UTC)
    return datetime.combine(dt, time(), UTC)


def derive_source_name(value: str | None) -> str | None:
    """Derive the plain name of a publisher from a host, a URL or a name; None if nothing of it can be used."""
    if not value:
        return None
    try:
        host = urlsplit(value if "//" in value else f"//{value}").hostname or ""
    except ValueError:
        return None
    plain = "".join(
        c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in host.lower().removeprefix("www.")
    )
    return plain.strip("-._")[:100] or None


def render_schema() -> str:
    """Render the JSON Schema of `Message` as docs/messages.md embeds it."""
    return f"```json\n{json.dumps(Message.model_json_schema(), indent=2)}\n```"
