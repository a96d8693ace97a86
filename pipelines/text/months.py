"""Names of the months, January first: as running text writes them in a language, and as dates write them in any.

Two tables, because they answer two questions. The first finds a date in a text whose language is known, so it has
accents and every case. The second reads a month in a short line of an unknown language, so it has what stands in dates
only, without accents. One table for both would change which dates are read.
"""

# Forms of one month apart by `|`.
MONTHS_OF_LANGUAGE = {
    "en": (
        "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
        "september|sept|sep", "october|oct", "november|nov", "december|dec",
    ),
    "de": (
        "januar|jänner|jan", "februar|feb", "märz|mär", "april|apr", "mai", "juni|jun", "juli|jul", "august|aug",
        "september|sept|sep", "oktober|okt", "november|nov", "dezember|dez",
    ),
    "fr": (
        "janvier|janv", "février|févr", "mars", "avril", "mai", "juin", "juillet|juil", "août", "septembre|sept",
        "octobre|oct", "novembre|nov", "décembre|déc",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre|setiembre", "octubre",
        "noviembre", "diciembre",
    ),
    "ru": (
        "января|январь|январе", "февраля|февраль|феврале", "марта|март|марте", "апреля|апрель|апреле",
        "мая|май|мае",
        "июня|июнь|июне", "июля|июль|июле", "августа|август|августе", "сентября|сентябрь|сентябре",
        "октября|октябрь|октябре", "ноября|ноябрь|ноябре", "декабря|декабрь|декабре",
    ),
}  # fmt: skip

# As dates have them (genitives, short forms), without accents, in the languages of Europe and some beyond. Where two
# languages differ (`listopada`), the one with more speakers has the word.
MONTHS_IN_DATES = (
    "january jan januar janner januari janvier janv enero ene janeiro gennaio gen ianuarie ian stycznia styczen "
    "sty ledna sijecnja ocak oca januara tammikuuta tammikuu januarja ιανουαριου ιαν января янв січня януари "
    "јануар јануара يناير",
    "february feb februar februari fevrier fevr febrero fevereiro fev febbraio februarie lutego luty lut unora "
    "veljace subat sub februara helmikuuta φεβρουαριου φεβ февраля фев февр лютого февруари фебруар фебруара "
    "فبراير",
    "march mar marz maerz mars marzo marco maart mrt martie marca marzec brezna ozujka mart marcius maaliskuuta "
    "marts μαρτιου μαρ марта мар март березня مارس",
    "april apr avril avr abril abr aprile aprilie kwietnia kwi dubna travnja nisan nis aprila aprilis april huhtikuuta "
    "απριλιου απρ апреля апр квітня април априла أبريل",
    "may mai mayo maio maggio mag mei maj maja kvetna svibnja mayis majus toukokuuta μαιου μαι мая май травня "
    "маја مايو",
    "june jun juni juin junio junho giugno giu iunie iun czerwca cze cervna lipnja haziran haz juna junius "
    "kesakuuta ιουνιου ιουν июня июн червня юни јун јуна يونيو",
    "july jul juli juillet juil julio julho luglio lug iulie iul lipca lip cervence srpnja temmuz tem jula "
    "julius heinakuuta ιουλιου ιουλ июля июл липня юли јул јула يوليو",
    "august aug aout agosto ago augustus sierpnia sie srpna kolovoza agustos agu augusta augusztus elokuuta "
    "αυγουστου αυγ августа авг серпня август أغسطس",
    "september sept sep septembre septiembre setembro set settembre septembrie wrzesnia wrz zari rujna eylul eyl "
    "septembra szeptember syyskuuta σεπτεμβριου σεπ сентября сен сент вересня септември септембар септембра "
    "سبتمبر",
    "october oct oktober okt octobre octubre outubro out ottobre ott octombrie pazdziernika paz rijna ekim eki "
    "oktobra lokakuuta οκτωβριου οκτ октября окт жовтня октомври октобар октобра أكتوبر",
    "november nov novembre noviembre novembro noiembrie listopada lis listopadu studenoga kasim kas novembra "
    "marraskuuta νοεμβριου νοε ноября ноя нояб листопада ноември новембар новембра نوفمبر",
    "december dec dezember dez decembre diciembre dic dezembro dicembre decembrie grudnia gru prosince prosinca "
    "aralik ara decembra joulukuuta desember des δεκεμβριου δεκ декабря дек грудня декември децембар децембра "
    "ديسمبر",
)
