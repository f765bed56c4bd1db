from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from registration.domain.invitation_lists.create_list import create_list
from registration.domain.invitation_lists.read_pasted import read_pasted
from registration.domain.invitation_lists.send_list import send_list
from registration.domain.invitation_lists.write_lists import write_lists
from registration.models import Invitation, InvitationList, InvitationRow
from tests import factories
from workshops.models import Conference, Workshop


@pytest.fixture
def digital(conference: Conference) -> Workshop:
    return factories.make_workshop(conference, slug="digitale-stadt", number=1, title_de="Digitale Stadt")


@pytest.fixture
def youth(conference: Conference) -> Workshop:
    """Its title holds a comma and an “and”."""
    return factories.make_workshop(
        conference, slug="jugendaustausch", number=4, title_de="Jugend, Bildung und Austausch"
    )


def keep(
    text: str, *workshops: Workshop, allowed: list[Workshop] | None = None, **values: Any
) -> InvitationList:
    """A list of what is pasted, for these workshops."""
    own = allowed or list(workshops)
    return create_list(
        conference=own[0].conference,
        given=read_pasted(text=text),
        workshops=workshops,
        allowed=own,
        **{"name": "Liste", **values},
    )


def sent(text: str, *workshops: Workshop, **values: Any) -> InvitationList:
    """The same, with every invitation written."""
    kept = keep(text, *workshops, **values)
    send_list(list_id=kept.pk, by=values.get("by"))
    assert write_lists(seconds=60) is False
    kept.refresh_from_db()
    return kept


def mailed(kept: InvitationList, *, days_ago: float = 0) -> None:
    """As if the mail server had accepted every invitation."""
    when = timezone.now() - dt.timedelta(days=days_ago)
    kept.invitations.update(status=Invitation.Status.SENT, sent_at=when)
    for invitation in kept.invitations.all():
        invitation.messages.update(status="sent", sent_at=when, created_at=when)


def states(kept: InvitationList) -> list[tuple[int, str, str, str]]:
    """Line, what was found, the outcome, and why."""
    return [(row.line, row.state, row.outcome, row.reason_text) for row in kept.rows.all()]


def outcomes(kept: InvitationList) -> dict[str, str]:
    rows = InvitationRow.objects.filter(invitation_list=kept)
    return {row.email or row.typed: row.outcome for row in rows}


@pytest.fixture
def sign_in(sign_in: Any) -> Any:
    return partial(sign_in, language="en")


def together(*steps: Callable[[], Any]) -> list[BaseException]:
    """Each in a thread of its own, all at the same moment."""
    barrier, errors = threading.Barrier(len(steps)), []

    def run(step: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            step()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
