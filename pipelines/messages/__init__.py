"""What may be on the queue, and what an article is that somebody sends."""

from pipelines.messages.article import Article, Unreadable
from pipelines.messages.cloud_events import CloudEvent, is_binary_mode
from pipelines.messages.names import UNKNOWN_SOURCE, derive_source_name
from pipelines.messages.notices import FileNotice, Pointer, ServiceNote
from pipelines.messages.reading import (
    CLOUDEVENTS,
    MAX_MESSAGE_BYTES,
    EventBatch,
    Message,
    derive_received_at,
    parse_json,
    read_article,
    read_cloud_event,
    read_message,
    render_schema,
)

__all__ = [
    "CLOUDEVENTS",
    "MAX_MESSAGE_BYTES",
    "UNKNOWN_SOURCE",
    "Article",
    "CloudEvent",
    "EventBatch",
    "FileNotice",
    "Message",
    "Pointer",
    "ServiceNote",
    "Unreadable",
    "derive_received_at",
    "derive_source_name",
    "is_binary_mode",
    "parse_json",
    "read_article",
    "read_cloud_event",
    "read_message",
    "render_schema",
]
