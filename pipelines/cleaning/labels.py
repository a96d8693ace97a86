"""Labels of the lines of a document: what each line is, which labels are kept, why, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Label = Literal[
    "headline", "byline", "dateline", "lead", "body", "subheading", "quote", "item", "caption", "furniture"
]  # fmt: skip

LABELS: Mapping[Label, str] = MappingProxyType({
    "headline": "the article's title",
    "byline": "who wrote it",
    "dateline": "where and when it was written, on a line of its own",
    "lead": "the first paragraph, or the summary under the headline",
    "body": "a paragraph of the article",
    "subheading": "a heading within the article",
    "quote": "a passage set apart as somebody's words",
    "item": "an entry of a list in the article",
    "caption": "what a picture shows, or who took it",
    "furniture": "what belongs to the site and not to the article",
})  # fmt: skip
KEPT: frozenset[Label] = frozenset({"lead", "body", "subheading", "quote", "item"})  # what `text` is made of

# Confidence of what a rule removes. Of such lines of plain text .83 (wcxb_dev), .97 (fundus_eval), .88 (daniel_dev) and
# 1.00 (PolNeAR) are no part of the article (benchmarks/plain_text.py, dev).
BY_RULE = 0.9


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """One line of a text or one block of a page, with its label."""

    text: str
    """One line, tidied, never empty."""
    label: Label
    reason: str
    """What decided: `model`; `repeats`, `wrapper`, `hints`: what other documents of the source taught; or the name of a
    rule: `twice`, the same paragraph further up; `data`, the text that the page carries for its scripts; those of
    pages.furniture, pages.enclosed and phrases."""
    confidence: float
    """How sure it is that the line is kept, or removed, 0-1: the model's probability of that, the share of the source's
    documents that repeat a line, or a constant of the rule."""

    @property
    def is_kept(self) -> bool:
        return self.label in KEPT
