"""The words around quotations by language: verbs of speech, pronouns, articles, "according to".

Verbs are listed as newspapers write them, past and present. The English ones were written down by hand and completed
where quotations of PolNeAR train (tuning part) lacked them; those of other languages are the same verbs, not measured.
"""

import re
from functools import cache
from typing import NamedTuple

from pipelines.enrichments.quotes.evidence import Evidence

UPPER = "".join(letter for letter in map(chr, range(0x530)) if letter.isupper())
LOWER = "".join(letter for letter in map(chr, range(0x530)) if letter.islower())
_PARTICLES = r"(?:van|von)(?:[ \xa0]de[rn])?|de|del|della|di|da|du|des|la|le|zu|zur|bin|ibn|al|el|ter|ten|y|e|dos|das"
# As written before a name, with a point. Those of spans.py are whole words in lower case, which are cut off names.
_TITLES = (
    "Mr|Mrs|Ms|Dr|Prof|Sen|Sens|Rep|Reps|Gov|Gen|Col|Lt|Sgt|Capt|Maj|Adm|Rev|Hon|St|Jr|Sr|Mme|Mlle|M|Sra|Srta|Hr|Fr"
)
_NAME_WORD = rf"(?:(?:{_TITLES})\.|[{UPPER}]\.(?:[{UPPER}]\.)*|[{UPPER}](?:[’'][{UPPER}])?[\w-]*(?:[’'](?!s\b)\w+)*)"
NAME = rf"(?:{_NAME_WORD}(?:[ \xa0](?:(?:{_PARTICLES})[ \xa0]){{0,2}}{_NAME_WORD}){{0,6}})"


class Cues(NamedTuple):
    """The words of a language around a quotation: patterns without groups, for words in lower case unless noted."""

    verbs: str
    participles: str  # verbs without a subject of their own: "saying"
    pronouns: str
    articles: str
    between: str  # what may stand between subject and verb, or verb and subject
    according: str
    that: str
    beyond: str  # what a speaker that was read too far ends before: "the minister on Monday"
    links: str  # what joins a name to another one that is not the speaker's: "Tom Hill of Leeds"
    endings: str = "(?!)"  # of verbs that no list has, where a name stands before them
    negated: str = "(?!)"  # what right before a verb says that it was not said
    denials: str = "(?!)"  # verbs whose clause the speaker holds to be wrong
    quotatives: str = "(?!)"  # what stands as a verb right behind a quotation alone: so
    inverted: str = "(?!)"  # verbs joined with their pronoun, as groups `verb` and `speaker`: confie-t-elle


def _group_words(*lines: str) -> str:
    """Return alternatives grouped by their first letter, or `re` would try each of them at every word."""
    initials: dict[str, set[str]] = {}
    for word in " ".join(lines).split():
        initials.setdefault(word[0], set()).add(re.escape(word[1:]).replace("'", "['’]"))
    return "|".join(
        f"{initial}(?:{'|'.join(sorted(rests, key=lambda rest: (-len(rest), rest)))})"
        for initial, rests in sorted(initials.items())
    )


ENGLISH = Cues(
    verbs=_group_words(
        "said says say told tells tell asked asks ask added adds add wrote writes write noted notes note replied",
        "replies reply responded responds respond explained explains explain argued argues argue continued",
        "continues concluded concludes tweeted tweets insisted insists warned warns declared declares announced",
        "announces stated states claimed claims acknowledged acknowledges admitted admits recalled recalls",
        "remarked remarks quipped joked observed observes suggested suggests shouted shouts exclaimed cried",
        "yelled screamed whispered muttered asserted asserts contended contends maintained maintains predicted",
        "predicts promised promises vowed vows urged urges complained lamented conceded concedes agreed agrees",
        "answered answers commented boasted began opined testified chimed charged cautioned countered demanded",
        "denied emphasized stressed stresses repeated reiterated retorted mused marveled bragged read reads",
        "posted reported reports confirmed confirms called calls described describes thought thinks wondered",
        "wonders believes believed jokes pleaded chanted challenged interjected summed went put puts proclaimed",
        "pronounced questioned quoted quotes referred released reasoned speculated snapped teased thundered",
        "touted blasted criticized denounced praised pointed fired offered pledged swore assured surmised",
        "ventured allowed texted emailed expressed implored reassured elaborated reflected",
    ),
    participles=_group_words(
        "saying adding telling asking writing noting explaining arguing warning claiming insisting declaring",
        "calling stating tweeting suggesting shouting responding replying concluding recalling referring",
        "describing joking acknowledging announcing observing reading",
    ),
    pronouns="he|she|they|we|I|it|who|He|She|They|We|It",
    articles="the|a|an|one|another|some|many|several|his|her|its|their|our|my|two|three|other|this|that|these|those",
    between=(
        "has|have|had|did|would|was|is|also|then|later|once|even|still|just|again|further|always|often|famously|"
        r"both|all|himself|herself|went on to|would|could|will|\w+ly"
    ),
    according="according to|in the words of|as told by",
    that="that",
    beyond=(
        "on|in|at|after|before|during|when|while|as|to|from|with|by|last|this|who|about|and said|Monday|Tuesday|"
        "Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|today|earlier|via|through|because|if|but|following"
    ),
    links="of|for|and",
    endings="ed|es|s",
    negated=(
        r"(?:not(?!\sonly)|cannot|never|no longer|\w+n[’']t|without|nobody|no one|neither|nor|yet to|"
        r"(?:refus|declin|fail)\w* to|neglect\w* to|stop\w* short of|avoid\w*)"
        r"(?:\s(?:\w+ly|yet|even|ever|once|have|has|been|want(?:ed)? to|go so far as to))*|"
        r"(?:nor|neither|never)\s(?:did|do|does|has|have|had|would|will|could|can)\b[^,;]*"
    ),
    denials="denied",
)
GERMAN = Cues(
    verbs=_group_words(
        "sagte sagt sagten sagen erklärte erklärt erklärten betonte betont meinte meint schrieb schreibt fügte",
        "ergänzte berichtete berichtet warnte warnt kritisierte kritisiert forderte fordert fragte fragt",
        "antwortete antwortet teilte kündigte versicherte räumte zitierte zitiert behauptete behauptet äußerte",
        "rief erzählte erzählt sprach twitterte argumentierte verkündete begründete bekräftigte meinten",
        "lobte lobt klagte klagt mahnte mahnt resümierte resümiert befand prophezeite scherzte bilanzierte",
        "bestätigte bestätigt beteuerte beteuert unterstrich erwiderte erwidert entgegnete entgegnet",
        "berichteten warnten forderten kritisierten versicherten gesagt",
    ),
    participles="",
    pronouns="er|sie|es|wir|ich|man|Er|Sie|Es|Wir|Ich|Man",
    articles="der|die|das|ein|eine|einer|sein|seine|ihr|ihre|viele|mehrere|Der|Die|Das|Ein|Eine",
    between="hat|haben|hatte|auch|dann|später|weiter|noch|dazu|zudem|am [A-Z]\\w+",
    according="laut|zufolge|nach Angaben von|nach Worten von",
    that="dass|daß",
    beyond="am|im|in|an|auf|nach|vor|bei|während|über|zu|zum|zur|mit|gegenüber|dem|heute|gestern|weil|wenn|aber",
    links="aus|für|und",
    quotatives="so",
    endings="te|ten|t",
)
FRENCH = Cues(
    verbs=_group_words(
        "dit déclare déclaré déclara affirme affirmé affirma explique expliqué expliqua ajoute ajouté ajouta",
        "estime estimé assure assuré précise précisé souligne souligné indique indiqué annonce annoncé répond",
        "répondu écrit raconte raconté confie confié lance lancé lâche martèle martelé insiste insisté poursuit",
        "conclut regrette regretté rappelle rappelé témoigne demande demandé avertit prévient reconnaît admet",
        "dénonce dénoncé résume twitté tweeté déplore déploré juge jugé observe observé note noté plaide",
        "plaidé tranche",
        "ironise relève nuance promet justifie détaille détaillé renchérit soupire commente commenté analyse argumente",
        "s'inquiète s'indigne s'étonne s'interroge s'agace s'insurge prévenu reconnu averti conclu glisse glissé salue",
        "lancé expliqua assura lança répondit ajoutait expliquait affirmait racontait confirme confirmé soutient",
    ),
    participles=_group_words("ajoutant précisant expliquant affirmant déclarant disant soulignant estimant assurant"),
    pronouns="il|elle|on|ils|elles|je|nous|Il|Elle|On|Ils|Elles|Je|Nous",
    articles="le|la|les|un|une|des|son|sa|ses|leur|ce|cette|Le|La|Les|Un|Une|Son|Sa",
    between=r"a|ont|avait|-t-|s'est|s’est|est|aussi|encore|ensuite|lui|nous|se|\w+ment",
    according="selon|d'après|d’après",
    that="que|qu'",
    beyond=(
        "à|au|aux|en|dans|lors|après|avant|pendant|sur|avec|par|devant|qui|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
        "dimanche|hier|mais|si"
    ),
    links="de|du|pour|et",
    endings="e|it|d|é|ait",
    inverted=(
        r"(?:(?:ont|a|avait|avaient|ai|avons)(?:-t)?-(?P<speaker_1>il|elle|ils|elles|on|je|nous)\s(?:\w+ment\s)?"
        r"(?P<verb_1>\w+é|dit|écrit|répondu|reconnu|admis|conclu|prévenu|averti|promis|soutenu)|"
        r"(?:s['’]|se\s|me\s)?(?P<verb_2>[a-zà-ÿ]{2,})(?:-t)?-(?P<speaker_2>il|elle|ils|elles|on|je|nous))\b"
    ),
    negated=r"(?:pas|jamais|plus|point|personne n[’']a)(?:\s(?:encore|\w+ment))*",
)
SPANISH = Cues(
    verbs=_group_words(
        "dijo dice dijeron dicen afirmó afirma aseguró asegura explicó explica añadió añade agregó agrega señaló",
        "señala declaró declara indicó indica manifestó manifiesta sostuvo sostiene comentó comenta apuntó apunta",
        "subrayó subraya destacó destaca expresó expresa escribió escribe respondió responde preguntó pregunta",
        "advirtió advierte insistió insiste reconoció reconoce admitió admite recordó recuerda contó cuenta",
        "lamenta denuncia relató relata criticó critica reiteró reitera matizó detalló detalla zanjó ironizó celebró",
        "celebra exclamó confesó narró precisó precisa puntualizó defendió defiende alertó alerta prometió remarcó",
        "recalcó recalca informó informa confirmó confirma reclamó reclama opinó opina consideró considera",
        "aclaró aclara sentenció",
        "reconocieron aseguraron afirmaron explicaron señalaron indicaron",
        "concluyó concluye lamentó denunció anunció dicho afirmado asegurado explicado añadido señalado declarado",
    ),
    participles=_group_words("diciendo añadiendo agregando asegurando afirmando señalando"),
    pronouns="él|ella|ellos|ellas|yo|nosotros|Él|Ella|Ellos|Ellas",
    articles="el|la|los|las|un|una|unos|su|sus|este|esta|El|La|Los|Las|Un|Una|Su",
    between=r"ha|han|había|también|luego|después|además|le|les|\w+mente",
    according="según|de acuerdo con",
    that="que",
    beyond=(
        "en|a|al|ante|tras|durante|sobre|con|por|este|el lunes|el martes|el miércoles|el jueves|el viernes|el sábado|"
        "el domingo|ayer|hoy|quien|pero|si"
    ),
    links="de|del|para|y",
    endings="ó|a|e",
    negated=r"(?:no|nunca|jamás|tampoco|nadie)(?:\s(?:le|les|lo|se|ha|han|había|\w+mente))*",
)
RUSSIAN = Cues(
    verbs=_group_words(
        "сказал сказала сказали говорит говорил говорила говорят заявил заявила заявили заявляет отметил отметила",
        "отметили отмечает сообщил сообщила сообщили сообщает добавил добавила добавили подчеркнул подчеркнула",
        "пояснил пояснила объяснил объяснила рассказал рассказала рассказали считает уверен уверена написал",
        "написала пишет ответил ответила спросил спросила признал признала утверждает напомнил напомнила уточнил",
        "констатировал констатировала полагает заметил заметила поделился поделилась посетовал призвал призвала",
        "прокомментировал прокомментировала пообещал пообещала возразил возразила заключил заключила выразил выразила",
        "предположил предположила сообщало подтвердил подтвердила указал указала говорится заявляли",
        "уточнила предупредил предупредила цитирует цитируют передаёт передает заверил заверила",
    ),
    participles=_group_words("добавив отметив подчеркнув заявив сказав"),
    pronouns="он|она|они|мы|я|Он|Она|Они|Мы|Я",
    articles="этот|эта|его|её|ее|их",
    between="также|тогда|затем|потом|ранее|позже|ему|ей|им",
    according="по словам|по мнению|по данным|согласно",
    that="что",
    beyond="в|во|на|после|перед|до|во время|о|об|с|со|к|по|при|который|которая|вчера|сегодня|но|если",
    links="из|для|и",
    endings="л|ла|ет|ит",
    negated="не",
)
CUES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "ru": RUSSIAN}


class Grammar(NamedTuple):
    """The patterns of one language; groups are `speaker` and `verb`."""

    verb_first: re.Pattern[str]  # …," said Anna Schmidt
    speaker_first: re.Pattern[str]  # …," Anna Schmidt, the minister, later said
    any_verb: re.Pattern[str]  # …," Anna Schmidt thundered: a verb that no list has
    any_verb_first: re.Pattern[str]  # …," thundered Anna Schmidt
    verb: re.Pattern[str]  # a verb of speech anywhere, participles too
    participle: re.Pattern[str]
    that: re.Pattern[str]
    beyond: re.Pattern[str]
    pronoun: re.Pattern[str]
    name: re.Pattern[str]
    subjects: tuple[re.Pattern[str], ...]  # what ends right before a verb, the surest first
    opening: re.Pattern[str]  # pronouns and names
    according: re.Pattern[str]
    negated: re.Pattern[str]  # what ends right before a verb that is denied
    denial: re.Pattern[str]
    inverted: re.Pattern[str]
    clause_subject: re.Pattern[str]  # all of a clause up to its verb: Anna Schmidt, the minister, later
    adjacent: re.Pattern[str]  # a name or a word right before a verb
    clause: re.Pattern[str]  # what opens a reported clause behind a verb and its subject, outside English
    evidence: Evidence | None = None  # None in English, where a capital is evidence enough


@cache
def load_grammar(language: str) -> Grammar | None:
    """Return the patterns of a language ("en"), None where there are no lists."""
    if (cues := CUES.get(language)) is None:
        return None
    either = "|".join(filter(None, (cues.verbs, cues.participles)))
    word = r"[\w&%$.’'/-]+"
    pronoun = rf"\b(?:{cues.pronouns})\b"
    article = rf"\b(?i:{cues.articles})\b"
    plural = rf"\w[\w-]*(?:\s{word}){{0,5}}?"
    # Up to the last of two names ("Labour spokesman Tom Hill"), but not over "of": "Tom Hill of Leeds".
    named = rf"{NAME}(?:(?:\s(?!(?:{cues.links}|{cues.beyond})\b)[{LOWER}][\w-]*){{1,3}}\s{NAME})?"
    before_verb = rf"(?:{pronoun}|{NAME}(?:\s{word}){{0,6}}?|{article}(?:\s{word}){{1,8}}?|{plural})"
    described = rf"(?:{article}\s)?(?:[{LOWER}][\w&.’'-]*\s){{1,8}}?{named}"
    after_verb = rf"{pronoun}|{named}|{described}|{article}(?:\s{word}){{1,8}}|{plural}"
    apposition = r"(?:\s?\([^()\n]{1,40}\))?(?:,\s[^\n\"“”]{1,150}?,)?"
    between = rf"(?:\s(?:{cues.between}))*"
    gap = r"[\s,—–―-]*"
    # Outside English verbs may follow "according to": según explicó la ministra.
    told = "" if language == "en" else rf"(?:(?:{cues.verbs})\s)?"
    return Grammar(
        verb_first=re.compile(
            rf"{gap}(?:(?:{cues.between})\s)*(?P<verb>{cues.verbs}|{cues.quotatives})\b{between}\s+"
            rf"(?P<speaker>{after_verb})"
        ),
        speaker_first=re.compile(rf"{gap}(?P<speaker>{before_verb}){apposition}{between}\s(?P<verb>{cues.verbs})\b"),
        any_verb=re.compile(rf"{gap}(?P<speaker>{pronoun}|{NAME}){between}\s(?P<verb>[a-z]{{2,}}(?:{cues.endings}))\b"),
        any_verb_first=re.compile(
            rf"{gap}(?P<verb>[a-z]{{2,}}(?:{cues.endings}))\s(?P<speaker>{NAME})"
            if language == "en"
            else rf"\s?[,—–]\s(?:(?:{cues.between})\s)*(?P<verb>[{LOWER}]{{2,}}(?:{cues.endings}))\s(?P<speaker>{NAME})"
        ),
        verb=re.compile(rf"\b(?P<verb>{either})\b"),
        participle=re.compile(rf"(?:{cues.participles or '(?!)'})\Z"),
        that=re.compile(rf"{cues.that}\b"),
        beyond=re.compile(rf"[\s,](?:{cues.beyond})\b"),
        pronoun=re.compile(rf"{pronoun}\Z"),
        name=re.compile(NAME),
        subjects=(
            re.compile(rf"(?P<speaker>{pronoun}){between}\s*\Z"),
            re.compile(rf"(?P<speaker>{NAME}){apposition}{between}\s*\Z"),
            re.compile(
                rf"(?:.*[^f]\s|\A|\s)(?P<speaker>{article}(?:\s{word}){{1,8}}?){apposition}{between}\s*\Z", re.DOTALL
            ),
            re.compile(rf"(?P<speaker>\b\w[\w-]+s){between}\s*\Z"),
        ),
        opening=re.compile(rf"(?P<speaker>{pronoun}|{NAME})"),
        according=re.compile(rf"\b(?P<verb>(?i:{cues.according}))\s{told}(?P<speaker>{after_verb})"),
        negated=re.compile(rf"\b(?i:{cues.negated})\s\Z"),
        denial=re.compile(rf"(?:{cues.denials})\Z"),
        inverted=re.compile(rf"{gap}{cues.inverted}"),
        clause_subject=re.compile(
            rf"\s*(?P<speaker>{pronoun}|{NAME}|{article}(?:\s{word}){{1,8}}?|{plural})(?:\s(?:{cues.beyond})\s[^,]{{1,60}})?"
            rf"{apposition}{between}\s*\Z"
        ),
        adjacent=re.compile(rf"(?:\A|\s)(?P<speaker>{NAME}|[\w-]+){between}\s*\Z"),
        clause=re.compile(rf"(?:\s{word}){{0,5}}?,?\s(?={cues.that}\b)"),
    )
