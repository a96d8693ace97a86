"""Indicators of the shape of a text, in numbers: letters, marks, blanks, lines.

Few of the values are wrong in themselves, but all of them change when something goes wrong with texts. The measures
`odd:…` report such a change.
"""

import zlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.counts import count_letters, count_tokens
from pipelines.checks.indicators.references import Indicators

Array = np.ndarray[Any, Any]
MEASURED = 2_000  # characters, so that long texts and short ones are alike
HEAD = 400  # characters that a menu is looked for in

JOINED = r"[\p{Ll}\d][.!?,;:](?:\p{Lu}\p{Ll}|[\"“„«]\p{L})"  # "over.Then"
LOST = r"\pL[?�]\pL|\s[?�]\p{Ll}{2}"  # "caf?s": a letter that an encoding lacks
INVISIBLE = "[\u00ad\u200b\u200c\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff]|[A-Za-z][\u0300-\u036f]"
FILLER = (
    r"(?i)\blorem ipsum\b|\bdolor sit amet\b|\[object object\]|\bundefined\b.{0,40}\bundefined\b|\bNaN\b.{0,9}\bNaN\b"
    r"|\b(?:null|none|n/a),? (?:null|none|n/a)\b|%\(?\w*\)?s\b|\$\{\w+\}|<%|\bTK TK\b|\btest article\b"
)
ADDRESS = r"https?://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.[\w.]+"
SHORT_LINE = r"^[^.!?…:;,。！？：；，\"”’»)]{1,30}$"  # without a mark, and up to three words
FEW_WORDS = r"^\S+(?: \S+){0,2}$"


def derive_shape_indicators(articles: pa.Table) -> Indicators:
    """Derive indicators from the columns of ARTICLES, with one value per row."""
    text = articles["text"]
    piece = pc.utf8_slice_codeunits(text, 0, MEASURED)

    def count(pattern: str, among: pa.ChunkedArray = piece) -> Array:
        return np.asarray(pc.count_substring_regex(among, pattern), dtype=float)

    counts = (pc.utf8_length(piece), count_letters(piece), count_tokens(piece))
    size, letters, tokens = (np.asarray(each, dtype=float) for each in counts)
    paragraphs = np.asarray(articles["paragraph_count"], dtype=float)
    return {
        "upper_share": _divide(count(r"\p{Lu}"), letters),
        "digit_share": _divide(count(r"\d"), size),
        "mark_share": _divide(count(r"[.,;:!?。，、]"), tokens),
        "blank_share": _divide(count(r"\s"), size),
        "sign_share": _divide(count(r"[^\pL\p{M}\d\s\pP]"), size),
        "accent_share": _divide(count("[\u00c0-\u024f]"), letters),
        "word_length": _divide(size, tokens),
        "long_word_count": count(r"\S{35,}"),
        "one_letter_share": _divide(count(r"(?:^|\s)\pL(?:\s|$)"), tokens),
        "compression_ratio": _compute_compression(piece),
        "words_per_paragraph": _divide(np.asarray(articles["word_count"], dtype=float), paragraphs),
        "lower_paragraph_share": _divide(count(r"(?:^|\n\n)\p{Ll}", text), paragraphs),
        "open_paragraph_share": _divide(count(r"[\pL\d,](?:\n\n|$)", text), paragraphs),
        "line_break_count": count(r"[^\n]\n[^\n]", text),
        "hyphen_break_count": count(r"\p{Ll}-\s+\p{Ll}", text),
        "blank_run_count": count("[ \t\u00a0]{2,}|\n{3,}", text),
        "is_lower_start": pc.match_substring_regex(text, r"^\s*\p{Ll}"),
        "joined_count": count(JOINED, text),
        "lost_letter_count": count(LOST, text),
        "invisible_count": count(INVISIBLE, text),
        "filler_count": count(FILLER, text),
        "address_count": count(ADDRESS, text),
        "quote_mark_count": count(r'["“”„«»]', text),
        "menu_line_count": _count_menu_lines(pc.utf8_slice_codeunits(text, 0, HEAD)),
        "lead_length": pc.utf8_length(articles["lead"]),
        "section_length": pc.utf8_length(articles["section"]),
        "url_length": pc.utf8_length(articles["url"]),
        "title_upper_share": _share_upper_letters(articles["title"]),
        "is_title_lower": pc.match_substring_regex(articles["title"], r"^\p{Ll}"),
        "is_title_cut": pc.match_substring_regex(articles["title"], r"(?:\.\.\.|…|\pL-)$"),
    }


def _divide(part: Array, whole: Array) -> Array:
    shares: Array = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return shares


def _compute_compression(texts: pa.ChunkedArray) -> Array:
    """Return compressed bytes per byte: low where a text repeats itself, high where it is not language."""
    pieces = [(text or "").encode("utf-8", "surrogatepass") for text in texts.to_pylist()]
    return np.array([len(zlib.compress(piece, 1)) / len(piece) if piece else np.nan for piece in pieces])


def _count_menu_lines(heads: pa.ChunkedArray) -> Array:
    """Count the short lines without punctuation that a text begins with."""
    lines = pc.split_pattern_regex(pc.fill_null(heads, ""), r"\n+").combine_chunks()
    owner = np.asarray(pc.list_parent_indices(lines)).astype(np.int64)
    flat = pc.list_flatten(lines)
    is_short = np.asarray(pc.and_(*(pc.match_substring_regex(flat, each) for each in (SHORT_LINE, FEW_WORDS))))
    line_number = np.arange(len(owner)) - np.searchsorted(owner, owner)
    first_long = np.full(len(heads), 1 << 30)
    np.minimum.at(first_long, owner[~is_short], line_number[~is_short])
    counts: Array = np.minimum(first_long, np.bincount(owner, minlength=len(heads)))
    return counts


def _share_upper_letters(titles: pa.ChunkedArray) -> Array:
    known = pc.fill_null(titles, "")
    upper, letters = pc.count_substring_regex(known, r"\p{Lu}"), count_letters(known)
    return _divide(np.asarray(upper, dtype=float), np.asarray(letters, dtype=float))
