"""The place where an article was written, as its first paragraph opens with it: `LONDON (Reuters) - `."""

import re
from dataclasses import dataclass

_OPENING = re.compile(
    r"(?P<place>(?:[^\W\d_]|[ .,'’/-]){2,40}?)"
    r"(?P<day>, (?:[^\W\d_]{2,12}\.? \d{1,2}|\d{1,2}\.? [^\W\d_]{2,12})\.?(?: \d{4})?)?"
    r"(?: ?\((?P<agency>[^()]{2,40})\))?(?P<end> ?— ?| (?:–|--?) )(?:(?P<behind>[^\W\d_][\w. ]{1,30})\. )?"
)
# Where the place is not in capitals, a bracket is an agency's only if it is one of these: `Angela Merkel (CDU) – ` and
# `Microsoft (MSFT) - ` look the same as `Paris (AFP) - `.
_AGENCY_NAMES = """
    aa aap adnkronos afp agi anp ansa antara ap apa belga bernama bloomberg bta cna cp ctk čtk dapd dpa efe epd fena
    hina ians interfax irna itar-tass jiji keystone-sda kna kyodo lusa mti ntb ots pa pap pti reuters ritzau sda sid sta
    stt tanjug tass tt ukrinform unian upi xinhua yonhap тасс интерфакс απε-μπε
"""
AGENCIES = frozenset(_AGENCY_NAMES.split())
# Words that open texts of every kind in capitals are no places, and nothing in their shape says so.
_GENRE_NAMES = """
    ALERT ANALYSIS BREAKING COMMENT COMMENTARY CORRECTION DEVELOPING EDITORIAL EXCLUSIVE EXPLAINER INTERVIEW LIVE NEWS
    OBITUARY OPINION PHOTOS PODCAST REVIEW SPORT SPORTS UPDATE UPDATED URGENT VIDEO WATCH ANALYSE EILMELDUNG EXKLUSIV
    KOMMENTAR MEINUNG DIRECT ENTRETIEN EXCLUSIF VIDÉO ENTREVISTA EXCLUSIVA EXCLUSIVO OPINIÓN OPINIÃO URGENTE VÍDEO
    ESCLUSIVA OPINIONE ВИДЕО МНЕНИЕ СРОЧНО ЭКСКЛЮЗИВ
"""
_GENRES = frozenset(_GENRE_NAMES.split())


@dataclass(frozen=True, slots=True)
class Opening:
    """Where an article was written; offsets in characters of its paragraph."""

    place: str
    agency: str | None
    start: int
    end: int


def find_opening(paragraph: str) -> Opening | None:
    """Return the place before a dash, in capitals or with its agency, that a paragraph opens with.

    `BRUSSELS — `, `LONDON (Reuters) - `, `МОСКВА, 5 мая – РИА Новости. `. Before a comma alone a place cannot be told
    from an abbreviation: `ΑΘΗΝΑ, ` from `NATO, `.
    """
    match = _OPENING.match(paragraph[:160])
    if match is None:
        return None
    goes_on = paragraph[match.end() : match.end() + 1].islower()  # `NATO — which met — denied`
    place, agency = match["place"].strip(" ,.-"), match["agency"]
    lead = place.split(",")[0].strip()
    is_capital = lead.isupper() and len(lead) > 2 and lead.split(" ")[0] not in _GENRES
    has_agency = agency is not None and place[:1].isupper() and (match["day"] is not None or _is_agency(agency))
    if not (has_agency or (is_capital and not goes_on)):
        return None
    start = match.start("place")
    end = start + len(match["place"].rstrip(" ,.-"))
    return Opening(place, agency or (match["behind"] if match["day"] else None), start, end)


def _is_agency(bracket: str) -> bool:
    return all(word in AGENCIES for word in re.split(r"[\s/,]+", bracket.casefold().strip()))
