"""The programme set for print: A4, both clocks in columns, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import override

from workshops.domain.programme import Programme

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

FONTS = ("FiraSans-Regular.woff2", "FiraSans-SemiBold.woff2", "FiraSans-Italic.woff2")
FONT_DIRECTORY = "vendor/kern/fonts/fira-sans"
# A scheme of our own, so that no other address can ever mean a file of this machine.
FONT_ADDRESS = "font:"


class PdfUnavailableError(RuntimeError):
    """The libraries WeasyPrint draws with (Debian: libpango-1.0-0, libpangoft2-1.0-0) are not installed."""


def programme_pdf(*, programme: Programme, language: str) -> bytes:
    """The PDF in one language (de, tr, en). Raises PdfUnavailableError."""
    with override(language):
        html = render_to_string("pdf/programme.html", {"programme": programme, "language": language})
    try:
        # Imported when it is needed: it loads libpango, which may be missing, and nothing else needs it.
        from weasyprint import HTML  # noqa: PLC0415
    except OSError as error:
        raise PdfUnavailableError from error
    document = HTML(string=html, url_fetcher=_fetcher())
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


def _fetcher() -> URLFetcher:
    """WeasyPrint opens any `file://` by default; this one knows three fonts and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Fonts(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            name = url.removeprefix(FONT_ADDRESS)
            if not url.startswith(FONT_ADDRESS) or name not in FONTS:
                raise ValueError("A printed programme loads its fonts and nothing else.")
            return URLFetcherResponse(url, body=_font(name), headers={"Content-Type": "font/woff2"})

    return Fonts(allowed_protocols=[])


def _font(name: str) -> bytes:
    path = finders.find(f"{FONT_DIRECTORY}/{name}")
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path).read_bytes()
