"""Puts invented people into the data of a running product, for its pictures and its walks.

    .venv/bin/python scripts/invent.py COMMAND …

with the environment of the product (`DATA_DIR`, `PORT`).
"""
# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")
django.setup()

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from invented import Person, people, person

from conference.models import User
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.decline import decline_registration
from registration.domain.invite import invite
from registration.domain.register import PersonDetails, submit_registration
from registration.domain.waitlist import put_on_waiting_list
from registration.models import Invitation, Message, Participant, Registration, SendingPace
from registration.tasks import drain_outbox
from workshops.models import Membership, Workshop

# How many of a workshop's people stand how, and the days before today on which they came.
Standing = dict[str, int]
SCENE: dict[str, Standing] = {
    "digitale-stadt": {"confirmed": 24, "listener": 9, "requested": 11, "declined": 2, "cancelled": 3},
    "nachhaltige-stadtentwicklung": {"confirmed": 30, "listener": 14, "waiting": 7, "requested": 2},
    "schutzfunktion-der-kommunen": {"confirmed": 17, "listener": 6, "requested": 5},
    "jugendaustausch": {"confirmed": 12, "listener": 3, "requested": 3, "cancelled": 1},
    "informationsveranstaltung": {"confirmed": 58, "listener": 21},
}
_DAYS = 24
_COLLEAGUES = [
    ("lead", ""),
    ("programme", ""),
    ("registrations", "digitale-stadt"),
    ("access", "digitale-stadt"),
    ("reader", "jugendaustausch"),
]
_STEPS: dict[str, tuple[str, Callable[..., Registration]]] = {
    "confirmed": ("confirmed", confirm_registration),
    "listener": ("confirmed", confirm_registration),
    "waiting": ("waitlisted", put_on_waiting_list),
    "declined": ("declined", decline_registration),
    "cancelled": ("cancelled", cancel_registration),
}


def scene() -> None:
    """A conference three weeks after its invitations went out: people in every state, and some mails that failed."""
    began, number = timezone.now(), 0
    with transaction.atomic():
        for slug, standing in SCENE.items():
            for state, count in standing.items():
                for each in people(count, first=number):
                    _enter(each, slug, state)
                number += count
            for silent in people(12, mark="silent", first=number):
                _invite(silent, slug)
        _mails_have_left(began)
        _came_over_time()
        _some_failed()
        _team()


def enter(*, slug: str, state: str, count: int, mark: str) -> None:
    began = timezone.now()
    with transaction.atomic():
        for each in people(count, mark=mark):
            _enter(each, slug, state)
        _mails_have_left(began)


def _invite(each: Person, slug: str) -> Participant:
    workshop = Workshop.objects.select_related("conference").get(slug=slug)
    return invite(
        conference=workshop.conference, email=each.email, workshops=[workshop], language=each.language
    ).participant


def _enter(each: Person, slug: str, state: str) -> None:
    details = PersonDetails(
        each.first_name, each.last_name, each.organisation, "", each.city, each.country, each.language
    )
    role = "listener" if state == "listener" else "active"
    [outcome] = submit_registration(
        participant=_invite(each, slug),
        details=details,
        choices={slug: role},
        listens={slug: state == "waiting"},
        consent=None,
        language=each.language,
    )
    _decide(outcome.registration, state)


def _decide(registration: Registration, state: str) -> None:
    """Only what is not so already: some workshops need nobody's decision."""
    if state in _STEPS and registration.status != _STEPS[state][0]:
        _STEPS[state][1](registration_id=registration.pk)


def _mails_have_left(since: dt.datetime) -> None:
    """What was owed here would else keep the mailbox busy for minutes, and hide the mails that are looked at."""
    ours, now = Q(created_at__gte=since), timezone.now()
    messages = Message.objects.filter(ours, status=Message.Status.QUEUED)
    messages.update(status=Message.Status.SENT, sent_at=now, attempts=1)
    invitations = Invitation.objects.filter(ours, status=Invitation.Status.QUEUED)
    invitations.update(status=Invitation.Status.SENT)
    Invitation.objects.filter(ours).update(sent_at=now)


def _came_over_time() -> None:
    """More of them soon after the invitations, and again at the end."""
    for registration, moment in _spread(list(Registration.objects.order_by("pk"))):
        Registration.objects.filter(pk=registration.pk).update(
            created_at=moment, decided_at=registration.decided_at and moment + dt.timedelta(hours=5)
        )
    sent = _today() - dt.timedelta(days=_DAYS)
    Invitation.objects.update(created_at=sent, sent_at=sent)


def _spread(rows: list[Registration]) -> Iterator[tuple[Registration, dt.datetime]]:
    for place, row in enumerate(rows):
        share = (place * 37 % 101) / 101
        days = 1 + (_DAYS * (1 - share**2) if place % 3 else share * 3)
        moment = _today() - dt.timedelta(days=int(days))
        yield row, moment.replace(hour=6 + place * 5 % 11, minute=place * 11 % 60)


def _today() -> dt.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _some_failed() -> None:
    silent = Message.objects.filter(kind="invitation", recipient__contains=".silent.").order_by("recipient")
    for message in silent[:3]:
        reason = "550 5.1.1 mailbox unavailable"
        Message.objects.filter(pk=message.pk).update(
            status=Message.Status.FAILED, sent_at=None, last_error=reason
        )
        Invitation.objects.filter(messages=message).update(status=Invitation.Status.FAILED)


def _team() -> None:
    """The organiser who works at the desk, and colleagues with other rights."""
    User.objects.filter(is_superuser=True).update(first_name="Nilüfer", last_name="Brandt")
    workshops = {workshop.slug: workshop for workshop in Workshop.objects.select_related("conference")}
    for number, (role, slug) in enumerate(_COLLEAGUES):
        each, workshop = person(number * 3 + 1, "hosts"), workshops[slug or "digitale-stadt"]
        user = User.objects.create_user(
            each.email, each.email, first_name=each.first_name, last_name=each.last_name, is_staff=True
        )
        Membership.objects.create(
            user=user, conference=workshop.conference, workshop=workshop if slug else None, role=role
        )


def over(*, slug: str) -> None:
    """The workshop was yesterday, and whoever was confirmed gets a certificate."""
    workshop = Workshop.objects.get(slug=slug)
    workshop.certificates = Workshop.Certificates.PRESENT
    workshop.save(update_fields=["certificates"])
    for before, day in enumerate(workshop.days.order_by("-date"), 1):
        day.date = timezone.localdate() - dt.timedelta(days=before)
        day.opens, day.closes = day.opens or dt.time(9, 30), day.closes or dt.time(11, 30)
        day.save(update_fields=["date", "opens", "closes"])


def hold_mail() -> None:
    """For less than a minute; it needs a product with a limit on mails (MAIL_RATE), however high."""
    _next_turn(seconds=55)


def let_mail_go() -> None:
    _next_turn(seconds=0)
    drain_outbox.delay()


def _next_turn(*, seconds: int) -> None:
    moment = timezone.now() + dt.timedelta(seconds=seconds)
    SendingPace.objects.update_or_create(pk=1, defaults={"next_at": moment})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["scene", "enter", "over", "hold-mail", "let-mail-go"])
    parser.add_argument("--workshop", default="digitale-stadt")
    parser.add_argument("--state", default="requested")
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--mark", default="")
    asked = parser.parse_args()
    commands: dict[str, Callable[[], None]] = {
        "scene": scene,
        "enter": lambda: enter(slug=asked.workshop, state=asked.state, count=asked.count, mark=asked.mark),
        "over": lambda: over(slug=asked.workshop),
        "hold-mail": hold_mail,
        "let-mail-go": let_mail_go,
    }
    commands[asked.command]()


if __name__ == "__main__":
    main()
