"""Base64, as other tools write it."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.messages.encoded import decode_base64

DATA = bytes(range(256)) * 2
WRITTEN = base64.b64encode(DATA).decode()


@pytest.mark.parametrize(
    "written",
    [
        base64.encodebytes(DATA).decode(),
        base64.encodebytes(DATA).decode().replace("\n", "\r\n"),
        base64.encodebytes(DATA).decode().replace("\n", "\\n"),
        base64.urlsafe_b64encode(DATA).decode(),
        WRITTEN.rstrip("="),
        f"  {WRITTEN}\n",
        f"data:text/html;charset=utf-8;base64,{WRITTEN}",
        f"b'{WRITTEN}'",
        base64.b64encode(DATA[:100]).decode() + base64.b64encode(DATA[100:]).decode(),
    ],
)
def test_base64_is_decoded_in_other_spellings(written: str) -> None:
    assert decode_base64(written) == DATA


@pytest.mark.parametrize("written", ["no base64!", "a", "<html>", "YQ==!"])
def test_what_is_no_base64_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"base64|characters|padding"):
        decode_base64(written)


@given(st.text())
def test_anything_is_decoded_or_refused(written: str) -> None:
    with suppress(ValueError):
        decode_base64(written)
