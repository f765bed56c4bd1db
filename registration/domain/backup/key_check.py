"""Whether the keys of this installation open what a backup brought."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db.models import TextField
from django.db.models.functions import Cast

from conference.encryption import UnreadableSecret, is_encrypted, with_newest_key
from registration.domain.tokens import can_be_written_again
from registration.models import AccessCode, AccessDetails, PersonalLink


def missing_keys() -> list[str]:
    """One sentence for each kind of key that does not fit."""
    found = []
    if not all(map(_opens, _secrets())):
        found.append("FIELD_KEYS lacks the key of some access details or second factors: add the former one.")
    link = PersonalLink.objects.order_by("-pk").first()
    if link is not None and not can_be_written_again(link=link):
        found.append("SECRET_KEY is another one: put the former one into SECRET_KEY_FALLBACKS.")
    return found


def _secrets() -> Iterator[str]:
    """All but documents, which are made anew if need be."""
    for model, names in ((AccessDetails, AccessDetails.SECRETS), (AccessCode, ("code",))):
        raw = {f"raw_{name}": Cast(name, TextField()) for name in names}
        for row in model._default_manager.annotate(**raw).values_list(*raw):
            yield from row
    for data in Authenticator.objects.values_list("data", flat=True):
        yield from (value for value in data.values() if isinstance(value, str) and is_encrypted(value))


def _opens(secret: str) -> bool:
    try:
        with_newest_key(secret)
    except UnreadableSecret:
        return False
    return True
