"""An article as a sender hands it over: its body, and what is known about it."""

from typing import Annotated, Any, NoReturn

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)

from pipelines.messages.encoded import decode_base64
from pipelines.messages.fields import MAX_DATE, Moment, read_fields
from pipelines.text.limits import MAX_SENT_AUTHORS, MAX_SENT_TEXT, MAX_SENT_URL

Text = Annotated[str, Field(min_length=1, max_length=MAX_SENT_TEXT)]
Url = Annotated[str, Field(min_length=1, max_length=MAX_SENT_URL)]

BODIES = ("html", "html_base64", "text", "text_base64")  # the fullest first


class Unreadable(ValueError):
    """The bytes are not a message, or not an article; `reason` is one of tables.items.REASONS."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class Model(BaseModel):
    """A value that somebody sent; members that we do not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Article(Model):
    """One article: its body in one of four forms, and what the sender knows about it."""

    html: str | None = Field(None, description="The page as text.")
    html_base64: str | None = Field(None, description="The page's bytes, untouched, for pages of unknown encoding.")
    text: str | None = Field(None, description="Plain text, site furniture and all.")
    text_base64: str | None = Field(None, description="The bytes of a plain text, untouched.")
    url: Url | None = Field(None, description="Where the article was found.")
    source: Text | None = Field(
        None, description="The publisher; else the host of the envelope's source or of the URL."
    )
    title: Text | None = None
    authors: tuple[Text, ...] = Field((), max_length=MAX_SENT_AUTHORS)
    published_at: AwareDatetime | None = None
    language: str | None = Field(None, pattern="^[a-z]{2,3}$", description="ISO 639-1.")
    fetched_at: AwareDatetime | None = Field(None, description="When the sender fetched it.")
    headers: dict[str, str] = Field({}, description="Response headers of the fetch; content-type gives the encoding.")

    _precision: str | None = PrivateAttr(None)
    _written_date: str | None = PrivateAttr(None)
    _left_out: tuple[str, ...] = PrivateAttr(())

    @model_validator(mode="wrap")
    @classmethod
    def _read_leniently(cls, value: Any, validate: ModelWrapValidatorHandler["Article"]) -> "Article":
        """Read what the sender says in whatever form; what cannot be read is left out, except for the body."""
        if not isinstance(value, dict):
            return validate(value)
        fields, left_out = read_fields(value)
        body, other_bodies = _choose_body(fields)
        moments = {name: moment for name, moment in fields.items() if isinstance(moment, Moment)}
        known = {name: field for name, field in fields.items() if name not in other_bodies}
        article = validate(known | {name: moment.at for name, moment in moments.items()})
        if body is None:
            raise ValueError("one of html, html_base64, text and text_base64 is needed")
        published = moments.get("published_at")
        article._precision = published.precision if published else None
        article._written_date = _find_written_date(value) if published is None else None
        article._left_out = (*left_out, *(name for name in other_bodies if _is_filled(fields[name])))
        return article

    @property
    def published_precision(self) -> str | None:
        """How exact `published_at` is."""
        return self._precision

    @property
    def written_date(self) -> str | None:
        """What is said in words of when it was published, where `published_at` cannot be told from that here."""
        return self._written_date

    @property
    def left_out(self) -> tuple[str, ...]:
        """The fields of which something could not be read, or was not needed."""
        return self._left_out

    @property
    def is_plain_text(self) -> bool:
        """Whether the body is said to be plain text."""
        return self.html is None and self.html_base64 is None

    @property
    def body(self) -> bytes:
        """The bytes of the body. Raises Unreadable for invalid base64."""
        for name in ("html_base64", "text_base64"):
            encoded = getattr(self, name)
            if encoded is not None:
                return _decode(name, encoded)
        return (self.html if self.html is not None else self.text or "").encode("utf-8", "surrogatepass")

    @property
    def charset(self) -> str | None:
        """The encoding of `body`: known if it came as text, else from the content-type header."""
        if self.html_base64 is None and self.text_base64 is None:
            return "utf-8"
        headers = {name.lower(): value for name, value in self.headers.items()}
        _, _, charset = headers.get("content-type", "").lower().partition("charset=")
        return charset.split(";")[0].split(",")[0].strip("\"' ") or None


def _choose_body(fields: dict[str, Any]) -> tuple[str | None, list[str]]:
    """Return the name of the first body that is filled, else of the first there is; and the names of the others."""
    given = [name for name in BODIES if fields.get(name) is not None]
    filled = [name for name in given if _is_filled(fields[name])]
    body = next(iter(filled or given), None)
    return body, [name for name in BODIES if name in fields and name != body]


def _find_written_date(fields: dict[str, Any]) -> str | None:
    written = fields.get("published_at")
    return written.strip() if isinstance(written, str) and 0 < len(written.strip()) <= MAX_DATE else None


def _is_filled(body: Any) -> bool:
    return isinstance(body, str) and bool(body.strip())


def _decode(name: str, encoded: str) -> bytes:
    try:
        return decode_base64(encoded)
    except ValueError as error:
        raise_broken(name, error)


def raise_broken(name: str, error: ValueError) -> NoReturn:
    """Raise Unreadable for a field whose base64 is none."""
    raise Unreadable("broken", f"{name}: {error}") from error
