"""The printed programme, drawn before anybody asks for it: after a release, and wherever the cache has lost it."""

from __future__ import annotations

import structlog
from django.db import DatabaseError
from django.urls import reverse
from django.utils.translation import override

from workshops.domain.printing import PdfUnavailableError
from workshops.domain.programme_pdf import BOTH
from workshops.domain.release import NothingReleasedError
from workshops.languages import CODES
from workshops.views.answers import KEPT, kept_page, page_tag
from workshops.views.exports import PDF, language_of_pdf, pdf_variant, render_pdf

log = structlog.get_logger(__name__)


def draw_programme_ahead() -> None:
    """Draws what the cache does not hold, in every language; nothing where nothing is released, or can be drawn."""
    for language in (*CODES, BOTH):
        try:
            _draw(language)
        except (NothingReleasedError, PdfUnavailableError):
            return
        except DatabaseError:
            raise
        except Exception as error:
            # The other languages are drawn all the same.
            log.exception("programme not drawn", language=language, reason=type(error).__name__)


def _draw(language: str) -> None:
    with override(language_of_pdf(language)):
        tag = page_tag(path=reverse("programme-pdf"), variant=pdf_variant(language))
        kept_page(tag=tag, render=render_pdf(language), content_type=PDF, seconds=KEPT)
