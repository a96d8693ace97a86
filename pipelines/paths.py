"""Where everything lies in the bucket: the only module that spells out a key or a prefix.

The folders are described in docs/architecture.md, "What is where in the bucket". Days are ISO dates ("2026-03-02"), ids
are lower-case hex digits, versions are 16 of them.
"""

import re
from datetime import date

INBOX = "inbox/"  # + <source>/…: files that people drop
LANDED = "landed/"  # + <delivery id>: which of them are landed
RAW = "raw/"
SERVICE = "service/"  # + dt=<day>/: what services say of themselves
TABLES = "tables/"
RELEASES = "releases/"
ATTEMPTS = "attempts/"
ACCEPTED = "accepted/"
PROFILES = "profiles/"
OPEN_REDRIVES = "redrives/open/"
INGEST_STATE = "state/ingest.json"
REPORTS_INDEX = "reports/index.json"

# Below these prefixes Copydesk alone writes.
OWN_PREFIXES = (
    LANDED, RAW, SERVICE, TABLES, RELEASES, ATTEMPTS, ACCEPTED, PROFILES, "archive/", "clean/", "enriched/",
    "redrives/", "reports/", "staging/", "state/",
)  # fmt: skip

# As object_key names what is published: <table>-<release id>-<serial>, and the number of a part of several.
PUBLISHED_NAME = re.compile(r"\w+-\w+-(\d+)(?:-\d+)?\.parquet", re.ASCII)


def landed_key(delivery_id: str) -> str:
    """Return the key of the note that a file of the inbox is landed."""
    return f"{LANDED}{delivery_id}"


def raw_prefix(dt: date | str) -> str:
    """Return the prefix of all raw objects of a day."""
    return f"{RAW}dt={dt}/"


def raw_batch_key(dt: date | str, batch: str) -> str:
    """Return the key of a raw batch."""
    return f"{raw_prefix(dt)}{batch}.parquet"


def blobs_prefix(dt: date | str) -> str:
    """Return the prefix of the payloads of a day that are too large for a row."""
    return f"{raw_prefix(dt)}blobs/"


def blob_key(dt: date | str, sha256: str) -> str:
    """Return the key of a payload that is too large for a row."""
    return f"{blobs_prefix(dt)}{sha256}"


def service_prefix(dt: date | str) -> str:
    """Return the prefix of all that services said of themselves on a day."""
    return f"{SERVICE}dt={dt}/"


def service_batch_key(dt: date | str, batch: str, count: int) -> str:
    """Return the key of a batch of what services said of themselves; its name counts the messages."""
    return f"{service_prefix(dt)}{batch}-{count}.parquet"


def clean_key(batch: str, version: str) -> str:
    """Return the key of the cached clean items of a batch."""
    return f"clean/{batch}/{version}.parquet"


def batch_sources_key(batch: str, version: str) -> str:
    """Return the key of the cached list of sources in a batch."""
    return f"clean/{batch}/sources.{version}.json"


def enriched_prefix(batch: str) -> str:
    """Return the prefix of all that enrichers have cached for a batch."""
    return f"enriched/{batch}/"


def enriched_key(batch: str, enricher: str, version: str) -> str:
    """Return the key of what one enricher has cached for a batch."""
    return f"{enriched_prefix(batch)}{enricher}.{version}.parquet"


def staging_prefix(release_id: str, serial: int) -> str:
    """Return the prefix of all that is staged for a publication."""
    return f"staging/{release_id}-{serial}/"


def staging_key(table: str, release_id: str, serial: int, part: int | None = None) -> str:
    """Return the key of a table that waits to be published, or of one of its parts."""
    return f"{staging_prefix(release_id, serial)}{_name_part(table, part)}.parquet"


def assembled_key(table: str, release_id: str, serial: int, part: int | None = None) -> str:
    """Return the key of a table, or of one of its parts, as first assembled: before any check set rows aside."""
    return f"{staging_prefix(release_id, serial)}assembled/{_name_part(table, part)}.parquet"


def part_count_key(release_id: str, serial: int) -> str:
    """Return the key of the note how many parts a day has; it is written when what decides its items is there."""
    return f"{staging_prefix(release_id, serial)}assembled/count.json"


def partition_prefix(table: str, dt: date | str) -> str:
    """Return the prefix of one day of a published table."""
    return f"{TABLES}{table}/dt={dt}/"


def object_key(table: str, dt: date | str, release_id: str, serial: int, part: int | None = None) -> str:
    """Return the key under which consumers find a table of a day; where it has several parts, one of these.

    The serial makes the name new even when a release becomes live again: a writer that slept through two swaps must
    not be able to delete what is live now.
    """
    return f"{partition_prefix(table, dt)}{_name_part(f'{table}-{release_id}-{serial}', part)}.parquet"


def key_serial(key: str) -> int:
    """Return the serial in an object's name; -1 for a name that no publication gave."""
    named = PUBLISHED_NAME.fullmatch(key.rpartition("/")[2])
    return int(named[1]) if named else -1


def archive_prefix(dt: date | str, release_id: str) -> str:
    """Return the prefix of all tables of a release that was replaced."""
    return f"archive/dt={dt}/{release_id}/"


def archived_key(table: str, dt: date | str, release_id: str, part: int | None = None) -> str:
    """Return the key of a table, or of one of its parts, of a release that was replaced."""
    return f"{archive_prefix(dt, release_id)}{_name_part(table, part)}.parquet"


def parse_part(key: str) -> tuple[str, int]:
    """Return the table of a staged or archived object, and the number of its part; 0 for a table of one part."""
    table, _, part = key.rpartition("/")[2].removesuffix(".parquet").partition("-")
    return table, int(part or 0)


def head_key(dt: date | str) -> str:
    """Return the key of the head of a day: what is live."""
    return f"{RELEASES}dt={dt}/head.json"


def plan_key(dt: date | str, release_id: str) -> str:
    """Return the key of the plan of a release."""
    return f"{RELEASES}dt={dt}/{release_id}.json"


def publication_key(dt: date | str, release_id: str, serial: int) -> str:
    """Return the key of the record of one publication."""
    return f"{RELEASES}dt={dt}/{release_id}-{serial}.json"


def attempt_prefix(dt: date | str, release_id: str) -> str:
    """Return the prefix of all that is kept of an attempt."""
    return f"{ATTEMPTS}dt={dt}/{release_id}/"


def attempt_key(table: str, dt: date | str, release_id: str) -> str:
    """Return the key of a table that is kept of an attempt, whatever came of it."""
    return f"{attempt_prefix(dt, release_id)}{table}.parquet"


def surges_key(dt: date | str, release_id: str) -> str:
    """Return the key of the rejection surges of an attempt."""
    return f"{attempt_prefix(dt, release_id)}surges.json"


def report_page_key(dt: date | str, release_id: str) -> str:
    """Return the key of the page of an attempt."""
    return f"{attempt_prefix(dt, release_id)}report.html"


def report_data_key(dt: date | str, release_id: str) -> str:
    """Return the key of the data that the page of an attempt is made from."""
    return f"{attempt_prefix(dt, release_id)}report.json"


def accepted_prefix(dt: date | str | None = None) -> str:
    """Return the prefix of the releases of a day, or of all days, that a person accepted."""
    return f"{ACCEPTED}dt={dt}/" if dt else ACCEPTED


def accepted_key(dt: date | str, release_id: str) -> str:
    """Return the key of the record that a person accepted a release."""
    return f"{accepted_prefix(dt)}{release_id}.json"


def trends_page_key(month: str | None = None) -> str:
    """Return the key of the page of a month ("2026-03"), or of the page over all months."""
    return f"reports/{month or 'index'}.html"


def month_key(month: str) -> str:
    """Return the key of the attempts of a month, from which its page is made."""
    return f"reports/{month}.json"


def redrive_key(redrive_id: str) -> str:
    """Return the key of the record of a finished redrive."""
    return f"redrives/{redrive_id}.json"


def open_redrive_key(redrive_id: str) -> str:
    """Return the key of a redrive that is not finished."""
    return f"{OPEN_REDRIVES}{redrive_id}.json"


def stopped_prefix(dt: date | str) -> str:
    """Return the prefix of the releases of a day that a redrive could not publish."""
    return f"redrives/stopped/dt={dt}/"


def stopped_key(dt: date | str, release_id: str) -> str:
    """Return the key of the note why a redrive could not publish a release."""
    return f"{stopped_prefix(dt)}{release_id}"


def profile_key(source: str, version: str) -> str:
    """Return the key of a profile."""
    return f"{PROFILES}{source}/{version}.json"


def proposals_prefix(source: str) -> str:
    """Return the prefix of all proposals for a source."""
    return f"{PROFILES}{source}/proposals/"


def proposal_key(source: str, proposal_id: str) -> str:
    """Return the key of the proposal of a profile."""
    return f"{proposals_prefix(source)}{proposal_id}.json"


def active_profile_key(source: str) -> str:
    """Return the key of the record of which profile of a source is active."""
    return f"{PROFILES}{source}/active.json"


def _name_part(name: str, part: int | None) -> str:
    """Add the number of a part to a name; a table of one part has none."""
    return name if part is None else f"{name}-{part}"
