from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import User
from registration.domain.addresses import normal_address
from registration.domain.outbox.owe import owe_message
from registration.models import Message
from workshops.domain.team.account import account_for
from workshops.domain.team.set_rights import require_owner, set_rights
from workshops.domain.team.values import Change, Given, TeamError, rights_of
from workshops.models import Conference

NOTHING_GIVEN = _("Choose at least one right.")
NO_RIGHTS = _("This person has no rights here.")
JUST_NOW = _("An e-mail to this person is on its way, or went out a moment ago.")
SIGNED_IN = _("This person has signed in already and needs no further invitation.")
# A second click, or a second owner, within this time sends nothing.
A_MOMENT = dt.timedelta(minutes=2)


def invite_colleague(  # noqa: PLR0913 (what the form asks)
    *,
    conference: Conference,
    email: str,
    rights: Iterable[Given],
    language: str,
    by: User,
    first_name: str = "",
    last_name: str = "",
) -> tuple[User, Change]:
    """Gives somebody rights beside those they have here, and owes them a mail that says so, if that changes anything.

    Raises InvalidAddress and TeamError.
    """
    given = frozenset(rights)
    if not given:
        raise TeamError(NOTHING_GIVEN)
    with transaction.atomic():
        # Before an account is made; set_rights asks again, with nobody else at it.
        require_owner(by=by, conference=conference)
        list(Conference.objects.filter(pk=conference.pk).select_for_update(no_key=True).values_list("pk"))
        user = account_for(email=normal_address(email), first_name=first_name, last_name=last_name)
        held = rights_of(user=user, conference=conference)
        change = set_rights(user=user, conference=conference, rights=held | given, by=by, language=language)
        if change.new:
            _owe(user, conference, language, by)
    return user, change


def write_again(*, conference: Conference, user: User, language: str, by: User) -> Message:
    """The invitation once more, with a new link, for somebody who has not signed in yet. Raises TeamError."""
    with transaction.atomic():
        list(Conference.objects.filter(pk=conference.pk).select_for_update(no_key=True).values_list("pk"))
        require_owner(by=by, conference=conference)
        if not rights_of(user=user, conference=conference):
            raise TeamError(NO_RIGHTS)
        if user.last_login is not None:
            raise TeamError(SIGNED_IN)
        if _on_the_way(user, conference).exists():
            raise TeamError(JUST_NOW)
        return _owe(user, conference, language, by)


def invitations_of(*, user: User, conference: Conference) -> QuerySet[Message]:
    """The mails that invited this colleague, the newest first."""
    rows = Message.objects.filter(
        kind=Message.Kind.TEAM, facts__user=user.pk, facts__conference=conference.pk
    )
    return rows.order_by("-created_at", "pk")


def _on_the_way(user: User, conference: Conference) -> QuerySet[Message]:
    waiting = (Message.Status.QUEUED, Message.Status.SENDING, Message.Status.RETRY)
    rows = invitations_of(user=user, conference=conference).filter(recipient=user.email)
    return rows.filter(status__in=waiting) | rows.filter(
        status=Message.Status.SENT, created_at__gt=timezone.now() - A_MOMENT
    )


def _owe(user: User, conference: Conference, language: str, by: User) -> Message:
    return owe_message(
        kind=Message.Kind.TEAM,
        recipient=user.email,
        language=language,
        facts={"user": user.pk, "conference": conference.pk, "by": by.pk},
    )
