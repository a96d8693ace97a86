"""Whether the words around a date speak of what is to come or of what is over.

The verb nearest before the date in its sentence decides, else the first behind it: rules over endings and auxiliaries,
no parser. A verb of planning (`agreed to`, `scheduled for`) speaks of what is to come, whatever its own tense.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Tense = Literal["past", "future"]

REACH = 200  # characters before and behind a date that are looked at
_EDGE = re.compile(r"[.!?…](?=\s)|[\n;“”„\"«»()\[\]]|(?<!\w)[‘’]|[—–]\s")
# Before a date that belongs to a noun: `cancelled the 5 April rally` does not say when the rally is.
_OF_NOUN = re.compile(
    r"(?<![\w'-])(?:the|a|an|of|for|to|from|his|her|its|their|de|del|para|al|du|des|pour|au|vom|zum|für|der|den|des|на|к)"
    r"\s\Z"
)


@dataclass(frozen=True)
class TenseWords:
    """Patterns of verbs, in lower case; where both begin at one word, the one to come is read."""

    future: str
    past: str
    until: str
    """What stands right before a day to come."""
    since: str
    """What stands right before a day gone by."""


_LATER_EN = (
    "agree|agreed|agrees|plan|plans|planned|planning|hope|hopes|hoped|hoping|expect|expects|expected|due|set|scheduled|"
    "slated|vow|vowed|promise|promised|want|wants|wanted|decide|decided|vote|voted|prepare|prepares|preparing|ready|"
    "ordered|summoned|invited|likely|about|going|intends|intend|intended"
)
TENSES = {
    "en": TenseWords(
        future=r"(?:will|won't|shall|would|must|may|might|should|could|\w+'ll)(?:\s(?:not|also|now|be|have|been|\w+ly))*(?:\s\w+)?|"
        rf"(?:{_LATER_EN})\sto(?:\s(?:not|also|be|have|\w+ly))*(?:\s\w+)?|"
        r"(?:due|set|scheduled|planned|slated|expected|forecast|booked|billed|called|postponed|moved|delayed|announced|"
        r"fixed|earmarked)(?:\s\w+){0,3}?\s(?:for|until)|"
        r"(?:is|are)\sto\s\w+|(?:is|are|'s|'re)\s(?:due|expected|scheduled|planned|slated|back|\w+ing)(?:\sfor)?|"
        r"begins|starts|opens|polls\sopen|goes\sbefore|go\sbefore|resumes|kicks\soff|kick\soff|takes\splace|"
        r"take\splace|goes\sto|go\sto|hosts|faces|"
        r"meets|travels|heads|plays|visits|expires|airs|concludes|tackles|welcomes|returns",
        past=r"(?:was|were|had|did|has|have|been|said|told|made|went|came|took|got|became|began|found|gave|won|lost|met|"
        r"held|left|built|sent|spent|fell|rose|led|ran|saw|stood|spoke|wrote|broke|drove|chose|fled|fought|hit|cut|shot|"
        r"struck|flew|grew|knew|threw|sank|swore|taught|thought|bought|brought|caught|died|heard|kept|laid|paid|put|"
        r"sold|shut|slid|sat|beat|signed|(?!(?:need|speed|indeed|hundred|united|sacred|proceed|succeed|exceed|naked)\b)"
        r"[a-z]{2,}ed)",
        until="until|till|this|this coming|ahead of|is on|are on",
        since="since",
    ),
    "de": TenseWords(
        future=r"(?:wird|werden|soll|sollen|will|wollen|möchte|möchten|muss|müssen|kann|können|würde|würden|beginnt|"
        r"beginnen|startet|starten|öffnet|findet|finden|eröffnet|steht|tritt|treffen|trifft|empfängt|entscheidet|stimmt|"
        r"stimmen|reist|tagt|spielt|geplant|angesetzt|vorgesehen|verschoben|terminiert)",
        past=r"(?:hat|haben|hatte|hatten|war|waren|wurde|wurden|worden|gewesen|sagte|sagten|teilte|kam|kamen|ging|gingen|"
        r"starb|starben|gab|traf|fand|nahm|stieg|fiel|begann|gewann|verlor|erschien|schrieb|[a-zäöüß]{2,}(?:ierte|ierten|"
        r"elte|elten|erte|erten|igte|igten|ärte|ärten|iete|chte|chten|tzte|tzten|llte|llten|nnte|nnten))",
        until=r"bis(?:\szum)?|ab(?:\sdem)?|diesen|diesem",
        since=r"seit(?:\sdem)?",
    ),
    "fr": TenseWords(
        future=r"(?:est|sont|était|étaient)\s(?:prévue?s?|attendue?s?|programmée?s?|fixée?s?|reportée?s?|convoquée?s?)|"
        r"(?:va|vont|doit|doivent|devrait|devraient|pourrait|pourraient)\s\w+|prévue?s?|attendue?s?|"
        r"(?!(?:caméra|opéra|contra|sahara|mantra)\b)\w{2,}(?:era|ira|dra|vra|ura|tra|ront|rons)|"
        r"sera|aura|fera|ira|commence|commencent|débute|débutent|ouvre|ouvrent|se\stient|se\stiennent",
        past=r"(?:a|ont|avait|avaient|s'est|s'était|se\ssont|était|étaient|fut|furent|eut|"
        r"(?:est|sont)\s(?:\w+ment\s)?\w+(?:é|ée|és|ées|t|te|ts|u|ue|us|i|ie|is))",
        until=r"jusqu'au|jusqu'à|ce",
        since=r"depuis(?:\sle)?",
    ),
    "es": TenseWords(
        future=r"(?:va|van|iba|iban)\sa\s\w+|(?:debe|deben|prevé|prevén|planea|planean|espera|esperan|quiere|quieren|"
        r"podría|podrían)\s\w+|(?:previst|programad|convocad|fijad|aplazad|citad)[oa]s?|se\scelebran?|empieza|empiezan|"
        r"comienza|comienzan|arranca|abre|convocó|fijó|aplazó|convoca|(?!detrás\b)\w{2,}r(?:á|án|emos|ía|ían)",
        past=r"(?:ha|han|había|habían|fue|fueron|era|eran|estaba|estaban|dijo|hizo|puso|tuvo|vino|quiso|dio|vio|fui|"
        r"estuvo|pudo|supo|trajo|dijeron|hicieron|\w{2,}(?:ó|aron|ieron))",
        until=r"hasta(?:\sel)?|este|antes\sdel",
        since=r"desde(?:\sel)?",
    ),
    "ru": TenseWords(
        future=r"(?:будет|будут|должен|должна|должны|намерен|намерена|намерены|планирует|планируют|запланирован\w*|"
        r"назначен\w*|перенес\w*|состоится|состоятся|пройд[её]т|пройдут|начн[её]тся|начнутся|"
        r"(?!(?:совет|ответ|привет|запрет|предмет|пол[её]т|выл[её]т|прил[её]т|отч[её]т|портрет|сюжет|расч[её]т|возврат|"
        r"подсч[её]т|поч[её]т|нал[её]т|обед|офицер|выкуп)\b)"
        r"(?:вы|при|про|по|на|за|от|об|со|у|пере|до|под|рас|раз|из|ис|воз|вос)[а-яё]{2,}(?:ет|ёт|ит|ут|ют|ат|ят)(?:ся)?)",
        past=r"[а-яё]{2,}(?:ал|ял|ил|ел|ул|ёл|ыл|ала|яла|ила|ела|ула|ла|ло|али|яли|или|ели|ули|шли|ыли)(?:сь|ся)?",
        until=r"до|к|этот|эту|это",
        since=r"с|со",
    ),
}  # fmt: skip


def find_tense(text: str, start: int, end: int, code: str) -> Tense | None:
    """Return whether the date from `start` to `end` is over or to come, None where no word says so."""
    before = _EDGE.split(text[max(0, start - REACH) : start])[-1].lower().replace("’", "'")
    beside = _compile_beside(code).search(before)
    verbs = list(_compile_verbs(code).finditer(before))
    is_led_by_verb = bool(verbs) and verbs[-1].end() == len(before.rstrip())  # planned for
    if beside is None and not is_led_by_verb and _OF_NOUN.search(before):
        return None
    verb = beside or (verbs[-1] if verbs else None)
    if verb is None:
        after = _EDGE.split(text[end : end + REACH])[0].lower().replace("’", "'")
        verb = _compile_verbs(code).search(after)
    if verb is None:
        return None
    return "future" if verb.lastgroup == "future" else "past"


@cache
def _compile_verbs(code: str) -> re.Pattern[str]:
    words = TENSES[code]
    return re.compile(rf"(?<![\w-])(?:(?P<future>{words.future})|(?P<past>{words.past}))(?![\w-])")


@cache
def _compile_beside(code: str) -> re.Pattern[str]:
    words = TENSES[code]
    return re.compile(rf"(?<![\w'-])(?:(?P<future>{words.until})|(?P<past>{words.since}))\s\Z")
