"""Tokens of a seed that the database keeps, under a key that it does not: a dump of it opens nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from functools import lru_cache

from django.conf import settings

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def secret_keys() -> tuple[str, ...]:
    """The one that new tokens are made under, and the former ones, under which old mails and papers still count."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def new_seed() -> str:
    return secrets.token_hex(32)


def mac_of(*, purpose: str, seed: str, key: str) -> bytes:
    """32 bytes; the same seed gives another one for each purpose.

    As Django's `salted_hmac`, which would work out the key of a purpose anew for each of ten thousand letters.
    """
    return hmac.digest(_key_of(f"registration.{purpose}", key), seed.encode(), "sha256")


@lru_cache(maxsize=64)
def _key_of(salt: str, key: str) -> bytes:
    return hashlib.sha256((salt + key).encode()).digest()


def token_of(*, purpose: str, seed: str, key: str | None = None) -> str:
    """Fits into an address and matches TOKEN; under the present key where none is named."""
    mac = mac_of(purpose=purpose, seed=seed, key=key or settings.SECRET_KEY)
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def known_token(*, purpose: str, seed: str, digest: str) -> str:
    """The token whose digest is kept; empty where none of our keys makes it any more."""
    tokens = (token_of(purpose=purpose, seed=seed, key=key) for key in secret_keys())
    return next((token for token in tokens if digest_of(token) == digest), "")


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
