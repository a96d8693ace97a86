"""Defects of cleaning: what the text of an article loses, or has of the page around it."""

import random
from collections.abc import Callable

import pyarrow.compute as pc

from benchmarks.defects.changing import Put, Row, Tables, changed, other, some, some_of, where
from benchmarks.defects.retelling import retold

INVITATIONS = {
    "en": "Subscribe to continue reading.",
    "de": "Weiterlesen mit einem Abonnement.",
    "fr": "La suite est réservée aux abonnés.",
    "es": "Suscríbase para seguir leyendo.",
    "ru": "Оформите подписку, чтобы читать дальше.",
}
CONSENT = {
    "en": "We and our partners store and access information on your device. You can accept all cookies or manage "
    "your choices at any time in the privacy settings.",
    "de": "Wir und unsere Partner speichern Informationen auf Ihrem Gerät. Sie können allen Cookies zustimmen oder "
    "Ihre Auswahl jederzeit in den Einstellungen ändern.",
    "fr": "Nos partenaires et nous stockons des informations sur votre appareil. Vous pouvez accepter tous les cookies "
    "ou modifier vos choix à tout moment.",
    "es": "Nosotros y nuestros socios guardamos información en su dispositivo. Puede aceptar todas las cookies o "
    "cambiar sus preferencias en cualquier momento.",
    "ru": "Мы и наши партнёры храним данные на вашем устройстве. Вы можете принять все файлы cookie или изменить "
    "настройки в любое время.",
}
ALSO = {"en": "Read also", "de": "Lesen Sie auch", "fr": "À lire aussi", "es": "Lea también", "ru": "Читайте также"}
COMMENTS = (
    "could not agree more, they should have done this years ago!!",
    "And who is going to pay for it? Us, as always.",
    "@moderator why was my comment deleted?",
    "lol",
    "Nobody asked the people who live there.",
)
READERS = ("tom_77", "Maria K.", "oldsailor", "guest4412", "JB")
ERRORS = (
    ("Access denied", "You do not have permission to access this page on this server.\n\nReference #18.{}"),
    ("404 Not Found", "The page you requested could not be found.\n\nIt may have been moved or deleted. ({})"),
    ("Just a moment...", "Checking your browser before you continue.\n\nRay ID: {}"),
)
FRONT = 8  # headlines of a front page

Rewrite = Callable[[Row], str]


def texts_break_off(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Texts break off half-way, in the middle of a word."""

    def cut(row: Row) -> str:
        text: str = row["text"]
        end = int(len(text) * rng.uniform(0.35, 0.65))
        while end < len(text) - 1 and not (text[end - 1].isalpha() and text[end].isalpha()):
            end += 1
        return text[:end]

    return _any(tables, rate, rng, cut)


def teasers_for_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of texts behind a paywall only the opening is there, and an invitation to subscribe."""

    def tease(row: Row) -> str:
        opening = row["text"].partition("\n\n")[0]
        return f"{opening}\n\n{INVITATIONS[_code(row, INVITATIONS)]}"

    return _any(tables, rate, rng, tease)


def consent_for_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The notice that asks for consent to cookies is taken for the text."""
    return _any(tables, rate, rng, lambda row: CONSENT[_code(row, CONSENT)])


def related_headlines_in_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The box with headlines of other articles stands at the end of the text."""
    titles = _titles(tables)

    def rewrite(row: Row) -> str:
        others = [other(rng, titles[row["source"]], row["title"]) for _ in range(3)]
        return "\n\n".join([row["text"], ALSO[_code(row, ALSO)], *others])

    rows = _of_sources(tables, titles)
    return _some(tables, rows, rate, rng, rewrite)


def comments_in_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """What readers wrote below the article is part of the text."""

    def rewrite(row: Row) -> str:
        names, said = rng.sample(READERS, 3), rng.sample(COMMENTS, 3)
        hours = sorted(rng.sample(range(1, 24), 3))
        return "\n\n".join([row["text"], *(f"{a}, {h} h\n{b}" for a, b, h in zip(names, said, hours, strict=True))])

    return _any(tables, rate, rng, rewrite)


def headlines_open_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The headline is the first paragraph of the text too."""
    rows = where(pc.is_valid(tables["articles"]["title"]))
    return _some(tables, rows, rate, rng, lambda row: f"{row['title']}\n\n{row['text']}")


def paragraphs_run_together_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """All paragraphs of a text are one."""
    rows = where(pc.match_substring(tables["articles"]["text"], "\n\n"))
    return _some(tables, rows, rate, rng, lambda row: row["text"].replace("\n\n", " "))


def utf8_taken_for_latin(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Pages in UTF-8 are read as Windows-1252: text, headline and lead."""

    def misread(text: str) -> str:
        return text.encode().decode("cp1252", errors="replace")

    chosen = _chosen(tables, where(pc.match_substring_regex(tables["articles"]["text"], r"[^\x00-\x7F]")), rate, rng)
    return _with_fields(
        retold(tables, chosen, lambda row: misread(row["text"])),
        chosen,
        lambda row: {name: row[name] and misread(row[name]) for name in ("title", "lead")},
    )


def markup_left_in_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Character references of the page are not resolved: `&nbsp;`, `&quot;`, `&amp;`."""

    def rewrite(row: Row) -> str:
        text: str = row["text"].replace("&", "&amp;").replace(". ", ".&nbsp;")
        for mark in '"“”„«»':
            text = text.replace(mark, "&quot;")
        return text if text != row["text"] else text.replace(" ", "&nbsp;", 1)

    return _any(tables, rate, rng, rewrite)


def error_pages_as_articles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Pages that say that access is denied, or that nothing was found, are published as articles."""
    chosen = some(tables["articles"].num_rows, rate, rng)
    pages = {item: rng.choice(ERRORS) for item in tables["articles"]["item_id"].take(chosen).to_pylist()}
    told = retold(tables, chosen, lambda row: pages[row["item_id"]][1].format(row["raw_sha256"][:12]))
    return _with_fields(told, chosen, lambda row: {"title": pages[row["item_id"]][0], "lead": None})


def front_pages_as_articles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A page that lists headlines is published as an article."""
    titles = _titles(tables)

    def rewrite(row: Row) -> str:
        return "\n\n".join(other(rng, titles[row["source"]], row["title"]) for _ in range(FRONT))

    return _some(tables, _of_sources(tables, titles), rate, rng, rewrite)


def _any(tables: Tables, rate: float, rng: random.Random, rewrite: Rewrite) -> Tables:
    return retold(tables, some(tables["articles"].num_rows, rate, rng), rewrite)


def _some(tables: Tables, rows: list[int], rate: float, rng: random.Random, rewrite: Rewrite) -> Tables:
    return retold(tables, _chosen(tables, rows, rate, rng), rewrite)


def _chosen(tables: Tables, rows: list[int], rate: float, rng: random.Random) -> list[int]:
    return some_of(rows, tables["articles"].num_rows, rate, rng)


def _with_fields(tables: Tables, rows: list[int], change: Callable[[Row], Row]) -> Tables:
    return {**tables, "articles": changed(tables["articles"], rows, change)}


def _code(row: Row, known: dict[str, str]) -> str:
    return row["language"] if row["language"] in known else "en"


def _titles(tables: Tables) -> dict[str, list[str]]:
    """The headlines of each source that has some."""
    found: dict[str, list[str]] = {}
    articles = tables["articles"]
    for source, title in zip(articles["source"].to_pylist(), articles["title"].to_pylist(), strict=True):
        if title is not None:
            found.setdefault(source, []).append(title)
    return {source: titles for source, titles in found.items() if len(titles) > 1}


def _of_sources(tables: Tables, sources: dict[str, list[str]]) -> list[int]:
    return [row for row, source in enumerate(tables["articles"]["source"].to_pylist()) if source in sources]


_TOLD = ("articles", "entities", "quotes")
TOUCHES: dict[Put, tuple[str, ...]] = dict.fromkeys(
    (
        texts_break_off, teasers_for_texts, consent_for_texts, related_headlines_in_texts, comments_in_texts,
        headlines_open_texts, paragraphs_run_together_again, utf8_taken_for_latin, markup_left_in_texts,
        error_pages_as_articles, front_pages_as_articles,
    ),
    _TOLD,
)  # fmt: skip
INVISIBLE: tuple[Put, ...] = ()
