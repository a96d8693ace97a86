"""How every id is derived. Frozen: a change here renames history, so tests hold golden values."""

import hashlib
import re
import string
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|_ga|yclid)", re.IGNORECASE)
UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
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

    Scheme and host in lower case, http as https, no default port, no user, no fragment, no tracking parameters,
    parameters sorted, percent-encoding uniform, no slash at the end. What is no web address comes back stripped.
    """
    stripped = url.strip()
    try:
        parts = urlsplit(stripped)
        host, port = parts.hostname, parts.port
    except ValueError:
        return stripped
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host:
        return stripped
    netloc = host.lower().rstrip(".")
    if ":" in netloc:
        netloc = f"[{netloc}]"
    if port not in (None, *DEFAULT_PORTS.values()):
        netloc = f"{netloc}:{port}"
    path = _percent(parts.path)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(name)
    ]
    query = urlencode(sorted(kept), errors="surrogatepass")
    return urlunsplit(("https", netloc, path.rstrip("/"), query, ""))


def _percent(path: str) -> str:
    """One spelling of a path: what needs no escape has none, what needs one has it in capitals."""
    escaped = quote(path, safe="%/:@!$&'()*+,;=", errors="surrogatepass")
    return re.sub("%[0-9A-Fa-f]{2}", lambda m: _unescaped(m[0]), escaped)


def _unescaped(escape: str) -> str:
    character = chr(int(escape[1:], 16))
    return character if character in UNRESERVED else escape.upper()
