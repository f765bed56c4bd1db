"""What is known about people: the rows that are theirs, and the lines of both histories that speak of them.

There are two histories: the audit log (django-auditlog) and that of former versions. Both copy names and addresses.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from auditlog.models import LogEntry as AuditEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Lower, StrIndex

from conference.former_log import FormerEntry
from conference.models import User
from registration.models import (
    AccessTold,
    Attendance,
    BarrierReport,
    CalendarSubscription,
    Certificate,
    Consent,
    DeliveryEvent,
    Invitation,
    InvitationRow,
    Message,
    Notice,
    Participant,
    PersonalLink,
    Registration,
    Suppression,
)
from workshops.models import Conference

Keys = Mapping[type[Model], Collection[str]]
_ADDRESS = re.compile(r"[^\s\"'<>()\[\],;:\\]+@[\w.-]*\w")
_AUDIT_TEXTS = ("object_repr", "changes_text", "changes", "additional_data", "serialized_data")
_FORMER_TEXTS = ("object_repr", "change_message")


def rows_of(people: QuerySet[Participant]) -> list[QuerySet[Any]]:
    """Every row that is only there because these people are, in the order in which it can be deleted.

    Messages come before their invitations: a worker that writes down a result locks them in that order.
    """
    return [
        DeliveryEvent.objects.filter(message__participant__in=people),
        AccessTold.objects.filter(registration__participant__in=people),
        Message.objects.filter(participant__in=people),
        Consent.objects.filter(participant__in=people),
        Certificate.objects.filter(registration__participant__in=people),
        Attendance.objects.filter(registration__participant__in=people),
        Notice.objects.filter(registration__participant__in=people),
        Registration.objects.filter(participant__in=people),
        given_rows_of(people),
        Invitation.objects.filter(participant__in=people),
        CalendarSubscription.objects.filter(participant__in=people),
        PersonalLink.objects.filter(participant__in=people),
        people,
    ]


def answers_to(participant: Participant) -> list[QuerySet[Any]]:
    """Mail about barriers this person reported, which may have been without a link of their own."""
    own = {"conference": participant.conference_id, "email": participant.email}
    reports = BarrierReport.objects.filter(**own).values_list("pk", flat=True)
    mails = Message.objects.filter(kind=Message.Kind.BARRIER_ANSWER, facts__barrier_report__in=list(reports))
    return [DeliveryEvent.objects.filter(message__in=mails), mails]


def given_rows_of(people: QuerySet[Participant]) -> QuerySet[InvitationRow]:
    """What organisers gave of these people in lists, by the address; also where it stands in an unreadable row."""
    rows = InvitationRow.objects.annotate(typed_in_small=Lower("typed"))
    own = people.order_by().filter(conference=OuterRef("invitation_list__conference"))
    named = own.annotate(place=StrIndex(OuterRef("typed_in_small"), "email")).filter(place__gt=0)
    return rows.filter(
        Exists(own.filter(email=OuterRef("email")))
        | Q(state=InvitationRow.State.MALFORMED, email="") & Exists(named)
    )


def keys_of(rows: Iterable[QuerySet[Any]]) -> dict[type[Model], list[str]]:
    """Their primary keys, as both histories write them."""
    return {found.model: [str(pk) for pk in found.values_list("pk", flat=True)] for found in rows}


def delete(rows: Iterable[QuerySet[Any]]) -> Counter[str]:
    """Deletes them, and returns how many there were by table."""
    gone: Counter[str] = Counter()
    for found in rows:
        gone[found.model._meta.db_table] += found.delete()[1].get(found.model._meta.label, 0)
    return +gone


def count(rows: Iterable[QuerySet[Any]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for found in rows:
        counted[found.model._meta.db_table] += found.count()
    return +counted


def history_about(keys: Keys) -> list[QuerySet[Any]]:
    """The lines of both histories about these rows."""
    audit, former = Q(pk__in=[]), Q(pk__in=[])
    for model, found in keys.items():
        kind = ContentType.objects.get_for_model(model)
        audit |= Q(content_type=kind, object_pk__in=found)
        former |= Q(content_type=kind, object_id__in=found)
    return [AuditEntry.objects.filter(audit), FormerEntry.objects.filter(former)]


def history_naming(
    addresses: Collection[str], conference: Conference, *, since: dt.datetime | None = None
) -> list[QuerySet[Any]]:
    """The lines about anything else in which one of these addresses stands; `since`: only those no older than that.

    Not those about organisers' accounts, nor about another conference's people, who may have the same address. Without
    `since` both histories are read from the beginning: do it before locking anything.
    """
    audit = AuditEntry.objects.exclude(_others("object_pk", conference))
    former = FormerEntry.objects.exclude(_others("object_id", conference))
    if since is not None:
        audit, former = audit.filter(timestamp__gte=since), former.filter(action_time__gte=since)
    return [_naming(audit, _AUDIT_TEXTS, addresses), _naming(former, _FORMER_TEXTS, addresses)]


def _others(key: str, conference: Conference) -> Q:
    own = (
        Participant,
        Registration,
        Certificate,
        Attendance,
        Invitation,
        PersonalLink,
        Message,
        Consent,
        DeliveryEvent,
        User,
    )
    found = Q(content_type__in=[kind.pk for kind in ContentType.objects.get_for_models(*own).values()])
    for model in (Suppression, BarrierReport):
        # Whose conference a deleted one was is not known any more: that line goes.
        elsewhere = model.objects.exclude(conference=conference).annotate(key=Cast("pk", TextField()))
        found |= Q(
            **{
                "content_type": ContentType.objects.get_for_model(model),
                f"{key}__in": elsewhere.values("key"),
            }
        )
    return found


def _naming(entries: QuerySet[Any], texts: tuple[str, ...], addresses: Collection[str]) -> QuerySet[Any]:
    wanted = {address.lower() for address in addresses}
    copies = {f"{name}_copy": Cast(name, TextField()) for name in texts}
    rows = entries.order_by().annotate(**copies)
    if len(wanted) == 1:
        rows = rows.filter(_contains(next(iter(wanted)), copies))
    found = [
        pk for pk, *said in rows.values_list("pk", *copies) if any(wanted & named_in(text) for text in said)
    ]
    lines: QuerySet[Any] = entries.model._default_manager.filter(pk__in=found)
    return lines


def _contains(address: str, copies: Collection[str]) -> Q:
    found = Q()
    for name in copies:
        for spelling in {address, json.dumps(address)[1:-1]}:
            found |= Q(**{f"{name}__icontains": spelling})
    return found


def named_in(text: str | None) -> set[str]:
    """The addresses in a text, or in JSON, where some databases keep other letters as “\\u00fc”."""
    if not text:
        return set()
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return {address.lower() for address in _ADDRESS.findall(plain)}
