"""Reminders to those who have not answered: now, or on the days a list plans."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.still_open import is_open_for_reminders, left_to_register
from registration.domain.invite import mail_about
from registration.domain.outbox.owe_many import owe_messages
from registration.domain.suppress import suppressed_among
from registration.domain.transitions import NotPossible
from registration.models import Invitation, InvitationList, Message, Participant, Registration
from workshops.models import Workshop

log = structlog.get_logger(__name__)
AT_ONCE = 500
# A step of a plan is named by its days; a reminder an organiser sends is none of them.
BY_HAND = 0
PAUSE = dt.timedelta(days=1)
_OVER = (Registration.Status.CANCELLED, Registration.Status.DECLINED)
_Status = Invitation.Status

NOT_SENT = _("The invitation has not been sent.")
ANSWERED = _("The invitation has been answered.")
CLOSED = _("The invitation was withdrawn or has expired.")
UNWANTED = _("The person is not to be written to.")
NOTHING_LEFT = _(
    "The person is registered already, or one can no longer register, or the workshop has begun."
)
JUST_REMINDED = _("A reminder was written within the last day.")
_REASONS: dict[str, Promise] = {
    _Status.DRAFT: NOT_SENT,
    _Status.QUEUED: NOT_SENT,
    _Status.FAILED: NOT_SENT,
    _Status.ACCEPTED: ANSWERED,
    _Status.DECLINED: ANSWERED,
    _Status.EXPIRED: CLOSED,
    _Status.REVOKED: CLOSED,
}


@dataclass(frozen=True, slots=True)
class Reminding:
    """How many are, or would be, reminded, and how many are not, by reason."""

    count: int
    refused: Counter[Promise]


def remind(*, invitation_id: int) -> Invitation:
    """Owes a reminder of one invitation. Raises NotPossible with the reason."""
    with transaction.atomic():
        # Erased meanwhile, or never there.
        found = list(_locked([invitation_id]))
        if not found:
            raise NotPossible(_("This invitation does not exist."))
        reason = _reasons(found, timezone.now())[found[0].pk]
        if reason is not None:
            raise NotPossible(reason)
        _owe(found, BY_HAND)
    return found[0]


def preview_reminders(*, kept: InvitationList) -> Reminding:
    refused: Counter[Promise] = Counter()
    count = 0
    for keys in _batches(kept.invitations.all()):
        reasons = _reasons(list(_read(keys)), timezone.now())
        refused.update(reason for reason in reasons.values() if reason is not None)
        count += sum(reason is None for reason in reasons.values())
    return Reminding(count, refused)


def remind_list(*, kept: InvitationList, step: int = BY_HAND) -> Reminding:
    """Reminds all of a list who can be reminded, batch by batch. A second click finds them reminded."""
    refused: Counter[Promise] = Counter()
    count = 0
    for keys in _batches(kept.invitations.all()):
        done, reasons = _remind_batch(keys, step, timezone.now())
        refused.update(reasons)
        count += done
    return Reminding(count, refused)


def remind_planned(*, at: dt.datetime, seconds: float) -> int:
    """Writes the reminders that lists have planned until `at` (aware), and returns how many.

    Of several steps that have passed only the latest is written. What is left after `seconds` comes next time.
    """
    ends = time.monotonic() + seconds
    written = 0
    lists = InvitationList.objects.filter(
        status__in=[InvitationList.Status.SENDING, InvitationList.Status.DONE]
    )
    for kept in lists.exclude(remind_after_days=[]).select_related("conference").order_by("pk"):
        for step in sorted(kept.remind_after_days, reverse=True):
            for keys in _batches(_due(kept, step, at)):
                if time.monotonic() >= ends:
                    return written
                written += _remind_batch(keys, step, at)[0]
    if written:
        log.info("planned reminders written", count=written)
    return written


def _due(kept: InvitationList, step: int, at: dt.datetime) -> QuerySet[Invitation]:
    """Sent so long ago, unanswered, and neither this step nor a later one was written."""
    later = Message.objects.filter(
        kind=Message.Kind.REMINDER, invitation=OuterRef("pk"), facts__step__gte=step
    )
    open_ones = [
        workshop.pk for workshop in _workshops(kept) if is_open_for_reminders(workshop=workshop, at=at)
    ]
    return kept.invitations.filter(
        ~Exists(later),
        Exists(
            Invitation.workshops.through.objects.filter(invitation=OuterRef("pk"), workshop__in=open_ones)
        ),
        status=_Status.SENT,
        sent_at__lte=at - dt.timedelta(days=step),
    )


def _workshops(kept: InvitationList) -> QuerySet[Workshop]:
    return (
        Workshop.objects.filter(conference=kept.conference_id)
        .select_related("conference")
        .prefetch_related("days")
    )


def _batches(invitations: QuerySet[Invitation]) -> Iterator[list[int]]:
    keys = list(invitations.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _remind_batch(keys: Sequence[int], step: int, at: dt.datetime) -> tuple[int, list[Promise]]:
    with transaction.atomic():
        # Read under the locks: another worker may be reminding the same people.
        invitations = list(_locked(keys))
        if step != BY_HAND:
            done = _done(keys, step)
            invitations = [invitation for invitation in invitations if invitation.pk not in done]
        reasons = _reasons(invitations, at)
        chosen = [invitation for invitation in invitations if reasons[invitation.pk] is None]
        _owe(chosen, step)
    return len(chosen), [reason for reason in reasons.values() if reason is not None]


def _done(keys: Sequence[int], step: int) -> set[int]:
    written = Message.objects.filter(kind=Message.Kind.REMINDER, invitation__in=keys, facts__step__gte=step)
    return {key for key in written.values_list("invitation", flat=True) if key is not None}


def _locked(keys: Sequence[int]) -> QuerySet[Invitation]:
    """The people first, as everywhere: who erases them at this moment waits for us, or we for them."""
    people = Participant.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(people.filter(invitations__in=keys).values_list("pk"))
    return _read(keys)


def _read(keys: Sequence[int]) -> QuerySet[Invitation]:
    return (
        Invitation.objects.filter(pk__in=keys)
        .select_related("participant__conference", "link")
        .prefetch_related("workshops__days", "workshops__conference")
        .order_by("pk")
    )


def _reasons(invitations: Sequence[Invitation], at: dt.datetime) -> dict[int, Promise | None]:
    """Why each cannot be reminded; None where it can. A fixed number of queries for people of one conference."""
    if not invitations:
        return {}
    conference = invitations[0].participant.conference
    unwanted = suppressed_among(
        conference=conference, emails=[invitation.participant.email for invitation in invitations]
    )
    registered = _registered([invitation.participant_id for invitation in invitations])
    reminded = _just_reminded([invitation.pk for invitation in invitations], at)
    return {
        invitation.pk: (
            _REASONS.get(invitation.status)
            or (CLOSED if _is_closed(invitation, at) else None)
            or (UNWANTED if invitation.participant.email in unwanted else None)
            or (JUST_REMINDED if invitation.pk in reminded else None)
            or (
                None
                if _has_some_left(invitation, registered[invitation.participant_id], at)
                else NOTHING_LEFT
            )
        )
        for invitation in invitations
    }


def _is_closed(invitation: Invitation, at: dt.datetime) -> bool:
    return invitation.link.revoked_at is not None or invitation.link.expires_at <= at


def _has_some_left(invitation: Invitation, registered: Collection[int], at: dt.datetime) -> bool:
    return bool(left_to_register(workshops=invitation.workshops.all(), registered=registered, at=at))


def _registered(people: Sequence[int]) -> defaultdict[int, set[int]]:
    rows = Registration.objects.filter(participant__in=people).exclude(status__in=_OVER).order_by()
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person, workshop in rows.values_list("participant", "workshop"):
        found[person].add(workshop)
    return found


def _just_reminded(keys: Sequence[int], at: dt.datetime) -> set[int]:
    rows = Message.objects.filter(
        kind=Message.Kind.REMINDER, invitation__in=keys, created_at__gt=at - PAUSE
    ).exclude(status__in=[Message.Status.FAILED, Message.Status.CANCELLED])
    return {key for key in rows.values_list("invitation", flat=True) if key is not None}


def _owe(invitations: Sequence[Invitation], step: int) -> None:
    kind, facts = Message.Kind.REMINDER, {"step": step}
    owe_messages(
        messages=[mail_about(invitation=invitation, kind=kind, facts=facts) for invitation in invitations]
    )
