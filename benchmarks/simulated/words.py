"""What made-up articles are put together from: phrases in five languages that fit in the order subject, verb, object,
adjunct. All of it is invented.

In a phrase, `*budget*` is what may become a keyword, and `{bitter:-1.8}` a word with a weight of tone.
"""

from dataclasses import dataclass

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


@dataclass(frozen=True)
class Language:
    """Phrases divided by ` | `."""

    subjects: str
    verbs: str
    objects: str
    adjuncts: str
    clauses: str  # within quotation marks
    told: str  # behind the word for `that`
    phrases: str  # a few words within marks
    roles: str  # speakers without a name
    says: str
    speaks: str
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


LANGUAGES = {
    "en": Language(
        subjects="The council | The ministry | The company | The board | The union | The committee | The court | "
        "A group of residents | The governor | The regulator | The party | A panel of experts | The agency | "
        "The mayor | The association | The government",
        verbs="{approved:1.8} | discussed | {criticised:-1.5} | {defended:0.4} | {delayed:-0.9} | reviewed | "
        "presented | "
        "questioned | {welcomed:1.4} | {rejected:-2.3} | {supported:1.3} | explained | examined | announced | "
        "revised | "
        "postponed",
        # Three of each topic, in the order of TOPICS.
        objects="the *election* law | the new *coalition* | a *referendum* on the charter | the city's *budget* | "
        "its *investment* in the harbour | the new *tax* on rents | the plans for the *stadium* | "
        "the *league*'s calendar | the *coach*'s contract | the *vaccine* programme | the closure of the *hospital* | "
        "a study on *nurses* | the *police* report | the case of the *burglary* | the *prison* reform | "
        "the protection of the *river* | the limit for *emissions* | the *wildlife* reserve | the *telescope* "
        "project | "
        "the *software* of the trains | the work of the *laboratory* | the *ceasefire* proposal | "
        "the withdrawal of the *troops* | the *border* treaty",
        adjuncts="after a {bitter:-1.8} {dispute:-1.7} | with {great:3.1} {success:2.7} | despite many {doubts:-1.5} | "
        "for the third time this year | without a vote | in a meeting behind closed doors | "
        "amid {fears:-1.8} of a {crisis:-3.1} | with the {help:1.7} of volunteers | before the summer break | "
        "to the {relief:2.1} of the neighbours | because of the {damage:-2.2} | under a new chairwoman | "
        "as part of a longer review | in {hope:1.9} of a {better:1.9} result | at the end of the session | "
        "weeks later than planned",
        clauses="We have waited for this far too long, | Nobody expected the costs to rise so quickly, | "
        "The work will begin before the end of the year, | This is good news for everyone who lives here, | "
        "There is no plan to change the rules again, | The figures speak for themselves, | "
        "We will look at every single objection, | It was the only decision that made sense,",
        told="the work would begin in the spring | no decision had been taken yet | the costs had been known for "
        "months | "
        "there was enough money for the coming year | the talks would go on next week | nobody had been told in time",
        phrases="a missed chance | a question of fairness | an honest mistake | the wrong signal | a first step",
        roles="the minister | a spokeswoman | the chairman | a resident | an official",
        says="said | added | explained",
        speaks="spoke | warned",
        opens="“",
        closes="” ",
        that=" that ",
        of=" of “",
        place=" in ",
        day=" on ",
        date="{0} {1} {2}",
        paid=" paid ",
        amount="{0} million euros",
        cause=" for",
    ),
    "de": Language(
        subjects="Der Stadtrat | Das Ministerium | Das Unternehmen | Der Vorstand | Die Gewerkschaft | Der Ausschuss | "
        "Das Gericht | Eine Gruppe von Anwohnern | Die Behörde | Die Partei | Der Verband | Die Bürgermeisterin",
        verbs="beschloss | erörterte | kritisierte | verteidigte | verschob | prüfte | erläuterte | begrüßte | "
        "unterstützte | kündigte | änderte | überdachte",
        objects="den neuen *Haushalt* | die Pläne für die *Brücke* | das *Wahlgesetz* | den Bericht der *Polizei* | "
        "die Förderung der *Schulen* | den Vertrag des *Trainers* | den Umbau des *Krankenhauses* | "
        "die Grenzwerte für *Abgase* | das Angebot der *Bahn* | die Studie über *Pflegekräfte*",
        adjuncts="nach langem Streit | mit großer Mehrheit | trotz vieler Zweifel | zum dritten Mal in diesem Jahr | "
        "ohne Abstimmung | hinter verschlossenen Türen | vor der Sommerpause | zur Überraschung der Nachbarn | "
        "wegen der hohen Kosten | unter neuer Leitung | am Ende der Sitzung | Wochen später als geplant",
        clauses="Darauf haben wir viel zu lange gewartet | Niemand hat mit solchen Kosten gerechnet | "
        "Die Arbeiten beginnen noch in diesem Jahr | Das ist eine gute Nachricht für alle, die hier wohnen | "
        "Wir werden jeden Einwand einzeln prüfen | Es war die einzig sinnvolle Entscheidung",
        told="die Arbeiten begännen im Frühjahr | es sei noch nichts entschieden | die Kosten seien seit Monaten "
        "bekannt | "
        "das Geld reiche für das kommende Jahr | die Gespräche würden fortgesetzt",
        phrases="einer vertanen Chance | einer Frage der Gerechtigkeit | einem Fehler | einem ersten Schritt",
        roles="die Ministerin | ein Sprecher | der Vorsitzende | eine Anwohnerin",
        says="sagte | erklärte | ergänzte",
        speaks="sprach",
        opens="„",
        closes="“, ",
        that=", ",
        of=" von „",
        place=" in ",
        day=" am ",
        date="{0}. {1} {2}",
        paid=" zahlte ",
        amount="{0} Millionen Euro",
        cause=" für",
    ),
    "fr": Language(
        subjects="Le conseil municipal | Le ministère | L’entreprise | Le syndicat | La commission | Le tribunal | "
        "Un groupe d’habitants | Le parti | L’agence | La maire | L’association | Le gouvernement",
        verbs="a approuvé | a examiné | a critiqué | a défendu | a reporté | a présenté | a salué | a rejeté | a "
        "soutenu | "
        "a expliqué | a modifié | a annoncé",
        objects="le nouveau *budget* | le projet de *pont* | la loi sur les *élections* | le rapport de la *police* | "
        "l’aide aux *écoles* | le contrat de l’*entraîneur* | la fermeture de l’*hôpital* | la limite des "
        "*émissions* | "
        "l’offre de *trains* | l’étude sur les *infirmières*",
        adjuncts="après un long conflit | à une large majorité | malgré de nombreux doutes | "
        "pour la troisième fois cette année | sans vote | à huis clos | avant la pause de l’été | "
        "à la surprise des voisins | en raison des coûts | sous une nouvelle direction | à la fin de la séance | "
        "des semaines plus tard que prévu",
        clauses="Nous avons attendu bien trop longtemps | Personne ne s’attendait à de tels coûts | "
        "Les travaux commenceront avant la fin de l’année | C’est une bonne nouvelle pour tous ceux qui vivent ici | "
        "Nous étudierons chaque objection | C’était la seule décision raisonnable",
        told="les travaux commenceraient au printemps | rien n’était encore décidé | les coûts étaient connus "
        "depuis des mois | "
        "les discussions se poursuivraient",
        phrases="une occasion manquée | une question de justice | une erreur | un premier pas",
        roles="la ministre | un porte-parole | le président | une habitante",
        says="a dit | a déclaré | a ajouté",
        speaks="a évoqué",
        opens="« ",
        closes=" », ",
        that=" que ",
        of=" « ",
        place=" à ",
        day=" le ",
        date="{0} {1} {2}",
        paid=" a versé ",
        amount="{0} millions d’euros",
        cause=" pour",
    ),
    "es": Language(
        subjects="El ayuntamiento | El ministerio | La empresa | El sindicato | La comisión | El tribunal | "
        "Un grupo de vecinos | El partido | La agencia | La alcaldesa | La asociación | El gobierno",
        verbs="aprobó | examinó | criticó | defendió | aplazó | presentó | celebró | rechazó | apoyó | explicó | "
        "modificó | "
        "anunció",
        objects="el nuevo *presupuesto* | el proyecto del *puente* | la ley de *elecciones* | el informe de la "
        "*policía* | "
        "la ayuda a las *escuelas* | el contrato del *entrenador* | el cierre del *hospital* | el límite de "
        "*emisiones* | "
        "la oferta de *trenes* | el estudio sobre las *enfermeras*",
        adjuncts="tras una larga disputa | por amplia mayoría | pese a muchas dudas | por tercera vez este año | "
        "sin votación | a puerta cerrada | antes de la pausa de verano | para sorpresa de los vecinos | "
        "a causa de los costes | bajo una nueva dirección | al final de la sesión | semanas más tarde de lo previsto",
        clauses="Hemos esperado demasiado tiempo | Nadie contaba con costes tan altos | "
        "Las obras empezarán antes de fin de año | Es una buena noticia para todos los que viven aquí | "
        "Vamos a estudiar cada objeción | Era la única decisión razonable",
        told="las obras empezarían en primavera | aún no había nada decidido | los costes se conocían desde hacía "
        "meses | "
        "las conversaciones seguirían",
        phrases="una ocasión perdida | una cuestión de justicia | un error | un primer paso",
        roles="la ministra | un portavoz | el presidente | una vecina",
        says="dijo | declaró | añadió",
        speaks="habló",
        opens="«",
        closes="», ",
        that=" que ",
        of=" de «",
        place=" en ",
        day=" el ",
        date="{0} de {1} de {2}",
        paid=" pagó ",
        amount="{0} millones de euros",
        cause=" por",
    ),
    "ru": Language(
        subjects="Городской совет | Комитет | Профсоюз | Суд | Губернатор | Регулятор | Мэр города | Союз "
        "предпринимателей | "
        "Институт | Парламент",
        verbs="одобрил | обсудил | раскритиковал | отложил | рассмотрел | представил | отклонил | поддержал | "
        "объяснил | "
        "изменил",
        objects="новый *бюджет* | проект *моста* | закон о *выборах* | отчёт *полиции* | план помощи *школам* | "
        "контракт *тренера* | ремонт *больницы* | список *заповедников* | график *поездов* | договор о *границе*",
        adjuncts="после долгого спора | большинством голосов | несмотря на сомнения | в третий раз за год | "
        "без голосования | за закрытыми дверями | до летнего перерыва | к удивлению соседей | из-за высоких расходов | "
        "в конце заседания | на несколько недель позже",
        clauses="Мы слишком долго этого ждали | Никто не рассчитывал на такие расходы | Работы начнутся до конца "
        "года | "
        "Это хорошая новость для всех, кто здесь живёт | Мы рассмотрим каждое возражение",
        told="работы начнутся весной | решение ещё не принято | о расходах знали давно | переговоры продолжатся",
        phrases="упущенной возможности | справедливости | ошибке | первом шаге",
        roles="министр | представитель ведомства | председатель | местный житель",
        says="сказал | заявил | добавил",
        speaks="говорил",
        opens="«",
        closes="», — ",
        that=", что ",
        of=" о «",
        place=" в городе ",
        day=" ",
        date="{0} {1} {2} года",
        paid=" заплатил ",
        amount="{0} млн евро",
        cause=" за",
    ),
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

FURNITURE = {
    "en": "Share this article | Read more | All rights reserved | Sign up for our newsletter | Most read | "
    "Advertisement",
    "de": "Artikel teilen | Lesen Sie auch | Alle Rechte vorbehalten | Newsletter bestellen | Meistgelesen | Anzeige",
    "fr": "Partager | À lire aussi | Tous droits réservés | Recevoir notre lettre | Les plus lus | Publicité",
    "es": "Compartir | Lea también | Todos los derechos reservados | Reciba nuestro boletín | Lo más leído | "
    "Publicidad",
    "ru": "Поделиться | Читайте также | Все права защищены | Подписаться на рассылку | Популярное | Реклама",
}
