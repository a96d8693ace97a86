"""A text that is another, with what enrichment would have made of it.

What goes wrong in cleaning goes on into enrichment: a changed text gets counts, hash and offsets of its own, and what
no longer stands in it is not found.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa

from benchmarks.defects.changing import Row, Tables, added, changed, copies_marked, of_items
from pipelines.text.words import count_words

_SENTENCE = re.compile(r"[.!?…。！？](?:\s|$)")


def retold(tables: Tables, rows: Sequence[int], rewrite: Callable[[Row], str]) -> Tables:
    """The tables with other texts in these articles, and of each text what enrichment would still find in it."""
    texts: dict[str, str] = {}

    def change(row: Row) -> Row:
        texts[row["item_id"]] = text = rewrite(row)
        return {"text": text, **_derived(row, text)}

    articles = copies_marked(changed(tables["articles"], rows, change))
    entities = _rewritten(tables["entities"], texts, _entities)
    named = entities.select(["item_id", "name", "entity_index"]).take(pa.array(of_items(entities, texts), pa.int64()))
    index = {(row["item_id"], row["name"]): row["entity_index"] for row in named.to_pylist()}

    def quotes(rows: list[Row], text: str) -> list[Row]:
        return _quotes(rows, text, index)

    return {
        **tables,
        "articles": articles,
        "entities": entities,
        "quotes": _rewritten(tables["quotes"], texts, quotes),
    }


def _derived(row: Row, text: str) -> Row:
    words = count_words(text)
    sentences = max(1, len(_SENTENCE.findall(text)))
    paragraphs = [match.span() for match in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text)]
    line = min((part["line"] for part in row["parts"] or ()), default=0)
    found: Row = {
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
        found[name] = None if row[name] is None else fitted(text, row, row[name])
    if row["dateline"] is not None and text[: row["dateline"]["end"]] != row["text"][: row["dateline"]["end"]]:
        found["dateline"] = None
    if row["topics"] is not None:
        topics = [{**topic, "terms": fitted(text, row, topic["terms"])} for topic in row["topics"]]
        found["topics"] = [topic for topic in topics if topic["terms"]]
    if row["tone_parts"] is not None:
        found |= _toned(row["tone_parts"], fitted(text, row, row["tone_parts"]["terms"]))
    summary = None if row["summary"] is None else fitted(text, row, row["summary"])
    if sentences < 5:
        found |= {"summary": None, "summary_status": "skipped: fewer than 5 sentences"}
    elif summary is not None:
        found["summary"] = summary
    if words < 100 and row["readability_status"] == "done":
        found |= {
            "readability_score": None,
            "readability_formula": None,
            "readability_status": "skipped: fewer than 100 words",
        }
    return found


def _toned(parts: Row, terms: list[Row]) -> Row:
    """The tone of the words that are left; the same where all are."""
    if len(terms) == len(parts["terms"]):
        return {"tone_parts": {**parts, "terms": terms}}
    weights = [term["weight"] for term in terms]
    p, n = sum(w for w in weights if w > 0), -sum(w for w in weights if w < 0)
    counts = {
        "positive_count": sum(w > 0 for w in weights), "negative_count": sum(w < 0 for w in weights),
        "positive_sum": round(p, 3), "negative_sum": round(n, 3), "terms": terms,
    }  # fmt: skip
    return {"tone": round((p - n) / (p + n + 4), 4), "tone_parts": counts}


def fitted(text: str, row: Row, spans: Iterable[Row]) -> list[Row]:
    """The spans that still stand in the text, where they stand now."""
    found = []
    for span in spans:
        written = row["text"][span["start"] : span["end"]]
        start = _at(text, written, span["start"])
        if start is not None:
            found.append({**span, "start": start, "end": start + len(written)})
    return found


def _at(text: str, written: str, start: int) -> int | None:
    if text.startswith(written, start):
        return start
    at = text.find(written, start)
    at = at if at >= 0 else text.find(written)
    return at if at >= 0 else None


def _rewritten(table: pa.Table, texts: dict[str, str], rewrite: Callable[[list[Row], str], list[Row]]) -> pa.Table:
    """The rows of these items rewritten, each item's where they stood."""
    rows = of_items(table, texts)
    by_item: dict[str, list[tuple[int, Row]]] = {}
    for at, row in zip(rows, table.take(pa.array(rows, pa.int64())).to_pylist(), strict=True):
        by_item.setdefault(row["item_id"], []).append((at, row))
    made = [
        (own[n][0], row)
        for item, own in by_item.items()
        for n, row in enumerate(rewrite([row for _, row in own], texts[item]))
    ]
    gone = set(rows)
    kept = [at for at in range(table.num_rows) if at not in gone]
    order = sorted([(at, at) for at in kept] + [(at, table.num_rows + n) for n, (at, _) in enumerate(made)])
    both = added(table, [row for _, row in made])
    return both.take(pa.array([place for _, place in order], pa.int64()))


def _entities(rows: list[Row], text: str) -> list[Row]:
    found = []
    for row in rows:
        starts = {_at(text, mention["text"], mention["start"]): mention["text"] for mention in row["mentions"]}
        mentions = [
            {"text": written, "start": start, "end": start + len(written)}
            for start, written in sorted((s, w) for s, w in starts.items() if s is not None)
        ]
        if mentions:
            found.append({**row, "mentions": mentions, "mention_count": len(mentions)})
    return [{**row, "entity_index": n} for n, row in enumerate(found)]


def _quotes(rows: list[Row], text: str, index: dict[tuple[str, str], int]) -> list[Row]:
    found = []
    for row in rows:
        start = _at(text, row["text"], row["start"])
        if start is None:
            continue
        new = {**row, "start": start, "end": start + len(row["text"])}
        for name in ("speaker", "verb"):
            at = None if row[name] is None else _at(text, row[name], row[f"{name}_start"])
            end = None if at is None else at + len(row[name])
            new |= {name: None if at is None else row[name], f"{name}_start": at, f"{name}_end": end}
        entity = None if new["speaker"] is None else index.get((row["item_id"], row["speaker_name"]))
        found.append({**new, "entity_index": entity, "speaker_name": None if entity is None else row["speaker_name"]})
    return [{**row, "quote_index": n} for n, row in enumerate(found)]
