"""Defects of the text itself: what cleaning leaves in, cuts off, spoils, or takes for the article."""

import html
import json
import random
import unicodedata
from collections.abc import Callable

import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Row,
    Tables,
    changed_some,
    some,
    some_of,
    source_of_about,
    where,
)
from benchmarks.defects.furniture import (
    AD_BLOCK,
    COMMENTS,
    COOKIE_WALL,
    ERROR_PAGE,
    MENU,
    PAYWALL,
    PLACEHOLDER,
    RELATED,
    SCRIPT,
    said,
)
from benchmarks.defects.retelling import retold


def _each(tables: Tables, rate: float, rng: random.Random, rewrite: Callable[[Row], str]) -> Tables:
    return retold(tables, some(tables["articles"].num_rows, rate, rng), rewrite)


def text_is_cookie_wall(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A cookie wall stands for the article."""
    return _each(tables, rate, rng, lambda row: said(COOKIE_WALL, row))


def text_is_ad_block_notice(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The plea to switch off an ad blocker stands for the article."""
    return _each(tables, rate, rng, lambda row: said(AD_BLOCK, row))


def text_is_error_page(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """An error page, with a number of its own each time, stands for the article."""
    return _each(tables, rate, rng, lambda row: f"{ERROR_PAGE}{row['item_id'][:6]}")


def text_is_placeholder(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Filler text of a page in the making stands for the article."""
    return _each(tables, rate, rng, lambda _: (PLACEHOLDER * rng.randint(3, 9)).strip())


def text_of_paywalled_opening(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The first paragraph is followed by an offer to subscribe, and still called a whole article."""
    return _each(tables, rate, rng, lambda row: row["text"].split("\n\n")[0] + said(PAYWALL, row))


def furniture_behind_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Related links and the foot of the page are left behind the text."""
    return _each(tables, rate, rng, lambda row: row["text"] + said(RELATED, row))


def menu_before_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The menu of the site is left before the text."""
    return _each(tables, rate, rng, lambda row: MENU + row["text"])


def comments_behind_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Readers' comments are left behind the text."""
    return _each(tables, rate, rng, lambda row: row["text"] + COMMENTS)


def script_in_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A script of the page is left in the text."""
    return _each(tables, rate, rng, lambda row: SCRIPT + row["text"])


def html_in_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Tags are left in the text."""

    def rewrite(row: Row) -> str:
        return "".join(f'<p class="story">{p}</p>\n\n' for p in row["text"].split("\n\n")).rstrip()

    return _each(tables, rate, rng, rewrite)


def escapes_in_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Character references are left in the text: `&nbsp;`, `&quot;`."""

    def rewrite(row: Row) -> str:
        text = html.escape(row["text"]).replace("“", "&ldquo;").replace("”", "&rdquo;").replace(".", ".&nbsp;")
        return str(text)

    return _each(tables, rate, rng, rewrite)


def json_in_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The article stands there as the JSON that the page was built from."""

    def rewrite(row: Row) -> str:
        blocks = [{"type": "paragraph", "content": p} for p in row["text"].split("\n\n")]
        return json.dumps({"id": row["item_id"], "headline": row["title"], "blocks": blocks}, ensure_ascii=False)

    return _each(tables, rate, rng, rewrite)


def mojibake(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """UTF-8 was read as Windows-1252: `Ã¼`, `â€œ`. Texts without a letter outside ASCII stay as they are."""

    def rewrite(row: Row) -> str:
        return str(row["text"].encode().decode("cp1252", "replace"))

    return retold(tables, some_of(_not_ascii(tables), tables["articles"].num_rows, rate, rng), rewrite)


def replacement_characters(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Windows-1252 was read as UTF-8: each letter outside ASCII is U+FFFD."""

    def rewrite(row: Row) -> str:
        return "".join(c if c.isascii() else "\ufffd" for c in row["text"])

    return retold(tables, some_of(_not_ascii(tables), tables["articles"].num_rows, rate, rng), rewrite)


def question_marks(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Letters outside ASCII were written as question marks."""

    def rewrite(row: Row) -> str:
        return str(row["text"].encode("ascii", "replace").decode())

    return retold(tables, some_of(_not_ascii(tables), tables["articles"].num_rows, rate, rng), rewrite)


def letters_decomposed(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Accents are characters of their own (NFD), and soft hyphens and zero-width spaces are left in."""

    def rewrite(row: Row) -> str:
        return unicodedata.normalize("NFD", row["text"]).replace(" the ", " \u200bthe ").replace("ation", "a\u00adtion")

    return _each(tables, rate, rng, rewrite)


def text_cut_within_sentence(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The text ends within a word, at some place behind its first fifth."""

    def rewrite(row: Row) -> str:
        text: str = row["text"]
        at = int(len(text) * rng.uniform(0.2, 0.8))
        while at > 1 and not (text[at - 1].isalpha() and text[at].isalpha()):
            at -= 1
        return text[:at]

    return _each(tables, rate, rng, rewrite)


def texts_cut_at_one_length(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A limit of 500 characters cuts texts; shorter ones stay as they are."""
    articles = tables["articles"]
    long = where(pc.greater(articles["char_count"], 500))
    return retold(tables, some_of(long, articles.num_rows, rate, rng), lambda row: row["text"][:500].rstrip())


def last_paragraph_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The last paragraph is taken for furniture."""
    return _each(tables, rate, rng, lambda row: row["text"].rpartition("\n\n")[0] or row["text"])


def first_paragraph_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The first paragraph is taken for furniture."""
    return _each(tables, rate, rng, lambda row: row["text"].partition("\n\n")[2] or row["text"])


def text_twice(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The text stands there twice, one after the other."""
    return _each(tables, rate, rng, lambda row: f"{row['text']}\n\n{row['text']}")


def paragraphs_run_together(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The text is one paragraph, without a space where one met the next."""
    return _each(tables, rate, rng, lambda row: row["text"].replace("\n\n", ""))


def words_run_together(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """All spaces are lost."""
    return _each(tables, rate, rng, lambda row: row["text"].replace(" ", ""))


def one_word_a_line(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Each few words are a paragraph of their own."""

    def rewrite(row: Row) -> str:
        words = row["text"].split()
        return "\n\n".join(" ".join(words[n : n + 4]) for n in range(0, len(words), 4))

    return _each(tables, rate, rng, rewrite)


def languages_mixed(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The second half of the text is of an article in another language."""
    others = tables["articles"].select(["language", "text"]).to_pylist()

    def rewrite(row: Row) -> str:
        other = rng.choice([each for each in others if each["language"] != row["language"]])
        return f"{_half(row['text'], 0)}\n\n{_half(other['text'], 1)}"

    return _each(tables, rate, rng, rewrite)


def two_articles_in_one(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The text of another article of the same language follows: two stories of one page were taken for one."""
    others = tables["articles"].select(["language", "text"]).to_pylist()

    def rewrite(row: Row) -> str:
        other = rng.choice([each for each in others if each["language"] == row["language"]])
        return f"{row['text']}\n\n{other['text']}"

    return _each(tables, rate, rng, rewrite)


def texts_of_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The text is that of another article of the same language, with hash, counts and mark of a copy to fit."""
    others = tables["articles"].select(["language", "text"]).to_pylist()

    def rewrite(row: Row) -> str:
        text: str = rng.choice([each for each in others if each["language"] == row["language"]])["text"]
        return text

    return _each(tables, rate, rng, rewrite)


def numbers_altered(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Digits are misread: every 3 is an 8. Of texts with a 3 alone; what is found in them follows."""
    rows = some_of(where(pc.match_substring(tables["articles"]["text"], "3")), tables["articles"].num_rows, rate, rng)
    return retold(tables, rows, lambda row: row["text"].replace("3", "8"))


def hashes_of_other_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """`content_sha256` is not that of the text."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"content_sha256": row["content_sha256"][::-1]})


def text_changed_behind_enrichment(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The text was cleaned once more after enrichment: its first word is gone, offsets, counts and hash are the old."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"text": row["text"].partition(" ")[2]})


def template_shortens_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source has a new template: of each of its articles the first paragraph alone is found."""
    source = source_of_about(tables, rate, rng)
    rows = where(pc.equal(tables["articles"]["source"], source))
    return retold(tables, rows, lambda row: row["text"].split("\n\n")[0])


def template_adds_furniture(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source has a new template: the foot of its page is left behind each of its texts."""
    source = source_of_about(tables, rate, rng)
    rows = where(pc.equal(tables["articles"]["source"], source))
    return retold(tables, rows, lambda row: row["text"] + said(RELATED, row))


def parts_of_other_lengths(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The paragraphs in `parts` do not cover the text: the last one is missing."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"parts": row["parts"][:-1]})


def _not_ascii(tables: Tables) -> list[int]:
    return where(pc.invert(pc.string_is_ascii(tables["articles"]["text"])))


def _half(text: str, which: int) -> str:
    paragraphs = text.split("\n\n")
    middle = max(1, len(paragraphs) // 2)
    return "\n\n".join(paragraphs[:middle] if which == 0 else paragraphs[middle:] or paragraphs)


_RETOLD = ("articles", "entities", "quotes")
_OWN = (hashes_of_other_texts, text_changed_behind_enrichment, parts_of_other_lengths)
TOUCHES = {
    **dict.fromkeys(
        (
            text_is_cookie_wall, text_is_ad_block_notice, text_is_error_page, text_is_placeholder,
            text_of_paywalled_opening, furniture_behind_text, menu_before_text, comments_behind_text, script_in_text,
            html_in_text, escapes_in_text, json_in_text, mojibake, replacement_characters, question_marks,
            letters_decomposed, text_cut_within_sentence, texts_cut_at_one_length, last_paragraph_lost,
            first_paragraph_lost, text_twice, paragraphs_run_together, words_run_together, one_word_a_line,
            languages_mixed, two_articles_in_one, texts_of_others, numbers_altered, template_shortens_texts,
            template_adds_furniture,
        ),
        _RETOLD,
    ),
    **dict.fromkeys(_OWN, ("articles",)),
}  # fmt: skip
INVISIBLE = (last_paragraph_lost, first_paragraph_lost, numbers_altered, two_articles_in_one)
