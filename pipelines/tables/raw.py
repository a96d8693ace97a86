"""raw/: deliveries as they were received. The bytes are never changed; everything else can be rebuilt from them."""

import pyarrow as pa

from pipelines.tables.contract import UTC, Column, Table

RAW = Table(
    name="raw",
    grain="One row per delivery: an accepted message or a dropped file.",
    key=("delivery_id",),
    columns=(
        Column("delivery_id", pa.string(), "The SQS MessageId, or the hash of (inbox key, ETag).", required=True),
        Column("received_at", UTC, "When the queue or the bucket accepted the delivery.", required=True),
        Column("channel", pa.string(), "How it was received.", required=True, values=("queue", "inbox")),
        Column("name", pa.string(), "The inbox key of a file."),
        Column("media_type", pa.string(), "The type of the bytes, as named by the sender."),
        Column(
            "attributes",
            pa.string(),
            "The attributes of the message as JSON, where they are the envelope of its event (binary mode).",
        ),
        Column("source", pa.string(), "The publisher that the sender names for a file."),
        Column("url", pa.string(), "The address that the sender names for a file."),
        Column("payload", pa.large_binary(), "The bytes; null where they are in a blob or are lost."),
        Column("blob", pa.string(), "The object that holds a payload too large for a row."),
        Column("raw_sha256", pa.string(), "SHA-256 of the bytes.", required=True, pattern="[0-9a-f]{64}"),
        Column("byte_count", pa.int64(), "Length of the bytes.", required=True),
        Column("problem", pa.string(), "Why the bytes cannot be an article, where landing found that already."),
        Column("detail", pa.string(), "What exactly the problem is."),
    ),
    notes="Object: `raw/dt=<day>/<batch id>.parquet`; the batch id hashes the sorted delivery ids and payload hashes.",
)
