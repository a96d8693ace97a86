"""Text that is no article is refused, whatever it is called; prose is not."""

import io

import pytest

from pipelines.formats import Document, unpack
from pipelines.formats.foreign import find_foreign

PROSE = "The ferry ran late; the harbour, the clerk said, was closed. Passengers waited for two hours.\n"

FILES = {
    "drawn table": "| id | day |\n|---|---|\n| 1 | Monday |\n| 2 | Friday |\n",
    "trace": 'Traceback (most recent call last):\n  File "/a.py", line 3\n    g()\n  File "/b.py", line 4\n    x\n',
    "java trace": "Exception: gone\n" + "\tat org.a.B.c(B.java:7)\n" * 5,
    "addresses with days": "# seeds\nhttps://a.example/1\t2026-03-02\nhttps://a.example/2\t2026-03-02\n",
    "hosts and paths": "a.example/news/1\na.example/news/2\nb.example/3\n",
    "sums": "d41d8cd98f00b204e9800998ecf84270  a.html\nd41d8cd98f00b204e9800998ecf84271  b.html\n",
    "yaml": "name: a\njobs:\n  - build\n  - test\nimage: x\ntag: y\n",
    "script": 'import os\n\ndef main():\n    print("a")\n\nif True:\n    main()\n',
    "mail without a name": "From: a@a.example\nSubject: Ferry\nMIME-Version: 1.0\n\n" + PROSE,
    "index of an archive": 'com,example)/1 2026 {"url": "a"}\ncom,example)/2 2026 {"url": "b"}\n',
    "base64": "VGhlIGZlcnJ5IHJhbiBsYXRlOyB0aGUgaGFyYm91ciwgdGhlIGNsZXJrIHNhaWQ5\n" * 6,
    "csv": 'id,title,body\n1,"Ferry late","The ferry, at 8, ran late."\n2,"Pier, new","A pier\nopens."\n3,a,b\n',
    "tsv": "title\turl\nFerry late\thttps://a.example/1\nPier opens\thttps://a.example/2\n",
    "semicolons": "Titel;Text\nFähre;Die Fähre kam spät.\nPier;Der Pier öffnet.\n",
    "css": "body { margin: 0; }\n.a p { color: #222; }\n@media print { .a { display: none; } }\n" * 3,
    "minified": "!function(e,t){var n={a:1};for(r=0;r<9;r++){n[r]=e(t)}}(window,{b:2});" * 9,
    "javascript": "const a = 1;\nfunction go(x) {\n  return a + x;\n}\nmodule.exports = { go };\n",
    "python": "import os\nimport sys\n\ndef main(path):\n    x = 1\n    return x;\n\ndef other():\n    #\n",
    "sql": "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1, 'The ferry ran late.');\nINSERT INTO a VALUES (2);\n",
    "apache log": '10.0.0.1 - - [02/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5\n' * 5,
    "application log": "2026-03-02 10:00:00,123 INFO fetched a page in 3 s\n2026-03-02T10:00:01Z ERROR gone\n" * 3,
    "syslog": "Mar  2 10:00:00 host crawler[7]: fetched a page\n" * 4,
    "addresses": "https://a.example/1\nhttps://a.example/2\n\nhttp://b.example/?q=1\n",
    "settings": "[crawler]\ndelay = 3\nagent = desk/1.0\n# where\nroot = /srv\n",
    "calendar": "BEGIN:VCALENDAR\nVERSION:2.0\nSUMMARY:Press day\nEND:VCALENDAR\n",
    "subtitles": "1\n00:00:01,000 --> 00:00:04,000\nThe ferry ran late.\n\n2\n00:00:05,000 --> 00:00:07,000\nAgain.\n",
    "drawing": '<svg xmlns="http://www.w3.org/2000/svg"><text>The ferry ran late</text></svg>',
    "site map": "<urlset><url><loc>https://a.example/1</loc></url></urlset>",
}


def only(text: str, name: str | None = None, media_type: str | None = None) -> Document:
    [document] = unpack(io.BytesIO(text.encode()), name, media_type)
    return document


@pytest.mark.parametrize("file", sorted(FILES))
@pytest.mark.parametrize("name", [None, "inbox/paper.example/a", "inbox/paper.example/a.txt"])
def test_a_file_that_is_no_article_is_known_by_its_lines(file: str, name: str | None) -> None:
    if file in {"drawing", "site map"} and name and name.endswith(".txt"):
        return  # what is said to be plain text stays so
    assert only(FILES[file], name).reason == "unknown_type"


@pytest.mark.parametrize("name", ["a.csv", "a.CSS", "a.log.gz", "export.sql", "b/style.less", "c.eml"])
def test_a_name_is_enough(name: str) -> None:
    assert find_foreign(PROSE, f"inbox/paper.example/{name}", None) is not None


@pytest.mark.parametrize("media_type", ["text/csv; charset=utf-8", "text/css", "application/javascript"])
def test_a_media_type_is_enough(media_type: str) -> None:
    assert find_foreign(PROSE, "inbox/a", media_type) is not None


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        PROSE * 40,
        "Ferry late\n\n" + PROSE + "\nRead more: https://a.example/1\nhttps://a.example/2\n",
        "Fish, chips, peas\nBread, salt, wine\nTea, milk, sugar\nA menu, in short, of the coast.\n",
        "10:00 The ferry is late.\n10:30 It is still late.\n11:00 It sails.\n",
        "Q: Was it late?\nA: It was.\nQ: Why?\nA: Fog.\n",
        "2 March 2026 14:00:00\nFerry late\n" + PROSE,
        "Import of fish falls\nFunction of the pier unclear; committee meets;\nClass of 1990 returns\n" + PROSE,
        "The bill says: 1) no fishing; 2) no swimming; 3) no boats; and 4) no fires; it passed.",
        "# Ferry late\n\n* the pier [closed](https://a.example/1)\n* the quay\n\n" + PROSE,
    ],
)
def test_prose_is_an_article(text: str) -> None:
    assert only(text, "a.txt").reason is None


def test_a_page_may_have_the_name_of_a_program() -> None:
    assert only("<!doctype html><p>a", "inbox/paper.example/story.php").media_type == "text/html"
