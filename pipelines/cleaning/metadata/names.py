"""One byline → the people in it, without their job titles, agencies, papers, places and initials."""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipelines.cleaning.addresses import get_host
from pipelines.cleaning.dates import find_date_in_words
from pipelines.cleaning.metadata.head import Page, fold_name
from pipelines.cleaning.metadata.jsonld import read_names
from pipelines.cleaning.metadata.name_words import (
    AGENCY_NAMES,
    BEFORE_OTHER_WORK,
    BUTTONS,
    COMPANIES,
    DESKS,
    EASTERN_ROLES,
    GENERIC,
    INTRODUCTION,
    MODIFIERS,
    NEWSROOMS,
    OTHER_WORK,
    PAPERS,
    PLACES,
    ROLES,
    SHORT_AGENCIES,
    SMALL,
    SURNAMES,
)
from pipelines.cleaning.text import join_lines
from pipelines.text.scripts import HANGUL, IDEOGRAPHS

MAX_NAME = 80  # characters of an author's name
MAX_WORDS = 6
MAX_LINE = 500
INITIALS = 4  # letters of initials in lower case, such as `efa`, beside an agency or a name

_ADDRESS = re.compile(r"\S+@\S+\.\S+|(?<!\S)@\w+|\S*(?:https?:|www\.)\S*", re.IGNORECASE)
_WRAPPED = re.compile(r"[(（【\[「](.*)[)）】\]」]")
# In the middle of a name stand given names, `Bruno (Henrique) Rodrigues`; elsewhere initials, agencies and places.
_ASIDE = re.compile(r"\s*[(（【\[「](?![A-Z][a-z]+[^()]*\)\s[A-Z])[^()（）\[\]]*(?:[)）】\]」]|$)\s*")
_CLAUSES = re.compile(r"\s*[;；|•\n]\s*|\s+[·–—/]\s+|(?<=[^\W\d_]{2})/(?=[^\W\d_]{2})")
_AND = re.compile(
    r",?\s+(?:and|und|et|y|e|i|и|og|och|en(?=\s\S+\s\S)|ve|dan|与|和)\s+|\s*[&＆、]\s*|\s+(?:with|avec|mit|con)\s+(?=[A-Z])"
    rf"|(?<=[{HANGUL}])\s*[·ㆍ・]\s*(?=[{HANGUL}])",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,，،]\s*")
# What goes on behind a name: from where, for whom, and with whose help.
_BEHIND = re.compile(
    r"\s(?:head|chief|vice)\sof\s.*$"
    r"|\s(?:in|from|aus|à|a|en|da|w|в|из)\s(?:the\s)?(?=[A-ZÀ-ÖØ-ÞА-Я])[^,]*$"
    r"|\son\sbehalf\b.*$|\s(?:for|of|at|für|pour|para|per|dla|для)\s(?=\w).*$"
    r"|\s(?:with|and)\s(?:inputs?|agenc|wires?|wire|reporting|additional|files?|contributions?)\b.*$"
    r"|\s(?:reports?|writes|reporting|berichtet)$"
    r"|\s(?:Follow(?:ing)?|Subscribe|View\s(?:all|profile|bio|more|posts)|See\s(?:all|more)|All\s(?:posts|articles)"
    r"|Read\s(?:more|bio)|More\s(?:articles|stories|posts)|Folgen|Alle\sArtikel|Suivre|Seguir|Segui)(?:\s.*)?$",
)
_DATE_WORDS = re.compile(r"(?:[\s,]*\b(?:on|at|am|le|el|published|posted|updated|last|date)\b)+[\s:]*$", re.IGNORECASE)
_NO_NAME = re.compile(r"@|\d{3}|[<>{}\[\]=!?%:]|\d[:/.]\d")
_DEGREE = re.compile(r"[A-Z]{2,5}|(?:Ph|M|D|Ed|Psy)\.?D\.?|M\.?A\.?|B\.?Sc\.?|M\.?Sc\.?|MBA|R\.?N\.?|Esq\.?|I{2,3}|IV")
_SUFFIX = re.compile(r"Jr\.?|Sr\.?", re.IGNORECASE)
_EASTERN = re.compile(f"[{IDEOGRAPHS}{HANGUL}]")
_EASTERN_ROLE = re.compile(rf"(?:^(?:{EASTERN_ROLES})[\s:：/]*|[\s=]*(?:{EASTERN_ROLES})$)")
_EASTERN_AGENCY = re.compile("|".join(sorted((n for n in AGENCY_NAMES if _EASTERN.match(n)), key=len, reverse=True)))
_DOMAIN = re.compile(
    r"\S+\.(?:com|net|org|de|fr|ru|co|io|uk|in|tv|info|es|it|pl)(?:\s.*)?|(?:[a-z0-9-]{2,}\.)+[a-z]{2,}", re.IGNORECASE
)
_ARTICLES = ("the ", "le ", "la ", "el ", "il ", "der ", "die ", "das ", "o ")
_WORDS = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


class Site:
    """What a site is called, to tell its name from those of people."""

    def __init__(self, page: Page) -> None:
        names = [*page.first(("og:site_name", "application-name")), *read_names(page.article.get("publisher"))]
        self._folded = {fold_name(name) for name in names}
        self._words = [words for name in names if (words := _list_telling_words(name))]
        self._host = fold_name(get_host(page.url).removeprefix("www."))

    def has_name(self, name: str) -> bool:
        """Return whether a name is the site's, in this spelling or one with more or fewer words that tell nothing."""
        folded, words = fold_name(name), _list_telling_words(name)
        if folded in self._folded or (len(folded) > 4 and self._host.startswith(folded)):
            return True
        is_paper = bool(_list_words(name) & (PAPERS | NEWSROOMS))
        return bool(words) and any(
            words <= site or (site <= words and (len(site) > 1 or is_paper)) for site in self._words
        )


def split_names(candidates: Iterable[str]) -> tuple[str, ...]:
    """Return the names in strings that may hold several, with job titles and the like, or none."""
    return tuple(dict.fromkeys(name for line in candidates for name in _iterate_names(line)))


def has_clauses(line: str) -> bool:
    """Return whether a byline has several parts that are set off: `Ada Lind | Evening Post`."""
    return len([piece for clause in _CLAUSES.split(line[:MAX_LINE]) for piece in _split_at_dash(clause)]) > 1


def is_organisation(name: str) -> bool:
    """Return whether a name has a word of companies, newspapers or newsrooms: `Emily Post` too."""
    words = _WORDS.findall(name.casefold())
    return bool({*words} & (COMPANIES | NEWSROOMS) or (len(words) > 1 and {words[-1]} & PAPERS))


def is_desk(byline: str) -> bool:
    """Return whether a byline says that nobody in particular wrote: a desk or an agency did, or a sponsor paid."""
    name = byline[:MAX_LINE].strip(" .,/")
    words = _list_words(name)
    return _is_agency(name) or bool(words & DESKS or (words and words <= ROLES | MODIFIERS) or OTHER_WORK.match(name))


def is_job_title(text: str) -> bool:
    """Return whether a text is a job title and nothing else: `Senior Writer`."""
    words = _list_words(text[:MAX_LINE])
    return bool(words & ROLES) and words <= ROLES | MODIFIERS


def _is_agency(name: str) -> bool:
    lowered = name.casefold().strip(" .")
    return lowered in AGENCY_NAMES or (lowered in SHORT_AGENCIES and (name.isupper() or name.islower()))


def is_paper(name: str) -> bool:
    """Return whether a name is that of an agency, a newspaper or a newsroom, or of nobody: a job, place or button."""
    lowered = name.casefold().strip(" .")
    words = _list_words(name)
    if _is_agency(name) or lowered in PLACES or lowered in BUTTONS or _DOMAIN.fullmatch(lowered):
        return True
    is_named = lowered.startswith(_ARTICLES) or len(words & PAPERS) > 1
    return bool(words & NEWSROOMS) or (is_named and bool(words & PAPERS)) or words <= (ROLES | MODIFIERS)


def has_capitals(name: str) -> bool:
    """Return whether at least half of the words begin with a capital, or are in a script that has none."""
    words = [word for written in name.split() if (word := written.lstrip("([（【「"))[:1].isalpha()]
    return bool(words) and 2 * sum(not word[0].islower() for word in words) >= len(words)


def _list_words(name: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(name.casefold()))


def _list_telling_words(name: str) -> frozenset[str]:
    return _list_words(name) - GENERIC


def _iterate_names(line: str) -> Iterator[str]:
    line = join_lines(_ADDRESS.sub(" ", line[:MAX_LINE]))
    if wrapped := _WRAPPED.fullmatch(line):
        line = wrapped[1]
    line = _ASIDE.sub(" ", line).strip(" ,")
    has_full_name = False
    for part in BEFORE_OTHER_WORK.split(line):
        clauses = [piece for clause in _CLAUSES.split(part) for piece in _split_at_dash(clause)]
        for clause in clauses:
            is_initials = len(clauses) > 1 and clause.islower() and len(clause) <= INITIALS  # `efa/dpa`
            is_place = has_full_name and " " not in clause and not _EASTERN.search(clause)  # `Ada Lind / Lindham`
            if is_initials or is_place or OTHER_WORK.match(clause):
                continue
            for name in _read_clause(clause):
                has_full_name = has_full_name or " " in name
                yield name


def _split_at_dash(clause: str) -> list[str]:
    """Return what is before and behind a dash, behind a full name or an agency: `Marino - Brad Lynch` is one name."""
    head, dash, tail = clause.partition(" - ")
    return [head, tail] if dash and (" " in head or is_paper(head)) else [clause]


def _read_clause(clause: str) -> Iterator[str]:
    """Yield the names in a part of a byline that is about one kind of work."""
    for _ in range(2):  # `Text: Von Ada Lind`
        introduction = INTRODUCTION.match(clause)
        clause = clause[introduction.end() :] if introduction else clause
    clause = _cut_date(clause)
    if "," not in clause and is_paper(_cut_beside(clause)):  # as a whole: `Post & Gazette` is no two people
        return
    groups = _AND.split(clause)
    for group, following in zip(groups, [*groups[1:], ""], strict=True):
        parts = [part for part in _COMMA.split(group) if part]
        if len(parts) > 1 and " " in parts[0] and _list_words(following) & ROLES - DESKS and not _cut_beside(following):
            parts.pop()  # `Ada Lind, Master Baker & Food Editor`
        if len(parts) == 2 and _is_inverted(*parts):
            parts = [f"{parts[1]} {parts[0]}"]
        elif len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
            parts = [" ".join(parts)]
        yield from _read_parts(parts)


def _read_parts(parts: Sequence[str]) -> Iterator[str]:
    """Yield the names among what is between commas; behind the first, what it is and where it writes is none."""
    has_full_name = False
    for place, part in enumerate(parts):
        if place and (_DEGREE.fullmatch(part) or _list_words(part) & ROLES):
            continue
        for name in _split_eastern(_cut_beside(part)):
            is_place = has_full_name and " " not in name and not _EASTERN.search(name)
            if not is_place and _is_name(name):
                has_full_name = has_full_name or " " in name
                yield name


def _is_inverted(last: str, first: str) -> bool:
    """Return whether two parts are `Last, First`: one surname, then given names."""
    if _SUFFIX.fullmatch(first) or _DEGREE.fullmatch(first) or is_paper(first) or _list_words(first) & ROLES:
        return False
    names, given = [word for word in last.split() if word not in SMALL], first.split()
    is_written = last[:1].isupper() or last.split(maxsplit=1)[0] in SMALL
    is_plain = not _EASTERN.search(last) and not any(c.isdigit() for c in last + first)
    return len(names) == 1 and len(given) <= 3 and is_written and first[0].isupper() and is_plain and not is_paper(last)


def _cut_date(clause: str) -> str:
    """Return what stands before a date or time: `Ada Lind May 3, 2024`."""
    digit = re.search(r"\d", clause)
    if digit is None or (find_date_in_words(clause[:200]) is None and not re.search(r"\d\s?:\s?\d\d", clause)):
        return clause
    head = clause[: digit.start()]
    words = head.rstrip(" ,").split(" ")
    if find_date_in_words(f"{words[-1]} 1, 2020") is not None:  # the month before the day
        head = head[: head.rindex(words[-1])]
    return _DATE_WORDS.sub("", head).strip(" ,")


def _cut_beside(part: str) -> str:
    """Return a name without what stands before and behind it: job, place, employer."""
    end = "." if part.endswith((" Jr.", " Sr.")) else ""
    part = part.strip(" ,.:-–—/")
    bare = _BEHIND.sub("", part)
    part = (bare if " " in bare or _EASTERN.search(bare) else part) + end
    part = _EASTERN_ROLE.sub("", _EASTERN_ROLE.sub("", part)).strip()
    if _EASTERN.search(part):
        part = _EASTERN_AGENCY.sub("", part)
        part = _EASTERN_ROLE.sub("", part).strip()
    words = part.split(" ")
    lowered = [word.casefold().strip(".,") for word in words]
    roles = [at for at, word in enumerate(lowered) if word in ROLES]
    if not roles or len(words) == 1:
        return "" if lowered[0] in ROLES else part
    start = roles[0]
    while start and lowered[start - 1] in MODIFIERS:
        start -= 1
    if start >= 2 and lowered[0] != "the":  # `Ada Lind Senior Reporter`
        return " ".join(words[:start])
    return " ".join(words[roles[-1] + 1 :]) if len(words) - roles[-1] > 2 else ""  # `Staff Writer Ada Lind`


def _split_eastern(name: str) -> list[str]:
    """Return the names in a line of Chinese ones apart by spaces; a Japanese name has a space within."""
    pieces = name.split()
    are_names = all(2 <= len(piece) <= 4 and piece[0] in SURNAMES and _EASTERN.match(piece) for piece in pieces)
    return pieces if len(pieces) > 1 and are_names else [name]


def _is_name(name: str) -> bool:
    words = name.split()
    is_short = 2 <= len(name) <= MAX_NAME and len(words) <= MAX_WORDS
    if not is_short or _NO_NAME.search(name) or is_paper(name) or INTRODUCTION.fullmatch(name):
        return False
    return not (len(words) > 1 and any(character.isdigit() for character in name))
