"""Several queries in one statement give what each would have given."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db.models import CharField, Func
from django.utils import timezone

from conference.asked_together import KeptQueries
from conference.kept_queries import KeptQuery
from conference.query_slots import key
from registration.models import Message, Participant
from tests import factories
from workshops.domain.registration_window import with_its_end
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
_PEOPLE: KeptQuery[Participant] = KeptQuery(
    lambda: (
        Participant.objects.filter(conference=key("conference")).select_related("conference").order_by("-pk")
    )
)
_WORKSHOPS: KeptQuery[Workshop] = KeptQuery(
    lambda: with_its_end(Workshop.objects.filter(conference=key("conference"))).only("slug", "taken_active")
)
_MAILS: KeptQuery[Message] = KeptQuery(lambda: Message.objects.order_by("message_id"))
_NOBODY: KeptQuery[Participant] = KeptQuery(
    lambda: Participant.objects.filter(conference=key("conference"), email="nobody@example.org")
)


def _mails(participant: Participant) -> None:
    now = timezone.now().replace(microsecond=120_000)
    for number, facts in enumerate([{}, {"days": [1, 2]}]):
        Message.objects.create(
            id=uuid.UUID(int=number),
            kind="offered",
            recipient="çiğdem@example.org",
            participant=participant if number else None,
            facts=facts,
            message_id=f"<{number}@x>",
            due_at=now + dt.timedelta(days=number),
        )


def test_the_same_objects_as_one_by_one(workshop: Workshop) -> None:
    people = [factories.make_participant(workshop.conference, city=f"“Köln” 100 % {n}") for n in range(2)]
    _mails(people[0])
    queries, asked = [_PEOPLE, _WORKSHOPS, _MAILS, _NOBODY], {"conference": workshop.conference_id}
    kept = KeptQueries(*queries)
    singly = [query.all(**asked) for query in queries]

    for _time in range(3):
        assert [_values(found) for found in kept.all(**asked)] == [_values(found) for found in singly]

    assert [len(found) for found in singly] == [2, 1, 2, 0]
    assert kept.all(**asked)[0][0].conference == workshop.conference


def _values(found: list[object]) -> list[dict[str, object]]:
    return [{name: repr(value) for name, value in vars(one).items() if name != "_state"} for one in found]


@pytest.mark.postgresql
def test_it_is_one_statement_of_one_moment(workshop: Workshop) -> None:
    asked = KeptQuery(
        lambda: Workshop.objects.filter(conference=key("conference")).annotate(
            asked=Func(function="current_query", output_field=CharField())
        )
    )
    rows = KeptQueries(asked, asked).all(conference=workshop.conference_id)
    assert len({vars(row)["asked"] for [row] in rows}) == 1
