"""An offer whose mail has not left cannot be answered: it does not lapse, it is made anew."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from registration.domain.answer_offer import OfferLapsed, accept_offer
from registration.domain.cancel import cancel_registration
from registration.domain.lapse_offers import lapse_offers
from registration.domain.outbox.still_owed import OVERTAKEN, reason_gone
from registration.models import Message, Registration
from registration.tasks import drain_outbox, sweep_outbox
from tests.registration.test_offers import CONFIRMED, GONE, LISTENS, OFFERED, WAITS, join, mails, states
from tests.registration.test_places import at_once
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db(transaction=True)

Kind = Message.Kind


@pytest.fixture
def late(offering: Workshop) -> Registration:
    """The second of three, to whom a place was offered; the deadline has passed, and the mail still waits."""
    first, second, _third = join(offering, 3, listens=True)
    cancel_registration(registration_id=first.pk)
    until = timezone.now().replace(microsecond=0) - dt.timedelta(minutes=1)
    Registration.objects.filter(pk=second.pk).update(offered_until=until)
    Message.objects.filter(registration=second, kind=Kind.OFFERED).update(
        facts={"offered_until": int(until.timestamp())}
    )
    second.refresh_from_db()
    return second


def told(registration: Registration) -> Message:
    return Message.objects.select_related("registration").get(registration=registration, kind=Kind.OFFERED)


def become(registration: Registration, status: str, **values: Any) -> None:
    Message.objects.filter(registration=registration, kind=Kind.OFFERED).update(status=status, **values)


@pytest.mark.parametrize("status", ["queued", "retry"])
def test_its_deadline_is_set_anew_and_the_mail_says_the_new_one(
    offering: Workshop, late: Registration, status: str
) -> None:
    become(late, status)
    before = late.offered_until

    assert lapse_offers() == 0

    assert states(offering) == [GONE, OFFERED, WAITS]
    late.refresh_from_db()
    assert before is not None
    assert late.offered_until is not None
    assert late.offered_until > timezone.now() > before
    message = told(late)
    assert (message.status, message.facts, reason_gone(message=message)) == (
        status,
        {"offered_until": int(late.offered_until.timestamp())},
        None,
    )
    assert mails(late) == [Kind.WAITLISTED, Kind.OFFERED]


def test_after_a_worker_was_away_for_long_the_mail_leaves_with_time_to_answer(
    offering: Workshop, late: Registration
) -> None:
    """Its first task is a nudge: the mail is found to be late before the sweep has had its turn."""
    drain_outbox()
    assert (told(late).status, told(late).last_error) == ("cancelled", OVERTAKEN)
    mail.outbox.clear()

    sweep_outbox()

    assert states(offering) == [GONE, OFFERED, WAITS]
    assert (told(late).status, told(late).last_error) == ("sent", "")
    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == [told(late).message_id]


def test_while_its_mail_is_being_sent_it_is_left_to_the_next_sweep(
    offering: Workshop, late: Registration
) -> None:
    become(late, "sending", claim=uuid.uuid4(), claimed_at=timezone.now())
    facts = told(late).facts

    assert lapse_offers() == 0

    until = late.offered_until
    late.refresh_from_db()
    assert (late.offered_until, told(late).facts, states(offering)) == (until, facts, [GONE, OFFERED, WAITS])
    become(late, "sent", claim=None, claimed_at=None, sent_at=timezone.now())
    assert (lapse_offers(), states(offering)) == (1, [GONE, LISTENS, OFFERED])


@pytest.mark.parametrize(
    ("status", "values"),
    [
        ("sent", {"sent_at": timezone.now()}),
        ("failed", {"last_error": "550 no such user"}),
        ("cancelled", {"last_error": "An organiser stopped it."}),
    ],
)
def test_it_lapses_once_its_mail_has_left_or_was_given_up(
    offering: Workshop, late: Registration, status: str, values: dict[str, Any]
) -> None:
    become(late, status, **values)
    assert (lapse_offers(), states(offering)) == (1, [GONE, LISTENS, OFFERED])


def test_it_lapses_where_only_a_second_copy_of_its_mail_waits(offering: Workshop, late: Registration) -> None:
    copy = told(late)
    become(late, "sent", sent_at=timezone.now())
    copy.pk, copy.message_id = uuid.uuid4(), "<copy@example.org>"
    copy.save(force_insert=True)
    assert (lapse_offers(), states(offering)) == (1, [GONE, LISTENS, OFFERED])


def test_with_too_little_time_left_the_place_is_given(offering: Workshop, late: Registration) -> None:
    begins = (timezone.now() + dt.timedelta(minutes=90)).astimezone(ZoneInfo("Europe/Berlin"))
    WorkshopDay.objects.filter(workshop=offering).update(
        date=begins.date(), opens=begins.time(), closes=dt.time(23, 59, 59, 999999)
    )

    assert lapse_offers() == 0

    assert states(offering) == [GONE, CONFIRMED, WAITS]
    assert mails(late) == [Kind.WAITLISTED, Kind.OFFERED, Kind.PROMOTED]
    assert reason_gone(message=told(late)) == OVERTAKEN


def test_it_lapses_once_the_workshop_is_over(offering: Workshop, late: Registration) -> None:
    WorkshopDay.objects.filter(workshop=offering).update(date=dt.date(2020, 6, 15))
    assert (lapse_offers(), states(offering)) == (1, [GONE, LISTENS, WAITS])


def test_nobody_is_too_late_for_what_they_were_not_told(offering: Workshop, late: Registration) -> None:
    accept_offer(registration_id=late.pk)
    assert states(offering) == [GONE, CONFIRMED, WAITS]


def test_who_was_told_in_time_is_too_late(offering: Workshop, late: Registration) -> None:
    become(late, "sent", sent_at=timezone.now())
    with pytest.raises(OfferLapsed):
        accept_offer(registration_id=late.pk)
    assert states(offering) == [GONE, LISTENS, OFFERED]


def test_while_sweeps_and_workers_meet_it_stays_open_and_its_mail_leaves_once(
    offering: Workshop, late: Registration
) -> None:
    results = at_once([lapse_offers, drain_outbox, lapse_offers, drain_outbox])
    sweep_outbox()

    late.refresh_from_db()
    assert (results[0], results[2], states(offering)) == (0, 0, [GONE, OFFERED, WAITS])
    assert late.offered_until is not None
    assert (told(late).status, told(late).facts) == (
        "sent",
        {"offered_until": int(late.offered_until.timestamp())},
    )
    sent = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert sent.count(told(late).message_id) == 1
