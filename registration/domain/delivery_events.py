"""What a mail provider reports after it had accepted a message: kept once, with all that follows from it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from registration.domain.invitation_lifecycle import mark_invitation_failed
from registration.domain.suppress import suppress
from registration.models import DeliveryEvent, Message, Suppression

log = structlog.get_logger(__name__)
UNDELIVERED = gettext_noop("The mail provider could not deliver this mail.")
_Kind, _Status = DeliveryEvent.Kind, Message.Status
_LONGEST = 500
_LONGEST_ID = 200
_PRIVATE = re.compile(r"https?://\S+|[^\s<>\"']+@[^\s<>\"']+")
_SUPPRESSED_BY = {
    _Kind.COMPLAINED: Suppression.Reason.COMPLAINED,
    _Kind.UNSUBSCRIBED: Suppression.Reason.UNSUBSCRIBED,
}


@dataclass(frozen=True, slots=True)
class Report:
    """One report, as far as it concerns us, whoever the provider is.

    `message` is our own number, which goes with the mail and comes back with each report; `provider_id` the provider's
    or the Message-ID. `address_is_bad`: nothing will ever arrive there.
    """

    provider: str
    kind: str
    message: str = ""
    provider_id: str = ""
    event_id: str = ""
    occurred_at: dt.datetime | None = None
    words: str = ""
    address_is_bad: bool = False


def record_delivery_event(*, report: Report) -> DeliveryEvent | None:
    """Keeps the report and what it means for message, invitation and address, in one transaction.

    None where it is known already, or is about a mail that is not ours.
    """
    with transaction.atomic():
        message = _lock_message(report)
        if message is None:
            log.info("delivery report about no message of ours", provider=report.provider, kind=report.kind)
            return None
        event, is_new = _keep(message, report)
        if not is_new:
            return None
        _follow_up(message, report, event.reason)
    log.info("delivery report", message=str(message.pk), provider=report.provider, kind=report.kind)
    return event


def _lock_message(report: Report) -> Message | None:
    """The lock lets two deliveries of the same report in one after the other."""
    rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related(
        "participant__conference"
    )
    if (key := _uuid(report.message)) and (found := rows.filter(pk=key).first()):
        return found
    bare = report.provider_id.strip("<>")
    if not bare:
        return None
    return rows.filter(Q(message_id=f"<{bare}>") | Q(provider_id__in=[bare, f"<{bare}>"])).first()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _keep(message: Message, report: Report) -> tuple[DeliveryEvent, bool]:
    """Some providers number their reports, some number each attempt to tell us, some number nothing."""
    same = message.delivery_events.filter(provider=report.provider, kind=report.kind)
    if report.occurred_at and (known := same.filter(occurred_at=report.occurred_at).first()):
        return known, False
    return DeliveryEvent.objects.get_or_create(
        provider=report.provider,
        event_id=_event_id(message, report),
        defaults={
            "message": message,
            "kind": report.kind,
            "reason": provider_words(report.words),
            "occurred_at": report.occurred_at or timezone.now(),
        },
    )


def _event_id(message: Message, report: Report) -> str:
    if report.event_id and len(report.event_id) <= _LONGEST_ID:
        return report.event_id
    when = report.occurred_at.isoformat() if report.occurred_at else ""
    return hashlib.sha256(f"{report.kind}/{message.pk}/{when}/{report.event_id}".encode()).hexdigest()


def _follow_up(message: Message, report: Report, words: str) -> None:
    if report.kind == _Kind.BOUNCED:
        _mark_undelivered(message, words)
    reason = Suppression.Reason.BOUNCED if report.address_is_bad else _SUPPRESSED_BY.get(_Kind(report.kind))
    if reason and message.participant is not None:
        conference = message.participant.conference
        suppress(conference=conference, email=message.recipient, reason=reason, note=words)


def _mark_undelivered(message: Message, words: str) -> None:
    """Also while a worker is still sending it, or would send it again: its claim ends here, and it sees that."""
    if message.status == _Status.CANCELLED:
        return
    message.status, message.last_error = _Status.FAILED, words or UNDELIVERED
    message.claim = message.claimed_at = None
    message.save(update_fields=["status", "last_error", "claim", "claimed_at"])
    mark_invitation_failed(message=message)


def provider_words(text: str) -> str:
    """One printable line, without addresses of people and pages: a bounce may quote the personal link."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(_PRIVATE.sub("…", printable).split())[:_LONGEST]
