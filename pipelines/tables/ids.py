"""The derivation of every id. Frozen: a change would rename history, so tests hold golden values."""

import hashlib
import re
import unicodedata
from urllib.parse import quote, quote_plus, unquote_to_bytes, urlsplit

TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|_ga|_gl|yclid|gbraid|wbraid|gad_source|srsltid|ttclid|twclid|_hsenc|_hsmi|mkt_tok)",
    re.IGNORECASE | re.ASCII,
)
# ASCII without the characters that no host may contain
HOST = re.compile(r"[^\x00-\x20\x7f-\U0010ffff\"#%/<>?@\[\\\]^`{|}]+")
DEFAULT_PORTS = {"http": 80, "https": 443}


def hash_id(*parts: str | int | None) -> str:
    """Return 128 bits of BLAKE2b over the parts, each preceded by its length, as 32 hex digits.

    None differs from the empty string, and ("ab", "c") from ("a", "bc").
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"-" if part is None else f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def item_id(delivery_id: str, index: int) -> str:
    """Return the id of the item at `index` (from 0) among the items that a delivery's payload holds."""
    return hash_id("item", delivery_id, index)


def file_delivery_id(key: str, etag: str) -> str:
    """Return the delivery id of a dropped file: the same however often, and in whichever way, it is noticed."""
    return hash_id("file", key, etag.strip('"'))


def article_id(source: str, url: str | None, raw_sha256: str, index: int, entry_id: str | None = None) -> str:
    """Return the article id of an item: from its envelope URL; where it came without one, from the id that its feed
    gives it, so that a feed polled again brings no new articles; or else from its bytes.
    """
    if url is not None:
        return hash_id("article", source, url_v1(url))
    if entry_id is not None:
        return hash_id("article", source, "entry", entry_id)
    return hash_id("article", source, raw_sha256, index)


def url_v1(url: str) -> str:
    """Normalise an article's URL, in a frozen way: remove differences that do not lead to another page.

    Scheme and host in lower case, host in ASCII, http as https, no default port, no user, no fragment, no tracking
    parameters, parameters sorted, percent-encoding uniform, no slash at the end. Escaped bytes are kept, whatever their
    encoding. A string that is not a web address is only stripped. Applying it twice changes nothing.
    """
    stripped = url.strip()
    try:
        parts = urlsplit(stripped)
        host, port = encode_host(parts.hostname or ""), parts.port
    except ValueError:
        return stripped
    if parts.scheme.lower() not in DEFAULT_PORTS or not HOST.fullmatch(host):
        return stripped
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, *DEFAULT_PORTS.values()):
        netloc = f"{netloc}:{port}"
    path = "/".join(quote(_decode_percent(segment), safe="") for segment in parts.path.split("/"))
    pairs = [part.replace("+", " ").partition("=") for part in parts.query.split("&") if part]
    named = sorted((quote_plus(_decode_percent(name)), quote_plus(_decode_percent(value))) for name, _, value in pairs)
    query = "&".join(f"{name}={value}" for name, value in named if not TRACKING.fullmatch(name))
    return f"https://{netloc}{path.rstrip('/')}" + (f"?{query}" if query else "")


def _decode_percent(escaped: str) -> bytes:
    """Decode the percent-encoding of a part of a URL; the bytes need not be UTF-8."""
    return unquote_to_bytes(escaped.encode("utf-8", "surrogatepass"))


def encode_host(host: str) -> str:
    """Return a host in the form of DNS: `bücher.example` and `xn--bcher-kva.example` are the same host."""
    if host.isascii():
        return host.rstrip(".")
    labels = unicodedata.normalize("NFC", host).rstrip(".").split(".")
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)
