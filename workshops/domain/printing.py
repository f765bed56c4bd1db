"""From HTML to PDF, tagged for screen readers (PDF/UA-1), or to a picture; nothing is fetched from anywhere."""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from PIL import Image

from workshops.domain.passages import mark_passages

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

FONTS = ("FiraSans-Regular.woff2", "FiraSans-SemiBold.woff2", "FiraSans-Italic.woff2")
FONT_DIRECTORY = "vendor/kern/fonts/fira-sans"
# Schemes of our own, so that no other address can ever mean a file of this machine.
FONT_ADDRESS = "font:"
PICTURE_ADDRESS = "picture:"
_PNG = b"\x89PNG"
# CSS counts 96 to the inch, PDF 72.
_PIXELS_A_POINT = 96 / 72
_COLOURS = 128
# Two threads at once in PDFium end the process.
_pdfium = threading.Lock()


class PdfUnavailableError(RuntimeError):
    """The libraries WeasyPrint draws with (Debian: libpango-1.0-0, libpangoft2-1.0-0) are not installed."""


def printed(*, html: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF; `pictures` are SVGs or PNGs by name, addressed as `picture:name`. Raises PdfUnavailableError."""
    return _pdf(html, pictures, variant="pdf/ua-1")


def drawn(*, html: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The first page as a PNG, a pixel for each of CSS. Raises PdfUnavailableError."""
    import pypdfium2  # noqa: PLC0415 (loads a library of 7 MB that no other page needs)

    pdf = _pdf(html, pictures, variant=None)
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        page = document[0].render(scale=_PIXELS_A_POINT).to_pil()
        document.close()
    picture = io.BytesIO()
    page.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(picture, "PNG", optimize=True)
    return picture.getvalue()


def _pdf(html: str, pictures: Mapping[str, bytes] | None, *, variant: str | None) -> bytes:
    try:
        # Imported when it is needed: it loads libpango, which may be missing, and nothing else needs it.
        from weasyprint import HTML  # noqa: PLC0415
    except OSError as error:
        raise PdfUnavailableError from error
    mark_passages()
    document = HTML(string=html, url_fetcher=fetcher(pictures or {}))
    return bytes(document.write_pdf(pdf_variant=variant))


def fetcher(pictures: Mapping[str, bytes] | None = None) -> URLFetcher:
    """WeasyPrint opens any `file://` by default; this one knows three fonts, the page's own pictures, nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    known = dict(pictures or {})

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            name = url.removeprefix(PICTURE_ADDRESS)
            if url.startswith(PICTURE_ADDRESS) and name in known:
                kind = "image/png" if known[name].startswith(_PNG) else "image/svg+xml"
                return URLFetcherResponse(url, body=known[name], headers={"Content-Type": kind})
            name = url.removeprefix(FONT_ADDRESS)
            if not url.startswith(FONT_ADDRESS) or name not in FONTS:
                raise ValueError("A printed page loads its fonts and nothing else.")
            return URLFetcherResponse(url, body=unpacked_font(name), headers={"Content-Type": "font/ttf"})

    return OwnFiles(allowed_protocols=[])


@cache
def unpacked_font(name: str) -> bytes:
    """Unpacked, once a process: of a short document WeasyPrint would spend four fifths of its time on it."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 (a part of WeasyPrint)

    path = finders.find(f"{FONT_DIRECTORY}/{name}")
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    font, unpacked = TTFont(path), io.BytesIO()
    font.flavor = None
    font.save(unpacked)
    return unpacked.getvalue()
