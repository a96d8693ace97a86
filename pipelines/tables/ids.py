"""How every id is derived. Frozen: a change here renames history, so tests hold golden values."""

import hashlib
import re
import unicodedata
from urllib.parse import quote, quote_plus, unquote_to_bytes, urlsplit

TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|_ga|_gl|yclid|gbraid|wbraid|gad_source|srsltid|ttclid|twclid|_hsenc|_hsmi|mkt_tok)",
    re.IGNORECASE | re.ASCII,
)
HOST = re.compile(r"[^\x00-\x20\x7f-\U0010ffff\"#%/<>?@\[\\\]^`{|}]+")  # ASCII without what no host may hold
DEFAULT_PORTS = {"http": 80, "https": 443}


def hash_id(*parts: str | int | None) -> str:
    """128 bits of BLAKE2b over the parts, each with its length before it, as 32 hex digits.

    None differs from the empty string, and ("ab", "c") from ("a", "bc").
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"-" if part is None else f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def item_id(delivery_id: str, index: int) -> str:
    """The item at `index` (from 0) of what a delivery's payload was unpacked into."""
    return hash_id("item", delivery_id, index)


def file_delivery_id(key: str, etag: str) -> str:
    """The delivery that a dropped file is: the same however often, and by whatever way, it is noticed."""
    return hash_id("file", key, etag.strip('"'))


def article_id(source: str, url: str | None, raw_sha256: str, index: int) -> str:
    """The article that an item tells: by its envelope URL, or by its bytes where it came without one."""
    if url is not None:
        return hash_id("article", source, url_v1(url))
    return hash_id("article", source, raw_sha256, index)


def url_v1(url: str) -> str:
    """The frozen form of an article's URL: what may differ without naming another page is removed.

    Scheme and host in lower case, host in ASCII, http as https, no default port, no user, no fragment, no tracking
    parameters, parameters sorted, percent-encoding uniform, no slash at the end. The bytes that escapes stand for are
    kept, whatever their encoding. What is no web address comes back stripped. Applying it twice changes nothing.
    """
    stripped = url.strip()
    try:
        parts = urlsplit(stripped)
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return stripped
    if parts.scheme.lower() not in DEFAULT_PORTS or not HOST.fullmatch(host):
        return stripped
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, *DEFAULT_PORTS.values()):
        netloc = f"{netloc}:{port}"
    path = "/".join(quote(_bytes(segment), safe="") for segment in parts.path.split("/"))
    pairs = [part.replace("+", " ").partition("=") for part in parts.query.split("&") if part]
    named = sorted((quote_plus(_bytes(name)), quote_plus(_bytes(value))) for name, _, value in pairs)
    query = "&".join(f"{name}={value}" for name, value in named if not TRACKING.fullmatch(name))
    return f"https://{netloc}{path.rstrip('/')}" + (f"?{query}" if query else "")


def _bytes(escaped: str) -> bytes:
    """The bytes that a part of a URL stands for; they need not be UTF-8."""
    return unquote_to_bytes(escaped.encode("utf-8", "surrogatepass"))


def _ascii_host(host: str) -> str:
    """A host as DNS knows it: `bücher.example` and `xn--bcher-kva.example` are one."""
    if host.isascii():
        return host.rstrip(".")
    labels = unicodedata.normalize("NFC", host).rstrip(".").split(".")
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)
