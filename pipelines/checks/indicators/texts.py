"""Indicators from the text itself that something is wrong with it, for any site and most languages.

The suite expectations/articles.json has the bounds of each.
"""

import hashlib
import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.counts import count_letters, count_letters_of_script, count_tokens
from pipelines.tables.numbers import number_values

Array = np.ndarray[Any, Any]
HEAD = 1_000  # characters that are enough to recognise language and script
EDGE = 300  # characters at either end of a text that notices of the page are looked for in
WALL_WORDS = 120  # a wall has fewer words than an article that mentions such things
# Characters. Shorter paragraphs may repeat: other indicators find "Advertisement", and "Yes." is speech.
MIN_LINE = 25
LINES = "line_hashes"  # a column on the way to `repeated_line_count`, which has to know the whole day

# UTF-8 read as Latin-1 or Windows-1252 (a capital with tilde, circumflex or eth, then a former continuation byte),
# the replacement character, a byte order mark in the middle, C1 controls; words of accented letters alone, which are
# another alphabet read as Latin-1.
GARBLED = (
    "[ÂÃÄÅÐÑØÙÎÏ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]|â[\u0080-\u00bf€„‚†][\u0080-\u00bfœ“”™˜¦¢„‚šž‹›°]"
    "|\ufffd|ï»¿|\ufeff|[\u0080-\u009f]|&amp;amp;|\\\\u[0-9a-f]{4}|[À-ÖØ-öø-ÿ]{5,}"
)
CONTROLS = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufff9-\ufffb\ue000-\uf8ff]"
MARKUP = (
    "(?i)</?(?:p|div|span|br|a|img|script|style|li|ul|ol|table|td|tr|h[1-6]|em|strong|b|i|iframe|figure|section)"
    "(?:\\s[^<>]*)?/?>|&(?:nbsp|amp|quot|lt|gt|apos|#\\d{2,5}|#x[0-9a-f]{2,5});|<!--|-->|<!\\[CDATA\\[|\\]\\]>"
    '|[{,]\\s*"@?\\w+"\\s*:\\s*["\\[{\\d]|function\\s*\\w*\\s*\\([\\w, ]*\\)\\s*\\{|\\{\\{[^{}]*\\}\\}|\\{%'
    "|window\\.\\w+|document\\.\\w+\\(|\\b(?:var|let|const)\\s+\\w+\\s*=|[.#][\\w-]+\\s*\\{[^{}]*:[^{}]*\\}"
    "|\\[/?(?:caption|gallery|embed)\\b"
)
# Notices of pages to their readers that articles hardly ever contain, in the most frequent languages. Short on purpose:
# lines that repeat within a source are found without words (`repeated_line_count`).
NOTICE = (
    "(?i)\\bcookies?\\b[^.\\n]{0,80}\\b(?:accept|consent|polic|settings|preferences|experience|akzeptier|zustimm|einstellung"
    "|accepter|accord|aceptar|politica|política|accett|accepteren|akcept)"
    "|\\b(?:accept|we use|uses?|nutzen|verwenden|utilis\\w+|utiliza\\w*|usiamo|gebruiken)\\b[^.\\n]{0,40}\\bcookies?\\b"
    "|\\b(?:enable|activate|disabled?|turn on|aktivieren|activer|activar|attiva)\\b[^.\\n]{0,30}\\bjavascript"
    "|javascript[^.\\n]{0,40}\\b(?:enabled?|disabled|required|aktivieren|activé|habilitad\\w)"
    "|\\b(?:subscribe|sign up|register)\\b[^.\\n]{0,40}\\b(?:newsletter|now|today|continue|to read|unlimited)"
    "|\\b(?:already a subscriber|log in to continue|sign in to (?:read|continue)|subscribers only|read more:|click here"
    "|all rights reserved|share this (?:article|story)|share on (?:facebook|twitter|x|whatsapp)|follow us on"
    "|ad ?blocker|advertisement|sponsored content|related (?:articles|stories|topics)|recommended for you"
    "|terms of (?:use|service)|privacy policy|verify (?:that )?you are (?:a )?human|access denied"
    "|page not found|404 not found)\\b"
    "|\\b(?:jetzt abonnieren|newsletter (?:abonnieren|anmeld\\w+)|alle rechte vorbehalten|datenschutzerklärung"
    "|abonnez-vous|tous droits réservés|suscríbete|todos los derechos reservados|iscriviti|tutti i diritti riservati"
    "|assine|todos os direitos reservados|abonneer|подпи(?:шитесь|саться) на|все права защищены)"
)
ASKING = (  # a wall has at least one of these; an article about consent or advertising has the other notices
    r"\b(?:accept|enable|activate|turn on|subscribe|sign up|register|log in|sign in|click here|verify"
    r"|akzeptier|zustimm|aktivieren|abonnieren|accepter|activer|abonnez|aceptar|activar|suscr|accett|iscriv|assine|подпи)"
)
CUT = (
    "(?:\\.\\.\\.|…|\\[…\\]|\\[\\.\\.\\.\\]|\\[\\+\\d+ chars\\]|"
    '(?i:(?:read|see|show) more|continue reading|weiterlesen|lire la suite|leer más))\\s*[»”"]?\\s*$'
)
CLOSED = '[.!?…。！？؟।:;]["\'”’»«)\\]\u201c\u2018]*\\s*$|["”’»)\\]]\\s*$'
SCRIPTS = {
    "Cyrillic": ("ru", "uk", "bg", "be", "mk"),
    "Greek": ("el",),
    "Arabic": ("ar", "fa", "ur"),
    "Hebrew": ("he",),
    "Devanagari": ("hi", "mr", "ne"),
    "Thai": ("th",),
    "Hangul": ("ko",),
    "Han": ("zh", "ja"),
    "Latin": (
        "en",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "sv",
        "da",
        "no",
        "nb",
        "fi",
        "pl",
        "cs",
        "hu",
        "ro",
        "tr",
        "id",
    ),
}
# Words that make up a tenth or more of running text, none of them common in another language of the list.
FUNCTION_WORDS = {
    "en": "the|and|of|to|that|is|was|for|with|on|it",
    "de": "der|die|und|das|den|nicht|ist|mit|von|ein|eine|dem|im|zu|auf|sich",
    "fr": "le|les|des|et|une|est|dans|que|qui|pour|du|la|en|à|au",
    "es": "el|los|las|que|y|del|una|por|con|para|la|de|en",
    "it": "il|di|che|della|per|una|gli|del|è|un|la|e|con|nel",
    "pt": "o|os|que|uma|não|do|da|dos|para|com|em|e|no|na",
    "nl": "de|het|een|van|en|is|dat|niet|op|te|voor|zijn|met",
    "pl": "w|na|się|nie|że|do|jest|z|i|to|oraz|po",
    "sv": "och|att|det|som|en|är|för|av|med|på|den|har",
    "ru": "и|в|не|на|что|с|по|из|как|от|за",
    "uk": "і|в|у|не|на|що|з|та|до|про|за|це",
    "el": "και|το|του|της|η|ο|να|των|με|που|για|από|τα|οι",
}
DENSE_LANGUAGES = ("zh", "ja", "th", "lo", "km", "my")  # written without spaces


def derive_text_indicators(articles: pa.Table) -> dict[str, pa.Array | pa.ChunkedArray | Array]:
    """Derive indicators from the columns of ARTICLES, with one value per row."""
    text, language = articles["text"], articles["language"]
    title = pc.fill_null(articles["title"].cast(pa.large_string()), "")
    shown = pc.binary_join_element_wise(title, text, pa.scalar("\n", pa.large_string()))
    length = pc.utf8_length(text)
    head, tail = pc.utf8_slice_codeunits(text, 0, HEAD), pc.utf8_slice_codeunits(text, -HEAD, None)
    edges = [pc.utf8_slice_codeunits(text, 0, EDGE), pc.utf8_slice_codeunits(text, -EDGE, None)]
    tokens = count_tokens(text)
    dense = pc.is_in(language, value_set=pa.array(DENSE_LANGUAGES))
    garbled, markup = (pc.count_substring_regex(shown, pattern) for pattern in (GARBLED, MARKUP))
    hashes = [hashlib.sha256((t or "").encode("utf-8", "surrogatepass")).hexdigest() for t in text.to_pylist()]
    return {
        "garbled_count": garbled,
        "garbled_share": _divide(garbled, articles["word_count"]),
        "control_count": pc.count_substring_regex(shown, CONTROLS),
        "markup_count": markup,
        "markup_share": _divide(markup, articles["word_count"]),
        "notice_count": pc.add(*(pc.count_substring_regex(edge, NOTICE) for edge in edges)),
        "wall_count": _find_walls(text, articles["word_count"]),
        "cut_count": pc.count_substring_regex(text, CUT),
        "is_closed": pc.match_substring_regex(text, CLOSED),
        "is_trimmed": pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(text)), length),
        "is_text_hash_valid": pc.equal(articles["content_sha256"], pa.array(hashes, pa.string())),
        "char_difference": pc.subtract(articles["char_count"].cast(pa.int64()), length.cast(pa.int64())),
        "words_per_token": pc.if_else(dense, None, _divide(articles["word_count"], tokens)),
        "paragraph_difference": pc.subtract(
            articles["paragraph_count"].cast(pa.int64()),
            pc.add(pc.count_substring_regex(pc.utf8_trim_whitespace(text), r"\n\s*\n"), 1).cast(pa.int64()),
        ),
        "script_share": _share_script_letters(head, language),
        "function_word_share": _take_lower(
            _share_function_words(head, language), _share_function_words(tail, language)
        ),
    }


def derive_line_indicators(articles: pa.Table) -> dict[str, pa.Array | Array]:
    """Derive the share of paragraphs repeated in an article, and LINES: the hashes of its different paragraphs."""
    rows = articles.num_rows
    lists = pc.split_pattern(pc.fill_null(articles["text"], ""), "\n\n").combine_chunks()
    owner = np.asarray(pc.list_parent_indices(lists)).astype(np.int64)
    lines = pc.utf8_trim_whitespace(pc.list_flatten(lists))
    long = np.asarray(pc.greater_equal(pc.utf8_length(lines), MIN_LINE))
    lines, owner = lines.filter(pa.array(long)), owner[long]
    line = number_values(lines)
    count = int(line.max(initial=0)) + 1
    pairs, times = np.unique(owner * count + line, return_counts=True)
    twice = np.bincount(pairs // count, weights=times - 1, minlength=rows).astype(np.int64)
    hashes = np.array([*map(_hash_line, pc.unique(lines).to_pylist())], np.int64)
    ends = np.searchsorted(pairs // count, np.arange(rows + 1))
    return {
        "doubled_line_share": twice / np.maximum(np.bincount(owner, minlength=rows), 1),
        LINES: pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(hashes[pairs % count])),
    }


def count_repeated_lines(articles: pa.Table) -> Array:
    """Count, for each article of a day, the paragraphs that five texts of its source have, from LINES."""
    rows = articles.num_rows
    lists = articles[LINES].combine_chunks()
    owner, line = (
        np.asarray(each).astype(np.int64) for each in (pc.list_parent_indices(lists), pc.list_flatten(lists))
    )
    # A text at several addresses counts once, by its first row.
    _, first = np.unique(number_values(articles["content_sha256"]), return_index=True)
    counted = np.zeros(rows, bool)
    counted[first] = True
    source = number_values(articles["source"])
    _, line = np.unique(line, return_inverse=True)
    _, where = np.unique(source[owner] * (int(line.max(initial=0)) + 1) + line, return_inverse=True)
    in_texts = np.bincount(where, weights=counted[owner])
    return np.bincount(owner[in_texts[where] >= 5], minlength=rows).astype(np.int64)


def _hash_line(line: str) -> int:
    digest = hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _find_walls(text: pa.ChunkedArray, words: pa.ChunkedArray) -> Array:
    """Return 1 for each short text with two different notices, one of which asks the reader to act."""
    is_wall = np.zeros(len(text), np.int8)
    short = pc.and_(pc.greater_equal(pc.count_substring_regex(text, NOTICE), 2), pc.less(words, WALL_WORDS))
    for row in np.flatnonzero(np.asarray(pc.fill_null(short, False))):
        notices = {match.group().lower() for match in re.finditer(NOTICE, text[int(row)].as_py())}
        is_wall[row] = len(notices) >= 2 and any(re.search(ASKING, notice) for notice in notices)
    return is_wall


def _divide(counts: pa.ChunkedArray, totals: pa.ChunkedArray) -> pa.ChunkedArray:
    """Divide counts by totals; null where the total is 0."""
    totals = pc.if_else(pc.equal(totals, 0), None, totals)
    return pc.divide(counts.cast(pa.float64()), totals.cast(pa.float64()))


def _take_lower(values: Array, others: Array) -> pa.Array:
    return pa.array(np.fmin(values, others), from_pandas=True)


def _share_script_letters(head: pa.ChunkedArray, language: pa.ChunkedArray) -> pa.Array:
    """Return the share of the first letters in the script of the language; null where the script is unknown."""
    share = np.full(len(head), np.nan)
    for script, languages in SCRIPTS.items():
        mine = pc.is_in(language, value_set=pa.array(languages))
        if not pc.any(mine).as_py():
            continue
        scripts = r"\p{Han}\p{Hiragana}\p{Katakana}" if script == "Han" else rf"\p{{{script}}}"
        texts = head.filter(mine)
        letters = np.asarray(count_letters(texts)).astype(float)
        share[np.asarray(mine.fill_null(False))] = np.asarray(count_letters_of_script(texts, scripts)) / np.where(
            letters > 0, letters, np.nan
        )
    return pa.array(share, from_pandas=True)


def _share_function_words(piece: pa.ChunkedArray, language: pa.ChunkedArray) -> Array:
    """Return the share of words in FUNCTION_WORDS; NaN for other languages and pieces of fewer than 40 words."""
    share = np.full(len(piece), np.nan)
    for code, words in FUNCTION_WORDS.items():
        mine = np.asarray(pc.fill_null(pc.equal(language, code), False))
        if not mine.any():
            continue
        texts = pc.utf8_lower(piece.filter(pa.array(mine)))
        # Each word with the blank before it, so that consecutive words are all found.
        counts = np.asarray(
            pc.count_substring_regex(
                texts, rf"(?:^|[\s\"'“„«(’])(?:{words})\b" if code in LATIN else rf"(?:^|\s)(?:{words})(?:$|[\s,.])"
            )
        )
        total = np.asarray(count_tokens(texts)).astype(float)
        share[mine] = counts / np.where(total >= 40, total, np.nan)
    return share


LATIN = frozenset(SCRIPTS["Latin"])
