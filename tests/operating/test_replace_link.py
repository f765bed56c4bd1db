"""A personal link that somebody else has got hold of is made void, and its owner gets another one."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from registration.domain.calendar.subscribe import subscribe
from registration.domain.tokens import issue_link, token_of
from registration.models import CalendarSubscription, Message, Participant, PersonalLink
from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(workshop: Workshop) -> Participant:
    release_programme(conference=workshop.conference)
    return factories.make_participant(workshop.conference, email="opfer@example.org")


def opened(link: PersonalLink) -> tuple[Client, int]:
    client = Client()
    return client, client.get(f"/en/invitation/{token_of(link=link)}/").status_code


def test_the_former_link_opens_nothing_and_ends_who_came_in_by_it(person: Participant) -> None:
    former = issue_link(participant=person)
    intruder, status = opened(former)
    before = intruder.get("/en/my/").status_code

    call_command("replace_link", "Opfer@example.org")

    [message] = Message.objects.all()
    assert message.link is not None
    assert (status, before) == (303, 200)
    assert intruder.get("/en/my/").status_code == 410
    assert opened(former)[1] == 410
    assert opened(message.link)[1] == 303
    assert (message.kind, message.recipient) == ("link", "opfer@example.org")


def test_mail_that_waits_carries_the_new_link(person: Participant) -> None:
    former = issue_link(participant=person)
    waiting = Message.objects.create(
        kind="confirmed",
        recipient=person.email,
        participant=person,
        link=former,
        message_id="<1@example.org>",
    )

    call_command("replace_link", person.email)

    waiting.refresh_from_db()
    assert waiting.link == PersonalLink.objects.get(revoked_at=None)


def test_the_calendar_behind_the_link_is_closed(person: Participant) -> None:
    subscribe(link=issue_link(participant=person))

    call_command("replace_link", person.email)

    assert CalendarSubscription.objects.filter(revoked_at=None).count() == 0


def test_others_keep_their_links(person: Participant, conference: Conference) -> None:
    others = issue_link(participant=factories.make_participant(conference))

    call_command("replace_link", person.email)

    assert opened(others)[1] == 303
