"""Personal links: narrow, revocable, expiring, and useless from a dump of the database."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from django.core import serializers
from django.utils import timezone
from django.utils.crypto import salted_hmac

from registration.domain import sealed
from registration.domain.addresses import InvalidAddress, normal_address
from registration.domain.errors import DomainError
from registration.domain.invitation_lifecycle import (
    decline_invitation,
    expire_invitations,
    revoke_invitation,
    send_invitation_again,
)
from registration.domain.invite import invite
from registration.domain.request_link import request_link
from registration.domain.tokens import LinkExpired, LinkRevoked, LinkUnknown, issue_link, open_link, token_of
from registration.domain.transitions import NotPossible
from registration.models import Invitation, Message, Participant, PersonalLink
from tests import factories
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_own_link_and_is_the_same_each_time_it_is_rendered(conference: Conference) -> None:
    links = [issue_link(participant=factories.make_participant(conference)) for _ in range(2)]
    tokens = [token_of(link=link) for link in links]
    assert [open_link(token=token) for token in tokens] == links
    assert tokens == [token_of(link=link) for link in links]
    assert [len(token) for token in tokens] == [43, 43]


def test_what_lies_in_the_database_is_not_the_token(conference: Conference) -> None:
    link = issue_link(participant=factories.make_participant(conference))
    token = token_of(link=link)
    dump = json.dumps(json.loads(serializers.serialize("json", PersonalLink.objects.all())))
    assert token not in dump
    assert hashlib.sha256(token.encode()).hexdigest() in dump
    for guess in (link.seed, link.digest, link.seed[:43], link.digest[:43]):
        with pytest.raises(LinkUnknown):
            open_link(token=guess)


def test_a_token_opened_before_the_key_changed_still_opens(conference: Conference, settings) -> None:  # type: ignore[no-untyped-def]
    link = issue_link(participant=factories.make_participant(conference))
    token = token_of(link=link)
    settings.SECRET_KEY = "another"
    assert open_link(token=token) == link


@pytest.mark.parametrize(
    "damage", [lambda t: t[:-1], lambda t: t + "A", lambda t: t[:20], lambda t: "", lambda t: "\x00" * 43]
)
def test_a_damaged_token_is_unknown(conference: Conference, damage) -> None:  # type: ignore[no-untyped-def]
    token = token_of(link=issue_link(participant=factories.make_participant(conference)))
    with pytest.raises(LinkUnknown):
        open_link(token=damage(token))


def test_an_expired_and_a_revoked_link_say_so(conference: Conference) -> None:
    person = factories.make_participant(conference)
    expired = issue_link(participant=person, expires_at=timezone.now() - dt.timedelta(seconds=1))
    revoked = issue_link(participant=person)
    PersonalLink.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    with pytest.raises(LinkExpired):
        open_link(token=token_of(link=expired))
    with pytest.raises(LinkRevoked):
        open_link(token=token_of(link=revoked))


def test_a_link_outlives_the_last_day_of_any_workshop(conference: Conference) -> None:
    workshop = factories.make_workshop(conference, with_day=False)
    factories.make_day(workshop, date=factories.in_days(100))
    link = issue_link(participant=factories.make_participant(conference))
    assert link.expires_at.date() == factories.in_days(130)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b",
        "a b@example.org",
        "a@example.org\nBcc: x@example.org",
        "x" * 250 + "@example.org",
        "a\x00@example.org",
    ],
)
def test_a_malformed_address_is_named_and_nothing_is_written(workshop: Workshop, address: str) -> None:
    with pytest.raises(InvalidAddress):
        invite(conference=workshop.conference, email=address, workshops=[workshop])
    assert not Participant.objects.exists()
    assert not Message.objects.exists()


def test_addresses_are_compared_in_small_letters() -> None:
    assert normal_address("  Ada.Yilmaz@Example.ORG ") == "ada.yilmaz@example.org"


def test_an_invitation_needs_a_workshop(conference: Conference) -> None:
    with pytest.raises(DomainError):
        invite(conference=conference, email="a@example.org", workshops=[])


def test_an_invitation_owes_one_mail_in_the_persons_language(workshop: Workshop) -> None:
    invitation = invite(
        conference=workshop.conference, email="a@example.org", workshops=[workshop], language="tr"
    )
    message = Message.objects.get()
    assert (message.kind, message.status, message.recipient, message.language) == (
        "invitation",
        "queued",
        "a@example.org",
        "tr",
    )
    assert (message.invitation, message.link) == (invitation, invitation.link)


def test_a_known_language_is_kept_when_somebody_is_invited_again(workshop: Workshop) -> None:
    for language in ("tr", "de", ""):
        invite(conference=workshop.conference, email="a@example.org", workshops=[workshop], language=language)
    assert Participant.objects.get().language == "tr"
    assert list(Message.objects.values_list("language", flat=True)) == ["tr", "tr", "tr"]


def test_revoking_closes_the_link_and_stops_the_mail(workshop: Workshop) -> None:
    invitation = invite(conference=workshop.conference, email="a@example.org", workshops=[workshop])
    token = token_of(link=invitation.link)
    for _ in range(2):
        revoke_invitation(invitation_id=invitation.pk)
    with pytest.raises(LinkRevoked):
        open_link(token=token)
    assert Message.objects.get().status == Message.Status.CANCELLED
    with pytest.raises(NotPossible):
        send_invitation_again(invitation_id=invitation.pk)


def test_an_invitation_is_sent_again_with_the_same_link_but_not_twice_at_once(workshop: Workshop) -> None:
    invitation = invite(conference=workshop.conference, email="a@example.org", workshops=[workshop])
    with pytest.raises(NotPossible):
        send_invitation_again(invitation_id=invitation.pk)
    Message.objects.update(status=Message.Status.SENT, sent_at=timezone.now())
    Invitation.objects.update(status=Invitation.Status.SENT)
    send_invitation_again(invitation_id=invitation.pk)
    assert {m.link_id for m in Message.objects.all()} == {invitation.link_id}
    assert Message.objects.count() == 2
    assert len(set(Message.objects.values_list("message_id", flat=True))) == 2


def test_declining_answers_the_invitation_and_keeps_the_link(workshop: Workshop) -> None:
    invitation = invite(conference=workshop.conference, email="a@example.org", workshops=[workshop])
    decline_invitation(link=invitation.link)
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.DECLINED
    assert open_link(token=token_of(link=invitation.link)) == invitation.link
    with pytest.raises(NotPossible):
        revoke_invitation(invitation_id=invitation.pk)


def test_invitations_expire_with_their_link(workshop: Workshop) -> None:
    invitation = invite(conference=workshop.conference, email="a@example.org", workshops=[workshop])
    assert expire_invitations() == 0
    PersonalLink.objects.update(expires_at=timezone.now())
    assert expire_invitations() == 1
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.EXPIRED


def test_anyone_may_ask_for_a_link_while_a_workshop_is_open(workshop: Workshop) -> None:
    request_link(conference=workshop.conference, email="New@example.org", language="tr")
    message = Message.objects.get()
    assert (message.kind, message.recipient, message.language) == ("link", "new@example.org", "tr")


def test_only_the_known_get_a_link_where_nothing_is_open_to_all(conference: Conference) -> None:
    factories.make_workshop(conference, admission=Workshop.Admission.INVITED)
    known = factories.make_participant(conference)
    request_link(conference=conference, email="stranger@example.org", language="de")
    request_link(conference=conference, email=known.email, language="de")
    assert list(Message.objects.values_list("recipient", "language")) == [(known.email, "tr")]
    assert Participant.objects.count() == 1


def test_one_address_is_not_flooded(workshop: Workshop) -> None:
    for _ in range(5):
        request_link(conference=workshop.conference, email="a@example.org", language="de")
    assert Message.objects.count() == 3
    assert PersonalLink.objects.count() == 1


def test_a_token_is_made_as_in_the_mails_that_have_left() -> None:
    """As Django's `salted_hmac` makes it: links in mails, calendars and on paper count for years."""
    mac = salted_hmac("registration.personal-link", "seed", secret="key", algorithm="sha256").digest()

    assert sealed.mac_of(purpose="personal-link", seed="seed", key="key") == mac
