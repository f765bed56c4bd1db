"""The start page: who waits, what went wrong, what comes next, and how full each workshop is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import partial

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from registration.admin.deciding import deciding_url
from registration.admin.overview.deadline_rows import DeadlineRow, deadline_rows
from registration.admin.overview.numbers import Number, WorkshopLine, line_of, list_url
from registration.admin.overview.reach import reach_of
from registration.admin.scoping import own_messages
from registration.admin.suppression import own_suppressions
from registration.domain.figures.deadlines import next_deadlines
from registration.domain.figures.invitations import Invited, count_invitations
from registration.domain.figures.mails import Mails, count_failed_mails, count_mails
from registration.domain.figures.programme_state import Counted, ProgrammeState, Released, programme_state
from registration.domain.figures.registrations import Registered, count_registrations
from registration.models import BarrierReport, Message
from workshops.admin.base import scope_for
from workshops.admin.findings import check_url
from workshops.domain.checks.finding import Severity
from workshops.domain.scope import Area, Right, Scope
from workshops.models import Conference, Workshop


@dataclass(frozen=True, slots=True)
class Waiting:
    """Over all workshops: for the organisers, for a free place, and with an offer to answer."""

    decision: Number
    place: Number
    answer: Number

    @property
    def anybody(self) -> bool:
        return bool(self.decision.value or self.place.value or self.answer.value)


@dataclass(frozen=True, slots=True)
class Unsent:
    """Mail that should have left: why not, in the reader's language; or how many leave in a minute, by intention."""

    number: Number
    since: dt.datetime
    reason: str
    rate: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """`findings` by severity, only those there are; `barriers` and `is_behind` for who looks after all."""

    conference: Conference | None
    at: dt.datetime
    waiting: Waiting
    deadlines: list[DeadlineRow]
    workshops: list[WorkshopLine]
    findings: dict[str, Number]
    failed: Number | None
    unsent: Unsent | None
    codes_short: Number
    suppressed: Number | None
    barriers: Number | None
    release: Released | None
    is_behind: bool
    may_decide: bool
    may_invite: bool
    may_translate: bool
    may_release: bool
    may_give_rights: bool
    is_on_a_team: bool
    may_read_history: bool


def overview(request: HttpRequest) -> Overview:
    """For the signed-in organiser, with a fixed number of queries."""
    scope, at = scope_for(request), timezone.now()
    workshops = _own_workshops(scope)
    conference = workshops[0].conference if workshops else _current(scope)
    state = programme_state(conference=conference) if conference else None
    keys = [workshop.pk for workshop in workshops]
    registered, invited = count_registrations(workshops=keys), count_invitations(workshops=keys)
    failed = count_failed_mails(workshops=keys)
    people, programme = scope.seeing(Area.PEOPLE), scope.changing(Area.PROGRAMME)
    mails = count_mails(own=own_messages(people), at=at) if people.grants(Right.TEAM) else None
    may_release = programme.grants(Right.CONFERENCE)
    found = next_deadlines(
        workshops=workshops,
        registered=registered,
        invited=invited,
        days=state.days if state else (),
        at=at,
    )
    return Overview(
        conference=conference,
        at=at,
        waiting=_waiting(list(registered.values()), scope.seeing(Area.REGISTRATIONS)),
        deadlines=deadline_rows(found, partial(reach_of, scope)),
        workshops=[
            line_of(
                workshop,
                registered.get(workshop.pk, Registered()),
                invited.get(workshop.pk, Invited()),
                failed[workshop.pk],
                reach_of(scope, workshop),
            )
            for workshop in workshops
        ],
        findings=_findings(state, scope, conference),
        failed=_failed(mails) if mails else None,
        unsent=_unsent(mails) if mails else None,
        codes_short=_codes_short(state, [each.pk for each in workshops if reach_of(scope, each).access]),
        suppressed=_suppressed(people) if people.grants(Right.TEAM) else None,
        barriers=_barriers(people.whole_conferences("conference"))
        if people.grants(Right.CONFERENCE)
        else None,
        release=state.release if state else None,
        is_behind=may_release and state is not None and state.is_behind,
        may_decide=bool(workshops) and scope.changing(Area.REGISTRATIONS).grants(Right.TEAM),
        may_invite=bool(workshops) and scope.changing(Area.PEOPLE).grants(Right.TEAM),
        may_translate=bool(workshops) and programme.grants(Right.TEAM),
        may_release=may_release,
        may_give_rights=conference is not None and scope.changing(Area.TEAM).covers_conference(conference.pk),
        is_on_a_team=bool(scope.held),
        may_read_history=conference is not None and scope.seeing(Area.HISTORY).grants(Right.TEAM),
    )


def _own_workshops(scope: Scope) -> list[Workshop]:
    rows = Workshop.objects.filter(scope.own_workshops(), Q(conference__is_current=True))
    return list(rows.select_related("conference"))


def _current(scope: Scope) -> Conference | None:
    return Conference.objects.filter(scope.any_conferences(), is_current=True).first()


def _waiting(registered: list[Registered], own: Scope) -> Waiting:
    def number(waits: str, value: int) -> Number:
        return Number(value, deciding_url(waits=waits) if own.grants(Right.TEAM) else "")

    return Waiting(
        decision=number("decision", sum(row.to_decide for row in registered)),
        place=number("place", sum(row.waiting - row.offered for row in registered)),
        answer=number("answer", sum(row.offered for row in registered)),
    )


def _findings(state: ProgrammeState | None, scope: Scope, conference: Conference | None) -> dict[str, Number]:
    """As many as this organiser is shown on the page that checks the programme, the worst first."""
    if state is None or conference is None:
        return {}
    counted = Counter(found.severity for found in state.findings if _sees(found, scope, conference))
    url = check_url(conference)
    return {
        severity.value: Number(counted[severity.value], f"{url}#findings-{severity.value}")
        for severity in Severity
        if counted[severity.value]
    }


def _sees(found: Counted, scope: Scope, conference: Conference) -> bool:
    return scope.covers_conference(conference.pk) or bool(found.workshops & scope.workshops)


def _failed(mails: Mails) -> Number:
    return Number(mails.failed, list_url("message", status__exact=Message.Status.FAILED))


def _unsent(mails: Mails) -> Unsent | None:
    found = mails.unsent
    if found is None:
        return None
    number = Number(found.count, list_url("message", unsent="yes"))
    return Unsent(number, found.since, gettext(found.reason) if found.reason else "", found.rate)


def _suppressed(scope: Scope) -> Number:
    return Number(own_suppressions(scope).count(), reverse("admin:registration_suppression_changelist"))


def _codes_short(state: ProgrammeState | None, workshops: list[int]) -> Number:
    """People who get in nowhere without a personal code, and there is none left for them."""
    found = [row for row in (state.codes_short if state else ()) if row.workshop in workshops]
    if len(found) == 1:
        page = reverse("admin:registration_accessdetails_codes", args=[found[0].details])
    else:
        page = list_url("accessdetails", personal_codes__exact=1)
    return Number(sum(row.people for row in found), page)


def _barriers(own: Q) -> Number:
    open_ones = BarrierReport.objects.filter(own, answered_at__isnull=True).count()
    return Number(open_ones, list_url("barrierreport", answered_at__isempty=1))
