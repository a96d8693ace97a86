"""The text of an article that a page carries in its data: JSON-LD, or the state that its script draws it from.

No two frameworks keep a text in the same place. What they share: its paragraphs are strings, or runs of strings, at
places that differ in numbers alone, and no other such group of a page has as much prose.
"""

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any, NamedTuple

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from pipelines.cleaning.metadata.jsonld import Node
from pipelines.cleaning.pages.blocks import split_blocks
from pipelines.cleaning.text import count_letters, join_lines, remove_unprintable
from pipelines.text.sentences import ends_sentence

MAX_SCRIPTS = 60
MAX_CHARACTERS = 3_000_000  # of one script
MAX_VALUES = 200_000  # looked at over all scripts
MAX_TEXT = 500_000  # characters of one string
MAX_DEPTH = 60
MAX_TRIES = 50  # values that cannot be read, of one script
PROSE = 60  # letters of a string that is likely a paragraph
MIN_LETTERS = 300  # of a text
_STATE = re.compile(
    r"__NUXT__|__next_f|__NEXT_DATA__|__(?:APOLLO|PRELOADED|INITIAL|REDUX|APP|RELAY)_(?:STATE|DATA|STORE|PROPS)__|"
    r"__(?:STATE|DATA|PRELOADED|remixContext|INITIAL)__|__remixContext|__sveltekit|Fusion\.globalContent|"
    r"(?:window|self)\.(?:__\w+|\w*(?:State|Data|Store|Props))\s*="
)
# What is left open runs to the end, so that the whole scan stays linear.
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|\'((?:[^\'\\]|\\.)*+)(?:\'|\\?\Z)', re.DOTALL)
_ASSIGNED = re.compile(r"=\s*(?=[{\[])|\(\s*(?=[{\[])|^\s*(?=[{\[])|JSON\.parse\(\s*(?=[\"'])")
_MARKUP = re.compile(r"</?(?:p|br|div|span|a|em|i|b|strong|h[1-6]|li|ul|ol|blockquote|figure)\b[^<>]*>", re.IGNORECASE)
_LOCATOR = re.compile(r"^\S+$|^\s*(?:https?:|data:|[.#@{\[])|[{};]\s*[\w.#-]+\s*[:{]|=>|function\s*\(")
# Keys of what a page has besides its article.
_OTHER = re.compile(
    r"comment|related|recommend|teaser|sidebar|footer|navig|menu|legal|consent|cookie|translation|i18n|messages|locale|"
    r"config|setting|widget|newsletter|paywall|subscri|promo|advert|author|bio\b|caption|\balt\b|seo|meta|disclaimer|"
    r"trending|latest|popular|mostread|playlist|disclosure|description|summary|excerpt|__typename",
    re.IGNORECASE,
)
_ATTRIBUTES = ("data-page", "data-props", "props", "data-react-props", "data-state", "data-initial-state")
_BODY = re.compile(r"body|content|text|article|story|html|paragraph", re.IGNORECASE)
_UNSHOWN = re.compile(r"</?(?:noscript|template)\b[^<>]*>", re.IGNORECASE)  # shown here, where no script runs
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*[{"\[])')
_ESCAPED = re.compile(r"&lt;/?(?:p|br|div)\b")
_ROW = re.compile(r"(?:^|(?<=\n)|(?<=[\]}\"]))[0-9a-f]{1,6}:(?:T(?P<bytes>[0-9a-f]{1,6}),|(?=[\[{\"]))")
_PROPS = 3  # place of what an element has, behind its mark, its name and its key
_DECODER = json.JSONDecoder(strict=False)

Keys = tuple[str, ...]


class DataText(NamedTuple):
    """What the data of a page has."""

    paragraphs: tuple[str, ...] = ()
    is_named: bool = False
    """Whether its place says more than that it is a string among others."""
    longest: int = 0
    """Characters of the longest value that calls itself a text, readable or not."""


class _Leaf(NamedTuple):
    keys: Keys
    """Names of the objects' members on the way, without numbers; a name that comes again is given once."""
    numbers: tuple[int, ...]
    """Places in the lists on the way."""
    text: str


def is_state(script: str) -> bool:
    """Return whether a script holds the state of a page."""
    return _STATE.search(script[:5_000]) is not None


def read_data_text(tree: HtmlElement, article: Node) -> DataText:
    """Return the text of the article that is in the page's data; empty where there is none."""
    leaves = [_Leaf(("articleBody",), (), text) for text in _list_bodies(article)]
    leaves += _read_states(tree)
    leaves += _read_elements(tree)
    groups: dict[Keys, list[_Leaf]] = {}
    for leaf in leaves:
        if not any(map(_OTHER.search, leaf.keys)):
            groups.setdefault(leaf.keys, []).append(leaf)
    if longest := _find_longest(groups.get((), [])):
        groups[("text",)] = [longest]
        del groups[()]
    texts = {keys: _read_paragraphs(group) for keys, group in groups.items()}
    keys = max(texts, key=lambda keys: _count_prose(texts[keys]), default=())
    best = texts.get(keys, ())
    named = [len(leaf.text) for leaf in leaves if leaf.keys and _BODY.search(leaf.keys[-1])]
    return DataText(best if _count_prose(best) >= MIN_LETTERS else (), bool(keys), max(named, default=0))


def _find_longest(leaves: Sequence[_Leaf]) -> _Leaf | None:
    """Return the string that has most of the prose of a program's strings, which is its article; None without one."""
    sizes = [_count_prose(_split_paragraphs(leaf.text)) for leaf in leaves]
    most = max(sizes, default=0)
    return leaves[sizes.index(most)] if 2 * most >= sum(sizes) > 0 else None


def _list_bodies(article: Node) -> Iterator[str]:
    body = article.get("articleBody")
    for text in body if isinstance(body, list) else [body]:
        if isinstance(text, str) and text.strip():
            yield text


def _count_prose(paragraphs: Sequence[str]) -> int:
    return sum(count_letters(text) for text in paragraphs if _is_prose(text))


def _is_prose(text: str) -> bool:
    return count_letters(text) >= PROSE and not _LOCATOR.search(text[:300])


def _read_states(tree: HtmlElement) -> Iterator[_Leaf]:
    left = MAX_VALUES
    flight: list[str] = []
    for script in list(tree.iter("script"))[:MAX_SCRIPTS]:
        text, media_type = script.text or "", script.get("type", "").lower()
        is_data = "json" in media_type and "ld+json" not in media_type
        if not text or len(text) > MAX_CHARACTERS or not (is_data or is_state(text)):
            continue
        for value in _parse(text):
            if "__next_f" in text[:200]:
                flight += [piece for piece in value if isinstance(piece, str)] if isinstance(value, list) else []
                continue
            for leaf in _walk(value, left):
                left -= 1
                yield leaf
    # Characters beyond the first plane may be cut in two between the pieces.
    stream = "".join(flight).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    yield from _read_flight(stream, left)


def _read_elements(tree: HtmlElement) -> Iterator[_Leaf]:
    """Yield the strings in attributes that hold the state of a part of a page, and what is shown without scripts."""
    for element in tree.xpath(f"(//*[{' or '.join(f'@{name}' for name in _ATTRIBUTES)}])[position() <= {MAX_SCRIPTS}]"):
        for written in filter(None, map(element.get, _ATTRIBUTES)):
            if written[:1] in "{[":
                for value in _parse(written):
                    yield from _walk(value, MAX_VALUES // MAX_SCRIPTS)
    for element in tree.xpath(f"(//body//noscript | //body//template)[position() <= {MAX_SCRIPTS}]"):
        yield _Leaf((element.tag, "body"), (), etree.tostring(element, encoding="unicode", with_tail=False)[:MAX_TEXT])


def _read_flight(stream: str, most: int) -> Iterator[_Leaf]:
    """Yield the strings in what React's server sends: rows of a number, a letter for the kind, and a value."""
    position = failed = 0
    while most > 0 and failed < MAX_TRIES and (row := _ROW.search(stream, position)):
        position = row.end()
        if row["bytes"]:
            size = int(row["bytes"], 16)
            text = stream[position : position + size].encode()[:size].decode("utf-8", "ignore")
            position += len(text)
            most -= 1
            yield _Leaf(("text",), (), text[:MAX_TEXT])
            continue
        try:
            value, position = _DECODER.raw_decode(stream, position)
        except (ValueError, RecursionError):
            failed += 1
            continue
        for leaf in _walk(value, most):
            most -= 1
            yield leaf


def _parse(script: str) -> Iterator[Any]:
    """Yield the values in a script: JSON as such, or else the strings of a program."""
    position = failed = 0
    has_found = False
    while failed < MAX_TRIES and (match := _ASSIGNED.search(script, position)):
        try:
            value, position = _DECODER.raw_decode(script, match.end())
            yield json.loads(value, strict=False) if isinstance(value, str) and value[:1] in "{[" else value
        except (ValueError, RecursionError):
            position, failed = match.end() + 1, failed + 1
            continue
        has_found = True
    if not has_found:
        yield list(_list_strings(script))


def _list_strings(program: str) -> Iterator[str]:
    for match in _STRING.finditer(program):
        written = match[1] if match[1] is not None else (match[2] or "")
        if len(written) >= PROSE:
            try:
                yield json.loads(f'"{written}"', strict=False) if match[1] is not None else written
            except ValueError:
                yield written


def _walk(value: Any, most: int) -> Iterator[_Leaf]:
    """Yield the strings in a value, in order."""
    waiting: list[tuple[Any, Keys, tuple[int, ...]]] = [(value, (), ())]
    while waiting and most:
        most -= 1
        value, keys, numbers = waiting.pop()
        if len(keys) + len(numbers) > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            waiting.extend(
                (child, _add_key(keys, name), numbers) for name, child in reversed(value.items()) if _is_worth(child)
            )
        elif isinstance(value, list) and value[:1] == ["$"] and len(value) > _PROPS and isinstance(value[1], str):
            waiting.append((value[_PROPS], _add_key(keys, value[1]), numbers))  # an element of React
        elif isinstance(value, list):
            waiting.extend(
                (child, keys, (*numbers, number))
                for number, child in reversed(list(enumerate(value)))
                if _is_worth(child)
            )
        elif inner := _parse_string(value):
            waiting.append((inner, keys, numbers))
        else:
            yield _Leaf(keys, numbers, value[:MAX_TEXT])


def _parse_string(value: str) -> Any:
    """Return what a string of JSON within JSON holds; None where it is none."""
    if len(value) < MIN_LETTERS or not _JSON.match(value):
        return None
    try:
        return json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_worth(value: Any) -> bool:
    return isinstance(value, dict | list) or (isinstance(value, str) and bool(value))


def _add_key(keys: Keys, name: str) -> Keys:
    """Return the way to a member: its number or id is left out, so that members of a kind share it."""
    kind = re.sub(r"\d+", "0", name.split(":", maxsplit=1)[0])[:60]
    return keys if kind in keys else (*keys, kind)


def _read_paragraphs(leaves: Sequence[_Leaf]) -> tuple[str, ...]:
    """Return the paragraphs of a group of strings, runs of one paragraph joined."""
    is_flat = not leaves[0].keys
    written: list[str] = []
    last: tuple[int, ...] = ()
    for leaf in leaves:
        pieces = _split_paragraphs(remove_unprintable(leaf.text))
        if written and pieces and _is_beside(last, leaf.numbers) and _goes_on(written[-1], leaf.text):
            written[-1] += pieces.pop(0)
        written += pieces
        last = leaf.numbers
    tidied = [join_lines(text) for text in written]
    return tuple(text for text in tidied if text and (not is_flat or _is_prose(text)))


def _is_beside(last: Sequence[int], numbers: Sequence[int]) -> bool:
    """Return whether two strings stand in one list that is itself in one, as the runs of a paragraph do, or deeper."""
    inner = min(len(last), len(numbers)) - 1
    return inner > 0 and last[:inner] == numbers[:inner]


def _goes_on(before: str, text: str) -> bool:
    """Return whether a string goes on where the one before it stopped within a sentence."""
    return before[-1:].isspace() or not text[:1].isupper() or not ends_sentence(before)


def _split_paragraphs(text: str) -> list[str]:
    if _ESCAPED.search(text) and not _MARKUP.search(text):
        text = unescape(text)
    if _MARKUP.search(text):
        try:
            tree = document_fromstring(
                f"<div>{_UNSHOWN.sub('', text)}</div>", parser=etree.HTMLParser(no_network=True, remove_comments=True)
            )
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            return []
        return [block.text for block in split_blocks(tree)]
    return [line for line in re.split(r"\n\s*", text) if line.strip()] if "\n" in text.strip() else [text]
