"""The start page: how full each workshop is, who waits, what went wrong; each number leads to its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from registration.admin.scoping import own_messages
from registration.admin.suppression import own_suppressions
from registration.models import BarrierReport, Invitation, Message, Registration
from workshops.admin.base import scope_for
from workshops.domain.changes import differs_from_release
from workshops.domain.scope import Right
from workshops.models import Release, Workshop

_Status, _Role = Registration.Status, Registration.Role


@dataclass(frozen=True, slots=True)
class Number:
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    """One workshop of the start page; `limit` is None where active places are not limited."""

    workshop: Workshop
    url: str
    limit: int | None
    active: Number
    offered: Number
    listening: Number
    waiting: Number
    to_decide: Number
    invited: Number
    answered: Number
    failed: Number


@dataclass(frozen=True, slots=True)
class Overview:
    workshops: list[WorkshopLine]
    failed: Number
    suppressed: Number
    barriers: Number | None
    release: Release | None
    is_behind: bool
    may_invite: bool
    may_release: bool


def overview(request: HttpRequest) -> Overview:
    """For the signed-in organiser, with a fixed number of queries."""
    scope = scope_for(request)
    workshops = list(
        Workshop.objects.filter(scope.own_workshops(), Q(conference__is_current=True)).select_related(
            "conference"
        )
    )
    whole = scope.grants(Right.CONFERENCE)
    release = _release(scope.any_conferences("conference"))
    failed = Message.objects.filter(own_messages(scope), status=Message.Status.FAILED).count()
    return Overview(
        workshops=_lines(workshops),
        failed=Number(failed, _list("message", status__exact=Message.Status.FAILED)),
        suppressed=Number(
            own_suppressions(scope).count(), reverse("admin:registration_suppression_changelist")
        ),
        barriers=_barriers(scope.whole_conferences("conference")) if whole else None,
        release=release,
        is_behind=whole and release is not None and differs_from_release(release=release),
        may_invite=bool(workshops),
        may_release=whole,
    )


def _release(own: Q) -> Release | None:
    return Release.objects.filter(own, conference__is_current=True).select_related("conference").first()


def _barriers(own: Q) -> Number:
    open_ones = BarrierReport.objects.filter(own, answered_at__isnull=True).count()
    return Number(open_ones, _list("barrierreport", answered_at__isempty=1))


def _lines(workshops: list[Workshop]) -> list[WorkshopLine]:
    keys = [workshop.pk for workshop in workshops]
    counts = _people(keys) + _invitations(keys) + _failed(keys)
    return [_line(workshop, counts) for workshop in workshops]


def _people(keys: list[int]) -> Counter[tuple[int, str]]:
    """How many wait, are to be decided, have an active place offered; by workshop and state."""
    rows = Registration.objects.filter(workshop__in=keys).order_by()
    offered = Count("offered_until", filter=Q(role=_Role.ACTIVE))
    counted = list(rows.values_list("workshop_id", "status").annotate(count=Count("pk"), offered=offered))
    found = _counter((workshop, status, count) for workshop, status, count, _held in counted)
    for workshop, _status, _count, held in counted:
        found[workshop, "offered"] += held
    return found


def _invitations(keys: list[int]) -> Counter[tuple[int, str]]:
    through = Invitation.workshops.through.objects.filter(workshop__in=keys)
    counted = through.values_list("workshop_id").annotate(
        out=Count("pk", filter=Q(invitation__sent_at__isnull=False)),
        answered=Count("pk", filter=Q(invitation__answered_at__isnull=False)),
    )
    found: Counter[tuple[int, str]] = Counter()
    for workshop, out, answered in counted:
        found[workshop, "out"], found[workshop, "answered"] = out, answered
    return found


def _failed(keys: list[int]) -> Counter[tuple[int, str]]:
    """Mails that finally failed: about registrations, and invitations (one to several workshops counts in each)."""
    failed = Message.objects.filter(status=Message.Status.FAILED).order_by()
    found: Counter[tuple[int, str]] = Counter()
    for path in ("registration__workshop", "invitation__workshops"):
        rows = failed.filter(**{f"{path}__in": keys}).values_list(path).annotate(count=Count("pk"))
        found.update(_counter((workshop, "failed", count) for workshop, count in rows))
    return found


def _counter(rows: Iterable[tuple[int, str, int]]) -> Counter[tuple[int, str]]:
    return Counter({(workshop, name): count for workshop, name, count in rows})


def _line(workshop: Workshop, counts: Counter[tuple[int, str]]) -> WorkshopLine:
    def registrations(**query: str) -> str:
        return _list("registration", workshop__id__exact=workshop.pk, **query)

    def sent(name: str) -> Number:
        url = _list("invitation", workshops__id__exact=workshop.pk, progress=name)
        return Number(counts[workshop.pk, name], url)

    def state(status: str) -> Number:
        return Number(counts[workshop.pk, status], registrations(status__exact=status))

    return WorkshopLine(
        workshop=workshop,
        url=reverse("admin:workshops_workshop_change", args=[workshop.pk]),
        limit=workshop.capacity_active,
        active=Number(workshop.taken_active, registrations(admitted=_Role.ACTIVE)),
        offered=Number(
            counts[workshop.pk, "offered"], registrations(offered="yes", role__exact=_Role.ACTIVE)
        ),
        listening=Number(workshop.taken_listener, registrations(admitted=_Role.LISTENER)),
        waiting=state(_Status.WAITLISTED),
        to_decide=state(_Status.REQUESTED),
        invited=sent("out"),
        answered=sent("answered"),
        failed=Number(
            counts[workshop.pk, "failed"],
            _list("message", status__exact=Message.Status.FAILED, workshop=workshop.pk),
        ),
    )


def _list(model: str, **query: Any) -> str:
    return f"{reverse(f'admin:registration_{model}_changelist')}?{urlencode(query)}"
