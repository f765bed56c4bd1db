"""From HTML to PDF, tagged for screen readers (PDF/UA-1), or to a picture; nothing is fetched from anywhere.

What draws is large: a process that has drawn once keeps some 60 MB of libraries and fonts. A web worker leaves it to a
process of its own for each drawing (`drawing_process.py`); Celery's draw many in a row, and do it themselves.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from workshops.domain.passages import mark_passages

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

Kind = Literal["pdf", "png"]
Draw = Callable[[Kind, str, Mapping[str, bytes]], bytes]

FONTS = ("FiraSans-Regular.woff2", "FiraSans-SemiBold.woff2", "FiraSans-Italic.woff2")
_FONT_DIRECTORY = Path(__file__).parents[2] / "static" / "vendor" / "kern" / "fonts" / "fira-sans"
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
    return _drawing[-1]("pdf", html, pictures or {})


def drawn(*, html: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The first page as a PNG, a pixel for each of CSS. Raises PdfUnavailableError."""
    return _drawing[-1]("png", html, pictures or {})


def draw_here(kind: Kind, html: str, pictures: Mapping[str, bytes]) -> bytes:
    """In this process. Raises PdfUnavailableError."""
    match kind:
        case "pdf":
            return _pdf(html, pictures, variant="pdf/ua-1")
        case "png":
            return _picture(_pdf(html, pictures, variant=None))
    raise ValueError(kind)


# The last one draws.
_drawing: list[Draw] = [draw_here]


def leave_drawing_to(draw: Draw) -> None:
    """From now on in this process, and in those that come of it."""
    _drawing.append(draw)


def _picture(pdf: bytes) -> bytes:
    import pypdfium2  # noqa: PLC0415 (large, as is Pillow)
    from PIL import Image  # noqa: PLC0415

    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        page = document[0].render(scale=_PIXELS_A_POINT).to_pil()
        document.close()
    picture = io.BytesIO()
    page.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(picture, "PNG", optimize=True)
    return picture.getvalue()


def _pdf(html: str, pictures: Mapping[str, bytes], *, variant: str | None) -> bytes:
    try:
        # Imported when it is needed: it loads libpango, which may be missing, and nothing else needs it.
        from weasyprint import HTML  # noqa: PLC0415
    except OSError as error:
        raise PdfUnavailableError from error
    mark_passages()
    document = HTML(string=html, url_fetcher=fetcher(pictures))
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

    # Else the time of unpacking stood in the font, and so in every PDF: the same page would have other bytes.
    font, unpacked = TTFont(_FONT_DIRECTORY / name, recalcTimestamp=False), io.BytesIO()
    font.flavor = None
    font.save(unpacked)
    return unpacked.getvalue()
