from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from registration.domain.invite import invite
from registration.models import Invitation, Message
from tests.outbox.conftest import mail_server
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

__all__ = ["mail_server"]
Sent = Callable[..., Message]


@pytest.fixture
def site(workshop: Workshop) -> Conference:
    """A released conference with one workshop."""
    release_programme(conference=workshop.conference)
    return workshop.conference


@pytest.fixture
def sent(workshop: Workshop) -> Sent:
    """An invitation whose mail the mail server has accepted."""

    def _sent(email: str = "ayse@example.org", language: str = "de") -> Message:
        invitation = invite(
            conference=workshop.conference, email=email, workshops=[workshop], language=language
        )
        Message.objects.filter(invitation=invitation).update(status="sent", sent_at=timezone.now())
        Invitation.objects.filter(pk=invitation.pk).update(status="sent", sent_at=timezone.now())
        return Message.objects.select_related("link", "invitation", "participant__conference").get(
            invitation=invitation
        )

    return _sent
