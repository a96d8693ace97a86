"""What makes words the likely speaker of a quotation, outside English: an entity, a pronoun, a role or a name.

A capital says little there: German gives one to every noun, and all languages give one to the first word of a sentence.
So words speak only where something else supports them, the surer beside a verb of speech.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from pipelines.enrichments.russian import fold_case
from pipelines.enrichments.stopwords import STOP_WORDS
from pipelines.enrichments.texts import Span

NEEDED = 0.3
ENTITY, PRONOUN, ROLE, NAMES, NAME, UNMARKED = 0.9, 0.85, 0.8, 0.75, 0.6, 0.4
"""Chances of a speaker beside a verb of speech, chosen: UNMARKED is a name that the model of its language left out."""
APART = 0.6
"""What is left of a chance without a verb."""
APART_WORDS = 30
"""Characters before a word that are looked at for the word before it."""
_SPEAKING = ("person", "organisation")
_HONORIFICS_WORDS = """
herr frau herrn dr prof mr mrs ms m mme mlle monsieur madame maître me don doña señor señora sr sra г-н г-жа
господин госпожа
"""
_HONORIFICS = frozenset(_HONORIFICS_WORDS.split())
# Who speaks in news, by the beginning of the word, so that women and plurals count.
_ROLES = {
    "de": "minister kanzler bürgermeister sprecher präsident chef direktor leiter vorsitzend polizei experte expertin "
    "forscher professor richter anwalt anwält trainer abgeordnet politiker polizist staatsanwalt staatsanwält general "
    "botschafter zeuge zeugin vater mutter autor regisseur sänger ärztin arzt lehrer kommissar regierung ministerium "
    "behörde unternehmen gewerkschaft verband premier papst könig bischof wissenschaftler forscherin analyst ökonom",
    "fr": "ministre président maire porte-parole directeur directrice chef cheffe patron police expert chercheu "
    "professeur juge avocat entraîneu député sénat général procureur témoin père mère auteur réalisat chanteu médecin "
    "enseignant commissaire gouvernement syndicat dirigeant responsable élu préfet premier secrétaire joueu économiste",
    "es": "ministr president alcalde portavoz director jefe jefa policía expert investigador profesor juez jueza "
    "abogad entrenador diputad senador general fiscal testigo padre madre autor director cantante médic gobierno "
    "sindicato dirigente responsable gobernador consejer secretari jugador técnico economista vocero mandatari líder "
    "ministerio fiscalía asesor fuente",
    "ru": "министр президент премьер мэр губернатор депутат глава директор представител пресс-секретар пресс-служб "
    "эксперт адвокат судья судь врач тренер посол посл генерал полковник политик учен учён профессор писател режиссер "
    "режиссёр полици прокурат ведомств мать отец свидетел источник собеседник спикер лидер секретар аналитик экономист "
    "чиновник сенатор руководител начальник председател замминистр вице-премьер дипломат журналист актер актёр певец",
}
# First words of a sentence that are no subject, beside the stop words.
_PREPOSITIONS_WORDS = """
auf an in im am aus beim von vom zu zum zur über unter um durch für gegen ohne bis hinter neben zwischen trotz mit nach
vor bei seit wegen angesichts laut während
à au aux en sur sous par avec sans chez de du entre vers contre selon malgré depuis lors pour dans après avant face
a con hacia bajo según tras durante ante sin por para al del sobre desde hasta
с со к ко у из от за под над для без через между около среди при после перед до по в во на о об кроме
"""
_PREPOSITIONS = frozenset(_PREPOSITIONS_WORDS.split())
_NO_SUBJECTS_WORDS = """
inzwischen mittlerweile gestern heute morgen dort damals daraufhin anschließend zuvor zudem allerdings dennoch trotzdem
deshalb deswegen daher dazu dabei später zuletzt zunächst weiterhin ferner überdies schließlich endlich offenbar
angeblich vielleicht wörtlich konkret kürzlich jüngst bereits montag dienstag mittwoch donnerstag freitag samstag
sonntag ende anfang mitte hintergrund anlass auch so da nun
mardi lundi mercredi jeudi vendredi samedi dimanche hier aujourd'hui aussitôt ensuite puis enfin pourtant cependant
toutefois ainsi interrogé interrogée interrogés contacté contactée
ayer hoy mañana además asimismo también finalmente entonces luego después mientras aunque lunes martes miércoles jueves
viernes sábado domingo preguntado preguntada
вчера сегодня завтра однако поэтому также затем потом ранее позже наконец тогда понедельник вторник среда четверг
пятница суббота воскресенье однажды недавно накануне
"""
_NO_SUBJECTS = _PREPOSITIONS | frozenset(_NO_SUBJECTS_WORDS.split())
_ARTICLE_WORDS = "der die das dem den des ein eine einem einen einer le la les un une des el los las una"
_ARTICLES = frozenset(_ARTICLE_WORDS.split())
_FIRST_PERSONS = frozenset(("ich", "wir", "je", "nous", "yo", "nosotros", "я", "мы"))
_WORD = re.compile(r"[^\W\d_][\w.’'-]*")
_PAIR = re.compile(r"\b(?P<before>[^\W\d_][\w-]*\.?)(?=[ \xa0](?P<name>[^\W\d_][\w-]*))")
_NAME_BESIDE = re.compile(r"[^\W\d_]\w*[-\w’']*")


class Evidence:
    """What the text and the entities of one article say about who may speak in it."""

    def __init__(
        self, text: str, language: str, entities: Sequence[Mapping[str, Any]], pronoun: re.Pattern[str]
    ) -> None:
        self.text, self.language, self.pronoun = text, language, pronoun
        self.mentions = sorted(
            (mention["start"], mention["end"])
            for entity in entities
            if entity["kind"] in _SPEAKING
            for mention in entity["mentions"]
        )
        self.has_model = any(entity["kind"] != "place" for entity in entities)  # countries are found without one
        self.roles = tuple(_ROLES[language].split())
        self.lower = frozenset(word for word in _NAME_BESIDE.findall(text) if word.islower())

    def rate(self, span: Span, is_beside: bool) -> float:
        """Return the chance that a span speaks; `is_beside` says whether a verb of speech stands beside it."""
        words = _WORD.findall(self.text[slice(*span)])
        if not words:
            return 0.0
        chance = self._rate_words(span, words, is_beside)
        return chance if is_beside else chance * APART

    def _rate_words(self, span: Span, words: list[str], is_beside: bool) -> float:
        if self.pronoun.match(self.text, *span):
            return PRONOUN if is_beside or words[0].lower() not in _FIRST_PERSONS else 0.0
        first = words[0].lower().rstrip(".")
        if first in _NO_SUBJECTS:
            return 0.0
        if self._is_entity(span):
            return ENTITY
        names = [word for word in words if self._may_be_name(word)]
        if first in _HONORIFICS and len(words) > 1:
            return ROLE
        if any(map(self.is_role, words)):
            return ROLE if is_beside or names else 0.0
        if words[0].islower() or first in STOP_WORDS[self.language]:
            return NAME if is_beside and len(words) > 1 else 0.0  # an article and a noun
        return self._rate_name(names, is_beside) if len(names) == len(words) else 0.0

    def _rate_name(self, names: list[str], is_beside: bool) -> float:
        if self.has_model:
            return UNMARKED if is_beside else 0.0
        if len(names) > 1:
            return NAMES
        return NAME if is_beside or names[0] in self._surnames else 0.0

    def opens_subject(self, start: int) -> bool:
        """Tell whether a word may be the first of a subject: no preposition, and no adverb that opens sentences."""
        word = _WORD.match(self.text, start)
        return word is not None and word[0].lower().rstrip(".") not in _NO_SUBJECTS

    def skip_openers(self, span: Span) -> Span:
        """Return a span without words before a name that only open the sentence: Gestern, Накануне."""
        start, end = span
        for word in _WORD.finditer(self.text, start, end):
            if word[0].lower() not in _NO_SUBJECTS:
                return word.start(), end
        return span

    def rate_adjacent(self, span: Span) -> float:
        """Return the chance of a word right before a verb, within a clause that something else opens."""
        before = _WORD.findall(self.text[max(0, span[0] - APART_WORDS) : span[0]])
        last = before[-1].lower() if before else ""
        if last in _PREPOSITIONS or last in _ARTICLES:
            return 0.0
        chance = self.rate(span, is_beside=True)
        return chance if chance >= ROLE else 0.0

    def is_role(self, word: str) -> bool:
        """Tell whether a word says what somebody is who speaks in news: a minister, the police."""
        return word.lower().startswith(self.roles)

    def _is_entity(self, span: Span) -> bool:
        at = bisect_left(self.mentions, (span[1],)) - 1
        return at >= 0 and self.mentions[at][1] > span[0]

    def _may_be_name(self, word: str) -> bool:
        low = word.lower().rstrip(".")
        folded = {low, fold_case(low)} if self.language == "ru" else {low}
        return word[0].isupper() and not folded & (self.lower | STOP_WORDS[self.language] | _NO_SUBJECTS)

    @cached_property
    def _surnames(self) -> frozenset[str]:
        """Return the words that stand somewhere behind an honorific or a role."""
        return frozenset(
            match["name"]
            for match in _PAIR.finditer(self.text)
            if match["before"].lower().rstrip(".") in _HONORIFICS or self.is_role(match["before"])
        )
