"""What makes a certificate ours: an HMAC of its number under a key outside the database.

The code printed on paper and kept in its QR code is number and HMAC together. The database keeps the SHA-256 of the
latter, so that a dump of it makes no certificates, and so that paper stays good when SECRET_KEY is changed.
"""

from __future__ import annotations

import base64
import re
import secrets
from hmac import compare_digest

from django.conf import settings

from registration.domain.sealed import digest_of, mac_of, secret_keys
from registration.models import Certificate

# Crockford's: no letter that is taken for a figure when somebody reads it out.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_LENGTH = 10
_SEAL_BYTES = 16
_CODE = re.compile(rf"([{_LETTERS}]{{{_NUMBER_LENGTH}}})-([A-Z2-7]{{26}})")


def new_number() -> str:
    return "".join(secrets.choice(_LETTERS) for _each in range(_NUMBER_LENGTH))


def code_of(*, certificate: Certificate) -> str:
    """The same each time; under a key that has come since, an additional one, and the former stays good."""
    for key in secret_keys():
        seal = _seal(certificate.number, key)
        if digest_of(seal) in certificate.seals:
            return f"{certificate.number}-{seal}"
    seal = _seal(certificate.number, settings.SECRET_KEY)
    certificate.seals = [*certificate.seals, digest_of(seal)]
    Certificate.objects.filter(pk=certificate.pk).update(seals=certificate.seals)
    return f"{certificate.number}-{seal}"


def first_digest(*, number: str) -> str:
    return digest_of(_seal(number, settings.SECRET_KEY))


def parts_of(code: str) -> tuple[str, str] | None:
    """Number and seal of a code as somebody typed it; None for what cannot be one."""
    found = _CODE.fullmatch(code.strip().upper())
    return (found[1], found[2]) if found else None


def is_sealed(*, number: str, seal: str, seals: list[str] | None = None) -> bool:
    """Whether we made this seal; `seals`: what the row says, where there is one."""
    known = any(compare_digest(_seal(number, key), seal) for key in secret_keys())
    return known or digest_of(seal) in (seals or [])


def _seal(number: str, key: str) -> str:
    mac = mac_of(purpose="certificate", seed=number, key=key)
    return base64.b32encode(mac[:_SEAL_BYTES]).decode().rstrip("=")
