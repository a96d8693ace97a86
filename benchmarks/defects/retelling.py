"""Give articles other texts, with what enrichment would have made of these.

What goes wrong in cleaning goes on into enrichment: a changed text gets counts, hash and offsets of its own, and what
no longer stands in it is not found.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa

from benchmarks.defects.tables import Row, Tables, append_rows, change_rows, find_rows_of_items, mark_copies, take_rows
from pipelines.text.words import count_words

_SENTENCE = re.compile(r"[.!?…。！？](?:\s|$)")


def retell(tables: Tables, rows: Sequence[int], rewrite: Callable[[Row], str]) -> Tables:
    """Return the tables with other texts in these articles, and with what enrichment would still find in each."""
    texts: dict[str, str] = {}

    def change(row: Row) -> Row:
        texts[row["item_id"]] = text = rewrite(row)
        return {"text": text, **_derive_columns(row, text)}

    articles = mark_copies(change_rows(tables["articles"], rows, change))
    entities = _rewrite_rows(tables["entities"], texts, _refit_entities)
    named = take_rows(entities.select(["item_id", "name", "entity_index"]), find_rows_of_items(entities, texts))
    index = {(row["item_id"], row["name"]): row["entity_index"] for row in named}
    quotes = _rewrite_rows(tables["quotes"], texts, lambda rows, text: _refit_quotes(rows, text, index))
    return {**tables, "articles": articles, "entities": entities, "quotes": quotes}


def _derive_columns(row: Row, text: str) -> Row:
    words = count_words(text)
    sentences = max(1, len(_SENTENCE.findall(text)))
    paragraphs = [match.span() for match in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text)]
    line = min((part["line"] for part in row["parts"] or ()), default=0)
    columns: Row = {
        "content_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "word_count": words,
        "sentence_count": sentences,
        "paragraph_count": len(paragraphs),
        "char_count": len(text),
        "parts": [
            {"kind": "body" if n else "lead", "line": line + n, "start": start, "end": end}
            for n, (start, end) in enumerate(paragraphs)
        ],
    }
    for name in ("links", "keywords", "dates", "amounts"):
        columns[name] = None if row[name] is None else refit_spans(text, row, row[name])
    if row["dateline"] is not None and text[: row["dateline"]["end"]] != row["text"][: row["dateline"]["end"]]:
        columns["dateline"] = None
    if row["topics"] is not None:
        topics = [{**topic, "terms": refit_spans(text, row, topic["terms"])} for topic in row["topics"]]
        columns["topics"] = [topic for topic in topics if topic["terms"]]
    if row["tone_parts"] is not None:
        columns |= _derive_tone(row["tone_parts"], refit_spans(text, row, row["tone_parts"]["terms"]))
    summary = None if row["summary"] is None else refit_spans(text, row, row["summary"])
    if sentences < 5:
        columns |= {"summary": None, "summary_status": "skipped: fewer than 5 sentences"}
    elif summary is not None:
        columns["summary"] = summary
    if words < 100 and row["readability_status"] == "done":
        columns |= {
            "readability_score": None,
            "readability_formula": None,
            "readability_status": "skipped: fewer than 100 words",
        }
    return columns


def _derive_tone(parts: Row, terms: list[Row]) -> Row:
    """Return the tone of the words that are left; the same where all are."""
    if len(terms) == len(parts["terms"]):
        return {"tone_parts": {**parts, "terms": terms}}
    weights = [term["weight"] for term in terms]
    p, n = sum(w for w in weights if w > 0), -sum(w for w in weights if w < 0)
    counts = {
        "positive_count": sum(w > 0 for w in weights), "negative_count": sum(w < 0 for w in weights),
        "positive_sum": round(p, 3), "negative_sum": round(n, 3), "terms": terms,
    }  # fmt: skip
    return {"tone": round((p - n) / (p + n + 4), 4), "tone_parts": counts}


def refit_spans(text: str, row: Row, spans: Iterable[Row]) -> list[Row]:
    """Return the spans that are still in the text, at their new places."""
    fitting = []
    for span in spans:
        written = row["text"][span["start"] : span["end"]]
        start = _find_start(text, written, span["start"])
        if start is not None:
            fitting.append({**span, "start": start, "end": start + len(written)})
    return fitting


def _find_start(text: str, written: str, start: int) -> int | None:
    if text.startswith(written, start):
        return start
    at = text.find(written, start)
    at = at if at >= 0 else text.find(written)
    return at if at >= 0 else None


def _rewrite_rows(table: pa.Table, texts: dict[str, str], rewrite: Callable[[list[Row], str], list[Row]]) -> pa.Table:
    """Return the table with the rows of these items rewritten, each item's at their old place."""
    rows = find_rows_of_items(table, texts)
    by_item: dict[str, list[tuple[int, Row]]] = {}
    for at, row in zip(rows, take_rows(table, rows), strict=True):
        by_item.setdefault(row["item_id"], []).append((at, row))
    made = [
        (own[n][0], row)
        for item, own in by_item.items()
        for n, row in enumerate(rewrite([row for _, row in own], texts[item]))
    ]
    gone = set(rows)
    kept = [at for at in range(table.num_rows) if at not in gone]
    order = sorted([(at, at) for at in kept] + [(at, table.num_rows + n) for n, (at, _) in enumerate(made)])
    both = append_rows(table, [row for _, row in made])
    return both.take(pa.array([place for _, place in order], pa.int64()))


def _refit_entities(rows: list[Row], text: str) -> list[Row]:
    refitted = []
    for row in rows:
        starts = {_find_start(text, mention["text"], mention["start"]): mention["text"] for mention in row["mentions"]}
        mentions = [
            {"text": written, "start": start, "end": start + len(written)}
            for start, written in sorted((s, w) for s, w in starts.items() if s is not None)
        ]
        if mentions:
            refitted.append({**row, "mentions": mentions, "mention_count": len(mentions)})
    return [{**row, "entity_index": n} for n, row in enumerate(refitted)]


def _refit_quotes(rows: list[Row], text: str, index: dict[tuple[str, str], int]) -> list[Row]:
    refitted = []
    for row in rows:
        start = _find_start(text, row["text"], row["start"])
        if start is None:
            continue
        new = {**row, "start": start, "end": start + len(row["text"])}
        for name in ("speaker", "verb"):
            at = None if row[name] is None else _find_start(text, row[name], row[f"{name}_start"])
            end = None if at is None else at + len(row[name])
            new |= {name: None if at is None else row[name], f"{name}_start": at, f"{name}_end": end}
        entity = None if new["speaker"] is None else index.get((row["item_id"], row["speaker_name"]))
        refitted.append(
            {**new, "entity_index": entity, "speaker_name": None if entity is None else row["speaker_name"]}
        )
    return [{**row, "quote_index": n} for n, row in enumerate(refitted)]
