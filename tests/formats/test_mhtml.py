"""Pages as browsers save them, with their pictures."""

import io
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from pipelines.formats import Document, unpack

PAGE = "<!doctype html><title>Fähre</title><p>a"


def saved(*parts: tuple[str, str, str], **headers: str) -> bytes:
    message = MIMEMultipart("related", type="text/html")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    for text, kind, address in parts:
        part = MIMEText(text, kind, "utf-8")
        part["Content-Location"] = address
        message.attach(part)
    return message.as_bytes()


def documents(payload: bytes, name: str = "a.mhtml") -> list[Document]:
    return list(unpack(io.BytesIO(payload), name, None))


def test_the_page_of_a_saved_file_is_one_article_with_its_address() -> None:
    payload = saved(
        ("p {}", "css", "https://a.example/s.css"),
        ("<html>an advertisement", "html", "https://ads.example"),
        (PAGE, "html", "https://a.example/1"),
        From="<Saved by a browser>",
        Snapshot_Content_Location="https://a.example/1",
    )
    assert (
        documents(payload)
        == documents(payload, "a.txt")
        == [Document(body=PAGE.encode(), media_type="text/html", charset="utf-8", url="https://a.example/1")]
    )


def test_without_the_address_of_the_saved_page_the_first_counts() -> None:
    [document] = documents(saved((PAGE, "html", "https://a.example/1"), ("<html>b", "html", "https://b.example")))
    assert (document.body, document.url) == (PAGE.encode(), "https://a.example/1")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (saved(("p {}", "css", "https://a.example/s.css")), "not_an_article"),
        (saved(), "not_an_article"),
        (b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n", "empty"),
    ],
)
def test_a_saved_file_without_a_page_is_rejected(payload: bytes, reason: str) -> None:
    assert [document.reason for document in documents(payload)] == [reason]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"Content-Type: multipart/related; boundary=b\n\n" + b"\n" * 2_000_001, "too_large"),
        (b"Content-Type: multipart/related; boundary=b\n\n--b\n" * 30, "too_deep"),
    ],
)
def test_a_saved_file_that_would_take_minutes_is_rejected(payload: bytes, reason: str) -> None:
    assert [document.reason for document in documents(payload)] == [reason]


def test_a_header_of_any_length_is_read_at_once() -> None:
    long = b"Content-Type: text/html; " + b"a=b;" * 500_000  # an hour, if all of it were read
    [document] = documents(b"Content-Type: multipart/related; boundary=b\n\n--b\n" + long + b"\n\n" + PAGE.encode())
    assert document.body == PAGE.encode()
