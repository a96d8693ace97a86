"""Stop words by language, in lower case: they say how a sentence hangs together and not what it is about.

Function words, and the verbs, adverbs and weekdays that every news text is full of. Written for this package.
"""

_EN = """
a about above across after again against ago all almost alone along already also although always am among an and
another any anyone anything are around as asked at away back be became because become been before began behind being
below between both but by came can cannot can't come comes could did didn't do does doesn't doing don't done down
during each either else enough even ever every everyone everything few first for from further gave get gets getting
give given go goes going gone got had has have having he her here hers herself him himself his how however i if i'm in
including instead into is isn't it it's its itself i've just keep kept know known last later least less let like
likely little made make makes making many may maybe me might more most much must my myself near nearly need never new
next no nobody none nor not nothing now of off often old on once one only onto or other others our ours out over own
per perhaps put quite rather really said same saw say saying says second see seem seemed seen several shall she should
since so some someone something soon still such take taken takes taking tell than that that's the their theirs them
themselves then there these they they're thing things think this those though thought three through time times to
today told tomorrow too took toward towards tried try two under until up upon us use used using very via want wanted
wants was wasn't way we well went were weren't what when where whether which while who whole whom whose why will with
within without won't would year years yes yesterday yet you your yours yourself day days week weeks month months
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december mr mrs ms dr percent according good great long lot people
"""
_DE = """
ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus außer
außerdem bei beim bereits besonders bin bis bisher bist bleibt bleiben da dabei dadurch dafür dagegen daher damit
danach dann daran darauf daraus darin darüber darum das dass davon dazu dein deine dem den denen denn dennoch der
deren derzeit des deshalb dessen dich die dies diese diesem diesen dieser dieses dir doch dort drei du durch dürfen
eben ein eine einem einen einer eines einfach einige einigen einmal erst erste ersten es etwa etwas euch euer für ganz
gar gegen gegenüber gehen geht gesagt gewesen gibt ging gut habe haben hat hatte hatten hätte hätten her hier hin
hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in indem ins insgesamt ist ja jahr jahre jahren jede
jedem jeden jeder jedes jedoch jetzt kam kann kaum kein keine keinem keinen keiner kommen kommt konnte konnten könne
können könnte könnten lassen laut lässt machen macht man mehr mein meine mit mittlerweile muss musste müssen müsse
müssten nach nachdem neben nein neue neuen neuer nicht nichts noch nun nur ob oder ohne rund sagt sagte sagten schon
sehr sei seien sein seine seinem seinen seiner seit seitdem selbst sich sie sieht sind so sogar solche soll sollen
sollte sollten sondern sonst soweit sowie später statt stehen steht tag tage tagen trotz über um und uns unser unsere
unter viel viele vielen vom von vor war waren ward warum was wegen weil weit weiter weitere weiteren weiterhin welche
welcher wenig wenige weniger wenn wer werde werden wie wieder will wir wird wo wobei wollen wollte wollten worden
wurde wurden während wäre wären würde würden zehn zu zudem zum zunächst zur zuvor zwar zwei zwischen uhr prozent
montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz april mai juni juli august september
oktober november dezember er
"""
_FR = """
a afin ai ailleurs ainsi alors an ans année années après assez au aucun aucune aujourd'hui auprès aussi autant autre
autres aux avaient avait avant avec avoir ayant beaucoup bien bon car ce ceci cela celle celles celui cependant
certaines certains ces cet cette ceux chaque chez ci comme comment contre côté d'un d'une c'est dans de déjà depuis
dernier dernière derniers des désormais deux devant deux dire dit doit doivent donc dont du durant elle elles en
encore enfin ensuite entre environ es est et étaient était étant été être eu eux expliqué face faire fait faut fois
font grâce hier hors il ils jamais je jour jours jusqu'à juste l'on la laquelle le lequel les lesquels leur leurs loin
lors lorsque lui là ma mais mal malgré me même mêmes mes mieux mis moi moins mois mon ne ni non nos notamment notre
nous on ont or ou où outre par parce parmi pas passé pendant peu peut peuvent plus plusieurs plutôt pour pourquoi
pourrait près pris puis qu'il qu'elle qu'un qu'une quand que quel quelle quelque quelques qui quoi sa sans se selon
sera serait ses seule seulement si sien sinon soit son sont sous souvent suis sur surtout ta tandis tant te tel telle
tels tes toi ton toujours tous tout toute toutefois toutes très trois trop tu un une vers veut vient voir vos votre
vous y à ça lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août
septembre octobre novembre décembre heures
"""
_ES = """
a además afirmó ahora al algo alguien algún alguna algunas alguno algunos allí ante antes aquel aquella aquí así aún
aunque año años bajo bien cada casi como cómo con contra cual cuál cuales cualquier cuando cuándo cuanto de debe deben
decir del desde después dice dicho dijo donde dónde dos durante e el él ella ellas ello ellos en entonces entre era
eran es esa esas ese eso esos esta está están estaba estado estar estas este esto estos fue fueron fuera gran ha haber
había habían hace hacen hacer hacia han hasta hay hecho hizo hoy incluso junto la las le les lo los luego mañana más
mayor me mejor menos mes meses mi mí mientras mil mis mismo misma mismos mucha muchas mucho muchos muy nada ni ningún
ninguna no nos nosotros nuestra nuestro nueva nuevo o otra otras otro otros para parte pero poco por porque primera
primer primero pudo puede pueden pues que qué queda quien quién quienes quiere se sea según segunda ser será serán
sería si sí sido siempre sin sino sobre solo sólo son su sus también tan tanto te tener tenía tercera ti tiempo tiene
tienen toda todas todavía todo todos tras tres tu tus un una unas uno unos usted va vamos van ver vez veces y ya yo
día días lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto
septiembre octubre noviembre diciembre
"""
_RU = """
а без более больше будет будут бы был была были было быть в вам вас ваш ведь весь во вот впрочем все всего всей всем
всех всё всю вы где года году год годы да даже два две дня для до должен должна должны другие других другой его ее её
ей ему если есть еще ещё же за здесь и из или им именно иначе ими их к каждый как какая какие какой когда кого который
которая которое которые которых которого которой котором которым которую кроме кто куда ли либо лишь лет между меня
мне много может можно могут мой моя мы на над надо наиболее нас наш не него нее неё ней нельзя нем нём несколько нет
ни нибудь них но ну о об однако один одна одно одной одного около он она они оно от отметил очень перед по под после
потом потому почти при про просто раз рассказал с сам сама сами самый свое свои своих своего своей свой свою себе себя
сегодня сейчас со словам снова сообщил сообщает сообщили стал стала стали так также такая такие такой там те тем
теперь то тогда того тоже той только том тот три ту ты у уже хотя чего чем через что чтобы чуть эта эти этим этих это
этого этой этом этот эту я января февраля марта апреля мая июня июля августа сентября октября ноября декабря
понедельник вторник среду четверг пятницу субботу воскресенье
"""
_IT = """
a abbiamo ad agli ai al alcune alcuni alla alle allo allora altra altre altri altro anche ancora anni anno aveva avere
c'è che chi ci circa col come con contro cosa così cui da dagli dai dal dalla dalle dallo degli dei del dell della
delle dello dentro deve di dice detto dopo dove due e è ed entro era erano essere fa fare fatto fino fra già gli
grazie ha hanno ho i il in infatti invece io l la le lei li lo loro lui ma mai meno mentre mesi mi mio molte molti
molto ne negli nei nel nella nelle nello nessuno no noi non nostra nostro o ogni oggi oltre ora per perché però più
poco poi prima primo proprio può qualche quale quali quando quanto quasi quella quelle quelli quello questa queste
questi questo qui quindi sarà se secondo sempre senza si sia sì sia solo sono sopra sotto sta stata state stati stato
su sua sue sugli sui sul sulla sulle suo suoi tra tre troppo tutta tutte tutti tutto un una uno va verso via viene voi
volta
"""
_ZH = "的了是在和有不我他她它们这那也就都而及与或被把从对为以于之其将但并等说个一上下中到"  # characters
_JA = "のにはをたがでてとしれさるもなかいうらりすこあそおっくけませんだよえつちみめやどへき"  # characters

STOP_WORDS = {
    "en": frozenset(_EN.split()),
    "de": frozenset(_DE.split()),
    "fr": frozenset(_FR.split()),
    "es": frozenset(_ES.split()),
    "ru": frozenset(_RU.split()),
    "it": frozenset(_IT.split()),
    "zh": frozenset(_ZH),
    "ja": frozenset(_JA),
}
