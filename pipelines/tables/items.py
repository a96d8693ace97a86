"""clean/: every item of a batch, as a readable article or with the reason why it is rejected."""

from collections.abc import Mapping

import pyarrow as pa

from pipelines.tables.contract import UTC, Column, Table

# Why an item is rejected, as its `reason`. docs/messages.md lists these.
REASONS = {
    "not_a_message": "the message is neither a CloudEvents envelope nor an S3 notification, or breaks their rules",
    "not_an_article": "readable, but not an article: a field is missing, unknown or of a wrong type",
    "invalid_dt": "the `dt` attribute is not a day before the day of receipt",
    "file_missing": "the file that the notification names does not exist",
    "file_replaced": "the file was overwritten before it was read; the new file is a delivery of its own",
    "not_in_inbox": "the notification names another bucket, or a key outside the inbox",
    "unknown_type": "Copydesk does not read files of this type",
    "broken": "the compression, the archive or the markup of the file is damaged",
    "too_large": "larger than the limit for an article or for an unpacked file",
    "too_deep": "nested more deeply than any article",
    "empty": "no bytes, or only white space",
    "not_text": "the bytes are not text in any encoding",
    "no_text": "the page has no text of an article",
    "not_the_article": "a page in the place of an article: a check for bots, a wall of consent or login, an error",
    "failed": "cleaning failed on the document, which is a defect in our code; `detail` has the error",
    "index_page": "a list of other pages, with hardly any text of its own",
    "row_rule": "a value breaks a row rule of the table; `detail` names the rule",
    "check": "the row fails a check that sets rows aside; `detail` names the check",
    "set_aside": "most of its delivery or source is rejected, so all of it is set aside; `own_reason` has its own",
}

EXCERPT = 500  # characters of a rejected item that are shown; raw has all of it

LINEAGE = (
    Column("delivery_id", pa.string(), "The delivery that brought the item.", required=True),
    Column("raw_sha256", pa.string(), "SHA-256 of the delivery's bytes.", required=True),
    Column("item_index", pa.int32(), "Position of the item in the payload, from 0.", required=True),
)

TEXT_FROM = {
    "model": "only the document itself",
    "profile": "also the profile learnt from its source",
    "data": "what the page carries for its scripts (JSON-LD, the state that they draw it from), as it shows less",
}
ARTICLE_TYPES = {
    "news": "a report, or an article without features of another type",
    "opinion": "a comment, column or editorial",
    "live": "a page that is extended while events happen",
    "press_release": "a statement of an organisation about itself",
    "stub": "the beginning of an article that only paying readers can read in full",
    "index": "a list of other pages",
}


def _list_meanings(values: Mapping[str, str]) -> str:
    return "; ".join(f"`{value}`, {meaning}" for value, meaning in values.items())


PART = pa.struct([("kind", pa.string()), ("line", pa.int32()), ("start", pa.int32()), ("end", pa.int32())])
REMOVED = pa.struct(
    [
        ("line", pa.int32()),
        ("text", pa.string()),
        ("label", pa.string()),
        ("reason", pa.string()),
        ("score", pa.float64()),
    ]
)
DATELINE = pa.struct([("place", pa.string()), ("agency", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
LINK = pa.struct([("url", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
FOUND_IN = pa.struct([("field", pa.string()), ("found_in", pa.string())])
PRECISIONS = ("second", "minute", "day", "month")

ITEMS = Table(
    name="clean",
    grain="One row per item of the batch.",
    key=("item_id",),
    columns=(
        Column("item_id", pa.string(), "Hash of (delivery_id, item_index).", required=True),
        Column("article_id", pa.string(), "Hash of (source, URL), or of (source, bytes, index) without a URL."),
        Column(
            "event_id",
            pa.string(),
            "Hash of the CloudEvents (source, id); it stays the same when an event is sent again.",
        ),
        Column("source", pa.string(), "The publisher.", required=True, pattern=r"[a-z0-9][a-z0-9._-]{0,99}"),
        Column("url", pa.string(), "The address that the article was delivered with."),
        Column("canonical_url", pa.string(), "The address that the page gives as its own."),
        Column("content_sha256", pa.string(), "SHA-256 of `text`."),
        Column("received_at", UTC, "When the queue or the bucket accepted the delivery.", required=True),
        Column("published_at", UTC, "When the article was published, according to the page or feed."),
        Column(
            "published_precision",
            pa.string(),
            "How exact `published_at` is.",
            values=PRECISIONS,
        ),
        Column("published_from", pa.string(), "Where `published_at` was found."),
        Column("published_zone", pa.string(), "The offset from UTC written with the date, such as `+02:00`."),
        Column("updated_at", UTC, "When the article was last changed, according to the page or feed."),
        Column("updated_precision", pa.string(), "How exact `updated_at` is.", values=PRECISIONS),
        Column("title", pa.string(), "The headline, without the site's name; it is not in `text`."),
        Column("lead", pa.string(), "The page's own summary of the article."),
        Column("text", pa.large_string(), "The article: paragraphs with an empty line between them."),
        Column(
            "broken_characters",
            pa.int32(),
            "Places in `title` and `text` that a wrong encoding left unreadable: U+FFFD, or characters that no "
            "language has in a row. 0 for nearly all.",
            between=(0, 10_000_000),
        ),
        Column(
            "text_from",
            pa.string(),
            f"What was used to separate the article from the rest of the page: {_list_meanings(TEXT_FROM)}.",
            values=tuple(TEXT_FROM),
        ),
        Column(
            "parts", pa.list_(PART), "The paragraphs of `text`: kind, line in the document, and offsets into `text`."
        ),
        Column("captions", pa.list_(pa.string()), "The captions of the pictures."),
        Column("dateline", DATELINE, "Place and agency at the beginning of the text, with offsets into it."),
        Column("links", pa.list_(LINK), "Links in the text: address, and offsets of the linked words into `text`."),
        Column("images", pa.list_(pa.string()), "Addresses of the article's pictures, the main one first."),
        Column(
            "removed",
            pa.list_(REMOVED),
            "Lines of the document that are not in `text`, each with its label and the reason for it.",
        ),
        Column("authors", pa.list_(pa.string()), "The authors, in the order given."),
        Column("section", pa.string(), "The section of the publication that it appeared in."),
        Column(
            "article_type",
            pa.string(),
            f"The type of article: {_list_meanings(ARTICLE_TYPES)}.",
            values=tuple(ARTICLE_TYPES),
        ),
        Column("article_type_score", pa.float64(), "Confidence in `article_type`.", between=(0, 1)),
        Column("robots", pa.list_(pa.string()), "Rules for robots from page and server, such as `noindex` and `noai`."),
        Column("is_tdm_reserved", pa.bool_(), "Whether rights to text and data mining are reserved (TDMRep)."),
        Column("tdm_policy_url", pa.string(), "The address of the policy for text and data mining."),
        Column("is_paywalled", pa.bool_(), "Whether the page says that reading it is not free."),
        Column(
            "found_in",
            pa.list_(FOUND_IN),
            "Where on the page each field was found. `sender.<field>` with `left_out`: what the sender said of it"
            " could not be read, or not all of it.",
        ),
        Column("language", pa.string(), "The language of the text (ISO 639-1).", pattern="[a-z]{2,3}"),
        Column("language_score", pa.float64(), "Confidence in `language`.", between=(0, 1)),
        Column("media_type", pa.string(), "The type that was recognised: text/html or text/plain."),
        Column("reason", pa.string(), "Why the item was rejected.", values=tuple(REASONS)),
        Column("detail", pa.string(), "What exactly is wrong."),
        Column("excerpt", pa.string(), "The first characters of the rejected item."),
        *LINEAGE,
    ),
)
