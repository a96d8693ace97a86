"""Build `pipelines/enrichments/places/country_names.tsv` from CLDR: `python -m training.country_names`.

Needs Babel 2.18.0 (CLDR 47), which the development environment has. One line per country and language: ISO 3166-1
code, language, names apart by `|`. CLDR gives one name each, written for lists; how news writes them is added here.
"""

import re
from collections.abc import Iterator

from babel import Locale

from local.services import ROOT
from pipelines.enrichments.places.country_names import PATH
from pipelines.enrichments.places.gazetteer import COUNTRY, load_gazetteer

LANGUAGES = ("en", "de", "fr", "es", "ru")

# How news writes names that CLDR writes otherwise, by language. Korea is either of two countries.
AS_WRITTEN = {
    "en": {"KR": "Korea", "KP": "Korea", "PS": "Palestine"},
    "de": {
        "US": "USA|Amerika|Vereinigte Staaten von Amerika|Vereinigten Staaten", "GB": "Großbritannien|Vereinigten "
        "Königreich|Vereinigten Königreichs|Britannien", "CI": "Elfenbeinküste", "HK": "Hongkong", "PS": "Palästina",
        "KR": "Korea|Südkorea", "KP": "Korea|Nordkorea", "BY": "Weißrussland|Belarus", "NL": "Holland|Niederlande|"
        "Niederlanden", "CZ": "Tschechische Republik", "AE": "Emirate|Vereinigten Arabischen Emirate|Vereinigten "
        "Arabischen Emiraten|VAE", "CD": "Kongo|Demokratische Republik Kongo", "MO": "Macao", "VA": "Vatikan",
        "PH": "Philippinen", "SY": "Syrien", "MM": "Birma", "RU": "Russische Föderation", "BA": "Bosnien",
        "SA": "Saudi-Arabien", "CN": "Volksrepublik China", "MK": "Mazedonien", "ZA": "Südafrika",
    },
    "fr": {
        "US": "USA|États-Unis d'Amérique|Etats-Unis|E.-U.", "GB": "Grande-Bretagne|R.-U.", "HK": "Hong Kong|"
        "Hongkong", "PS": "Palestine", "KR": "Corée|Corée du Sud", "KP": "Corée|Corée du Nord", "BY": "Bélarus",
        "NL": "Hollande|Pays-Bas", "CZ": "République tchèque|Tchéquie", "AE": "Émirats|Emirats|Émirats arabes unis|"
        "Emirats arabes unis|EAU", "CD": "Congo|République démocratique du Congo|RDC|RD Congo", "MO": "Macao",
        "VA": "Vatican|Saint-Siège", "MM": "Birmanie", "RU": "Fédération de Russie", "BA": "Bosnie",
        "MD": "Moldova", "MK": "Macédoine", "TL": "Timor oriental", "EG": "Egypte", "ET": "Ethiopie", "EE": "Estonie",
        "EC": "Equateur", "ER": "Erythrée",
    },
    "es": {
        "US": "EE. UU.|EE.UU.|EEUU|EE UU|EUA|USA|Estados Unidos de América", "GB": "Gran Bretaña",
        "HK": "Hong Kong", "PS": "Palestina", "KR": "Corea|Corea del Sur", "KP": "Corea|Corea del Norte",
        "BY": "Bielorrusia", "NL": "Holanda|Países Bajos", "CZ": "República Checa", "AE": "Emiratos|Emiratos Árabes",
        "CD": "Congo|RDC|República Democrática de Congo", "CI": "Costa de Marfil", "MO": "Macao", "VA": "Vaticano|"
        "Santa Sede", "MM": "Birmania", "RU": "Federación Rusa|Federación de Rusia", "BA": "Bosnia", "MD": "Moldova",
        "MK": "Macedonia", "SA": "Arabia Saudita|Arabia Saudí", "JP": "Japón", "TL": "Timor Oriental",
    },
    "ru": {
        "US": "США|Америка|Соединённые Штаты Америки|Соединенные Штаты", "GB": "Британия|Соединённое Королевство",
        "HK": "Гонконг", "PS": "Палестина", "KR": "Корея|Южная Корея|Республика Корея", "KP": "Корея|Северная Корея|"
        "КНДР", "BY": "Белоруссия|Беларусь", "NL": "Голландия|Нидерланды", "CZ": "Чехия", "AE": "Эмираты|ОАЭ|"
        "Объединённых Арабских Эмиратов",
        "CD": "Конго|ДР Конго", "MO": "Макао", "VA": "Ватикан", "MM": "Мьянма|Бирма", "RU": "Российская Федерация|РФ",
        "BA": "Босния", "MD": "Молдавия|Молдова", "MK": "Македония", "CN": "КНР",
        "DE": "ФРГ",
        "SA": "Саудовская Аравия",
        "KG": "Киргизия|Кыргызстан", "TM": "Туркмения|Туркменистан", "CI": "Кот-д'Ивуар", "ZA": "ЮАР",
        "CF": "ЦАР", "GE": "Грузия", "EE": "Эстония",
    },
}  # fmt: skip

# The countries of the United Kingdom, as divisions of the gazetteer.
OF_BRITAIN = {
    "de": {"GB.ENG": "England|Englands", "GB.SCT": "Schottland", "GB.WLS": "Wales", "GB.NIR": "Nordirland"},
    "fr": {"GB.ENG": "Angleterre", "GB.SCT": "Écosse|Ecosse", "GB.WLS": "Pays de Galles", "GB.NIR": "Irlande du Nord"},
    "es": {"GB.ENG": "Inglaterra", "GB.SCT": "Escocia", "GB.WLS": "Gales", "GB.NIR": "Irlanda del Norte"},
    "ru": {"GB.ENG": "Англия", "GB.SCT": "Шотландия", "GB.WLS": "Уэльс", "GB.NIR": "Северная Ирландия"},
}


def list_names() -> Iterator[tuple[str, str, list[str]]]:
    """Yield code, language and names of each country of the gazetteer, CLDR's first."""
    columns, codes = load_gazetteer().columns, load_gazetteer().codes
    countries = sorted({codes[number] for number in columns["country"][columns["kind"] == COUNTRY]})
    for language in LANGUAGES:
        territories = Locale(language).territories
        for code in countries:
            written = AS_WRITTEN[language].get(code, "")
            names = [*_split_variants(territories.get(code, ""), set(territories.values())), *written.split("|")]
            if names := list(dict.fromkeys(filter(None, names))):
                yield code, language, names
        for code, written in OF_BRITAIN.get(language, {}).items():
            yield code, language, written.split("|")


def _split_variants(name: str, others: set[str]) -> list[str]:
    """Return a name, and the two of one such as `Myanmar (Burma)`; what stands in brackets may be another country."""
    outer, _, inner = name.partition(" (")
    if re.search(r"\b(?:SAR|САР|RAE|R\.A\.S|Sonderverwaltungsregion)\b", name):
        return []  # Hong Kong and Macau: nobody writes the whole of it
    variants = [outer, inner.rstrip(")")] if re.fullmatch(r"[^()]+ \([^()]{4,}\)", name) else [outer]
    return [variant.replace("’", "'") for variant in variants if variant not in others - {name}]


def main() -> None:
    """Write the file and print how many names it has."""
    rows = sorted(list_names())
    PATH.write_text("".join(f"{code}\t{language}\t{'|'.join(names)}\n" for code, language, names in rows), "utf-8")
    print(f"{PATH.relative_to(ROOT)}: {sum(len(names) for *_, names in rows)} names")


if __name__ == "__main__":
    main()
