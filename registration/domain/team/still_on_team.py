from __future__ import annotations

from conference.models import User
from registration.models import Message
from workshops.models import Membership


def is_on_team(*, message: Message) -> bool:
    """Whether a colleague who is told of their rights still has any, and their account is open."""
    users = User.objects.filter(pk=message.facts["user"], is_active=True, is_staff=True)
    rights = Membership.objects.filter(conference=message.facts["conference"], user__in=users)
    return rights.exists()


def is_their_address(*, message: Message) -> bool:
    """The mail may let in whoever reads it: after an address was corrected, nobody at the former one."""
    return User.objects.filter(pk=message.facts["user"], email__iexact=message.recipient).exists()
