"""Labelled lines → the article: its text, the label of each part, and the lines that were removed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.cleaning.cleaned import Dateline, Part, Removed
from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.openings import find_opening
from pipelines.text.sentences import ends_sentence

_SEPARATORS = {"cell": " ", "row": "\n"}
OPENING_LINES = 5  # kept lines among which a dateline is looked for: a lead may stand above it


@dataclass(frozen=True, slots=True)
class Article:
    """As in Cleaned; `text` is empty where no line is kept."""

    text: str
    parts: tuple[Part, ...]
    removed: tuple[Removed, ...]
    captions: tuple[str, ...]
    dateline: Dateline | None


def assemble_article(
    lines: Sequence[LabelledLine],
    is_run_on: Sequence[bool] | None = None,
    min_removed: int = 1,
    joints: Sequence[str | None] | None = None,
) -> Article:
    """Join the kept lines as paragraphs with a blank line between.

    `is_run_on` says of each line whether but a line break stands between it and the one before: then they share a
    paragraph, and a line of it where the first ends no sentence and the next goes on in small letters. `joints` says
    which lines are cells of a table, as pages.tables.find_joints does: its rows are lines of one paragraph. Removed
    lines of fewer than `min_removed` characters are not listed, unless they have a label of their own.
    """
    pieces: list[str] = []
    parts: list[Part] = []
    removed: list[Removed] = []
    end, last = 0, -2
    for place, line in enumerate(lines):
        if not line.is_kept:
            if line.label != "furniture" or len(line.text) >= min_removed:
                removed.append(Removed(place, line.text, line.label, line.reason, line.confidence))
            continue
        if pieces:
            joint = joints[place] if joints is not None and last == place - 1 else None
            is_run = is_run_on is not None and is_run_on[place] and last == place - 1
            goes_on = is_run and line.text[0].islower() and not ends_sentence(pieces[-1])
            pieces.append(_SEPARATORS.get(joint or "") or (" " if goes_on else "\n" if is_run else "\n\n"))
            end += len(pieces[-1])
        pieces.append(line.text)
        parts.append(Part(line.label, place, end, end + len(line.text)))
        end += len(line.text)
        last = place
    text = "".join(pieces)
    captions = tuple(dict.fromkeys(line.text for line in lines if line.label == "caption"))
    return Article(text, tuple(parts), tuple(removed), captions, _find_dateline(text, parts))


def _find_dateline(text: str, parts: Sequence[Part]) -> Dateline | None:
    for part in parts[:OPENING_LINES]:
        if opening := find_opening(text[part.start : part.end]):
            return Dateline(opening.place, opening.agency, part.start + opening.start, part.start + opening.end)
    return None
