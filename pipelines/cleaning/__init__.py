"""One document → readable text and what it says about itself. Pure: bytes in, `Cleaned` out, never an exception."""

from pipelines.cleaning.cleaned import Cleaned
from pipelines.cleaning.html import clean_html
from pipelines.cleaning.text import clean_text, looks_like_html

__all__ = ["Cleaned", "clean_html", "clean_text", "looks_like_html"]
