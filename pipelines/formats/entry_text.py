"""Content and title of a feed's entry: markup that was escaped too often, and the line that the feed itself adds."""

import re
from html import unescape
from urllib.parse import unquote_to_bytes, urlsplit

from pipelines.text.escapes import strip_tags, unescape_text

_PASSES = 3
_LOOKED_AT = 4_096  # bytes
_BLOCK = r"(?:p|div|br|h[1-6]|ul|ol|li|blockquote|figure|img|table|section|span|strong|em|a)\b"
_REAL = re.compile(rf"<{_BLOCK}", re.IGNORECASE)
_ESCAPED = re.compile(rf"&(?:amp;)*lt;{_BLOCK}[^<>]{{0,500}}?&(?:amp;)*gt;", re.IGNORECASE)

MAX_FOOTER = 600  # characters without markup
MAX_BLOCKS = 12  # of the last ones
MAX_BETWEEN = 60  # characters around the two links of a footer
_TAIL = 3_000  # characters of markup in which a footer is looked for
_LAST_BLOCK = re.compile(r"<(?:p|div|hr|blockquote|em|small|br)\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^>]{0,1000}?\bhref\s*=\s*[\"']?([^\"'\s>]+)[^>]*>(.*?)</a\s*>", re.IGNORECASE | re.DOTALL)
_ANY_TAG = re.compile(r"<[^<>]*>")
# What plug-ins of WordPress, Medium and the like write under each entry, by language: how it begins, and what stands
# between the title and the site.
_FOOTERS = (
    ("(?:the |this )?(?:post|article|story|entry|content)",
     "(?:first appeared|appeared first|originally appeared|was (?:first|originally) published) (?:on|at|in)"),
    ("(?:der |dieser )?(?:beitrag|artikel)", "(?:erschien zuerst|ist zuerst erschienen) (?:auf|bei|in)"),
    ("(?:l['’]|cet )?(?:article|entrée|billet|post)",
     "(?:est apparu|est paru|apparaît|a été publié) (?:en premier|d['’]abord|pour la première fois)"),
    ("(?:la entrada|el artículo|el post|la publicación|la noticia)",
     "(?:se publicó|aparece|apareció|fue publicad[oa]|ha aparecido) (?:primero|por primera vez) (?:en|por)"),
    ("(?:l['’]articolo|il post|questo articolo)",
     "(?:proviene da|sembra essere il primo su|(?:è apparso|è stato pubblicato) per la prima volta su)"),
    ("o (?:post|artigo|conteúdo)|a (?:notícia|matéria|publicação)",
     "(?:apareceu|aparece|foi publicad[oa]) (?:primeiro|pela primeira vez) (?:em|no|na)"),
    ("(?:het |dit )?(?:bericht|artikel)", "(?:verscheen|is) (?:het )?eerst (?:op|bij|verschenen)"),
    ("artykuł|wpis|post", "(?:pochodzi z serwisu|pojawił się (?:po ?raz pierwszy|najpierw) (?:w|na))"),
    ("запись|сообщение|статья|пост", "(?:впервые появил(?:ась|ось|ся|ись)|появил(?:ась|ось|ся|ись) сначала)"),
    ("запис|стаття|допис", "(?:спершу з['’]яви(?:вся|лася|лась)|вперше з['’]яви(?:вся|лася|лась)) на"),
    ("inlägget|artikeln", "(?:dök först upp på|publicerades först på)"),
    ("indlægget|artiklen", "(?:blev først (?:udgivet|vist) på|dukkede først op på)"),
    ("innlegget|artikkelen", "(?:dukket først opp på|ble først publisert på)"),
    ("artikkeli|julkaisu", "(?:julkaistiin ensimmäisen kerran|ilmestyi ensimmäisenä)"),
    ("příspěvek|článek", "(?:pochází z|se nejdříve objevil na|byl nejprve publikován na)"),
    ("az?|a\\(z\\)", "bejegyzés először"),
    ("articolul|postarea", "(?:apare prima dată|a apărut (?:mai întâi|prima dată)) (?:în|pe)"),
    ("το άρθρο", "(?:εμφανίστηκε|δημοσιεύτηκε) πρώτα στο"),
    ("l['’](?:entrada|article)", "ha aparegut primer a"),
    ("artikel|postingan", "pertama kali (?:tampil|muncul) (?:pada|di)"),
    ("bài viết", "(?:đã )?xuất hiện (?:đầu tiên|lần đầu tiên)"),
    ("(?:ظهرت? )?(?:المقالة|المقال|التدوينة)", "(?:أولاً|أولا|للمرة الأولى) (?:على|في)"),
    ("نوشته", "اولین بار در"),
    ("הפוסט", "הופיע (?:לראשונה|ראשון)"),
)  # fmt: skip
_FOOTER = re.compile(
    "|".join(f"(?:{opening})(?: .+)? (?:{phrase}) .+" for opening, phrase in _FOOTERS)
    + "|.+ was originally published in .+ on Medium, where people are continuing the conversation.*"
    + "|.+ (?:yazısı|haberi|gönderisi) (?:ilk önce|ilk olarak) .+ (?:ortaya çıktı|göründü|yayınlandı).?"
    + "|(?:投稿|記事).+に(?:最初に表示|最初に掲載)されました.?"
    + "|(?:文章)?.*(?:最先出现|首先出现|最早出現|最先出現)(?:在|于|於).+"
    + "|.+ ?(?:게시물이|글은) .+에 처음 (?:등장했습니다|나타났습니다|게시되었습니다).?",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE = re.compile(r"(?<=[.!?…”\"»\]]) +|\n+")


def read_title(written: str, *, is_literal: bool = False) -> str:
    """Return a title without escapes, and without tags unless it says that it has none."""
    title = unescape_text(written)
    return " ".join((title if is_literal else unescape_text(strip_tags(title))).split())


def unescape_markup(content: str, is_html: bool) -> tuple[str, bool]:
    """Return the content with its markup as markup where that was escaped once too often, and whether it is HTML.

    A text about markup has some escaped tags among many real ones; here nearly all are escaped.
    """
    for _ in range(_PASSES):
        escaped = len(_ESCAPED.findall(content))
        if escaped < 2 or escaped <= 2 * len(_REAL.findall(content)):
            break
        content, is_html = unescape(content), True
    return content, is_html


def unwrap_body(body: bytes) -> bytes:
    """Return the bytes of a page without escapes around all of its markup, and without the percents of a form."""
    start = body[:_LOOKED_AT].lstrip()
    if start[:3].upper() == b"%3C" and b"<" not in start:
        return unquote_to_bytes(body if b"%20" in start else body.replace(b"+", b" "))
    if start.startswith((b"&lt;", b"&amp;lt;")) and body.count(b"lt;") > 2 + 2 * body.count(b"<"):
        for escape, character in ((b"&amp;", b"&"), (b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"')):
            body = body.replace(escape, character)
        return body.replace(b"&#39;", b"'").replace(b"&#039;", b"'")
    return body


def remove_footer(content: str, is_html: bool, url: str | None) -> str:
    """Return the content without the line in which its feed says where the entry appeared first."""
    if not is_html:
        return _remove_last_sentence(content)
    start = max(len(content) - _TAIL, 0)
    for block in list(_LAST_BLOCK.finditer(content, start))[:-MAX_BLOCKS:-1]:
        last = content[block.start() :]
        words = " ".join(unescape(_ANY_TAG.sub("", last)).split())
        if len(words) > MAX_FOOTER:
            break
        if words and (_FOOTER.fullmatch(words) or _is_link_to_itself(last, words, url)):
            return content[: block.start()]
    return content


def _remove_last_sentence(content: str) -> str:
    """Return a plain text without a footer in its last line, or behind the last sentences of that."""
    start = max(len(content) - MAX_FOOTER, 0)
    begins = [start, *(mark.end() for mark in _SENTENCE.finditer(content, start))]
    for begin in begins[:-MAX_BLOCKS:-1]:
        if (begin > start or start == 0) and _FOOTER.fullmatch(content[begin:].strip()):
            return content[:begin].rstrip()
    return content


def _is_link_to_itself(markup: str, words: str, url: str | None) -> bool:
    """Return whether a last line links to its own entry and to the front page, and says little more."""
    links = _LINK.findall(markup)
    if url is None or len(links) != 2:
        return False
    linked = sum(len(" ".join(unescape(_ANY_TAG.sub("", text)).split())) for _, text in links)
    own, home = (unescape(href) for href, _ in links)
    return len(words) - linked <= MAX_BETWEEN and _is_same(own, url) and _is_front_page_of(home, url)


def _is_same(address: str, url: str) -> bool:
    return address.partition("?")[0].rstrip("/") == url.partition("?")[0].rstrip("/")


def _is_front_page_of(address: str, url: str) -> bool:
    try:
        home, page = urlsplit(address), urlsplit(url)
    except ValueError:
        return False
    return home.netloc == page.netloc and not home.path.strip("/")
