"""The words of written dates: months in the languages and calendars of the world, and what stands between the parts."""

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipelines.cleaning.text import limit_marks
from pipelines.text.months import MONTHS_IN_DATES

_FILE = Path(__file__).with_name("date_words.json")  # made by training/date_words.py
MIN_ALPHABET, MIN_OTHER = 4, 2  # letters of a word that is read in a line of any language, in Latin and elsewhere
_SAME_LETTERS = str.maketrans({"ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "ە": "ه", "ـ": None, "`": "'", "’": "'"})

# As CLDR has them, and as newspapers write them. Months of one number are apart by `|`; some have two words.
_PERSIAN = """
    فروردین|حمل|خاکەلێوە|farvardin  اردیبهشت|ثور|گوڵان|ordibehesht  خرداد|جوزا|khordad  تیر|سرطان|tir
    مرداد|امرداد|اسد|mordad  شهریور|سنبله|shahrivar  مهر|میزان|mehr  آبان|عقرب|aban  آذر|قوس|azar  دی|جدی|dey
    بهمن|دلو|bahman  اسفند|حوت|esfand
"""
_ISLAMIC = """
    محرم|muharram|muharrem  صفر|safar|safer  ربیع_الاول|ربیع_اول|rabi_al-awwal|rabiul_awal|rebiulevvel
    ربیع_الآخر|ربیع_الثانی|ربیع_ثانی|rabi_al-thani|rabiul_akhir|rebiulahir
    جمادی_الاولی|جمادی_الاول|جمادی_اول|jumada_al-awwal|jumadil_awal|cemaziyelevvel
    جمادی_الآخرة|جمادی_الآخره|جمادی_الثانیة|جمادی_ثانی|jumada_al-thani|jumadil_akhir|cemaziyelahir
    رجب|rajab|recep  شعبان|shaban|syaban|saban  رمضان|ramadan|ramadhan|ramazan  شوال|shawwal|syawal|sevval
    ذو_القعدة|ذی_القعدة|ذیقعده|dhu_al-qadah|zulkaidah|zilkade  ذو_الحجة|ذی_الحجة|ذیحجه|dhu_al-hijjah|zulhijah|zilhicce
"""
_HEBREW = """
    תשרי|tishri|tishrei  חשון|חשוון|מרחשון|מרחשוון|heshvan|cheshvan  כסלו|כסליו|kislev  טבת|tevet  שבט|shevat|shvat
    אדר_א|adar_i  אדר|אדר_ב|adar|adar_ii  ניסן|nisan  אייר|איר|iyar  סיון|סיוון|sivan  תמוז|tamuz|tammuz
    אב|av  אלול|elul
"""
_ETHIOPIC = """
    መስከረም|meskerem  ጥቅምት|tikimt  ኅዳር|ህዳር|hidar  ታኅሣሥ|ታህሳስ|tahsas  ጥር|tir  የካቲት|yekatit  መጋቢት|megabit
    ሚያዝያ|miyazya  ግንቦት|ginbot  ሰኔ|sene  ሐምሌ|ሀምሌ|hamle  ነሐሴ|ነሀሴ|nehase  ጳጉሜን|ጳጉሜ|pagume
"""
# Words between the parts of a date that CLDR's patterns do not have.
_MORE_FILLERS = """
    d de del of the el le il am den der du r god goda roku yil yili y i et
    г год года року р พ ค ศ ปี ที่ ခုနှစ် ឆ្នាំ ປີ be ad ce م ه هش هق هجری هجريه میلادی الموافق ماه سال ቀን ዓም ngay nam
"""


# Numbers, words, and marks, one token each; marks within a word (`ก.พ.`) end it, as they do in the names of months.
_TOKEN = re.compile(r"\d+|[^\s\d!-/:-@\[-`{-~\u00a1-\u00bf\u05f3\u05f4\u2010-\u206f\u3000-\u303f،؛।]+|\S")


class Month(NamedTuple):
    """A month of a calendar: `gregorian`, `persian`, `islamic`, `hebrew` or `ethiopic`."""

    calendar: str
    number: int


def fold_date(written: str) -> str:
    """Return a line in lower case and single spaces, without accents and joiners, all its digits 0-9."""
    letters = unicodedata.normalize("NFKD", limit_marks(written).casefold()).translate(_SAME_LETTERS)
    bare = "".join(
        _fold_digit(letter)
        for letter in letters
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return " ".join(unicodedata.normalize("NFC", bare).split())  # Hangul put together again


def split_tokens(line: str) -> list[str]:
    """Return the numbers, words and marks of a folded line."""
    return _TOKEN.findall(line)


def is_word(token: str) -> bool:
    """Return whether a token is a word or a number, no mark."""
    return len(token) > 1 or token.isalnum() or unicodedata.category(token)[0] in "LM"


def join_words(line: str) -> str:
    """Return the words and numbers of a folded line, without the marks between them."""
    return " ".join(filter(is_word, split_tokens(line)))


def _fold_digit(letter: str) -> str:
    return letter if letter.isascii() else str(unicodedata.decimal(letter, letter))


def find_months(word: str, language: str | None) -> tuple[Month, ...]:
    """Return the months that a folded word names in a language, in several calendars if it does.

    In a language that is not known, or that has no such word, it is the month that all languages mean by it.
    """
    word = word.replace(" 0", " ")  # `tháng 02`
    gregorian = _WORDS.by_language.get(language or "", {}).get(word) or _WORDS.of_any.get(word)
    found = (Month("gregorian", gregorian),) if gregorian else ()
    return (*found, *_WORDS.of_calendars.get(word, ()))


def is_filler(word: str) -> bool:
    """Return whether a folded word may stand between day, month and year."""
    return word in _WORDS.fillers


def list_umm_al_qura() -> tuple[int, ...]:
    """Return the lengths of the months of the Umm al-Qura calendar from 1343 on."""
    return _WORDS.umm_al_qura


class _Words(NamedTuple):
    by_language: Mapping[str, Mapping[str, int]]
    of_any: Mapping[str, int]
    of_calendars: Mapping[str, tuple[Month, ...]]
    fillers: frozenset[str]
    umm_al_qura: tuple[int, ...]


def _read_words() -> _Words:
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    by_language: dict[str, dict[str, int]] = content["months"]
    meanings: dict[str, set[int]] = {}
    for words in by_language.values():
        for word, number in words.items():
            if len(word) >= (MIN_ALPHABET if word[0] < "\u0250" else MIN_OTHER):
                meanings.setdefault(word, set()).add(number)
    calendars = read_calendars()
    of_any = {word: min(each) for word, each in meanings.items() if len(each) == 1 and word not in calendars}
    of_any |= {join_words(fold_date(word)): n for n, words in enumerate(MONTHS_IN_DATES, 1) for word in words.split()}
    return _Words(
        by_language,
        of_any,
        calendars,
        frozenset((*content["fillers"], *map(fold_date, _MORE_FILLERS.split()))),
        tuple(28 + int(more) for more in content["umm_al_qura"]),
    )


def read_calendars() -> dict[str, tuple[Month, ...]]:
    """Return the months of other calendars by their folded names."""
    months: dict[str, tuple[Month, ...]] = {}
    calendars = {"persian": _PERSIAN, "islamic": _ISLAMIC, "hebrew": _HEBREW, "ethiopic": _ETHIOPIC}
    for calendar, names in calendars.items():
        for number, forms in enumerate(names.split(), 1):
            for form in forms.split("|"):
                word = join_words(fold_date(form.replace("_", " ")))
                tied = (word, f"ב{word}") if calendar == "hebrew" and not word.isascii() else (word,)
                for each in tied:
                    months[each] = (*months.get(each, ()), Month(calendar, number))
    return months


_WORDS = _read_words()  # when the module is loaded: no file is opened while a page is cleaned
