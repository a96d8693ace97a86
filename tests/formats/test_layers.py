"""Compression around a payload."""

import gzip
import io
from typing import Any

import pytest
import zstandard

from pipelines.formats import Document, unpack

TEXT = b"Minister resigns.\n"


def squeezed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def documents(payload: bytes, name: str | None = "a.jsonl") -> list[Document]:
    return list(unpack(io.BytesIO(payload), name, None))


def bodies_or_reasons(payload: bytes, name: str | None = "a.jsonl") -> list[bytes | str]:
    return [document.reason or document.body for document in documents(payload, name)]


@pytest.mark.parametrize("compress", [gzip.compress, squeezed])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.html.zst", None])
def test_compression_is_known_by_its_bytes_and_not_by_a_name(compress: Any, name: str | None) -> None:
    [document] = documents(compress(TEXT), name)
    assert document.body == TEXT


@pytest.mark.parametrize("compress", [gzip.compress, squeezed])
def test_members_one_after_the_other_are_one_payload(compress: Any) -> None:
    assert bodies_or_reasons(compress(TEXT) + compress(b"") + compress(TEXT), "a.txt") == [TEXT + TEXT]


def test_a_skippable_zstd_frame_is_skipped() -> None:
    assert bodies_or_reasons(b"\x50\x2a\x4d\x18\x03\0\0\0abc" + squeezed(TEXT), "a.txt") == [TEXT]


def test_zeros_behind_a_gzip_member_are_padding() -> None:
    assert bodies_or_reasons(gzip.compress(TEXT) + b"\0" * 10_000, "a.txt") == [TEXT]


def test_two_layers_are_taken_off_and_three_are_not() -> None:
    assert bodies_or_reasons(squeezed(gzip.compress(TEXT)), "a.txt") == [TEXT]
    assert bodies_or_reasons(gzip.compress(squeezed(gzip.compress(TEXT))), "a.txt") == ["too_deep"]


@pytest.mark.parametrize("compress", [gzip.compress, squeezed])
@pytest.mark.parametrize("garbage", [b"garbage", b"\0\0\0\1", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"])
def test_what_stands_behind_the_compressed_bytes_is_not_dropped_in_silence(compress: Any, garbage: bytes) -> None:
    assert bodies_or_reasons(compress(b'{"text": "a"}\n') + garbage) == [b"a", "broken"]


@pytest.mark.parametrize("compress", [gzip.compress, squeezed])
def test_every_cut_of_a_compressed_file_is_told(compress: Any) -> None:
    packed = compress(b'{"text": "a"}\n{"text": "b"}\n')
    for length in range(5, len(packed)):
        assert bodies_or_reasons(packed[:length])[-1] == "broken"


@pytest.mark.slow
def test_a_compressed_file_damaged_inside_keeps_the_items_before() -> None:
    lines = b"".join(b'{"text": "%d"}\n' % n for n in range(100_000))
    packed = bytearray(gzip.compress(lines))
    packed[-4_000] ^= 0xFF
    found = bodies_or_reasons(bytes(packed))
    assert found[0] == b"0"
    assert len(found) > 50_000
    assert found[-1] == "broken"


def test_a_window_larger_than_we_hold_is_refused() -> None:
    compressor = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    ).compressobj()
    packed = compressor.compress(b"a" * 1000) + compressor.flush()
    assert bodies_or_reasons(packed) == ["broken"]


def test_what_reading_the_stream_raises_passes() -> None:
    class Torn(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            raise ConnectionResetError("the store went away")

    with pytest.raises(ConnectionResetError):
        list(unpack(io.BufferedReader(Torn()), "a.txt", None))
