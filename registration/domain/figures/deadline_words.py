"""What a deadline is about, in the reader's language; its moment follows."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from registration.domain.figures.deadlines import Deadline, What
from registration.models import Registration


def words_of(deadline: Deadline) -> str:
    count = {"count": deadline.count}
    if deadline.what is What.REGISTRATION_CLOSES:
        return gettext("Registration closes")
    if deadline.what is What.OFFERS_LAPSE:
        said = ngettext(
            "%(count)d place is offered and not answered; this offer ends",
            "%(count)d places are offered and not answered; the first offer ends",
            deadline.count,
        )
        return said % count
    if deadline.what is What.INVITATIONS_EXPIRE:
        said = ngettext(
            "%(count)d invitation without an answer expires within a week",
            "%(count)d invitations without an answer expire within a week, the first one",
            deadline.count,
        )
        return said % count
    if deadline.what is What.ACCESS_MISSING:
        roles = ", ".join(str(Registration.Role(role).label) for role in deadline.roles)
        return gettext("There are no access details yet (%(roles)s); it begins") % {"roles": roles}
    said = ngettext(
        "%(count)d appearance is not named or confirmed yet; it begins",
        "%(count)d appearances are not named or confirmed yet; it begins",
        deadline.count,
    )
    return said % count
