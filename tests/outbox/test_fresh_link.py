"""SECRET_KEY was changed, and the former one is in no fallback: waiting mails get links that open something."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone

from registration.domain.invitation_lifecycle import revoke_invitation
from registration.domain.tokens import LinkRevoked, open_link, token_of
from registration.models import Message, PersonalLink
from tests.outbox.conftest import Owe
from tests.sending import send_what_is_due

pytestmark = pytest.mark.django_db(transaction=True)


def opened_by_the_mail() -> PersonalLink:
    [sent] = mail.outbox
    [token] = set(re.findall(r"/invitation/([\w-]+)/", str(sent.body)))
    return open_link(token=token)


@pytest.mark.parametrize("kind", [Message.Kind.LINK, Message.Kind.CONFIRMED, Message.Kind.INVITATION])
def test_a_waiting_mail_leaves_with_a_link_that_opens(owe: Owe, settings, kind: str) -> None:  # type: ignore[no-untyped-def]
    message = owe(kind)
    former = message.link
    settings.SECRET_KEY = "another-key-" * 5

    send_what_is_due()

    message.refresh_from_db()
    assert message.link == opened_by_the_mail() != former
    assert (message.status, message.link.participant) == ("sent", message.participant)


def test_an_invitation_has_one_link_which_goes_when_it_is_withdrawn(owe: Owe, settings) -> None:  # type: ignore[no-untyped-def]
    message = owe(Message.Kind.INVITATION)
    assert message.link is not None
    former, expires = token_of(link=message.link), message.link.expires_at
    settings.SECRET_KEY = "another-key-" * 5

    send_what_is_due()

    assert message.invitation is not None
    message.invitation.refresh_from_db()
    link = opened_by_the_mail()
    assert (message.invitation.link, link.expires_at, message.invitation.status) == (link, expires, "sent")
    revoke_invitation(invitation_id=message.invitation.pk)
    for token in (former, token_of(link=link)):
        with pytest.raises(LinkRevoked):
            open_link(token=token)


def test_mails_to_one_person_share_the_new_link(owe: Owe, settings) -> None:  # type: ignore[no-untyped-def]
    one, other = owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)
    Message.objects.filter(pk=other.pk).update(participant=one.participant, link=one.link)
    settings.SECRET_KEY = "another-key-" * 5

    send_what_is_due()

    [link] = {row.link for row in Message.objects.select_related("link")}
    assert link != one.link


def test_a_link_that_is_known_or_closed_stays(owe: Owe, settings) -> None:  # type: ignore[no-untyped-def]
    known, closed = owe(Message.Kind.LINK), owe(Message.Kind.CONFIRMED)
    PersonalLink.objects.filter(pk=closed.link_id).update(expires_at=timezone.now() - dt.timedelta(days=1))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key-" * 5
    links = dict(Message.objects.values_list("pk", "link"))

    send_what_is_due()

    assert (
        dict(Message.objects.values_list("pk", "link"))
        == links
        == {
            known.pk: known.link_id,
            closed.pk: closed.link_id,
        }
    )
    assert len(mail.outbox) == 2
