"""What sites say around their articles, in the languages of most papers: a line that says only this is furniture.

The trees judge a line by shape and place, so furniture between two paragraphs passes for one. Its words are few and
the same on most sites. A rule here needs the whole line, or two signs that no report has together.
"""

import json
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.cleaning.texts.bylines import WRITTEN, is_byline
from pipelines.text.sentences import END_MARKS, ends_sentence

AGES = Path(__file__).with_name("ages.json")  # training.ages writes it
PHRASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
MAX_SHORT, MAX_LABELLED, MAX_APPEAL, MAX_NOTICE = 120, 250, 400, 1_500  # characters of a line, by kind
MIN_SIGNS = 3  # of a consent dialog in one line
_HAS_NUMBER = re.compile(r"\d|\b(?:an?|one|une?|uno|einer?|einem|una|um|een|jeden|jedną|en|et)\b")
_LEFT_OF_MOVING = 2  # words beside ages and counters that a line may have


_NUMBER = r"\d(?:[\d.,' \u00a0\u202f]*\d)?(?: ?(?:k|m|mio|tsd|mil|тыс|млн|万|千)\b\.?)?"


def read_alternatives(written: str) -> str:
    """Return the alternatives of a phrase as one expression."""
    networks, alternatives = ("|".join(filter(None, text.split("\n"))) for text in (PHRASES["network"], written))
    return f"(?:{alternatives})".replace("NETWORK", f"(?:{networks})").replace("NUMBER", _NUMBER)


def _compile(written: str) -> re.Pattern[str]:
    return re.compile(read_alternatives(written), re.IGNORECASE)


(
    _ADVERT, _SHARE, _PLAYER, _LETTER, _INVITATION, _FOLLOW, _TIP, _WALL, _LEGAL, _PERSON, _PUBLISHED, _BESIDE,
    _MOMENT, _COMMENTS,
) = (
    _compile(PHRASES[name])
    for name in (
        "advert", "share", "player", "letter", "invitation", "follow", "tip", "wall", "legal", "person", "published",
        "published_beside", "moment", "comments",
    )
)  # fmt: skip
_MORE = re.compile(rf"{read_alternatives(PHRASES['more'])}(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_BEHIND_LABEL = re.compile(r"\s*(?:$|[:：|»›>→▶…]|[-–—]\s|\.{3})")
_AFFILIATE, _CONSENT, _EMBED = (tuple(map(_compile, PHRASES[name])) for name in ("affiliate", "consent", "embed"))
_GATES = {rule: tuple(filter(None, words.split("\n"))) for rule, words in PHRASES["gates"].items()}
_COUNTED, _READING_TIME, _AGE = (read_alternatives(PHRASES[name]) for name in ("counted", "reading_time", "age"))
_COOKIE_NOTICE = _compile(PHRASES["cookie_notice"])
_PUBLISHED_WORD, _BESIDE_WORD = (
    re.compile(rf"(?<!\w){pattern.pattern}(?!\w)", re.IGNORECASE) for pattern in (_PUBLISHED, _BESIDE)
)
_ENDS_OF_AGES = ("ago.", "min.", "mins.", "std.", "sek.", "hrs.", "мин.", "ч.")
_REPORTED = re.compile(r"[\"“”„«»「]")  # a paragraph that quotes such words reports them

_DATE_WORDS = re.compile(
    r"[^\W\d]{3,10}\.? \d{1,2}|\d{1,2}\.? [^\W\d]{3,10}|"
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[:.]\d\d|\b(?:19|20)\d\d\b"
)
_WRITTEN_TITLE = r"(?:[A-ZÀ-ÖØ-ÞА-Я][\w&.'’-]*)(?: (?:[A-ZÀ-ÖØ-ÞА-Я&][\w&.'’-]*|of|the|de|für)){0,4}"
_TAKEN_BY = rf"{read_alternatives(PHRASES['taken_by'])}(?: ?(?:by|von|par|de|di|courtesy of))?"
_CREDIT = re.compile(
    rf"^{WRITTEN}(?: ?/ ?{_WRITTEN_TITLE}){{1,4}}$|"
    rf"^\(?(?i:{_TAKEN_BY})\s?[:：/©|=＝] ?.{{2,80}}$|"
    rf"^(?i:{read_alternatives(PHRASES['from_whom'])})\s?[:：] ?.{{2,60}}$|"
    rf"^(?:©|\(c\)) ?.{{2,60}}$|^{read_alternatives(PHRASES['agency'])}$|"
    rf"^.{{2,80}}(?:/| via | — | \| |, ){read_alternatives(PHRASES['agency'])}\)?$"
)
_EDGES = " \t-–—|•·*:：»«›‹>→▶►▼+#[]()…!"


def find_furniture(line: str, is_linked: bool = False) -> str | None:
    """Return what makes a line furniture, the name of a rule; None where nothing does.

    `is_linked` says whether most of it is in links.
    """
    read, folded = _Line(line, is_linked), line.lower()
    for rule in _RULES:
        if len(line) <= rule.longest and _is_in_gate(rule.name, folded) and rule.applies(read):
            return rule.name
    return None


def heads_comments(line: str) -> bool:
    """Return whether a line is the heading of what readers wrote."""
    return len(line) <= MAX_SHORT and _COMMENTS.fullmatch(_strip(line)) is not None


def _is_in_gate(rule: str, folded: str) -> bool:
    gate = _GATES.get(rule)
    return gate is None or any(map(folded.__contains__, gate))


class _Line(NamedTuple):
    text: str
    is_linked: bool
    """Whether most of it is in links."""


def is_moving(line: str) -> bool:
    """Return whether a line says how long ago something was, or counts readers, and next to nothing else.

    It differs from fetch to fetch of the same article.
    """
    folded = line.lower()
    if ends_sentence(line) and not folded.endswith(_ENDS_OF_AGES):
        return False
    if not (_HAS_NUMBER.search(folded) or _MOMENT.search(folded)):
        return False
    left, ages = _moving_patterns().subn(" ", folded)
    left, moments = _MOMENT.subn(" ", left)
    left, dates = _DATE_WORDS.subn(" ", left)
    left, said = _PUBLISHED_WORD.subn(" ", left)
    left, beside = _BESIDE_WORD.subn(" ", left)
    if not (ages or (moments and (dates or said or beside))):
        return False
    words = re.findall(r"[^\W\d_]{2,}", left)
    return len(words) <= _LEFT_OF_MOVING or is_byline(line)


@cache
def _moving_patterns() -> re.Pattern[str]:
    number = r"(?:\d[\d.,]*|an?|one|une?|uno|einer?|einem|una|um|een|jeden|jedną|en|et)"
    behind: dict[str, list[str]] = {}  # by what stands before the number, so that no phrase is tried at every letter
    for phrase in json.loads(AGES.read_bytes()):
        before, _, after = phrase.partition("{0}")
        behind.setdefault(before, []).append(after)
    ages = "|".join(
        rf"{re.escape(before)}{number}(?:{'|'.join(map(re.escape, sorted(behind[before], key=_by_length)))})"
        for before in sorted(behind, key=_by_length)
    )
    return re.compile(
        rf"(?<!\w)(?:{ages}|{_AGE})(?!\w)|{_READING_TIME}|(?<![\w.,]){_NUMBER}\+? ?{_COUNTED}\b|"
        rf"\b{_COUNTED}\W{{1,3}}{_NUMBER}(?!\w)"
    )


def _by_length(text: str) -> tuple[int, str]:
    """Return the key by which longer alternatives come first, in a fixed order."""
    return -len(text), text


def _is_advert(line: _Line) -> bool:
    return _ADVERT.fullmatch(_strip(line.text)) is not None


def _is_share(line: _Line) -> bool:
    return _SHARE.fullmatch(_strip(line.text)) is not None


def _is_player(line: _Line) -> bool:
    return _PLAYER.fullmatch(_strip(line.text)) is not None


def _is_moving(line: _Line) -> bool:
    return is_moving(line.text)


def _is_dateline(line: _Line) -> bool:
    """Return whether a line says when the article was published or changed, and nothing else."""
    left, dates = _DATE_WORDS.subn(" ", line.text)
    left, said = _PUBLISHED_WORD.subn(" ", left)
    return bool(dates and said) and re.search(r"[^\W\d_]{2,}", _BESIDE_WORD.sub(" ", left)) is None


def _is_more(line: _Line) -> bool:
    """Return whether a line leads to other articles: a label, alone, with a title behind a sign, or in a link."""
    label = _MORE.match(line.text.lstrip(_EDGES))
    if label is None or not (line.is_linked or _BEHIND_LABEL.match(label["rest"])):
        return False
    return line.is_linked or not _strip(label["rest"]) or not ends_sentence(line.text)


def _is_appeal(line: _Line) -> bool:
    """Return whether a line asks its readers to subscribe to a letter, to follow, or to write."""
    if _REPORTED.search(line.text):
        return False
    if _LETTER.search(line.text) and _INVITATION.search(line.text) and _PERSON.search(line.text):
        return True
    follows = _FOLLOW.search(line.text)
    return (follows is not None and follows.start() <= MAX_SHORT) or _TIP.match(line.text) is not None


def _is_affiliate(line: _Line) -> bool:
    return not _REPORTED.search(line.text) and all(pattern.search(line.text) for pattern in _AFFILIATE)


def _is_consent(line: _Line) -> bool:
    if _COOKIE_NOTICE.match(line.text) and not _REPORTED.search(line.text):
        return True
    if _REPORTED.search(line.text) or not _PERSON.search(line.text):
        return False
    return sum(pattern.search(line.text) is not None for pattern in _CONSENT) >= MIN_SIGNS


def _is_embed(line: _Line) -> bool:
    """Return whether a line stands in for a video or post that is shown only to readers who agree."""
    says, names, shows, agrees = (pattern.search(line.text) is not None for pattern in _EMBED)
    if says and (len(line.text) <= MAX_SHORT // 2 or names or shows or agrees):
        return True
    return names and shows and agrees and _PERSON.search(line.text) is not None and not _REPORTED.search(line.text)


def _is_wall(line: _Line) -> bool:
    return not _REPORTED.search(line.text) and _WALL.search(line.text) is not None


def _is_legal(line: _Line) -> bool:
    return _LEGAL.search(line.text) is not None and not line.text.startswith(('"', "“", "„"))


def _is_credit(line: _Line) -> bool:
    return not ends_sentence(line.text) and _CREDIT.match(line.text) is not None


def _strip(line: str) -> str:
    return line.strip(_EDGES + END_MARKS)


class _Rule(NamedTuple):
    name: str
    """As LabelledLine.reason has it."""
    longest: int
    """Characters of a line that it may apply to."""
    applies: Callable[[_Line], bool]


_RULES = (
    _Rule("advert", MAX_SHORT, _is_advert),
    _Rule("share", MAX_SHORT, _is_share),
    _Rule("player", MAX_SHORT, _is_player),
    _Rule("moving", MAX_SHORT, _is_moving),
    _Rule("dateline", MAX_SHORT, _is_dateline),
    _Rule("more", MAX_LABELLED, _is_more),
    _Rule("appeal", MAX_APPEAL, _is_appeal),
    _Rule("affiliate", 2 * MAX_APPEAL, _is_affiliate),
    _Rule("embed", MAX_APPEAL, _is_embed),
    _Rule("consent", MAX_NOTICE, _is_consent),
    _Rule("wall", MAX_LABELLED, _is_wall),
    _Rule("legal", 2 * MAX_APPEAL, _is_legal),
    _Rule("credit", MAX_SHORT, _is_credit),
)
