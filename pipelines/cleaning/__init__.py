"""One document → readable text and what it says about itself. Pure: bytes in, `Cleaned` out, never an exception."""

from pipelines.cleaning.cleaned import Cleaned
from pipelines.cleaning.pages.clean import clean_html
from pipelines.cleaning.texts.clean import clean_text

__all__ = ["Cleaned", "clean_html", "clean_text"]
