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
    "failed": "cleaning broke on the document, which is a defect of ours; `detail` has the error",
    "index_page": "a list of other pages, with hardly any prose of its own",
    "row_rule": "a value breaks a row rule of the table; `detail` names it",
    "check": "the row fails a check of the day that sets rows aside; `detail` names it",
}

EXCERPT = 500  # characters that show what was rejected; the whole of it is in raw

LINEAGE = (
    Column("delivery_id", pa.string(), "The delivery that brought the item.", required=True),
    Column("raw_sha256", pa.string(), "SHA-256 of the delivery's bytes.", required=True),
    Column("item_index", pa.int32(), "Place of the item in the payload, from 0.", required=True),
)

TEXT_FROM = {
    "model": "the document by itself",
    "profile": "what was learnt of its source took part",
}
ARTICLE_TYPES = {
    "news": "a report or any other article that says nothing else",
    "opinion": "a comment, column or editorial",
    "live": "a page that grows with what happens",
    "press_release": "what an organisation says about itself",
    "stub": "the opening of an article that only paying readers see whole",
    "index": "a list of other pages",
}
# Characters. Of 30 pages of fundus_eval that say they are not free none was cut, and two whole reports are shorter than
# this: so the confidence is low.
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
PRECISIONS = ("second", "minute", "day")

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
            values=PRECISIONS,
        ),
        Column("published_from", pa.string(), "Where `published_at` was found."),
        Column("published_zone", pa.string(), "The offset from UTC that was written, as `+02:00`."),
        Column("updated_at", UTC, "When the article says it was last changed."),
        Column("updated_precision", pa.string(), "How exact `updated_at` is.", values=PRECISIONS),
        Column("title", pa.string(), "The headline, without the site's name; it is no part of `text`."),
        Column("lead", pa.string(), "The summary that the page gives of the article."),
        Column("text", pa.large_string(), "The article: paragraphs, an empty line between them."),
        Column("text_from", pa.string(), "What told text from furniture.", values=tuple(TEXT_FROM)),
        Column("parts", pa.list_(PART), "The paragraphs of `text`: kind, line in the document, offsets into `text`."),
        Column("captions", pa.list_(pa.string()), "What stands under the pictures."),
        Column("dateline", DATELINE, "Place and agency that open the text, with offsets into it."),
        Column("links", pa.list_(LINK), "Links in the text: address, offsets of their words into `text`."),
        Column("images", pa.list_(pa.string()), "Addresses of the article's pictures, the main one first."),
        Column(
            "removed", pa.list_(REMOVED), "Lines that are no part of `text`, each with what it is taken for and why."
        ),
        Column("authors", pa.list_(pa.string()), "Who wrote it, in the order given."),
        Column("section", pa.string(), "The section of the paper it stands in."),
        Column("article_type", pa.string(), "What kind of article it is.", values=tuple(ARTICLE_TYPES)),
        Column("article_type_score", pa.float64(), "How sure the type is.", between=(0, 1)),
        Column(
            "robots", pa.list_(pa.string()), "Rules that page and server give to robots, such as `noindex` and `noai`."
        ),
        Column("is_tdm_reserved", pa.bool_(), "Whether rights to text and data mining are reserved (TDMRep)."),
        Column("tdm_policy_url", pa.string(), "Where the policy for text and data mining stands."),
        Column("is_paywalled", pa.bool_(), "Whether the page says that it is not free to read."),
        Column("found_in", pa.list_(FOUND_IN), "Where on the page each field was found."),
        Column("language", pa.string(), "ISO 639-1.", pattern="[a-z]{2,3}"),
        Column("language_score", pa.float64(), "How sure the language is.", between=(0, 1)),
        Column("media_type", pa.string(), "What the item turned out to be: text/html or text/plain."),
        Column("reason", pa.string(), "Why the item is no article.", values=tuple(REASONS)),
        Column("detail", pa.string(), "What exactly was wrong."),
        Column("excerpt", pa.string(), "The first characters of what was rejected."),
        *LINEAGE,
    ),
)
