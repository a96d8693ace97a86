"""Base64, as other tools write it."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.messages.encoded import decode_base64, read_bytes

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


@pytest.mark.parametrize("written", ["no base64!", "a", "YQ==!"])
def test_what_is_no_base64_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"base64|characters|padding"):
        decode_base64(written)


@given(st.text())
def test_anything_is_decoded_or_refused(written: str) -> None:
    with suppress(ValueError):
        decode_base64(written)


PAGE = "<p>" + " ".join(f"Ça va {n * n}? ~>>" for n in range(40)) + "</p>"
CODED = base64.b64encode(PAGE.encode()).decode()


@pytest.mark.parametrize(
    "written",
    [
        PAGE,
        f'"{CODED}"',
        CODED.replace("+", " "),
        CODED.replace("+", "%2B").replace("=", "%3D"),
        base64.b64encode(CODED.encode()).decode(),
        f"-----BEGIN PAGE-----\n{CODED}\n-----END PAGE-----",
        PAGE.encode().hex(),
        CODED + "\0",
    ],
)
def test_bytes_are_read_as_forms_and_other_encoders_write_them(written: str) -> None:
    assert decode_base64(written).decode() == PAGE


@pytest.mark.parametrize(
    "value", [{"type": "Buffer", "data": [195, 169]}, [-61, -87], {"$binary": {"base64": "w6k=", "subType": "00"}}]
)
def test_bytes_that_are_no_string_in_json_are_read(value: object) -> None:
    assert read_bytes(value) == "é".encode()


@pytest.mark.parametrize("value", [None, "YQ==", [], [1, 999], [True], {"type": "Buffer"}, {"a": 1}])
def test_other_values_are_no_bytes(value: object) -> None:
    assert read_bytes(value) is None
