"""Who does not want to be written to is not; mail about their own registration reaches them all the same."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.domain.invitation_lifecycle import decline_invitation, send_invitation_again
from registration.domain.invite import invite
from registration.domain.register import PersonDetails, submit_registration
from registration.domain.request_link import request_link
from registration.domain.suppress import (
    NotToBeWrittenTo,
    allow_again,
    digest_of,
    lift_suppression,
    suppress,
    suppressed,
    suppressed_among,
)
from registration.domain.transitions import NotPossible
from registration.models import Invitation, Message, Participant, Suppression
from tests import factories
from tests.mail_policy.conftest import Sent
from tests.sending import send_what_is_due
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db
STRENGTH = ["bounced", "declined", "unsubscribed", "complained"]


def register(participant: Participant, workshop: Workshop) -> None:
    submit_registration(
        participant=participant,
        details=PersonDetails("Ayşe", "Işık", "Bursa", "", "Bursa", "TR", "tr"),
        choices={workshop.slug: "active"},
        listens={},
        consent=None,
        language="tr",
    )


@pytest.mark.parametrize(("first", "second"), list(itertools.product(STRENGTH, STRENGTH)))
def test_of_two_reasons_the_stronger_one_is_kept_and_each_address_once(
    conference: Conference, first: str, second: str
) -> None:
    suppress(conference=conference, email="Ayse@Example.org ", reason=first, note="first")
    suppress(conference=conference, email="ayse@example.org", reason=second, note="second")

    stronger = max(first, second, key=STRENGTH.index)
    note = "second" if STRENGTH.index(second) > STRENGTH.index(first) else "first"
    assert list(Suppression.objects.values_list("email", "reason", "note")) == [
        ("ayse@example.org", stronger, note)
    ]


def test_what_is_kept_beside_the_address_is_no_plain_hash_of_it(
    conference: Conference, settings: Any
) -> None:
    row = suppress(conference=conference, email="ayse@example.org", reason="declined")
    settings.SECRET_KEY = "another"
    assert (len(row.digest), row.digest == digest_of("ayse@example.org")) == (64, False)


@pytest.mark.parametrize("is_erased", [False, True])
def test_a_change_of_the_key_forgets_nobody(conference: Conference, settings: Any, is_erased: bool) -> None:
    row = suppress(conference=conference, email="ayse@example.org", reason="unsubscribed")
    if is_erased:
        Suppression.objects.update(email="")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"

    assert suppressed(conference=conference, email="AYSE@example.org") == row
    assert suppressed_among(conference=conference, emails=["ayse@example.org", "b@example.org"]) == {
        "ayse@example.org": row
    }
    suppress(conference=conference, email="ayse@example.org", reason="complained")
    assert list(Suppression.objects.values_list("email", "digest", "reason")) == [
        ("ayse@example.org", digest_of("ayse@example.org"), "complained")
    ]


def test_another_conference_is_another_matter(conference: Conference) -> None:
    other = factories.make_conference(is_current=False)
    suppress(conference=conference, email="ayse@example.org", reason="unsubscribed")
    assert suppressed(conference=other, email="ayse@example.org") is None
    assert suppressed_among(conference=other, emails=["ayse@example.org"]) == {}


def test_ten_thousand_addresses_are_one_query(conference: Conference) -> None:
    addresses = [f"person{number}@example.org" for number in range(10_000)]
    unwanted = addresses[::5]
    Suppression.objects.bulk_create(
        Suppression(conference=conference, email=address, digest=digest_of(address), reason="declined")
        for address in unwanted
    )
    Suppression.objects.filter(email__in=unwanted[:200]).update(email="")

    with CaptureQueriesContext(connection) as queries:
        found = suppressed_among(conference=conference, emails=addresses)
    assert (len(queries), sorted(found)) == (1, sorted(unwanted))


@pytest.mark.parametrize("reason", STRENGTH)
def test_nobody_suppressed_is_invited_and_the_refusal_names_the_reason(
    workshop: Workshop, reason: str
) -> None:
    suppress(conference=workshop.conference, email="ayse@example.org", reason=reason)

    with pytest.raises(NotToBeWrittenTo) as refused:
        invite(conference=workshop.conference, email="Ayse@example.org", workshops=[workshop])
    label = str(Suppression.Reason(reason).label)
    assert str(refused.value) == f"“ayse@example.org” is not to be invited: {label}."
    assert (Invitation.objects.count(), Message.objects.count(), Participant.objects.count()) == (0, 0, 0)


def test_an_invitation_is_not_sent_again_to_who_unsubscribed_since(sent: Sent) -> None:
    message = sent()
    suppress(conference=message.participant.conference, email=message.recipient, reason="unsubscribed")
    with pytest.raises(NotToBeWrittenTo):
        send_invitation_again(invitation_id=message.invitation_id)
    assert (Message.objects.count(), Invitation.objects.get().status) == (1, "sent")


@pytest.mark.parametrize("reason", STRENGTH)
def test_a_waiting_invitation_to_who_said_no_meanwhile_is_cancelled_with_the_reason(
    workshop: Workshop, mailoutbox: list[Any], reason: str
) -> None:
    for email in ("ayse@example.org", "other@example.org"):
        invite(conference=workshop.conference, email=email, workshops=[workshop], language="tr")
    suppress(conference=workshop.conference, email="ayse@example.org", reason=reason)

    send_what_is_due()

    assert [mail.to for mail in mailoutbox] == [["other@example.org"]]
    message = Message.objects.get(recipient="ayse@example.org")
    assert (message.status, message.invitation.status) == ("cancelled", "failed")
    assert message.last_error.startswith(("This person", "An earlier mail"))


def test_mail_about_their_own_registration_reaches_everybody(
    site: Conference, workshop: Workshop, mailoutbox: list[Any]
) -> None:
    person = factories.make_participant(site, email="ayse@example.org")
    suppress(conference=site, email=person.email, reason="complained")

    request_link(conference=site, email=person.email, language="tr")
    register(person, workshop)
    send_what_is_due()

    assert sorted(Message.objects.values_list("kind", "status")) == [("confirmed", "sent"), ("link", "sent")]
    assert [mail.to for mail in mailoutbox] == [["ayse@example.org"]] * 2
    assert Suppression.objects.get().reason == "complained"


def test_who_declines_is_not_invited_again_until_they_register(sent: Sent, workshop: Workshop) -> None:
    message = sent()
    for _ in range(2):
        decline_invitation(link=message.link)
    assert list(Suppression.objects.values_list("email", "reason")) == [("ayse@example.org", "declined")]

    register(message.participant, workshop)
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("reason", ["unsubscribed", "complained", "bounced"])
def test_registering_does_not_undo_what_was_said_about_invitations(workshop: Workshop, reason: str) -> None:
    person = factories.make_participant(workshop.conference)
    suppress(conference=workshop.conference, email=person.email, reason=reason)
    register(person, workshop)
    assert Suppression.objects.get().reason == reason


def test_lifting_tells_whether_there_was_anything_to_lift(conference: Conference) -> None:
    suppress(conference=conference, email="ayse@example.org", reason="declined")
    lifted = [lift_suppression(conference=conference, email="ayse@example.org") for _ in range(2)]
    assert lifted == [True, False]


@pytest.mark.parametrize("reason", ["declined", "unsubscribed", "complained"])
def test_an_organiser_cannot_undo_a_person_s_own_no(conference: Conference, reason: str) -> None:
    row = suppress(conference=conference, email="ayse@example.org", reason=reason)
    with pytest.raises(NotPossible):
        allow_again(suppression_id=row.pk)
    assert Suppression.objects.get() == row


def test_an_organiser_can_allow_an_address_that_bounced(conference: Conference) -> None:
    row = suppress(conference=conference, email="ayse@example.org", reason="bounced")
    allow_again(suppression_id=row.pk)
    assert not Suppression.objects.exists()
    with pytest.raises(NotPossible):
        allow_again(suppression_id=row.pk)


def test_the_command_reports_each_address_and_invites_the_others(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    suppress(conference=workshop.conference, email="no@example.org", reason="unsubscribed")
    suppress(conference=workshop.conference, email="gone@example.org", reason="bounced")

    with pytest.raises(CommandError) as error:
        call_command(
            "invite", "no@example.org", "ok@example.org", "gone@example.org", "x", workshops=[workshop.slug]
        )
    assert str(error.value).splitlines() == [
        "“no@example.org” is not to be invited: unsubscribed.",
        "“gone@example.org” is not to be invited: address does not exist.",
        "“x” is not an e-mail address.",
        "3 of 4 addresses were not invited.",
    ]
    assert capsys.readouterr().out == "Queued: ok@example.org\n"
    assert list(Message.objects.values_list("recipient", flat=True)) == ["ok@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_who_suppress_the_same_address_at_once_write_one_row(conference: Conference) -> None:
    start, errors = threading.Barrier(2), []

    def go(reason: str) -> None:
        try:
            start.wait(timeout=60)
            suppress(conference=conference, email="ayse@example.org", reason=reason)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[reason]) for reason in ("bounced", "complained")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, [row.reason for row in Suppression.objects.all()]) == ([], ["complained"])
