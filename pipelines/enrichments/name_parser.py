"""The names that spaCy's parser marks, computed with few large operations: the same marks, several times as fast.

spaCy walks over the tokens, and scores at each what to do: begin a name, go on with it, end it, or pass. The scores
rest on the token, and inside a name also on its first token and on the one before. So outside of names, one product
scores all tokens of an article. Inside, the label is settled, and the name goes on or ends: all names that may begin
anywhere are followed at once. The names are then taken from left to right.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.enrichments.one_thread import one_thread
from pipelines.enrichments.word_table import MOST_WORDS, PADDING, WordTable

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

BLOCK = 384
"""Tokens that are encoded at once: what they need fits into the cache of a processor."""

PIPE = "ner"
"""The pipe of a pipeline that finds names."""

# The architecture that is computed here, by the names in a model's settings. Widths, depth and labels are the model's.
_TOKENIZER = {"@tokenizers": "spacy.Tokenizer.v1"}
_PARSER = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "maxout_pieces": 2,
    "use_upper": True,
}
_VECTORS = {"@architectures": "spacy.Tok2Vec.v2"}
_EMBEDDING = {"@architectures": "spacy.MultiHashEmbed.v2"}
_ENCODER = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "window_size": 1}
_OF_ONE_TOKEN = {"NORM", "PREFIX", "SUFFIX", "SHAPE"}  # what the tokens around it do not change

_OUTSIDE = "O"
_BEGIN, _GO_ON, _END, _WHOLE = "B-", "I-", "L-", "U-"


class Layer(NamedTuple):
    """A layer of the encoder: the token between its neighbours, the largest of several products, normalised."""

    weights: Floats
    """Previous, current and next token × pieces, each as wide as a token."""
    bias: Floats
    gain: Floats
    shift: Floats


class State(NamedTuple):
    """How the hidden layer reads tokens. Each matrix is token × two pieces, each as wide as the hidden layer."""

    current: Floats
    first: Floats
    """Of the name that is open."""
    previous: Floats
    inside_bias: Floats
    outside_bias: Floats


class Moves(NamedTuple):
    """What can be done with a token outside of names: pass, begin a name, or take it as one."""

    labels: Sequence[str]
    """Empty for the first, which is to pass."""
    begins: Flags
    """Whether the name goes on behind the token."""
    weights: Floats
    """Hidden × moves."""
    bias: Floats
    inside_weights: Floats
    """Moves × hidden: by how much going on with the name scores higher than ending it."""
    inside_bias: Floats


class NameParser:
    """The model of a pipeline that finds names, as arrays. Not for several threads at once."""

    def __init__(self, pipeline: Any, most_words: int = MOST_WORDS) -> None:
        """Read the weights of a pipeline that `is_known`; keep about so many words between articles."""
        pipe = pipeline.get_pipe(PIPE)
        vectors, lower, upper = pipe.model.layers
        encoded, _, narrow = vectors.layers
        embedding, encoder = encoded.layers
        self._words = WordTable(pipeline, embedding, most_words)
        self._layers = [_read_layer(residual) for residual in encoder.layers[0].layers]
        self._state = _read_state(narrow, lower)
        self._moves = _read_moves(_list_moves(pipe), upper)

    def mark(self, lines: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """Return start, end (in characters) and label of the names of each line, from left to right."""
        rows = self._words.find_rows(lines)
        marked: list[list[tuple[int, int, str]]] = [[] for _ in lines]
        places: dict[int, list[tuple[int, int]]] = {}
        for line, first, last, label in self._find_names(rows):
            if line not in places:
                places[line] = self._words.locate_tokens(lines[line], rows[line])
            marked[line].append((places[line][first][0], places[line][last][1], label))
        return marked

    def _find_names(self, lines: Sequence[Sequence[int]]) -> Iterator[tuple[int, int, int, str]]:
        """Yield line, first and last token in it, and label of each name in lines of tokens, given by their rows."""
        gap = [PADDING] * len(self._layers)  # empty tokens between lines, as far as a layer after the other sees
        rows, starts = gap.copy(), []
        for line in lines:
            starts.append(len(rows))
            rows += line
            rows += gap
        tokens = np.array(rows)
        is_last = np.append(tokens[1:] == PADDING, True)
        with one_thread():
            encoded = self._encode(tokens)
            current = encoded @ self._state.current
            moves = self._choose_moves(current, tokens, is_last)
            heads = np.flatnonzero((moves > 0) & (tokens != PADDING))
            ends = self._follow(heads, moves[heads], encoded, current, is_last)
        of_line = np.searchsorted(starts, heads, side="right") - 1
        free = 0
        columns = (heads, ends, moves[heads], of_line)
        for head, end, move, at in zip(*(column.tolist() for column in columns), strict=True):
            if head >= free:
                yield at, head - starts[at], end - starts[at], self._moves.labels[move]
                free = end + 1

    def _encode(self, tokens: Indices) -> Floats:
        """Return what each token means where it stands."""
        sight = len(self._layers)
        encoded = np.empty((len(tokens), self._words.vectors.shape[1]), np.float32)
        for start in range(0, len(tokens), BLOCK):
            before = min(start, sight)
            block = self._words.vectors[tokens[start - before : start + BLOCK + sight]]
            for layer in self._layers:
                block += _apply(layer, block)
            encoded[start : start + BLOCK] = block[before : before + BLOCK]
        return encoded

    def _choose_moves(self, current: Floats, tokens: Indices, is_last: Flags) -> Indices:
        """Return the best move for each token outside of names."""
        scores = _hide(current + self._state.outside_bias) @ self._moves.weights
        scores += self._moves.bias
        scores[np.ix_(is_last, self._moves.begins)] = -np.inf  # a name that begins there would not end
        scores[self._words.spaces[tokens], 1:] = -np.inf  # no name begins with white space
        best: Indices = scores.argmax(axis=1)
        return best

    def _follow(self, heads: Indices, moves: Indices, encoded: Floats, current: Floats, is_last: Flags) -> Indices:
        """Return the last token of each name, by its first."""
        ends = heads.copy()
        names = np.flatnonzero(self._moves.begins[moves])
        tokens, moves = heads[names] + 1, moves[names]
        first = encoded[heads[names]] @ self._state.first + self._state.inside_bias
        while len(names):
            hidden = _hide(current[tokens] + first + encoded[tokens - 1] @ self._state.previous)
            surplus = np.einsum("ij,ij->i", hidden, self._moves.inside_weights[moves]) + self._moves.inside_bias[moves]
            ends[names] = tokens
            on = (surplus >= 0) & ~is_last[tokens]  # the line ends all names
            names, tokens, moves, first = names[on], tokens[on] + 1, moves[on], first[on]
        return ends


def is_known(pipeline: Any) -> bool:
    """Tell whether a pipeline of spaCy finds names, and nothing else, with the architecture that is computed here."""
    if pipeline.pipe_names != [PIPE] or pipeline.config["nlp"]["tokenizer"] != _TOKENIZER:
        return False
    settings = pipeline.config["components"][PIPE]
    model = settings.get("model", {})
    vectors = model.get("tok2vec", {})
    embedding, encoder = vectors.get("embed", {}), vectors.get("encode", {})
    parts = ((_PARSER, model), (_VECTORS, vectors), (_EMBEDDING, embedding), (_ENCODER, encoder))
    return (
        settings["factory"] == PIPE
        and all(known.items() <= part.items() for known, part in parts)
        and _OF_ONE_TOKEN.issuperset(embedding["attrs"])
        and _has_all_moves(pipeline.get_pipe(PIPE))
    )


def _has_all_moves(pipe: Any) -> bool:
    """Return whether each label has all moves, and each move was learnt."""
    moves = _list_moves(pipe)
    labels = {move[2:] for move in moves if move[2:]}
    needed = {_OUTSIDE, *(kind + label for kind in (_BEGIN, _GO_ON, _END, _WHOLE) for label in labels)}
    return needed <= set(moves) and not pipe.model.attrs["unseen_classes"]


def _list_moves(pipe: Any) -> list[str]:
    return [pipe.moves.get_class_name(move) for move in range(pipe.moves.n_moves)]


def _read_layer(residual: Any) -> Layer:
    nodes = {node.name: node for node in residual.walk()}
    maxout, norm = nodes["maxout"], nodes["layernorm"]
    return Layer(_order(maxout.get_param("W")), _order(maxout.get_param("b")), norm.get_param("G"), norm.get_param("b"))


def _read_state(narrow: Any, lower: Any) -> State:
    """Read the hidden layer, joined with the layer before it, which narrows the tokens."""
    weights, bias = narrow.get_param("W").T.astype(float), narrow.get_param("b").astype(float)
    current, first, previous = (_order(feature).astype(float) for feature in lower.get_param("W"))
    _, no_first, no_previous = (_order(feature) for feature in lower.get_param("pad")[0])
    own_bias = _order(lower.get_param("b")) + bias @ current
    arrays = (
        weights @ current,
        weights @ first,
        weights @ previous,
        own_bias + bias @ first + bias @ previous,
        own_bias + no_first + no_previous,
    )
    return State(*(array.astype(np.float32) for array in arrays))


def _read_moves(moves: Sequence[str], upper: Any) -> Moves:
    weights, bias = upper.get_param("W"), upper.get_param("b")
    row = {move: at for at, move in enumerate(moves)}
    names = [move for move in moves if move[:2] in (_BEGIN, _WHOLE) and move[2:]]
    outside = [row[move] for move in (_OUTSIDE, *names)]
    on = [row[_OUTSIDE], *(row[_GO_ON + move[2:]] for move in names)]
    end = [row[_OUTSIDE], *(row[_END + move[2:]] for move in names)]
    return Moves(
        ("", *(move[2:] for move in names)),
        np.array([False, *(move.startswith(_BEGIN) for move in names)]),
        np.ascontiguousarray(weights[outside].T),
        bias[outside],
        weights[on] - weights[end],
        bias[on] - bias[end],
    )


def _order(array: Floats) -> Floats:
    """Turn output × pieces (× input) into (input ×) pieces · output."""
    pieces_first = np.moveaxis(array, 1, 0)
    return np.ascontiguousarray(pieces_first.reshape(-1, *array.shape[2:]).T)


def _apply(layer: Layer, tokens: Floats) -> Floats:
    width = tokens.shape[1]
    window = np.zeros((len(tokens), 3 * width), np.float32)
    window[1:, :width] = tokens[:-1]
    window[:, width : 2 * width] = tokens
    window[:-1, 2 * width :] = tokens[1:]
    products = window @ layer.weights
    products += layer.bias
    best = products[:, :width].copy()
    for start in range(width, products.shape[1], width):
        np.maximum(best, products[:, start : start + width], out=best)
    best -= best.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", best, best) / width
    best /= np.sqrt(variance + 1e-8)[:, np.newaxis]
    best *= layer.gain
    best += layer.shift
    return best


def _hide(products: Floats) -> Floats:
    """Return the larger of the two pieces."""
    half = products.shape[1] // 2
    return np.maximum(products[:, :half], products[:, half:])
