"""Find who speaks, and by which verb, in the sentence around a quotation, without a parser.

Newspapers set a speaker after a quotation (…," said Anna Schmidt; …," Schmidt, the minister, later said), before it
(Schmidt told reporters: "…) or between its two halves.
"""

import re
from typing import NamedTuple

from pipelines.enrichments.quotes.cues import Grammar
from pipelines.enrichments.stopwords import STOP_WORDS
from pipelines.enrichments.texts import Span

REACH = 300  # characters on either side of a quotation that are looked at

_NO_SUBJECT = re.compile(r"\b(?:of|to|with|by|for|from|in|on|at|about|against|and|than|like)\s\Z")
_NO_SPEAKER = frozenset((
    "who", "and", "also", "that", "which", "but", "or", "then", "here", "there", "now", "what", "when", "while",
))  # fmt: skip
_ABBREVIATED = re.compile(r"\b(?:\w|[JS]r|Inc|Co|Corp)\.\Z")
_SIGNED = re.compile(r"\s*\n?\n?[-—–―~]{1,2}[ \xa0]?(?P<speaker>[^\n]{3,60})(?=\n|\Z)")
_CAPITALISED = frozenset().union(*STOP_WORDS.values()) | {"asked", "still", "yet", "meanwhile", "nevertheless"}


class Cue(NamedTuple):
    """The speaker and the verb around a quotation, None where there is none; `how` names the pattern."""

    how: str
    speaker: Span | None
    verb: Span | None


NOTHING = Cue("nothing", None, None)


def find_cue_after(text: str, start: int, end: int, grammar: Grammar) -> Cue:
    """Return the cue that begins right at `start`, where a quotation ended."""
    end = min(end, start + REACH)
    for how, pattern in (
        ("verb first", grammar.verb_first),
        ("speaker first", grammar.speaker_first),
        ("any verb", grammar.any_verb),
        ("any verb", grammar.any_verb_first),
    ):
        if (match := pattern.match(text, start, end)) and match["speaker"] not in _NO_SPEAKER:
            return Cue(how, trim_span(text, match.span("speaker"), grammar), match.span("verb"))
    if match := grammar.according.search(text, start, min(end, start + 60)):
        return Cue("according", trim_span(text, match.span("speaker"), grammar), match.span("verb"))
    return NOTHING


def find_cue_before(text: str, start: int, end: int, grammar: Grammar) -> Cue:
    """Return the cue of a sentence that begins at `start`, to the quotation that begins at `end`."""
    start = max(start, end - REACH)
    verbs = list(grammar.verb.finditer(text, start, end))
    for verb in reversed(verbs):
        if speaker := find_subject(text, start, verb.start(), grammar, verb[0]):
            return Cue("verb right before" if end - verb.end() < 4 else "verb before", speaker, verb.span())
    if match := grammar.according.search(text, start, end):
        return Cue("according", trim_span(text, match.span("speaker"), grammar), match.span("verb"))
    if text[start:end].rstrip().endswith(":") and (speaker := find_first_subject(text, start, end, grammar)):
        return Cue("colon", speaker, None)
    return NOTHING


def find_signature(text: str, end: int) -> Span | None:
    """Return the span of a name after a dash on the line below a quotation."""
    if (match := _SIGNED.match(text, end, min(len(text), end + 80))) and match["speaker"][0].isupper():
        start = match.start("speaker")
        return start, start + len(re.split(r"[,.(]", match["speaker"])[0].rstrip())
    return None


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
