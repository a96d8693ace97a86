"""What several enrichers need of a text: the code of its language, its lower case, and a span of it."""

Span = tuple[int, int]
"""The offsets of the first character and behind the last one."""


def get_language_code(language: str | None) -> str:
    """Return ISO 639 without region and script, in lower case: `en` of `en-GB`; empty where it is not known."""
    return (language or "").partition("-")[0].lower()


def lower_keeping_offsets(text: str) -> str:
    """Return a text in lower case with straight apostrophes, each character at its place."""
    lower = text.lower().replace("’", "'")
    if len(lower) != len(text):  # İ becomes two characters, and every offset after it would be wrong
        lower = "".join(letter.lower()[0] for letter in text).replace("’", "'")
    return lower
