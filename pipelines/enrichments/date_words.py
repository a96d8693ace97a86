"""The words of dates by language, and the words beside those and numbers that only look like dates."""

from dataclasses import dataclass

from pipelines.text.months import MONTHS_OF_LANGUAGE


@dataclass(frozen=True)
class DateWords:
    """The words of dates in a language: months from January, days from Monday; forms apart by `|`."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    days: dict[str, int]
    """DateWords for a day → days from the day of publication."""
    last: str
    """Words before or behind a weekday that make it the one before the day of publication; a pattern."""
    following: str
    """Words that make it the one after."""
    of_month: str = ""
    """Words that may stand between day, month and year."""
    ordinal: str = ""
    """Endings of the number of a day."""
    before_year: str = ""
    """Words before a number that is a year."""
    behind_year: str = ""
    weak: str = ""
    """Those of `before_year` that stand as often before another number."""
    more: str = ""
    """Words before one of `before_year` that make the number behind it a count: `más` of `más de 2000`."""
    counted: str = ""
    """Things counted or measured: a number before one is no year and no day."""
    joins: str = ""
    """Small words that may follow a year or stand beside a weekday and are no part of a name or of a count."""
    names: str = ""
    """Words that make a weekday, month or day behind them a name: `Black Friday`; in English with a capital."""
    names_behind: str = ""
    """Words that make a weekday or day before them a name: `jeudi noir`, `September 11 attacks`."""
    are_names: bool = False
    """Whether months and weekdays always have a capital."""


LANGUAGES = {
    "en": DateWords(
        months=MONTHS_OF_LANGUAGE["en"],
        weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        days={"yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2, "day before yesterday": -2},
        last="last|past", following="next|coming",
        of_month="of", ordinal="st|nd|rd|th",
        before_year="in|since|until|till|by|from|during|before|after|early|late|mid|year|through",
        weak="until|till|by|from|before|after|through",
        counted="people|persons|men|women|children|students|pupils|patients|voters|residents|soldiers|troops|workers|"
        "employees|members|visitors|fans|homes|houses|households|families|jobs|schools|shops|stores|cars|vehicles|cases|"
        "deaths|votes|seats|points|times|copies|words|places|cities|towns|villages|countries|dollars|euros|pounds|cents|"
        "percent|per|pct|thousand|million|billion|trillion|hundred|km|kilometers|kilometres|miles|metres|meters|feet|"
        "yards|acres|hectares|tons|tonnes|kilograms|kilos|litres|liters|degrees|megawatts|seconds|minutes|hours|days|"
        "weeks|months|years",
        joins="a|an|the|and|or|but|he|she|it|they|we|i|you|his|her|their|its|our|my|this|that|these|those|there|who|"
        "which|when|where|while|as|at|by|for|from|in|into|of|on|onto|onward|onwards|to|with|without|was|were|is|are|be|"
        "has|have|had|will|would|could|should|did|do|does|may|might|must|can|not|no|till|until|through|since|after|"
        "before|because|if|then|than|though|although|under|over|during|only|also|now|about|around|however|alone|just|"
        "already|so|yet|last|next|every|each|late|early",
        names="black|good|cyber|super|ash|holy|bloody|fat|palm|shrove|maundy|whit|easter|ruby|sheffield|giving|casual|"
        "theresa|long|patch|blue|red|green|grey|gray|bowl|business|mothering|remembrance|trinity|pancake|taco|throwback|"
        "freaky|manic|selection|stir-up|spy|clean|orange|wild|mad|gloomy|magic|sunny|prime|golden",
        names_behind="attacks|attack|committee|riot|riots|insurrection|memorial|commission|night|addams",
        are_names=True,
    ),
    "de": DateWords(
        months=MONTHS_OF_LANGUAGE["de"],
        weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
        days={"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2},
        last="letzten|vergangenen|letzter|vorigen", following="nächsten|kommenden",
        ordinal=r"\.",
        before_year="jahr|jahre|jahres|seit|bis|ab|anfang|ende|mitte|sommer|winter|frühjahr|herbst",
        weak="bis|ab",
        counted="euro|dollar|franken|pfund|cent|prozent|menschen|personen|leute|männer|frauen|kinder|schüler|studenten|"
        "besucher|zuschauer|teilnehmer|einwohner|mitarbeiter|soldaten|mitglieder|fälle|tote|stimmen|plätze|wohnungen|"
        "häuser|haushalte|familien|stellen|arbeitsplätze|autos|fahrzeuge|exemplare|mal|tausend|millionen|milliarden|"
        "meter|metern|kilometer|kilometern|km|m|quadratmeter|hektar|tonnen|kilo|kilogramm|liter|grad|megawatt|sekunden|"
        "minuten|stunden|tage|tagen|wochen|monate|monaten|jahre|jahren",
        joins="der|die|das|dem|den|des|ein|eine|einen|einem|einer|und|oder|aber|er|sie|es|wir|ihr|ich|man|sich|sein|"
        "seine|ihre|dieser|diese|dieses|in|im|an|am|auf|aus|bei|beim|bis|durch|für|gegen|mit|nach|ohne|seit|über|um|"
        "unter|von|vom|vor|zu|zum|zur|zwischen|als|wenn|während|weil|dass|wie|so|nur|noch|auch|nicht|kein|keine|war|"
        "waren|ist|sind|wird|werden|wurde|wurden|hat|haben|hatte|hatten|kann|können|soll|sollen|sollte|will|wollen|"
        "muss|müssen|dann|dort|hier|bereits|schon|erstmals|wieder",
        names="schwarzer|schwarzen|schwarze|blauer|blauen|blutiger|blutigen|heiliger|grüner|weißer|weißen|black|cyber|"
        "super|straße|platz",
        are_names=True,
    ),
    "fr": DateWords(
        months=MONTHS_OF_LANGUAGE["fr"],
        weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        days={"avant-hier": -2, "hier": -1, "aujourd'hui": 0, "aujourd’hui": 0, "demain": 1, "après-demain": 2},
        last="dernier|passé", following="prochain",
        ordinal="er",
        before_year="en|depuis|jusqu'en|jusqu’en|dès|début|fin|année|avant|après|vers",
        weak="avant|après|vers|dès",
        counted="personnes|hommes|femmes|enfants|élèves|étudiants|habitants|visiteurs|spectateurs|salariés|employés|"
        "emplois|postes|soldats|membres|électeurs|voix|morts|cas|places|sièges|logements|maisons|foyers|familles|"
        "voitures|véhicules|exemplaires|pages|mots|fois|euros|dollars|francs|livres|pour|mille|millions|milliards|"
        "mètres|kilomètres|km|m|hectares|tonnes|kilos|litres|degrés|mégawatts|secondes|minutes|heures|jours|semaines|"
        "mois|ans|années",
        joins="le|la|les|un|une|des|du|de|et|ou|mais|il|elle|ils|elles|on|nous|vous|je|son|sa|ses|leur|leurs|ce|cet|"
        "cette|ces|à|au|aux|en|dans|sur|sous|par|avec|sans|chez|depuis|jusque|pendant|après|avant|vers|entre|que|qui|"
        "dont|où|quand|lorsque|comme|si|ne|pas|plus|a|ont|avait|avaient|est|sont|était|étaient|sera|seront|fut|furent|"
        "puis|déjà|encore|aussi|alors|seulement",
        names="rue|place|avenue|boulevard|quai|stade|black|cyber",
        names_behind="saint|noir|gras|blanc|fou|rouge|sanglant|des cendres|de pâques|de pentecôte",
    ),
    "es": DateWords(
        months=MONTHS_OF_LANGUAGE["es"],
        weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        days={"anteayer": -2, "antes de ayer": -2, "ayer": -1, "hoy": 0, "pasado mañana": 2},
        last="pasado|último", following="próximo",
        of_month="de|del", ordinal="º|°",
        before_year="en|desde|hasta|año|de|del|durante",
        weak="desde|hasta|de|del", more="más|menos|cerca|alrededor|encima|total|grupo|multitud",
        counted="personas|hombres|mujeres|niños|alumnos|estudiantes|habitantes|visitantes|espectadores|trabajadores|"
        "empleados|empleos|puestos|soldados|miembros|votantes|votos|muertos|casos|plazas|escaños|viviendas|casas|"
        "hogares|familias|coches|vehículos|ejemplares|páginas|palabras|veces|euros|dólares|pesos|libras|por|mil|"
        "millones|metros|kilómetros|km|m|hectáreas|toneladas|kilos|litros|grados|megavatios|segundos|minutos|horas|"
        "días|semanas|meses|años",
        joins="el|la|los|las|un|una|unos|unas|y|e|o|u|pero|él|ella|ellos|ellas|su|sus|este|esta|estos|estas|ese|esa|"
        "a|al|de|del|en|con|sin|sobre|bajo|para|desde|hasta|entre|durante|tras|que|quien|donde|cuando|como|si|no|se|lo|"
        "le|les|ha|han|había|habían|es|son|era|eran|fue|fueron|será|serán|ya|también|sólo|solo|aún|todavía|cada",
        names="avenida|plaza|calle|estadio|club|movimiento|autopista|parque|paseo|puente|ruta|black|cyber",
        names_behind="santo|negro|blanco|rojo|sangriento|de ceniza|de pascua|de ramos|de gloria|de dolores",
    ),
    "ru": DateWords(
        months=MONTHS_OF_LANGUAGE["ru"],
        weekdays=(
            "понедельник", "вторник", "среда|среду", "четверг", "пятница|пятницу", "суббота|субботу", "воскресенье",
        ),
        days={"позавчера": -2, "вчера": -1, "сегодня": 0, "завтра": 1, "послезавтра": 2},
        last="прошлый|прошлую|прошлое|минувший|минувшую|минувшее", following="следующий|следующую|следующее",
        behind_year="года|году|год",
        names="чёрная|черная|чёрную|черную|чёрный|черный|великий|великая|великую|великое|страстной|страстная|чистый|"
        "вербное|прощёное|прощеное|красное|кровавое|светлое|светлая|улица|улице|площадь|площади",
    ),
}  # fmt: skip
