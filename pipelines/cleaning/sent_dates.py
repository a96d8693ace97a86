"""Dates as feeds and senders write them, where they are neither RFC 822 nor ISO 8601 with an offset in numbers."""

import re
from collections.abc import Iterable
from datetime import UTC, timedelta, timezone

from pipelines.cleaning.dates import Moment, parse_date

# Offsets in minutes of zones that feeds name. Where a name is that of several, the one with the most readers has it,
# and those of RFC 822 go before all.
_OFFSETS = {
    name: offset
    for offset, names in (
        (0, "Z UT UTC GMT WET AZOT"),
        (60, "CET MET MEZ WEST WAT BST"),
        (120, "CEST MEST MESZ EET SAST CAT"),
        (180, "EEST MSK EAT TRT"),
        (210, "IRST"),
        (240, "MSD GST SAMT"),
        (270, "IRDT AFT"),
        (300, "PKT UZT YEKT"),
        (330, "IST SLST"),
        (345, "NPT"),
        (360, "BDT OMST"),
        (390, "MMT"),
        (420, "ICT WIB NOVT KRAT"),
        (480, "SGT HKT PHT AWST MYT WITA IRKT"),
        (540, "JST KST WIT YAKT"),
        (570, "ACST"),
        (600, "AEST VLAT CHST"),
        (630, "ACDT"),
        (660, "AEDT"),
        (720, "NZST"),
        (780, "NZDT"),
        (-120, "BRST FNT"),
        (-150, "NDT"),
        (-180, "ADT ART BRT UYT CLST"),
        (-210, "NST"),
        (-240, "AST EDT CLT BOT VET"),
        (-300, "EST CDT COT PET ECT"),
        (-360, "CST MDT"),
        (-420, "MST PDT"),
        (-480, "PST AKDT"),
        (-540, "AKST"),
        (-600, "HST"),
    )
    for name in names.split()
}
# Behind a time: a name, and what some write in addition to it.
_NAMED = re.compile(r"(?<=\d)\s*([ap]\.?m\.?)?\s+\(?([A-Z]{1,5})\)?\s*$", re.IGNORECASE)
# At the end: 10:00:00 +0300, 10:00 GMT+3.
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d))?\s*(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d\d)?$", re.IGNORECASE)
_CTIME = re.compile(
    r"([a-z]{3}),? ([a-z]{3}) {1,2}(\d{1,2}) ([\d:]{4,8}) ((?:[a-z]{1,5}|[+-]\d{4}) )?(\d{4})$", re.IGNORECASE
)
_MONTH = (  # English alone: other months are read in words
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_RFC = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(\d{1,2})[ -](" + _MONTH + r")\.?[ -](\d{4}|\d{2})\s+"
    r"(\d{1,2}:\d\d)(:\d\d)?\s*(.*)$",
    re.IGNORECASE,
)


def parse_sent_date(written: Iterable[str]) -> Moment | None:
    """Return the first of several dates that is one, as exact as it is written; a time without a zone is in UTC."""
    return next(filter(None, map(_parse, written)), None)


def _parse(written: str) -> Moment | None:
    plain = _CTIME.sub(r"\1, \3 \2 \6 \4 \5", " ".join(written.split())).strip()
    if rfc := _RFC.match(plain):  # with one form of day, month and year, which are read in many
        day, month, year, clock, second, zone = rfc.groups()
        year = year if len(year) == 4 else f"{'19' if int(year) >= 70 else '20'}{year}"
        plain = f"{int(day):02} {month[:3]} {year} {clock.zfill(5)}{second or ''} {zone}".strip()
    plain = _NAMED.sub(_write_offset, plain)
    moment = parse_date(plain)
    clock = _CLOCK.search(plain)
    return _add_clock(moment, clock) if moment and moment.precision == "day" and clock else moment


def _add_clock(day: Moment, clock: re.Match[str]) -> Moment:
    """Return the moment at which a clock behind a day in words stands, with its offset."""
    hour, minute, second, sign, hours, minutes = clock.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        at = day.at.replace(hour=int(hour), minute=int(minute), second=int(second or 0), tzinfo=zone)
    except ValueError:
        return day
    written = f"{sign}{int(hours):02}:{int(minutes or 0):02}"
    return Moment(at.astimezone(UTC), "second" if second else "minute", written)


def _write_offset(zone: re.Match[str]) -> str:
    """Return the offset of a named zone in numbers. A military letter says nothing: they were defined the wrong way."""
    half, name = zone[1] or "", zone[2].upper()
    if name in _OFFSETS:
        hours, minutes = divmod(abs(_OFFSETS[name]), 60)
        return f"{half} {'-' if _OFFSETS[name] < 0 else '+'}{hours:02}{minutes:02}"
    return half if len(name) == 1 else zone[0]
