"""Names as people write them, from what a model marks in a line: where each begins and ends, and its kind.

Models cut names as their training texts did: with the article before ("the United Nations"), with the possessive
behind ("Lavrov's"), with titles and stray marks. Here a name is the name alone.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipelines.enrichments.models import MarkedName


class NameSpan(NamedTuple):
    """One name: text[start:end], and the kind of what it names."""

    start: int
    end: int
    kind: str
    """person, organisation, place or other (an event)."""


# The labels of OntoNotes (English) and of CoNLL (the others). Buildings are places. Works (of 72 marked in wikigold, 33
# right), products and nationalities are left out; of 38 events 26 were right.
KINDS = {
    "PERSON": "person", "PER": "person", "ORG": "organisation",
    "GPE": "place", "LOC": "place", "FAC": "place", "EVENT": "other",
}  # fmt: skip
_TITLES = """
mr mrs ms miss dr sir dame lord lady prof professor president chancellor minister senator sen rep gov governor gen
general col colonel capt captain lt lieutenant sgt sergeant maj major adm admiral judge justice king queen prince
princess pope rev reverend mayor secretary ambassador chairman coach detective inspector officer
"""
_ORGANISATION = """
university college institute institution inc inc. corp corp. corporation ltd ltd. llc plc gmbh company co. association
foundation agency ministry department commission committee council party union federation league bank club society
united organization organisation bureau authority board orchestra academy fc alliance airlines airways records
"""
_PLACE = """
street road avenue boulevard lane river lake mountain mountains island islands bay sea ocean valley park airport
station bridge beach county province peninsula strait gulf creek pond reservoir canyon forest desert plaza square
village town city cemetery
"""
_COURTS = """
supreme high crown district circuit county appeal appeals criminal constitutional federal superior family juvenile
magistrates international european administrative
"""
# A model trained before them, or on other texts, takes these for persons and companies.
_PRODUCTS = """
windows android iphone ipad ipados ios macos macbook imac airpods linux ubuntu debian chrome chromebook firefox safari
outlook excel powerpoint onedrive sharepoint xbox playstation kindle photoshop chatgpt copilot gemini bitcoin ethereum
dogecoin covid covid-19 omicron viagra ozempic wegovy botox prius corolla
"""
# Names of nothing but such words are headings of a page or of a part of it: Key Points, Related Stories.
_HEADINGS = """
key point points takeaway takeaways fact facts figure figures quick read reading more related story stories article
articles bottom line topline what why how who when where next now know about watch listen share follow us update updated
updates live latest breaking top news headline headlines analysis opinion opinions editorial editorials comment comments
letter letters background context overview summary introduction conclusion conclusions highlight highlights result
results score scores standing standings schedule fixture fixtures lineup line-up lineups photo photos picture pictures
image images video videos gallery audio podcast newsletter newsletters subscribe advertisement sponsored source sources
contact contacts note notes editor's author authors tag tags topic topics category categories trending popular
recommended most must best worst question questions answer answers timeline transcript interview review reviews verdict
pros cons step steps tip tips ingredient ingredients method directions instructions things to and or the a an of in on
for with from your our you we is are it this that these need want learn
"""
TITLES = frozenset(_TITLES.split())
_PRODUCT_WORDS, _COURT_WORDS = frozenset(_PRODUCTS.split()), frozenset(_COURTS.split())
_HEADING_WORDS = frozenset(_HEADINGS.split())
# Two words or more that end like this, or begin like this before "of", are of that kind, whatever the model says.
_KIND_WORDS = {"organisation": frozenset(_ORGANISATION.split()), "place": frozenset(_PLACE.split())}
_ABBREVIATIONS = ("inc.", "ltd.", "jr.", "sr.", "corp.", "co.")
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\s?['’´`]s?$")
_WORD = re.compile(r"[^\W_][\w&.’'-]*")
# What may stand before the first word of a sentence. Keywords know the opening marks of German and French as well;
# names were measured on English alone, with these.
_SENTENCE_START = ("", ".", "!", "?", '"', "“", ":", "…")
# A number behind a person's name is an age, a result or a shirt; behind other names a result is: Leeds United 3-0.
_DIGITS_BEHIND = {"person": re.compile(r"[\s,(]+[0-9]"), "": re.compile(r"[\s,(]+[0-9]+(?:[-–:][0-9]+)+(?!\w)")}
_LONGEST = 120  # characters; above it is a list or debris, no name


def tidy_names(text: str, marked: Iterable[MarkedName]) -> list[NameSpan]:
    """Return the names among what a model marked in a text, in order, none overlapping."""
    spans = (_trim(text, start, end, KINDS[label]) for start, end, label in marked if label in KINDS)
    return [span for span in spans if span]


def opens_sentence(text: str, start: int) -> bool:
    """Tell whether a word stands where any word would have a capital."""
    return text[max(0, start - 3) : start].strip()[-1:] in _SENTENCE_START


def _trim(text: str, start: int, end: int, kind: str) -> NameSpan | None:
    """Cut a name to what people would write; None where it is none."""
    while start < end and not text[start].isalnum() and text[start] != "$":
        start += 1
    # A capital article within a sentence is part of the name: The Hague.
    if (article := _ARTICLE.match(text, start, end)) and (text[start].islower() or opens_sentence(text, start)):
        start = article.end()
    if kind == "person":
        start = _skip_titles(text, start, end)
    bracket = text.rfind("(", start, end)
    if bracket > start and text.find(")", bracket, end) < 0:
        end = bracket
    if digits := _DIGITS_BEHIND["person" if kind == "person" else ""].search(text, start, end):
        end = digits.start()
    while start < end and not _can_end(text, start, end):
        end -= 1
    if possessive := _POSSESSIVE.search(text, start, end):
        end = possessive.start()
    name = text[start:end]
    if not any(c.isalpha() for c in name) or len(name) > _LONGEST or _is_no_name(name, kind):
        return None
    return NameSpan(start, end, _settle_kind(name, kind))


def _is_no_name(name: str, kind: str) -> bool:
    """Tell products, headings and common nouns from the names of persons and organisations."""
    if kind not in ("person", "organisation"):
        return False
    words = name.lower().replace("’", "'").split()
    is_product = words[-1] in _PRODUCT_WORDS or (words[0] in _PRODUCT_WORDS and any(map(str.isdigit, name)))
    is_heading = len(words) > 1 and _HEADING_WORDS.issuperset(words)
    return is_product or is_heading or (kind == "organisation" and name.islower())


def _can_end(text: str, start: int, end: int) -> bool:
    last = text[end - 1]
    if last == ")":
        return "(" in text[start:end]
    if last == ".":
        return text.find(".", start, end - 1) >= 0 or text[start:end].lower().endswith(_ABBREVIATIONS)
    return last.isalnum()


def _skip_titles(text: str, start: int, end: int) -> int:
    while (word := _WORD.match(text, start, end)) and word[0].rstrip(".").lower() in TITLES:
        name = _WORD.search(text, word.end(), end)
        if name is None:
            break
        start = name.start()
    return start


def _settle_kind(name: str, kind: str) -> str:
    words = name.lower().split()
    if words[-1] == "court" and _COURT_WORDS.intersection(words):
        return "organisation"
    if len(words) > 1 and kind != "other":
        for other, kind_words in _KIND_WORDS.items():
            if words[-1] in kind_words or (words[0] in kind_words and words[1] == "of"):
                return other
    return kind
