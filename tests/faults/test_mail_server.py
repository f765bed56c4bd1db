"""The mail server refuses, stalls, hangs up or is away, while a real worker sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from registration.models import Message
from tests.faults.fate import assert_arrived, end_waits, fate, settle, wait_for
from tests.faults.processes import PostOffice
from tests.outbox.conftest import Owe
from tests.outbox.smtp import STALL_SECONDS
from tests.servers import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
LOST = "The connection to the mail server was lost."
REFUSES_US = "The mail server does not let us send."
SLOW = "The mail server did not answer in time."
Misbehave = Callable[[PostOffice], object]

RETRYABLE: dict[str, tuple[Misbehave, str]] = {
    "421 at connect": (lambda office: office.mail.greetings.append("421 too busy"), REFUSES_US),
    "421 at RCPT": (lambda office: office.mail.rcpt_answers.append("421 closing"), "421 closing"),
    "421 at DATA": (lambda office: office.mail.answers.append("421 closing"), "421 closing"),
    "451 at RCPT": (lambda office: office.mail.rcpt_answers.append("451 greylisted"), "451 greylisted"),
    "451 at DATA": (lambda office: office.mail.answers.append("451 later"), "451 later"),
    "a stall of 60 seconds": (lambda office: office.mail.answers.append("stall"), SLOW),
    "hung up before the answer": (lambda office: office.mail.answers.append("hang up"), LOST),
}


@pytest.mark.parametrize("fault", RETRYABLE)
def test_the_message_is_tried_again_and_arrives_once(owe: Owe, office: PostOffice, fault: str) -> None:
    misbehave, reason = RETRYABLE[fault]
    misbehave(office)
    owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]

    wait_for("retry", owed[0])
    assert fate(owed[0]) == ("retry", 1, reason)
    settle(office)

    assert_arrived(office, owed, attempts=2)


def test_a_stall_costs_its_timeout_and_not_the_minute_it_lasts(owe: Owe, office: PostOffice) -> None:
    office.mail.answers.append("stall")
    first, second = owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)

    wait_for("sent", second, seconds=STALL_SECONDS / 2)

    assert fate(first) == ("retry", 1, SLOW)


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_550_ends_one_message_and_its_neighbours_arrive(owe: Owe, office: PostOffice, at: str) -> None:
    answers = office.mail.rcpt_answers if at == "RCPT" else office.mail.answers
    answers.append("550 5.1.1 no such user")
    refused = owe(Message.Kind.CONFIRMED)
    others = [owe(Message.Kind.LINK) for _ in range(5)]

    for other in others:
        wait_for("sent", other)

    assert fate(refused) == ("failed", 1, "550 5.1.1 no such user")
    assert_arrived(office, others)


def test_a_drop_after_data_may_bring_a_second_copy_with_the_same_message_id(
    owe: Owe, office: PostOffice
) -> None:
    """Nobody can know whether it was accepted: so it is sent again."""
    office.mail.answers.append("drop")
    owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]

    wait_for("retry", owed[0])
    assert fate(owed[0]) == ("retry", 1, LOST)
    settle(office)

    assert_arrived(office, owed, attempts=2, twice=[owed[0]])


def test_an_acceptance_that_comes_too_late_may_bring_a_second_copy_too(owe: Owe, office: PostOffice) -> None:
    """The mail is in the server's books, and the worker has given up waiting to hear so."""
    late = office.mail.hold("accepted")
    owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]

    wait_for("retry", owed[0])
    assert fate(owed[0]) == ("retry", 1, SLOW)
    late.release()
    settle(office)

    assert_arrived(office, owed, attempts=2, twice=[owed[0]])


def test_a_server_that_refuses_everything_for_long_costs_no_message(owe: Owe, office: PostOffice) -> None:
    """Twelve times away: more than a message has attempts. It is never given up for that."""
    office.mail.greetings.extend(["421 away"] * 12)
    owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]

    def tried() -> bool:
        end_waits()
        office.sweep()
        return not office.mail.greetings

    wait_until(tried, what="twelve refusals")
    settle(office)

    assert Counter(office.mail.ids) == Counter(message.message_id for message in owed)
    assert [fate(message)[0] for message in owed] == ["sent", "sent"]
