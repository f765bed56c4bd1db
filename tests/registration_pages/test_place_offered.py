"""A place is held for somebody: they read until when, on both clocks, and answer with one button."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registration.domain.cancel import cancel_registration
from registration.models import Message, Registration
from registration.templatetags.moments import both_clocks
from tests import factories
from tests.registration.test_offers import ask
from tests.registration_pages.helpers import PERSON, Visitor, everything, fields_of, says, visit
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)

SLUG = "digitale-stadt"
UNTIL = dt.datetime(2100, 6, 15, 22, 30, tzinfo=dt.UTC)
TAKE, PASS = f"my/take/{SLUG}/", f"my/pass/{SLUG}/"
WITHOUT = (
    "If you let it pass or do not answer, the place goes to the next person and you leave the waiting list."
)
LISTENING = "If you let it pass or do not answer, the place goes to the next person and you go on listening."
NEXT = "When it is your turn, we offer you the place by e-mail and hold it until a deadline."


@pytest.fixture
def offering(released: Conference, workshop: Workshop) -> Workshop:
    """One active place, which is taken."""
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1, promotion="offer")
    ask(factories.make_participant(released), workshop)
    return workshop


def free(workshop: Workshop) -> None:
    cancel_registration(registration_id=workshop.registrations.get(status="confirmed", role="active").pk)
    Registration.objects.filter(offered_until__isnull=False).update(offered_until=UNTIL)


@pytest.fixture
def offered(offering: Workshop, released: Conference) -> Visitor:
    """Somebody whose turn it is; another one waits behind them."""
    visitor = visit(factories.make_participant(released))
    ask(visitor.participant, offering)
    ask(factories.make_participant(released), offering)
    free(offering)
    return visitor


def buttons(visitor: Visitor, path: str = "my/") -> list[str]:
    text = visitor.get(path).content.decode()
    return [name for name in ("take", "pass") if f'action="/en/my/{name}/{SLUG}/"' in text]


def state(visitor: Visitor) -> tuple[str, str]:
    row = visitor.registration(SLUG)
    return row.status, row.role


@pytest.mark.parametrize("path", ["my/", "register/"])
def test_the_deadline_is_shown_on_both_clocks_with_two_buttons(
    offered: Visitor, offering: Workshop, path: str
) -> None:
    page = offered.get(path)

    moment = both_clocks(UNTIL, offering.conference.zones)
    assert moment == "16 June 2100, 00:30\N{NO-BREAK SPACE}CET / 01:30\N{NO-BREAK SPACE}TRT"
    assert f"An active place is held for you until {moment}." in page.content.decode()
    assert says(page, WITHOUT)
    assert buttons(offered, path) == ["take", "pass"]
    assert not says(page, "You are on the waiting list for an active place, number 0.")


def test_who_listens_meanwhile_goes_on_listening(offering: Workshop, released: Conference) -> None:
    visitor = visit(factories.make_participant(released))
    ask(visitor.participant, offering, listens=True)
    free(offering)

    page = visitor.get("my/")
    assert says(page, "Meanwhile you listen.")
    assert says(page, LISTENING)
    visitor.post(PASS, {"role": "active"})

    assert state(visitor) == ("confirmed", "listener")


def test_saving_the_form_meanwhile_neither_answers_nor_asks_again(offered: Visitor) -> None:
    before, mails = state(offered), Message.objects.count()
    values = fields_of(offered.get("register/"))

    assert f"listen-{SLUG}" not in values
    choice = {f"workshop-{SLUG}": values[f"workshop-{SLUG}"]}
    assert offered.post("register/", {**PERSON, **choice}).status_code == 303
    assert (state(offered), Message.objects.count(), buttons(offered)) == (before, mails, ["take", "pass"])


def test_taking_the_place(offered: Visitor) -> None:
    response = offered.post(TAKE, {"role": "active"})

    assert (response.status_code, response["Location"]) == (303, f"/en/my/#{SLUG}")
    page = offered.get("my/")
    assert says(page, "The place is yours.")
    assert says(page, "You take part actively.")
    assert (state(offered), buttons(offered)) == (("confirmed", "active"), [])


def test_letting_it_pass(offered: Visitor) -> None:
    response = offered.post(PASS, {"role": "active"})

    assert (response.status_code, response["Location"]) == (303, f"/en/my/#{SLUG}")
    assert says(offered.get("my/"), "You have let the place pass. Thank you for telling us.")
    assert (state(offered), buttons(offered)) == (("cancelled", "active"), [])


@pytest.mark.parametrize("path", [TAKE, PASS])
def test_pressed_twice_says_the_same_twice(offered: Visitor, path: str) -> None:
    offered.post(path, {"role": "active"})
    first, after = offered.get("my/"), state(offered)
    offered.post(path, {"role": "active"})
    second = offered.get("my/")

    assert [line for line in first.content.splitlines() if b"csrf" not in line] == [
        line for line in second.content.splitlines() if b"csrf" not in line
    ]
    assert state(offered) == after


def test_looking_changes_nothing(offered: Visitor) -> None:
    before = everything()
    for path in (TAKE, PASS):
        for answer in (offered.client.get(f"/en/{path}"), offered.client.head(f"/en/{path}")):
            assert (answer.status_code, answer["Location"]) == (303, f"/en/my/#{SLUG}")
    assert everything() == before


def test_an_answer_that_comes_too_late_is_told_so_and_nothing_is_lost(offered: Visitor) -> None:
    Registration.objects.update(offered_until=None)
    Registration.objects.filter(participant=offered.participant).update(
        offered_until=timezone.now() - dt.timedelta(minutes=1)
    )
    page = offered.get("my/")
    assert says(page, "Offer has ended")
    assert says(page, "The place goes to the next person.")
    assert buttons(offered) == []

    offered.post(TAKE, {"role": "active"})

    page = offered.get("my/")
    assert says(page, "Your answer came too late: the place is offered to the next person.")
    assert says(page, "Register again")
    assert state(offered) == ("cancelled", "active")


def test_an_answer_to_an_offer_that_is_gone_says_so(offered: Visitor) -> None:
    cancel_registration(registration_id=offered.registration(SLUG).pk)
    offered.post(TAKE, {"role": "active"})
    assert says(offered.get("my/"), "No place is offered to you here any more.")
    assert state(offered) == ("cancelled", "active")


def test_nobody_answers_for_somebody_else(offered: Visitor, released: Conference) -> None:
    """An address names the workshop only: whose registration it is, the session says."""
    other = visit(factories.make_participant(released))
    for path in (TAKE, PASS):
        assert other.post(path, {"role": "active"}).status_code == 404
    assert state(offered) == ("waitlisted", "active")


def test_who_waits_is_told_what_will_happen(
    offered: Visitor, offering: Workshop, released: Conference
) -> None:
    behind = visit(factories.make_participant(released))
    ask(behind.participant, offering)
    for path in ("my/", "register/"):
        page = behind.get(path)
        assert says(page, NEXT)
        assert "You are on the waiting list for an active place, number 2." in page.content.decode()


def test_the_form_says_before_one_asks_that_a_place_will_be_offered(
    offering: Workshop, released: Conference
) -> None:
    page = visit(factories.make_participant(released)).get("register/")
    assert says(
        page,
        "All places are taken. You will be put on the waiting list. When it is your turn, we offer you the place "
        "by e-mail and hold it until a deadline.",
    )


def test_who_chooses_to_listen_instead_is_told_that_the_place_is_given_away(offered: Visitor) -> None:
    assert says(offered.get("register/"), "The place held for you then goes to somebody else.")


@pytest.mark.parametrize("language", ["de", "tr"])
def test_the_page_says_it_in_the_reader_s_language(offered: Visitor, language: str) -> None:
    page = offered.get("my/", language)
    assert says(page, "Take the place", language)
    assert says(page, "Let the place pass", language)
    assert {"de": "16. Juni 2100, 00:30", "tr": "16 Haziran 2100, 00:30"}[language] in page.content.decode()
