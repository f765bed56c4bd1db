"""The programme set for print: A4, both clocks in columns, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import override

from workshops.domain.logo import ShownLogo
from workshops.domain.printing import PdfUnavailableError, printed
from workshops.domain.programme import Programme

__all__ = ["BOTH", "PdfUnavailableError", "programme_pdf"]

BOTH = "both"
# The conference's two languages, in the order of their columns; the first is the document's own.
COLUMNS = ("de", "tr")


def programme_pdf(*, programme: Programme, language: str, logo: ShownLogo | None = None) -> bytes:
    """The PDF in one language (de, tr, en), or in German and Turkish columns (both). Raises PdfUnavailableError."""
    template = "pdf/programme_both.html" if language == BOTH else "pdf/programme.html"
    own = COLUMNS[0] if language == BOTH else language
    with override(own):
        context = {"programme": programme, "language": own, "columns": COLUMNS, "logo": logo}
        html = render_to_string(template, context)
    return printed(html=html, pictures={"logo": logo.data} if logo else None)
