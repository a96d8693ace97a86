"""Pages in the place of an article are rejected; articles about such things are not."""

import pytest

from pipelines.cleaning import clean_html


def page(title: str, heading: str, *paragraphs: str) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<html><head><title>{title}</title></head><body><h1>{heading}</h1>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("title", "heading", "text"),
    [
        ("Just a moment...", "paper.example", "Verify you are human by completing the action below."),
        ("Attention Required! | Cloudflare", "Sorry, you have been blocked", "This website uses a security service."),
        ("Access Denied", "Access Denied", "You don't have permission to access this on this server. Reference #18.2"),
        (
            "Post",
            "Are you a robot?",
            "To go on, please click the box below. We have seen unusual traffic from your net.",
        ),
        ("404: Page not found", "Page not found", "The page you are looking for does not exist. Try our search."),
        ("Seite nicht gefunden - Zeitung", "404", "Die angeforderte Seite konnte leider nicht gefunden werden."),
        ("Страница не найдена", "Ошибка 404", "К сожалению, запрашиваемая страница была удалена."),
        ("Post", "503 Service Unavailable", "The server cannot answer at the moment. Please come back later."),
        ("Post", "Hello", "This site is currently unavailable to visitors from the European Economic Area."),
        ("Post", "Log in to continue", "Enter your name and your password to read on."),
        (
            "Le Journal",
            "Votre vie privée",
            "Avec votre accord, nos partenaires utilisent des cookies sur votre appareil.",
        ),
    ],
)
def test_a_page_in_the_place_of_an_article_is_rejected(title: str, heading: str, text: str) -> None:
    cleaned = clean_html(page(title, heading, text))
    assert (cleaned.text, cleaned.reason) == (None, "not_the_article")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404 and counting: bridges that the county has lost", "The county has lost its 404th bridge, engineers said."),
        (
            "Blocked road opens again",
            "The road to the harbour, blocked by a tree since Friday, opened again on Monday.",
        ),
        ("Login fraud rises by a third", "Fraud with stolen logins has risen by a third, the police said on Tuesday."),
        (
            "Maintenance of the pier begins",
            "The pier is closed from Monday on, and will be back in May, the town said.",
        ),
        ("Gone", "The last boat of the yard was sold on Friday, and its gates were closed for good at noon."),
    ],
)
def test_a_short_article_about_such_a_thing_is_published(title: str, text: str) -> None:
    assert clean_html(page(title, title, text)).text == text
