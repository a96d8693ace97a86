"""The derivation of every id. Frozen: a change would rename history, so tests hold golden values."""

import hashlib
import re
import unicodedata
from urllib.parse import quote, quote_plus, unquote_to_bytes, urlsplit

TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|_ga|_gl|yclid|gbraid|wbraid|gad_source|srsltid|ttclid|twclid|_hsenc|_hsmi|mkt_tok)",
    re.IGNORECASE | re.ASCII,
)
# What url_v2 takes for marks of a campaign, a session or a reader's way to the page, and never for the page's name.
MARKS = re.compile(
    rf"{TRACKING.pattern}"
    r"|at_(?:medium|campaign|custom\d|link_\w+|ptr_\w+|format|bbc_team|creation|send_\w+|recipient_\w+)|xtor|xts|xtref"
    r"|i?cmp(?:id)?|intcid|ocid|ncid|mbid|smid|smtyp|cvid|guccounter|guce_\w+|ns_(?:mchannel|source|campaign|linkname|fee)"
    r"|(?:pk|piwik|mtm|matomo|hsa|stm|itm|oly|vero|wt)_\w+|wt\.\w+|wtmc|wt_?zmc|cm_mmc\w*|cm_ven|s_cid|s_kwcid|ef_id"
    r"|fb_(?:action_ids|action_types|source|ref)|gclsrc|gad_\w+|ysclid|_openstat|rb_clickid|igsh|li_fat_id|rdt_cid|sc_cid"
    r"|epik|dicbo|ob_\w+|tblci|trk(?:campaign|contact|msg|module|sid)?|ref_(?:src|url)|referrer|__twitter_impression"
    r"|twitter_impression|spref|soc_(?:src|trk)|sr_share\w*|share_\w+|sharetoken|wickedid|zanpid|ml_subscriber\w*|ito|ftag"
    r"|spm|scm|_branch_match_id|_ke|_kx|mc_\w+|nr_email_referer|sref|seid|sfmc_\w+|mkwid|pcrid|emci|emdi|ceid"
    r"|j?sessionid|session_?id|phpsessid|aspsessionid\w*|sess_?id|oscsid|zenid|cfid|cftoken|aspxautodetectcookiesupport"
    r"|emc|traffic_source|isappinstalled|wtrid|srnd|tpcc|sc_channel|ftcamp|yptr|__cf_chl_\w+|fromapp|__s|erid|roistat\w*"
    r"|mibextid|ck_subscriber_id|nx_source|intcmp|icid|hsctatracking|wprov|taid|_x_tr_\w+"
    r"|amp|_amp|isamp|amp_\w+|usqp",
    re.IGNORECASE | re.ASCII,
)
_MARKED_VALUES = re.compile(  # names that say so only with such a value
    r"(?:ref|source|src|from|via|medium|feed|partner|origin)=(?:rss|atom|feed|twitter|facebook|fb|x|newsletter|email|"
    r"mail|push|whatsapp|telegram|instagram|linkedin|reddit|homepage|google|amp)"
    r"|share=(?:twitter|facebook|x|email|linkedin|reddit|whatsapp|telegram|pinterest|tumblr|jetpack-\w+)|rss=(?:yes|1)"
    r"|from=(?:group|single)message|from=timeline|mod=(?:rss|article_inline|djem\w*)"
    r"|(?:outputtype|output|format|view|mode)=amp|sid=(?:[0-9a-f]{20,}|[0-9a-z]{26,40})",
    re.IGNORECASE | re.ASCII,
)
# Copies of AMP pages at search engines, whose path is the address; then the marks of AMP in a path.
_AMP_COPY = re.compile(
    r"https://(?:(?:[\w-]+\.)?cdn\.ampproject\.org/[acivw]|(?:www\.)?google\.[a-z.]{2,6}/amp|www\.bing\.com/amp)"
    r"/(?:s/)?(?=[\w-]+(?:\.[\w-]+)+(?:/|$))",
    re.ASCII,
)
_AMP_HOST = re.compile(r"amp\.(?=[\w-]+\.\w)", re.ASCII)
_AMP_PATH = re.compile(r"^(?:/amp)+(?=/[^/])|(?<=[^/])(?:/amp)+$|(?:\.amp)+(?=(?:\.html?)?$)", re.IGNORECASE)
_SESSION_PATH = re.compile(r"%3B(?:jsessionid|phpsessid|sid)%3D[^/]*|/%28S%28[0-9a-z]{20,}%29%29", re.IGNORECASE)
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
        return hash_id("article", source, url_v2(url))
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


def url_v2(url: str) -> str:
    """Normalise an article's URL as url_v1 does, and by what marks a reader's way and not the page; frozen too.

    More campaign parameters, sessions and AMP variants go; a route behind `#/` or `#!`, which names the page in an
    application of one page, stays. Every other address is as in url_v1, so its articles keep their ids.
    """
    address = url_v1(url)
    for _ in range(3):  # a copy of a copy
        if (copy := _AMP_COPY.match(address)) is None:
            break
        address = url_v1(f"https://{address[copy.end() :]}")
    if not address.startswith("https://") or "#" in address:  # a string that is not a web address
        return address
    base, _, query = address.removeprefix("https://").partition("?")
    host, slash, path = base.partition("/")
    host = _AMP_HOST.sub("www.", host, count=1) if _AMP_HOST.match(host) else host
    path = _AMP_PATH.sub("", _SESSION_PATH.sub("", slash + path)).rstrip("/")
    pairs = (pair for pair in query.split("&") if pair and not is_mark(pair))
    query = "&".join(pairs)
    return f"https://{host}{path}" + (f"?{query}" if query else "") + read_route(url)


def is_mark(pair: str) -> bool:
    """Return whether a parameter, `name=value`, marks a campaign, a session or an AMP variant."""
    return bool(MARKS.fullmatch(pair.partition("=")[0]) or _MARKED_VALUES.fullmatch(pair))


def read_route(url: str) -> str:
    """Return the route of a URL, `#!/story/1` or `#/story/1`, in one spelling; empty where its fragment is none."""
    fragment = url.strip().partition("#")[2]
    if not fragment.startswith(("!", "/")) or fragment.startswith("/media/"):  # a picture shown over an article
        return ""
    path, _, query = fragment.partition("?")
    kept = "&".join(pair for pair in query.split("&") if pair and not is_mark(pair))
    route = (path.rstrip("/") + (f"?{kept}" if kept else "")).strip()
    spelt = quote(_decode_percent(route), safe="!/?=&;:@+$,~*'()-._")
    return f"#{spelt}" if route.strip("!/") else ""


def _decode_percent(escaped: str) -> bytes:
    """Decode the percent-encoding of a part of a URL; the bytes need not be UTF-8."""
    return unquote_to_bytes(escaped.encode("utf-8", "surrogatepass"))


def encode_host(host: str) -> str:
    """Return a host in the form of DNS: `bücher.example` and `xn--bcher-kva.example` are the same host."""
    if host.isascii():
        return host.rstrip(".")
    labels = unicodedata.normalize("NFC", host).rstrip(".").split(".")
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)
