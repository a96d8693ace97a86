"""What the services of a cloud send: that there is a file, where a large message is kept, and chatter of their own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import unquote_plus

from pydantic import ConfigDict, Field, ValidationError

from pipelines.messages.article import Model

# The class names by which Amazon's extended clients mark the pointer to a payload that did not fit into a message.
POINTERS = ("PayloadS3Pointer", "MessageS3Pointer")
MAX_KIND = 100  # characters
CREATED = re.compile(r"(?:s3:)?Object ?Created\b", re.IGNORECASE)  # not ObjectRemoved:DeleteMarkerCreated
SUBSCRIPTION = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
TEST_EVENT = re.compile(r"[a-z0-9]+:\s*test_?-?(?:event|notification)", re.IGNORECASE)
SUCCEEDED = "AmazonSnsSubscriptionSucceeded"
SES_VALIDATION = "Successfully validated SNS topic"


class _S3Bucket(Model):
    name: str


class _S3Object(Model):
    key: str
    eTag: str | None = None


class _S3Entity(Model):
    bucket: _S3Bucket
    object: _S3Object


class _S3Record(Model):
    eventName: str
    s3: _S3Entity


class S3Notification(Model):
    """A notification of one or more files, from S3 itself; keys are URL-encoded, as S3 sends them."""

    Records: tuple[_S3Record, ...] = Field(max_length=1_000)


class SnsEnvelope(Model):
    """An S3 notification or CloudEvents envelope that came through an SNS topic."""

    Type: Literal["Notification"]
    Message: str


class _EventBridgeObject(Model):
    key: str
    etag: str | None = None


class _EventBridgeDetail(Model):
    bucket: _S3Bucket
    object: _EventBridgeObject


class EventBridgeEvent(Model):
    """An S3 notification that came through EventBridge; the key is not encoded."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    source: Literal["aws.s3"]
    detail_type: str = Field(alias="detail-type")
    detail: _EventBridgeDetail


@dataclass(frozen=True, slots=True)
class FileNotice:
    """The notification of one file: its bucket, key and ETag; and the key as it was sent, where that differs."""

    bucket: str
    key: str
    etag: str | None
    sent_key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ServiceNote:
    """Something that a service says of itself, and nobody has to act on; `kind` is its own word for it."""

    kind: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """The place of a message that was too large for the queue."""

    bucket: str
    key: str


Notice = FileNotice | ServiceNote
UNREADABLE_RECORD = ServiceNote("unreadable record")


def read_service_note(value: Mapping[str, Any]) -> ServiceNote | None:
    """Return what a service says of itself; None for any other object."""
    match value:
        case {"Type": str(kind)} if kind in SUBSCRIPTION:
            return _note(kind)
        case {"Event": str(kind)} if TEST_EVENT.fullmatch(kind):
            return _note(kind)
        case {"notificationType": str(kind)} if kind == SUCCEEDED:
            return _note(kind)
        case {"source": str(service), "detail-type": str(kind), "detail": _} if service.startswith("aws."):
            is_of_object = service == "aws.s3" and kind.startswith("Object ")
            return None if is_of_object else _note(f"{service} {kind}")
        case {"Records": []}:
            return _note("empty notification")
        case {"eventType": str(kind)} if kind.startswith("Microsoft.EventGrid."):
            return _note(kind)
        case {"AlarmName": str(), "NewStateValue": str(state)}:
            return _note(f"alarm {state}")
        case {"Event Source": str(service), "Event ID": str()}:
            return _note(f"event of {service}")
        case _:
            return None


def read_service_text(text: str) -> ServiceNote | None:
    """Return what a service says of itself in plain words; None for any other text."""
    return _note(SES_VALIDATION) if text.startswith(SES_VALIDATION) else None


def read_records(records: Sequence[Any]) -> tuple[Notice, ...] | None:
    """Return the notices in the records of S3's notification of which some can be read; None where none can be."""
    notices: list[Notice] = []
    for record in records:
        try:
            notices += read_s3_records(S3Notification.model_validate({"Records": [record]}))
        except ValidationError:
            notices.append(UNREADABLE_RECORD)
    return tuple(notices) if notices and set(notices) != {UNREADABLE_RECORD} else None


def read_s3_records(notification: S3Notification) -> tuple[Notice, ...]:
    """Return the notices in a notification of S3. Of what is not a new file only the kind is told."""
    return tuple(map(_read_record, notification.Records))


def _read_record(record: _S3Record) -> Notice:
    sent = record.s3.object.key
    notice = _read_notice(record.eventName, record.s3.bucket.name, unquote_plus(sent), record.s3.object.eTag)
    if isinstance(notice, FileNotice) and notice.key != sent:
        return replace(notice, sent_key=sent)
    return notice


def read_event_bridge(event: EventBridgeEvent) -> Notice:
    """Return the notice in an event of S3 that came through EventBridge."""
    detail = event.detail
    return _read_notice(event.detail_type, detail.bucket.name, detail.object.key, detail.object.etag)


def read_pointer(value: Any) -> Pointer | None:
    """Return where a message is kept that an extended client of SQS has put into the store; None for anything else.

    Amazon's clients write a list with the name of a class, others its object alone, or one of their own.
    """
    match value:
        case [str(name), {"s3BucketName": str(bucket), "s3Key": str(key)}] if name.endswith(POINTERS):
            return Pointer(bucket, key)
        case {"s3BucketName": str(bucket), "s3Key": str(key)}:
            return Pointer(bucket, key)
        case {"S3Payload": {"Bucket": str(bucket), "Key": str(key)}}:
            return Pointer(bucket, key)
        case _:
            return None


def _read_notice(event: str, bucket: str, key: str, etag: str | None) -> Notice:
    if not CREATED.search(event):
        return _note(event)
    # Consoles create a key that ends so to show an empty folder.
    return _note("folder") if key.endswith("/") else FileNotice(bucket, key, etag)


def _note(kind: str) -> ServiceNote:
    printable = "".join(c if c.isprintable() else " " for c in kind)
    return ServiceNote(printable[:MAX_KIND])
