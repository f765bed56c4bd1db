from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from tests import factories
from workshops.models import Conference, Release, Workshop

pytestmark = pytest.mark.django_db


def release(*arguments: str) -> str:
    out = io.StringIO()
    call_command("release", *arguments, stdout=out)
    return out.getvalue().strip()


def test_each_release_has_the_next_number_and_its_note(conference: Conference) -> None:
    assert release("--note", "Erste Fassung") == "Release 1."
    factories.make_workshop(conference)
    assert release() == "Release 2 (1 change since 1)."
    assert list(
        Release.objects.order_by("number").values_list("number", "note_de", "note_tr", "note_en")
    ) == [
        (1, "Erste Fassung", "", ""),
        (2, "", "", ""),
    ]


def test_releasing_an_unchanged_programme_says_so(conference: Conference) -> None:
    release()
    assert release() == "Release 2 (nothing changed since 1)."


def test_every_change_is_counted(conference: Conference) -> None:
    workshop = factories.make_workshop(conference)
    release()
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=12)
    factories.make_day(workshop, date=factories.in_days(32))
    assert release() == "Release 2 (2 changes since 1)."


def test_without_a_conference_there_is_one_clear_line(db: None) -> None:
    with pytest.raises(CommandError, match="no conference on the site yet"):
        release()


def test_a_note_that_is_too_long_is_refused(conference: Conference) -> None:
    with pytest.raises(CommandError, match="at most 300 characters, not 301"):
        release("--note", "x" * 301)
    assert not Release.objects.exists()
