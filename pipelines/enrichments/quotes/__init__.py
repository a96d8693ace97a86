"""Who said what, in whose words: quotations with their speakers, each with where it stands in the text.

Rules over quotation marks and verbs of speech, no parser. marks.py finds stretches in marks, passages.py and
speakers.py the words around them that say who speaks, reports.py clauses reported without marks, speaker_entities.py
the entity that a speaker is. Titles of works and scare quotes are in marks too and nobody says them: two logistic
models tell them from quotations (score.py).
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from pipelines.enrichments.quotes.cues import Grammar, load_grammar
from pipelines.enrichments.quotes.evidence import Evidence
from pipelines.enrichments.quotes.marks import find_marked
from pipelines.enrichments.quotes.passages import Passage, find_sentence_ends, read_passages
from pipelines.enrichments.quotes.reports import SCORES, Report, read_reports
from pipelines.enrichments.quotes.score import DIRECT, SPOKEN, estimate_chance
from pipelines.enrichments.quotes.speaker_entities import Entity, LastSpeaker, Speakers
from pipelines.enrichments.quotes.speakers import Cue, rate_speaker
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.texts import Span, get_language_code
from pipelines.tables.enriched.quotes import FOUND_QUOTES
from pipelines.text.limits import MAX_CHARACTERS

READS = ("text", "language", "entities")

MAX_MARKED = 500  # stretches in marks; the articles of PolNeAR have up to 140
LIKELY = 0.5

Row = dict[str, Any]


class Quotation(NamedTuple):
    """Somebody's words: their span, kind (direct, mixed, indirect), the cue of their speaker, and their probability."""

    start: int
    end: int
    kind: str
    cue: Cue
    score: float


def add_quotes(items: pa.Table) -> pa.Table:
    """Compute the columns of FOUND_QUOTES; skip a language whose words of saying are not known."""
    return by_row(items, FOUND_QUOTES, READS, _enrich_article)


def _enrich_article(text: str, language: str | None, entities: Sequence[Entity] | None) -> EnricherResult:
    quotes = find_quotes(text, language, entities or [])
    if isinstance(quotes, str):
        return quotes
    return {"quotes": [_name_speaker(row, entities or []) for row in quotes]}


def _name_speaker(row: Row, entities: Sequence[Entity]) -> Row:
    index = row.pop("entity")
    return row | {"entity_index": index, "speaker_name": None if index is None else entities[index]["name"]}


def find_quotes(text: str, language: str | None, entities: Sequence[Entity]) -> list[Row] | str:
    """Return the quotations of a text in order, or "language" where its words of saying are not known; never raise.

    `entities` are dicts with `kind` ("person", "organisation", "place", "other"), `name` and `mentions` (dicts with
    `text`, `start`, `end`). Each row has `text`, `start` and `end` (characters), without the outer quotation marks;
    `kind`: "direct" (all of it in marks), "indirect" (none of it) or "mixed" (a reported clause with some words in
    marks, or words in marks within a sentence of the reporter's); `verb` and `speaker` as written, each with its own
    `_start` and `_end`; `entity`, the index of whom the speaker is; `quote_score`, the probability that somebody's
    words are at these offsets; and `speaker_score`, the probability that `speaker` says them. A value that is not known
    is None. A quotation that is split by its speaker gives two rows; one that goes on over paragraphs gives one, with
    the marks that re-open it.
    """
    rules = load_grammar(get_language_code(language))
    if rules is None:
        return "language"
    text = text[:MAX_CHARACTERS]
    if (code := get_language_code(language)) != "en":
        rules = rules._replace(evidence=Evidence(text, code, entities, rules.pronoun))
    marked = find_marked(text)[:MAX_MARKED]
    ends = find_sentence_ends(text)
    passages = read_passages(text, marked, ends, rules)
    quotations = sorted(_find_quotations(text, passages, ends, rules), key=lambda quotation: quotation[:2])
    marked_spans = [(stretch.outer_start, stretch.outer_end) for stretch in marked]
    return _resolve_speakers(text, quotations, marked_spans, entities, rules)


def _find_quotations(
    text: str, passages: Sequence[Passage], ends: Sequence[int], rules: Grammar
) -> Iterator[Quotation]:
    taken: list[Span] = []
    partial: list[Passage] = []
    for passage in passages:
        score = estimate_chance(DIRECT, passage.features)
        if score >= LIKELY:
            marked = passage.marked
            yield Quotation(marked.start, marked.end, "direct", passage.cue, score)
            taken.append((passage.begin, max(passage.end, marked.outer_end)))
        else:
            partial.append(passage)
    reports = list(read_reports(text, ends, taken, rules))
    yield from _merge_reports(reports, partial)


def _merge_reports(reports: Sequence[Report], partial: Sequence[Passage]) -> Iterator[Quotation]:
    """Yield clauses without and with words in marks, and words in marks that no clause holds."""
    remaining = iter(partial)
    passage = next(remaining, None)
    for report in reports:
        kind, start, end = "indirect", report.start, report.end
        while passage and passage.marked.start < report.end:
            if passage.marked.end <= report.start:
                yield from _list_spoken(passage)
            else:
                kind = "mixed"
                if (passage.marked.outer_start, passage.marked.outer_end) == (report.start, report.end):
                    start, end = passage.marked.start, passage.marked.end  # all of the clause is in marks
            passage = next(remaining, None)
        yield Quotation(start, end, kind, report.cue, SCORES[report.how])
    while passage:
        yield from _list_spoken(passage)
        passage = next(remaining, None)


def _list_spoken(passage: Passage) -> Iterator[Quotation]:
    if passage.features["name"]:
        return
    score = estimate_chance(SPOKEN, passage.features)
    if score >= LIKELY and passage.cue.speaker:
        yield Quotation(passage.marked.start, passage.marked.end, "mixed", passage.cue, score)


def _resolve_speakers(
    text: str,
    quotations: Sequence[Quotation],
    marked_spans: Sequence[Span],
    entities: Sequence[Entity],
    rules: Grammar,
) -> list[Row]:
    speakers = Speakers(text, entities)
    last: LastSpeaker | None = None
    rows: list[Row] = []
    resolved: dict[Span, int | None] = {}
    for start, end, kind, cue, score in quotations:
        entity = None
        if cue.speaker:
            if cue.speaker not in resolved:
                resolved[cue.speaker] = speakers.find(cue.speaker, marked_spans, last)
            entity = resolved[cue.speaker]
            if entity is not None:
                last = LastSpeaker(entity, max(end, cue.speaker[1]))
        rows.append(
            {"text": text[start:end], "start": start, "end": end, "kind": kind}
            | _describe_span(text, "verb", cue.verb)
            | _describe_span(text, "speaker", cue.speaker)
            | {"entity": entity, "quote_score": round(score, 3), "speaker_score": rate_speaker(cue, rules)}
        )
    return rows


def _describe_span(text: str, name: str, span: Span | None) -> Row:
    start, end = span or (None, None)
    return {name: text[start:end] if span else None, f"{name}_start": start, f"{name}_end": end}
