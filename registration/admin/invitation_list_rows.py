"""The rows of one list as an organiser sees them: a page of them, filtered by what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from registration.admin.scoping import own_participants
from registration.admin.shown import status_mark
from registration.admin.suppression import own_suppressions
from registration.domain.suppress import NotToBeWrittenTo, suppressed_among
from registration.models import Invitation, InvitationList, InvitationRow, Participant
from workshops.admin.base import scope_for
from workshops.domain.scope import Scope
from workshops.languages import OWN_NAMES
from workshops.models import Workshop

PER_PAGE = 100
_State, _Outcome = InvitationRow.State, InvitationRow.Outcome
# Which shape of the stylesheet a state has.
_SHAPES = {
    _State.NEW: "confirmed",
    _State.KNOWN: "confirmed",
    _State.INVITED: "unchanged",
    _State.REGISTERED: "unchanged",
    _State.DUPLICATE: "unchanged",
    _State.UNWANTED: "declined",
    _State.MALFORMED: "declined",
    _Outcome.WAITING: "queued",
    _Outcome.WRITTEN: "confirmed",
    _Outcome.SKIPPED: "unchanged",
    _Outcome.REFUSED: "declined",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of the filter; `value` is empty for all rows."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    line: int
    typed: str
    email: str
    name: str
    organisation: str
    language: str
    workshops: str
    state: SafeString
    outcome: SafeString
    mail: SafeString | str
    reason: str


@dataclass(frozen=True, slots=True)
class Rows:
    choices: list[Choice]
    page: Page[Any]
    rows: list[ShownRow]
    to_invite: int


def rows_of(*, request: HttpRequest, kept: InvitationList) -> Rows:
    scope = scope_for(request)
    found = _as_seen_by(scope, kept)
    counts = dict(found.order_by().values_list("shown").annotate(count=Count("pk")))
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in _State.values else ""
    page = Paginator(found.filter(shown=chosen) if chosen else found, PER_PAGE).get_page(
        request.GET.get("page")
    )
    return Rows(
        choices=_choices(counts, chosen),
        page=page,
        rows=_Showing(kept, scope, list(page)).rows(),
        to_invite=counts.get(_State.NEW, 0) + counts.get(_State.KNOWN, 0),
    )


def _as_seen_by(scope: Scope, kept: InvitationList) -> QuerySet[Any]:
    """Who is known in other workshops only, is new to somebody who does not look after those."""
    rows = kept.rows.all()
    if scope.covers_conference(kept.conference_id):
        return rows.annotate(shown=F("state"))
    people = Participant.objects.filter(own_participants(scope))
    own = people.filter(conference=kept.conference_id, email=OuterRef("email"))
    elsewhere = When(Q(state=_State.KNOWN) & ~Exists(own), then=Value(_State.NEW.value))
    return rows.annotate(shown=Case(elsewhere, default=F("state"), output_field=CharField()))


def _choices(counts: dict[str, int], chosen: str) -> list[Choice]:
    found = [Choice("", gettext("all"), sum(counts.values()), not chosen)]
    return found + [
        Choice(state.value, str(state.label), counts[state], chosen == state)
        for state in _State
        if counts.get(state)
    ]


class _Showing:
    """Reads what the rows of one page need, with a fixed number of queries."""

    def __init__(self, kept: InvitationList, scope: Scope, rows: Sequence[Any]) -> None:
        self.list, self.given = kept, rows
        self.workshops = {workshop.pk: str(workshop) for workshop in kept.conference.workshops.all()}
        self.default = list(kept.workshops.order_by("position", "pk").values_list("pk", flat=True))
        emails = [row.email for row in rows if row.email]
        self.unwanted = suppressed_among(conference=kept.conference, emails=emails)
        own = own_suppressions(scope).filter(pk__in=[found.pk for found in self.unwanted.values()])
        self.own_unwanted = set(own.values_list("pk", flat=True))
        mails = kept.invitations.filter(participant__email__in=emails)
        self.mails = {mail.participant.email: mail for mail in mails.select_related("participant")}

    def rows(self) -> list[ShownRow]:
        return [self._row(row) for row in self.given]

    def _row(self, row: Any) -> ShownRow:
        language = row.language or self.list.language
        return ShownRow(
            line=row.line,
            typed=row.typed,
            email=row.email,
            name=f"{row.first_name} {row.last_name}".strip(),
            organisation=row.organisation,
            language=OWN_NAMES.get(language, gettext("both")),
            workshops=self._names(row.workshops or self.default),
            state=_mark(_State(row.shown)),
            outcome=_mark(_Outcome(row.outcome)),
            mail=self._mail(row),
            reason=self._reason(row),
        )

    def _names(self, keys: Iterable[int]) -> str:
        return ", ".join(self.workshops[key] for key in keys if key in self.workshops)

    def _mail(self, row: Any) -> SafeString | str:
        mail: Invitation | None = self.mails.get(row.email) if row.outcome == _Outcome.WRITTEN else None
        return status_mark(mail.status, mail.get_status_display()) if mail else ""

    def _reason(self, row: Any) -> str:
        """Why somebody is not to be invited is told to those whose person it is: else anybody could ask who declined
        an invitation of others.
        """
        if row.state != _State.UNWANTED:
            return str(row.reason_text)
        found = self.unwanted.get(row.email)
        if found is not None and found.pk in self.own_unwanted:
            return str(NotToBeWrittenTo(address=row.email, suppression=found))
        return gettext("“%(address)s” is not to be invited.") % {"address": row.email}


def _mark(choice: Any) -> SafeString:
    return status_mark(_SHAPES[choice], choice.label)


def workshops_of(kept: InvitationList) -> list[Workshop]:
    """All that anybody of the list is invited to: those of the list, then those that only rows name."""
    named = Workshop.objects.filter(Q(invitation_lists=kept) | Q(pk__in=kept.named_workshops.values("pk")))
    return list(named.distinct().select_related("conference").order_by("position", "pk"))
