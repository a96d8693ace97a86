"""Text that was decoded wrongly before it came (`mayorâ€™s`, `Ñîâåò`) → what it was, where that is beyond doubt.

Bytes of UTF-8 read as Windows-1252 or Windows-1251 are put together again one by one, so that a few places in a sound
text are mended too. Bytes of an older encoding read as Latin-1 are told by their words: no language has words of
accented letters alone.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from pipelines.text.encodings import guess_encoding

_PASSES = 3  # some texts were decoded wrongly twice


def _list_characters(encoding: str, first: int, last: int) -> str:
    """Return what the bytes of a range are in an encoding, and for those that it does not know what Latin-1 has."""
    pairs = ((bytes((byte,)).decode(encoding, "ignore"), chr(byte)) for byte in range(first, last + 1))
    return "".join(character or control for character, control in pairs)


_WESTERN = _list_characters("cp1252", 0x80, 0xFF)
_CYRILLIC = _list_characters("cp1251", 0x80, 0xFF)
_BYTE_OF = {chr(byte): byte for byte in range(0x100)} | {c: byte for byte, c in enumerate(_WESTERN, 0x80)}
_CYRILLIC_BYTE_OF = {chr(byte): byte for byte in range(0x80, 0xA1)} | {
    character: byte for byte, character in enumerate(_CYRILLIC, 0x80)
}

_LOW, _LOW_CYRILLIC = re.escape(_WESTERN[:0x40]), re.escape(_CYRILLIC[:0x40])
_TAIL, _CYRILLIC_TAIL = f"[\x80-\xbf{_LOW}]", f"[\x80-\xa0{_LOW_CYRILLIC}]"
_RUN = re.compile(f"(?:[Â-ß]{_TAIL}|[à-ï]{_TAIL}{{2}}|[ð-ô]{_TAIL}{{3}})+")
_CYRILLIC_LETTER = re.compile(f"(?<!\\w)[РС]{_CYRILLIC_TAIL}(?!\\w)")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]{2,}")  # whatever was decoded wrongly has two of these in a row
_LEADS, _CYRILLIC_LEADS = frozenset(_WESTERN[0x42:0x75]), frozenset(_CYRILLIC[0x42:0x75])
_TAILS = frozenset(_WESTERN[:0x40]) | frozenset(map(chr, range(0x80, 0xC0)))
_CYRILLIC_RUN = re.compile(f"(?:[В-Я]{_CYRILLIC_TAIL}|[а-п]{_CYRILLIC_TAIL}{{2}}|[р-ф]{_CYRILLIC_TAIL}{{3}})+")
# What nobody writes, even once: an opening of UTF-8's punctuation, of emoji, of a ligature; a byte order mark.
_CERTAIN = re.compile(
    f"(?:â[€‚„†˜™šœž\x80\x82\x84\x86\x98-\x9e]{_TAIL}|â[\xac\xad][\x80-\xbf]|ð[Ÿ\x9f]{_TAIL}{{2}}|ï»¿|ï¬{_TAIL}"
    f"|á[º»][\x80-\x9f€‚ƒ„†‡ˆ‰Š‹ŒŽ‘“•˜™š›œžŸ¡-¿]|в[Ђ‚„†]{_CYRILLIC_TAIL}|рџ{_CYRILLIC_TAIL}{{2}}|п»ї)"
)
_SCRIPT = re.compile(
    f"(?:[ÐÑ]{_TAIL}){{2,}}|(?:[ÎÏ]{_TAIL}){{2,}}|(?:[ØÙÚÛ]{_TAIL}){{2,}}|(?:×{_TAIL}){{2,}}"
    f"|(?:[РС]{_CYRILLIC_TAIL}){{2,}}|(?:[ОП]{_CYRILLIC_TAIL}){{3,}}"
)
_LONG = 6  # characters of a run that are no accident, whatever they are
_RARE = re.compile("[\u0460-\u048f\u0492-\u052f]")  # СІРІ in capitals makes old Cyrillic letters
# A capital in front of one of these may be itself, as in „PÃO“ or CAFÉ”, unless a small letter stands beside them.
_CLOSING = frozenset("‘’“”‚„»«›–—…•·\xa0®™°ºª²³¹")
_OPENING = frozenset("«“„‘‹\"'`")

_RUNS = re.compile("[^\x00-\x7f]+")
_RARE_ENCODINGS = ("cp1250", "mac_roman", "cp437", "cp850", "gb18030")
SAMPLE_RUNS = 200
MIN_RUNS, MIN_IN_RUNS = 6, 16  # runs, or characters in them, that are no accident
MIN_READ = 0.85  # of the runs: text that is sound has hardly a run that is UTF-8 in one of these
# The apostrophes, quotation marks and dashes of UTF-8 read as one of them, which nobody writes.
_RARELY_READ = "‚Ä[ôúùîì¶ò]|ΓÇ[ÖÿªúôöÖ¥£ó]|鈥[^\x00-\x7f]|â€[śť]|[├┬╨╤][^\x00-\x7f ]|√[©®†∂º±°¥¢]"

_GRAVE = re.compile("Ã(?= )")  # `à`, whose no-break space became a plain one

_BROKEN = re.compile(f"\ufffd|{_CERTAIN.pattern}|{_RARELY_READ}|[ÂÃ][\x80-\xbf€ƒ†‡ˆ‰Š‹ŒŽœžŸ]|[À-ÖØ-öø-ÿ]{{5,}}")
_OLD = re.compile(f"[\x80-\x9f{re.escape(_WESTERN)}]{{4,}}")
_LETTER_OF_OLD = re.compile(f"[^\\W\\d_]|[{re.escape(_WESTERN)}]")
_SINGLE_BYTES = re.compile(f"[\x00-\xff{re.escape(_WESTERN)}]+")
MIN_OLD = 8  # characters in such words
MIN_OLD_SHARE = 0.5  # of a text's letters: menus may be in another alphabet


def count_broken(text: str) -> int:
    """Return how many characters, or words of them, show that a text was decoded wrongly and could not be mended."""
    return 0 if text.isascii() else sum(1 for _ in _BROKEN.finditer(text))


def repair_mojibake(text: str) -> str:
    """Return the text with what was decoded wrongly mended, where that is unambiguous; else as it is."""
    if text.isascii():
        return text
    text = _repair_whole(text)
    runs = " ".join(_BEYOND_ASCII.findall(text))
    used = set(runs)  # a tenth of the time of a search, and enough for most texts
    if (used.isdisjoint(_LEADS) or used.isdisjoint(_TAILS)) and used.isdisjoint(_CYRILLIC_LEADS):
        return text
    if not (_RUN.search(runs) or _CYRILLIC_RUN.search(runs)):
        return text
    for _ in range(_PASSES):
        repaired = _repair_cyrillic_runs(_RUN.sub(_repair_western, text))
        if repaired == text:
            break
        text = _GRAVE.sub("à", repaired) if "Ã " in repaired else repaired
    return text


def _repair_whole(text: str) -> str:
    """Mend a text whose UTF-8 was read as an encoding that is rare on the web, which nearly all of it bears out."""
    runs = _RUNS.findall(text)
    if len(runs) < MIN_RUNS and sum(map(len, runs)) < MIN_IN_RUNS:
        return text
    sample = runs[:SAMPLE_RUNS]
    for encoding in _RARE_ENCODINGS:
        if sum(_read_again(run, encoding) is not None for run in sample) >= MIN_READ * len(sample):
            return _RUNS.sub(partial(_mend_rare, encoding), text)
    return text


def _mend_rare(encoding: str, run: re.Match[str]) -> str:
    return _read_again(run[0], encoding) or run[0]


def _read_again(run: str, encoding: str) -> str | None:
    """Return what characters are as UTF-8 whose bytes were read as an encoding; None where they are none."""
    try:
        return run.encode(encoding).decode("utf-8")
    except UnicodeError:
        return None


def repair_old_encoding(text: str, read_seen: Callable[[str], str] = str) -> str:
    """Return the text as the encoding has it that its bytes were in, where they were read as Latin-1.

    `read_seen` gives the part of it that a reader sees, from which that is decided.
    """
    if text.isascii() or _measure_old(" ".join(_BEYOND_ASCII.findall(text))) < MIN_OLD:
        return text
    seen = read_seen(text)
    size = _measure_old(seen)
    if size < MIN_OLD or size < MIN_OLD_SHARE * len(_LETTER_OF_OLD.findall(seen)):
        return text
    encoding = guess_encoding(_to_bytes(" ".join(_SINGLE_BYTES.findall(seen))))
    if encoding is None or encoding in ("cp1252", "iso8859-15", "mac-roman"):
        return text
    return _SINGLE_BYTES.sub(lambda span: _to_bytes(span[0]).decode(encoding, "replace"), text)


def _measure_old(text: str) -> int:
    """Return how many characters stand in words of accented letters and signs alone."""
    return sum(len(run[0]) for run in _OLD.finditer(text))


def _to_bytes(text: str) -> bytes:
    return bytes(_BYTE_OF[character] for character in text)


def _repair_cyrillic_runs(text: str) -> str:
    """Mend what was read as Windows-1251; words of a single letter only beside others."""
    repaired = _CYRILLIC_RUN.sub(_repair_cyrillic, text)
    return text if repaired == text else _CYRILLIC_LETTER.sub(_repair_letter, repaired)


def _repair_letter(letter: re.Match[str]) -> str:
    return bytes(_CYRILLIC_BYTE_OF[character] for character in letter[0]).decode("utf-8", "replace")


def _repair_western(run: re.Match[str]) -> str:
    return _repair_run(run, _BYTE_OF, _is_western)


def _repair_cyrillic(run: re.Match[str]) -> str:
    return _repair_run(run, _CYRILLIC_BYTE_OF, _is_latin_in_cyrillic)


def _repair_run(
    run: re.Match[str], byte_of: Mapping[str, int], is_certain: Callable[[str, str, str, str], bool]
) -> str:
    """Return a run of characters as the UTF-8 that their bytes are, where they can be nothing else."""
    written = run[0]
    try:
        mended = bytes(byte_of[character] for character in written).decode("utf-8")
    except (UnicodeDecodeError, KeyError):
        return written
    before, behind = (
        run.string[max(run.start() - 1, 0) : run.start()] or " ",
        run.string[run.end() : run.end() + 1] or " ",
    )
    is_long = len(written) >= _LONG or _SCRIPT.fullmatch(written) is not None
    if _CERTAIN.search(written) or (is_long and not _RARE.search(mended)):
        return mended.replace("\ufeff", "")
    return mended if is_certain(written, mended, before, behind) else written


def _is_western(written: str, mended: str, before: str, behind: str) -> bool:
    """Return whether one or two characters can only be UTF-8 read as Windows-1252."""
    if written[0] in "ÐÑ":
        return not before.isalpha() and before not in _OPENING and "а" <= mended[0].lower() <= "я"
    if written[0] not in "ÂÃÄÅ" or any(len(c.encode()) != 2 for c in mended):
        return False
    if before in _OPENING and not behind.isalpha():  # quoted alone: a text about encodings
        return False
    if before.islower() or written[1] not in _CLOSING or behind.islower():
        return True
    return written[0] in "ÃÂ" and not before.isalpha()


def _is_latin_in_cyrillic(written: str, mended: str, before: str, behind: str) -> bool:
    """Return whether one or two characters can only be UTF-8 read as Windows-1251: they stand in a Latin word."""
    is_beside_latin = any(letter.isascii() and letter.isalpha() for letter in (before, behind))
    return is_beside_latin and written[0] in "ВГДЕ" and all(len(c.encode()) == 2 for c in mended)
