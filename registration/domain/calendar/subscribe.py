"""Making, renewing and ending the address from which a person's calendar is fetched."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from conference.kept_queries import KeptQuery
from conference.query_slots import key
from registration.domain.calendar.token import new_subscription
from registration.domain.outbox.still_owed import is_open
from registration.models import CalendarSubscription, Participant, PersonalLink

_WORKING: KeptQuery[CalendarSubscription] = KeptQuery(
    lambda: (
        CalendarSubscription.objects.filter(participant=key("participant"), revoked_at__isnull=True)
        .select_related("link")
        .order_by("pk")[:1]
    )
)


def subscription_of(*, participant: Participant) -> CalendarSubscription | None:
    """The one that works now."""
    found = _WORKING.first(participant=participant.pk)
    return found if found is not None and is_open(found.link) else None


def subscribe(*, link: PersonalLink) -> CalendarSubscription:
    """The person's address; a new one only where none works, so that a second click does no harm.

    Raises Participant.DoesNotExist where the person was erased meanwhile.
    """
    with transaction.atomic():
        person = _locked(link)
        return subscription_of(participant=person) or _another(person, link)


def renew_subscription(*, link: PersonalLink) -> CalendarSubscription:
    """Another address; the former one shows nothing any more. Raises as `subscribe` does."""
    with transaction.atomic():
        return _another(_locked(link), link)


def end_subscription(*, link: PersonalLink) -> None:
    """No address shows this person's calendar any more. Twice is as good as once."""
    with transaction.atomic():
        _end(_locked(link))


def _locked(link: PersonalLink) -> Participant:
    people = Participant.objects.select_for_update(of=("self",), no_key=True)
    return people.get(pk=link.participant_id)


def _another(person: Participant, link: PersonalLink) -> CalendarSubscription:
    _end(person)
    subscription = new_subscription(link=link)
    subscription.save(force_insert=True)
    return subscription


def _end(person: Participant) -> None:
    person.calendar_subscriptions.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
