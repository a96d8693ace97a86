"""What stands on pages beside articles: invented, in the words of many sites and of none."""

from benchmarks.defects.changing import Row

COOKIE_WALL = {
    "en": "We value your privacy. We and our partners store and access information on a device, such as cookies, and "
    "process personal data.\n\nClick Accept to agree to the use of cookies, or manage your settings to choose which "
    "purposes you consent to. You can change your mind at any time in our privacy policy.\n\nAccept all\n\nReject all",
    "de": "Ihre Privatsphäre ist uns wichtig. Wir und unsere Partner speichern Informationen auf Ihrem Gerät, etwa "
    "Cookies, und verarbeiten personenbezogene Daten.\n\nMit einem Klick auf Zustimmen willigen Sie in die "
    "Verwendung von "
    "Cookies ein. Ihre Einwilligung können Sie in der Datenschutzerklärung jederzeit widerrufen.\n\nAlle "
    "akzeptieren\n\n"
    "Einstellungen",
    "fr": "Le respect de votre vie privée est notre priorité. Avec nos partenaires, nous utilisons des cookies pour "
    "stocker des informations sur votre appareil et traiter des données personnelles.\n\nVous pouvez accepter ou "
    "refuser ces finalités, et changer d’avis à tout moment.\n\nTout accepter\n\nTout refuser",
    "es": "Su privacidad es importante para nosotros. Nosotros y nuestros socios usamos cookies para almacenar "
    "información en su dispositivo y tratar datos personales.\n\nPuede aceptar o configurar las cookies, y cambiar de "
    "opinión en cualquier momento.\n\nAceptar todo\n\nRechazar todo",
    "ru": "Мы заботимся о вашей конфиденциальности. Мы и наши партнёры используем файлы cookie и обрабатываем "
    "персональные данные.\n\nНажимая «Принять», вы соглашаетесь с политикой использования файлов cookie.\n\n"
    "Принять все\n\nНастроить",
}
AD_BLOCK = {
    "en": "It looks as if you use an ad blocker.\n\nOur journalism is paid for by advertising. Please switch off "
    "your ad "
    "blocker for this site and load the page again to go on reading.\n\nI have switched it off",
    "de": "Sie verwenden offenbar einen Werbeblocker.\n\nUnser Journalismus finanziert sich durch Werbung. Bitte "
    "schalten "
    "Sie den Werbeblocker für diese Seite ab und laden Sie sie neu.\n\nIch habe ihn abgeschaltet",
    "fr": "Vous utilisez un bloqueur de publicité.\n\nNotre journalisme est financé par la publicité. Merci de "
    "désactiver "
    "votre bloqueur sur ce site et de recharger la page.",
    "es": "Parece que usa un bloqueador de anuncios.\n\nNuestro periodismo se financia con publicidad. Desactive el "
    "bloqueador en este sitio y vuelva a cargar la página.",
    "ru": "Похоже, вы пользуетесь блокировщиком рекламы.\n\nНаша работа оплачивается рекламой. Отключите "
    "блокировщик для "
    "этого сайта и обновите страницу.",
}
PAYWALL = {
    "en": "\n\nThis article is for subscribers only.\n\nSubscribe now from 1 € a month\n\nAlready have an account? "
    "Log in",
    "de": "\n\nDieser Artikel ist nur für Abonnenten.\n\nJetzt ab 1 € im Monat testen\n\nSchon registriert? Anmelden",
    "fr": "\n\nCet article est réservé aux abonnés.\n\nAbonnez-vous dès 1 € par mois\n\nDéjà abonné ? Se connecter",
    "es": "\n\nEste artículo es solo para suscriptores.\n\nSuscríbase desde 1 € al mes\n\n¿Ya es suscriptor? Inicie "
    "sesión",
    "ru": "\n\nСтатья доступна только подписчикам.\n\nОформите подписку от 1 € в месяц\n\nУже подписаны? Войти",
}
RELATED = {
    "en": "\n\nRead more:\n\nTen things to know before the weekend\n\nOur best recipes for spring\n\nShare on social "
    "media\n\nSign up for our newsletter\n\nAll rights reserved. Terms of use | Privacy policy | Contact",
    "de": "\n\nLesen Sie auch:\n\nZehn Dinge, die Sie vor dem Wochenende wissen sollten\n\nUnsere besten Rezepte\n\n"
    "Artikel teilen\n\nNewsletter abonnieren\n\nAlle Rechte vorbehalten. Impressum | Datenschutz | Kontakt",
    "fr": "\n\nÀ lire aussi :\n\nDix choses à savoir avant le week-end\n\nNos meilleures recettes\n\nPartager\n\n"
    "S’inscrire à la newsletter\n\nTous droits réservés. Mentions légales | Confidentialité | Contact",
    "es": "\n\nLea también:\n\nDiez cosas que saber antes del fin de semana\n\nNuestras mejores "
    "recetas\n\nCompartir\n\n"
    "Suscríbase al boletín\n\nTodos los derechos reservados. Aviso legal | Privacidad | Contacto",
    "ru": "\n\nЧитайте также:\n\nДесять новостей перед выходными\n\nНаши лучшие рецепты\n\nПоделиться\n\n"
    "Подписаться на рассылку\n\nВсе права защищены. Условия | Конфиденциальность | Контакты",
}
ERROR_PAGE = "403 Forbidden\n\nYou do not have permission to access this resource.\n\nRequest id 7f3a-0091-"
MENU = "Home\nNews\nPolitics\nBusiness\nSport\nCulture\nWeather\nSubscribe\nLog in\n\n"
COMMENTS = (
    "\n\nComments (3)\n\nriverman77: Nobody asked us, as usual.\n\nReply · 2 hours ago\n\n"
    "Greta L.: About time too!!!\n\nReply · 1 hour ago\n\nLoad more comments"
)
SCRIPT = "window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);} gtag('js', 1);\n\n"
PLACEHOLDER = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore. "
)


def said(texts: dict[str, str], row: Row) -> str:
    """The text in the article's language, or in English."""
    return texts.get(row["language"], texts["en"])
