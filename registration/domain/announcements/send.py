from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import User
from registration.domain.announcements.group import chosen_by, language_for, registrations_of
from registration.domain.by_the_clock.write_notices import batches, lock_people
from registration.domain.links_for_mail import links_for_mail
from registration.domain.outbox.owe_many import owe_messages
from registration.domain.suppress import suppressed_among
from registration.domain.transitions import NotPossible
from registration.models import Announcement, Message, Participant, PersonalLink, Registration
from workshops.domain.scope import Area, scope_of
from workshops.models import Workshop

ALREADY_SENT = _("This message was sent already.")
NOBODY = _("Nobody belongs to this group.")
NOT_YOURS = _("This also concerns a workshop that you do not look after.")


def send_announcement(*, announcement_id: int, by: User) -> Announcement:
    """Owes each person of the group one mail; a second press finds it sent.

    Not to addresses that are not to be canvassed: a free message is nothing their owner's registration owes them.
    Raises NotPossible.
    """
    with transaction.atomic():
        announcement = _locked(announcement_id)
        if announcement.sent_at is not None:
            raise NotPossible(ALREADY_SENT)
        workshops = announcement.workshops.all()
        if not workshops or workshops.exclude(pk__in=_own(by)).exists():
            raise NotPossible(NOT_YOURS)
        announcement.people = _owe_all(announcement)
        if not announcement.people:
            raise NotPossible(NOBODY)
        announcement.sent_at, announcement.created_by = timezone.now(), by
        announcement.save(update_fields=["people", "sent_at", "created_by"])
    return announcement


def _locked(key: int) -> Announcement:
    rows = Announcement.objects.select_for_update(of=("self",), no_key=True).select_related("conference")
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotPossible(_("This message does not exist."))
    return found


def _own(by: User) -> QuerySet[Workshop]:
    return Workshop.objects.filter(scope_of(by).changing(Area.PEOPLE).own_workshops())


def _owe_all(announcement: Announcement) -> int:
    """People in the order of their keys: two messages to the same ones would else wait for each other."""
    first: dict[int, int] = {}
    rows = registrations_of(announcement=announcement).values_list("participant", "pk")
    for person, registration in rows:
        first.setdefault(person, registration)
    written = 0
    for people in batches(sorted(first)):
        locked = {person.pk for person in lock_people(Participant.objects.filter(pk__in=people))}
        # Who has left the group meanwhile gets none; what each is registered for was read at once, before.
        keys = [first[key] for key in people if key in locked]
        written += _owe(announcement, keys)
    return written


def _owe(announcement: Announcement, keys: Collection[int]) -> int:
    rows = Registration.objects.filter(chosen_by(announcement.chosen), pk__in=keys).order_by("pk")
    registrations = list(rows.select_related("participant__conference"))
    emails = [row.participant.email for row in registrations]
    unwanted = suppressed_among(conference=announcement.conference, emails=emails)
    wanted = [row for row in registrations if row.participant.email not in unwanted]
    links = links_for_mail(participants=[row.participant for row in wanted])
    owe_messages(messages=[_message(announcement, row, links[row.participant_id]) for row in wanted])
    return len(wanted)


def _message(announcement: Announcement, registration: Registration, link: PersonalLink) -> Message:
    person = registration.participant
    return Message(
        kind=Message.Kind.ANNOUNCEMENT,
        recipient=person.email,
        language=language_for(announcement=announcement, language=person.language),
        participant=person,
        registration=registration,
        link=link,
        facts={"announcement": announcement.pk},
    )
