"""E-mail addresses as people type them, made comparable."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from registration.domain.errors import DomainError

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets

_validate = EmailValidator()


class InvalidAddress(DomainError):  # noqa: N818 (named after what the person is told)
    pass


def normal_address(email: str) -> str:
    """The address without surrounding space, in small letters. Raises InvalidAddress."""
    address = comparable(email)
    if not _is_address(address):
        shown = email.strip()[:80]
        raise InvalidAddress(_("“%(address)s” is not an e-mail address.") % {"address": shown})
    return address


def comparable(address: str) -> str:
    """Of what is known to be an address."""
    return address.strip().lower()


def _is_address(text: str) -> bool:
    try:
        _validate(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST
