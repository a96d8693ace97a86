"""Defects of the text itself: what cleaning leaves in, cuts off, spoils, or takes for the article."""

import html
import json
import re
import textwrap
import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.kinds import (
    BOTH,
    FIRST,
    RETOLD,
    SECOND,
    THIRD,
    Kind,
    change,
    find_among,
    rewrite,
    rewrite_source,
)
from benchmarks.defects.retelling import retell
from benchmarks.defects.tables import Day, Row, Tables, drop_rows, find_rows, find_rows_of_items, set_values

# What is on pages beside articles, by kind and language: invented, in the words of many sites and of none.
NOTICES: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "notices.json").read_text())
FRONT_PAGE = 8  # headlines
NUMBER = re.compile(r" ?\d+(?:\.(?= \w+ \d{4}))?")  # the point of an ordinal too: `20. Februar 2026`
MARKS = re.compile(r"«\s|\s»|[“”„«»]")
LOOKALIKES = str.maketrans("aeopc", "аеорс")  # Latin to Cyrillic
PLAIN_MARKS = str.maketrans("“”„«»’ß–—", '"""""\'s--')


def notice(kind: str, row: Row) -> str:
    """Return a notice in the article's language, or in English."""
    return NOTICES[kind].get(row["language"], NOTICES[kind]["en"])


def has_beyond_ascii(articles: pa.Table) -> pa.ChunkedArray:
    """Return where a text has a letter outside ASCII."""
    return pc.invert(pc.string_is_ascii(articles["text"]))


def _split(row: Row) -> list[str]:
    paragraphs: list[str] = row["text"].split("\n\n")
    return paragraphs


def _write_json(row: Row) -> str:
    blocks = [{"type": "paragraph", "content": paragraph} for paragraph in _split(row)]
    return json.dumps({"id": row["item_id"], "headline": row["title"], "blocks": blocks}, ensure_ascii=False)


def _write_markdown(row: Row) -> str:
    bold = [f"**{first}** {rest}" for first, _, rest in (each.partition(" ") for each in _split(row))]
    return "\n\n".join([f"## {bold[0]}", *bold[1:], "* * *", f"[{row['source']}]({row['url']})"])


def _cut_within_word(row: Row, day: Day) -> str:
    text: str = row["text"]
    at = int(len(text) * day.rng.uniform(0.2, 0.8))
    while at > 1 and not (text[at - 1].isalpha() and text[at].isalpha()):
        at -= 1
    return text[:at]


def _split_words(row: Row) -> str:
    words = row["text"].split()
    return "\n\n".join(" ".join(words[n : n + 4]) for n in range(0, len(words), 4))


def _repeat_seam(row: Row) -> str:
    paragraphs = _split(row)
    at = paragraphs.index(max(paragraphs, key=len))
    return "\n\n".join([*paragraphs[: at + 1], *paragraphs[at:]])


def _insert_adverts(row: Row) -> str:
    word = notice("advert", row)
    return "\n\n".join(f"{each}\n\n{word}" if n % 4 == 1 or n == 0 else each for n, each in enumerate(_split(row)))


def _insert_captions(row: Row) -> str:
    first, _, rest = row["text"].partition("\n\n")
    return "\n\n".join(part for part in (first, *row["captions"], rest) if part)


def _pick_text(row: Row, day: Day, is_same: bool) -> str:
    """Return the text of an article in the same language, or in another."""
    pairs = zip(day.values("articles", "language"), day.values("articles", "text"), strict=True)
    return str(day.rng.choice([text for language, text in pairs if (language == row["language"]) is is_same]))


def _mix_languages(row: Row, day: Day) -> str:
    own, other = _split(row), _pick_text(row, day, False).split("\n\n")
    middle = max(1, len(other) // 2)
    return "\n\n".join([*own[: max(1, len(own) // 2)], *(other[middle:] or other)])


def _lose_marks(day: Day) -> Tables:
    articles = day["articles"]
    rows = day.pick(find_rows(pc.match_substring_regex(articles["text"], "[“”„«»]")), articles.num_rows)
    tables = retell(day.tables, rows, lambda row: MARKS.sub("", row["text"]))
    items = [articles["item_id"][row].as_py() for row in rows]
    marked = find_rows(pc.is_in(tables["quotes"]["kind"], pa.array(["direct", "mixed"])))
    quotes = drop_rows(tables["quotes"], {*find_rows_of_items(tables["quotes"], items)} & {*marked})
    left = find_rows_of_items(quotes, items)
    owners = [quotes["item_id"][row].as_py() for row in left]
    numbers = [owners[:n].count(item) for n, item in enumerate(owners)]
    return {**tables, "quotes": set_values(quotes, left, "quote_index", numbers)}


def _publish_front_pages(day: Day) -> Tables:
    titles = {source: values for source, values in day.group_by_source("title").items() if len(values) > 1}
    rows = find_among(day["articles"], lambda articles: [s in titles for s in articles["source"].to_pylist()])

    def list_headlines(row: Row) -> str:
        return "\n\n".join(day.pick_other(titles[row["source"]], row["title"]) for _ in range(FRONT_PAGE))

    return retell(day.tables, day.pick(rows, day["articles"].num_rows), list_headlines)


KINDS = (
    rewrite("consent_for_texts", "A notice that asks for consent to cookies replaces the article.",
            lambda row, _: notice("consent", row), sets=BOTH),
    rewrite("text_is_ad_block_notice", "A request to switch off an ad blocker replaces the article.",
            lambda row, _: notice("ad_block", row)),
    rewrite("text_is_error_page", "An error page, with a number of its own each time, replaces the article.",
            lambda row, _: f"{notice('error', row)}{row['item_id'][:6]}", sets=BOTH),
    rewrite("text_is_placeholder", "Filler text of an unfinished page replaces the article.",
            lambda row, day: (notice("placeholder", row) * day.rng.randint(3, 9)).strip()),
    rewrite("teasers_for_texts", "Only the first paragraph is there, and an invitation to subscribe.",
            lambda row, _: f"{_split(row)[0]}\n\n{notice('invitation', row)}", sets=BOTH),
    rewrite("furniture_behind_text", "Related links and the foot of the page are left after the text.",
            lambda row, _: row["text"] + notice("related", row), sets=BOTH),
    rewrite("menu_before_text", "The menu of the site is left before the text.",
            lambda row, _: notice("menu", row) + row["text"]),
    rewrite("comments_behind_text", "Readers' comments are left after the text.",
            lambda row, _: row["text"] + notice("comments", row), sets=BOTH),
    rewrite("script_in_text", "A script of the page is left in the text.",
            lambda row, _: notice("script", row) + row["text"]),
    rewrite("html_in_text", "Tags are left in the text.",
            lambda row, _: "".join(f'<p class="story">{p}</p>\n\n' for p in _split(row)).rstrip()),
    rewrite("escapes_in_text", "Character references are left in the text: `&nbsp;`, `&quot;`.",
            lambda row, _: html.escape(row["text"]).replace("“", "&ldquo;").replace("”", "&rdquo;")
            .replace(".", ".&nbsp;"), sets=BOTH),
    rewrite("json_in_text", "The text is the JSON that the page was built from.", lambda row, _: _write_json(row)),
    rewrite("mojibake", "UTF-8 was read as Windows-1252: `Ã¼`, `â€œ`. Only in texts with a letter outside ASCII.",
            lambda row, _: row["text"].encode().decode("cp1252", "replace"), has_beyond_ascii, BOTH),
    rewrite("replacement_characters", "Windows-1252 was read as UTF-8: each letter outside ASCII is U+FFFD.",
            lambda row, _: "".join(c if c.isascii() else "\ufffd" for c in row["text"]), has_beyond_ascii),
    rewrite("question_marks", "Letters outside ASCII were written as question marks.",
            lambda row, _: row["text"].encode("ascii", "replace").decode(), has_beyond_ascii),
    rewrite("letters_decomposed", "Accents are separate characters (NFD); soft hyphens and zero-width spaces are left.",
            lambda row, _: unicodedata.normalize("NFD", row["text"]).replace(" the ", " \u200bthe ")
            .replace("ation", "a\u00adtion")),
    rewrite("text_cut_within_sentence", "The text ends within a word, anywhere after its first fifth.",
            _cut_within_word, sets=BOTH),
    rewrite("texts_cut_at_one_length", "A limit of 500 characters cuts texts; shorter ones stay as they are.",
            lambda row, _: row["text"][:500].rstrip(), lambda articles: pc.greater(articles["char_count"], 500)),
    rewrite("last_paragraph_lost", "The last paragraph is mistaken for furniture.",
            lambda row, _: row["text"].rpartition("\n\n")[0] or row["text"], is_visible=False),
    rewrite("first_paragraph_lost", "The first paragraph is mistaken for furniture.",
            lambda row, _: row["text"].partition("\n\n")[2] or row["text"], is_visible=False),
    rewrite("text_twice", "The text is repeated once, after itself.",
            lambda row, _: f"{row['text']}\n\n{row['text']}"),
    rewrite("paragraphs_run_together", "The text is one paragraph, without a space where one met the next.",
            lambda row, _: row["text"].replace("\n\n", ""), sets=BOTH),
    rewrite("words_run_together", "All spaces are lost.", lambda row, _: row["text"].replace(" ", "")),
    rewrite("one_word_a_line", "Every four words are a paragraph of their own.", lambda row, _: _split_words(row)),
    rewrite("languages_mixed", "The second half of the text is of an article in another language.", _mix_languages),
    rewrite("two_articles_in_one", "The text of another article of the same language follows.",
            lambda row, day: f"{row['text']}\n\n{_pick_text(row, day, True)}", is_visible=False),
    rewrite("texts_of_others", "The text is that of another article of the same language; hash and counts fit it.",
            lambda row, day: _pick_text(row, day, True)),
    rewrite("numbers_altered", "Digits are misread: every 3 is an 8. Only in texts with a 3.",
            lambda row, _: row["text"].replace("3", "8"),
            lambda articles: pc.match_substring(articles["text"], "3"), FIRST, False),
    change("articles", "hashes_of_other_texts", "`content_sha256` is not that of the text.",
           lambda row, _: {"content_sha256": row["content_sha256"][::-1]}, sets=BOTH),
    change("articles", "text_changed_behind_enrichment",
           "The text was cleaned again after enrichment: its first word is gone; offsets, counts and hash are old.",
           lambda row, _: {"text": row["text"].partition(" ")[2]}),
    change("articles", "parts_of_other_lengths", "The paragraphs in `parts` miss the last one.",
           lambda row, _: {"parts": row["parts"][:-1]}),
    rewrite_source("template_shortens_texts", "One source has a new template: only first paragraphs are found.",
                   lambda row: _split(row)[0]),
    rewrite_source("template_adds_furniture", "One source has a new template: its foot is left after each text.",
                   lambda row: row["text"] + notice("related", row)),
    rewrite("texts_are_their_leads", "The feed has only a summary, which replaces the article.",
            lambda row, _: str(row["lead"]), "lead", SECOND),
    rewrite("page_seams_repeat", "An article on two pages repeats the paragraph where they meet.",
            lambda row, _: _repeat_seam(row), sets=SECOND),
    rewrite("ads_between_paragraphs", "The word above each advertisement is left between the paragraphs.",
            lambda row, _: _insert_adverts(row), sets=SECOND),
    rewrite("captions_in_text", "The captions of pictures are in the text as well.",
            lambda row, _: _insert_captions(row), "captions", SECOND),
    rewrite("titles_open_texts", "The headline is the first line of the text.",
            lambda row, _: f"{row['title']}\n\n{row['text']}", "title", (2, 3)),
    rewrite("lines_broken_as_in_print", "Lines end where those of the printed column do.",
            lambda row, _: "\n\n".join("\n".join(textwrap.wrap(each, 48)) for each in _split(row)), sets=SECOND),
    # Enough of the other texts have no number and no quotation either: no check can see these two.
    Kind("quotation_marks_lost", "Quotation marks are lost, and the quotes within them are not found.",
         RETOLD, _lose_marks, SECOND, False),
    rewrite("numbers_lost", "Numbers that a script writes into the page are missing from the text.",
            lambda row, _: NUMBER.sub("", row["text"]),
            lambda articles: pc.match_substring_regex(articles["text"], "[0-9]"), SECOND, False),
    rewrite("letters_of_two_alphabets", "Some Latin letters are Cyrillic ones that look like them.",
            lambda row, _: row["text"].translate(LOOKALIKES),
            lambda articles: pc.not_equal(articles["language"], "ru"), SECOND),
    rewrite("markdown_in_text", "The text has the signs of Markdown: for bold, for links, for rules.",
            lambda row, _: _write_markdown(row), sets=SECOND),
    rewrite("accents_stripped", "Letters lose their accents, and marks become ASCII, in German, French and Spanish.",
            lambda row, _: unicodedata.normalize("NFKD", row["text"].translate(PLAIN_MARKS))
            .encode("ascii", "ignore").decode(),
            lambda articles: pc.and_(pc.is_in(articles["language"], pa.array(["de", "fr", "es"])),
                                     has_beyond_ascii(articles)), SECOND),
    rewrite("text_in_lower_case", "The form for the search index, all in lower case, replaces the text.",
            lambda row, _: row["text"].lower(), sets=SECOND),
    Kind("front_pages_as_articles", "A page that lists headlines is published as an article.",
         RETOLD, _publish_front_pages, THIRD),
)  # fmt: skip
