"""clean/: every item of a batch, readable or with the reason why not."""

import pyarrow as pa

from pipelines.tables.contract import UTC, Column, Table

# Why an item is no article. The first group is found while unpacking, the second while cleaning.
REASONS = {
    "not_a_message": "the message is no CloudEvents envelope and no S3 notification, or breaks their rules",
    "not_an_article": "readable, but not what an article looks like: a field is missing, of a wrong type or unknown",
    "invalid_dt": "the `dt` attribute is no day before the day of receipt",
    "file_missing": "the notification names a file that is not there",
    "file_replaced": "the file was overwritten before it was read; what replaced it is a delivery of its own",
    "not_in_inbox": "the notification names another bucket or a key outside the inbox",
    "unknown_type": "the bytes are of no type that Copydesk reads",
    "broken": "the compression, the archive or the markup of the file is damaged",
    "too_large": "larger than an article, or than a file unpacked, may be",
    "too_deep": "nested deeper than any article is",
    "empty": "no bytes, or only white space",
    "not_text": "bytes that are no text in any encoding",
    "no_text": "a page without an article's text",
    "failed": "the extractor broke on the page, and reading it plainly gave nothing either",
    "row_rule": "a value breaks a row rule of the table; `detail` names it",
}

LINEAGE = (
    Column("delivery_id", pa.string(), "The delivery that brought the item.", required=True),
    Column("raw_sha256", pa.string(), "SHA-256 of the delivery's bytes.", required=True),
    Column("item_index", pa.int32(), "Place of the item in the payload, from 0.", required=True),
)

ITEMS = Table(
    name="clean",
    grain="One row per item of the batch.",
    key=("item_id",),
    columns=(
        Column("item_id", pa.string(), "Hash of (delivery_id, item_index).", required=True),
        Column("article_id", pa.string(), "Hash of (source, URL), or of (source, bytes, index) without a URL."),
        Column("event_id", pa.string(), "Hash of the CloudEvents (source, id): the same when an event is sent again."),
        Column("source", pa.string(), "The publisher.", required=True, pattern=r"[a-z0-9][a-z0-9._-]{0,99}"),
        Column("url", pa.string(), "The address the article was delivered with."),
        Column("canonical_url", pa.string(), "The address the page gives itself."),
        Column("content_sha256", pa.string(), "SHA-256 of `text`."),
        Column("received_at", UTC, "When the queue or the bucket accepted the delivery.", required=True),
        Column("published_at", UTC, "When the article says it was published."),
        Column(
            "published_precision",
            pa.string(),
            "How exact `published_at` is.",
            values=("second", "minute", "day"),
        ),
        Column("published_from", pa.string(), "Where `published_at` was found."),
        Column("title", pa.string(), "The headline."),
        Column("text", pa.large_string(), "The article: paragraphs, an empty line between them."),
        Column("authors", pa.list_(pa.string()), "Who wrote it, in the order given."),
        Column("language", pa.string(), "ISO 639-1.", pattern="[a-z]{2,3}"),
        Column("language_score", pa.float64(), "How sure the language is.", between=(0, 1)),
        Column("media_type", pa.string(), "What the item turned out to be: text/html or text/plain."),
        Column("reason", pa.string(), "Why the item is no article.", values=tuple(REASONS)),
        Column("detail", pa.string(), "What exactly was wrong."),
        Column("excerpt", pa.string(), "The first characters of what was rejected."),
        *LINEAGE,
    ),
)
