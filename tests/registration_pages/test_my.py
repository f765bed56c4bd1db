"""The participant's own page: a sentence, both clocks, access details of the right person only."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registration.domain.confirm import confirm_registration
from registration.models import AccessDetails, Registration
from tests import factories
from tests.registration_pages.helpers import Visitor, everything, says, visit
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop, WorkshopDay

ASKED_ACTIVE = "You have asked to take part actively. The organisers decide and write to you."
ASKED_TO_LISTEN = "You have asked to listen. The organisers decide and write to you."
NO_ACCESS_YET = (
    "Access details: to be announced. We will send them to you by e-mail, and they will appear here."
)
NOON = dt.datetime(2030, 6, 1, 12, tzinfo=dt.UTC)
DIGITAL, YOUTH = "workshop-digitale-stadt", "workshop-jugendaustausch"


def _text(visitor: Visitor, language: str = "en") -> str:
    response = visitor.get("my/", language)
    assert response.status_code == 200
    return response.content.decode()


def _admit(visitor: Visitor, role: str) -> None:
    visitor.register(**{DIGITAL: role})


@pytest.fixture
def canary(workshop: Workshop) -> AccessDetails:
    return factories.make_access(
        workshop.days.get(), role="active", dial_in="canary-dial", interpreter_channel="canary-channel"
    )


SECRETS = ["canary-room", "123 456 789", "canary-passcode", "canary-dial", "canary-channel"]


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_who_is_registered_for_nothing_is_led_to_the_form(visitor: Visitor, language):
    page = visitor.get("my/", language)

    assert says(page, "You are not registered for anything yet.", language)
    assert f'href="/{language}/register/"' in page.content.decode()


@pytest.mark.parametrize(
    ("status", "role", "sentence"),
    [
        ("confirmed", "active", "You take part actively."),
        ("confirmed", "listener", "You take part as a listener."),
        ("requested", "active", ASKED_ACTIVE),
        ("requested", "listener", ASKED_TO_LISTEN),
        ("declined", "active", "The organisers could not give you an active place."),
        ("declined", "listener", "The organisers could not accept your registration as a listener."),
        ("cancelled", "active", "You are not registered any more: this registration was cancelled."),
    ],
)
@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_the_state_is_a_sentence(visitor: Visitor, status, role, sentence, language):
    workshop = Workshop.objects.get(slug="digitale-stadt")
    Registration.objects.create(participant=visitor.participant, workshop=workshop, role=role, status=status)

    assert says(visitor.get("my/", language), sentence, language)


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_times_stand_on_both_clocks_with_their_meaning(visitor: Visitor, language):
    _admit(visitor, "active")

    text = _text(visitor, language)

    home = dt.datetime.combine(factories.in_days(30), dt.time(12), tzinfo=ZoneInfo("Europe/Berlin"))
    partner = "10:30–12:30" if home.dst() else "11:30–13:30"
    assert "<dt>CET</dt><dd>09:30–11:30</dd>" in text
    assert f"<dt>TRT</dt><dd>{partner}</dd>" in text
    assert "UTC+3" in text


def test_a_day_without_a_time_is_to_be_announced(visitor: Visitor, workshop: Workshop, released: Conference):
    WorkshopDay.objects.filter(workshop=workshop).update(opens=None, closes=None)
    release_programme(conference=released)
    _admit(visitor, "active")

    page = visitor.get("my/", "tr")

    assert says(page, "Time to be announced", "tr")
    assert says(page, NO_ACCESS_YET, "tr")


def test_access_details_and_the_way_in_stand_there_for_the_role_they_are_for(visitor: Visitor, canary):
    _admit(visitor, "active")

    text = _text(visitor)

    assert all(secret in text for secret in SECRETS)
    assert 'href="https://kudo.example/canary-room" target="_blank" rel="noreferrer noopener"' in text


@pytest.mark.parametrize(
    ("status", "role"),
    [
        ("confirmed", "listener"),
        ("requested", "active"),
        ("declined", "active"),
        ("cancelled", "active"),
    ],
)
def test_nobody_else_is_shown_them(visitor: Visitor, workshop: Workshop, canary, status, role):
    Registration.objects.create(participant=visitor.participant, workshop=workshop, role=role, status=status)

    for path in ("my/", "register/", "my/cancel/digitale-stadt/"):
        text = visitor.get(path).content.decode()
        assert [secret for secret in SECRETS if secret in text] == []


def test_who_waits_and_listens_meanwhile_sees_the_listeners_details_only(visitor: Visitor, workshop, canary):
    factories.make_access(
        canary.day,
        role="listener",
        url="https://kudo.example/listen",
        passcode="listen-code",
        meeting_number="",
    )
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=0)
    _admit(visitor, "active")

    text = _text(visitor)

    assert "listen-code" in text
    assert [secret for secret in SECRETS if secret in text] == []


def test_details_disappear_with_the_registration(visitor: Visitor, canary):
    _admit(visitor, "active")
    visitor.post("my/cancel/digitale-stadt/")

    text = _text(visitor)

    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//[kudo"])
def test_a_link_that_is_no_web_address_is_text_and_no_link(visitor: Visitor, canary, url):
    AccessDetails.objects.filter(pk=canary.pk).delete()
    factories.make_access(canary.day, url=url)
    _admit(visitor, "active")

    text = _text(visitor)

    assert url in text
    assert f'href="{url}' not in text


def test_one_person_never_sees_another(visitor: Visitor, released: Conference, canary):
    _admit(visitor, "active")
    other = visit(
        factories.make_participant(
            released, first_name="Zeynep", last_name="Kaya", email="zeynep@example.org"
        )
    )

    for path in ("my/", "register/"):
        text = other.get(path).content.decode()
        assert visitor.participant.email not in text
        assert "Çiğdem" not in text
        assert [secret for secret in SECRETS if secret in text] == []
    assert other.get("my/cancel/digitale-stadt/").status_code == 404
    assert other.post("my/cancel/digitale-stadt/").status_code == 404
    assert visitor.registration("digitale-stadt").status == "confirmed"


def test_the_link_opened_last_in_a_browser_is_whose_page_it_is(visitor: Visitor, released: Conference):
    _admit(visitor, "active")
    other = visit(factories.make_participant(released, first_name="Zeynep"), visitor.client)

    text = _text(other)

    assert "Zeynep" in text
    assert visitor.participant.email not in text


def test_a_past_event_is_told_apart_and_shows_no_way_in(
    visitor: Visitor, workshop: Workshop, released, canary
):
    _admit(visitor, "active")
    WorkshopDay.objects.filter(workshop=workshop).update(date=factories.in_days(-3))
    release_programme(conference=released)

    page = visitor.get("my/", "de")

    assert says(page, "Past events", "de")
    assert says(page, "This event is over. You were registered for active participation.", "de")
    assert [secret for secret in SECRETS if secret in page.content.decode()] == []


def test_nobody_goes_on_waiting_for_an_event_that_is_over(visitor: Visitor, workshop: Workshop, released):
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=0)
    visitor.register(**{DIGITAL: "active", "listen-digitale-stadt": "off"})
    WorkshopDay.objects.filter(workshop=workshop).update(date=factories.in_days(-3))
    release_programme(conference=released)

    page = visitor.get("my/")

    assert says(page, "This event is over.")
    assert not says(page, "Waiting list")


def test_the_platforms_instructions_stand_once_where_somebody_needs_them(
    visitor: Visitor, workshop: Workshop, released: Conference, canary
):
    platform = factories.make_platform(
        released,
        name="Kudo",
        instructions_de="Wählen Sie **Deutsch**.",
        instructions_tr="**Türkçe** seçiniz.",
    )
    Workshop.objects.update(platform=platform)
    release_programme(conference=released)
    _admit(visitor, "active")

    text = _text(visitor, "tr")

    assert text.count("<strong>Türkçe</strong> seçiniz.") == 1


def test_a_promotion_by_hand_shows_at_once(visitor: Visitor):
    visitor.register(**{YOUTH: "active"})
    confirm_registration(registration_id=visitor.registration("jugendaustausch").pk)

    assert says(visitor.get("my/"), "You take part actively.")


@pytest.mark.parametrize(
    ("status", "waiting_since", "offered_until"),
    [
        ("confirmed", None, None),
        ("waitlisted", timezone.now(), None),
        ("waitlisted", timezone.now(), timezone.now() + dt.timedelta(days=1)),
    ],
)
def test_the_page_asks_the_database_as_often_for_three_registrations_as_for_one(
    visitor: Visitor, released: Conference, status, waiting_since, offered_until
):
    def register(workshop: Workshop) -> None:
        Registration.objects.create(
            participant=visitor.participant,
            workshop=workshop,
            role="active",
            status=status,
            waiting_since=waiting_since,
            offered_until=offered_until,
        )

    register(Workshop.objects.get(slug="digitale-stadt"))
    # What has changed since is asked only of those who registered under an earlier release: so in both cases.
    release_programme(conference=released)
    one = _queries(visitor)
    register(Workshop.objects.get(slug="jugendaustausch"))
    register(factories.make_workshop(released))
    release_programme(conference=released)

    assert _queries(visitor) == one


def _queries(visitor: Visitor) -> int:
    visitor.get("my/")
    with CaptureQueriesContext(connection) as captured:
        visitor.get("my/")
    return len(captured)


class TestCancelling:
    def test_takes_a_page_with_a_button(self, visitor: Visitor):
        _admit(visitor, "active")
        before = everything()

        page = visitor.get("my/cancel/digitale-stadt/", "tr")

        assert says(page, "Yes, cancel my registration", "tr")
        assert everything() == before

    @pytest.mark.parametrize("language", ["de", "tr", "en"])
    @pytest.mark.parametrize(
        ("state", "holds"),
        [
            ({"status": "confirmed"}, True),
            ({"status": "requested"}, False),
            ({"status": "requested", "listens_meanwhile": True}, True),
            ({"status": "waitlisted", "waiting_since": NOON}, False),
            ({"status": "waitlisted", "waiting_since": NOON, "offered_until": NOON}, True),
        ],
    )
    def test_speaks_of_a_place_only_to_whom_one_is_given(
        self, visitor: Visitor, workshop: Workshop, language, state, holds
    ):
        Registration.objects.create(
            participant=visitor.participant, workshop=workshop, role="active", **state
        )

        page = visitor.get("my/cancel/digitale-stadt/", language)

        assert says(page, "Your place is then given to somebody else.", language) == holds
        assert says(page, "You can register again while registration is open, if places are left.", language)

    def test_frees_the_place_and_says_so(self, visitor: Visitor, workshop: Workshop):
        _admit(visitor, "active")

        response = visitor.post("my/cancel/digitale-stadt/", language="tr")

        assert (response.status_code, response["Location"]) == (303, "/tr/my/")
        assert says(visitor.get("my/", "tr"), "Your registration is cancelled.", "tr")
        workshop.refresh_from_db()
        assert workshop.taken_active == 0

    def test_twice_is_once(self, visitor: Visitor):
        _admit(visitor, "active")
        visitor.post("my/cancel/digitale-stadt/")
        before = everything()

        assert visitor.post("my/cancel/digitale-stadt/").status_code == 303
        assert everything() == before
        assert says(visitor.get("my/cancel/digitale-stadt/"), "You are not registered here any more")

    @pytest.mark.parametrize("slug", ["jugendaustausch", "gibt-es-nicht"])
    def test_what_was_never_registered_is_not_found(self, visitor: Visitor, slug):
        assert visitor.get(f"my/cancel/{slug}/").status_code == 404
        assert visitor.post(f"my/cancel/{slug}/").status_code == 404

    def test_leaves_a_way_back(self, visitor: Visitor):
        _admit(visitor, "active")
        visitor.post("my/cancel/digitale-stadt/")

        assert 'href="/en/register/#event-digitale-stadt"' in _text(visitor)


class TestDecliningAnInvitation:
    @pytest.fixture
    def guest(self, released: Conference, workshop: Workshop) -> Visitor:
        from registration.models import Invitation

        guest = visit(factories.make_participant(released))
        invitation = Invitation.objects.create(participant=guest.participant, link=guest.link, status="sent")
        invitation.workshops.add(workshop)
        return guest

    def test_is_offered_beside_the_form(self, guest: Visitor):
        assert 'href="/de/invitation/decline/"' in guest.get("register/", "de").content.decode()

    @pytest.mark.parametrize("language", ["de", "tr", "en"])
    def test_is_answered_and_leaves_a_way_back(self, guest: Visitor, language):
        response = guest.post("invitation/decline/", language=language)
        page = guest.get("my/", language)

        assert (response.status_code, response["Location"]) == (303, f"/{language}/my/")
        assert guest.participant.invitations.get().status == "declined"
        assert says(page, "You have told us that you cannot come. We are sorry to miss you.", language)
        assert f'href="/{language}/register/"' in page.content.decode()

    def test_takes_nothing_from_who_is_registered(self, guest: Visitor):
        _admit(guest, "active")

        assert says(guest.get("invitation/decline/"), "You are registered")
        guest.post("invitation/decline/")
        assert guest.registration("digitale-stadt").status == "confirmed"

    def test_needs_the_session(self, guest: Visitor, client):
        assert client.post("/de/invitation/decline/").status_code == 403
        assert guest.participant.invitations.get().status == "sent"
