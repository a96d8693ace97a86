"""A line that says only what sites say around their articles is furniture; a line of an article never is."""

import pytest

from pipelines.cleaning.phrases import find_furniture


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Advertisement", "advert"),
        ("Story continues below", "advert"),
        ("Publicidad", "advert"),
        ("广告", "advert"),
        ("Share on WhatsApp", "share"),
        ("Facebook | Twitter | E-Mail", "share"),
        ("Partager cet article", "share"),
        ("Поделиться", "share"),
        ("Back to top", "player"),
        ("Your browser does not support the video element.", "player"),
        ("Posted 2 days ago", "moving"),
        ("Updated 11 minutes ago | 3 min read", "moving"),
        ("vor 5 Stunden", "moving"),
        ("il y a 3 heures", "moving"),
        ("Hace 20 minutos", "moving"),
        ("5 часов назад", "moving"),
        ("2時間前", "moving"),
        ("قبل 3 ساعات", "moving"),
        ("By Clara Berg, 4 hours ago", "moving"),
        ("3.4k views", "moving"),
        ("Aufrufe: 1.204", "moving"),
        ("Temps de lecture : 4 min", "moving"),
        ("Read more: Market opens at dawn", "more"),
        ("Lesen Sie auch: Der Markt", "more"),
        ("À lire aussi", "more"),
        ("Читайте также: Рынок откроется", "more"),
        ("You may also like…", "more"),
        ("Sign up for our newsletter and get the news of the coast in your inbox.", "appeal"),
        ("Follow us on Facebook and Instagram", "appeal"),
        ("Got a tip? Write to desk@paper.example.", "appeal"),
        ("We may earn a commission if you buy something through links in this article.", "affiliate"),
        ("Diese Seite enthält Affiliate-Links: Wir erhalten eine Provision, wenn Sie kaufen.", "affiliate"),
        ("At this point you find external content from YouTube. With one click you can show it.", "embed"),
        ("Este contenido externo de Twitter no se puede mostrar sin su consentimiento.", "embed"),
        ("Our 300 partners and we store cookies on your device, with your consent.", "consent"),
        ("Wir und unsere Partner verwenden Cookies und personenbezogene Daten, wenn Sie zustimmen.", "consent"),
        ("This article is for subscribers only", "wall"),
        ("Déjà abonné ? Connectez-vous", "wall"),
        ("© 2026 Evening Post. All rights reserved.", "legal"),
        ("Перепечатка материалов допускается только со ссылкой на сайт.", "legal"),
        ("Gift this article", "share"),
        ("ツイート", "share"),
        ("View image in fullscreen", "player"),
        ("Font size A A A", "player"),
        ("214 people are reading this story right now", "moving"),
        ("Published: 5 hrs ago | Updated: 12 mins ago", "moving"),
        ("آخر تحديث: منذ 5 دقائق", "moving"),
        ("Aktualisiert: vor 5 Min.", "moving"),
        ("Stand: 14.05.2026, 11:02 Uhr", "dateline"),
        ("Tags: bread, schools", "more"),
        ("WATCH: Bakers at work", "more"),
        ("Add the Post as a preferred source on Google", "appeal"),
        ("This website uses cookies to improve your experience.", "consent"),
        ("当サイトでは、利用状況の分析のためにクッキーを使用しています。", "consent"),
        ("نستخدم ملفات تعريف الارتباط لتحسين تجربتك على موقعنا.", "consent"),
        ("Jetzt testen: 4 Wochen für 1 Euro, jederzeit kündbar.", "wall"),
        ("The views expressed in this column are those of the author.", "legal"),
        ("جميع الحقوق محفوظة للصحيفة", "legal"),
        ("未经书面授权，不得转载", "legal"),
        ("Мнение редакции может не совпадать с мнением авторов.", "legal"),
        ("(Image credit: Getty Images)", "credit"),
        ("Getty Images", "credit"),
        ("写真=共同", "credit"),
        ("Источник: ТАСС", "credit"),
        ("Mary Dalton/Coast Pictures/Getty Images", "credit"),
        ("Foto: Hans Berg", "credit"),
    ],
)
def test_a_line_of_the_site_is_told_by_its_words(line: str, rule: str) -> None:
    assert find_furniture(line) == rule


@pytest.mark.parametrize(
    "line",
    [
        "Police found the boat 3 hours ago near the northern quay",
        "The storm came two days ago, and nobody had expected it.",
        "Closed today",
        "The shares fell by a third after the notice.",
        "Read more slowly, she told her pupils, and you will understand twice as much.",
        "The company uses cookies to follow readers, and sells personal data to its partners.",
        "She has a newsletter with forty thousand readers.",
        "“Subscribe to our newsletter,” the baker calls after every customer.",
        "The council reserved all rights to the song that the sailors sing.",
        "Commission and council agreed on links between the harbours.",
        "He was a member of the club, and an account of his life is on sale.",
        "Sale Price $79",
        "Photo albums of the harbour are kept in the town library.",
        "We use two cookies for the base of each cake.",
        "On 4 March 2019",
        "Video: 4K at 30 frames a second",
        "The source of the river lies in the hills above the town",
        "Watch the birds, not the book, said the warden.",
        "A member of the press council regulated the traffic.",
    ],
)
def test_a_line_of_an_article_is_none(line: str) -> None:
    assert find_furniture(line) is None


def test_a_line_in_links_leads_elsewhere_without_a_sign() -> None:
    assert find_furniture("Read more about the market", is_linked=True) == "more"
