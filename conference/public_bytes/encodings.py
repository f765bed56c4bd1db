"""How a body travels: compressed once, in the codings browsers name."""

from __future__ import annotations

import functools
import gzip

import brotli  # type: ignore[import-untyped]

PLAIN = ""
# The best first. RFC 9110, section 8.4.1; RFC 7932.
CODINGS = ("br", "gzip")
# Of a text of 100 KB, a tenth more than with the best quality, in a fiftieth of its time.
_BROTLI_QUALITY = 5
_SMALLEST = 200
_TEXTS = ("text/", "application/json", "application/xml", "application/atom+xml", "application/manifest+json")
Bodies = dict[str, bytes]


@functools.lru_cache(maxsize=256)
def accepted(header: str) -> tuple[str, ...]:
    """The codings that an Accept-Encoding allows, the best first, and in the end none at all."""
    named = {coding for part in header.lower().split(",") if (coding := _allowed(part))}
    return (*(coding for coding in CODINGS if coding in named), PLAIN)


def _allowed(part: str) -> str:
    """Its name, or "" where a weight of nought forbids it."""
    coding, *parameters = (item.strip() for item in part.split(";"))
    weights = [
        value for name, _, value in (item.partition("=") for item in parameters) if name.strip() == "q"
    ]
    return "" if weights and not weights[0].strip("0. ") else coding


def encoded(body: bytes, *, content_type: str) -> Bodies:
    """What is kept of a body: a text in every coding and not as it is, all else as it is."""
    if len(body) < _SMALLEST or not content_type.startswith(_TEXTS):
        return {PLAIN: body}
    brotlied = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
    # The same bytes whoever compresses them: no time.
    return {"br": brotlied, "gzip": gzip.compress(body, mtime=0)}


def body_for(bodies: Bodies, wanted: tuple[str, ...]) -> tuple[str, bytes]:
    """(coding, body) of the first that there is."""
    for coding in wanted:
        if coding in bodies:
            return coding, bodies[coding]
    return PLAIN, gzip.decompress(bodies["gzip"])
