"""A kept statement gives what the queryset it was made of would give, each time with the values of that time."""

from __future__ import annotations

import datetime as dt
import gc
import uuid
from importlib import import_module
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone, translation

from conference.kept_queries import KeptDelete, KeptInsert, KeptQuery, KeptUpdate, _Kept
from conference.query_slots import key, moment, text
from registration.models import Consent, Message, Participant, PersonalLink, Registration
from tests import factories
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(conference: Conference) -> list[Participant]:
    return [factories.make_participant(conference) for _ in range(3)]


def test_rows_become_the_same_objects_with_what_they_are_joined_to(people: list[Participant]) -> None:
    kept = KeptQuery(
        lambda: (
            Participant.objects.filter(conference=key("conference"), created_at__lte=moment("now"))
            .select_related("conference")
            .annotate(links_made=Count("links"))
            .order_by("-pk")
        )
    )
    PersonalLink.objects.create(
        participant=people[1], seed="seed", digest="digest", expires_at=timezone.now()
    )

    found = kept.all(conference=people[0].conference_id, now=timezone.now())

    assert [(one, one.links_made) for one in found] == [(people[2], 0), (people[1], 1), (people[0], 0)]  # type: ignore[attr-defined]
    with _no_statement():
        assert [one.conference.name_de for one in found] == ["Testkonferenz"] * 3
        assert [(one.email, one.created_at) for one in found] == [
            (one.email, one.created_at) for one in reversed(people)
        ]


def _no_statement():  # type: ignore[no-untyped-def]
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a statement")

    return connection.execute_wrapper(refuse)


def test_values_of_one_call_are_not_there_in_the_next(people: list[Participant]) -> None:
    kept = KeptQuery(lambda: Participant.objects.filter(pk=key("person"), email=text("email")))
    asked = [(one.pk, one.email) for one in people]

    found = [kept.first(person=pk, email=email) for pk, email in asked]

    assert found == people
    assert kept.first(person=people[0].pk, email=people[1].email) is None
    with pytest.raises(KeyError):
        kept.first(person=people[0].pk)


def test_rows_are_what_would_stand_in_the_objects(people: list[Participant]) -> None:
    rows = Message.objects.order_by("participant").only("id", "participant_id", "facts")
    kept = KeptQuery(lambda: rows.filter(participant__conference=key("conference")))
    for number, person in enumerate(people):
        Message.objects.create(
            kind="link",
            recipient=person.email,
            participant=person,
            message_id=f"<{number}>",
            facts={"n": number},
        )

    found = kept.rows(conference=people[0].conference_id)

    assert [tuple(row) for row in found] == list(rows.values_list("id", "participant_id", "facts"))
    assert len(found) == 3


def test_what_is_joined_and_is_not_there_is_none(workshop: Workshop) -> None:
    kept = KeptQuery(lambda: Workshop.objects.select_related("platform").filter(pk=key("workshop")))
    found = kept.first(workshop=workshop.pk)
    assert found is not None
    assert (found, found.platform) == (workshop, None)


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused_each_time(people: list[Participant]) -> None:
    kept = KeptQuery(lambda: Participant.objects.select_for_update(no_key=True).filter(pk=key("person")))
    with transaction.atomic():
        assert kept.first(person=people[0].pk) == people[0]
    with pytest.raises(transaction.TransactionManagementError):
        kept.first(person=people[0].pk)


def test_rows_are_changed_and_counted(workshop: Workshop) -> None:
    kept = KeptUpdate(
        lambda: Workshop.objects.filter(pk=key("workshop"), taken_active__lt=F("capacity_active")),
        taken_active=F("taken_active") + 1,
        slug=text("slug"),
    )
    changed = [kept.run(workshop=workshop.pk, slug=f"slug-{n}") for n in range(4)]
    workshop.refresh_from_db()
    assert (changed, workshop.taken_active, workshop.slug) == ([1, 1, 1, 0], 3, "slug-2")


def test_rows_are_deleted_and_counted(people: list[Participant]) -> None:
    kept = KeptDelete(lambda: Participant.objects.filter(email__in=[text("one"), text("other")]).order_by())
    assert kept.run(one=people[0].email, other=people[2].email) == 2
    assert list(Participant.objects.all()) == [people[1]]


def test_rows_are_written_at_once_and_know_their_keys(people: list[Participant], workshop: Workshop) -> None:
    rows = [
        Registration(participant=one, workshop=workshop, role="active", status="requested") for one in people
    ]
    before = timezone.now()

    KeptInsert(Registration).run(rows)

    stored = Registration.objects.order_by("pk")
    assert [(row.pk, row.participant_id) for row in rows] == list(stored.values_list("pk", "participant"))
    assert all(before <= row.created_at <= timezone.now() for row in stored)
    assert [row._state.adding for row in rows] == [False] * 3


def test_json_moments_and_keys_of_their_own_are_written_as_they_are(people: list[Participant]) -> None:
    due, number = timezone.now() + dt.timedelta(days=1), uuid.uuid4()
    mail = Message(
        id=number,
        kind="offered",
        recipient="a@example.org",
        participant=people[0],
        facts={"offered_until": 1, "days": [2, 3]},
        message_id="<1@example.org>",
        due_at=due,
    )

    KeptInsert(Message).run([mail])

    stored = Message.objects.get()
    assert (stored.pk, stored.facts, stored.due_at, stored.participant, stored.link) == (
        number,
        {"offered_until": 1, "days": [2, 3]},
        due,
        people[0],
        None,
    )


def test_what_stands_there_already_stays(people: list[Participant], conference: Conference) -> None:
    version = factories.make_privacy_version(conference)
    kept = KeptInsert(Consent, once=True)
    kept.run([Consent(participant=people[0], version=version, language="de")])
    kept.run([Consent(participant=people[0], version=version, language="tr")])
    assert list(Consent.objects.values_list("participant", "language")) == [(people[0].pk, "de")]


def test_no_statement_of_ours_depends_on_language_zone_or_moment() -> None:
    """It is made once, by whoever comes first; modeltranslation writes a field's name by the language of the moment."""
    # Both together load every module that keeps one.
    call_command("check")
    import_module("registration.tasks")
    # By its type: `isinstance` asks for `__class__`, which wakes lazy objects that earlier tests have left behind.
    ours = (thing for thing in gc.get_objects() if issubclass(type(thing), _Kept))
    kept = [thing for thing in ours if not _of_a_test(thing)]
    assert len(kept) > 30
    for thing in kept:
        made = set()
        for language, zone in (("de", "Europe/Berlin"), ("tr", "Asia/Tokyo"), ("en", "UTC")):
            with translation.override(language), timezone.override(zone):
                made.add(_written(thing._make()))
        assert len(made) == 1, made


def _of_a_test(kept: _Kept) -> bool:
    return getattr(getattr(kept, "_build", None), "__module__", "").startswith("tests.")


def _written(made: Any) -> str:
    """A slot is another object each time: its name is what counts."""
    statement = getattr(made, "statement", made)
    values = [getattr(value, "name", value) for value in getattr(statement, "values", [])]
    return repr(
        (getattr(statement, "sql", ""), values, getattr(made, "names", ()), getattr(made, "into", ""))
    )
