"""Find who speaks, and by which verb, in the sentence around a quotation, without a parser.

Newspapers set a speaker after a quotation (…," said Anna Schmidt; …," Schmidt, the minister, later said), before it
(Schmidt told reporters: "…) or between its two halves.
"""

import re
from typing import NamedTuple

from pipelines.enrichments.quotes.cues import NAME, Grammar
from pipelines.enrichments.quotes.evidence import NAMES, NEEDED
from pipelines.enrichments.stopwords import STOP_WORDS
from pipelines.enrichments.texts import Span

MAX_CLAUSES = 6  # before a verb that are looked at for its subject
REACH = 300  # characters on either side of a quotation that are looked at

_NO_SUBJECT = re.compile(r"\b(?:of|to|with|by|for|from|in|on|at|about|against|and|than|like)\s\Z")
_NO_SPEAKER = frozenset((
    "who", "and", "also", "that", "which", "but", "or", "then", "here", "there", "now", "what", "when", "while",
))  # fmt: skip
_ABBREVIATED = re.compile(r"\b(?:\w|[JS]r|Inc|Co|Corp)\.\Z")
_SIGNED = re.compile(r"\s*\n?\n?[-—–―~]{1,2}[ \xa0]?(?P<speaker>[^\n]{3,60})(?=\n|\Z)")
_CAPITALISED = frozenset().union(*STOP_WORDS.values()) | {"asked", "still", "yet", "meanwhile", "nevertheless"}


_CLAUSE_START = re.compile(r"(?:[,;:—–]|\s(?:und|et|y|и|aber|mais|pero|но|que|dass|что))\s")
# Before a name that belongs to what stands before it: le président de la CFX.
_LINKED = re.compile(
    r"\s(?:de|du|des|d['’]|del|de la|de l['’]|de los|de las|von|vom|der|des|für|aus|im|из|para|al|en|à|au|aux|in|am)"
    r"(?:\s(?:la|los|las|el|der|dem|den))?\s?\Z"
)
_NAME_BEHIND = re.compile(rf",\s(?P<name>{NAME})(?=[,.;:»”\s])")
_ARTICLE = re.compile(r"\b(?:der|die|das|ein|eine|einer|sein|seine|ihr|ihre)\s\Z", re.IGNORECASE)


class Cue(NamedTuple):
    """The speaker and the verb around a quotation, None where there is none; `how` names the pattern."""

    how: str
    speaker: Span | None
    verb: Span | None


# Shares of right speakers by the pattern that found them, among quotations found right in PolNeAR train (tuning part,
# English). "signed" was too rare to measure.
SPEAKER_SCORES = {
    "verb first": 0.98, "speaker first": 0.98, "according": 0.98, "after": 0.96, "carried": 0.93, "clause": 0.91,
    "verb right before": 0.89, "verb before": 0.88, "that": 0.88, "any verb": 0.88, "signed": 0.8, "colon": 0.72,
    "sentence before": 0.26,
}  # fmt: skip
NOTHING = Cue("nothing", None, None)


def find_cue_after(text: str, start: int, end: int, grammar: Grammar) -> Cue:
    """Return the cue that begins right at `start`, where a quotation ended."""
    end = min(end, start + REACH)
    if match := grammar.inverted.match(text, start, end):
        which = "1" if match["speaker_1"] else "2"
        return Cue("verb first", match.span(f"speaker_{which}"), match.span(f"verb_{which}"))
    for how, pattern in (
        ("verb first", grammar.verb_first),
        ("speaker first", grammar.speaker_first),
        ("any verb", grammar.any_verb),
        ("any verb", grammar.any_verb_first),
    ):
        if (match := pattern.match(text, start, end)) and match["speaker"] not in _NO_SPEAKER:
            span = trim_speaker(text, match.span("speaker"), end, grammar)
            if is_supported(span, grammar, match["verb"] if how == "any verb" else None):
                return Cue(how, span, match.span("verb"))
    return _find_according(text, start, min(end, start + 60), grammar)


def _find_according(text: str, start: int, end: int, grammar: Grammar) -> Cue:
    if match := grammar.according.search(text, start, end):
        span = trim_speaker(text, match.span("speaker"), end, grammar)
        if is_supported(span, grammar):
            return Cue("according", span, match.span("verb"))
    return NOTHING


def is_supported(span: Span, grammar: Grammar, unlisted: str | None = None) -> bool:
    """Tell whether words beside a verb of speech may be a speaker; in English any may.

    Beside a verb that no list has (`unlisted`) only a full name or an entity may.
    """
    if grammar.evidence is None:
        return True
    if unlisted and unlisted.lower() in _CAPITALISED:
        return False
    return grammar.evidence.rate(span, is_beside=True) >= (NAMES if unlisted else NEEDED)


def find_cue_before(text: str, start: int, end: int, grammar: Grammar) -> Cue:
    """Return the cue of a sentence that begins at `start`, to the quotation that begins at `end`."""
    start = max(start, end - REACH)
    verbs = list(grammar.verb.finditer(text, start, end))
    for verb in reversed(verbs):
        if speaker := find_speaker(text, start, verb, end, grammar):
            return Cue("verb right before" if end - verb.end() < 4 else "verb before", speaker, verb.span())
    if (cue := _find_according(text, start, end, grammar)).speaker:
        return cue
    if text[start:end].rstrip().endswith(":") and (speaker := find_first_subject(text, start, end, grammar)):
        return Cue("colon", speaker, None)
    return NOTHING


def rate_speaker(cue: Cue, grammar: Grammar) -> float | None:
    """Return the probability that the speaker of a cue is right; outside English it is no better than its evidence."""
    if cue.speaker is None:
        return None
    score = SPEAKER_SCORES[cue.how]
    if grammar.evidence:
        is_beside = cue.verb is not None or cue.how in ("carried", "according")
        score = min(score, grammar.evidence.rate(cue.speaker, is_beside))
    return round(score, 3)


def find_signature(text: str, end: int) -> Span | None:
    """Return the span of a name after a dash on the line below a quotation."""
    if (match := _SIGNED.match(text, end, min(len(text), end + 80))) and match["speaker"][0].isupper():
        start = match.start("speaker")
        return start, start + len(re.split(r"[,.(]", match["speaker"])[0].rstrip())
    return None


def find_speaker(text: str, start: int, verb: re.Match[str], end: int, grammar: Grammar) -> Span | None:
    """Return who speaks by a verb, in a sentence or part of one from `start` to `end`.

    In English that is the subject before the verb. Elsewhere the subject may stand behind it as well, as in German
    wherever something else opens the sentence; before it, it has to be all that its clause holds.
    """
    if grammar.evidence is None:
        return find_subject(text, start, verb.start(), grammar, verb[0])
    # From the first clause on: a name before its apposition, before what is within it.
    clauses = [match.end() for match in _CLAUSE_START.finditer(text, start, verb.start())]
    for clause in [start, *clauses[-MAX_CLAUSES:]]:
        match = grammar.clause_subject.match(text, clause, verb.start())
        if match and grammar.evidence.opens_subject(match.start("speaker")):
            span = trim_speaker(text, match.span("speaker"), verb.start(), grammar)
            if is_supported(span, grammar):
                return span
    if match := grammar.verb_first.match(text, verb.start(), end):
        span = trim_speaker(text, match.span("speaker"), end, grammar)
        if is_supported(span, grammar):
            return span
    match = grammar.adjacent.search(text, max(start, verb.start() - REACH), verb.start())
    if match is None:
        return None
    span = grammar.evidence.skip_openers(match.span("speaker"))
    return span if grammar.evidence.rate_adjacent(span) >= NEEDED else None


def find_subject(text: str, start: int, verb: int, grammar: Grammar, written: str) -> Span | None:
    """Return the subject of the verb at `verb`, in a sentence or part of one that begins at `start`."""
    if not grammar.participle.match(written):
        for pattern in grammar.subjects:
            if match := pattern.search(text, start, verb):
                span = trim_span(text, match.span("speaker"), grammar)
                words = text[slice(*span)].lower().split()
                if words and words[-1] not in _NO_SPEAKER:
                    return span
    return find_first_subject(text, start, verb, grammar)


def find_first_subject(text: str, start: int, end: int, grammar: Grammar) -> Span | None:
    """Return the likely subject of a sentence: the first pronoun or name without a preposition before it."""
    for match in grammar.opening.finditer(text, start, end):
        if _NO_SUBJECT.search(text, max(start, match.start() - 8), match.start()):
            continue
        begin, stop = match.span()
        if grammar.evidence and grammar.evidence.rate((begin, stop), is_beside=False) < NEEDED:
            continue
        if grammar.pronoun.match(match[0]):
            if match[0].lower() not in _NO_SPEAKER:
                return begin, stop
            continue
        word = re.match(r"\w+(?![\w.])[\s’']*", match[0])  # not "Dr.", which is no capitalised stop word
        if word and word[0].strip().lower() in _CAPITALISED:
            begin += word.end()
        if begin < stop:
            return begin, stop
    return None


def trim_speaker(text: str, span: Span, end: int, grammar: Grammar) -> Span:
    """Cut a speaker as trim_span does; outside English keep what a name only describes, and take a name behind it.

    The president of the council is who speaks, not the council; and in `lamentó el alcalde de Torral, Luis Pardo` it is
    Luis Pardo.
    """
    start, stop = trim_span(text, span, grammar)
    if grammar.evidence is None:
        return start, stop
    if _LINKED.search(text, span[0], start):
        start = span[0]
    is_described = text[span[0]].islower() or any(map(grammar.evidence.is_role, text[span[0] : stop].split()))
    if is_described and (name := _NAME_BEHIND.match(text, stop, end)):
        return name.span("name")
    article = _ARTICLE.search(text, span[0], start)
    if article and article.end() == start and " " not in text[start:stop]:
        start = article.start()  # a German noun, not a name
    return start, stop


def trim_span(text: str, span: Span, grammar: Grammar) -> Span:
    """Cut the words behind a speaker off, and the description before a name."""
    start, end = span
    if cut := grammar.beyond.search(text, start + 1, end):
        end = cut.start()
    names = [match.span() for match in grammar.name.finditer(text, start, end)]
    if names and names[-1][1] == end and names[-1][0] > start:
        start = names[-1][0]
    while end > start and (
        text[end - 1] in " \xa0,;:-" or (text[end - 1] == "." and not _ABBREVIATED.search(text, start, end))
    ):
        end -= 1
    return start, end
