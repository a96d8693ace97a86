"""The marks that end a sentence, and whether a line ends with one."""

import re

END_MARKS = ".!?…。！？؟।"
SENTENCE_END = re.compile(f"[{END_MARKS}]")
# Words of a quotation may end a line too: what closes them counts with a mark before it, and some brackets alone.
_LINE_END = re.compile(rf"[{END_MARKS}][\"'”’»)\]」』]{{0,3}}$|[”»」』]$")
_LONGEST_END = 8  # characters; the pattern takes up to four


def ends_sentence(line: str) -> bool:
    """Return whether a line ends as a sentence or a quotation does."""
    return _LINE_END.search(line[-_LONGEST_END:]) is not None
