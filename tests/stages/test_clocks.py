"""The same input gives the same bytes whatever the clock, the time zone and the locale of the machine are."""

import os
import subprocess
import sys

import pytest

# Run in a process of its own: the clock is set before anything else is loaded.
SCRIPT = """
import datetime, sys, time
import pandas, pyarrow  # take the class from C, and cannot do with another one
NOW = float(sys.argv[1])
time.time = lambda: NOW
time.time_ns = lambda: int(NOW) * 10**9
class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(NOW, tz)
    today = classmethod(lambda cls: cls.fromtimestamp(NOW))
    utcnow = classmethod(lambda cls: cls.fromtimestamp(NOW, datetime.UTC).replace(tzinfo=None))
class Today(datetime.date):
    today = classmethod(lambda cls: datetime.date.fromtimestamp(NOW))
datetime.datetime, datetime.date = Clock, Today

import hashlib, io
from pipelines.stages.clean import clean_items
from pipelines.tables.parquet import encode_parquet

PROSE = "<p>" + "The harbour board met and agreed on the plan for the new pier, which opens in spring. " * 4 + "</p>"
DATES = ["2026-02", "02/2026", "February", "27 February", "2026", "10:15", "yesterday", "3 hours ago",
         "Friday", "27/02", "02/03/2026", "Feb 26", "27.2.26", "2026-02-27T10:15", "27 Feb 2026 10:15 MSK",
         "٢٧ فبراير", "2月27日", "令和8年2月", "اسفند ۱۴۰۴", "20260227", "1772186400", "2026-02-27 24:00"]
FORMS = ['<meta name="date" content="{}"><h1>Pier opens</h1>', '<h1>Pier opens</h1><p class="date">{}</p>',
         '<h1>Pier opens</h1><time datetime="{}">now</time>', '<h1>Pier opens</h1><footer>{}</footer>',
         '<script type="application/ld+json">{{"@type": "Article", "datePublished": "{}"}}</script><h1>Pier opens</h1>']
received = Clock(2026, 3, 2, 12, tzinfo=datetime.UTC)
known = {"received_at": received, "channel": "inbox", "name": "a.html", "media_type": None, "source": "paper.example",
         "url": None, "raw_sha256": "00", "problem": None, "detail": None}
pages = [f"<html><body>{form.format(date)}{PROSE}</body></html>" for form in FORMS for date in DATES]
deliveries = [(known | {"delivery_id": str(n)}, io.BytesIO(page.encode())) for n, page in enumerate(pages)]
digest = hashlib.sha256()
for table in clean_items(deliveries):
    digest.update(encode_parquet(table))
    print(table["published_at"].to_pylist(), table["published_precision"].to_pylist())
print(digest.hexdigest())
"""
MACHINES = [
    ("1709164800", "UTC", "C"), ("1771023600", "Asia/Tokyo", "de_DE.UTF-8"),
    ("1893492000", "America/New_York", "ar_EG"),
]  # fmt: skip


@pytest.mark.slow
def test_a_page_gives_the_same_bytes_under_every_clock_zone_and_locale() -> None:
    answers = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, clock], env=os.environ | {"TZ": zone, "LC_ALL": locale, "LANG": locale},
            check=True, capture_output=True, text=True, encoding="utf-8",
        ).stdout
        for clock, zone, locale in MACHINES
    ]  # fmt: skip
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0].splitlines()) > 1
