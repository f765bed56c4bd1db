from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from conference.models import User
from workshops.domain.team.values import TeamError

CLOSED = _("The account with this address is closed. Whoever runs the site can open it again.")


def account_for(*, email: str, first_name: str = "", last_name: str = "") -> User:
    """The organiser with this address; a new account has no password yet: its owner sets one through a link.

    The name of an account that exists stays as it is. `email` is in small letters. Raises TeamError.
    """
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        return _made(email, first_name, last_name)
    if not (found.is_active and found.is_staff):
        raise TeamError(CLOSED)
    return found


def _made(email: str, first_name: str, last_name: str) -> User:
    user = User(
        email=email, username=uuid.uuid4().hex, first_name=first_name, last_name=last_name, is_staff=True
    )
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # somebody else was quicker, for another conference
        return User.objects.get(email__iexact=email)
    return user
