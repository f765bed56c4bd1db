"""Restoring a release while somebody else writes to the same conference: one waits for the other, never each."""

from __future__ import annotations

import pytest

from tests import factories
from tests.registration.test_locks import Beside
from workshops.domain.import_programme.lock import lock
from workshops.domain.release import release_programme
from workshops.domain.restore_release import restore_release
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("is_surplus_first", [True, False])
def test_restoring_and_importing_lock_in_the_same_order(
    conference: Conference, *, is_surplus_first: bool
) -> None:
    workshops = [factories.make_workshop(conference) for _ in range(3)]
    surplus = workshops[0] if is_surplus_first else workshops[2]
    elsewhere = factories.make_conference(is_current=False)
    Workshop.objects.filter(pk=surplus.pk).update(conference=elsewhere)
    release = release_programme(conference=conference)
    Workshop.objects.filter(pk=surplus.pk).update(conference=conference)
    importing = Beside(
        lambda: Conference.objects.select_for_update(no_key=True).get(pk=conference.pk),
        lambda: lock(conference=conference),
    )
    importing.start()
    importing.began.wait()

    restored = restore_release(release=release, by=None)

    importing.join()
    left = Workshop.objects.filter(conference=conference).order_by("pk")
    assert (importing.error, restored.left) == (None, [])
    assert list(left) == [workshop for workshop in workshops if workshop != surplus]
