"""Reported clauses, without marks or with some words in marks: "Schmidt said that rates would rise".

A clause that follows a verb of speech goes to the end of its sentence, one before it ("Rates would rise, Schmidt said")
begins with its sentence. Languages without `that` words in cues.py have none. A clause that somebody did
not say, or denied, is nobody's words.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.enrichments.quotes.cues import Grammar
from pipelines.enrichments.quotes.speakers import Cue, find_speaker, is_supported, trim_speaker
from pipelines.enrichments.texts import Span

MIN_WORDS = 4
MAX_SENTENCE = 1_000  # characters; longer ones are tables and lists
NEGATED = 80  # characters before a verb in which a negation is looked for
# Shares of reports found by each pattern in PolNeAR train (tuning part) that overlap a marked content by 80 % or more;
# training/quotes.py prints them.
SCORES = {"that": 0.72, "clause": 0.69, "after": 0.42, "according": 0.80}
# What begins no clause after a verb of speech: "said in Berlin", "added two seats".
_NO_CLAUSE = re.compile(
    r"\s(?:in|on|at|to|by|with|from|of|about|for|during|after|before|as|via|through|into|out|up|off|no|yes|so|nothing|"
    r"anything|something|goodbye|more|and|but|or|last|this|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_OBJECT = re.compile(r"(?:\s(?!that\b)[\w’'.-]+){1,5}?\s(?=that\b)")
# When it was said, not what: "said yesterday it would not pay", but not "said yesterday was a bad day".
_WHEN = re.compile(
    r"\s(?:yesterday|today|tonight|earlier|later|then|again|afterwards?)(?=\s(?:the|a|an|it|he|she|they|we|there|its|his|"
    r"her|their|[A-Z][\w’'-]*)\s)"
)
_PLAIN_VERBS = frozenset((
    "said", "says", "say", "argued", "argues", "argue", "claimed", "claims", "noted", "notes", "added", "adds",
    "insisted", "insists", "believes", "believed", "think", "thinks", "thought", "suggested", "suggests",
    "suggest", "acknowledged", "predicted", "conceded", "announced", "explained", "saying", "arguing",
    "claiming", "insisting", "suggesting", "noting", "adding", "agrees", "agreed", "vowed", "promised",
))  # fmt: skip

# Before these stands who speaks, behind them to whom: "Lee, the mayor, told the Times" is no "…, said Lee".
_TO_WHOM = frozenset((
    "told", "tells", "tell", "asked", "asks", "ask", "warned", "warns", "warn", "assured", "reassured", "urged",
    "urges", "urge", "implored", "challenged", "called", "calls", "call", "quoted", "quotes", "quote", "questioned",
    "criticized", "denounced", "praised", "blasted", "touted", "teased", "described", "describes",
))  # fmt: skip


# What begins another clause or a phrase, and no speaker: "…, and the senators argued", "…, testified before the House".
_COORDINATE = re.compile(
    r"(?i:and|but|or|nor|so|yet|while|who|which|whom|whose|when|where|before|to|with|in|at|on|for|about|against|of|by|from|"
    r"under|over|as|if|because|after|that|und|et|y|и)\b"
)


class Report(NamedTuple):
    """A reported clause and its cue; `how` names the pattern."""

    start: int
    end: int
    cue: Cue
    how: str


def read_reports(text: str, ends: Sequence[int], taken: Sequence[Span], grammar: Grammar) -> Iterator[Report]:
    """Yield the reported clauses outside the spans in `taken` (ordered), at most one a sentence, in order."""
    begin, index = 0, 0
    for end in ends:
        start, begin = begin, end
        while index < len(taken) and taken[index][1] <= start:
            index += 1
        free = index >= len(taken) or taken[index][0] >= end
        if free and end - start <= MAX_SENTENCE and (report := _read_sentence(text, start, end, grammar)):
            clause = text[report.start : report.end]
            if len(clause.split()) >= MIN_WORDS:
                left = report.start + len(clause) - len(clause.lstrip())
                yield report._replace(start=left, end=left + len(clause.strip()))


def _read_sentence(text: str, start: int, end: int, grammar: Grammar) -> Report | None:
    sentence = text[start:end]
    start += len(sentence) - len(sentence.lstrip())
    end -= len(sentence) - len(sentence.rstrip(" \t\n\xa0.!?…"))
    for verb in grammar.verb.finditer(text, start, end):
        if verb.start() == start:
            continue
        if (clause := _find_clause(text, verb, end, grammar)) and _is_long(text, clause, end):
            if _is_denied(text, start, verb.span(), grammar):
                return None
            # From the space before: a description begins behind one.
            speaker = find_speaker(text, max(start - 1, 0), verb, clause, grammar)
            if speaker:
                how = "that" if grammar.that.match(text, clause) else "clause"
                return Report(clause, end, Cue(how, speaker, verb.span()), how)
    return _read_clause_first(text, start, end, grammar)


def _find_clause(text: str, verb: re.Match[str], end: int, grammar: Grammar) -> int | None:
    """Return where the clause after a verb begins."""
    after = verb.end()
    if grammar.that.match(text, after + 1, end):
        return after + 1
    if grammar.evidence:
        clause = grammar.clause.match(text, after, min(end, after + 80))
        return clause.end() if clause else None
    if match := _OBJECT.match(text, after, min(end, after + 60)):
        return match.end()
    if verb[0] not in _PLAIN_VERBS or not text[after : after + 1].isspace() or _NO_CLAUSE.match(text, after, end):
        return None
    when = _WHEN.match(text, after, end)
    return when.end() + 1 if when else after + 1


def _read_clause_first(text: str, start: int, end: int, grammar: Grammar) -> Report | None:
    """Read a clause before its cue: "…, Schmidt said" and "…, according to Schmidt"."""
    comma = text.rfind(", ", start, end)
    if match := grammar.according.search(text, start, end):
        speaker = trim_speaker(text, match.span("speaker"), end, grammar)
        if not is_supported(speaker, grammar):
            return None
        cue = Cue("according", speaker, match.span("verb"))
        if match.start() == start:
            begin = text.find(", ", speaker[1], end) + 2
            return Report(begin, end, cue, "according") if begin > 1 and _is_long(text, begin, end) else None
        stop = match.start() - len(text[start : match.start()]) + len(text[start : match.start()].rstrip(" ,\xa0"))
        return Report(start, stop, cue, "according") if _is_long(text, start, stop) else None
    if comma < 0 or not _is_long(text, start, comma):
        return None
    match = grammar.speaker_first.match(text, comma, end)
    if match is None and (match := grammar.verb_first.match(text, comma, end)) and match["verb"] in _TO_WHOM:
        return None
    if match is None or end - match.end() >= 40 or _COORDINATE.match(match["speaker"]):
        return None
    speaker = trim_speaker(text, match.span("speaker"), end, grammar)
    goes_on = grammar.evidence and grammar.that.search(text, match.end(), end)
    if goes_on or not is_supported(speaker, grammar) or _is_denied(text, comma, match.span("verb"), grammar):
        return None
    return Report(start, comma, Cue("after", speaker, match.span("verb")), "after")


def _is_denied(text: str, start: int, verb: Span, grammar: Grammar) -> bool:
    """Tell whether a verb in a sentence that begins at `start` is denied or negated."""
    return bool(
        grammar.denial.match(text, *verb) or grammar.negated.search(text, max(start, verb[0] - NEGATED), verb[0])
    )


def _is_long(text: str, start: int, end: int) -> bool:
    return text.count(" ", start, end) >= MIN_WORDS - 1
