"""What the lines of an article are told from its shape and place: headline, byline, caption, dateline and so on."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.cleaning.dates import find_date_in_words
from pipelines.cleaning.openings import find_opening
from pipelines.cleaning.texts.bylines import SIGNED, WRITTEN, is_byline
from pipelines.cleaning.texts.lines import BULLET, MAX_LINE, PROSE, get_line_key, is_prose, list_terms
from pipelines.text.sentences import ends_sentence
from pipelines.text.words import TOKEN

_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_TIME = re.compile(r"\b\d{1,2}:\d\d\b")
# Who took a picture: a bracket with a stroke is that only with a name in it, not `(CDU/CSU)` or `(48 km/h)`.
_CREDIT = re.compile(
    r"©|\((?=[^()]*\s)[^()\d]{1,40}/[^()\d]{1,40}\)|"
    r"\b(?:photo|foto|фото|φωτο|zdjęcie|image|credit|picture)\w{0,2}\s?[:/]",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    rf"\({WRITTEN}(?:, ?| ?/ ?| for | via )[^()]{{2,40}}\)\.?$|"  # (Ann Hollis, Evening Post)
    rf"[.)] ?/? ?{WRITTEN}(?: ?/ ?| for | via )[\w][\w .'’-]{{1,41}}$|"  # ends it. Ann Hollis/Evening Post
    rf"\b(?i:photos?|pictures?|image|credit)(?i: by|:) {WRITTEN}[\w .,/'’-]{{0,40}}$|"
    rf"^(?:ABOVE|BELOW|LEFT|RIGHT|CREDIT|PHOTO|PICTURED)\b ?:"
)
HEAD_WORDS = 30
NAME_CHARACTERS = 80
DATE_CHARACTERS = 80
DATE_WORDS = 5  # beside the day or the time: `Tulsa - Updated March`
YEAR_WORDS = 2  # beside a year alone
CAPTION_CHARACTERS = 400
CREDIT_WORDS = 25  # of a line that has a credit anywhere; in a longer one it stands at the end
CREDIT_CHARACTERS = 45  # of it


def label_lines(
    lines: Sequence[str], kept: Sequence[bool], first: int, repeats: Mapping[str, float]
) -> tuple[list[str], list[str | None]]:
    """A label each, and the rule that gave it if one did: which lines are kept is decided, this says as what.

    `first` is the first line of prose that is kept. A bare name is a byline only where the source's `repeats` are
    known: else `Get Started` is one too (of 34 names that this adds on wcxb_dev's pages 12 are of an author).
    """
    labels = ["body" if is_in else "furniture" for is_in in kept]
    rules: list[str | None] = [None] * len(lines)
    headline = _headline(lines, kept, first)
    opens = next((i for i in range(first, min(first + 3, len(lines))) if kept[i] and find_opening(lines[i])), None)
    for i, line in enumerate(lines):
        near = (headline if headline is not None else first) - 4 <= i <= first + 1
        label = None
        if i == headline:
            label = "headline"
        elif headline is not None and i < headline and kept[i]:
            label = "furniture"  # .011 of line F1 on daniel_dev, .014 on PolNeAR, for .0011 of the words of wcxb_dev
        elif near and (
            is_byline(line) or (repeats and get_line_key(line) not in repeats and _signs(lines, i, headline))
        ):
            label = "byline"
        elif near and _is_date(line):
            label = "dateline"
        elif _is_caption(line, near, kept[i]):
            label = "caption"
        elif headline is not None and opens is not None and headline < i < opens and len(line.split()) > 5:
            is_shown = ends_sentence(line) and not (kept[i] and _shares(line, lines[headline]))
            label = "caption" if is_shown else "lead"  # what stands before a dateline opens no story, but may sum it up
        elif kept[i] and not ends_sentence(line) and BULLET.match(line):
            label = "item"
        elif kept[i] and len(line) < PROSE and not ends_sentence(line) and len(line.split()) <= HEAD_WORDS // 2:
            label = "subheading"
        elif kept[i] and line[0] in '"“„«「' and line[-1] in '"”“»」':
            label = "quote"
        if label:
            labels[i], rules[i] = label, label if label != "furniture" else "above_headline"
    body = next((i for i, label in enumerate(labels) if label == "body" and i >= first), None)
    if body is not None:
        labels[body] = "lead"
    return labels, rules


def _is_date(line: str) -> bool:
    """Whether a line is a date and little else: `Council debated the works since 2019` is no such line."""
    ends = ends_sentence(line) and not line.endswith(".m.")
    if len(line) > DATE_CHARACTERS or ends or not _DATE.search(line):
        return False
    beside: int = sum(word.isalpha() for word in TOKEN.findall(_DATE.sub(" ", line)))
    return beside <= (DATE_WORDS if _TIME.search(line) or find_date_in_words(line) else YEAR_WORDS)


def _is_caption(line: str, is_near: bool, is_kept: bool) -> bool:
    if len(line) > CAPTION_CHARACTERS or (is_kept and is_prose(line) and ends_sentence(line)):
        return False
    says = None if is_kept and not is_near else _CREDIT.search(line)
    if says and len(line.split()) > 3:
        at_end = len(line) - says.start() <= CREDIT_CHARACTERS or line.rstrip(".").endswith(says[0])
        if at_end or len(line.split()) <= CREDIT_WORDS:
            return True
    return is_near and bool(_TAKEN.search(line))


def _shares(line: str, headline: str) -> bool:
    """Whether a line speaks of what the headline speaks of."""
    return not list_terms(TOKEN.findall(line)).isdisjoint(list_terms(TOKEN.findall(headline)))


def _signs(lines: Sequence[str], i: int, headline: int | None) -> bool:
    """Whether a line below the headline is a name that the text does not speak of."""
    found = SIGNED.match(lines[i]) if len(lines[i]) <= NAME_CHARACTERS else None
    if not found or headline is None or not headline < i:
        return False
    beside = i <= headline + 2 or any(_DATE.search(line) for line in (lines[i - 1], *lines[i + 1 : i + 2]))
    last = found["who"].split(" ")[-1]
    return beside and not any(last in line for n, line in enumerate(lines) if n != i and headline <= n)


def _headline(lines: Sequence[str], kept: Sequence[bool], first: int) -> int | None:
    """Above the first prose the line that ends no sentence and shares most words with the article; the lower of two."""
    told = Counter(
        term for line, is_in in zip(lines, kept, strict=True) if is_in for term in list_terms(TOKEN.findall(line))
    )
    best, found = 0.0, None
    for i in range(max(0, first - 12), first):
        own_terms = list_terms(TOKEN.findall(lines[i][:MAX_LINE]))
        words = len(lines[i].split())
        if len(lines[i]) > 250 or words > HEAD_WORDS or is_byline(lines[i]) or lines[i].endswith((".", "!", ":", ",")):
            continue
        own = 1 if kept[i] else 0
        value = sum(told[term] > own for term in own_terms) + (0.5 if kept[i] else 0) - (0 if len(own_terms) > 1 else 1)
        if value > 0 and value >= best:
            best, found = value, i
    return found
