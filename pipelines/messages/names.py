"""The plain name of a publisher, by which profiles, volumes and article ids know it: two never share one."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from pipelines.tables.ids import encode_host, hash_id

UNKNOWN_SOURCE = "unknown"
MAX_NAME = 100  # characters; tables.items allows no more

ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
HOST = re.compile(r"[^\s/?#@:%]+\.[^\s/?#@:%.]{2,}\.?(?::\d{1,5})?(?:[/?#].*)?", re.DOTALL)  # a host, with what follows
ESCAPED = re.compile(r"(?:%[89a-f][0-9a-f])+", re.IGNORECASE)  # bytes that are not ASCII
PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")


def derive_source_name(value: str | None) -> str | None:
    """Derive the plain name of a publisher from a host, a URL or a name; None if nothing of it can be used.

    A host is written as DNS has it, without `www.`; of a name each run of other characters becomes a hyphen. What is
    not ASCII is encoded as in DNS, so that names in every script are kept, and a name is that of the same host.
    """
    if not value:
        return None
    visible = "".join(c for c in ESCAPED.sub(_unescape, value) if unicodedata.category(c) != "Cf")
    normal = unicodedata.normalize("NFKC", visible).strip()
    if ADDRESS.match(normal) or HOST.fullmatch(normal):
        return _shorten(_keep_words(_read_host(normal)))
    # A path alone names nobody, in a URI without a host the scheme is not the publisher.
    return None if normal.startswith("/") else _shorten(_keep_words(normal.lower().removeprefix("urn:")))


def _unescape(escaped: re.Match[str]) -> str:
    return unquote(escaped[0], errors="replace") if "\ufffd" not in unquote(escaped[0]) else escaped[0]


def _read_host(address: str) -> str:
    """Return the host of an address, in lower case; empty where it has none."""
    try:
        return urlsplit(address if ADDRESS.match(address) else f"//{address}").hostname or ""
    except ValueError:
        return ""


def _keep_words(name: str) -> str:
    """Return a name in lower case with a hyphen for each character that no name may have."""
    return "".join(c if _is_word(c) or c in "._-" else "-" for c in name.removeprefix("www.")).strip("-._")


def _is_word(character: str) -> bool:
    """Tell whether this is a letter, a digit, or a mark: many scripts write vowels as marks."""
    return unicodedata.category(character)[0] in "LNM"


def _shorten(name: str) -> str | None:
    """Return a name in ASCII and of bounded length, in which a hash keeps long names apart."""
    name = encode_host(name).lower()
    if len(name) > MAX_NAME:
        name = f"{name[: MAX_NAME - 9]}-{hash_id('name', name)[:8]}"
    return name if PLAIN.fullmatch(name) else None
