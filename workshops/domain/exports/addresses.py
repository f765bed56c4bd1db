"""Absolute addresses of public pages. The host is our own setting, never a request's header."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from workshops.domain.programme import SessionEntry, SpeakerEntry, WorkshopEntry


def page(name: str, language: str, **parts: str) -> str:
    """A page of the site in one language: `page("programme", "tr")`."""
    with override(language):
        return f"{settings.BASE_URL}{reverse(f'workshops:{name}', kwargs=parts)}"


def workshop_page(workshop: WorkshopEntry, language: str) -> str:
    return page("workshop", language, slug=workshop.slug)


def session_page(workshop: WorkshopEntry, session: SessionEntry, language: str) -> str:
    return f"{workshop_page(workshop, language)}#session-{session.id}"


def speaker_page(speaker: SpeakerEntry, language: str) -> str:
    return page("speaker", language, slug=speaker.slug)
