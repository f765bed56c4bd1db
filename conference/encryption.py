"""Secrets that must be read again are encrypted with keys outside the database (FIELD_KEYS, newest first)."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# How every Fernet token begins: version 0x80 and the first bytes of a time before the year 2106.
_TOKEN_BEGINS = "gAAAAA"  # noqa: S105


class UnreadableSecret(Exception):  # noqa: N818 (a state of the row, told to the operator)
    """No key in FIELD_KEYS opens it: a key was dropped too early, or the value is damaged."""


def cipher() -> MultiFernet:
    """Encrypts with the newest key, decrypts with any of them."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def encrypt(text: str) -> str:
    return cipher().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    return cipher().decrypt(token.encode()).decode()


def is_encrypted(value: str) -> bool:
    return value.startswith(_TOKEN_BEGINS)


def with_newest_key(value: str) -> str:
    """`value` as it is where it is empty or the newest key made it, else encrypted anew. Raises UnreadableSecret."""
    if not value or _made_by_newest_key(value):
        return value
    try:
        return cipher().rotate(value.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret from error


def _made_by_newest_key(value: str) -> bool:
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(value.encode())
    except InvalidToken:
        return False
    return True


class EncryptedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """The secret of an authenticator app and the seed of recovery codes: a dump alone makes no codes."""

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """One that was set up before secrets were encrypted stays usable until `reencrypt` comes by."""
        return decrypt(encrypted_text) if is_encrypted(encrypted_text) else encrypted_text
