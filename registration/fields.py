"""Text that is encrypted in the database, with keys that rotate (FIELD_KEYS, newest first)."""

from __future__ import annotations

from typing import Any

from django.db import models

from conference.encryption import decrypt, encrypt


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A TextField whose column holds a Fernet token; an empty text stays empty, so that it can be told apart."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked: equal texts are encrypted differently each time."""
        return super().get_lookup(lookup_name) if lookup_name in {"isnull"} else None
