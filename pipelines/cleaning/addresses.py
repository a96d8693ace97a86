"""Addresses that pages write → one form of each, or None for what nobody should follow."""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

import idna
import idna.uts46data  # which idna would read while a page is cleaned

from pipelines.tables.ids import DEFAULT_PORTS, is_mark, read_route
from pipelines.text.limits import MAX_URL

_LINE_ENDS = re.compile(r"[\t\r\n]")
_HOST_CHARACTERS = re.compile(r"[^\x00-\x20\x7f-\x9f\ud800-\udfff\"#%/<>?@\\^`{|}]+")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
_PRIVATE = frozenset(
    ["localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "test", "arpa"]
)
_NUMBER = re.compile(
    r"\d+|0x[0-9a-f]*", re.ASCII
)  # a host whose last label is one is read as an IPv4 address (WHATWG URL)
_UNICAST = IPv6Network("2000::/3")  # what IANA has given out; NAT64 and IPv4 in IPv6 lie outside
_UNWRITABLE = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"\ud800-\udfff]")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "%!$&'()*+,;=:@/?-._~"  # RFC 3986: what may stand in paths and queries as it is


def normalize_address(written: str | None, base: str | None = None) -> str | None:
    """Return a public http(s) address in one form (RFC 3986, section 6.2.2), or None.

    Scheme and host in lower case, host in ASCII, no default port, no user, no fragment but a route, no marks of
    campaigns or sessions, and escapes only where they are needed. Order of parameters, slash at the end and scheme
    stay: they may name another page. None for other schemes, private hosts, and what is longer than MAX_URL.
    """
    written = (written or "").strip()
    if not written or len(written) > MAX_URL or _UNWRITABLE.search(written):
        return None
    try:
        parts = urlsplit(urljoin(base or "", written))
        host, port = _normalize_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if host is None or parts.scheme not in DEFAULT_PORTS or parts.username is not None:
        return None
    netloc = host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    path = _remove_dots(_normalize_escapes(parts.path)) or "/"
    pairs = [pair for pair in parts.query.split("&") if pair and not is_mark(pair)]
    query = _normalize_escapes("&".join(pairs))
    address = f"{parts.scheme}://{netloc}{path}{'?' if query else ''}{query}{read_route(written)}"
    return address if len(address) <= MAX_URL else None


def sanitize_url(url: str | None) -> str | None:
    """Return a URL as it may be published: of http(s), without a user, its control characters escaped; else None.

    Tabs and line ends within it are left out, as browsers do (WHATWG URL).
    """
    written = _LINE_ENDS.sub("", (url or "").strip())
    try:
        parts = urlsplit(written)
        is_host = parts.port is None or parts.port > 0
    except ValueError:  # also a port that is none
        return None
    is_host = is_host and _HOST_CHARACTERS.fullmatch(parts.hostname or "") is not None
    # What stands behind a backslash is a host to some programs, and a path to browsers.
    if parts.scheme.lower() not in DEFAULT_PORTS or not is_host or "\\" in parts.netloc:
        return None
    user, at, _ = parts.netloc.rpartition("@")  # a password is nobody's to read
    written = written.replace(f"{user}{at}", "", 1) if at else written
    escaped = (quote(c, safe="", errors="surrogatepass") if _is_control(c) else c for c in written)
    return "".join(escaped)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def get_host(url: str | None) -> str:
    """Return the host of an address in lower case; empty where there is none."""
    try:
        return urlsplit((url or "")[:MAX_URL]).hostname or ""
    except ValueError:
        return ""


def get_path(url: str | None) -> str:
    """Return the path of an address; empty where there is none."""
    try:
        return urlsplit((url or "")[:MAX_URL]).path
    except ValueError:
        return ""


def _normalize_host(host: str) -> str | None:
    """Return a host as DNS knows it, in ASCII, or None where it can only be somebody's own network.

    IDNA 2008 after UTS 46, so `faß` is not `fass`.
    """
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()  # an IDNAError is a ValueError
    try:
        address = ip_address(host)
    except ValueError:
        pass
    else:
        if not _is_public(address):
            return None
        return f"[{address}]" if address.version == 6 else str(address)
    host = host.rstrip(".")
    labels = host.split(".")
    is_named = len(labels) > 1 and len(host) <= 253 and all(map(_LABEL.fullmatch, labels))
    return host if is_named and labels[-1] not in _PRIVATE and not _NUMBER.fullmatch(labels[-1]) else None


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global
    tunnelled = address.sixtofour
    return address in _UNICAST and address.is_global and (tunnelled is None or tunnelled.is_global)


def _normalize_escapes(part: str) -> str:
    """Return a path or query with upper-case escapes, and none where a letter, digit, `-._~` would do."""
    part = quote(_BROKEN_ESCAPE.sub("%25", part), safe=_SAFE)
    return _ESCAPED.sub(_unescape, part)


def _unescape(escape: re.Match[str]) -> str:
    character = unquote_to_bytes(escape[0]).decode("latin-1")
    return character if character in _UNRESERVED else escape[0].upper()


def _remove_dots(path: str) -> str:
    """Return a path without `.` and `..` (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    resolved: list[str] = []
    steps = path.split("/")
    for step in steps[1:]:
        if step == "..":
            resolved = resolved[:-1]
        elif step != ".":
            resolved.append(step)
    return "/" + "/".join(resolved) + ("/" if steps[-1] in {".", ".."} and resolved else "")
