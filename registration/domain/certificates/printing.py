"""A certificate on paper: one page, both languages, and a code that leads to the page which verifies it."""

from __future__ import annotations

import io

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import override

from registration.domain.certificates.facts import certified
from registration.domain.certificates.seal import code_of
from registration.models import Certificate
from workshops.domain.printing import printed

BOTH = ("de", "tr")


def certificate_pdf(*, certificate: Certificate) -> bytes:
    """Raises PdfUnavailableError."""
    address = address_of(certificate=certificate)
    facts = certified(facts=certificate.facts)
    parts = []
    for language in BOTH:
        with override(language):
            context = {"facts": facts, "language": language, "certificate": certificate}
            parts.append(render_to_string("pdf/documents/certificate_part.html", context))
    with override(BOTH[0]):
        page = {
            "facts": facts,
            "parts": parts,
            "certificate": certificate,
            "address": address,
            "language": BOTH[0],
        }
        html = render_to_string("pdf/documents/certificate.html", page)
    return printed(html=html, pictures={"code": _picture(address)})


def address_of(*, certificate: Certificate) -> str:
    """Without a person's language: the page has a switch, and German comes first on paper."""
    code = code_of(certificate=certificate)
    with override(BOTH[0]):
        return settings.BASE_URL + reverse("registration:certificate", kwargs={"code": code})


def file_name(*, certificate: Certificate) -> str:
    name = slugify(str(certificate.facts["name"]), allow_unicode=True)[:80]
    return f"{name or 'certificate'}-{certificate.number}.pdf"


def _picture(address: str) -> bytes:
    """With room for dirt and folds (level Q), and the white border scanners need (ISO/IEC 18004)."""
    import segno  # noqa: PLC0415 (large, and most processes never need it)

    picture = io.BytesIO()
    segno.make(address, error="q", micro=False).save(picture, kind="svg", border=4, xmldecl=False)
    return picture.getvalue()
