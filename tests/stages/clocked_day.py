"""Clean, enrich, assemble and check inputs of every form under a set clock, and print the digest of each table.

    python -m tests.stages.clocked_day SECONDS

In a process of its own: the clock, seconds since 1970, is set before anything else is loaded. Time zone, locale and
hash seed are those of the environment.
"""

import datetime
import sys
import time

import pandas  # noqa: F401  # takes the class from C, and cannot do with another one
import pyarrow as pa

NOW = float(sys.argv[1])
from_seconds = datetime.date.fromtimestamp


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "Clock":
        return cls.fromtimestamp(NOW, tz)

    @classmethod
    def today(cls) -> "Clock":
        return cls.fromtimestamp(NOW)

    @classmethod
    def utcnow(cls) -> "Clock":
        return cls.fromtimestamp(NOW, datetime.UTC).replace(tzinfo=None)


class Today(datetime.date):
    @classmethod
    def today(cls) -> datetime.date:  # type: ignore[override]
        return from_seconds(NOW)


time.time = lambda: NOW
time.time_ns = lambda: int(NOW) * 10**9
datetime.datetime, datetime.date = Clock, Today  # type: ignore[misc]

import base64  # noqa: E402
import gzip  # noqa: E402
import hashlib  # noqa: E402
import io  # noqa: E402
import json  # noqa: E402
import locale  # noqa: E402
import tarfile  # noqa: E402
import zipfile  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import suppress  # noqa: E402
from email.mime.multipart import MIMEMultipart  # noqa: E402
from email.mime.text import MIMEText  # noqa: E402
from typing import Any  # noqa: E402

from pipelines.checks.day import derive_checked  # noqa: E402
from pipelines.checks.judge import judge  # noqa: E402
from pipelines.checks.suites import read_rules  # noqa: E402
from pipelines.checks.verdicts import merge_checks  # noqa: E402
from pipelines.enrichments.enrichers import ENRICHERS  # noqa: E402
from pipelines.messages import CLOUDEVENTS  # noqa: E402
from pipelines.stages.assemble import assemble_day  # noqa: E402
from pipelines.stages.clean import clean_items  # noqa: E402
from pipelines.stages.enrich import enrich_items  # noqa: E402
from pipelines.tables.parquet import encode_parquet  # noqa: E402

PROSE = "The harbour board met and agreed on the plan for the new pier, which opens in spring. " * 4
TEXTS = {
    "en": "Mara Holm, who leads the board in Aarhus, said on Friday: “We begin in May.” She asked the central bank for "
    "$3 million last week; shares fell 2 per cent. The surgeon and the nurse at the hospital had called for it. ",
    "de": "Am Freitag sagte Bürgermeisterin Jana Köhler in Norwegen: „Wir beginnen im Mai.“ Der Bau kostet 3 Millionen "
    "Euro und soll im nächsten Jahr fertig sein. Die Straße über die Brücke bleibt bis dahin gesperrt. ",
    "fr": "La maire Élise Garnier a déclaré vendredi en Norvège : « Nous commençons en mai. » Le chantier coûtera 3 "
    "millions d’euros et sera achevé l’année prochaine. La route reste fermée jusqu’à l’été. ",
    "es": "La alcaldesa Inés Oliva dijo el viernes en Noruega: «Empezamos en mayo». La obra costará 3 millones de "
    "euros y estará lista el próximo año. La carretera seguirá cerrada hasta el verano. ",
    "ru": "Мэр Анна Белова сказала в пятницу в Норвегии: «Мы начнём в мае». Стройка обойдётся в 3 миллиона рублей и "
    "закончится в следующем году. Дорога через мост закрыта до лета. ",
}
DATES = [
    "2026-02", "02/2026", "February", "27 February", "2026", "10:15", "yesterday", "3 hours ago", "Friday", "27/02",
    "02/03/2026", "Feb 26", "27.2.26", "2026-02-27T10:15", "27 Feb 2026 10:15 MSK", "٢٧ فبراير", "2月27日",
    "令和8年2月", "اسفند ۱۴۰۴", "20260227", "1772186400", "2026-02-27 24:00",
]  # fmt: skip
PLACES_OF_DATES = [
    '<meta name="date" content="{}"><h1>Pier opens</h1>',
    '<h1>Pier opens</h1><p class="date">{}</p>',
    '<h1>Pier opens</h1><time datetime="{}">now</time>',
    "<h1>Pier opens</h1><footer>{}</footer>",
    '<script type="application/ld+json">{{"@type": "Article", "datePublished": "{}"}}</script><h1>Pier opens</h1>',
]
SENT_DATES = [*DATES, "Fri, 27 Feb 2026 10:15:00 EST", "Fri, 27 Feb 2026 10:15 Z", "27 Feb 2026", "26-02-27"]
ENCODINGS = {"de": "windows-1252", "fr": "utf-16", "es": "latin-1", "ru": "windows-1251"}
RECEIVED = Clock(2026, 3, 2, 12, tzinfo=datetime.UTC)
SUITES = ("coverage", "ledger", "rejected")  # those of articles take longer than all the rest
ADDRESS = "https://paper.example/{}"

File = tuple[str, bytes]  # its name and its content
Message = tuple[bytes, dict[str, str] | None]  # its body, and its attributes in binary mode


def write_page(text: str, head: str = "<h1>Pier opens</h1>") -> str:
    return f"<!doctype html><html><body>{head}<p>{text}</p></body></html>"


def list_pages() -> Iterator[File]:
    for number, (form, date) in enumerate((form, date) for form in PLACES_OF_DATES for date in DATES):
        yield f"{number}.html", write_page(PROSE, form.format(date)).encode()
    for language, text in TEXTS.items():
        yield f"{language}.html", write_page(text * 3).encode()
        yield f"{language}-old.html", write_page(text * 3).encode(ENCODINGS.get(language, "utf-8"), "replace")
        plain = f"Pier opens\n27 February\n\n{text * 3}\n"
        yield f"{language}.txt", plain.encode(ENCODINGS.get(language, "utf-8"), "replace")


def list_feeds() -> Iterator[File]:
    def link(kind: str, number: int) -> str:
        return ADDRESS.format(f"{kind}/{number}")

    rss = "".join(
        f"<item><title>Pier {n}</title><link>{link('rss', n)}</link><pubDate>{date}</pubDate>"
        f"<description>{PROSE} Part {n}.</description></item>"
        for n, date in enumerate(SENT_DATES)
    )
    atom = "".join(
        f'<entry><title>Pier {n}</title><link href="{link("atom", n)}"/><updated>{date}</updated>'
        f"<content>{PROSE} Atom {n}.</content></entry>"
        for n, date in enumerate(SENT_DATES)
    )
    entries = [
        {"id": str(n), "url": link("json", n), "date_published": date, "content_text": f"{PROSE} JSON {n}."}
        for n, date in enumerate(SENT_DATES)
    ]
    yield "rss.xml", f"<rss><channel><title>Paper</title>{rss}</channel></rss>".encode()
    yield "atom.xml", f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>{atom}</feed>'.encode()
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": entries}
    yield "feed.json", json.dumps(feed).encode("utf-16")


def list_archives() -> Iterator[File]:
    page = write_page(TEXTS["en"] * 3, '<p class="date">27 February</p><h1>Pier opens</h1>').encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nLast-Modified: Fri, 27 Feb 2026 10:15:00 GMT\r\n\r\n" + page
    record = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {ADDRESS.format('warc')}\r\n"
        "WARC-Date: 2026-02-27T10:15:00Z\r\nContent-Type: application/http;msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    yield "crawl.warc.gz", gzip.compress(record.encode() + http + b"\r\n\r\n", mtime=0)
    saved = MIMEMultipart("related", type="text/html", boundary="part")
    saved["Snapshot-Content-Location"], saved["From"] = ADDRESS.format("mhtml"), "<Saved by a browser>"
    part = MIMEText(page.decode(), "html", "utf-8")
    part["Content-Location"] = ADDRESS.format("mhtml")
    saved.attach(part)
    yield "saved.mhtml", saved.as_bytes()
    packed, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.html"), page)
    with tarfile.open(fileobj=tarred, mode="w") as archive_of_tape:
        member = tarfile.TarInfo("a.html")
        member.size = len(page)
        archive_of_tape.addfile(member, io.BytesIO(page))
    yield "pages.zip", packed.getvalue()
    yield "pages.tar", tarred.getvalue()
    yield "articles.jsonl", b"\n".join(list_articles())
    yield "rows.csv", f'title,text\nA,"{PROSE}"\nB,"{PROSE}"\n'.encode()
    yield "empty.html", b""


def list_articles() -> Iterator[bytes]:
    for number, date in enumerate(SENT_DATES):
        yield json.dumps(
            {"url": ADDRESS.format(f"article/{number}"), "text": f"{PROSE} Article {number}.", "published_at": date}
        ).encode()


def list_messages() -> Iterator[Message]:
    def envelope(**members: Any) -> dict[str, Any]:
        return {"specversion": "1.0", "id": "1", "source": "https://paper.example", "type": "t", **members}

    page = write_page(TEXTS["en"] * 3, "<h1>By message</h1>")
    coded = base64.b64encode(page.encode()).decode()
    for number, date in enumerate(SENT_DATES):
        data = {"url": ADDRESS.format(f"event/{number}"), "text": f"{PROSE} Event {number}.", "published_at": date}
        yield json.dumps(envelope(time=date, data=data)).encode(), None
    contents: list[dict[str, Any]] = [
        {"html": page},
        {"html_base64": coded},
        {"text_base64": coded},
        {"authors": None, "text": PROSE},
    ]
    for content in contents:
        yield json.dumps(envelope(data=content)).encode(), None
    yield json.dumps(envelope(datacontenttype="text/html", data_base64=coded)).encode(), None
    yield json.dumps([envelope(id=str(n), data={"text": f"{PROSE} Batch {n}."}) for n in range(3)]).encode(), None
    yield page.encode(), {f"ce-{name}": value for name, value in envelope().items()} | {"content-type": "text/html"}
    yield b"not a message", None


def list_deliveries() -> Iterator[tuple[dict[str, Any], bytes]]:
    shared = {"received_at": RECEIVED, "url": None, "problem": None, "detail": None, "attributes": None}
    for name, content in (*list_pages(), *list_feeds(), *list_archives()):
        yield shared | {"channel": "inbox", "name": name, "media_type": None, "source": "paper.example"}, content
    for body, attributes in list_messages():
        sent = json.dumps(attributes, sort_keys=True) if attributes else None
        message: dict[str, Any] = {"channel": "queue", "name": None, "media_type": CLOUDEVENTS, "source": None}
        yield shared | message | {"attributes": sent}, body


def build_tables() -> Iterator[tuple[str, pa.Table]]:
    deliveries = []
    for number, (delivery, payload) in enumerate(list_deliveries()):
        names = {"delivery_id": str(number), "raw_sha256": hashlib.sha256(payload).hexdigest()}
        deliveries.append((delivery | names, io.BytesIO(payload)))
    items = pa.concat_tables(clean_items(deliveries))
    yield "items", items
    for enricher in ENRICHERS:
        columns = enrich_items(items, enricher)
        for name in columns.column_names:
            items = items.append_column(columns.schema.field(name), columns[name])
    versions = {"clean": "c" * 16, "enrich": "e" * 16, "validate": "v" * 16}
    day = assemble_day(items, items["item_id"].to_pylist(), False, versions)
    tables, checked = derive_checked(day.tables | {"ledger": day.ledger}, datetime.date(2026, 3, 2), {})
    yield from sorted(tables.items())
    suites = [suite for suite in read_rules() if suite["name"] in SUITES]
    verdict = judge(suites, checked)
    yield "checks", merge_checks(suites, verdict, verdict)


if __name__ == "__main__":
    assert datetime.datetime.now().timestamp() == time.time() == NOW  # noqa: DTZ005
    with suppress(locale.Error):  # not every machine has every locale
        locale.setlocale(locale.LC_ALL, "")
    for name, table in build_tables():
        print(name, table.num_rows, hashlib.sha256(encode_parquet(table)).hexdigest())
