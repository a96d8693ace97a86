"""The words of texts, cut into tokens and embedded once: a cache in front of spaCy's tokenizer and embedding.

A word is what lies between single spaces. spaCy cuts each word by itself, unless one of its special cases (an emoticon,
an abbreviation) might reach over the space; a line with such a place, or with other white space, is cut whole. A token
is embedded by itself too: by its form and its norm.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MOST_WORDS = 60_000
"""Words after which the table starts anew, before the next article."""

EMBEDDED_AT_ONCE = 64
"""Tokens, always so many: the height of a matrix may decide in which order its products are summed, and a token's
vector must not depend on which tokens happen to be new together with it."""

PADDING = 0
"""The row of no token: zeros."""

_FILLER = "."
_SPACE, _BREAK = " ", "\n"


class Joints(NamedTuple):
    """Where a special case of the tokenizer might reach over a space."""

    pairs: frozenset[tuple[str, str]]
    """Tokens that follow one another in a special case, as they are before it is applied."""
    ends: dict[str, frozenset[str]]
    """Last token of a word → what it may have been before special cases were applied, if that is first in a pair."""
    starts: dict[str, frozenset[str]]
    """First token of a word → the same, if that is second in a pair."""


class WordTable:
    """The tokens of words, and the vector of each token. Not for several threads at once."""

    def __init__(self, pipeline: Any, embedding: Any, most_words: int = MOST_WORDS) -> None:
        """Take a pipeline of spaCy, and the part of its model that turns documents into one vector per token."""
        self._pipeline = pipeline
        self._embedding = embedding
        self._most_words = most_words
        self._doc = type(pipeline.make_doc(""))
        self._joints = _find_joints(pipeline)
        self._forget()

    def _forget(self) -> None:
        self._words: dict[str, tuple[int, ...]] = {}
        self._ends: dict[str, frozenset[str]] = {}  # of those words alone that may have a joint at their end
        self._starts: dict[str, frozenset[str]] = {}
        self._rows: dict[tuple[str, str], int] = {}  # by form and norm
        self._forms = [""]
        self.vectors: NDArray[np.float32] = np.zeros((1_024, self._embedding.get_dim("nO")), np.float32)
        """Row → the token's vector."""
        self.spaces: NDArray[np.bool_] = np.zeros(len(self.vectors), bool)
        """Row → whether the token is white space."""

    def find_rows(self, lines: Sequence[str]) -> list[Sequence[int]]:
        """Return the rows of the tokens of each line. They are valid until the next call."""
        if len(self._words) > self._most_words:  # never within a call: its rows are still needed
            self._forget()
        cut = [_split(line) for line in lines]
        self._learn({word for words in cut for word in words} - self._words.keys())
        rows: list[Sequence[int]] = [[row for word in words for row in self._words[word]] for words in cut]
        whole = [at for at, words in enumerate(cut) if not words or self._has_joint(words)]
        for at, found in zip(whole, self._tokenize([lines[at] for at in whole]), strict=True):
            rows[at] = found
        return rows

    def locate_tokens(self, line: str, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Return where each token of a line starts and ends, in characters."""
        places, position = [], 0
        for row in rows:
            end = position + len(self._forms[row])
            places.append((position, end))
            position = end + (line[end : end + 1] == _SPACE and not self.spaces[row])
        return places

    def _has_joint(self, words: Sequence[str]) -> bool:
        """Return whether a special case might reach from one word into the next."""
        ends, starts = self._ends, self._starts
        return not ends.keys().isdisjoint(words) and any(
            not self._joints.pairs.isdisjoint(product(ends[word], starts[after]))
            for word, after in pairwise(words)
            if word in ends and after in starts
        )

    def _learn(self, new: set[str]) -> None:
        """Add words, none of which has white space in it."""
        if not new:
            return
        words = sorted(new)
        (rows,) = self._tokenize([_BREAK.join(words)])  # far faster than one at a time
        ends = [at for at, row in enumerate(rows) if self._forms[row] == _BREAK]
        for word, start, end in zip(words, [0, *(at + 1 for at in ends)], [*ends, len(rows)], strict=True):
            self._words[word] = tuple(rows[start:end])
            if tokens := self._joints.ends.get(self._forms[rows[end - 1]]):
                self._ends[word] = tokens
            if tokens := self._joints.starts.get(self._forms[rows[start]]):
                self._starts[word] = tokens

    def _tokenize(self, texts: Iterable[str]) -> list[Sequence[int]]:
        """Cut each text with spaCy; return the rows of its tokens, new ones embedded."""
        new: list[tuple[str, str]] = []
        with self._pipeline.memory_zone():  # forgets the strings at its end: a worker reads millions of words
            docs = (self._pipeline.make_doc(text) for text in texts)
            rows: list[Sequence[int]] = [[self._find_row(token, new) for token in doc] for doc in docs]
            self._embed(new)
        return rows

    def _find_row(self, token: Any, new: list[tuple[str, str]]) -> int:
        key = (token.text, token.norm_)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = len(self._forms)
            self._forms.append(token.text)
            new.append(key)
        return row

    def _embed(self, new: Sequence[tuple[str, str]]) -> None:
        """Fill in the vectors of the newest rows."""
        while len(self._forms) > len(self.vectors):
            self.vectors = np.concatenate([self.vectors, np.zeros_like(self.vectors)])
            self.spaces = np.concatenate([self.spaces, np.zeros_like(self.spaces)])
        first = len(self._forms) - len(new)
        for start in range(0, len(new), EMBEDDED_AT_ONCE):
            tokens = new[start : start + EMBEDDED_AT_ONCE]
            rows = slice(first + start, first + start + len(tokens))
            forms = [form for form, _ in tokens]
            doc = self._doc(self._pipeline.vocab, words=forms + [_FILLER] * (EMBEDDED_AT_ONCE - len(forms)))
            for token, (_, norm) in zip(doc, tokens, strict=False):
                token.norm_ = norm
            self.vectors[rows] = self._embedding.predict([doc])[0][: len(tokens)]
            self.spaces[rows] = [form.isspace() for form in forms]


def _split(line: str) -> list[str]:
    """Return the words of a line; none where there is more between them than single spaces."""
    words = line.split(_SPACE)
    return words if words == line.split() else []


def _find_joints(pipeline: Any) -> Joints:
    """Return the joints of a pipeline's tokenizer.

    spaCy looks for special cases over all tokens of a text, and passes over one that overlaps with a longer one, even
    where that turns out to have a space in it and is no special case after all.
    """
    tokenizer = pipeline.tokenizer
    plain = type(tokenizer)(
        pipeline.vocab,
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
    )
    with pipeline.memory_zone():
        cases = [
            ([token.text for token in plain(case)], [token.text for token in tokenizer(case)])
            for case in tokenizer.rules
        ]
    pairs = frozenset(pair for before, _ in cases for pair in pairwise(before))
    split = [(before, after) for before, after in cases if len(before) > 1]
    firsts, seconds = {first for first, _ in pairs}, {second for _, second in pairs}
    return Joints(
        pairs,
        _group([*((token, token) for token in firsts), *((after[-1], before[-1]) for before, after in split)], firsts),
        _group([*((token, token) for token in seconds), *((after[0], before[0]) for before, after in split)], seconds),
    )


def _group(origins: Iterable[tuple[str, str]], wanted: set[str]) -> dict[str, frozenset[str]]:
    """Return the wanted origins of each token."""
    grouped = defaultdict[str, set[str]](set)
    for token, origin in origins:
        if origin in wanted:
            grouped[token].add(origin)
    return {token: frozenset(group) for token, group in grouped.items()}
