from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session

from conference.sessions import SessionStore, row_key


@pytest.mark.django_db(transaction=True)
def test_no_row_is_a_cookie_whichever_way_it_is_written() -> None:
    @async_to_sync
    async def write_and_read() -> tuple[str, object, bool]:
        store = SessionStore()
        await store.aset("word", 1)
        await store.asave()
        key = store.session_key or ""
        return key, await SessionStore(key).aget("word"), await SessionStore().aexists(key)

    key, word, is_there = write_and_read()

    assert (word, is_there, SessionStore(key).get("word")) == (1, True, 1)
    assert list(Session.objects.values_list("session_key", flat=True)) == [row_key(key)]
    assert async_to_sync(SessionStore(row_key(key)).aload)() == {}
    async_to_sync(SessionStore(key).adelete)()
    assert Session.objects.count() == 0
