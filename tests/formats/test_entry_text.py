"""What is done to the content and the title of a feed's entry."""

import pytest

from pipelines.formats.entry_text import read_title, remove_footer, unescape_markup

URL = "https://gazette.example/2026/ferry"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Ferry&#8217;s return &amp;amp; the quay", "Ferry’s return & the quay"),
        ("The <em>old</em>&nbsp;ferry<br/>sails", "The old ferry sails"),
        ("&lt;b&gt;Live&lt;/b&gt;: storm", "Live: storm"),
        ("Q&A: AT&T, a < b and c > d", "Q&A: AT&T, a < b and c > d"),
    ],
)
def test_a_title_has_neither_escapes_nor_tags(written: str, title: str) -> None:
    assert read_title(written) == title


def test_a_title_that_says_that_it_is_text_keeps_its_brackets() -> None:
    assert read_title("Why <b> is back", is_literal=True) == "Why <b> is back"


@pytest.mark.parametrize("times", [1, 2])
def test_markup_escaped_once_too_often_is_markup(times: int) -> None:
    markup = "<p>The ferry sails &amp; the quay opens.</p><p>From Monday.</p>"
    escaped = markup
    for _ in range(times):
        escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert unescape_markup(escaped, is_html=False) == (markup, True)


def test_a_text_about_markup_keeps_its_examples() -> None:
    lesson = "<p>Open with &lt;p&gt;.</p><p>Close with &lt;/p&gt; or &lt;div&gt;.</p>"
    assert unescape_markup(lesson, is_html=True) == (lesson, True)


@pytest.mark.parametrize(
    "footer",
    [
        "The post <a href='x'>Ferry</a> appeared first on <a href='y'>Gazette</a>.",
        "This article first appeared on Gazette.",
        "Der Beitrag <a>Fähre</a> erschien zuerst auf <a>Blatt</a>.",
        "L&#8217;article <a>Le bac</a> est apparu en premier sur <a>Journal</a>.",
        "La entrada <a>El ferry</a> se publicó primero en <a>Diario</a>.",
        "L'articolo <a>Il traghetto</a> proviene da <a>Gazzetta</a>.",
        "O post <a>A balsa</a> apareceu primeiro em <a>Jornal</a>.",
        "Het bericht <a>De veerboot</a> verscheen eerst op <a>Courant</a>.",
        "Artykuł <a>Prom</a> pochodzi z serwisu <a>Gazeta</a>.",
        "Сообщение <a>Паром</a> появились сначала на <a>Газета</a>.",
        "Inlägget <a>Färjan</a> dök först upp på <a>Tidningen</a>.",
        "投稿 <a>フェリー</a> は <a>新聞</a> に最初に表示されました。",
        f"<a href='{URL}?utm_source=rss'>Ferja</a> fannst fyrst á <a href='https://gazette.example/'>Blaðið</a>.",
    ],
)
def test_the_line_that_the_feed_adds_is_removed(footer: str) -> None:
    text = "<p>The ferry sails again, said the post office.</p>\n"
    assert remove_footer(f"{text}<p>{footer}</p>\n", is_html=True, url=URL) == text


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("It sails. The post Ferry sails appeared first on Gazette.", "It sails."),
        ("It sails […] The post Ferry appeared first on Gazette.", "It sails […]"),
        ("The posts of the pier are old.", "The posts of the pier are old."),
    ],
)
def test_so_it_is_in_plain_text(text: str, rest: str) -> None:
    assert remove_footer(text, is_html=False, url=URL) == rest


@pytest.mark.parametrize(
    "last",
    [
        "<p>The article was written in a week and appeared on Monday.</p>",
        f"<p>Read <a href='{URL}'>the first part</a> and <a href='https://gazette.example/b'>the second</a>.</p>",
    ],
)
def test_a_last_paragraph_of_the_text_stays(last: str) -> None:
    assert remove_footer(f"<p>It sails.</p>{last}", is_html=True, url=URL).endswith(last)
