"""Two clicks at the same moment make one address."""

from __future__ import annotations

import pytest

from registration.domain.calendar.subscribe import renew_subscription, subscribe
from registration.domain.tokens import issue_link
from registration.models import CalendarSubscription, Participant
from tests import factories
from tests.registration.test_locks import Beside
from workshops.models import Conference

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("second", [subscribe, renew_subscription])
def test_of_two_clicks_one_waits_for_the_other(conference: Conference, second: object) -> None:
    link = issue_link(participant=factories.make_participant(conference))
    first = Beside(
        lambda: Participant.objects.select_for_update(no_key=True).get(pk=link.participant_id),
        lambda: subscribe(link=link),
    )
    first.start()
    first.began.wait()

    made = second(link=link)  # type: ignore[operator]

    first.join()
    former = CalendarSubscription.objects.order_by("created_at")[0]
    assert first.error is None
    assert (made == former) == (second is subscribe)
    assert list(CalendarSubscription.objects.filter(revoked_at=None)) == [made]
