"""Plain text → its lines, each with what it is: the article's headline, byline, paragraphs, or the site's furniture.

A dump of a page has no markup, so a line is told by its shape, its place, its neighbours, and the words that it shares
with the rest: an appeal for money speaks of other things than the article around it. No word of any language decides
what goes. Boosted trees judge; a second pass that knew the first one's scores (stacked sequential learning, Cohen &
Carvalho 2005) gained nothing on any set, nor did features of whole runs of short lines, nor a threshold of its own for
prose or by words. What a source repeats on its other pages may be given too.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pipelines.cleaning.judged import Judged
from pipelines.cleaning.trees import Trees, load_trees

Floats = NDArray[np.float64]

MAX_LINES = 20_000  # judged, some seconds; what follows is kept as it is (reason `beyond`)
MAX_LINE = 20_000  # characters of one line that are looked at
KEEP = 0.12  # probability from which a line is of the article: the words lost matter more than lines kept too many
PROSE = 80  # characters: a line this long that ends a sentence is prose
LONG_PROSE = 160  # with any end
STEM = 6  # characters of a word that count when texts are compared: inflected forms meet
# A tail of other words than the text above it, none of its lines sure to be of the article, is removed below .2 of
# shared terms. That loses .0065 of the gold words of daniel_dev, .0027 of fundus_eval, .0004 of PolNeAR, .0002 of
# wcxb_dev. With .9 for .95 it is .0038 and .0013 on the first two, and the sample's appeal stays.
EDGE = 0.35  # probability of the line that it begins with, at most
SURE = 0.95  # of its lines, at most
APART = 0.2
MIN_TERMS = 8
TAIL = 0.5  # of the text above, at most
MAX_CUTS = 50  # places looked at, from the end
NO_PROSE = 0.5  # confidence where a text has no prose to judge by
# Lists that a sentence introduces: gold words lost fall by .0014 on fundus_eval, .0006 on wcxb_dev, .0003 on
# daniel_dev, at .001 of line F1. With four words the colons of menus count too: .023 of line F1 on daniel_dev.
INTRODUCES = 7  # words of a line that ends with a colon
UNDER_PROSE = 6  # lines below the last kept prose where such a line may stand
LISTED = 0.5  # confidence
SURELY_REPEATED = 0.5  # share of the source's pages from which a line is furniture whatever the trees say
REPEATED = 0.2  # share of the source's pages from which a line ends a list

_SPACE = re.compile(r"\s+")
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_IDEOGRAPH = re.compile(rf"[{_CJK}]")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]")
ENDS = re.compile(r"[.!?…。！？؟।][\"'”’»)\]」』]{0,3}$|[”»」』]$")
_KEPT_IN_KEY = re.compile(r"[^\w\s]|_")
_DIGITS = re.compile(r"\d")
_LINK = re.compile(r"https?:|www\.|\w@\w|\w\.(?:com|org|net)\b|[|©®™►▶»›>•#]")
_QUOTES = re.compile(r"[\"“”„«»「」『』]")
_BULLET = re.compile(r"[-–—*•·▪>»›]|\d{1,3}[.)]\s")

MAX_WIDTH = 100  # of hard-wrapped lines, at most
MIN_WIDTH = 50


def line_key(line: str) -> str:
    """What two lines share that are the same but for case, digits, punctuation and forms of letters."""
    folded = _DIGITS.sub("0", unicodedata.normalize("NFKC", line).casefold())
    return _SPACE.sub(" ", _KEPT_IN_KEY.sub("", folded)).strip()


def split_lines(text: str) -> list[str]:
    """The lines of a tidied text, hard-wrapped ones joined into their paragraphs; none is empty.

    Two lines are one paragraph where the second one's first word had no room on the first, at the width that the text
    is wrapped at; and, in a text that parts its paragraphs by blank lines, where a sentence goes on in small letters.
    """
    lines = [_SPACE.sub(" ", line).strip() for line in text.strip().split("\n")]
    width = _wrapped_at(lines)
    blank = "" in lines
    found: list[list[str]] = []
    last = ""
    for line in lines:
        if line and last and (
            (width and _is_full(last, line, width)) or (blank and line[0].islower() and not ENDS.search(last[-8:]))
        ):  # fmt: skip
            found[-1].append(line)
        elif line:
            found.append([line])
        last = line
    return [" ".join(parts) for parts in found]


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) <= width < len(line) + 1 + len(following.split(" ", 1)[0])


def _wrapped_at(lines: Sequence[str]) -> int:
    """The width that a text is wrapped at, 0 where it is not: half of its breaks within a block are at that width."""
    pairs = [(a, b) for a, b in pairwise(lines) if a and b]
    if not pairs:
        return 0
    lengths = Counter(len(a) for a, _ in pairs)
    total, seen = len(pairs), 0
    width = 0
    for length in sorted(lengths, reverse=True):  # but for a few words longer than the page is wide
        seen += lengths[length]
        width = length
        if seen > total // 50:
            break
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    return width if 2 * sum(_is_full(a, b, width) for a, b in pairs) >= len(pairs) else 0


# --- what the trees look at


class _Words:
    """The words of a document's lines, as they are compared."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.tokens = [_WORD.findall(line) for line in lines]
        self.terms = [_terms(words) for words in self.tokens]

    def shared(self, weights: Floats) -> tuple[Floats, Floats]:
        """Of each line's terms the share found in other lines of weight; and the same with common terms left out."""
        counts: Counter[str] = Counter()
        for terms, weight in zip(self.terms, weights.tolist(), strict=True):
            if weight > 0.05:
                for term in terms:
                    counts[term] += weight
        common = max(2.5, 0.2 * float(weights.sum()))
        plain, rare = np.zeros(len(self.terms)), np.full(len(self.terms), -0.1)
        for i, (terms, weight) in enumerate(zip(self.terms, weights.tolist(), strict=True)):
            if not terms:
                plain[i] = -0.1
                continue
            others = [counts[term] - weight for term in terms]
            plain[i] = sum(min(1.0, other) for other in others if other > 0) / len(terms)
            if specific := [other for other in others if other < common]:
                rare[i] = sum(min(1.0, other) for other in specific if other > 0) / len(specific)
        return plain, rare


def _terms(words: Sequence[str]) -> frozenset[str]:
    """Words of four letters and more, by their beginnings; pairs of ideographs."""
    pairs = {a + b for a, b in pairwise(words) if len(a) == 1 == len(b) and _IDEOGRAPH.match(a)}
    return frozenset({word.casefold()[:STEM] for word in words if len(word) >= 4 and not word.isdigit()} | pairs)


def _shape(line: str, words: Sequence[str]) -> tuple[float, ...]:
    line = line[:MAX_LINE]
    size, count = len(line), max(len(words), 1)
    ideographs = len(_IDEOGRAPH.findall(line))
    cased = [word for word in words if word[0].isalpha()]
    letters = sum(map(len, cased))
    return (
        size + 1.5 * ideographs,
        len(words),
        bool(ENDS.search(line[-8:])),
        line.endswith((":", "：")),
        line.endswith(("!", "！")),
        line.endswith(("?", "？")),
        line.endswith(("...", "…", "»", ">")),
        line[0].islower(),
        line[0].isdigit(),
        line[0] in "\"“„«'‘「",
        bool(_BULLET.match(line)),
        sum(map(str.isdigit, line)) / size,
        sum(word[0].isupper() for word in cased) / max(len(cased), 1),
        sum(word.isupper() and len(word) > 1 for word in cased) / max(len(cased), 1),
        1 - letters / size,
        len(_SENTENCE_END.findall(line)),
        (line.count(",") + line.count("，") + line.count("、")) / count,
        len(_LINK.findall(line)),
        bool(_QUOTES.search(line)),
        line.count("(") / count,
        letters / count,
        ideographs / size,
    )


_SHAPE = (
    "width", "words", "ends", "colon", "exclaims", "asks", "open_end", "small", "digit_first", "quote_first", "bullet",
    "digits", "capitals", "shouted", "signs", "sentences", "commas", "links", "quotes", "brackets", "letters", "cjk",
)  # fmt: skip
_NEAR = (-3, -2, -1, 1, 2, 3)


def _core(value: Floats) -> tuple[int, int]:
    """First and last line of the run with the largest sum (Kadane 1984)."""
    best, start, end, here, begin = 0.0, 0, -1, 0.0, 0
    for i, x in enumerate(value.tolist()):
        if here <= 0:
            here, begin = 0.0, i
        here += x
        if here > best:
            best, start, end = here, begin, i
    return (start, end) if end >= 0 else (0, len(value) - 1)


def _shifted(column: Floats, by: int, empty: float = -1.0) -> Floats:
    """The value of the line `by` lines on."""
    moved = np.full(len(column), empty)
    if abs(by) < len(column):
        if by > 0:
            moved[:-by] = column[by:]
        else:
            moved[-by:] = column[:by]
    return moved


def _around(column: Floats, reach: int) -> tuple[Floats, Floats]:
    """Sums over the `reach` lines above and below each line."""
    total = np.concatenate([[0.0], np.cumsum(column)])
    at = np.arange(len(column))
    above = total[at] - total[np.maximum(at - reach, 0)]
    below = total[np.minimum(at + 1 + reach, len(column))] - total[at + 1]
    return above, below


def _place(columns: dict[str, Floats], name: str, value: Floats) -> None:
    start, end = _core(value)
    at = np.arange(len(value), dtype=float)
    columns[f"{name}_in"] = ((at >= start) & (at <= end)).astype(float)
    columns[f"{name}_from"] = np.clip(at - start, -60, 60)
    columns[f"{name}_to"] = np.clip(at - end, -60, 60)
    columns[f"{name}_size"] = np.full(len(value), float(end - start + 1))


def _columns(lines: Sequence[str], words: _Words, repeats: Mapping[str, float]) -> dict[str, Floats]:
    """name → one value a line."""
    n = len(lines)
    shape = np.array([_shape(line, own) for line, own in zip(lines, words.tokens, strict=True)], dtype=np.float64)
    columns = {name: shape[:, i] for i, name in enumerate(_SHAPE)}
    width = columns["width"]
    prose = (((width >= PROSE) & (columns["ends"] > 0)) | (width >= LONG_PROSE)).astype(float)
    columns["prose"] = prose
    at = np.arange(n, dtype=float)
    columns["from_top"], columns["from_bottom"] = at, n - 1 - at
    columns["part"] = at / n
    read = np.cumsum(width) - width
    columns["read"] = read / width.sum()
    columns["lines"] = np.full(n, float(n))
    columns["prose_lines"] = np.full(n, prose.sum())
    columns["prose_share"] = np.full(n, float((prose * width).sum() / width.sum()))
    columns["typical"] = width / max(float(np.median(width[prose > 0])) if prose.any() else 1.0, 1.0)
    for by in _NEAR:
        for name in ("width", "ends", "prose", "capitals"):
            columns[f"{name}{by:+}"] = _shifted(columns[name], by)
    for by in (-1, 1):
        for name in ("colon", "bullet", "digits", "links", "shouted", "sentences"):
            columns[f"{name}{by:+}"] = _shifted(columns[name], by)
    for reach in (5, 15):
        columns[f"prose_above{reach}"], columns[f"prose_below{reach}"] = _around(prose, reach)
        columns[f"width_above{reach}"], columns[f"width_below{reach}"] = _around(np.minimum(width, 400), reach)
    columns["prose_above"], columns["prose_below"] = _around(prose, n)
    _place(columns, "core", np.where(prose > 0, np.minimum(width, 400), -60.0))
    columns["shared"], columns["shared_rare"] = words.shared(prose)
    columns["shared_core"], columns["shared_core_rare"] = words.shared(prose * columns["core_in"])
    keys = [line_key(line[:MAX_LINE]) for line in lines]
    twice = Counter(keys)
    columns["twice"] = np.array([twice[key] for key in keys], dtype=float)
    known = bool(repeats)
    share = np.array([repeats.get(key, 0.0) for key in keys]) if known else np.full(n, -1.0)
    columns["repeats"] = share
    for by in _NEAR:
        columns[f"repeats{by:+}"] = _shifted(share, by, -2.0)
    above, below = _around(np.maximum(share, 0) * (share >= 0.1), 6)
    columns["repeats_above"], columns["repeats_below"] = (above, below) if known else (share, share)
    return columns


@cache
def _trees() -> Trees:
    return load_trees(Path(__file__).with_suffix(".json"))


def features(lines: Sequence[str], repeats: Mapping[str, float]) -> tuple[tuple[str, ...], Floats]:
    """The features' names, and lines × features."""
    columns = _columns(lines, _Words(lines), repeats)
    return tuple(columns), np.column_stack(list(columns.values()))


def scores(lines: Sequence[str], repeats: Mapping[str, float], trees: Trees | None = None) -> Floats:
    """The probability of each line that it is of the article, headline included."""
    return (trees or _trees()).scores(features(lines, repeats)[1])


# --- what each line is

_NAME = r"[^\W\d_][\w.'’-]{0,30}"
_BYLINE = re.compile(
    r"(?:(?:posted |story |words |report )?by|von|par|por|di|da|door|av|af|от|автор|autor|autora|auteur|author|tekst|"
    rf"text|του|της|συντάκτης|作者|记者)[\s:：]{{1,3}}(?P<names>{_NAME}.{{0,120}})$",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;|/&]|\b(?:and|und|et|y|e|i|и|og|och|en|και)\b)\s*")
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: (?:[a-z]{1,3} )?[^\W\d_][\w.'’-]*){1,3}")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_CREDIT = re.compile(
    r"©|\((?:[^()]{1,40}/)[^()]{1,40}\)|\b(?:photo|foto|фото|φωτο|zdjęcie|image|credit|picture)\w{0,2}\s?[:/]",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"(?P<place>(?:[^\W\d_]|[ .,'’/-]){2,40}?)"
    r"(?P<day>, (?:[^\W\d_]{2,12}\.? \d{1,2}|\d{1,2}\.? [^\W\d_]{2,12})\.?(?: \d{4})?)?"
    r"(?: ?\((?P<agency>[^()]{2,40})\))?(?P<end> ?— ?| (?:–|--?) )(?:(?P<behind>[^\W\d_][\w. ]{1,30})\. )?"
)
HEAD_WORDS = 30
BYLINE_CHARACTERS = 160


def read_lines(
    text: str, repeats: Mapping[str, float] = MappingProxyType({}), trees: Trees | None = None
) -> list[Judged]:
    """What each line of a tidied text is, in order. `repeats`: `line_key` → share of the source's pages that have it.

    A text without any prose gives nothing to judge by: all of it is kept. `trees` stand in for the model beside this
    file, so that a benchmark can judge pages with trees that never saw them.
    """
    lines = split_lines(text)
    head, rest = lines[:MAX_LINES], lines[MAX_LINES:]
    beyond = [Judged(line, "body", "beyond", NO_PROSE) for line in rest]
    found = scores(head, repeats, trees).tolist() if any(map(_is_prose, head)) else []
    kept = [score >= KEEP for score in found]
    first = next((i for i, is_in in enumerate(kept) if is_in and _is_prose(head[i])), None)
    if first is None:
        return [Judged(line, "body", "no_prose", NO_PROSE) for line in head] + beyond
    listed = _listed(head, kept, repeats)
    for i in listed:
        kept[i] = True
    labels, reasons = _labels(head, kept, first)
    sure = [_sureness(score) for score in found]
    for i in listed:
        if reasons[i] == "model":
            labels[i] = "item"
        reasons[i], sure[i] = "listed", LISTED
    for i, line in enumerate(head if repeats else ()):
        if repeats.get(line_key(line[:MAX_LINE]), 0.0) >= SURELY_REPEATED and labels[i] != "headline":
            labels[i], reasons[i], sure[i], kept[i] = "furniture", "repeats", SURE, False
    for i in _speaks_of_else(head, kept, found):
        labels[i], reasons[i], sure[i] = "furniture", "apart", 1 - APART
    return [Judged(*line) for line in zip(head, labels, reasons, sure, strict=True)] + beyond


def _sureness(score: float) -> float:
    return round(score if score >= KEEP else 1 - score, 3)


def _listed(lines: Sequence[str], kept: Sequence[bool], repeats: Mapping[str, float]) -> list[int]:
    """The lines not kept that a sentence below kept prose introduces, down to the next prose or repeated line."""
    keys = [line_key(line[:MAX_LINE]) for line in lines]
    often = Counter(keys)
    found: list[int] = []
    last, is_list = -UNDER_PROSE - 1, False
    for i, line in enumerate(lines):
        if _is_prose(line):
            last, is_list = (i if kept[i] else last), False
        elif is_list and (often[keys[i]] > 1 or repeats.get(keys[i], 0.0) >= REPEATED):
            is_list = False
        opens = line.endswith((":", "：")) and i - last <= UNDER_PROSE and len(_WORD.findall(line)) >= INTRODUCES
        if is_list and not kept[i]:
            found.append(i)
        is_list = is_list or opens
    return found


def _speaks_of_else(lines: Sequence[str], kept: Sequence[bool], found: Sequence[float]) -> list[int]:
    """The kept lines at the end, from a doubtful line on, which share next to no words with the text above."""
    terms = [_terms(_WORD.findall(line[:MAX_LINE])) for line in lines]
    first: dict[str, int] = {}
    above = [0]
    for i, (line, is_in) in enumerate(zip(lines, kept, strict=True)):
        above.append(above[-1] + len(line) * is_in)
        if is_in:
            for term in sorted(terms[i]):
                first.setdefault(term, i)
    tail: list[int] = []
    told: set[str] = set()
    cuts = 0
    for i in range(len(lines) - 1, -1, -1):
        is_edge = bool(tail) and found[i] < EDGE and tail[-1] == i + 1
        if kept[i] and found[i] > SURE:
            break
        if kept[i]:
            tail.append(i)
        if is_edge:
            cuts += 1
            if above[-1] - above[i] > TAIL * above[i] or cuts > MAX_CUTS:
                break
            if len(told) >= MIN_TERMS and sum(first[term] < i for term in told) < APART * len(told):
                return tail
        if kept[i]:
            told |= terms[i]
    return []


def _is_prose(line: str) -> bool:
    width = len(line) + 1.5 * len(_IDEOGRAPH.findall(line))
    return width >= LONG_PROSE or (width >= PROSE and bool(ENDS.search(line[-8:])))


def _labels(lines: Sequence[str], kept: Sequence[bool], first: int) -> tuple[list[str], list[str]]:
    """A label and a reason each: which lines are kept is decided, these rules say as what."""
    labels = ["body" if is_in else "furniture" for is_in in kept]
    reasons = ["model"] * len(lines)
    headline = _headline(lines, kept, first)
    opens = next((i for i in range(first, min(first + 3, len(lines))) if kept[i] and opening(lines[i])), None)
    for i, line in enumerate(lines):
        near = (headline if headline is not None else first) - 4 <= i <= first + 1
        label = None
        if i == headline:
            label = "headline"
        elif headline is not None and i < headline and kept[i]:
            label = "furniture"  # .011 of line F1 on daniel_dev, .014 on PolNeAR, for .0011 of the words of wcxb_dev
        elif near and len(line) <= BYLINE_CHARACTERS and _BYLINE.match(line):
            label = "byline"
        elif near and len(line) <= 80 and _DATE.search(line) and not ENDS.search(line):
            label = "dateline"
        elif len(line) <= 400 and (near or not kept[i]) and _CREDIT.search(line) and len(line.split()) > 3:
            label = "caption"
        elif headline is not None and opens is not None and headline < i < opens and len(line.split()) > 5:
            label = "caption" if ENDS.search(line) else "lead"  # what stands before a dateline opens no story
        elif kept[i] and not ENDS.search(line[-8:]) and _BULLET.match(line):
            label = "item"
        elif kept[i] and len(line) < PROSE and not ENDS.search(line[-8:]) and len(line.split()) <= HEAD_WORDS // 2:
            label = "subheading"
        elif kept[i] and line[0] in '"“„«「' and line[-1] in '"”“»」':
            label = "quote"
        if label:
            labels[i], reasons[i] = label, label if label != "furniture" else "above_headline"
    body = next((i for i, label in enumerate(labels) if label == "body" and i >= first), None)
    if body is not None:
        labels[body] = "lead"
    return labels, reasons


def _headline(lines: Sequence[str], kept: Sequence[bool], first: int) -> int | None:
    """Above the first prose the line that ends no sentence and shares most words with the article; the lower of two."""
    told = Counter(
        term for line, is_in in zip(lines, kept, strict=True) if is_in for term in _terms(_WORD.findall(line))
    )
    best, found = 0.0, None
    for i in range(max(0, first - 12), first):
        terms = _terms(_WORD.findall(lines[i][:MAX_LINE]))
        words = len(lines[i].split())
        if (
            len(lines[i]) > 250
            or words > HEAD_WORDS
            or _BYLINE.match(lines[i])
            or lines[i].endswith((".", "!", ":", ","))
        ):
            continue
        own = 1 if kept[i] else 0
        value = sum(told[term] > own for term in terms) + (0.5 if kept[i] else 0) - (0 if len(terms) > 1 else 1)
        if value > 0 and value >= best:
            best, found = value, i
    return found


@dataclass(frozen=True, slots=True)
class Opening:
    """Where an article was written, as its first paragraph opens; offsets in characters of that paragraph."""

    place: str
    agency: str | None
    start: int
    end: int


def opening(paragraph: str) -> Opening | None:
    """`BRUSSELS — `, `LONDON (Reuters) - `, `МОСКВА, 5 мая – РИА Новости. `: a place in capitals before a dash.

    Before a comma alone a place cannot be told from an abbreviation: `ΑΘΗΝΑ, ` from `NATO, `.
    """
    found = _DATELINE.match(paragraph[:160])
    if found is None:
        return None
    place, agency = found["place"].strip(" ,.-"), found["agency"]
    lead = place.split(",")[0].strip()
    is_capital = lead.isupper() and len(lead) > 2
    goes_on = paragraph[found.end() : found.end() + 1].islower()  # `NATO — which met — denied`
    if not (place[:1].isupper() if agency else is_capital and not goes_on):
        return None
    start = found.start("place")
    end = start + len(found["place"].rstrip(" ,.-"))
    return Opening(place, agency or (found["behind"] if found["day"] else None), start, end)


def names(byline: str) -> list[str]:
    """The people of a byline, as written."""
    found = _BYLINE.match(byline)
    parts = _BETWEEN_NAMES.split(found["names"] if found else byline)
    return [part.strip(" .") for part in parts if _FULL_NAME.fullmatch(part.strip(" .")) and part.strip()[0].isupper()]
