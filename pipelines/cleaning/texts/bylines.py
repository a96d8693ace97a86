"""Bylines of plain text: the lines that say who wrote an article, and the names in them."""

import re
from itertools import takewhile

from pipelines.text.sentences import ends_sentence
from pipelines.text.words import IDEOGRAPH

CHARACTERS = 160  # of a byline, at most
BESIDE = 4  # words behind a name that may say where, or for whom: `for the Evening Post`

_NAME = r"[^\W\d_][\w.'’-]{0,30}"
_BY = re.compile(
    r"(?:(?:posted |story |words |report )?by|von|par|por|di|da|door|av|af|от|автор|autor|autora|auteur|author|tekst|"
    rf"text|του|της|συντάκτης|作者|记者)[\s:：]{{1,3}}(?P<names>{_NAME}.{{0,120}})$",
    re.IGNORECASE,
)
_UPPER = r"[A-ZÀ-ÖØ-ÞĀ-ŽΆ-ΫА-Я]"
WRITTEN = (
    rf"{_UPPER}[\w'’-]{{1,20}}(?: (?:{_UPPER}\.|{_UPPER}[\w'’-]{{1,20}}|de|da|van|von)){{0,2}} {_UPPER}[\w'’-]{{1,20}}"
)
# A name alone, or with more behind a sign: what it is, where it writes, and for whom.
SIGNED = re.compile(rf"(?P<who>{WRITTEN}(?:(?:, | and | & ){WRITTEN}){{0,3}})(?:\s?[,|/•·–—-]\s.{{0,60}}|\s\S+@\S+)?$")
_JOINT = re.compile(r"\s*(?:[;/&]|\b(?:and|und|et|y|e|i|и|og|och|en|και)\b)\s*")
_ASIDE = re.compile(r"[|•·]|\s[–—-]\s")
_WORD_OF_NAME = re.compile(_NAME)
_SMALL = "af al av bin da de del della den der di do dos du el ibn la le ten ter van von y zu"
_PARTICLES = frozenset(_SMALL.split())
_MAX_WORDS = 6


def is_byline(line: str) -> bool:
    """Return whether a line has a word such as `by` and a name, and is no sentence: `By Monday the bridge …` is one."""
    byline = _BY.match(line) if len(line) <= CHARACTERS else None
    if byline is None or ends_sentence(line):
        return False
    return bool(read_byline_names(line)) or (" " not in byline["names"] and byline["names"][0].isupper())


def read_byline_names(byline: str) -> list[str]:
    """Return the people of a byline, as written.

    Behind a comma stands another of them only where `and` joins the last, `A, B and C`; else what the one before is.
    """
    introduced, signed = _BY.match(byline), SIGNED.match(byline)
    written = introduced["names"] if introduced else signed["who"] if signed else byline
    groups = [group.split(",") for group in _JOINT.split(_ASIDE.split(written)[0])]
    is_list = len(groups) > 1 and len(groups[-1]) == 1
    parts = [part for group in groups for part in (group if is_list else group[:1])]
    return [name for part in parts if (name := _find_name(part.strip(" .")))]


def _find_name(part: str) -> str | None:
    """Return the name that a text begins with: two words or more with capitals, or in a script that has none."""
    words = part.split(" ")
    if len(words) == 1 and 2 <= len(part) <= 4 and len(IDEOGRAPH.findall(part)) == len(part):
        return part
    name = list(takewhile(_is_of_name, words))
    while name and name[-1] in _PARTICLES:
        name.pop()
    is_name = 2 <= len(name) <= _MAX_WORDS and name[0] not in _PARTICLES and len(words) - len(name) <= BESIDE
    return " ".join(name) if is_name else None


def _is_of_name(word: str) -> bool:
    return bool(_WORD_OF_NAME.fullmatch(word)) and (not word[0].islower() or word in _PARTICLES)
