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
from registration.models import Message
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
