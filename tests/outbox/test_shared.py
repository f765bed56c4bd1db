"""What a batch of mails has in common is read once; what goes meanwhile is not missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from registration.domain.outbox.claim import claim_some
from registration.domain.outbox.memory import remembering
from registration.domain.outbox.shared import shared_by
from registration.domain.outbox.workshops_of import workshops_of
from registration.domain.suppress import suppress, suppressed, suppressed_of
from registration.models import Message, Suppression
from tests import factories
from tests.outbox.conftest import Owe
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


def test_an_invitation_does_not_name_a_workshop_that_is_deleted_while_it_is_read(
    owe: Owe, event: Workshop
) -> None:
    invitation = owe(Message.Kind.INVITATION).invitation
    assert invitation
    gone = factories.make_workshop(event.conference)
    invitation.workshops.add(gone)
    claimed = claim_some(most=1)
    is_deleted = False

    def delete_in_between(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal is_deleted
        if sql.startswith('SELECT "workshops_workshop"') and not is_deleted:
            is_deleted = True
            gone.delete()
        return run(sql, *rest)

    with connection.execute_wrapper(delete_in_between):
        memory = shared_by(claimed)

    with remembering(memory):
        assert (is_deleted, workshops_of(invitation)) == (True, (event,))


@pytest.mark.parametrize("count", [0, 1, 3, 70])
@pytest.mark.parametrize("fallbacks", [[], ["former-key-" * 5]])
def test_who_wants_no_such_mail_is_found_among_many_as_by_themselves(
    event: Workshop,
    settings,  # type: ignore[no-untyped-def]
    count: int,
    fallbacks: list[str],
) -> None:
    addresses = {f"person{number}@example.org" for number in range(count)}
    own, settings.SECRET_KEY_FALLBACKS = settings.SECRET_KEY, fallbacks
    for number, address in enumerate(sorted(addresses)[::2]):
        settings.SECRET_KEY = [own, *fallbacks][number % (1 + len(fallbacks))]
        suppress(conference=event.conference, email=address, reason="unsubscribed")
    settings.SECRET_KEY = own
    # After an erasure, nothing but the digest is known.
    Suppression.objects.filter(email__contains="2").update(email="")
    suppress(
        conference=factories.make_conference(is_current=False), email="person1@example.org", reason="declined"
    )

    found = suppressed_of(conference_id=event.conference_id, emails=addresses)

    alone = {address: suppressed(conference=event.conference, email=address) for address in addresses}
    assert found == {address: row for address, row in alone.items() if row is not None}
    assert len(found) == (count + 1) // 2
