from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.models import User
from workshops.domain.scope import Area, scope_of
from workshops.domain.team.values import Change, Given, Role, TeamError, rights_of, tidied
from workshops.models import Conference, Membership, Workshop

NOT_YOURS = _("Only the owners of a conference give rights in it.")
LAST_OWNER = _("A conference needs at least one owner: make somebody else an owner first.")
FOREIGN = _("This workshop does not belong to the conference.")
OVERTAKEN = _("Somebody else has changed these rights meanwhile; please look again.")


def set_rights(  # noqa: PLR0913 (whose, where, which, by whom)
    *,
    user: User,
    conference: Conference,
    rights: Iterable[Given],
    by: User,
    language: str = "",
    seen: frozenset[Given] | None = None,
) -> Change:
    """Makes these the rights that somebody has in a conference: no others, and none of another conference.

    `language` is that of the daily overview, for who had no rights here before. `seen` are the rights that were shown
    to whoever decided: what another owner has taken away since does not come back. They hold from the next page on
    that is asked for: rights are read anew for each. Raises TeamError.
    """
    with transaction.atomic():
        # One change after the other: two owners must not take the rights from each other at the same moment.
        list(Conference.objects.filter(pk=conference.pk).select_for_update(no_key=True).values_list("pk"))
        require_owner(by=by, conference=conference)
        change = change_to(user=user, conference=conference, rights=rights)
        if seen is not None and seen != change.gone | change.stays:
            raise TeamError(OVERTAKEN)
        if change.is_last_owner:
            raise TeamError(LAST_OWNER)
        _carry_out(user, conference, change, language)
    return change


def change_to(*, user: User, conference: Conference, rights: Iterable[Given]) -> Change:
    """What giving somebody these rights would change. Raises TeamError for workshops of other conferences."""
    wanted, before = tidied(rights), rights_of(user=user, conference=conference)
    _require_own_workshops(conference, wanted)
    was_owner = any(right.makes_owner for right in before)
    stays_owner = any(right.makes_owner for right in wanted)
    return Change(
        gone=before - wanted,
        new=wanted - before,
        stays=before & wanted,
        is_last_owner=was_owner and not stays_owner and not _other_owners(user, conference),
    )


def require_owner(*, by: User, conference: Conference) -> None:
    if not scope_of(by).changing(Area.TEAM).covers_conference(conference.pk):
        raise TeamError(NOT_YOURS)


def _require_own_workshops(conference: Conference, wanted: Iterable[Given]) -> None:
    keys = {right.workshop_id for right in wanted if right.workshop_id is not None}
    if Workshop.objects.filter(pk__in=keys, conference=conference).count() != len(keys):
        raise TeamError(FOREIGN)


def _other_owners(user: User, conference: Conference) -> bool:
    """Somebody whose account is closed gives no rights to anybody."""
    owners = Membership.objects.filter(conference=conference, workshop=None, role=Role.LEAD)
    return owners.filter(user__is_active=True, user__is_staff=True).exclude(user=user).exists()


def _carry_out(user: User, conference: Conference, change: Change, language: str) -> None:
    """One row after the other, so that each is recorded."""
    rows = Membership.objects.filter(user=user, conference=conference).order_by("pk")
    known = rows.first()
    wants = known.daily_overview if known else False
    language = known.language if known else language
    for right in sorted(change.new, key=lambda right: (right.workshop_id or 0, right.role)):
        Membership.objects.create(
            user=user,
            conference=conference,
            workshop_id=right.workshop_id,
            role=right.role,
            daily_overview=wants,
            language=language,
        )
    for row in rows:
        if Given(row.role, row.workshop_id) in change.gone:
            row.delete()
