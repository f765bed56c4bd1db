"""A free place is offered to the first in the queue, who takes it, lets it pass, or lets the deadline pass."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone

from registration.domain.answer_offer import OfferLapsed, accept_offer, pass_offer
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.decline import decline_registration
from registration.domain.lapse_offers import lapse_offers
from registration.domain.outbox.still_owed import OVERTAKEN, reason_gone
from registration.domain.promote import promote_all_waiting
from registration.domain.register import PersonDetails, submit_registration
from registration.domain.transitions import NoPlaceLeft, NotPossible
from registration.domain.waitlist import put_on_waiting_list, waiting_position, waiting_positions
from registration.domain.working_hours import deadline
from registration.models import Message, Participant, Registration
from registration.tasks import sweep_outbox
from tests import factories
from tests.registration.test_places import assert_counted, at_once
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db(transaction=True)

DETAILS = PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr")
Kind = Message.Kind


def ask(
    person: Participant, workshop: Workshop, role: str = "active", *, listens: bool = False
) -> Registration:
    submit_registration(
        participant=person,
        details=DETAILS,
        choices={workshop.slug: role},
        listens={workshop.slug: listens},
        consent=None,
        language="tr",
    )
    return person.registrations.get(workshop=workshop)


def join(workshop: Workshop, number: int, *, listens: bool = False) -> list[Registration]:
    """So many people ask for an active place, one after the other."""
    people = [factories.make_participant(workshop.conference) for _ in range(number)]
    return [ask(person, workshop, listens=listens) for person in people]


def states(workshop: Workshop) -> list[tuple[str, str, bool]]:
    """Everybody's status and role, and whether a place is offered to them; in the order in which they came."""
    assert_counted(workshop)
    rows = Registration.objects.filter(workshop=workshop).order_by("pk")
    return [(row.status, row.role, row.offered_until is not None) for row in rows]


def mails(registration: Registration) -> list[str]:
    return list(registration.messages.order_by("created_at").values_list("kind", flat=True))


def let_time_run_out(*registrations: Registration) -> None:
    keys = [registration.pk for registration in registrations]
    Registration.objects.filter(pk__in=keys).update(offered_until=timezone.now() - dt.timedelta(seconds=1))


CONFIRMED = ("confirmed", "active", False)
LISTENS = ("confirmed", "listener", False)
OFFERED = ("waitlisted", "active", True)
WAITS = ("waitlisted", "active", False)
GONE = ("cancelled", "active", False)


def test_a_freed_place_is_offered_to_the_oldest_and_held_for_them(offering: Workshop) -> None:
    first, second, third = join(offering, 3)
    before = timezone.now()

    cancel_registration(registration_id=first.pk)

    assert states(offering) == [GONE, OFFERED, WAITS]
    assert (mails(second), mails(third)) == ([Kind.WAITLISTED, Kind.OFFERED], [Kind.WAITLISTED])
    second.refresh_from_db()
    zones = [zone.name for zone in offering.conference.zones]
    expected = [deadline(start=at, hours=4, zones=zones, closes_at=None) for at in (before, timezone.now())]
    assert second.offered_until is not None
    assert expected[0] <= second.offered_until <= expected[1]
    assert second.messages.get(kind=Kind.OFFERED).facts == {
        "offered_until": int(second.offered_until.timestamp())
    }


def test_taking_the_place_confirms_and_listening_meanwhile_ends(offering: Workshop) -> None:
    first, second = join(offering, 2, listens=True)
    cancel_registration(registration_id=first.pk)
    second.refresh_from_db()
    assert second.held_roles == {"active", "listener"}

    accept_offer(registration_id=second.pk)
    accept_offer(registration_id=second.pk)

    assert states(offering) == [GONE, CONFIRMED]
    assert mails(second) == [Kind.WAITLISTED, Kind.OFFERED, Kind.PROMOTED]


@pytest.mark.parametrize(
    ("listens", "left", "told"), [(True, LISTENS, Kind.CONFIRMED), (False, GONE, Kind.CANCELLED)]
)
def test_letting_it_pass_leaves_the_queue_and_the_next_is_offered_the_place(
    offering: Workshop, listens: bool, left: object, told: str
) -> None:
    first, second, third = join(offering, 3, listens=listens)
    cancel_registration(registration_id=first.pk)

    pass_offer(registration_id=second.pk)
    pass_offer(registration_id=second.pk)

    assert states(offering) == [GONE, left, OFFERED]
    assert mails(second) == [Kind.WAITLISTED, Kind.OFFERED, told]
    assert mails(third) == [Kind.WAITLISTED, Kind.OFFERED]


@pytest.mark.parametrize(("listens", "left"), [(True, LISTENS), (False, GONE)])
def test_an_offer_nobody_answers_lapses_in_the_sweep(offering: Workshop, listens: bool, left: object) -> None:
    first, second, third = join(offering, 3, listens=listens)
    cancel_registration(registration_id=first.pk)
    assert lapse_offers() == 0
    let_time_run_out(second)

    sweep_outbox()

    assert states(offering) == [GONE, left, OFFERED]
    assert mails(second) == [Kind.WAITLISTED, Kind.OFFERED, Kind.OFFER_LAPSED]
    assert mails(third) == [Kind.WAITLISTED, Kind.OFFERED]
    assert lapse_offers() == 0


def test_an_answer_that_comes_too_late_ends_the_offer_without_waiting_for_the_sweep(
    offering: Workshop,
) -> None:
    first, second, _third = join(offering, 3, listens=True)
    cancel_registration(registration_id=first.pk)
    let_time_run_out(second)

    with pytest.raises(OfferLapsed):
        accept_offer(registration_id=second.pk)

    assert states(offering) == [GONE, LISTENS, OFFERED]
    assert mails(second) == [Kind.WAITLISTED, Kind.OFFERED, Kind.OFFER_LAPSED]
    with pytest.raises(NotPossible, match="No place is offered"):
        accept_offer(registration_id=second.pk)


def test_only_who_has_an_offer_can_answer_it(offering: Workshop) -> None:
    first, second = join(offering, 2)
    for answer in (accept_offer, pass_offer):
        with pytest.raises(NotPossible, match="No place is offered"):
            answer(registration_id=second.pk)
    with pytest.raises(NotPossible, match="already taken"):
        pass_offer(registration_id=first.pk)
    assert states(offering) == [CONFIRMED, WAITS]


def test_no_two_offers_for_one_place_and_one_for_each_that_is_free(offering: Workshop) -> None:
    first, *_others = join(offering, 4)
    cancel_registration(registration_id=first.pk)
    assert promote_all_waiting() == 0
    assert states(offering) == [GONE, OFFERED, WAITS, WAITS]

    offering.capacity_active = 2
    offering.save()

    assert states(offering) == [GONE, OFFERED, OFFERED, WAITS]


def test_positions_count_from_one_behind_those_who_have_an_offer(offering: Workshop) -> None:
    rows = join(offering, 4)
    cancel_registration(registration_id=rows[0].pk)
    rows = list(Registration.objects.order_by("pk"))
    assert [waiting_position(registration=row) for row in rows] == [0, 0, 1, 2]
    assert waiting_positions(registrations=rows) == {rows[2].pk: 1, rows[3].pk: 2}


def test_who_registers_anew_gets_a_free_place_at_once_only_if_nobody_waits(offering: Workshop) -> None:
    first, _second = join(offering, 2)
    cancel_registration(registration_id=first.pk)
    join(offering, 1)
    assert states(offering) == [GONE, OFFERED, WAITS]
    Registration.objects.filter(status="waitlisted", offered_until=None).delete()

    offering.capacity_active = 2
    offering.save()
    join(offering, 1)

    assert states(offering) == [GONE, OFFERED, CONFIRMED]


def test_organisers_steps_on_somebody_who_has_an_offer(offering: Workshop) -> None:
    offering.capacity_active = 4
    offering.save()
    people = join(offering, 4)
    waiting = join(offering, 4, listens=True)
    for row in people:
        cancel_registration(registration_id=row.pk)
    assert states(offering)[4:] == [OFFERED] * 4
    confirmed, listener, declined, cancelled = waiting

    assert put_on_waiting_list(registration_id=confirmed.pk).offered_until is not None
    confirm_registration(registration_id=confirmed.pk)
    confirm_registration(registration_id=listener.pk, role="listener")
    decline_registration(registration_id=declined.pk)
    cancel_registration(registration_id=cancelled.pk)

    assert states(offering)[4:] == [CONFIRMED, LISTENS, ("declined", "active", False), GONE]
    assert [mails(row)[2:] for row in waiting] == [
        [Kind.CONFIRMED],
        [Kind.CONFIRMED],
        [Kind.DECLINED],
        [Kind.CANCELLED],
    ]


def test_a_place_that_is_held_can_be_given_to_nobody_else(offering: Workshop) -> None:
    first, _second, third = join(offering, 3)
    cancel_registration(registration_id=first.pk)
    with pytest.raises(NoPlaceLeft):
        confirm_registration(registration_id=third.pk)
    assert states(offering) == [GONE, OFFERED, WAITS]


def test_offers_stay_valid_when_the_workshop_no_longer_makes_any(offering: Workshop) -> None:
    first, second, _third = join(offering, 3)
    cancel_registration(registration_id=first.pk)
    offering.promotion = Workshop.Promotion.AT_ONCE
    offering.save()
    assert states(offering) == [GONE, OFFERED, WAITS]

    pass_offer(registration_id=second.pk)

    assert states(offering) == [GONE, GONE, CONFIRMED]


@pytest.mark.parametrize(("minutes", "expected"), [(119, CONFIRMED), (121, OFFERED)])
def test_shortly_before_the_beginning_the_place_is_given_without_asking(
    offering: Workshop, minutes: int, expected: object
) -> None:
    first, second = join(offering, 2)
    begins = (timezone.now() + dt.timedelta(minutes=minutes)).astimezone(ZoneInfo("Europe/Berlin"))
    WorkshopDay.objects.filter(workshop=offering).update(
        date=begins.date(), opens=begins.time(), closes=dt.time(23, 59, 59, 999999)
    )

    cancel_registration(registration_id=first.pk)

    assert states(offering) == [GONE, expected]
    second.refresh_from_db()
    assert second.offered_until is None or second.offered_until <= begins


def test_who_has_an_offer_and_chooses_to_listen_gives_it_back(offering: Workshop) -> None:
    first, second, _third = join(offering, 3, listens=True)
    cancel_registration(registration_id=first.pk)

    ask(second.participant, offering, "listener")

    assert states(offering) == [GONE, LISTENS, OFFERED]


def test_the_form_sent_again_neither_takes_nor_loses_the_place(offering: Workshop) -> None:
    first, second = join(offering, 2)
    cancel_registration(registration_id=first.pk)

    ask(second.participant, offering, "active", listens=False)
    assert states(offering) == [GONE, OFFERED]
    ask(second.participant, offering, "active", listens=True)

    assert states(offering) == [GONE, OFFERED]
    second.refresh_from_db()
    assert second.held_roles == {"active", "listener"}
    assert mails(second) == [Kind.WAITLISTED, Kind.OFFERED, Kind.OFFERED]


def test_listeners_places_are_offered_too(offering: Workshop) -> None:
    Workshop.objects.filter(pk=offering.pk).update(capacity_listener=1)
    people = [factories.make_participant(offering.conference) for _ in range(2)]
    first, second = (ask(person, offering, "listener") for person in people)
    cancel_registration(registration_id=first.pk)
    assert states(offering) == [("cancelled", "listener", False), ("waitlisted", "listener", True)]

    accept_offer(registration_id=second.pk, role="listener")
    accept_offer(registration_id=second.pk, role="listener")

    assert states(offering) == [("cancelled", "listener", False), LISTENS]


def test_a_listener_s_place_that_taking_an_active_one_frees_is_offered_to_who_waits_for_it(
    offering: Workshop,
) -> None:
    Workshop.objects.filter(pk=offering.pk).update(capacity_listener=1)
    first, second = join(offering, 2, listens=True)
    ask(factories.make_participant(offering.conference), offering, "listener")
    cancel_registration(registration_id=first.pk)
    assert states(offering) == [GONE, OFFERED, ("waitlisted", "listener", False)]

    accept_offer(registration_id=second.pk)

    assert states(offering) == [GONE, CONFIRMED, ("waitlisted", "listener", True)]


def test_mails_that_time_has_overtaken_are_not_sent(offering: Workshop) -> None:
    first, second, third = join(offering, 3)
    cancel_registration(registration_id=first.pk)
    assert reasons(second) == {Kind.WAITLISTED: OVERTAKEN, Kind.OFFERED: None}
    let_time_run_out(second)
    assert reasons(second) == {Kind.WAITLISTED: OVERTAKEN, Kind.OFFERED: OVERTAKEN}

    lapse_offers()
    assert reasons(second) == {
        Kind.WAITLISTED: OVERTAKEN,
        Kind.OFFERED: OVERTAKEN,
        Kind.OFFER_LAPSED: None,
    }
    again = ask(second.participant, offering)
    Workshop.objects.update(offer_hours=5)
    pass_offer(registration_id=third.pk)

    told = Message.objects.filter(registration=again).exclude(kind=Kind.WAITLISTED).order_by("created_at")
    assert [(message.kind, reason_gone(message=message)) for message in told] == [
        (Kind.OFFERED, OVERTAKEN),
        (Kind.OFFER_LAPSED, OVERTAKEN),
        (Kind.OFFERED, None),
    ]


def reasons(registration: Registration) -> dict[str, str | None]:
    rows = registration.messages.select_related("registration").order_by("created_at")
    return {row.kind: reason_gone(message=row) for row in rows}


def test_a_preview_that_is_rolled_back_offers_nothing(offering: Workshop) -> None:
    first, _second = join(offering, 2)
    with transaction.atomic():
        cancel_registration(registration_id=first.pk)
        transaction.set_rollback(True)
    assert states(offering) == [CONFIRMED, WAITS]


def each(action: Callable[..., object], rows: list[Registration]) -> list[Callable[[], object]]:
    return [lambda pk=row.pk: action(registration_id=pk) for row in rows]  # type: ignore[misc]


def errors(results: list[object]) -> list[object]:
    return [
        result for result in results if isinstance(result, Exception) and not isinstance(result, NotPossible)
    ]


def test_sweeps_at_once_offer_each_place_once_and_in_order(offering: Workshop) -> None:
    rows = join(offering, 6)
    Workshop.objects.filter(pk=offering.pk).update(capacity_active=4)
    assert errors(at_once([promote_all_waiting] * 4)) == []
    assert states(offering) == [CONFIRMED, OFFERED, OFFERED, OFFERED, WAITS, WAITS]
    let_time_run_out(*rows[1:4])

    results = at_once([lapse_offers] * 4)

    assert errors(results) == []
    assert sum(result for result in results if isinstance(result, int)) == 3
    assert states(offering) == [CONFIRMED, GONE, GONE, GONE, OFFERED, OFFERED]
    assert Message.objects.filter(kind=Kind.OFFERED).count() == 5
    assert Message.objects.filter(kind=Kind.OFFER_LAPSED).count() == 3


def test_taking_and_lapsing_at_once_one_wins_and_no_place_is_given_twice(offering: Workshop) -> None:
    """Each place has its own moment, some before and some after the deadline."""
    rows = join(offering, 7)
    Workshop.objects.filter(pk=offering.pk).update(capacity_active=4)
    promote_all_waiting()
    Registration.objects.filter(offered_until__isnull=False).update(
        offered_until=timezone.now() + dt.timedelta(milliseconds=60)
    )
    offered = rows[1:4]

    def lapse_until_done() -> None:
        while Registration.objects.filter(
            offered_until__lte=timezone.now() + dt.timedelta(minutes=1)
        ).exists():
            lapse_offers()

    results = at_once([*each(accept_offer, offered), lapse_until_done, lapse_until_done])

    assert errors(results) == []
    taken = [row.pk for row in offered if mails(row)[-1] == Kind.PROMOTED]
    lapsed = [row.pk for row in offered if mails(row)[-1] == Kind.OFFER_LAPSED]
    assert sorted(taken + lapsed) == [row.pk for row in offered]
    assert Counter(states(offering)) == Counter(
        {CONFIRMED: 1 + len(taken), GONE: len(lapsed), OFFERED: len(lapsed), WAITS: 3 - len(lapsed)}
    )


def test_passing_cancelling_and_promoting_at_once_keep_the_order_and_the_count(offering: Workshop) -> None:
    rows = join(offering, 8)
    Workshop.objects.filter(pk=offering.pk).update(capacity_active=3)
    promote_all_waiting()
    first, *offered = rows[:3]

    results = at_once(
        [
            *each(pass_offer, offered),
            *each(cancel_registration, [first]),
            *each(accept_offer, offered),
            promote_all_waiting,
            promote_all_waiting,
        ]
    )

    assert errors(results) == []
    passed = [row.pk for row in offered if mails(row)[-1] == Kind.CANCELLED]
    assert states(offering)[3:] == [OFFERED] * (1 + len(passed)) + [WAITS] * (4 - len(passed))
