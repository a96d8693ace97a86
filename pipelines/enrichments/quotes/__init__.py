"""Who said what, in whose words: quotations with their speakers, each with where it stands in the text.

Rules over quotation marks and verbs of speech, no parser. marks.py finds what stands in marks, passages.py and
speakers.py the words around it that say who speaks, reports.py what is said without marks, entities.py who the speaker
is. What is in marks and nobody says (titles of works, scare quotes) is no quotation: two logistic models tell.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from pipelines.enrichments.quotes.cues import Grammar, load_grammar
from pipelines.enrichments.quotes.entities import Entity, Speakers
from pipelines.enrichments.quotes.marks import find_marked
from pipelines.enrichments.quotes.passages import Passage, find_sentence_ends, read_passages
from pipelines.enrichments.quotes.reports import SCORES, Report, read_reports
from pipelines.enrichments.quotes.score import DIRECT, SPOKEN, estimate_chance
from pipelines.enrichments.quotes.speakers import Cue, Span
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.tables.enriched.quotes import FOUND_QUOTES
from pipelines.text.limits import MAX_CHARACTERS

READS = ("text", "language", "entities")

MAX_MARKED = 500  # stretches in marks; the articles of PolNeAR have up to 140
LIKELY = 0.5

Row = dict[str, Any]
_Found = tuple[int, int, str, Cue, float]


def add_quotes(items: pa.Table) -> pa.Table:
    """The columns of FOUND_QUOTES; skipped for a language whose words of saying are not known."""
    return by_row(items, FOUND_QUOTES, READS, _said)


def _said(text: str, language: str | None, entities: Sequence[Entity] | None) -> EnricherResult:
    found = find_quotes(text, language, entities or [])
    if isinstance(found, str):
        return found
    return {"quotes": [_named(row, entities or []) for row in found]}


def _named(row: Row, entities: Sequence[Entity]) -> Row:
    index = row.pop("entity")
    return row | {"entity_index": index, "speaker_name": None if index is None else entities[index]["name"]}


def find_quotes(text: str, language: str | None, entities: Sequence[Entity]) -> list[Row] | str:
    """The quotations of a text in their order, or "language" where its words are not known; never raises.

    `entities` are dicts with `kind` ("person", "organisation", "place", "other"), `name` and `mentions` (dicts with
    `text`, `start`, `end`). Each row has `text`, `start` and `end` (characters), without the outer quotation marks;
    `kind`: "direct" (all of it in marks), "indirect" (none of it) or "mixed" (a reported clause with some words in
    marks, or words in marks within a sentence of the reporter's); `verb` and `speaker` as written, each with its own
    `_start` and `_end`; `entity`, the index of whom the speaker is; and `quote_score`, the probability that somebody's
    words are where they are said to be, not that the speaker is right. What is not known is None. A quotation that is
    split by its speaker gives two rows; one that goes on over paragraphs gives one, with the marks that re-open it.
    """
    rules = load_grammar((language or "").partition("-")[0].lower())
    if rules is None:
        return "language"
    text = text[:MAX_CHARACTERS]
    marked = find_marked(text)[:MAX_MARKED]
    ends = find_sentence_ends(text)
    passages = read_passages(text, marked, ends, rules)
    found = sorted(_find(text, passages, ends, rules), key=lambda one: one[:2])
    quoted = [(one.outer_start, one.outer_end) for one in marked]
    return _resolve(text, found, quoted, entities)


def _find(text: str, passages: Sequence[Passage], ends: Sequence[int], rules: Grammar) -> Iterator[_Found]:
    taken: list[Span] = []
    partial: list[Passage] = []
    for passage in passages:
        score = estimate_chance(DIRECT, passage.features)
        if score >= LIKELY:
            marked = passage.marked
            yield marked.start, marked.end, "direct", passage.cue, score
            taken.append((passage.begin, max(passage.end, marked.outer_end)))
        else:
            partial.append(passage)
    reports = list(read_reports(text, ends, taken, rules))
    yield from _reported(reports, partial)


def _reported(reports: Sequence[Report], partial: Sequence[Passage]) -> Iterator[_Found]:
    """Clauses without and with words in marks, and words in marks that no clause holds."""
    remaining = iter(partial)
    passage = next(remaining, None)
    for report in reports:
        kind = "indirect"
        while passage and passage.marked.start < report.end:
            if passage.marked.end <= report.start:
                yield from _partial(passage)
            else:
                kind = "mixed"
            passage = next(remaining, None)
        yield report.start, report.end, kind, report.cue, SCORES[report.how]
    while passage:
        yield from _partial(passage)
        passage = next(remaining, None)


def _partial(passage: Passage) -> Iterator[_Found]:
    score = estimate_chance(SPOKEN, passage.features)
    if score >= LIKELY and passage.cue.speaker:
        yield passage.marked.start, passage.marked.end, "mixed", passage.cue, score


def _resolve(text: str, found: Sequence[_Found], quoted: Sequence[Span], entities: Sequence[Entity]) -> list[Row]:
    speakers = Speakers(text, entities)
    last: tuple[int, int] | None = None
    rows: list[Row] = []
    known: dict[Span, int | None] = {}
    for start, end, kind, cue, score in found:
        entity = None
        if cue.speaker:
            if cue.speaker not in known:
                known[cue.speaker] = speakers.find(cue.speaker, quoted, last)
            entity = known[cue.speaker]
            if entity is not None:
                last = entity, max(end, cue.speaker[1])
        rows.append(
            {"text": text[start:end], "start": start, "end": end, "kind": kind}
            | _written(text, "verb", cue.verb)
            | _written(text, "speaker", cue.speaker)
            | {"entity": entity, "quote_score": round(score, 3)}
        )
    return rows


def _written(text: str, name: str, span: Span | None) -> Row:
    start, end = span or (None, None)
    return {name: text[start:end] if span else None, f"{name}_start": start, f"{name}_end": end}
