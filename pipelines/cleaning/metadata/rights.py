"""The rules of a page and its server about its use by machines and readers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.cleaning.addresses import normalize_address
from pipelines.cleaning.metadata.jsonld import Node, read_types

MAX_RULES = 50
MAX_RULE = 100  # characters; a rule that no robot knows is kept as it is written: silence reads as permission
_SEPARATOR = re.compile(r"[,;](?!\s*\d)")  # not within a date, such as `unavailable_after: Fri, 25 Jun 2010 15:00 PST`
_AGENT = re.compile(r"(\*|[a-z0-9_-]{2,40})\s*:\s*(.*)", re.ASCII | re.DOTALL)
_VALUED = frozenset(["max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"])
# The name of a <meta> that speaks to every robot, and what tells a robot's own: its end, or that all it holds forbids.
_EVERYBODY = "robots"
_ROBOT_NAME = re.compile(r"[a-z0-9-]{0,30}(?:bot|bot-[a-z]{1,12}|crawler|spider|-extended|-ai)|slurp", re.ASCII)
_NAME = re.compile(r"[a-z0-9_-]{2,40}", re.ASCII)
_FORBIDS = re.compile(r"no(?:ai|archive|cache|follow|imageai|imageindex|index|snippet)")
# Standard metadata names (HTML, section 4.2.5.1), which speak of the page.
_STANDARD = frozenset(
    ["application-name", "author", "color-scheme", "description", "generator", "keywords", "referrer"]
)
_PAGE_NAMES = _STANDARD | {"theme-color", "viewport"}


@dataclass(frozen=True, slots=True)
class Rights:
    """Rules, each with where it was found: `header`, `meta` or `json-ld`; None where there is none."""

    robots: tuple[str, ...] = ()
    """Rules in lower case, sorted, those for one robot as `gptbot: noindex`."""
    robots_from: str | None = None
    is_tdm_reserved: bool | None = None
    tdm_reserved_from: str | None = None
    tdm_policy_url: str | None = None
    tdm_policy_from: str | None = None
    is_paywalled: bool | None = None
    paywalled_from: str | None = None


def read_rights(
    metas: Mapping[str, Sequence[str]],
    headers: Mapping[str, str],
    nodes: Sequence[Node],
    article: Node,
    url: str | None,
) -> Rights:
    """Return the robots rules, the reservation of text and data mining, and whether the article is free to read.

    `metas` has the contents of each named <meta>, names in lower case; `headers` names in lower case. The reservation
    is that of the W3C's TDM Reservation Protocol (Community Group report, 2024); the page goes before the header.
    """
    page = {*_iterate_page_rules(metas)}
    server = {*_iterate_header_rules(headers.get("x-robots-tag", ""))}
    reserved, reserved_from = _read_value(metas, headers, "tdm-reservation")
    policy, policy_from = _read_value(metas, headers, "tdm-policy")
    policy_url = normalize_address(policy, url)
    is_reserved = {"1": True, "0": False}.get(reserved or "")
    is_free = _read_is_free(article, nodes)
    return Rights(
        robots=tuple(sorted(page | server)[:MAX_RULES]),
        robots_from=("meta" if page else "header") if page | server else None,
        is_tdm_reserved=is_reserved,
        tdm_reserved_from=reserved_from if is_reserved is not None else None,
        tdm_policy_url=policy_url,
        tdm_policy_from=policy_from if policy_url else None,
        is_paywalled=None if is_free is None else not is_free,
        paywalled_from=None if is_free is None else "json-ld",
    )


def _iterate_page_rules(metas: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, contents in metas.items():
        if name == _EVERYBODY:
            yield from _iterate_rules(",".join(contents))
        else:
            rules = [*_iterate_rules(",".join(contents))] if _NAME.fullmatch(name) and name not in _PAGE_NAMES else []
            if _ROBOT_NAME.fullmatch(name) or all(map(_FORBIDS.fullmatch, rules)):
                yield from (f"{name}: {rule}" for rule in rules)


def _iterate_header_rules(value: str) -> Iterator[str]:
    """Yield the rules of an X-Robots-Tag. Those of one robot stand behind its name, up to the next robot's."""
    agent = ""
    for part in _SEPARATOR.split(value.lower()[:5_000]):
        named = _AGENT.fullmatch(part.strip())
        if named and named[1] not in _VALUED:
            agent = f"{named[1]}: " if named[1] != "*" else ""
        rest = named[2] if named and named[1] not in _VALUED else part
        yield from (f"{agent}{rule}" for rule in _iterate_rules(rest))


def _iterate_rules(written: str) -> Iterator[str]:
    for part in _SEPARATOR.split(written.lower()[:5_000]):
        if rule := " ".join(part.split())[:MAX_RULE].rstrip():
            yield rule


class _Value(NamedTuple):
    text: str | None
    found_in: str | None


def _read_value(metas: Mapping[str, Sequence[str]], headers: Mapping[str, str], name: str) -> _Value:
    if metas.get(name):
        return _Value(metas[name][0].strip(), "meta")
    return _Value(headers[name].strip(), "header") if headers.get(name) else _Value(None, None)


def _read_is_free(article: Node, nodes: Sequence[Node]) -> bool | None:
    """Return what `isAccessibleForFree` says of the article, its parts or its page; one not free is a paywall."""
    parts = article.get("hasPart")
    nodes_within = parts[:MAX_RULES] if isinstance(parts, list) else [parts]
    values = [_parse_boolean(n.get("isAccessibleForFree")) for n in (article, *nodes_within) if isinstance(n, dict)]
    beside = [node for node in nodes if not article or not {"WebPage", "ItemPage"}.isdisjoint(read_types(node))]
    values += [_parse_boolean(node.get("isAccessibleForFree")) for node in beside]
    return None if all(value is None for value in values) else False not in values


def _parse_boolean(value: object) -> bool | None:
    """Return a schema.org Boolean: JSON's own, or a word or address that ends so."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower().rsplit("/", 1)[-1])
    return value if isinstance(value, bool) else None
