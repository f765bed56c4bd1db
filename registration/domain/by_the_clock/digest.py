"""The organisers' daily overview: what waits, what is new, what went wrong, what comes next."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from conference.models import User
from registration.domain.figures.deadlines import Deadline, next_deadlines
from registration.domain.figures.invitations import count_invitations
from registration.domain.figures.mails import count_failed_mails
from registration.domain.figures.programme_state import programme_state
from registration.domain.figures.registrations import Registered, count_registrations
from registration.domain.outbox.owe_many import owe_messages
from registration.models import Message, Registration
from workshops.domain.checks.finding import Severity
from workshops.models import Conference, Membership, Workshop

log = structlog.get_logger(__name__)
# By the home clock. What could not be written in the morning is left: tomorrow's says the same, and more.
WRITTEN_FROM, WRITTEN_UNTIL = dt.time(7), dt.time(12)
A_DAY = dt.timedelta(days=1)
# A deadline nearer than this is news by itself; those further away only stand below other news.
NEAR = dt.timedelta(days=2)
_SPACE = uuid.UUID("6f2b3c52-64a1-4a30-9d0e-0f3f2c5a9b11")


@dataclass(frozen=True, slots=True)
class WorkshopNews:
    workshop: Workshop
    new: int
    to_decide: int
    waiting: int
    failed: int

    @property
    def says_something(self) -> bool:
        return bool(self.new or self.to_decide or self.failed)


@dataclass(frozen=True, slots=True)
class Digest:
    """`deadlines` are those of the next fortnight, the next one first."""

    conference: Conference
    at: dt.datetime
    news: tuple[WorkshopNews, ...]
    errors: int
    warnings: int
    deadlines: tuple[Deadline, ...]

    @property
    def says_something(self) -> bool:
        return bool(
            self.errors
            or self.warnings
            or any(line.says_something for line in self.news)
            or any(deadline.at <= self.at + NEAR for deadline in self.deadlines)
        )


def write_digests(*, at: dt.datetime) -> int:
    """Owes today's overview (`at` is aware) to each organiser who wants it and has something to be told.

    Once a day each: the message's own key says whose and which day's it is. Returns how many were written.
    """
    conference = Conference.objects.filter(is_current=True).first()
    if conference is None:
        return 0
    local = at.astimezone(ZoneInfo(conference.home_zone))
    if not WRITTEN_FROM <= local.time() < WRITTEN_UNTIL:
        return 0
    members = User.objects.filter(pk__in=_wanting(conference).values("user"))
    written = sum(_write(member, conference, local.date(), at) for member in members.order_by("pk"))
    if written:
        log.info("daily overviews written", count=written)
    return written


def digest_of(*, user: User, conference: Conference, at: dt.datetime) -> Digest:
    """As far as it is about the workshops for which this organiser wants it."""
    memberships = list(_wanting(conference).filter(user=user))
    leads = any(row.workshop_id is None for row in memberships)
    rows = Workshop.objects.filter(conference=conference)
    if not leads:
        rows = rows.filter(pk__in=[row.workshop_id for row in memberships])
    workshops = list(rows.select_related("conference").order_by("position", "pk"))
    state = programme_state(conference=conference)
    keys = {workshop.pk for workshop in workshops}
    registered = count_registrations(workshops=keys)
    findings = Counter(found.severity for found in state.findings if leads or found.workshops & keys)
    deadlines = next_deadlines(
        workshops=workshops,
        registered=registered,
        invited=count_invitations(workshops=keys),
        days=state.days,
        at=at,
    )
    return Digest(
        conference=conference,
        at=at,
        news=_news(workshops, registered, at),
        errors=findings[Severity.ERROR.value],
        warnings=findings[Severity.WARNING.value],
        deadlines=tuple(deadlines),
    )


def is_wanted(*, user: User, conference: Conference) -> bool:
    return _wanting(conference).filter(user=user).exists()


def _wanting(conference: Conference) -> QuerySet[Membership]:
    return Membership.objects.filter(
        conference=conference, daily_overview=True, user__is_active=True, user__is_staff=True
    )


def _news(
    workshops: Sequence[Workshop], registered: dict[int, Registered], at: dt.datetime
) -> tuple[WorkshopNews, ...]:
    keys = [workshop.pk for workshop in workshops]
    new, failed = _count_new(keys, at - A_DAY), count_failed_mails(workshops=keys)
    return tuple(
        WorkshopNews(
            workshop=workshop,
            new=new[workshop.pk],
            to_decide=registered.get(workshop.pk, Registered()).to_decide,
            waiting=registered.get(workshop.pk, Registered()).waiting,
            failed=failed[workshop.pk],
        )
        for workshop in workshops
    )


def _count_new(workshops: Iterable[int], since: dt.datetime) -> Counter[int]:
    rows = Registration.objects.filter(workshop__in=list(workshops), created_at__gt=since).order_by()
    return Counter(dict(rows.values_list("workshop").annotate(count=Count("pk"))))


def _write(member: User, conference: Conference, day: dt.date, at: dt.datetime) -> bool:
    key = uuid.uuid5(_SPACE, f"{conference.pk}/{member.pk}/{day.isoformat()}")
    if Message.objects.filter(pk=key).exists():
        return False
    if not digest_of(user=member, conference=conference, at=at).says_something:
        return False
    try:
        with transaction.atomic():
            owe_messages(messages=[_message(key, member, conference)])
    except IntegrityError:  # another worker was quicker
        return False
    return True


def _message(key: uuid.UUID, member: User, conference: Conference) -> Message:
    row = _wanting(conference).filter(user=member).order_by("workshop", "pk").first()
    return Message(
        id=key,
        kind=Message.Kind.DIGEST,
        recipient=member.email,
        language=row.language if row else "",
        facts={"user": member.pk, "conference": conference.pk},
    )
