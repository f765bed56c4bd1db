"""What is known of many addresses at once, and what follows for inviting them: the preview and the sending ask here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from registration.domain.invitation_lists.values import NO_WORKSHOP, PARTLY
from registration.domain.suppress import suppressed_among
from registration.models import Invitation, InvitationRow, Participant, Registration
from workshops.models import Conference

_State = InvitationRow.State
# On its way, or unanswered: a second one would only confuse.
_OPEN = (Invitation.Status.QUEUED, Invitation.Status.SENT)
_OVER = (Registration.Status.CANCELLED, Registration.Status.DECLINED)


@dataclass(frozen=True, slots=True)
class Known:
    """About one address: keys of workshops, and of the person where there is one."""

    person: int | None = None
    invited: frozenset[int] = frozenset()
    registered: frozenset[int] = frozenset()
    is_unwanted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`missing` are the workshops to be invited to, in the order wanted; empty where nothing is to be sent."""

    state: str
    missing: tuple[int, ...] = ()
    reason: str = ""


def look_up(*, conference: Conference, emails: Collection[str]) -> dict[str, Known]:
    """With a fixed number of queries, however many addresses (normalised) there are."""
    people = dict(
        Participant.objects.filter(conference=conference, email__in=emails).values_list("email", "pk")
    )
    keys = list(people.values())
    invited = _by_person(
        Invitation.workshops.through.objects.filter(
            invitation__participant__in=keys, invitation__status__in=_OPEN
        ).values_list("invitation__participant", "workshop")
    )
    registered = _by_person(
        Registration.objects.filter(participant__in=keys)
        .exclude(status__in=_OVER)
        .order_by()
        .values_list("participant", "workshop")
    )
    unwanted = suppressed_among(conference=conference, emails=emails)
    return {
        email: Known(
            people.get(email),
            frozenset(invited[people[email]]) if email in people else frozenset(),
            frozenset(registered[people[email]]) if email in people else frozenset(),
            email in unwanted,
        )
        for email in emails
    }


def _by_person(pairs: Iterable[tuple[int, int]]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person, workshop in pairs:
        found[person].add(workshop)
    return found


def judge(*, known: Known, wanted: Collection[int]) -> Verdict:
    """Where several things are true, the one that weighs most: unwanted, registered, invited, known, new."""
    if not wanted:
        return Verdict(_State.MALFORMED, reason=NO_WORKSHOP)
    if known.is_unwanted:
        return Verdict(_State.UNWANTED)
    missing = tuple(workshop for workshop in wanted if workshop not in known.invited | known.registered)
    if not missing:
        return Verdict(_State.REGISTERED if known.registered & set(wanted) else _State.INVITED)
    reason = PARTLY if len(missing) < len(wanted) else ""
    return Verdict(_State.NEW if known.person is None else _State.KNOWN, missing, reason)
