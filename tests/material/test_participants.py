"""What participants see and get: whoever is confirmed for the workshop, as long as they are."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from registration.models import Registration
from registration.throttle import count
from registration.views.material import SECONDS, TIMES
from tests import factories
from tests.material.files import PDF, make_file
from tests.material.test_public import material_in
from tests.registration_pages.helpers import Visitor, everything, visit
from workshops.domain.release import release_programme
from workshops.models import Session


@pytest.fixture
def visitor(session: Session) -> Visitor:
    return visit(factories.make_participant(session.day.workshop.conference))


def registered(visitor: Visitor, session: Session, **values: object) -> Registration:
    row = {"participant": visitor.participant, "workshop": session.day.workshop, "role": "active"}
    if values.get("status") == "waitlisted":
        values["waiting_since"] = timezone.now()
    return Registration.objects.create(**{**row, "status": "confirmed", **values})


@pytest.mark.parametrize(
    ("values", "gets_it"),
    [
        ({}, True),
        ({"role": "listener"}, True),
        ({"status": "waitlisted", "listens_meanwhile": True}, True),
        ({"status": "waitlisted"}, False),
        ({"status": "requested"}, False),
        ({"status": "declined"}, False),
        ({"status": "cancelled"}, False),
    ],
)
def test_only_the_confirmed_get_what_is_for_participants(
    visitor: Visitor, session: Session, values: dict[str, object], gets_it: bool
) -> None:
    registered(visitor, session, **values)
    material = make_file(session, audience="participants", title="Planı")
    hidden = make_file(session, audience="organisers", title="Noch nicht")
    link = factories.make_material(session, audience="participants", kind="recording")
    before = everything()

    answer = visitor.get(f"my/material/{material.pk}/")
    listed = material_in(visitor.get("my/").content.decode())

    expected = ["Slides: Planı (PDF, 48 bytes)", "Recording (link to example.org)"]
    assert (answer.status_code, listed) == ((200, expected) if gets_it else (404, []))
    assert [visitor.get(f"my/material/{key}/").status_code for key in (hidden.pk, link.pk, 10**40)] == [
        404
    ] * 3
    assert everything() == before
    if gets_it:
        assert answer.content == PDF
        assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        assert answer["Content-Disposition"] == 'attachment; filename="Folien.pdf"'


def test_who_cancels_gets_no_more_and_another_workshops_is_none_of_theirs(
    visitor: Visitor, session: Session
) -> None:
    conference = session.day.workshop.conference
    other = factories.make_session(factories.make_workshop(conference).days.get())
    release_programme(conference=conference)
    theirs = make_file(other, audience="participants")
    own, for_all = make_file(session, audience="participants"), make_file(session)
    registration = registered(visitor, session)

    def codes() -> list[int]:
        return [visitor.get(f"my/material/{row.pk}/").status_code for row in (own, for_all, theirs)]

    assert codes() == [200, 200, 404]
    registration.status = "cancelled"
    registration.save()
    assert codes() == [404, 404, 404]


def test_without_a_personal_link_there_is_a_page_that_says_how_to_get_one(session: Session) -> None:
    material = make_file(session, audience="participants")
    assert Client().get(f"/en/my/material/{material.pk}/").status_code == 403


def test_nobody_fetches_without_end(visitor: Visitor, session: Session) -> None:
    registered(visitor, session)
    material = make_file(session, audience="participants")
    for _ in range(TIMES - 1):
        count("material", str(visitor.participant.pk), seconds=SECONDS)
    assert [visitor.get(f"my/material/{material.pk}/").status_code for _ in range(2)] == [200, 429]
