"""Reads PDFs as a screen reader, and as an eye, would."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps, ImageStat
from pypdf import PdfReader
from pypdf.generic import ContentStream

SCALE = 3


def elements(pdf: PdfReader) -> Iterator[Any]:
    """Those of the structure tree, in reading order."""
    yield from _inner(pdf.root_object["/StructTreeRoot"]["/K"])


def _inner(node: Any) -> Iterator[Any]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _inner(child)
    elif hasattr(node, "get") and "/S" in node:
        yield node
        yield from _inner(node.get("/K", []))


def glyphs(pdf: PdfReader) -> set[int]:
    """The numbers of all glyphs that are drawn; 0 is .notdef."""
    found: set[int] = set()
    for page in pdf.pages:
        for operands, operator in ContentStream(page.get_contents(), pdf).operations:
            if operator in {b"Tj", b"TJ"}:
                found |= set(_numbers(operands[0]))
    return found


def _numbers(shown: Any) -> Iterator[int]:
    for part in shown if isinstance(shown, list) else [shown]:
        raw = getattr(part, "original_bytes", b"")
        yield from (int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2))


def letter_pictures(pdf: bytes, boxes: list[tuple[float, float]]) -> list[Image.Image]:
    """The ink of the first page between each pair of left and right edges (in points)."""
    document = pypdfium2.PdfDocument(pdf)
    page = ImageOps.invert(document[0].render(scale=SCALE).to_pil().convert("L"))
    document.close()
    return [
        _ink(page.crop((round(left * SCALE), 0, round(right * SCALE), page.height))) for left, right in boxes
    ]


def drawn_directly(letter: str, *, font: bytes, points: float) -> Image.Image:
    """The ink of a letter as the font itself draws it."""
    face = ImageFont.truetype(io.BytesIO(font), round(points * SCALE))
    picture = Image.new("L", (round(points * SCALE * 2), round(points * SCALE * 2)))
    ImageDraw.Draw(picture).text((points * SCALE / 2, points * SCALE / 2), letter, font=face, fill=255)
    return _ink(picture)


def _ink(picture: Image.Image) -> Image.Image:
    return picture.crop(picture.point(lambda value: 255 if value > 127 else 0).getbbox())


def difference(one: Image.Image, other: Image.Image) -> float:
    """0 for the same picture, 255 for black and white; what sticks out counts in full."""
    size = max(one.width, other.width), max(one.height, other.height)
    on_paper = [Image.new("L", size) for _ in range(2)]
    for paper, picture in zip(on_paper, (one, other), strict=True):
        paper.paste(picture, (0, 0))
    return float(ImageStat.Stat(ImageChops.difference(*on_paper)).mean[0])
