"""What the lines of an article are told from its shape and place: headline, byline, caption, dateline and so on."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.cleaning.lines import BULLET, ENDS, MAX_LINE, PROSE, WORD, line_key, terms

_NAME = r"[^\W\d_][\w.'’-]{0,30}"
_BYLINE = re.compile(
    r"(?:(?:posted |story |words |report )?by|von|par|por|di|da|door|av|af|от|автор|autor|autora|auteur|author|tekst|"
    rf"text|του|της|συντάκτης|作者|记者)[\s:：]{{1,3}}(?P<names>{_NAME}.{{0,120}})$",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;|/&]|\b(?:and|und|et|y|e|i|и|og|och|en|και)\b)\s*")
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: (?:[a-z]{1,3} )?[^\W\d_][\w.'’-]*){1,3}")
_UPPER = r"[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΫА-Я]"
_WRITTEN = (
    rf"{_UPPER}[\w'’-]{{1,20}}(?: (?:{_UPPER}\.|{_UPPER}[\w'’-]{{1,20}}|de|da|van|von)){{0,2}} {_UPPER}[\w'’-]{{1,20}}"
)
# A name alone, or with more behind a sign: what it is, where it writes, and for whom.
_SIGNED = re.compile(
    rf"(?P<who>{_WRITTEN}(?:(?:, | and | & ){_WRITTEN}){{0,3}})(?:\s?[,|/•·–—-]\s.{{0,60}}|\s\S+@\S+)?$"
)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_CREDIT = re.compile(
    r"©|\((?:[^()]{1,40}/)[^()]{1,40}\)|\b(?:photo|foto|фото|φωτο|zdjęcie|image|credit|picture)\w{0,2}\s?[:/]",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    rf"\({_WRITTEN}(?:, ?| ?/ ?| for | via )[^()]{{2,40}}\)\.?$|"  # (Ann Hollis, Evening Post)
    rf"[.)] ?/? ?{_WRITTEN}(?: ?/ ?| for | via ){_UPPER}?[\w][\w .'’-]{{1,40}}$|"  # ends it. Ann Hollis/Evening Post
    rf"\b(?i:photos?|pictures?|image|credit)(?i: by|:) {_WRITTEN}[\w .,/'’-]{{0,40}}$|"
    rf"^(?:ABOVE|BELOW|LEFT|RIGHT|CREDIT|PHOTO|PICTURED)\b ?:"
)
_DATELINE = re.compile(
    r"(?P<place>(?:[^\W\d_]|[ .,'’/-]){2,40}?)"
    r"(?P<day>, (?:[^\W\d_]{2,12}\.? \d{1,2}|\d{1,2}\.? [^\W\d_]{2,12})\.?(?: \d{4})?)?"
    r"(?: ?\((?P<agency>[^()]{2,40})\))?(?P<end> ?— ?| (?:–|--?) )(?:(?P<behind>[^\W\d_][\w. ]{1,30})\. )?"
)
HEAD_WORDS = 30
BYLINE_CHARACTERS = 160
NAME_CHARACTERS = 80
CAPTION_CHARACTERS = 400


def labelled(
    lines: Sequence[str], kept: Sequence[bool], first: int, repeats: Mapping[str, float]
) -> tuple[list[str], list[str | None]]:
    """A label each, and the rule that gave it if one did: which lines are kept is decided, this says as what.

    `first` is the first line of prose that is kept. A bare name is a byline only where the source's `repeats` are
    known: else `Get Started` is one too (of 34 names that this adds on wcxb_dev's pages 12 are of an author).
    """
    labels = ["body" if is_in else "furniture" for is_in in kept]
    rules: list[str | None] = [None] * len(lines)
    headline = _headline(lines, kept, first)
    opens = next((i for i in range(first, min(first + 3, len(lines))) if kept[i] and opening(lines[i])), None)
    for i, line in enumerate(lines):
        near = (headline if headline is not None else first) - 4 <= i <= first + 1
        label = None
        if i == headline:
            label = "headline"
        elif headline is not None and i < headline and kept[i]:
            label = "furniture"  # .011 of line F1 on daniel_dev, .014 on PolNeAR, for .0011 of the words of wcxb_dev
        elif near and (_says_by(line) or (repeats and line_key(line) not in repeats and _signs(lines, i, headline))):
            label = "byline"
        elif near and len(line) <= 80 and _DATE.search(line) and not ENDS.search(line):
            label = "dateline"
        elif _is_caption(line, near, kept[i]):
            label = "caption"
        elif headline is not None and opens is not None and headline < i < opens and len(line.split()) > 5:
            label = "caption" if ENDS.search(line) else "lead"  # what stands before a dateline opens no story
        elif kept[i] and not ENDS.search(line[-8:]) and BULLET.match(line):
            label = "item"
        elif kept[i] and len(line) < PROSE and not ENDS.search(line[-8:]) and len(line.split()) <= HEAD_WORDS // 2:
            label = "subheading"
        elif kept[i] and line[0] in '"“„«「' and line[-1] in '"”“»」':
            label = "quote"
        if label:
            labels[i], rules[i] = label, label if label != "furniture" else "above_headline"
    body = next((i for i, label in enumerate(labels) if label == "body" and i >= first), None)
    if body is not None:
        labels[body] = "lead"
    return labels, rules


def _says_by(line: str) -> bool:
    return len(line) <= BYLINE_CHARACTERS and bool(_BYLINE.match(line))


def _is_caption(line: str, is_near: bool, is_kept: bool) -> bool:
    if len(line) > CAPTION_CHARACTERS:
        return False
    says = (is_near or not is_kept) and _CREDIT.search(line) and len(line.split()) > 3
    return bool(says or (is_near and _TAKEN.search(line)))


def _signs(lines: Sequence[str], i: int, headline: int | None) -> bool:
    """Whether a line below the headline is a name that the text does not speak of."""
    found = _SIGNED.match(lines[i]) if len(lines[i]) <= NAME_CHARACTERS else None
    if not found or headline is None or not headline < i:
        return False
    beside = i <= headline + 2 or any(_DATE.search(line) for line in (lines[i - 1], *lines[i + 1 : i + 2]))
    last = found["who"].split(" ")[-1]
    return beside and not any(last in line for n, line in enumerate(lines) if n != i and headline <= n)


def _headline(lines: Sequence[str], kept: Sequence[bool], first: int) -> int | None:
    """Above the first prose the line that ends no sentence and shares most words with the article; the lower of two."""
    told = Counter(term for line, is_in in zip(lines, kept, strict=True) if is_in for term in terms(WORD.findall(line)))
    best, found = 0.0, None
    for i in range(max(0, first - 12), first):
        own_terms = terms(WORD.findall(lines[i][:MAX_LINE]))
        words = len(lines[i].split())
        if (
            len(lines[i]) > 250
            or words > HEAD_WORDS
            or _BYLINE.match(lines[i])
            or lines[i].endswith((".", "!", ":", ","))
        ):
            continue
        own = 1 if kept[i] else 0
        value = sum(told[term] > own for term in own_terms) + (0.5 if kept[i] else 0) - (0 if len(own_terms) > 1 else 1)
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
    said, signed = _BYLINE.match(byline), _SIGNED.match(byline)
    parts = _BETWEEN_NAMES.split(said["names"] if said else signed["who"] if signed else byline)
    return [part.strip(" .") for part in parts if _FULL_NAME.fullmatch(part.strip(" .")) and part.strip()[0].isupper()]
