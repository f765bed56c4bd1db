"""Sessions in the database under a digest of their key: who reads the table cannot take anybody's session over."""

from __future__ import annotations

import hashlib
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from conference.gathered import gathering
from conference.kept_queries import KeptInsert, KeptQuery, KeptUpdate
from conference.query_slots import moment, text

# As long as Django's column.
_LENGTH = 40
_READ = KeptQuery(
    lambda: Session.objects.filter(session_key=text("row"), expire_date__gt=moment("now")).order_by()
)
_WRITE = KeptUpdate(
    lambda: Session.objects.filter(session_key=text("row")),
    session_data=text("data"),
    expire_date=moment("expires"),
)
_NEW: KeptInsert[AbstractBaseSession] = KeptInsert(Session)


def row_key(session_key: str) -> str:
    """What stands in the table for the key in the cookie."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:_LENGTH]


class SessionStore(DatabaseStore):
    """Called as Django's own, whose name is part of the signature of a session's data."""

    def _get_session_from_db(self) -> Session | None:
        row = None
        if self.session_key:
            row = _READ.first(row=row_key(self.session_key), now=timezone.now())
        if row is None:
            self._session_key = None
        return row

    async def _aget_session_from_db(self) -> Session | None:
        return await sync_to_async(self._get_session_from_db)()

    def save(self, must_create: bool = False) -> None:
        """One statement each, without a transaction or a savepoint around it where that would guard nothing."""
        if self.session_key is None:
            self.create()
        elif must_create and connection.in_atomic_block:
            super().save(must_create=True)
        elif must_create:
            self._insert()
        else:
            self._update()

    def _insert(self) -> None:
        try:
            _NEW.run([self._row(no_load=True)])
        except IntegrityError:
            raise CreateError from None

    def _update(self) -> None:
        row = self._row()
        values = {"row": row.session_key, "data": row.session_data, "expires": row.expire_date}
        if gathering(connection) is not None:
            # Whoever gathers does not ask whether somebody has ended the session meanwhile.
            _WRITE.later(**values)
        elif not _WRITE.run(**values):
            raise UpdateError

    def _row(self, **how: bool) -> AbstractBaseSession:
        data: dict[str, Any] = self._get_session(**how)  # type: ignore[attr-defined]
        return self.create_model_instance(data)

    def _get_new_session_key(self) -> str:
        """Not looked up first: where it should be another one's, out of 165 random bits, the INSERT says so."""
        return get_random_string(32, VALID_KEY_CHARS)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Not compressed: it is short, and setting a compressor up takes longer than everything else here."""
        return signing.dumps(session_dict, salt=self.key_salt, serializer=self.serializer)

    def exists(self, session_key: str) -> bool:
        return super().exists(row_key(session_key))

    async def aexists(self, session_key: str) -> bool:
        return await super().aexists(row_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row: AbstractBaseSession = super().create_model_instance(data)
        row.session_key = row_key(row.session_key)
        return row

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row: AbstractBaseSession = await super().acreate_model_instance(data)
        row.session_key = row_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(row_key(key))

    async def adelete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            await super().adelete(row_key(key))
