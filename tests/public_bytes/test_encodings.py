"""A text is compressed once and sent in the best coding that the reader takes."""

from __future__ import annotations

import gzip

import brotli
import pytest

from conference.public_bytes.encodings import accepted, body_for, encoded

TEXT = "Açılış und Begrüßung\n".encode() * 100


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("", ("",)),
        ("gzip, deflate, br, zstd", ("br", "gzip", "")),
        ("gzip", ("gzip", "")),
        ("br;q=0, GZIP;q=0.5", ("gzip", "")),
        ("gzip;q=0.000 , br ; q=1", ("br", "")),
        ("gzip;q=nan, \xff", ("gzip", "")),
        ("identity, *;q=0", ("",)),
        ("xgzip, brr", ("",)),
    ],
)
def test_only_a_coding_that_is_named_and_not_forbidden_is_used(header: str, codings: tuple[str, ...]) -> None:
    assert accepted(header) == codings


def test_a_text_is_kept_compressed_and_comes_back_whole() -> None:
    bodies = encoded(TEXT, content_type="text/html; charset=utf-8")

    assert sorted(bodies) == ["br", "gzip"]
    assert [brotli.decompress(bodies["br"]), gzip.decompress(bodies["gzip"])] == [TEXT, TEXT]
    assert body_for(bodies, ("br", "gzip", "")) == ("br", bodies["br"])
    assert body_for(bodies, ("",)) == ("", TEXT)
    assert encoded(TEXT, content_type="text/html; charset=utf-8") == bodies


@pytest.mark.parametrize(
    ("body", "content_type"), [(TEXT, "application/pdf"), (TEXT, "image/png"), (b"short", "text/html")]
)
def test_what_would_not_shrink_is_kept_as_it_is(body: bytes, content_type: str) -> None:
    bodies = encoded(body, content_type=content_type)

    assert bodies == {"": body}
    assert body_for(bodies, ("br", "gzip", "")) == ("", body)
