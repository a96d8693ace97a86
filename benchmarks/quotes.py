"""Quotations and their speakers in PolNeAR, beside textacy with spaCy's parser, with the interval of each difference.

    python -m benchmarks quotes [--part held_out] [--alone]

Held out is PolNeAR dev. "dev" is a third of the documents of PolNeAR train; rules and weights were made on the other
two thirds ("tuning"). Where two people marked one article, the first by name counts.

**Gold.** A marked content is taken without spaces around it, one for each contiguous piece. It is *direct* when it
begins with a double mark (“ " « „ or ''), ends with one but for punctuation, and no word in it stands outside marks;
*mixed* when there is a mark in it but it is not direct; *indirect* else. Only those of four words or more count, and
only found ones of four words or more.

**Span.** Found and gold are compared as sets of words (where each begins): right when the words shared are 80 % or
more of the words of both together, each with one other at most. *Direct* compares what we call direct with direct
gold; so does textacy, all of whose quotations are direct. *Direct, parts aside* leaves out found ones that lie within
mixed gold: a system without kinds cannot but give these. *Indirect* compares indirect and mixed with indirect and
mixed gold, which holds also what people think, want and do: our rules only read verbs of speech.

**With speaker.** Right when besides the speaker is: half or more of its words lie in the marked source; or the last
capitalised word of the speaker as written, or of the name of the entity that it was resolved to, is in the text of the
source. Where no source is marked, no speaker is right.

**Resolved.** Speakers as the product resolves them, with the entities that it finds itself: of the direct quotations
found right whose marked source holds a capitalised word, and of those whose source is a pronoun, how many speakers are
an entity; of the former, how many of these entities have a name whose last word is in the source. Whom a pronoun
stands for is not marked in PolNeAR, so whether it is resolved right is not measured here.

Figures are F1 over all documents together; intervals are the middle 95 % of a paired bootstrap over documents.
"""

import io
import re
import tarfile
import time
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.pages import ENRICHMENT
from benchmarks.peers import ask_peers
from benchmarks.scores import draw_interval, write_gain
from pipelines.enrichments.entities import find_entities
from pipelines.enrichments.quotes import find_quotes

DATA = ENRICHMENT / "quotes"
MIN_WORDS, OVERLAP = 4, 0.8
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_OPENS, _CLOSES = re.compile(r"[“\"«„]|''"), re.compile(r"(?:[”\"»“]|'')[.,;:!?…]*\Z")
_MARK = re.compile(r"[“”\"«»„]|''")

_PRONOUNS = ("he", "she")

Words = frozenset[int]
Spans = tuple[tuple[int, int], ...]
Row = Mapping[str, Any]
Counts = tuple[int, int, int, int]  # found, marked, right, right with speaker


@dataclass(frozen=True, slots=True)
class Gold:
    """One contiguous piece of a marked content; `sources` are the spans of its speaker."""

    start: int
    end: int
    kind: str
    words: Words
    sources: Spans


@dataclass(frozen=True, slots=True)
class Document:
    """One article of PolNeAR."""

    name: str
    text: str
    golds: tuple[Gold, ...]


def load(part: str) -> list[Document]:
    """Return the documents of "tuning", "dev" or "held_out", by name."""
    split = "dev" if part == "held_out" else "train"
    with tarfile.open(DATA / f"polnear_{split}.tgz") as archive:
        members = sorted((m for m in archive.getmembers() if m.isfile()), key=lambda member: member.name)
        texts: dict[str, str] = {}
        marks: dict[str, str] = {}
        for member in members:
            stem, content = Path(member.name).stem, archive.extractfile(member)
            raw = io.BytesIO(content.read() if content else b"").getvalue().decode()
            if member.name.endswith(".txt"):
                texts[stem] = raw
            elif member.name.endswith(".ann"):
                marks.setdefault(stem.rpartition("_")[0], raw)
    names = [name for name in texts if name in marks]
    if part != "held_out":
        names = [name for name in names if (zlib.crc32(name.encode()) % 3 == 0) == (part == "dev")]
    return [Document(name, texts[name], tuple(_golds(texts[name], marks[name]))) for name in names]


def _golds(text: str, marks: str) -> list[Gold]:
    """Read the attributions of one file in brat's standoff format."""
    spans: dict[str, Spans] = {}
    golds: list[Gold] = []
    lines = [line.split("\t") for line in marks.splitlines() if "\t" in line]
    for name, what, *_ in lines:
        if name.startswith("T"):
            pieces = what.split(" ", 1)[1].split(";")
            spans[name] = tuple((int(start), int(end)) for start, end in (piece.split() for piece in pieces))
    for name, what, *_ in lines:
        if name.startswith("E"):
            roles = [role.split(":") for role in what.split()]
            sources = tuple(s for role, of in roles if role.startswith("Source") for s in spans.get(of, ()))
            for start, end in (s for role, of in roles if role.startswith("Content") for s in spans.get(of, ())):
                golds.append(_gold(text, start, end, sources))
    return golds


def _gold(text: str, start: int, end: int, sources: Spans) -> Gold:
    written = text[start:end]
    start, end = start + len(written) - len(written.lstrip()), end - len(written) + len(written.rstrip())
    written = text[start:end]
    kind = "mixed" if _MARK.search(written) else "indirect"
    outside = "".join(_MARK.split(written)[2::2])
    if _OPENS.match(written) and _CLOSES.search(written) and not _WORD.search(outside):
        kind = "direct"
    return Gold(start, end, kind, find_words(text, start, end), sources)


def find_words(text: str, start: int, end: int) -> Words:
    """Return where the words of a span begin."""
    return frozenset(match.start() for match in _WORD.finditer(text, start, end))


def compute_likeness(one: Words, other: Words) -> float:
    """Return the words shared, as a share of the words of both together."""
    return len(one & other) / max(1, len(one | other))


def is_speaker_right(text: str, row: Row, sources: Spans, entities: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a found speaker is the marked one, as the module describes it."""
    if not sources or row["speaker"] is None:
        return not sources and row["speaker"] is None
    found = find_words(text, row["speaker_start"], row["speaker_end"])
    marked = frozenset[int]().union(*(find_words(text, start, end) for start, end in sources))
    if found and 2 * len(found & marked) >= len(found):
        return True
    names = [row["speaker"]] + ([entities[row["entity"]]["name"]] if row["entity"] is not None else [])
    there = {word for start, end in sources for word in _names(text[start:end])}
    return any(_names(name)[-1:] and _names(name)[-1] in there for name in names)


def _names(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", text)) if word[0].isupper()]


def count_right(document: Document, rows: Sequence[Row], entities: Sequence[Mapping[str, Any]], what: str) -> Counts:
    """Return the counts of one document; `what` is "direct", "direct, parts aside" or "indirect"."""
    text, direct = document.text, what.startswith("direct")
    gold = [g for g in document.golds if (g.kind == "direct") == direct and len(g.words) >= MIN_WORDS]
    found = [(find_words(text, r["start"], r["end"]), r) for r in rows if (r["kind"] == "direct") == direct]
    found = [(inside, row) for inside, row in found if len(inside) >= MIN_WORDS]
    pairs = sorted(
        ((compute_likeness(inside, g.words), i, j) for i, (inside, _) in enumerate(found) for j, g in enumerate(gold)),
        key=lambda pair: (-pair[0], pair[1:]),
    )
    ours, theirs, named = set[int](), set[int](), 0
    for alike, i, j in pairs:
        if alike >= OVERLAP and i not in ours and j not in theirs:
            ours.add(i)
            theirs.add(j)
            named += is_speaker_right(text, found[i][1], gold[j].sources, entities)
    count = len(found)
    if what == "direct, parts aside":
        mixed = [g.words for g in document.golds if g.kind == "mixed"]
        count -= sum(i not in ours and any(inside <= g for g in mixed) for i, (inside, _) in enumerate(found))
    return count, len(gold), len(ours), named


def count_resolved(document: Document, rows: Sequence[Row], entities: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Count speakers of direct quotations found right: names and pronouns, those that are an entity, and right ones."""
    counts = Counter[str]()
    gold = [g for g in document.golds if g.kind == "direct" and len(g.words) >= MIN_WORDS and g.sources]
    for row in rows:
        if row["kind"] != "direct" or row["speaker"] is None:
            continue
        inside = find_words(document.text, row["start"], row["end"])
        marked = next((g for g in gold if compute_likeness(inside, g.words) >= OVERLAP), None)
        if marked is None:
            continue
        source = " ".join(document.text[start:end] for start, end in marked.sources)
        who = "pronoun" if source.lower() in _PRONOUNS else "name" if _names(source) else "other"
        counts[who] += 1
        if row["entity"] is not None:
            counts[f"{who} resolved"] += 1
            counts[f"{who} right"] += _names(entities[row["entity"]]["name"])[-1:] in [[n] for n in _names(source)]
    return counts


def f1(counts: Sequence[Counts], right: int = 2) -> float:
    """Return F1 over documents together; `right` is the column of what counts as right."""
    found, marked, hits = (sum(row[column] for row in counts) for column in (0, 1, right))
    return 2 * hits / (found + marked) if found + marked else 0.0


def _f1_of(right: int, counts: Sequence[Counts]) -> float:
    return f1(counts, right)


def group_names(text: str, names: Sequence[tuple[int, int, str]]) -> list[dict[str, Any]]:
    """Group names into entities: one whose words are the last ones of an earlier name of its kind is that one."""
    entities: list[dict[str, Any]] = []
    for start, end, kind in names:
        written = re.sub(r"['’]s\Z", "", text[start:end])
        mention = {"text": written, "start": start, "end": start + len(written)}
        tail = " " + written
        for entity in entities:
            if entity["kind"] == kind and (" " + entity["name"]).endswith(tail):
                entity["mentions"].append(mention)
                break
        else:
            entities.append({"kind": kind, "name": written, "mentions": [mention]})
    return entities


def _theirs(text: str, quotes: Sequence[Sequence[int | None]]) -> list[Row]:
    keys = ("start", "end", "speaker_start", "speaker_end")
    rows = [dict(zip(keys, quote, strict=True)) for quote in quotes]
    return [
        row | {"kind": "direct", "entity": None,
               "speaker": None if row["speaker_start"] is None else text[row["speaker_start"] : row["speaker_end"]]}
        for row in rows
    ]  # fmt: skip


Found = list[tuple[list[Row], list[dict[str, Any]]]]  # rows and entities of each document


def measure(part: str, with_peers: bool = True) -> dict[str, float]:
    """Print a line for each kind and finder; return our F1 of spans and of spans with speakers."""
    documents = load(part)
    began = time.process_time()
    ours: Found = [(_rows(document.text, []), []) for document in documents]
    spent = time.process_time() - began
    finders: dict[str, Found] = {"copydesk": ours}
    answered = ask_peers("enrichments", "quotes", (document.text for document in documents)) if with_peers else {}
    if answered:
        answers = [row or {"quotes": [], "names": [], "seconds": [0.0, 0.0]} for row in answered["textacy"].values]
        named = [group_names(d.text, a["names"]) for d, a in zip(documents, answers, strict=True)]
        finders["copydesk, spaCy's names"] = [
            (_rows(d.text, entities), entities) for d, entities in zip(documents, named, strict=True)
        ]
        finders["textacy"] = [(_theirs(d.text, a["quotes"]), []) for d, a in zip(documents, answers, strict=True)]
        parsing, quoting = (sum(answer["seconds"][i] for answer in answers) for i in (0, 1))
        print(f"textacy: {len(documents) / (parsing + quoting):.1f} articles per CPU-second, of these the parser takes "
              f"{parsing / (parsing + quoting):.0%}")  # fmt: skip
    print(f"copydesk: {len(documents) / spent:.0f} articles per CPU-second; {len(documents)} articles of {part}")
    print(f"{'kind':20} {'finder':24} {'found':>6} {'gold':>5} {'P':>5} {'R':>5} {'F':>5} {'speaker F':>9}"
          "  ours against it: span, with speaker")  # fmt: skip
    figures: dict[str, float] = {}
    for what in ("direct", "direct, parts aside", "indirect"):
        counts = {
            finder: [count_right(d, rows, named, what) for d, (rows, named) in zip(documents, found, strict=True)]
            for finder, found in finders.items()
            if what != "indirect" or finder != "textacy"
        }
        for finder, rows in counts.items():
            found, gold, right, _ = (sum(column) for column in zip(*rows, strict=True))
            beside = "" if finder == "copydesk" else "  ".join(_beside(counts["copydesk"], rows, c) for c in (2, 3))
            print(f"{what:20} {finder:24} {found:6} {gold:5} {right / max(1, found):5.3f} {right / max(1, gold):5.3f} "
                  f"{f1(rows):5.3f} {f1(rows, 3):9.3f}  {beside}")  # fmt: skip
        low, high = (draw_interval(partial(_f1_of, c), counts["copydesk"]) for c in (2, 3))
        print(f"{'':20} {'copydesk, 95 %':24} span [{low[0]:.3f}, {low[1]:.3f}], "
              f"with speaker [{high[0]:.3f}, {high[1]:.3f}]")  # fmt: skip
        figures[f"{what}: span F"] = f1(counts["copydesk"])
        figures[f"{what}: speaker F"] = f1(counts["copydesk"], 3)
    _print_resolved(documents)
    return figures


def _print_resolved(documents: Sequence[Document]) -> None:
    counts = Counter[str]()
    for document, entities in zip(documents, find_entities([(d.text, None, "en") for d in documents]), strict=True):
        if isinstance(entities, str):
            print(f"resolved: not measured, {entities}")
            return
        counts += count_resolved(document, _rows(document.text, entities), entities)
    print(f"resolved: of {counts['name']} speakers marked by name {counts['name resolved']} are an entity, "
          f"{counts['name right']} of these the one named; of {counts['pronoun']} pronouns "
          f"{counts['pronoun resolved']} are an entity")  # fmt: skip


def _rows(text: str, entities: Sequence[Mapping[str, Any]]) -> list[Row]:
    rows = find_quotes(text, "en", entities)
    return [] if isinstance(rows, str) else list(rows)


def _beside(ours: Sequence[Counts], theirs: Sequence[Counts], column: int) -> str:
    pairs = list(zip(ours, theirs, strict=True))
    bounds = draw_interval(lambda drawn: f1([a for a, _ in drawn], column) - f1([b for _, b in drawn], column), pairs)
    return write_gain(f1(ours, column) - f1(theirs, column), bounds)
