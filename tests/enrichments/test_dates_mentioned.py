"""Dates in a text: what is written, and the day, month or year that it means."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.date_words import LANGUAGES
from pipelines.enrichments.dates import add_dates, find_dates
from pipelines.enrichments.rows import are_spans_exact

THURSDAY = date(2014, 4, 3)
PARTS = st.sampled_from(
    [
        "3 ",
        "April ",
        "2014",
        "-",
        ".",
        "/",
        "May, ",
        "last ",
        "Monday ",
        "İ",
        "ſunday ",
        "٣ ",
        "31 ",
        "in ",
        "вчера ",
        "\n",
    ]
)
TEXTS = st.text(max_size=200) | st.lists(PARTS, max_size=60).map("".join)


def read(text: str, language: str = "en", published_on: date | None = THURSDAY) -> list[tuple[str, str | None]]:
    found = find_dates(text, language, published_on)
    assert isinstance(found, list), found
    return [(each["text"], each["value"]) for each in found]


@pytest.mark.parametrize(
    ("language", "text", "written", "value"),
    [
        ("en", "It opened on April 2, 2012, at noon.", "April 2, 2012", "2012-04-02"),
        ("en", "It opened on the 2nd of April 2012.", "2nd of April 2012", "2012-04-02"),
        ("en", "Sept. 11, 2001 is remembered.", "Sept. 11, 2001", "2001-09-11"),
        ("en", "The form says 2012-04-02.", "2012-04-02", "2012-04-02"),
        ("en", "The form says 25/04/2012.", "25/04/2012", "2012-04-25"),
        ("en", "It opened in May 2012.", "May 2012", "2012-05"),
        ("en", "It has been open since 1999.", "1999", "1999"),
        ("de", "Am 3. März 2012 eröffnet.", "3. März 2012", "2012-03-03"),
        ("de", "Am 03.04.2012 eröffnet.", "03.04.2012", "2012-04-03"),
        ("fr", "Ouvert le 1er janvier 2012.", "1er janvier 2012", "2012-01-01"),
        ("fr", "Ouvert le 03/04/2012.", "03/04/2012", "2012-04-03"),
        ("es", "Abrió el 3 de abril de 2012.", "3 de abril de 2012", "2012-04-03"),
        ("ru", "Открыт 3 апреля 2012 года.", "3 апреля 2012", "2012-04-03"),
        ("ru", "Открыт в 2012 году.", "2012", "2012"),
    ],
)
def test_a_date_written_in_full_stands_for_itself(language: str, text: str, written: str, value: str) -> None:
    assert read(text, language, None) == [(written, value)]


@pytest.mark.parametrize(
    ("language", "text", "written", "value"),
    [
        ("en", "It opened yesterday.", "yesterday", "2014-04-02"),
        ("en", "It opened on Monday.", "Monday", "2014-03-31"),
        ("en", "It opened on Thursday.", "Thursday", "2014-04-03"),
        ("en", "It opened last Thursday.", "last Thursday", "2014-03-27"),
        ("en", "It opens next Monday.", "next Monday", "2014-04-07"),
        ("en", "It opened on 28 December.", "28 December", "2013-12-28"),
        ("de", "Sie kam vergangenen Freitag.", "vergangenen Freitag", "2014-03-28"),
        ("fr", "Elle est venue mardi dernier.", "mardi dernier", "2014-04-01"),
        ("es", "Vino el lunes pasado.", "lunes pasado", "2014-03-31"),
        ("ru", "Она пришла в понедельник.", "понедельник", "2014-03-31"),
    ],
)
def test_other_dates_are_read_from_the_day_of_publication(language: str, text: str, written: str, value: str) -> None:
    assert read(text, language) == [(written, value)]
    assert read(text, language, None) == [(written, None)]


@pytest.mark.parametrize(
    "text",
    [
        "He may march in, and 12 others.",
        "It cost $2014 or 2,014 or 2014.5.",
        "31 February and 99/99/2014 and 2014-13-01.",
        "03/04/2014 may be two days.",
        "Version 1.2.2014.3 of 20145.",
    ],
)
def test_what_is_no_date_or_may_be_two_is_left_alone(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The power failed in 1200 homes."),
        ("en", "The power failed in 1998 homes."),
        ("en", "It was signed by 1500 people."),
        ("en", "The number rose from 1800."),
        ("en", "It was led by 2000 volunteers."),
        ("en", "It fell by 1950 %."),
        ("de", "Ab 1000 Euro wird es teuer."),
        ("de", "Es kommen bis 2000 Besucher."),
        ("de", "Es dauert seit 1000 Jahren."),
        ("fr", "Il y avait avant 2000 personnes."),
        ("fr", "Il est tiré en 1500 exemplaires."),
        ("es", "Vino una multitud de 2000 personas."),
        ("es", "Son más de 2000."),
        ("es", "Mide hasta 1950 metros."),
    ],
)
def test_a_number_that_counts_something_is_no_year(language: str, text: str) -> None:
    assert read(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "year"),
    [
        ("en", "It opened in 1998.", "1998"),
        ("en", "It opens by 2030, they say.", "2030"),
        ("en", "It was closed since 1989 the town says.", "1989"),
        ("en", "The team in 2012 won again.", "2012"),
        ("en", "It was built in 1776.", "1776"),
        ("en", "It began in 2000 when she came.", "2000"),
        ("en", "In 2000 Miller won.", "2000"),
        ("de", "Er ist seit 1998 Bürgermeister.", "1998"),
        ("de", "Das Werk läuft bis 2030 weiter.", "2030"),
        ("fr", "Le pont est né en 2000 et fermé.", "2000"),
        ("es", "Abrió en 1998 con fiesta.", "1998"),
        ("es", "La crisis de 2008 fue larga.", "2008"),
    ],
)
def test_a_year_is_read_with_what_may_follow_it(language: str, text: str, year: str) -> None:
    assert read(text, language) == [(year, year)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "She writes for the Sunday Times."),
        ("en", "Shops fill on Black Friday."),
        ("en", "Prices rose in May 5 percent."),
        ("en", "He may 2 times win, or march 3 miles."),
        ("en", "The troops march 5 days."),
        ("en", "March 5 miles with us."),
        ("en", "He paid in May 3,000 dollars."),
        ("de", "Der Schwarze Freitag kam."),
        ("es", "Cantó Plácido Domingo."),
        ("es", "Domingo Ruiz cantó."),
    ],
)
def test_a_name_or_a_verb_is_no_day(language: str, text: str) -> None:
    assert read(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("en", "On Monday Miller won.", "Monday"),
        ("en", "He won in Paris Monday.", "Monday"),
        ("en", "He won last Monday.", "last Monday"),
        ("en", "MONDAY, it rained.", "MONDAY"),
        ("en", "It opened May 5 in town.", "May 5"),
        ("es", "El Domingo cantó.", "Domingo"),
        ("es", "Cantó el domingo Ruiz.", "domingo"),
        ("de", "Am Montag Abend kam er.", "Montag"),
    ],
)
def test_a_day_is_read_beside_other_words(language: str, text: str, written: str) -> None:
    assert [found for found, _ in read(text, language)] == [written]


def test_a_morning_is_not_tomorrow_in_german() -> None:
    assert read("Sie kam gestern Morgen und geht morgen.", "de") == [
        ("gestern", "2014-04-02"),
        ("morgen", "2014-04-04"),
    ]


def test_the_column_says_which_dates_hang_on_the_day_of_publication() -> None:
    items = pa.table(
        {
            "text": ["On Monday and on 2 May 2012.", "Il y a", None],
            "language": ["en", "it", None],
            "published_at": pa.array([datetime(2014, 4, 3, 9, tzinfo=UTC), None, None], pa.timestamp("us", "UTC")),
            "published_zone": pa.nulls(3, pa.string()),
        }
    )
    rows = add_dates(items).to_pylist()
    assert [each["is_relative"] for each in rows[0]["dates"]] == [True, False]
    assert [row["dates_status"] for row in rows] == ["done", "skipped: language", None]


@pytest.mark.parametrize(
    ("at", "zone", "yesterday"),
    [
        (datetime(2026, 2, 16, 23, 30, tzinfo=UTC), "+01:00", "2026-02-16"),
        (datetime(2026, 2, 17, 3, 0, tzinfo=UTC), "-05:00", "2026-02-15"),
        (datetime(2026, 2, 16, 18, 45, tzinfo=UTC), "+05:30", "2026-02-16"),
        (datetime(2026, 2, 16, 23, 30, tzinfo=UTC), None, "2026-02-15"),
    ],
)
def test_the_day_of_publication_is_the_publishers_own(at: datetime, zone: str | None, yesterday: str) -> None:
    items = pa.table(
        {
            "text": ["It opened yesterday."],
            "language": ["en"],
            "published_at": pa.array([at], pa.timestamp("us", "UTC")),
            "published_zone": pa.array([zone], pa.string()),
        }
    )
    assert [each["value"] for each in add_dates(items).to_pylist()[0]["dates"]] == [yesterday]


@settings(deadline=None)
@given(TEXTS, st.sampled_from(sorted(LANGUAGES)), st.none() | st.dates())
def test_every_date_stands_where_it_says_whatever_the_text(text: str, language: str, published_on: date | None) -> None:
    found = find_dates(text, language, published_on)
    assert isinstance(found, list)
    assert are_spans_exact(text, found)
    assert all(each["value"] is not None or each["is_relative"] for each in found)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "The orchestra will play in the harbour on Monday.", "2014-04-07"),
        ("en", "The orchestra played in the harbour on Monday.", "2014-03-31"),
        ("en", "On Monday, the council is to vote on the fence.", "2014-04-07"),
        ("en", "The trial is set to begin Tuesday.", "2014-04-08"),
        ("en", "The man who will lead the choir was named on Tuesday.", "2014-04-01"),
        ("en", "The ferries agreed to sail again on Sunday.", "2014-04-06"),
        ("en", "The gate stays closed until Monday.", "2014-04-07"),
        ("en", "The road has been closed since Monday.", "2014-03-31"),
        ("en", "She wrote on Tuesday that the fair will be large.", "2014-04-01"),
        ("de", "Das Gericht wird am Montag urteilen.", "2014-04-07"),
        ("de", "Das Gericht hat am Montag geurteilt.", "2014-03-31"),
        ("fr", "Le tribunal rendra son avis lundi.", "2014-04-07"),
        ("es", "El tribunal decidirá el lunes.", "2014-04-07"),
        ("ru", "Суд объявит приговор в понедельник.", "2014-04-07"),
        ("ru", "Суд объявил приговор в понедельник.", "2014-03-31"),
    ],
)
def test_the_verb_tells_a_weekday_to_come_from_one_gone_by(language: str, text: str, value: str) -> None:
    assert [day for _, day in read(text, language)] == [value]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "The miller was buried on 9 June.", "2013-06-09"),
        ("en", "The mill will open on 9 February.", "2015-02-09"),
        ("en", "The village cancelled the 9 June fair.", "2014-06-09"),
        ("en", "The fair was scheduled for June 9.", "2014-06-09"),
        ("de", "Der Müller wurde am 9. Juni begraben.", "2013-06-09"),
        ("fr", "Le moulin a brûlé le 9 juin.", "2013-06-09"),
        ("es", "El molino ardió el 9 de junio.", "2013-06-09"),
        ("ru", "Мельница сгорела 9 июня.", "2013-06-09"),
    ],
)
def test_the_verb_tells_the_year_of_a_day_without_one(language: str, text: str, value: str) -> None:
    assert [day for _, day in read(text, language)] == [value]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The September 11 attacks changed the airport."),
        ("en", "Two fixes came on Patch Tuesday."),
        ("en", "Fans wore red on Selection Sunday."),
        ("de", "Der Blaue Brief kam nach dem Black Friday."),
        ("fr", "Le jeudi noir de la bourse."),
        ("es", "Desde la plaza 25 de Mayo."),
        ("ru", "Скидки в чёрную пятницу."),
    ],
)
def test_a_name_that_holds_a_weekday_or_month_is_no_date(language: str, text: str) -> None:
    assert read(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "dates"),
    [
        ("en", "The strike is planned for Friday.", ["2024-03-15"]),
        ("en", "The final is on Saturday.", ["2024-03-16"]),
        ("en", "Polls open on Sunday.", ["2024-03-17"]),
        ("en", "They meet the day after tomorrow.", ["2024-03-14"]),
        ("es", "Vuelven pasado mañana.", ["2024-03-14"]),
        ("en", "the Mail on Sunday wrote", []),
        ("de", "die Welt am Sonntag schrieb", []),
        ("fr", "le Journal du dimanche écrit", []),
    ],
)
def test_a_day_is_to_come_where_the_words_before_it_say_so_and_none_in_the_name_of_a_paper(
    language: str, text: str, dates: list[str]
) -> None:
    rows = find_dates(text, language, date(2024, 3, 12))
    assert not isinstance(rows, str)
    assert [row["value"] for row in rows] == dates
