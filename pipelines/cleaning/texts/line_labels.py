"""Labels of the lines of a plain text by their shape and place: headline, byline, caption, dateline and so on."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.cleaning.dates import find_date_in_words
from pipelines.cleaning.labels import Label
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
HEAD_WORDS, HEAD_CHARACTERS = 30, 250
HEAD_LINES = 12  # above the first prose, among which the headline is looked for
NEAR = 4  # lines above the headline, or the first prose, where a byline or a date may stand
OPENING_LINES = 3  # from the first prose on, one of which may open with a dateline
MIN_SUMMARY = 5  # words; a line above the dateline with more sums the story up or is a caption
NAME_CHARACTERS = 80
DATE_CHARACTERS = 80
DATE_WORDS = 5  # beside the day or the time: `Tulsa - Updated March`
YEAR_WORDS = 2  # beside a year alone
CAPTION_CHARACTERS = 400
CREDIT_WORDS = 25  # of a line that has a credit anywhere; in a longer one it stands at the end
CREDIT_CHARACTERS = 45  # of it


class RuledLabel(NamedTuple):
    """The label of a line, and the rule that gave it; no rule where only the probability decided."""

    label: Label
    rule: str | None = None


def label_lines(
    lines: Sequence[str], kept: Sequence[bool], first: int, repeats: Mapping[str, float]
) -> list[RuledLabel]:
    """Label each line: which lines are kept is decided, this says as what.

    `first` is the first line of prose that is kept. A bare name is a byline only where the source's `repeats` are
    known: else `Get Started` is one too (of 34 names that this adds on wcxb_dev's pages 12 are of an author).
    """
    headline = _find_headline(lines, kept, first)
    opening_lines = range(first, min(first + OPENING_LINES, len(lines)))
    dateline = next((place for place in opening_lines if kept[place] and find_opening(lines[place])), None)
    text = _Text(lines, kept, first, headline, dateline, repeats)
    labels = [_apply_rules(text, place) for place in range(len(lines))]
    lead = next((place for place in range(first, len(lines)) if labels[place].label == "body"), None)
    if lead is not None:
        labels[lead] = RuledLabel("lead", labels[lead].rule)
    return labels


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as the rules ask about it: places are those of lines, from 0."""

    lines: Sequence[str]
    kept: Sequence[bool]
    first: int
    """The first kept line of prose."""
    headline: int | None
    dateline: int | None
    """The paragraph that opens with a place, `LONDON (Reuters) - `."""
    repeats: Mapping[str, float]

    def is_near_headline(self, place: int) -> bool:
        top = self.headline if self.headline is not None else self.first
        return top - NEAR <= place <= self.first + 1


def _apply_rules(text: _Text, place: int) -> RuledLabel:
    """Return what the first rule that applies to a line says of it."""
    for rule in _RULES:
        if rule.applies(text, place):
            return RuledLabel(rule.label, rule.name)
    return RuledLabel("body" if text.kept[place] else "furniture")


def _is_headline(text: _Text, place: int) -> bool:
    return place == text.headline


def _is_above_headline(text: _Text, place: int) -> bool:
    return text.headline is not None and place < text.headline and text.kept[place]


def _is_byline(text: _Text, place: int) -> bool:
    if not text.is_near_headline(place):
        return False
    if is_byline(text.lines[place]):
        return True
    is_unrepeated = bool(text.repeats) and get_line_key(text.lines[place]) not in text.repeats
    return is_unrepeated and _is_signature(text, place)


def _is_dateline(text: _Text, place: int) -> bool:
    return text.is_near_headline(place) and is_date(text.lines[place])


def _is_credited_caption(text: _Text, place: int) -> bool:
    return _is_caption(text.lines[place], text.is_near_headline(place), text.kept[place])


def _is_above_dateline(text: _Text, place: int) -> bool:
    """Return whether a line opens no story, for the story opens with a dateline below it; it may sum it up."""
    if text.headline is None or text.dateline is None or not text.headline < place < text.dateline:
        return False
    return len(text.lines[place].split()) > MIN_SUMMARY


def _is_caption_above_dateline(text: _Text, place: int) -> bool:
    if text.headline is None or not _is_above_dateline(text, place) or not ends_sentence(text.lines[place]):
        return False
    return not (text.kept[place] and _shares_terms(text.lines[place], text.lines[text.headline]))


def _is_item(text: _Text, place: int) -> bool:
    line = text.lines[place]
    return text.kept[place] and not ends_sentence(line) and BULLET.match(line) is not None


def _is_subheading(text: _Text, place: int) -> bool:
    line = text.lines[place]
    return text.kept[place] and len(line) < PROSE and not ends_sentence(line) and len(line.split()) <= HEAD_WORDS // 2


def _is_quote(text: _Text, place: int) -> bool:
    line = text.lines[place]
    return text.kept[place] and line[0] in '"“„«「' and line[-1] in '"”“»」'


class _Rule(NamedTuple):
    name: str
    """As LabelledLine.reason has it."""
    label: Label
    applies: Callable[[_Text, int], bool]


# The first rule that applies decides.
_RULES = (
    _Rule("headline", "headline", _is_headline),
    # .011 of line F1 on daniel_dev, .014 on PolNeAR, for .0011 of the words of wcxb_dev
    _Rule("above_headline", "furniture", _is_above_headline),
    _Rule("byline", "byline", _is_byline),
    _Rule("dateline", "dateline", _is_dateline),
    _Rule("caption", "caption", _is_credited_caption),
    _Rule("caption", "caption", _is_caption_above_dateline),
    _Rule("lead", "lead", _is_above_dateline),
    _Rule("item", "item", _is_item),
    _Rule("subheading", "subheading", _is_subheading),
    _Rule("quote", "quote", _is_quote),
)


def is_date(line: str) -> bool:
    """Return whether a line is a date and little else: `Council debated the works since 2019` is no such line."""
    is_sentence = ends_sentence(line) and not line.endswith(".m.")
    if len(line) > DATE_CHARACTERS or is_sentence or not _DATE.search(line):
        return False
    words_beside: int = sum(word.isalpha() for word in TOKEN.findall(_DATE.sub(" ", line)))
    return words_beside <= (DATE_WORDS if _TIME.search(line) or find_date_in_words(line) else YEAR_WORDS)


def _is_caption(line: str, is_near_headline: bool, is_kept: bool) -> bool:
    """Return whether a line names who took a picture."""
    if len(line) > CAPTION_CHARACTERS or (is_kept and is_prose(line) and ends_sentence(line)):
        return False
    credit = None if is_kept and not is_near_headline else _CREDIT.search(line)
    if credit and len(line.split()) > 3:
        is_at_end = len(line) - credit.start() <= CREDIT_CHARACTERS or line.rstrip(".").endswith(credit[0])
        if is_at_end or len(line.split()) <= CREDIT_WORDS:
            return True
    return is_near_headline and _TAKEN.search(line) is not None


def _shares_terms(line: str, headline: str) -> bool:
    """Return whether a line speaks of what the headline speaks of."""
    return not list_terms(TOKEN.findall(line)).isdisjoint(list_terms(TOKEN.findall(headline)))


def _is_signature(text: _Text, place: int) -> bool:
    """Return whether a line below the headline is a name that the text does not speak of."""
    lines, headline = text.lines, text.headline
    signature = SIGNED.match(lines[place]) if len(lines[place]) <= NAME_CHARACTERS else None
    if not signature or headline is None or not headline < place:
        return False
    neighbours = (lines[place - 1], *lines[place + 1 : place + 2])
    is_beside = place <= headline + 2 or any(_DATE.search(line) for line in neighbours)
    surname = signature["who"].split(" ")[-1]
    return is_beside and not any(surname in line for n, line in enumerate(lines) if n != place and headline <= n)


def _find_headline(lines: Sequence[str], kept: Sequence[bool], first: int) -> int | None:
    """Return the line above the first prose that ends no sentence and shares most words with the article.

    Of two that share as many it is the lower one.
    """
    term_counts = Counter(
        term for line, is_kept in zip(lines, kept, strict=True) if is_kept for term in list_terms(TOKEN.findall(line))
    )
    best_value, best_place = 0.0, None
    for place in range(max(0, first - HEAD_LINES), first):
        line, is_kept = lines[place], kept[place]
        terms = list_terms(TOKEN.findall(line[:MAX_LINE]))
        is_long = len(line) > HEAD_CHARACTERS or len(line.split()) > HEAD_WORDS
        if is_long or is_byline(line) or line.endswith((".", "!", ":", ",")):
            continue
        if best_place is not None and _stands_again(lines, kept, best_place, place):
            continue
        shared = sum(term_counts[term] > is_kept for term in terms)  # a kept line's own words count once
        value = shared + (0.5 if is_kept else 0) - (0 if len(terms) > 1 else 1)
        if value > 0 and value >= best_value:
            best_value, best_place = value, place
    return best_place


def _stands_again(lines: Sequence[str], kept: Sequence[bool], upper: int, lower: int) -> bool:
    """Return whether a headline is given again below its article, as where other pages of the site are named."""
    if get_line_key(lines[upper]) != get_line_key(lines[lower]):
        return False
    return sum(len(lines[place]) for place in range(upper + 1, lower) if kept[place]) >= PROSE
