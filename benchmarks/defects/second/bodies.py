"""Defects of the text itself, second set: what is left in, left out, or written in other signs."""

import random
import re
import textwrap
import unicodedata
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.changing import Put, Row, Tables, left, of_items, some, some_of, where, with_values
from benchmarks.defects.furniture import said
from benchmarks.defects.retelling import retold

ADVERT = {"en": "Advertisement", "de": "Anzeige", "fr": "Publicité", "es": "Publicidad", "ru": "Реклама"}
NUMBER = re.compile(r" ?\d+(?:\.(?= \w+ \d{4}))?")  # the point of an ordinal too: `20. Februar 2026`
MARKS = re.compile(r"«\s|\s»|[“”„«»]")
LOOKALIKES = str.maketrans("aeopc", "аеорс")  # Latin to Cyrillic


def texts_are_their_leads(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The feed has no more than a summary, which stands for the article."""
    led = _having(tables, "lead")
    return retold(tables, some_of(led, tables["articles"].num_rows, rate, rng), lambda row: str(row["lead"]))


def page_seams_repeat(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """An article on two pages was put together with the paragraph at the seam from both."""

    def rewrite(row: Row) -> str:
        paragraphs = row["text"].split("\n\n")
        seam = max(paragraphs, key=len)
        at = paragraphs.index(seam)
        return "\n\n".join([*paragraphs[: at + 1], *paragraphs[at:]])

    return _each(tables, rate, rng, rewrite)


def ads_between_paragraphs(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The word above each advertisement is left between the paragraphs."""

    def rewrite(row: Row) -> str:
        paragraphs = row["text"].split("\n\n")
        word = said(ADVERT, row)
        return "\n\n".join(f"{each}\n\n{word}" if n % 4 == 1 or n == 0 else each for n, each in enumerate(paragraphs))

    return _each(tables, rate, rng, rewrite)


def captions_in_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """What stands under the pictures stands in the text as well."""
    shown = where(pc.greater(pc.list_value_length(tables["articles"]["captions"]), 0))

    def rewrite(row: Row) -> str:
        first, _, rest = row["text"].partition("\n\n")
        return "\n\n".join(part for part in (first, *row["captions"], rest) if part)

    return retold(tables, some_of(shown, tables["articles"].num_rows, rate, rng), rewrite)


def titles_open_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The headline is the first line of the text."""
    titled = _having(tables, "title")
    rows = some_of(titled, tables["articles"].num_rows, rate, rng)
    return retold(tables, rows, lambda row: f"{row['title']}\n\n{row['text']}")


def lines_broken_as_in_print(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Lines end where those of the printed column do."""

    def rewrite(row: Row) -> str:
        return "\n\n".join("\n".join(textwrap.wrap(paragraph, 48)) for paragraph in row["text"].split("\n\n"))

    return _each(tables, rate, rng, rewrite)


def quotation_marks_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Quotation marks are lost: what is quoted in them is not found."""
    articles = tables["articles"]
    rows = some_of(where(pc.match_substring_regex(articles["text"], "[“”„«»]")), articles.num_rows, rate, rng)
    found = retold(tables, rows, lambda row: MARKS.sub("", row["text"]))
    items = [articles["item_id"][row].as_py() for row in rows]
    quotes = found["quotes"]
    marked = {*of_items(quotes, items)} & {*where(pc.is_in(quotes["kind"], _strings("direct", "mixed")))}
    return _renumbered({**found, "quotes": left(quotes, marked)}, items)


def numbers_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Numbers, which a script puts into the page, are not in the text."""
    numbered = where(pc.match_substring_regex(tables["articles"]["text"], "[0-9]"))
    rows = some_of(numbered, tables["articles"].num_rows, rate, rng)
    return retold(tables, rows, lambda row: NUMBER.sub("", row["text"]))


def letters_of_two_alphabets(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Some Latin letters are Cyrillic ones that look like them. Of texts in Latin letters."""
    latin = where(pc.not_equal(tables["articles"]["language"], "ru"))
    rows = some_of(latin, tables["articles"].num_rows, rate, rng)
    return retold(tables, rows, lambda row: row["text"].translate(LOOKALIKES))


def markdown_in_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The text has the signs of the editor's markup: for bold, for links, for what divides."""

    def rewrite(row: Row) -> str:
        paragraphs = [each.partition(" ") for each in row["text"].split("\n\n")]
        bold = [f"**{first}** {rest}" for first, _, rest in paragraphs]
        return "\n\n".join([f"## {bold[0]}", *bold[1:], "* * *", f"[{row['source']}]({row['url']})"])

    return _each(tables, rate, rng, rewrite)


def accents_stripped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Letters lose their accents, and marks become those of ASCII. Of texts in German, French and Spanish."""
    articles = tables["articles"]
    accented = pc.and_(
        pc.is_in(articles["language"], _strings("de", "fr", "es")),
        pc.invert(pc.string_is_ascii(articles["text"])),
    )
    marks = str.maketrans("“”„«»’ß–—", '"""""\'s--')

    def rewrite(row: Row) -> str:
        plain = unicodedata.normalize("NFKD", row["text"].translate(marks))
        return plain.encode("ascii", "ignore").decode()

    return retold(tables, some_of(where(accented), articles.num_rows, rate, rng), rewrite)


def text_in_lower_case(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The form for the search index, all in lower case, stands for the text."""
    return _each(tables, rate, rng, lambda row: row["text"].lower())


def _each(tables: Tables, rate: float, rng: random.Random, rewrite: Callable[[Row], str]) -> Tables:
    return retold(tables, some(tables["articles"].num_rows, rate, rng), rewrite)


def _having(tables: Tables, column: str) -> list[int]:
    return where(pc.is_valid(tables["articles"][column]))


def _strings(*values: str) -> pa.Array:
    return pa.array(values, pa.string())


def _renumbered(tables: Tables, items: Sequence[str]) -> Tables:
    """The quotes of these items numbered from 0 again."""
    quotes = tables["quotes"]
    rows = of_items(quotes, items)
    whose = [quotes["item_id"][row].as_py() for row in rows]
    numbers = [whose[:n].count(item) for n, item in enumerate(whose)]
    return {**tables, "quotes": with_values(quotes, rows, "quote_index", numbers)}


TOUCHES: dict[Put, tuple[str, ...]] = dict.fromkeys(
    (
        texts_are_their_leads,
        page_seams_repeat,
        ads_between_paragraphs,
        captions_in_text,
        titles_open_texts,
        lines_broken_as_in_print,
        quotation_marks_lost,
        numbers_lost,
        letters_of_two_alphabets,
        markdown_in_text,
        accents_stripped,
        text_in_lower_case,
    ),
    ("articles", "entities", "quotes"),
)
# Enough of the other texts have no number and no quotation either.
INVISIBLE: tuple[Put, ...] = (quotation_marks_lost, numbers_lost)
