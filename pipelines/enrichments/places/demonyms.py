"""Names that GeoNames lacks: countries as news writes them, their peoples, abbreviated US states, regions. Facts."""

from pipelines.enrichments.places.gazetteer import fold_name

COUNTRY_NAMES: dict[str, tuple[str, ...]] = {
    "US": ("U.S.", "US", "USA", "U.S.A.", "America", "United States of America", "the States"),
    "GB": ("UK", "U.K.", "Britain", "Great Britain"),
    "RU": ("Russia", "Russian Federation"),
    "CZ": ("Czech Republic", "Czechia"),
    "MM": ("Burma", "Myanmar"),
    "CI": ("Ivory Coast", "Cote d'Ivoire"),
    "KR": ("South Korea", "Republic of Korea", "South Korean", "South Koreans"),
    "KP": ("North Korea", "DPRK", "North Korean", "North Koreans"),
    "IR": ("Iran",),
    "SY": ("Syria",),
    "VN": ("Vietnam", "Viet Nam"),
    "LA": ("Laos",),
    "TW": ("Taiwan",),
    "TZ": ("Tanzania",),
    "BO": ("Bolivia",),
    "VE": ("Venezuela",),
    "MD": ("Moldova",),
    "MK": ("Macedonia", "North Macedonia"),
    "SZ": ("Swaziland", "Eswatini"),
    "CD": ("Democratic Republic of the Congo", "Democratic Republic of Congo", "DR Congo", "DRC", "Congo-Kinshasa"),
    "CG": ("Republic of the Congo", "Congo-Brazzaville"),
    "AE": ("UAE", "U.A.E."),
    "NL": ("Netherlands", "Holland"),
    "TL": ("East Timor", "Timor-Leste"),
    "CV": ("Cape Verde",),
    "VA": ("Vatican", "Vatican City", "Holy See"),
    "PS": ("Palestine", "Palestinian Territories"),
    "BY": ("Belarus", "Byelorussia"),
    "UA": ("Ukraine",),
    "TR": ("Turkey", "Turkiye"),
    "GM": ("Gambia",),
    "BS": ("Bahamas",),
    "BN": ("Brunei",),
    "SA": ("Saudi Arabia", "KSA"),
    "CN": ("China", "PRC", "People's Republic of China"),
    "BA": ("Bosnia", "Bosnia-Herzegovina"),
    "KG": ("Kyrgyzstan", "Kirghizia"),
    "HK": ("Hong Kong",),
    "MO": ("Macau", "Macao"),
    "FM": ("Micronesia",),
    "IN": ("India",),
    "TM": ("Turkmenistan",),
    "LK": ("Sri Lanka", "Ceylon", "Sri Lankan", "Sri Lankans"),
    "DE": ("Germany",),
    "XK": ("Kosovo",),
    "NZ": ("New Zealand", "New Zealander", "New Zealanders"),
    "IE": ("Ireland", "Republic of Ireland"),
    "FK": ("Falkland Islands", "Falklands"),
    "GE": ("Georgia",),
    "ZA": ("South Africa", "South African", "South Africans"),
    "SS": ("South Sudan", "South Sudanese"),
    "CR": ("Costa Rica", "Costa Rican", "Costa Ricans"),
    "SL": ("Sierra Leone", "Sierra Leonean", "Sierra Leoneans"),
    "PR": ("Puerto Rico", "Puerto Rican", "Puerto Ricans"),
}

DEMONYMS: dict[str, str] = {
    "AF": "afghan afghans", "AL": "albanian albanians", "DZ": "algerian algerians", "AO": "angolan angolans",
    "AR": "argentine argentines argentinian argentinians", "AM": "armenian armenians",
    "AU": "australian australians", "AT": "austrian austrians", "AZ": "azerbaijani azerbaijanis azeri azeris",
    "BH": "bahraini bahrainis", "BD": "bangladeshi bangladeshis", "BY": "belarusian belarusians",
    "BE": "belgian belgians", "BO": "bolivian bolivians", "BA": "bosnian bosnians", "BR": "brazilian brazilians",
    "GB": "british briton britons english scottish welsh", "BG": "bulgarian bulgarians", "MM": "burmese",
    "BI": "burundian burundians", "KH": "cambodian cambodians", "CM": "cameroonian cameroonians",
    "CA": "canadian canadians", "TD": "chadian chadians", "CL": "chilean chileans", "CN": "chinese",
    "CO": "colombian colombians", "CD": "congolese", "HR": "croatian croatians croat croats",
    "CU": "cuban cubans", "CY": "cypriot cypriots", "CZ": "czech czechs", "DK": "danish dane danes",
    "EC": "ecuadorian ecuadorians", "EG": "egyptian egyptians", "SV": "salvadoran salvadorans",
    "ER": "eritrean eritreans", "EE": "estonian estonians", "ET": "ethiopian ethiopians", "FJ": "fijian fijians",
    "FI": "finnish finn finns", "FR": "french frenchman", "GA": "gabonese", "GE": "georgian georgians",
    "DE": "german germans", "GH": "ghanaian ghanaians", "GR": "greek greeks", "GT": "guatemalan guatemalans",
    "GN": "guinean guineans", "HT": "haitian haitians", "HN": "honduran hondurans", "HU": "hungarian hungarians",
    "IS": "icelandic icelander icelanders", "IN": "indian", "ID": "indonesian indonesians", "IR": "iranian iranians",
    "IQ": "iraqi iraqis", "IE": "irish", "IL": "israeli israelis", "IT": "italian italians",
    "JM": "jamaican jamaicans", "JP": "japanese", "JO": "jordanian jordanians", "KZ": "kazakh kazakhs",
    "KE": "kenyan kenyans", "KR": "korean koreans", "KW": "kuwaiti kuwaitis",
    "KG": "kyrgyz", "LA": "lao laotian laotians", "LV": "latvian latvians", "LB": "lebanese",
    "LR": "liberian liberians", "LY": "libyan libyans", "LT": "lithuanian lithuanians", "MG": "malagasy",
    "MW": "malawian malawians", "MY": "malaysian malaysians", "ML": "malian malians", "MT": "maltese",
    "MX": "mexican mexicans", "MD": "moldovan moldovans", "MN": "mongolian mongolians", "MA": "moroccan moroccans",
    "MZ": "mozambican mozambicans", "NA": "namibian namibians", "NP": "nepalese nepali", "NL": "dutch",
    "NI": "nicaraguan nicaraguans", "NG": "nigerian nigerians",
    "NO": "norwegian norwegians", "OM": "omani omanis", "PK": "pakistani pakistanis",
    "PS": "palestinian palestinians", "PA": "panamanian panamanians", "PY": "paraguayan paraguayans",
    "PE": "peruvian peruvians", "PH": "philippine filipino filipinos", "PL": "polish pole poles",
    "PT": "portuguese", "QA": "qatari qataris", "RO": "romanian romanians", "RU": "russian russians",
    "RW": "rwandan rwandans", "SA": "saudi saudis", "SN": "senegalese", "RS": "serbian serbians serb serbs",
    "SG": "singaporean singaporeans", "SK": "slovak slovaks",
    "SI": "slovenian slovenians", "SO": "somali somalis",
    "ES": "spanish spaniard spaniards", "SD": "sudanese", "SE": "swedish swede swedes",
    "CH": "swiss", "SY": "syrian syrians", "TW": "taiwanese", "TJ": "tajik tajiks", "TZ": "tanzanian tanzanians",
    "TH": "thai thais", "TN": "tunisian tunisians", "TR": "turkish turk turks", "TM": "turkmen",
    "UG": "ugandan ugandans", "UA": "ukrainian ukrainians", "AE": "emirati emiratis", "US": "american americans",
    "UY": "uruguayan uruguayans", "UZ": "uzbek uzbeks", "VE": "venezuelan venezuelans", "VN": "vietnamese",
    "YE": "yemeni yemenis", "ZM": "zambian zambians", "ZW": "zimbabwean zimbabweans", "XK": "kosovar kosovars",
}  # fmt: skip
"""ISO code → words in lower case, one space apart; a people of two countries counts for the larger."""

STATES: dict[str, tuple[str, ...]] = {
    "AL": ("Ala.",), "AK": ("Alaska",), "AZ": ("Ariz.",), "AR": ("Ark.",), "CA": ("Calif.", "Cal."),
    "CO": ("Colo.",), "CT": ("Conn.",), "DE": ("Del.",), "DC": ("D.C.",), "FL": ("Fla.",), "GA": ("Ga.",),
    "HI": ("Hawaii",), "ID": ("Idaho",), "IL": ("Ill.",), "IN": ("Ind.",), "IA": ("Iowa",),
    "KS": ("Kan.", "Kans."), "KY": ("Ky.",), "LA": ("La.",), "ME": ("Maine",), "MD": ("Md.",),
    "MA": ("Mass.",), "MI": ("Mich.",), "MN": ("Minn.",), "MS": ("Miss.",), "MO": ("Mo.",), "MT": ("Mont.",),
    "NE": ("Neb.", "Nebr."), "NV": ("Nev.",), "NH": ("N.H.",), "NJ": ("N.J.",), "NM": ("N.M.",), "NY": ("N.Y.",),
    "NC": ("N.C.",), "ND": ("N.D.",), "OH": ("Ohio",), "OK": ("Okla.",), "OR": ("Ore.", "Oreg."),
    "PA": ("Pa.", "Penn."), "RI": ("R.I.",), "SC": ("S.C.",), "SD": ("S.D.",), "TN": ("Tenn.",),
    "TX": ("Tex.", "Texas"), "UT": ("Utah",), "VT": ("Vt.",), "VA": ("Va.",), "WA": ("Wash.",),
    "WV": ("W.Va.", "W. Va."), "WI": ("Wis.", "Wisc."), "WY": ("Wyo.",),
}  # fmt: skip
"""Postal code of each US state and its abbreviations, as Associated Press and older papers write them."""

_REGIONS = """
middle east|near east|far east|eu|european union|americas|caribbean|mediterranean|central asia|south asia|east asia|
southeast asia|south east asia|western asia|eurasia|central america|latin america|central europe|eastern europe|
western europe|northern europe|southern europe|southeastern europe|scandinavia|balkans|baltics|baltic|baltic states|
persian gulf|gulf|west|east|south|north|midwest|northeast|northwest|southeast|southwest|new england|soviet union|ussr|
yugoslavia|czechoslovakia|east germany|west germany|gdr|west bank and gaza|maghreb|sahel|levant|horn of africa|red sea|
black sea|caspian sea|caspian|north sea|baltic sea|south china sea|arctic|antarctic|deep south|pacific northwest|
west africa|east africa|north africa|southern africa|central africa|subsaharan africa|sub saharan africa|sahara|
kalahari|siberia|caucasus|north caucasus|south caucasus|transcaucasia|transcaucasus|urals|ural|volga|donbas|donbass|
crimean peninsula|patagonia|amazonia|amazon|andes|alps|himalayas|himalaya|pyrenees|carpathians|rockies|appalachia|
rust belt|bible belt|sun belt|silicon valley|great plains|great lakes|mesopotamia|anatolia|asia minor|kurdistan|
iraqi kurdistan|kashmir|bengal|tibetan plateau|gobi|sinai|sinai peninsula|negev|
golan|golan heights|galilee|transylvania|bukovina|silesia|pomerania|prussia|east prussia|bohemia|
moravia|thrace|iberia|iberian peninsula|benelux|lowlands|nordic countries|polynesia|melanesia|
australasia|indochina|manchuria|inner asia|korean peninsula|koreas|arabian peninsula|arabia|
persia|ottoman empire|roman empire|british empire|byzantium|third reich|rhodesia|holy land|
global south|global north|commonwealth|asia pacific|pacific|atlantic|indian ocean|pacific ocean|
atlantic ocean|pacific rim|indo pacific|strait of hormuz|hormuz|mississippi delta|
earth|moon|mars|venus|jupiter|saturn|uranus|neptune|pluto|sun|world|universe|planet earth|milky way|heaven|hell|
naher osten|nahen osten|nahost|ferner osten|skandinavien|sibirien|balkan|kaukasus|alpen|mittelmeer|ostsee|nordsee|
baltikum|osteuropa|westeuropa|mitteleuropa|sudamerika|lateinamerika|nordafrika|westafrika|erde|mond|
moyen orient|proche orient|extreme orient|scandinavie|siberie|caucase|alpes|mediterranee|maghreb|europe de l est|
amerique latine|afrique de l ouest|afrique du nord|terre|lune|ue|union europeenne|
oriente medio|oriente proximo|oriente|escandinavia|siberia|caucaso|balcanes|alpes|mediterraneo|america latina|
latinoamerica|centroamerica|norteamerica|africa occidental|tierra|luna|union europea|
ближний восток|дальний восток|средняя азия|центральная азия|сибирь|кавказ|северный кавказ|закавказье|скандинавия|
балканы|прибалтика|донбасс|урал|поволжье|евросоюз|ес|ссср|югославия|латинская америка|земля|луна|марс|запад|восток|
альпы|арктика|средиземноморье|восточная европа|западная европа
"""
REGIONS = frozenset(map(fold_name, "".join(_REGIONS.split("\n")).split("|")))
"""Folded names of regions, seas, former states and planets that the gazetteer lacks, and that small towns share."""
