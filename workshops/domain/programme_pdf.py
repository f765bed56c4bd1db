"""The programme set for print: A4, both clocks in columns, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import override

from workshops.domain.printing import PdfUnavailableError, printed
from workshops.domain.programme import Programme

__all__ = ["PdfUnavailableError", "programme_pdf"]


def programme_pdf(*, programme: Programme, language: str) -> bytes:
    """The PDF in one language (de, tr, en). Raises PdfUnavailableError."""
    with override(language):
        html = render_to_string("pdf/programme.html", {"programme": programme, "language": language})
    return printed(html=html)
