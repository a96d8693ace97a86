"""CloudEvents 1.0: an envelope around one article, in each form that the standard has for its data."""

import base64
import json
import re
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, Field, field_validator
from pydantic_core import from_json

from pipelines.messages.article import Article, Model, Text, raise_broken
from pipelines.messages.encoded import decode_base64, read_bytes
from pipelines.messages.fields import read_moment
from pipelines.messages.foreign_names import adopt_names
from pipelines.messages.names import UNKNOWN_SOURCE, derive_source_name
from pipelines.text.limits import MAX_ITEM_BYTES

# How the attributes of an event in binary mode are called: by HTTP's rule, by Kafka's, and by AMQP's.
BINARY = re.compile(r"(?:ce|cloudevents)[-_:.](?P<name>[a-z0-9]+)", re.IGNORECASE)
CONTENT_TYPE = re.compile(r"content[-_.]?type", re.IGNORECASE)
VERSION = re.compile(
    r"1\.\d{1,2}(?:\.\d{1,2})?"
)  # of the standard: 1.0 and its minor versions are the same on the wire
WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x9c", b"\x78\xda")  # gzip, zstd, and zlib at its usual levels
JSON_START = ("{", "[")


class CloudEvent(Model):
    """A CloudEvents 1.0 envelope around one article."""

    specversion: Literal["1.0"]
    id: Text
    source: Text = Field(description="Who sends; with `id` it names the event, so that one sent again is known.")
    type: Text
    time: AwareDatetime | None = None
    dt: date | None = Field(None, description="For history: the past day that the article counts for.")
    data: Article

    @field_validator("specversion", mode="before")
    @classmethod
    def _minor_versions_are_alike(cls, value: Any) -> Any:
        return "1.0" if VERSION.fullmatch(str(value)) else value

    @field_validator("id", mode="before")
    @classmethod
    def _a_number_names_it_too(cls, value: Any) -> Any:
        return str(value) if type(value) is int else value

    @field_validator("time", mode="before")
    @classmethod
    def _an_unreadable_time_is_not_known(cls, value: Any) -> Any:
        moment = read_moment(value).value
        return moment.at if moment else None

    @field_validator("dt", mode="before")
    @classmethod
    def _blank_is_not_known(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @property
    def publisher(self) -> str:
        """The article's source as a plain name: lower case, a host without www."""
        return (
            derive_source_name(self.data.source)
            or derive_source_name(self.source)
            or derive_source_name(self.data.url)
            or derive_source_name(self.source.lstrip("/"))
            or UNKNOWN_SOURCE
        )


def is_binary_mode(attributes: Mapping[str, str]) -> bool:
    """Tell whether the attributes of a message are the envelope of an event."""
    return any((match := BINARY.fullmatch(name)) and match["name"].lower() == "specversion" for name in attributes)


def build_event(attributes: Mapping[str, str], body: str) -> dict[str, Any] | None:
    """Build the envelope of an event in binary mode from the attributes of its message; None where there is none."""
    if not is_binary_mode(attributes):
        return None
    event: dict[str, Any] = {
        match["name"].lower(): value for name, value in attributes.items() if (match := BINARY.fullmatch(name))
    }
    stated = next((value for name, value in attributes.items() if CONTENT_TYPE.fullmatch(name)), None)
    return {"datacontenttype": stated, **event, "data": body}


def place_data(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event with its article as an object in `data`, whatever form it was sent in. Raises Unreadable."""
    stated = event.get("datacontenttype")
    media_type = stated.partition(";")[0].strip().lower() if isinstance(stated, str) else ""
    data = event.get("data")
    if (sent := _find_bytes(event)) is not None:
        data = _read_bytes(sent, media_type)
        if "html_base64" in data or "text_base64" in data:
            data = {"headers": {"content-type": stated}, **data}
    elif isinstance(data, str):
        data = _read_string(data, media_type)
    data = [*map(adopt_names, data)] if isinstance(data, list) else adopt_names(data)
    subject = event.get("subject")
    if isinstance(data, dict) and not data.get("url") and WEB_ADDRESS.fullmatch(str(subject)):
        data = {**data, "url": subject}
    return {**event, "data": data}


def _find_bytes(event: Mapping[str, Any]) -> bytes | None:
    """Return the bytes that are the data of an event; None where these are a value."""
    data, encoded = event.get("data"), event.get("data_base64")
    if data not in (None, "") or encoded is None:
        return read_bytes(data)  # what SDKs make of bytes that they do not encode
    try:
        return decode_base64(encoded) if isinstance(encoded, str) else read_bytes(encoded)
    except ValueError as error:
        raise_broken("data_base64", error)


def _read_string(data: str, media_type: str, is_outer: bool = True) -> Any:
    """Return the article that a string holds: an object written as JSON, a list of them, a page, or a text."""
    start = data.lstrip("\ufeff \t\r\n")[:1]
    if start in (*JSON_START, '"') and not media_type.startswith("text/"):
        parsed = _parse(data.encode("utf-8", "surrogatepass"), {"text": data})
        if not isinstance(parsed, str):
            return parsed
        return _read_string(parsed, media_type, is_outer=False) if is_outer else {"text": data}  # written as JSON twice
    is_text = media_type == "text/plain" or (not _is_markup(media_type) and start != "<")
    return {"text" if is_text else "html": data}


def _read_bytes(data: bytes, media_type: str) -> Any:
    encoded = base64.b64encode(data).decode()
    if data.startswith(PACKED) and not media_type.startswith("text/"):
        data = _unpack_json(data)
    start = data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:4]
    if start.startswith((b"{", b"[")) and not media_type.startswith("text/"):
        return _parse(data, {"text_base64": encoded})
    is_text = media_type == "text/plain" or (not _is_markup(media_type) and not start.startswith((b"<", *PACKED)))
    return {"text_base64" if is_text else "html_base64": encoded}


def _unpack_json(data: bytes) -> bytes:
    """Return the JSON that was compressed; the bytes as they are where it is none."""
    try:
        unpacked = zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(data, MAX_ITEM_BYTES)
    except zlib.error:
        return data
    return unpacked if unpacked.lstrip()[:1] in (b"{", b"[") else data


def _parse(data: bytes, otherwise: Any) -> Any:
    """Return the object or list that is written in bytes, or something else where they are not JSON."""
    try:
        encoding = json.detect_encoding(data)
        parsed = from_json(data if encoding == "utf-8" else data.decode(encoding, "replace").lstrip("\ufeff").encode())
    except ValueError:
        return otherwise
    return otherwise if isinstance(parsed, list) and not any(isinstance(each, dict) for each in parsed) else parsed


def _is_markup(media_type: str) -> bool:
    return media_type.endswith(("html", "xml"))
