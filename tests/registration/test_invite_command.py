"""`manage.py invite`, called twice: the second mail is sent, and said to be one."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from registration.models import Message
from workshops.models import Workshop


def test_whoever_is_invited_to_the_same_again_is_named(
    workshop: Workshop, manual_workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*slugs: str) -> str:
        call_command("invite", "a@example.org", *(f"--workshop={slug}" for slug in slugs))
        return capsys.readouterr().out

    assert said(workshop.slug) == "Queued: a@example.org\n"
    assert said(manual_workshop.slug) == "Queued: a@example.org\n"
    assert said(workshop.slug) == "Queued: a@example.org (has been invited to this before)\n"
    assert Message.objects.filter(kind="invitation").count() == 3
