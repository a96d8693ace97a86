"""The optional fields of an article, in the many forms in which tools write them.

Each reader returns the value in our form, and whether all of what was written is in it. It raises nothing, so a field
never costs an article: what cannot be read is left out.
"""

import ast
import base64
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from pipelines.messages.encoded import read_bytes
from pipelines.text.limits import MAX_SENT_AUTHORS, MAX_SENT_TEXT, MAX_SENT_URL

# How tools write that they know nothing.
UNKNOWN = frozenset({"", "none", "null", "nil", "nan", "nat", "n/a", "undefined", "und"})
# What is inside an object, by the name that it has there, in small letters and without what joins words.
LABELS = (
    "name", "fullname", "displayname", "original", "rendered", "value", "text", "#text", "_", "$t", "cdata", "main",
    "default", "href", "url", "@id", "code", "$date", "$numberlong", "seconds", "date", "@value", "label", "author",
    "person", "@list",
)  # fmt: skip
TEXT_BODIES = ("html", "text")
BODY_LABELS = ("rendered", "processed", "value", "#text", "_", "$t", "cdata", "content", "html")
GIVEN_NAMES, FAMILY_NAMES = ("firstname", "givenname", "given", "first"), ("lastname", "familyname", "family", "last")

# ISO 639-2 and 639-3 → 639-1, for the languages that have both.
TWO_LETTERS = dict(
    pair.split(":")
    for pair in re.findall(
        r"\S+",
        """
    afr:af alb:sq amh:am ara:ar arb:ar arm:hy aze:az baq:eu bel:be ben:bn bod:bo bos:bs bul:bg bur:my cat:ca ces:cs
    chi:zh cmn:zh cym:cy cze:cs dan:da deu:de dut:nl ekk:et ell:el eng:en epo:eo est:et eus:eu fao:fo fas:fa fin:fi
    fra:fr fre:fr fry:fy geo:ka ger:de gla:gd gle:ga glg:gl gre:el guj:gu hau:ha heb:he hin:hi hrv:hr hun:hu hye:hy
    ibo:ig ice:is ind:id isl:is ita:it jav:jv jpn:ja kan:kn kat:ka kaz:kk khm:km kin:rw kir:ky kor:ko kur:ku lao:lo
    lat:la lav:lv lit:lt ltz:lb mac:mk mal:ml mar:mr may:ms mkd:mk mlg:mg mlt:mt mon:mn msa:ms mya:my nep:ne nld:nl
    nno:nn nob:nb nor:no ori:or pan:pa per:fa pes:fa pol:pl por:pt pus:ps roh:rm ron:ro rum:ro run:rn rus:ru sin:si
    slk:sk slo:sk slv:sl sme:se sna:sn snd:sd som:so spa:es sqi:sq srp:sr sun:su swa:sw swe:sv tam:ta tat:tt tel:te
    tgk:tg tha:th tib:bo tir:ti tuk:tk tur:tr uig:ug ukr:uk urd:ur uzb:uz vie:vi wel:cy xho:xh yid:yi yor:yo zho:zh
    zul:zu
        """,
    )
)

# Of ISO 639-1, beside those above. The codes of countries (jp, cn, ua, cz) are no languages.
KNOWN_CODES = frozenset(TWO_LETTERS.values()) | frozenset(
    re.findall(
        "..",
        "aaabaeakanasavaybhbibmcechcocrcvcudvdzeefffjgngvhohziaieiiikiuiokgkikjklkrkskvkwlglilnlumhnandngnrnvny"
        "ocojomospiqurmrnrwsascsgshsmsstitntotstwtyugvevowazawo",
    )
)
RENAMED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}

SECONDS = (10**8, 10**11)  # from 1973 to the year 5138; a larger number counts milli-, micro- or nanoseconds
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d)(?=Z?$)", re.IGNORECASE)
ARRAY = re.compile(r"\{[^{}:\[\]]+\}")  # of PostgreSQL
DOT_NET = re.compile(r"\\?/Date\((-?\d+)(?:[+-]\d{4})?\)\\?/")
ZONE = re.compile(r"\s*(?:\[[^\]]*\]|\b(?:UTC|GMT|Z))$", re.IGNORECASE)  # behind a time; Java names it in brackets
LOOSE_OFFSET = re.compile(r"\s+([+-]\d\d:?\d\d)$")
UTC_ZONE = re.compile(r"utc|gmt|z|[+-]\d\d:?\d\d", re.IGNORECASE)
NAMED_ZONE = re.compile(r"\d\s+\(?(?!(?:am|pm|utc|gmt|ut|z)\b)[a-z]{2,5}\)?$|gmt[+-]\d", re.IGNORECASE)
DAY = re.compile(r"\d{4}-?\d\d-?\d\d")
FIRST_YEAR = 1600
MAX_DATE = 100  # characters
MAX_HEADERS = 65_536  # characters
NO_SCHEME = re.compile(r"//|www\.", re.IGNORECASE)
STATUS_LINE = re.compile(r"HTTP/\d")


class Field(NamedTuple):
    """A field as it was read; None where nothing could be."""

    value: Any
    is_whole: bool = True


class Moment(NamedTuple):
    """A moment, and whether it is exact or only its day is known."""

    at: datetime
    precision: str  # "second" | "day"


NOTHING = Field(None)
UNREADABLE = Field(None, is_whole=False)


def read_fields(article: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the members of an article with the optional ones in our form, and the names of those left out."""
    fields = dict(article)
    for name in TEXT_BODIES:
        fields |= _read_body(name, article.get(name), article.get(f"{name}_base64"))
    left_out: list[str] = []
    for name, read in READERS.items():
        if name in fields:
            fields[name], is_whole = read(fields[name])
            left_out += [] if is_whole else [name]
    return {name: value for name, value in fields.items() if value is not None or name not in READERS}, left_out


def _read_body(name: str, written: Any, encoded: Any) -> dict[str, Any]:
    """Return a body as text or in base64, in whatever way it was put into JSON; nothing where it is as it should be."""
    bodies: dict[str, Any] = {}
    if isinstance(written, dict | list):
        if (sent := _read_bytes(written)) is not None:
            bodies = {name: None, f"{name}_base64": sent}
        elif isinstance(text := _unwrap_text(written), str):
            bodies = {name: text}
    if isinstance(encoded, dict | list) and (sent := _read_bytes(encoded)) is not None:
        bodies[f"{name}_base64"] = sent
    return bodies


def _read_bytes(written: Any) -> str | None:
    """Return bytes in base64 that were written in another way, or in pieces; None for anything else."""
    if isinstance(written, list) and written and all(isinstance(piece, str) and piece[:1] != "<" for piece in written):
        joined = "".join(written)
        return joined if re.fullmatch(r"[\w+/=\s-]+", joined, re.ASCII) else None
    try:
        found = read_bytes(written)
    except ValueError:
        return None
    return base64.b64encode(found).decode() if found else None


def _unwrap_text(written: Any) -> Any:
    if isinstance(written, list):
        return "\n".join(written) if all(isinstance(piece, str) for piece in written) else None
    members = _spell_plainly(written)
    return next((members[label] for label in BODY_LABELS if isinstance(members.get(label), str)), None)


def read_moment(written: Any) -> Field:
    """Read a moment, as a Moment in UTC. Without a zone the time is taken as UTC, as on pages."""
    value = _unwrap_date(written)
    if value is None:
        return _read_nothing(written)
    try:
        moment = _parse_number(value) if isinstance(value, int | float) else _parse_written(value.strip())
    except (ValueError, OverflowError, IndexError, TypeError):
        return UNREADABLE
    return Field(moment) if moment.at.year >= FIRST_YEAR else UNREADABLE


def _unwrap_date(written: Any) -> Any:
    """Return what an object or a list holds as a date; one that is written as its numbers, in ISO."""
    if isinstance(written, list) and 3 <= len(written) <= 9 and all(type(part) is int for part in written):
        year, month, day, *clock = [*written, 0, 0, 0][:6]
        return f"{year:04}-{month:02}-{day:02}T" + ":".join(f"{part:02}" for part in clock)
    if isinstance(written, dict) and isinstance(written.get("date"), str) and isinstance(written.get("timezone"), str):
        day, zone = written["date"], written["timezone"]  # PHP
        return f"{day} {zone}" if UTC_ZONE.fullmatch(zone) else day[:10]
    return _unwrap(written)


def _parse_number(seconds: float) -> Moment:
    if not SECONDS[0] <= seconds:
        raise ValueError("a number that is no time")
    while seconds >= SECONDS[1]:
        seconds /= 1_000
    return Moment(datetime.fromtimestamp(seconds, UTC), "second")


def _parse_written(written: str) -> Moment:
    if len(written) > MAX_DATE:
        raise ValueError("too long for a date")
    if in_milliseconds := DOT_NET.fullmatch(written):
        return Moment(datetime.fromtimestamp(int(in_milliseconds[1]) / 1_000, UTC), "second")
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?|\d{16}|\d{19}", written):
        return _parse_number(float(written))
    if DAY.fullmatch(written):
        return Moment(datetime.fromisoformat(written).replace(tzinfo=UTC), "day")
    try:
        at = _parse_iso(written)
    except ValueError:
        at = parsedate_to_datetime(written)
        if at.tzinfo is None and NAMED_ZONE.search(written):
            raise
    is_day = at.tzinfo is None and at.time() == datetime.min.time()  # how tables write a day
    return Moment(at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC), "day" if is_day else "second")


def _parse_iso(written: str) -> datetime:
    if not re.match(r"\d{4}-?\d\d-?\d\d", written):  # not 2026-02 or 2026-W09, of which the day is not known
        raise ValueError("no ISO 8601")
    plain = COMPACT.sub(r"\1-\2-\3T\4:\5:\6", written)
    zone = ZONE.search(plain)
    is_utc = zone is not None and not zone[0].strip().startswith("[")
    at = datetime.fromisoformat(LOOSE_OFFSET.sub(r"\1", ZONE.sub("", plain)))
    return at.replace(tzinfo=UTC) if is_utc and at.tzinfo is None else at


def _read_language(written: Any) -> Field:
    """Read a language tag, a locale, or a list of them as HTTP has it: the language of the first."""
    value = _unwrap(written)
    if value is None:
        return _read_nothing(written)
    first = re.split(r"[\s,;]", str(value).strip().lower().replace("_", "-"), maxsplit=1)[0]
    code = re.split(r"[-.@]", first, maxsplit=1)[0]
    if not re.fullmatch("[a-z]{2,3}", code):
        return UNREADABLE
    if code in {"und", "mul", "zxx", "mis"}:
        return NOTHING
    code = str(RENAMED.get(code) or TWO_LETTERS.get(code) or code)
    return Field(code) if len(code) == 3 or code in KNOWN_CODES else UNREADABLE


def _read_authors(written: Any) -> Field:
    """Read names: one or a list, as strings or as objects with a name."""
    people = _parse_list(written) if isinstance(written, str) else written
    if isinstance(people, dict):
        people = _list_people(people)
    if not isinstance(people, list | tuple):
        people = [people]
    names: list[str] = []
    is_whole = True
    for person in people:
        name = _read_person(person)
        is_whole &= name.is_whole
        names += [name.value] if name.value is not None else []
    return Field(tuple(names[:MAX_SENT_AUTHORS]), is_whole and len(names) <= MAX_SENT_AUTHORS)


def _list_people(people: dict[str, Any]) -> Any:
    """Return the people in an object that numbers them, or holds a list of them; else the one that it is."""
    if all(name.isdecimal() for name in people):
        return list(people.values())
    return next((value for value in people.values() if isinstance(value, list)), people)


def _parse_list(written: str) -> Any:
    """Return the list that a string holds, where a table wrote a list as a string; else the string."""
    text = written.strip()
    if len(text) > MAX_SENT_TEXT:
        return written
    if ARRAY.fullmatch(text):
        return [name.strip('" ') for name in text[1:-1].split(",")]
    if not (text.startswith("[") and text.endswith("]")):
        return written
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return written


def _read_person(person: Any) -> Field:
    if not isinstance(person, dict):
        return NOTHING if _is_nothing(person) else _read_text(person)
    members = _spell_plainly(person)
    if isinstance(members.get("name"), dict):
        return _read_person(members["name"])
    parts = [next((members[name] for name in names if name in members), None) for names in (GIVEN_NAMES, FAMILY_NAMES)]
    whole = " ".join(part for part in parts if isinstance(part, str) and part.strip())
    return _read_text(whole if whole and "name" not in members else person)


def _read_source(written: Any) -> Field:
    return NOTHING if _is_nothing(written) else _read_text(written)


def _read_url(written: Any) -> Field:
    if _is_nothing(written):
        return NOTHING
    url = _read_text(written, MAX_SENT_URL)
    if isinstance(url.value, str) and NO_SCHEME.match(url.value.strip()):
        return Field(f"https://{url.value.strip().removeprefix('//')}")
    return url


def _read_text(written: Any, limit: int = MAX_SENT_TEXT) -> Field:
    value = written if isinstance(written, str) else _unwrap(written)  # "None" may be a title
    if value is None or not str(value).strip():
        return _read_nothing(written)
    return Field(str(value)) if len(str(value)) <= limit else UNREADABLE


def _read_headers(written: Any) -> Field:
    """Read headers: an object, a list of pairs or of objects with name and value, or the lines as they were sent."""
    if _is_nothing(written):
        return NOTHING
    headers: dict[str, str] = {}
    is_whole = True
    for name, value in _list_headers(written):
        text = _read_header_value(value)
        if isinstance(name, str) and text is not None:
            headers.setdefault(name, text)
        elif not _is_nothing(value):
            is_whole = False
    return Field(headers, is_whole)


def _list_headers(written: Any) -> list[tuple[Any, Any]]:
    if isinstance(written, str):
        written = _parse_object(written) or [line for line in written.splitlines() if not STATUS_LINE.match(line)]
    if isinstance(written, dict):
        return list(written.items())
    lines = list(_as_list(written))
    is_flat = len(lines) % 2 == 0 and all(isinstance(line, str) for line in lines) and ":" not in "".join(lines[::2])
    if is_flat:  # Node's rawHeaders
        return list(zip(lines[::2], lines[1::2], strict=True))
    return [*map(_split_header, lines)]


def _parse_object(written: str) -> Any:
    """Return the object that a string holds as JSON or as Python writes it; None where it holds none."""
    if not written.lstrip().startswith("{") or len(written) > MAX_HEADERS:
        return None
    for parse in (json.loads, ast.literal_eval):
        with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
            parsed = parse(written)
            return parsed if isinstance(parsed, dict) else None
    return None


def _split_header(header: Any) -> tuple[Any, Any]:
    match header:
        case [name, value]:
            return name, value
        case {"name": name, "value": value} | {"key": name, "value": value}:
            return name, value
        case str():
            name, _, value = header.partition(":")
            return name.strip(), value.strip() or None if name != header else header
        case _:
            return None, header


def _read_header_value(value: Any) -> str | None:
    parts = [
        str(each["value"] if isinstance(each, dict) and "value" in each else each)  # CloudFront
        for each in _as_list(value)
        if isinstance(each, str | int | float) or (isinstance(each, dict) and isinstance(each.get("value"), str))
    ]
    return ", ".join(parts) if parts else None


def _as_list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _unwrap(value: Any) -> Any:
    """Return the first of a list, and the name or value in an object."""
    for _ in range(3):  # no deeper
        if isinstance(value, list | tuple):
            value = next((each for each in value if not _is_nothing(each)), None)
        elif isinstance(value, dict):
            members = _spell_plainly(value)
            value = next((members[label] for label in LABELS if not _is_nothing(members.get(label))), None)
    is_value = isinstance(value, str | int | float) and not isinstance(value, bool)
    return value if is_value and not _is_nothing(value) else None


def _spell_plainly(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of an object with names in small letters, without what joins the words in them."""
    return {re.sub("(?<=.)[-_ ]|^_+(?=.)", "", name).lower(): value for name, value in members.items()}


def _read_nothing(written: Any) -> Field:
    """Return that there is no value; as left out, unless the sender says so too."""
    return NOTHING if _is_nothing(written) else UNREADABLE


def _is_nothing(value: Any) -> bool:
    """Tell whether this says that nothing is known."""
    if isinstance(value, str):
        return value.strip().lower() in UNKNOWN
    return value is None or value in ([], {}) or (isinstance(value, float) and not math.isfinite(value))


READERS: Mapping[str, Callable[[Any], Field]] = {
    "url": _read_url,
    "source": _read_source,
    "title": _read_text,
    "authors": _read_authors,
    "published_at": read_moment,
    "language": _read_language,
    "fetched_at": read_moment,
    "headers": _read_headers,
}
