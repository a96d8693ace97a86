"""What made-up articles are put together from: phrases.json holds, for five languages, phrases that fit in the order
subject, verb, object, adjunct. All of it is invented.

In a phrase, `*budget*` is what may become a keyword, and `{bitter:-1.8}` a word with a weight of tone. The English
objects are three for each topic, in the order of TOPICS.
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Language:
    """Phrases to choose from, and those that are used as they are."""

    subjects: list[str]
    verbs: list[str]
    objects: list[str]
    adjuncts: list[str]
    clauses: list[str]  # within quotation marks
    told: list[str]  # after the word for `that`
    phrases: list[str]  # a few words within marks
    roles: list[str]  # speakers without a name
    says: list[str]
    speaks: list[str]
    opens: str
    closes: str
    that: str
    of: str
    place: str
    day: str
    date: str  # day, month, year
    paid: str
    amount: str  # number of millions
    cause: str
    months: list[str]
    furniture: list[str]


LANGUAGES = {
    code: Language(**phrases)
    for code, phrases in json.loads(Path(__file__).with_name("phrases.json").read_text("utf-8")).items()
}

TOPICS = (
    ("medtop:11000000", "politics"),
    ("medtop:04000000", "economy, business and finance"),
    ("medtop:15000000", "sport"),
    ("medtop:07000000", "health"),
    ("medtop:02000000", "crime, law and justice"),
    ("medtop:06000000", "environment"),
    ("medtop:13000000", "science and technology"),
    ("medtop:16000000", "conflict, war and peace"),
)

FIRST_NAMES = (
    "Anna Peter Maria Jonas Helen Omar Lucia David Ingrid Marco Sofia Martin Clara Stefan Nadia Victor Elena Paul "
    "Irene Luis"
)
LAST_NAMES = (
    "Keller Marsh Ortega Lindqvist Novak Brandt Fontaine Hale Okafor Petrov Sandoval Whitlow Greco Larsen Demir "
    "Kowalski "
    "Ashby Moreau Silva Hartmann Quinn Rossi Vance Ibarra Nakamura Becker Thorne Dubois Pereira Holm Castell Weiss "
    "Aldridge "
    "Farouk Jansen Mertens Oakes Valdez Winter Zeller"
)
RUSSIAN_FIRST = "Анна Пётр Мария Иван Елена Олег Ольга Павел Ирина Сергей"
RUSSIAN_LAST = "Ковалёв Орлов Зайцев Громов Лебедев Фомин Белов Соколов Крылов Титов Маслов Рябов"
ORGANISATIONS = (
    "Nordbau | Harbour Transport Board | Meridian Foods | Institute for Civic Research | Union of Rail Workers | "
    "Atlas Energy | National Weather Office | Bank of the Coast | Riverside Hospital Trust | Federation of Schools | "
    "Lumen Software | Save the Marshes | Regional Court of Auditors | City Orchestra | Polar Shipping | Orchard "
    "Insurance"
)
# Looked up in the gazetteer of the places enricher: of all so named the one with most people.
PLACES = (
    "Berlin Hamburg London Paris Madrid Rome Vienna Warsaw Lisbon Dublin Chicago Boston Toronto Tokyo Nairobi Lagos "
    "Sydney Lima Santiago Cairo Kyiv Oslo Helsinki Prague Athens Jakarta Seoul Delhi Denver Seattle"
)
