"""The blocks of a page that the trees keep and that are none of the article all the same.

The trees see one block and its surroundings. What a whole element is (a dialog, the readers' comments, the next
article) and what a line says in so many words (cleaning.phrases) they do not see.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipelines.cleaning.pages.blocks import Block, get_tag
from pipelines.cleaning.phrases import find_furniture, heads_comments
from pipelines.cleaning.texts.bylines import is_byline
from pipelines.cleaning.texts.line_labels import is_date
from pipelines.text.sentences import ends_sentence

PROSE = 80  # characters of a block that is a paragraph
# What a rule about whole elements must leave of the text: a paragraph, and as many characters. On every other of 1,492
# real pages, of those outside the <article> that has the headline and MOST of the text none is of the article.
MIN_LEFT = 160
MOST = 0.5
SOME = 0.2  # of the text that such an <article> has to hold, if it has several paragraphs
SPREADS = 0.4  # share of an element's text that furniture has to be for all of it to be furniture
SMALL = 3_000  # characters of such an element
SIGNED_WITHIN = 2  # blocks below a headline that may name its author
OPENING = 3  # kept blocks among which a line that is but a date is one of the head

_CONSENT = re.compile(
    r"consent|gdpr|dsgvo|rgpd|cookie-?(?:banner|notice|bar|law|policy|popup|wall|modal|message|info|dialog)|onetrust|"
    r"cookiebot|didomi|usercentrics|sourcepoint|sp_message|quantcast|qc-cmp|truste|trustarc|iubenda|borlabs|complianz|"
    r"fc-dialog|osano|termly|klaro|(?:privacy|cookies?)[a-z0_-]*(?:modal|popup|dialog|overlay|banner|layer|pref|notice)|"
    r"(?:modal|popup|dialog|overlay|banner|layer)[a-z0_-]*(?:privacy|cookies?)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"[#.](?:[a-z]+[-_])?(?:comments?|commentlist|comment[-_]?(?:list|section|area|thread|wrapper|body|content|text|item|0)"
    r"|comments?[-_](?:list|section|area|container|wrapper|block|box|thread|feed)|disqus_thread|respond|replies|"
    r"kommentare?|commentaires?|comentarios?|commenti|reacties|kommentarer|komentarze|fb-comments|"
    r"reader-?comments|user-?comments|livefyre|coral[-_]\w+|spotim\w*|viafoura\w*|hyvor\w*)(?:[-_]0)?(?=[#.]|$)",
    re.IGNORECASE,
)
_WALLS = re.compile(
    r"paywall|pay-wall|tp-(?:container|iframe|backdrop)|regwall|registration-?wall|subscri(?:be|ption|ber)s?[-_]?(?:wall|prompt|box|banner|promo|cta|modal|"
    r"overlay|offer)|piano-(?:inline|offer|container)|meteredContent|metered-|tp-modal|premium-?(?:wall|box|teaser|overlay)",
    re.IGNORECASE,
)
_EMBEDS = re.compile(
    r"(?:social|embed|video|twitter|youtube|external)[a-z0_-]*(?:placeholder|consent|overlay|blocked|optin|opt-in)|"
    r"(?:placeholder|consent|two-?click|opt-?in)[a-z0_-]*(?:embed|social|video|youtube|external)",
    re.IGNORECASE,
)
_TICKERS = re.compile(
    r"(?:breaking|news|latest|flash)[-_]?(?:news)?[-_]?(?:ticker|block|bar|marquee|scroll\w*|flash)|ticker|marquee|"
    r"[#.](?:breaking-?news|eilmeldung(?:en)?|laufband|fil-?(?:info|actu)s?|[uú]ltima-?hora|news-?(?:line|strip)|"
    r"ultim-?ora)(?=[#._-]|$)",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    r"[#.](?:next|infinite|autoload|continuous|endless)[-_]?(?:scroll|post|article|story|read|content|load)|"
    r"(?:infinite|endless|continuous)-?_?(?:scroll|post|article)",
    re.IGNORECASE,
)
_BREADCRUMBS = re.compile(r"bread-?crumbs?|rank-math-breadcrumb", re.IGNORECASE)
_TRAIL = re.compile(r"\s[»›>→/]\s")
_PRICE = re.compile(r"[$€£¥₹₽%]")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_POSTS = re.compile(
    r"twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|fb-(?:post|video)|reddit-(?:embed|card)|"
    r"mastodon-embed|threads-embed|text-post-media|telegram-post|imgur-embed",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Page:
    """The blocks of a page and which of them the trees keep."""

    blocks: Sequence[Block]
    kept: Sequence[bool]
    headline: int | None
    """The block that is the title."""

    @cached_property
    def places(self) -> list[int]:
        """Those of the kept blocks."""
        return [place for place, is_kept in enumerate(self.kept) if is_kept and place != self.headline]

    @cached_property
    def spans(self) -> dict[int, range]:
        """Element → its blocks."""
        spans: dict[int, range] = {}
        opened: list[tuple[int, int]] = []  # elements around the last block, each with its first
        for place, nodes in enumerate((*(block.nodes for block in self.blocks), ())):
            shared = 0
            for (node, _), other in zip(opened, nodes, strict=False):
                if node != other:
                    break
                shared += 1
            spans |= {node: range(first, place) for node, first in opened[shared:]}
            opened[shared:] = [(node, place) for node in nodes[shared:]]
        return spans

    def keep(self, kept: Sequence[bool]) -> "Page":
        """Return the page with other blocks kept."""
        page = Page(self.blocks, kept, self.headline)
        page.__dict__["spans"] = self.spans  # they are the same
        return page

    @cached_property
    def size(self) -> int:
        """Characters of the kept blocks."""
        return sum(len(self.blocks[place].text) for place in self.places)

    def measure(self, places: Sequence[int] | range) -> int:
        """Return the characters of those of these blocks that are kept."""
        return sum(len(self.blocks[place].text) for place in places if self.kept[place] and place != self.headline)

    def is_prose(self, place: int) -> bool:
        """Return whether a block is a paragraph."""
        block = self.blocks[place]
        return len(block.text) >= PROSE and 2 * block.link_chars < len(block.text)


def find_rules(page: Page) -> dict[int, str]:
    """Return the kept blocks that are none of the text, each with the name of the rule that tells it."""
    if not page.places:
        return {}
    ruled: dict[int, str] = {}
    for find in _ELEMENT_RULES:
        _add_unless_all(page, ruled, find(page))
    lines = dict(_find_lines(page, ruled))
    return ruled | lines | _spread(page, ruled | lines)


def _add_unless_all(page: Page, ruled: dict[int, str], found: dict[int, str]) -> None:
    """Take over what a rule found, unless hardly anything would be left: then its element is the article's own."""
    left = [place for place in page.places if place not in ruled and place not in found]
    if found and page.measure(left) >= MIN_LEFT and any(map(page.is_prose, left)):
        ruled.update({place: rule for place, rule in found.items() if place not in ruled})


def _find_named(page: Page, pattern: re.Pattern[str], rule: str, longest: float = 1.0) -> dict[int, str]:
    """Return the kept blocks in an element that is called so and does not hold the headline."""
    head = set(page.blocks[page.headline].nodes) if page.headline is not None else set()
    found: dict[int, str] = {}
    for place in page.places:
        block = page.blocks[place]
        named = _find_called(block.path, pattern)
        if named and any(block.nodes[level] not in head for level in named if level < len(block.nodes)):
            found[place] = rule
    return found if page.measure(list(found)) <= longest * page.size else {}


@lru_cache(maxsize=20_000)
def _find_called(path: tuple[str, ...], pattern: re.Pattern[str]) -> tuple[int, ...]:
    """Return the levels of a path whose elements are called so; none in a post that the article shows."""
    levels = tuple(level for level, step in enumerate(path) if _is_called(step, pattern))
    return () if levels and _is_post(path) else levels


@lru_cache(maxsize=50_000)
def _is_called(step: str, pattern: re.Pattern[str]) -> bool:
    tag = get_tag(step)
    return tag not in ("html", "body", "main") and pattern.search(step, len(tag)) is not None


@lru_cache(maxsize=20_000)
def _is_marquee(path: tuple[str, ...]) -> bool:
    return any(get_tag(step) == "marquee" for step in path)


@lru_cache(maxsize=20_000)
def _is_dialog(step: str) -> bool:
    return get_tag(step) == "dialog" or ".dialog" in step or ".alertdialog" in step


def is_post(block: Block) -> bool:
    """Return whether a block is of a post of a social network that the article shows."""
    return _is_post(block.path)


@lru_cache(maxsize=20_000)
def _is_post(path: tuple[str, ...]) -> bool:
    return any(get_tag(step) == "blockquote" and _POSTS.search(step) for step in path)


def _find_consent(page: Page) -> dict[int, str]:
    named = _find_named(page, _CONSENT, "consent")
    dialogs = {place: "consent" for place in page.places if any(map(_is_dialog, page.blocks[place].path))}
    return named | dialogs


def _find_comments(page: Page) -> dict[int, str]:
    return _find_named(page, _COMMENTS, "comments") | _find_headed_comments(page)


def _find_headed_comments(page: Page) -> dict[int, str]:
    """Return what stands below the heading of readers' comments, to the end of the element around both."""
    for place, block in enumerate(page.blocks):
        if not heads_comments(block.text) or not _has_prose_above(page, place):
            continue
        around = (page.spans[node] for node in reversed(block.nodes))
        inside = next((span for span in around if span.stop > place + 1), range(0))
        if inside.start == place or block.tag in _HEADINGS:
            return {below: "comments" for below in page.places if place <= below < inside.stop}
    return {}


def _has_prose_above(page: Page, place: int) -> bool:
    above = (other for other in page.places if (page.headline or 0) <= other < place)
    return any(map(page.is_prose, above))


def _find_walls(page: Page) -> dict[int, str]:
    return _find_named(page, _WALLS, "wall", MOST) | _find_named(page, _EMBEDS, "embed", MOST)


def _find_tickers(page: Page) -> dict[int, str]:
    scrolling = {place: "elsewhere" for place in page.places if _is_marquee(page.blocks[place].path)}
    return scrolling | _find_named(page, _TICKERS, "elsewhere")


def _find_elsewhere(page: Page) -> dict[int, str]:
    """Return what stands outside of the <article>, or else the <main>, that has the headline and the text."""
    if page.headline is None:
        return {}
    head = page.blocks[page.headline]
    for tag in ("article", "main"):
        around = [node for step, node in zip(head.path, head.nodes, strict=False) if get_tag(step) == tag]
        for node in around:
            inside = page.spans[node]
            share = page.measure(inside) / page.size
            paragraphs = sum(page.kept[place] and page.is_prose(place) for place in inside)
            if share >= MOST or (share >= SOME and paragraphs > 1):
                return {place: "elsewhere" for place in page.places if place not in inside}
    return {}


def _find_next(page: Page) -> dict[int, str]:
    """Return the articles that follow on an endless page, from their headline on."""
    if page.headline is None:
        return {}
    following = (
        place
        for place in range(page.headline + 1, len(page.blocks))
        if page.blocks[place].tag in _HEADINGS and _heads_another(page, page.headline, place)
    )
    second = next(following, None)
    if second is None or not _has_prose_above(page, second):
        return {}
    above = max(place for place in page.places if place < second and page.is_prose(place))
    start = min(page.spans[node].start for node in page.blocks[second].nodes if page.spans[node].start > above)
    return {place: "next" for place in page.places if place >= start}


def _heads_another(page: Page, first: int, place: int) -> bool:
    """Return whether a heading is the headline of an article of its own, by how or where it stands."""
    head, other = page.blocks[first], page.blocks[place]
    if other.text == head.text:
        return False
    is_signed = any(is_byline(block.text) for block in page.blocks[place + 1 : place + 1 + SIGNED_WITHIN])
    if other.path == head.path and head.tag in ("h1", "h2"):
        return is_signed or other.nodes[-2:-1] != head.nodes[-2:-1]
    if head.tag == other.tag == "h1" and head.path[-1] == other.path[-1] != "h1" and is_signed:
        return True
    around = set(head.nodes)
    above = max((p for p in page.places if p < place and page.is_prose(p)), default=-1)
    own = [
        step
        for step, node in zip(other.path, other.nodes, strict=False)
        if node not in around and page.spans[node].start > above
    ]
    return any(_is_called(step, _FOLLOWING) or (other.tag == "h1" and get_tag(step) == "article") for step in own)


_ELEMENT_RULES: tuple[Callable[[Page], dict[int, str]], ...] = (
    _find_consent,
    _find_comments,
    _find_walls,
    _find_tickers,
    _find_elsewhere,
    _find_next,
)


def _find_lines(page: Page, ruled: dict[int, str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that say that they are furniture, and the way to the page above its text."""
    opening = 0
    for place in page.places:
        if place in ruled:
            continue
        block = page.blocks[place]
        rule = find_furniture(block.text, 2 * block.link_chars > len(block.text))
        if rule is None and opening < OPENING:
            rule = _find_head_rule(page, place)
        if rule is not None and not is_post(block):
            yield place, rule
        elif page.is_prose(place):
            opening += 1


def _find_head_rule(page: Page, place: int) -> str | None:
    """Return what a line above or near the first paragraph is: the way to the page, or a date."""
    block = page.blocks[place]
    if is_date(block.text) and not _PRICE.search(block.text):
        return "dateline"
    title = page.blocks[page.headline].text if page.headline is not None else None
    steps = _TRAIL.split(block.text)
    is_trail = len(steps) > 1 and not ends_sentence(block.text) and title is not None and steps[-1] == title
    is_named = any(_is_called(step, _BREADCRUMBS) for step in block.path)
    return "breadcrumbs" if is_trail or is_named else None


def _spread(page: Page, ruled: dict[int, str]) -> dict[int, str]:
    """Return the rest of small elements that are furniture for the most part: boxes go as a whole."""
    sizes: Counter[int] = Counter()
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for place in page.places:
        size = len(page.blocks[place].text)
        for node in page.blocks[place].nodes:
            sizes[node] += size
            if ruled.get(place) in _SPREADING:
                found[node][ruled[place]] += size
    rest: dict[int, str] = {}
    for node, rules in found.items():
        if rules.total() >= SPREADS * sizes[node] and sizes[node] <= min(SMALL, MOST * page.size):
            rule = max(sorted(rules), key=lambda name: rules[name])
            rest |= {place: rule for place in page.spans[node] if page.kept[place] and place not in ruled}
    return rest


_SPREADING = frozenset({"consent", "embed", "wall", "legal", "affiliate"})
