"""Releasing with notices while the people concerned do something themselves."""

from __future__ import annotations

import pytest
from django.db import transaction

from registration.domain.announce_changes import announce_changes
from registration.domain.suppress import suppress
from registration.models import Message, Participant, Registration
from tests import factories
from tests.registration.test_locks import Beside
from workshops.domain.release import newest_release, release_programme
from workshops.models import Workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(workshop: Workshop) -> Participant:
    release_programme(conference=workshop.conference)
    registration = Registration.objects.create(
        participant=factories.make_participant(workshop.conference),
        workshop=workshop,
        role="active",
        status="confirmed",
    )
    return registration.participant


def lock(person: Participant) -> Participant:
    return Participant.objects.select_for_update(no_key=True).get(pk=person.pk)


def release_and_announce(workshop: Workshop) -> int:
    since = newest_release(conference=workshop.conference)
    assert since is not None
    with transaction.atomic():
        release = release_programme(conference=workshop.conference)
        return announce_changes(release=release, since=since, workshops=[workshop.pk])


def test_nobody_waits_for_somebody_who_unsubscribes(workshop: Workshop, person: Participant) -> None:
    unsubscribing = Beside(
        lambda: lock(person),
        lambda: suppress(conference=workshop.conference, email=person.email, reason="unsubscribed"),
    )
    unsubscribing.start()
    unsubscribing.began.wait()

    count = release_and_announce(workshop)

    unsubscribing.join()
    # It is mail about their own registration: no reason not to write.
    assert (unsubscribing.error, count) == (None, 1)


def test_who_is_erased_at_that_moment_is_not_written_to(workshop: Workshop, person: Participant) -> None:
    erasing = Beside(lambda: lock(person), person.delete)
    erasing.start()
    erasing.began.wait()

    count = release_and_announce(workshop)

    erasing.join()
    assert (erasing.error, count, Message.objects.count()) == (None, 0, 0)
