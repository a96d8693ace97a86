"""Which old encoding bytes are in, told from the text that they make in each.

Nearly every byte has a meaning in an encoding of single bytes, so that bytes can be decoded says nothing. What tells is
whether the characters are those of a language: for each encoding and each language written in it, the probability of
what the bytes would say is computed, and the likeliest pair is chosen (as web browsers do, with tables of letters in
the order of their frequency instead of counts).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from math import exp, log
from typing import NamedTuple

# Letters beyond ASCII by language, the most frequent one first.
_LETTERS = {
    "en": "éèïçñöüáôêàíó",
    "fr": "éèàêçôîûùâïëœüæÿ",
    "de": "üäößéèà",
    "es": "óíáéñúüç",
    "pt": "ãçáéíõóêâúàôü",
    "it": "èàìùòéîó",
    "nl": "ëéïöèüóáê",
    "sv": "äåöéèü",
    "da": "øåæéöäèü",
    "is": "íáðéóþæöúý",
    "ca": "éàèòóíçúïü",
    "pl": "łęąóśżćńźéö",
    "cs": "íáéěřčžýšůúťďňóö",
    "sk": "áíéčžýúšôľťďňóäĺŕ",
    "hu": "áéöóőüíúű",
    "ro": "ăîâşţșțéö",
    "hr": "čšžćđé",
    "tr": "ığşüçöâîûİ",
    "lt": "ėšįųžąūčę",
    "lv": "āīēšņļķūģžčŗ",
    "et": "äõüöšžé",
    "vi": "đ\u0323\u0301ươôê\u0300âă\u0309áàíó\u0303éúèùòìý",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "uk": "оанивітерслкумдпзьябгйчхцжюєїшщфґ",
    "bg": "аиоетнрсвлдпкзмуябгъчцшщжхйфюь",
    "sr": "аиоеунтсрјвклмдпзгбшцчжћњхљђфџќѓѕ",
    "el": "αοιετσνηυρπκλμςίάγδόχθωέφβύξήζώψϊϋΐ",
    "he": "יוהלאתמשבנרחקעדפםצכטזגסךןףץ",
    "ar": "اليمونرتبةعدسفهكقأحجىشطصخءزثضذإغئظآؤ",
    "fa": "اینرمدهوتسبشکلزگقخپعفحجآچصطضغذئظثي",
    "th": "านรอเก่งมย้ลวดีทัสตะปบคหิแจพ์ชขใไูผ็โุซถธำศึืณฐภญฟฉฎฏฮฬ",
}
_WESTERN = ("en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "is", "ca")
_CYRILLIC = ("ru", "uk", "bg", "sr")
# By encoding: the languages written in it, and how much likelier than others it is before anything is known.
_SINGLE = {
    "cp1252": (_WESTERN, 0.0),
    "cp1250": (("pl", "cs", "sk", "hu", "ro", "hr", "de"), -2.0),
    "iso8859-2": (("pl", "cs", "sk", "hu", "ro", "hr", "de"), -2.5),
    "cp1251": (_CYRILLIC, -1.0),
    "koi8-r": (("ru", "bg"), -2.0),
    "koi8-u": (("uk", "ru"), -2.5),
    "iso8859-5": (_CYRILLIC, -6.0),
    "cp866": (("ru", "bg"), -6.0),
    "mac-cyrillic": (_CYRILLIC, -25.0),  # whose small letters are those of cp1251: only capitals tell them apart
    "cp1253": (("el",), -1.0),
    "iso8859-7": (("el",), -1.5),
    "cp1254": (("tr",), -2.0),
    "cp1255": (("he",), -1.0),
    "cp1256": (("ar", "fa"), -1.0),
    "iso8859-6": (("ar",), -6.0),
    "cp1257": (("lt", "lv", "et"), -2.0),
    "iso8859-4": (("lt", "lv", "et"), -6.0),
    "cp1258": (("vi",), -2.0),
    "cp874": (("th",), -1.0),
    "iso8859-15": (_WESTERN, -2.0),
    "mac-roman": (_WESTERN, -6.0),
    "cp850": (_WESTERN, -6.0),
    "cp852": (("pl", "cs", "sk", "hu", "ro", "hr"), -6.0),
}
_DOUBLE = {
    "gb18030": ("zh", -1.0),
    "big5hkscs": ("zh-hant", -1.0),
    "cp932": ("ja", -1.0),
    "euc_jp": ("ja", -1.5),
    "cp949": ("ko", -1.0),
}
_PUNCTUATION = "’“”–—«»„‘…\xa0•°©·¿¡£€№§®™²"
_SIGNS, _SIGNS_ELSEWHERE = {"en": 0.8, "th": 0.02}, 0.15  # their share of what is beyond ASCII
_JOINING = frozenset("’·\xad\u200c\u200d")  # signs that stand between letters of a word
_CLOSING = frozenset("–—”»")  # none of which begins a word but in Latin script
_LATIN = frozenset(_WESTERN) | {"pl", "cs", "sk", "hu", "ro", "hr", "tr", "lt", "lv", "et", "vi"}

# Logarithms of probabilities: of a character that the language does not use; of bytes that mean nothing; and what a
# character loses that stands where none of its kind does.
_STRANGE = -11.0
_BROKEN = -14.0
_MISPLACED = -4.0

_DECLARED, _DECLARED_DOUBLE, _LANGUAGE_NAMED = 2.0, 6.0, 4.0  # what is said of the bytes, as the same logarithms
_WORST = -8.5  # of a character, on average; what fits worse is in none of these languages

SAMPLE_BYTES = 4_000  # of words with bytes above ASCII
_RUN = re.compile(rb"[\x80-\xff]\S{0,200}")
_BEFORE = 30  # bytes of a word before the first one above ASCII


class _Language(NamedTuple):
    """How likely the characters beyond ASCII are, as logarithms, and whether ASCII letters stand among them."""

    scores: Mapping[str, float]
    is_latin: bool
    is_dense: bool = False


def guess_encoding(body: bytes, declared: Iterable[str | None] = (), language: str | None = None) -> str | None:
    """Return the encoding in which bytes are most likely text; None where they are in no language that is known.

    `declared` encodings and the `language` that is named decide doubts only.
    """
    sample = _take_sample(body)
    if not sample:
        return None
    said = {name for name in declared if name}
    ranked = []
    for encoding, (languages, prior) in _list_candidates():
        text = sample.decode(encoding, "replace")
        is_double = encoding in _DOUBLE
        bonus = (_DECLARED_DOUBLE if is_double and "\ufffd" not in text else _DECLARED) if encoding in said else 0.0
        for name in languages:
            named = _LANGUAGE_NAMED if language and name.startswith(language) else 0.0
            ranked.append((_score_text(text, _load_language(name)), (bonus or prior) + named, encoding))
    score, _, best = max(ranked, key=lambda rank: rank[0] + rank[1])
    high = sum(byte > 0x7F for byte in sample)
    return best if score >= _WORST * high else None


def _list_candidates() -> Iterable[tuple[str, tuple[tuple[str, ...], float]]]:
    yield from _SINGLE.items()
    yield from ((encoding, ((language,), prior)) for encoding, (language, prior) in _DOUBLE.items())


def _take_sample(body: bytes) -> bytes:
    """Return words with bytes above ASCII, from the first one on."""
    words: list[bytes] = []
    end = size = 0
    while size < SAMPLE_BYTES and (run := _RUN.search(body, end)):
        before = re.split(rb"\s", body[max(end, run.start() - _BEFORE) : run.start()])[-1]
        words.append(before + run[0])
        size += len(words[-1])
        end = run.end()
    return b" ".join(words)


def _score_text(text: str, language: _Language) -> float:
    """Return the logarithm of how likely the characters beyond ASCII are, one after the other."""
    total = 0.0
    scores = language.scores
    before = " "
    for character, behind in zip(text, text[1:] + " ", strict=True):
        if character > "\x7f":
            total += scores.get(character, _STRANGE)
            if character == "\ufffd" or "\x80" <= character < "\xa0":
                total += _BROKEN - _STRANGE
            elif not language.is_dense and _is_misplaced(before, character, behind, language.is_latin):
                total += _MISPLACED
        before = character
    return total


def _is_misplaced(before: str, character: str, behind: str, is_latin: bool) -> bool:
    """Return whether a character stands where no text has it.

    A sign within a word, a capital behind a small letter, or an ASCII letter within a word of another script.
    """
    if not character.isalpha():
        if not is_latin and character in _CLOSING and behind.isalpha():
            return True
        return before.isalpha() and behind.isalpha() and character not in _JOINING and not _is_mark(character)
    if before.islower() and character.isupper():
        return True
    if character.islower() and behind.isupper():
        return True
    return not is_latin and (_is_ascii_letter(before) or _is_ascii_letter(behind))


def _is_mark(character: str) -> bool:
    return "\u0300" <= character < "\u0370" or "\u0e31" <= character < "\u0e4f"


def _is_ascii_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


@cache
def _load_language(name: str) -> _Language:
    if name in _LETTERS:
        return _Language(_weigh_letters(_LETTERS[name], _SIGNS.get(name, _SIGNS_ELSEWHERE)), name in _LATIN)
    return _Language(_weigh_wide(name), is_latin=False, is_dense=True)


def _weigh_letters(letters: str, signs: float) -> dict[str, float]:
    """Return how likely each letter is, and each sign, which have the share `signs` of all."""
    scores = {sign: log(signs * share) for sign, share in _share_by_rank(_PUNCTUATION)}
    for letter, of_letters in _share_by_rank(letters):
        share = log((1 - signs) * of_letters)
        scores[letter] = share + log(0.93)
        if len(letter.upper()) == 1 and letter.upper() != letter:
            scores.setdefault(letter.upper(), share + log(0.07))
    return scores


def _share_by_rank(characters: str) -> list[tuple[str, float]]:
    """Return shares of 1 that fall by the same factor from each character to the next, to 1/150 of the first."""
    weights = [exp(-5 * rank / len(characters)) for rank in range(len(characters))]
    return [(character, weight / sum(weights)) for character, weight in zip(characters, weights, strict=True)]


def _weigh_wide(name: str) -> dict[str, float]:
    """Return the usual characters of Chinese, Japanese or Korean: those of the first level of its character set."""
    scores = dict.fromkeys("、。「」『』（），！？：；《》“”‘’…—·・　", -4.0)
    match name:
        case "zh":
            scores |= dict.fromkeys(_list_level("gb2312", 0xB0, 0xD7), -7.3)
        case "zh-hant":
            scores |= dict.fromkeys(_list_level("big5", 0xA4, 0xC6), -7.3)
        case "ja":
            scores |= dict.fromkeys(_list_level("euc_jp", 0xB0, 0xCF), -8.0)
            scores |= dict.fromkeys(_list_level("euc_jp", 0xA4, 0xA4), -4.5)
            scores |= dict.fromkeys((*_list_level("euc_jp", 0xA5, 0xA5), "ー"), -6.0)
        case _:
            scores |= dict.fromkeys(_list_level("euc_kr", 0xB0, 0xC8), -6.5)
    return scores


def _list_level(encoding: str, first: int, last: int) -> str:
    """Return the characters whose first byte lies in a range."""
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    return "".join(character for pair in pairs if len(character := pair.decode(encoding, "ignore")) == 1)
