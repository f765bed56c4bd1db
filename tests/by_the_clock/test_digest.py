from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from conference.models import User
from registration.domain.by_the_clock.digest import digest_of, write_digests
from registration.domain.outbox.owe import owe_message
from registration.domain.outbox.still_owed import DIGEST_UNWANTED, reason_gone
from registration.mails.render import render
from registration.models import Message, Registration
from tests import factories
from tests.world import register
from workshops.models import Conference, Membership, Workshop

pytestmark = pytest.mark.django_db
SEVEN = dt.datetime(2030, 6, 3, 5, 0, tzinfo=dt.UTC)


@pytest.fixture
def pair(conference: Conference) -> tuple[Workshop, Workshop]:
    """Two workshops without a day: the check of the programme has nothing that is near."""
    texts = {
        f"{name}_{code}": f"{name}"
        for name in ("background", "goals", "format")
        for code in ("de", "tr", "en")
    }
    return (
        factories.make_workshop(
            conference, number=1, title_de="Digitale Stadt", title_en="Digital city", **texts
        ),
        factories.make_workshop(conference, number=2, title_de="Jugend", title_en="Youth", **texts),
    )


def wanting(*workshops: Workshop, conference: Conference | None = None, language: str = "en") -> User:
    user = factories.make_organiser(*workshops, conference=conference)
    Membership.objects.filter(user=user).update(daily_overview=True, language=language)
    return user


def register_at(workshop: Workshop, at: dt.datetime, **values: object) -> Registration:
    row = register(workshop, **values)
    Registration.objects.filter(pk=row.pk).update(created_at=at)
    return row


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (SEVEN - dt.timedelta(minutes=1), 0),
        (SEVEN, 1),
        (SEVEN + dt.timedelta(hours=4, minutes=59), 1),
        (SEVEN + dt.timedelta(hours=5), 0),
    ],
)
def test_it_is_written_at_seven_of_the_home_clock_or_a_little_later(
    pair: tuple[Workshop, Workshop], at: dt.datetime, count: int
) -> None:
    register(pair[0])
    wanting(pair[0])

    assert write_digests(at=at) == count


def test_once_a_day(pair: tuple[Workshop, Workshop]) -> None:
    register(pair[0])
    user = wanting(pair[0])

    days = [SEVEN, SEVEN, SEVEN + dt.timedelta(hours=2), SEVEN + dt.timedelta(days=1)]

    assert [write_digests(at=at) for at in days] == [1, 0, 0, 1]
    assert set(Message.objects.values_list("kind", "recipient", "language")) == {("digest", user.email, "en")}


def test_only_who_wants_it_gets_it(pair: tuple[Workshop, Workshop]) -> None:
    register(pair[0])
    factories.make_organiser(pair[0])
    gone = wanting(pair[0])
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert write_digests(at=SEVEN) == 0


def test_it_tells_of_ones_own_workshops_only(pair: tuple[Workshop, Workshop]) -> None:
    own, other = pair
    register_at(own, SEVEN - dt.timedelta(hours=3))
    register_at(own, SEVEN - dt.timedelta(days=3))
    register_at(other, SEVEN - dt.timedelta(hours=3))
    member, lead = wanting(own), wanting(conference=own.conference)

    def lines(user: User) -> list[tuple[str, int, int]]:
        digest = digest_of(user=user, conference=own.conference, at=SEVEN)
        return [(line.workshop.title, line.new, line.to_decide) for line in digest.news]

    assert lines(member) == [("Digital city", 1, 2)]
    assert lines(lead) == [("Digital city", 1, 2), ("Youth", 1, 1)]


def test_nothing_to_tell_means_no_mail(pair: tuple[Workshop, Workshop]) -> None:
    """Somebody waits for a place, and registered days ago: nobody has to do anything about it."""
    waiting = register_at(pair[0], SEVEN - dt.timedelta(days=3), status="waitlisted")
    register(pair[1])
    wanting(pair[0])

    assert write_digests(at=SEVEN) == 0
    Registration.objects.filter(pk=waiting.pk).update(status="requested", waiting_since=None)
    assert write_digests(at=SEVEN) == 1


def test_the_mail_names_what_is_new_what_waits_and_what_failed(pair: tuple[Workshop, Workshop]) -> None:
    own, _other = pair
    row = register_at(own, timezone.now())
    with transaction.atomic():
        owe_message(kind="received", recipient="a@example.org", registration=row, participant=row.participant)
    Message.objects.update(status="failed")
    user = wanting(own)
    write_digests(at=SEVEN)

    mail = render(message=Message.objects.get(kind="digest"))

    assert mail.to == [user.email]
    assert mail.subject == "Overview: Test conference"
    said = [line for line in mail.body.splitlines() if line]
    start = said.index("Digital city")
    assert said[start : start + 5] == [
        "Digital city",
        "------------",
        "1 new registration since yesterday.",
        "1 person waits for your decision.",
        "1 e-mail failed.",
    ]
    assert "http://testserver/admin/" in said


def test_an_organiser_who_no_longer_wants_it_gets_none_that_waits(pair: tuple[Workshop, Workshop]) -> None:
    register(pair[0])
    wanting(pair[0])
    write_digests(at=SEVEN)
    message = Message.objects.get()

    assert reason_gone(message=message) is None
    Membership.objects.update(daily_overview=False)
    assert reason_gone(message=message) == DIGEST_UNWANTED
