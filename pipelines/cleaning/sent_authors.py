"""The names of authors in what a sender or a feed says of them: people apart, without addresses and markup."""

import re
from collections.abc import Iterable, Iterator

from pipelines.cleaning.metadata.names import split_names
from pipelines.text.escapes import strip_tags

_NAMED_ADDRESS = re.compile(r"(?P<name>[^<>@()]*\S)\s*<[^<>\s]*@[^<>\s]*>|[^\s()<>]+@[^\s()<>]+\s*\((?P<in>[^()]+)\)")
_ADDRESS = re.compile(r"<?(?:mailto:)?[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>?|(?:https?://|www\.)\S+", re.IGNORECASE)
_LIST = re.compile(r"[,;/|]|\s(?:and|und|et|y|e|и|&)\s|^by\s", re.IGNORECASE)


def read_sent_authors(written: Iterable[str]) -> tuple[str, ...]:
    """Return the names in lines that each hold one or several; a line that holds no known form stays as it is."""
    return tuple(dict.fromkeys(name for line in written for name in _iterate_names(line)))


def _iterate_names(line: str) -> Iterator[str]:
    plain = strip_tags(line).strip()
    if named := _NAMED_ADDRESS.fullmatch(plain):
        plain = (named["name"] or named["in"]).strip(" \"'")
    if not plain or _ADDRESS.fullmatch(plain):
        return
    yield from (split_names([plain]) if _LIST.search(plain) else ()) or (plain,)
