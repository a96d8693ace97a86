"""Words of bylines that are no names: what introduces them, job titles, agencies, newspapers, places and buttons."""

import re

from pipelines.cleaning.openings import AGENCIES

_INTRODUCTIONS = (
    r"(?:(?:written|posted|published|story|words|text|reported|reporting|reviewed|created|report|authored|"
    r"article|articles|posts|all posts|view all posts|see all articles|more|more from|"
    r"interview|analysis|opinion|review)\s)?by\b"
    r"|(?:more|insights)\s+from\b|follow(?=\s[A-Z])|zum autor|mehr von|alle artikel von|tous les articles de"
    r"|(?:authors?|autor(?:es|in|ka|zy)?|auteurs?|autore|författare|автори?|yazar|tekst|texte?|texto|testo|text|"
    r"words|name|текст|نویسنده|بقلم|کاتب|كتب|کتب|작성자|글|著者|作者|撰文|文)\b(?=\s?[:：/・]|\s?$)|كتبت?(?=\s)"
    r"|(?:von|par|por|di|door|av|af|от|przez|napisała?|escrito por|publicado por|écrit par|publié par|propos recueillis"
    r" par|geschrieben von|eine?\s\S+\svon|"
    r"(?:aus\s\S+\s(?:\S+\s)?)?bericht(?:et|en)(?:\svon)?|oleh|tác giả|γράφει(?:\sο|\sη)?|του|της|מאת)(?=\s|$|:)"
)
INTRODUCTION = re.compile(rf"(?:{_INTRODUCTIONS})[\s:：/・]*", re.IGNORECASE)
# Those of them that are labels of lists and buttons: `More from Sports`.
LIST_INTRODUCTION = re.compile(
    r"(?:view |see )?(?:all|more|articles?|posts|insights|follow|mehr|alle|tous)\b", re.IGNORECASE
)
_SMALL_WORDS = "af al av bin da de del della den der di do dos du el ibn la le ter van von zu"
SMALL = frozenset(_SMALL_WORDS.split())

# What introduces those who did something else for an article; up to the next clause.
OTHER_WORK = re.compile(
    r"(?:additional|further|with|graphics?|photos?|photographs?|photography|photo|images?|pictures?|video|videos|audio|"
    r"illustrations?|illustrated|edited|editing|translated|translation|produced|production|fact.?check(?:ed|ing)?|"
    r"compiled|curated|sponsored|presented|medically reviewed|last reviewed|directed|design(?:ed)?|data|source|sources|"
    r"courtesy)\s(?:reporting\s|contributions?\s|and\s\w+\s)?(?:by|of)\b"
    r"|(?:fotos?|fotograf(?:ía|ie|ia)?|bild(?:er)?|photos?|images?|images|illustrations?|ilustra[a-z]*|quelle|source|"
    r"fuente|fonte|źródło|zdjęcia|fot|foto|фото|источник|edición|edici[oó]n|übersetzung|traducci[oó]n|editor|edition|"
    r"redigering|videos?|camera|graphic|来源|來源|责任编辑|責任編輯|编辑|編輯|图|圖|摄影|攝影|校对|イラスト|写真|"
    r"撮影|編集|사진|편집|عکس|تصویر)\s?[:：/]",
    re.IGNORECASE,
)
BEFORE_OTHER_WORK = re.compile(rf"\s(?={OTHER_WORK.pattern})", re.IGNORECASE)

_ROLE_WORDS = """
    writer reporter reporters correspondent correspondents editor editors journalist journalists columnist columnists
    contributor contributors producer photographer photojournalist cartoonist blogger critic reviewer anchor presenter
    broadcaster manager director officer president chairman chairwoman chair founder co-founder cofounder ceo cto cfo
    coo professor lecturer analyst strategist consultant specialist coordinator intern trainee fellow researcher
    scientist economist attorney lawyer author staff desk bureau newsroom editor-in-chief webmaster expert engineer
    developer designer marketer physician dietitian nutritionist therapist educator educators ambassador spokesperson
    korrespondenten korrespondentinnen संवाददाता ब्यूरो डेस्क एजेंसी
    redakteur redakteurin redakteure redaktion redaktorin redaktor korrespondent korrespondentin reporterin
    journalistin autor autorin chefredakteur chefredakteurin volontär volontärin kolumnist kolumnistin
    wirtschaftsredakteur politikredakteur sportredakteur ressortleiter ressortleiterin
    journaliste rédacteur rédactrice correspondante correspondant rédaction chroniqueur chroniqueuse reporteur
    envoyé envoyée auteur autrice
    periodista redactor redactora redacción corresponsal reportero reportera columnista colaborador colaboradora
    jornalista repórter redator redação correspondente editora colunista
    giornalista redattore redattrice redazione inviato inviata corrispondente caporedattore
    dziennikarz dziennikarka redakcja redaktorka korespondent
    журналист журналистка корреспондент корреспондентка редактор редакция обозреватель автор собкор
    verslaggever redacteur redactie journaliste skribent redaktör redaksjon redaktion journalistika
    muhabir editör yazar wartawan reporter jurnalis kontributor
"""
ROLES = frozenset(_ROLE_WORDS.split())
# What stands before a job title, and belongs to it only there.
_ROLE_MODIFIERS = """
    senior junior chief lead principal staff deputy assistant associate executive managing general special guest
    freelance contributing digital online web multimedia social media news sports sport political politics business
    finance financial economics economy science technology tech foreign diplomatic defense defence crime court legal
    education health medical environment environmental climate energy culture arts entertainment features lifestyle
    travel food fashion film music books royal religion local regional city metro state national international global
    world europe european africa asia middle east us uk white house investigative investigations breaking data video
    photo audio podcast opinion copy night day weekend marketing sales product content communications community
    operations research head vice former acting our own the a an and & of for at head editorial transport transportation
    housing consumer property industry security royal shipping certified licensed registered extension horticulture
    fox cnn bbc leitende leitender stellvertretende stellvertretender freie freier grand en chef politique économique
    sportif jefe jefa de política político deportes especial político speciale специальный главный старший собственный
"""
MODIFIERS = frozenset(_ROLE_MODIFIERS.split())

_AGENCY_PHRASES = """
    associated press|the associated press|agence france-presse|agence france presse|press association|pa media
    deutsche presse-agentur|thomson reuters|thomson reuters foundation|bloomberg news|the canadian press
    canadian press
    press trust of india|asian news international|indo-asian news service|ani news|pti|anadolu agency
    anadolu ajansı|aa
    europa press|agencia efe|agência brasil|agência lusa|estadão conteúdo|folhapress|télam|notimex|xinhua news agency
    ria novosti|рia новости|риа новости|итар-тасс|укринформ|уніан|українформ|новости|interfax-ukraine
    radio free europe
    新华社|新華社|新华网|中新社|中国新闻网|央视新闻|中央社|共同通信
    時事通信|연합뉴스|뉴시스|뉴스1|رویترز|رويترز|ا ف ب|أ ف ب|فرانس برس
    وکالات|وكالات|getty images|shutterstock|istock|corbis|alamy|adobe stock
    pr newswire|business wire|globenewswire|globe newswire|accesswire
    ein presswire|pressetext|condé nast|hearst|gannett|agencies|agency|wire|wires|wire reports|wire report
    wire service
    wire services|news agencies|agency report|agency reports|agenturen|agentur|agences|agence|agencias|agencia|agenzie
    agenzia|ajanslar|agencje|агентства|agenturmeldung|press release|pressemitteilung|communiqué|cnn wire
    the conversation|associated press writer|afp news|reuters staff|reuters news
"""
AGENCY_NAMES = frozenset(
    phrase.strip() for line in _AGENCY_PHRASES.splitlines() for phrase in line.split("|") if phrase.strip()
) | (AGENCIES - {"pa", "sta", "sid", "apa", "ots", "sda"})
# Some are names too, so they count only beside another or in capitals.
SHORT_AGENCIES = AGENCIES | {"ani", "ians", "uni"}

# Words of newspapers and newsrooms that are nobody's surname, and those that are somebody's.
_NEWSROOM_WORDS = """
    times tribune gazette chronicle telegraph newspaper newspapers zeitung anzeiger nachrichten tagblatt tageblatt
    rundschau allgemeine diario noticias periódico corriere gazzetta giornale gazeta dziennik газета новости известия
    news magazine newsroom newsdesk tv radio fernsehen television télévision newswire presse medien
    staff reports ajansı agentur redaktion redaktionsteam rédaction redacción redação redazione redakcja редакция
    editorial editors desk 编辑部 編集部 편집부 新闻 日报 晚报 新聞 日報 신문 뉴스 일보 방송
"""
NEWSROOMS = frozenset(_NEWSROOM_WORDS.split())
# Words of bylines that name nobody in particular.
_DESK_WORDS = """
    staff desk newsdesk newsroom editors reports redaktion redaktionsteam rédaction redacción redação redazione
    redakcja редакция 编辑部 編集部 편집부
"""
DESKS = frozenset(_DESK_WORDS.split())
_PAPER_WORDS = """
    post herald sun star mail mirror globe press standard journal guardian observer examiner inquirer independent
    register courier dispatch review daily weekly express record sentinel bulletin echo kurier figaro monde presse
    tagesspiegel spiegel welt bild país mundo stampa repubblica today reporter insider blog
"""
PAPERS = frozenset(_PAPER_WORDS.split())
_COMPANIE_WORDS = """
    team agency media online university institute organization organisation foundation
    association college school center centre department ministry office inc ltd
    llc gmbh corp corporation company co group studio studios agency society committee council official services
    solutions partners network labs health clinic hospital bank
"""
COMPANIES = frozenset(_COMPANIE_WORDS.split())
_GENERIC_WORDS = "the a le la les el los der die das il news staff online team digital com net org www web"
GENERIC = frozenset(_GENERIC_WORDS.split())

_PLACES = """
    london|paris|berlin|madrid|rome|moscow|kyiv|kiev|brussels|geneva|vienna|athens|warsaw|prague|budapest|lisbon
    dublin
    washington|washington dc|washington d.c|new york|new york city|los angeles|san francisco|san diego|las vegas
    new orleans|st louis|salt lake city|chicago|boston|houston|toronto|ottawa|vancouver|mexico city|buenos aires
    rio de janeiro|são paulo|sao paulo|santiago de chile|hong kong|beijing|shanghai|tokyo|seoul|taipei|singapore
    bangkok
    kuala lumpur|jakarta|manila|hanoi|ho chi minh city|phnom penh|new delhi|mumbai|kolkata|chennai|bengaluru|hyderabad
    islamabad|karachi|lahore|dhaka|colombo|sri lanka|kathmandu|tehran|baghdad|beirut|jerusalem|tel aviv|cairo|riyadh
    dubai|abu dhabi|doha|kuwait city|istanbul|ankara|nairobi|lagos|abuja|accra|addis ababa|dar es salaam|cape town
    johannesburg|pretoria|sydney|melbourne|canberra|wellington|auckland|united states|united kingdom|south africa
    south korea|north korea|saudi arabia|new zealand|frankfurt am main|den haag|the hague|den bosch|st petersburg
    st. petersburg|sankt petersburg|москва|киев|київ|санкт-петербург|минск|лондон|париж|берлин
"""
PLACES = frozenset(place.strip() for line in _PLACES.splitlines() for place in line.split("|") if place.strip())

_BUTTONS = """
    sponsored content|partner content|paid content|paid post|branded content|brand content|promoted content
    follow|following|follow us|follow author|subscribe|sign up|share|read more|view all|see all|view all posts
    view posts
    view profile|more|load more|show more|see more|log in|login|sign in|register|comments|comment|print|email
    e-mail|save
    listen|play|contact|contact us|about|about us|about the author|about the authors|author|authors|profile|bio
    biography
    read bio|full bio|all posts|more articles|more stories|menu|home|search|twitter|facebook|linkedin|instagram|x
    website
    tweet|updated|published|posted|advertisement|advertorial|sponsored|video library|folgen|abonnieren|teilen|mehr
    drucken
    merken|suivre|s'abonner|partager|lire plus|voir plus|lire la suite|seguir|suscribirse|compartir|ver más|leer más
    seguir leyendo|segui|condividi|leggi tutto|подписаться|поделиться|читать далее|читать полностью|关注|分享|订阅|更多
    フォロー|シェア|もっと見る|구독|공유|admin|administrator|webmaster|root|user|guest|guest author|anonymous|unknown
    undefined|null|none|n/a|by|byline|n.n|nachrichten|name|fail|edited|written|created|modified|last updated
    last edited
"""
BUTTONS = frozenset(button.strip() for line in _BUTTONS.splitlines() for button in line.split("|") if button.strip())

# Beside a name in Chinese, Japanese and Korean; longest first.
EASTERN_ROLES = (
    "本报记者|本報記者|本网记者|本台记者|实习记者|见习记者|特派记者|驻地记者|首席记者|通讯员|特约撰稿人|特约记者|记者|記者|撰稿人|撰稿|"
    "責任編輯|责任编辑|发表在|發表在|发表于|發表於|发布于|發佈於|编辑|編輯|編集委員|編集部|論説委員|特派員|主筆|評論員|评论员|综合报道|報道|报道|"
    "선임기자|인턴기자|전문기자|수습기자|객원기자|특파원|기자|논설위원|앵커|칼럼니스트|교수|대표"
)
# The first characters of most Chinese names.
SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖蕭田董袁潘于蒋蔣蔡余杜叶葉"
    "程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫闞段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬"
    "钱錢严嚴覃武戴莫孔向汤湯牛岳谷"
)
