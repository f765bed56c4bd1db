"""The form: what it shows, what it keeps, and that a second visit can change it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registration.models import Consent, Invitation, Message, Registration
from tests import factories
from tests.registration_pages.helpers import PERSON, Visitor, disabled_of, everything, fields_of, says, visit
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

DIGITAL, YOUTH = "workshop-digitale-stadt", "workshop-jugendaustausch"
FULL = "All places are taken. You will be put on the waiting list for the next free place."
_HOUR = dt.timedelta(hours=1)


def _set(workshop: Workshop, **values: object) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(**values)


def _person(visitor: Visitor) -> dict[str, str]:
    visitor.participant.refresh_from_db()
    return {name: str(getattr(visitor.participant, name)) for name in PERSON if name != "consent_privacy"}


def test_a_first_visit_shows_an_empty_form_that_registers_for_nothing_yet(visitor: Visitor):
    values = fields_of(visitor.get("register/", "tr"))
    state = values.pop("state")

    assert values == {
        "first_name": "",
        "last_name": "",
        "organisation": "",
        "position": "",
        "city": "",
        "country": "",
        "language": "tr",
        DIGITAL: "none",
        YOUTH: "none",
        "consent_version": "1",
    }
    assert state


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_registering_leads_to_the_own_page_which_says_what_became_of_it(visitor: Visitor, language):
    response = visitor.register(language, **{DIGITAL: "active", YOUTH: "listener"})
    page = visitor.get("my/", language)

    assert (response.status_code, response["Location"]) == (303, f"/{language}/my/")
    assert says(page, "You take part actively.", language)
    assert says(page, "You have asked to listen. The organisers decide and write to you.", language)


def test_what_was_typed_is_kept_and_the_consent_with_its_version_and_language(visitor: Visitor):
    visitor.register("tr", **{DIGITAL: "active"}, position="Başkan Yardımcısı", city="Bursa")

    assert _person(visitor) == {
        **{name: value for name, value in PERSON.items() if name != "consent_privacy"},
        "position": "Başkan Yardımcısı",
        "city": "Bursa",
    }
    consent = Consent.objects.get(participant=visitor.participant)
    assert (consent.version.number, consent.language) == (1, "tr")


def test_registering_answers_the_invitation_and_owes_one_mail_for_each_event(
    visitor: Visitor, workshop: Workshop
):
    invitation = Invitation.objects.create(
        participant=visitor.participant, link=visitor.link, status=Invitation.Status.SENT
    )

    visitor.register(**{DIGITAL: "active", YOUTH: "active"})

    invitation.refresh_from_db()
    kinds = Message.objects.filter(participant=visitor.participant).values_list("kind", flat=True)
    assert invitation.status == Invitation.Status.ACCEPTED
    assert sorted(kinds) == ["confirmed", "received"]


def test_a_second_visit_shows_what_is_registered(visitor: Visitor):
    visitor.register(**{DIGITAL: "active", YOUTH: "listener"})

    page = visit(visitor.participant).get("register/", "de")

    values = fields_of(page)
    values.pop("state")
    assert values == {
        **{name: value for name, value in PERSON.items() if name != "consent_privacy"},
        DIGITAL: "active",
        YOUTH: "listener",
    }
    assert says(page, "Change your registration", "de")


def test_a_second_visit_can_change_and_cancel(visitor: Visitor):
    visitor.register(**{DIGITAL: "active", YOUTH: "listener"})
    again = visit(visitor.participant)
    values = {**fields_of(again.get("register/")), DIGITAL: "listener", YOUTH: "none", "city": "İzmir"}

    response = again.post("register/", values)

    assert response.status_code == 303
    found = Registration.objects.filter(participant=visitor.participant).order_by("workshop__slug")
    assert [(r.workshop.slug, r.role, r.status) for r in found] == [
        ("digitale-stadt", "listener", "confirmed"),
        ("jugendaustausch", "listener", "cancelled"),
    ]
    assert _person(visitor)["city"] == "İzmir"


def test_changing_only_details_changes_no_registration_and_owes_no_mail(visitor: Visitor):
    visitor.register(**{DIGITAL: "active"})
    owed = Message.objects.count()

    response = visitor.register(**{DIGITAL: "active"}, city="Ankara")

    assert response.status_code == 303
    assert says(visitor.get("my/"), "Your details are saved. Nothing has changed in your registration.")
    assert Message.objects.count() == owed


def test_sending_the_form_twice_is_the_same_as_sending_it_once(visitor: Visitor):
    values = {**fields_of(visitor.get("register/")), **PERSON, DIGITAL: "active"}

    first, second = visitor.post("register/", values), visitor.post("register/", values)

    assert (first.status_code, second.status_code) == (303, 303)
    assert Registration.objects.count() == 1
    assert Message.objects.filter(participant=visitor.participant).count() == 1
    assert Workshop.objects.get(slug="digitale-stadt").taken_active == 1


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_a_stale_tab_is_told_so_and_keeps_everything_that_was_typed(visitor: Visitor, language):
    opened = fields_of(visitor.get("register/", language))
    visitor.register(**{DIGITAL: "active"})
    stale = {**opened, **PERSON, DIGITAL: "listener", "city": "Muğla"}

    response = visitor.post("register/", stale, language)

    assert response.status_code == 409
    assert says(response, "Not saved yet", language)
    shown = fields_of(response)
    shown_again = {name: value for name, value in shown.items() if name not in {"state", "consent_version"}}
    assert shown_again == {name: value for name, value in stale.items() if name in shown_again}
    assert (shown["city"], shown[DIGITAL]) == ("Muğla", "listener")
    assert visitor.registration("digitale-stadt").role == "active"
    assert visitor.post("register/", shown, language).status_code == 303
    assert visitor.registration("digitale-stadt").role == "listener"


def test_a_stale_tab_that_wants_what_is_already_registered_is_no_conflict(visitor: Visitor):
    opened = fields_of(visitor.get("register/"))
    visitor.register(**{DIGITAL: "active"})

    assert visitor.post("register/", {**opened, **PERSON, DIGITAL: "active"}).status_code == 303


def test_a_form_of_somebody_else_in_the_same_browser_is_not_kept_unseen(
    visitor: Visitor, released: Conference
):
    opened = fields_of(visitor.get("register/"))
    other = visit(factories.make_participant(released, first_name="Ömer"), visitor.client)
    before = everything()

    response = other.post("register/", {**opened, **PERSON, DIGITAL: "active"})

    assert response.status_code == 409
    assert other.participant.email in response.content.decode()
    assert everything() == before


def test_a_workshop_whose_field_is_not_sent_stays_as_it_is(visitor: Visitor):
    visitor.register(**{DIGITAL: "active"})

    assert visitor.register(**{YOUTH: "listener"}).status_code == 303
    assert visitor.registration("digitale-stadt").status == "confirmed"


def test_only_invited_people_see_an_event_by_invitation(released: Conference, workshop: Workshop):
    _set(workshop, admission=Workshop.Admission.INVITED)
    stranger = visit(factories.make_participant(released))
    guest = visit(factories.make_participant(released))
    invitation = Invitation.objects.create(participant=guest.participant, link=guest.link)
    invitation.workshops.add(workshop)

    assert DIGITAL not in fields_of(stranger.get("register/"))
    assert DIGITAL in fields_of(guest.get("register/"))
    refused = stranger.register(**{DIGITAL: "active"})
    assert refused.status_code == 422
    assert "digitale-stadt" in refused.content.decode()


def test_consent_is_asked_once_and_again_for_a_new_version(visitor: Visitor, released: Conference):
    visitor.register(**{DIGITAL: "active"})
    assert "consent_version" not in fields_of(visitor.get("register/"))

    factories.make_privacy_version(released, number=2, consent_de="Neu: Ich willige ein.", consent_tr="")

    page = visitor.get("register/", "tr")
    assert '<span lang="de">Neu: Ich willige ein.</span>' in page.content.decode()
    assert visitor.register(**{DIGITAL: "active"}, consent_privacy=None).status_code == 422
    assert visitor.register(**{DIGITAL: "active"}, consent_version="2").status_code == 303
    assert list(Consent.objects.order_by("pk").values_list("version__number", flat=True)) == [1, 2]


def test_nobody_agrees_to_a_wording_they_were_not_shown(visitor: Visitor, released: Conference):
    opened = fields_of(visitor.get("register/"))
    factories.make_privacy_version(released, number=2)

    response = visitor.post("register/", {**opened, **PERSON, DIGITAL: "active"})

    assert response.status_code == 422
    assert says(
        response, "The privacy notice has changed meanwhile. Please read the new wording and agree to it."
    )
    assert not Consent.objects.exists()


class TestAFullWorkshop:
    @pytest.fixture(autouse=True)
    def _full(self, visitor: Visitor, workshop: Workshop):
        _set(workshop, capacity_active=0)

    def test_says_what_choosing_it_leads_to_and_offers_listening(self, visitor: Visitor):
        page = visitor.get("register/", "tr")

        assert says(page, FULL, "tr")
        assert fields_of(page)["listen-digitale-stadt"] == "on"

    @pytest.mark.parametrize(("sent", "listens"), [("on", True), ("off", False), (None, True)])
    def test_puts_on_the_waiting_list_listening_unless_refused(self, visitor: Visitor, sent, listens):
        visitor.register(**{DIGITAL: "active", "listen-digitale-stadt": sent})

        found = visitor.registration("digitale-stadt")
        assert (found.status, found.role, found.listens_meanwhile) == ("waitlisted", "active", listens)

    def test_the_box_can_be_changed_later(self, visitor: Visitor):
        visitor.register(**{DIGITAL: "active"})
        values = {**fields_of(visitor.get("register/")), "listen-digitale-stadt": "off"}

        assert visitor.post("register/", values).status_code == 303
        assert not visitor.registration("digitale-stadt").listens_meanwhile
        assert fields_of(visitor.get("register/"))["listen-digitale-stadt"] == "off"

    def test_the_own_page_says_the_position(self, visitor: Visitor, released: Conference):
        visit(factories.make_participant(released)).register(**{DIGITAL: "active"})
        visitor.register(**{DIGITAL: "active"})

        text = visitor.get("my/").content.decode()

        assert "You are on the waiting list for an active place, number 2. Until then you listen." in text


class TestRegistrationThatIsNotOpen:
    @pytest.mark.parametrize("language", ["de", "tr", "en"])
    def test_a_workshop_not_yet_open_shows_when_it_opens_on_both_clocks(
        self, visitor: Visitor, workshop: Workshop, language
    ):
        _set(workshop, registration_opens_at=dt.datetime(2030, 6, 1, 21, 30, tzinfo=dt.UTC))

        page = visitor.get("register/", language)

        dates = {
            "de": "1. Juni 2030, 23:30\xa0CET / 2. Juni 2030, 00:30\xa0TRT",
            "tr": "1 Haziran 2030, 23:30\xa0CET / 2 Haziran 2030, 00:30\xa0TRT",
            "en": "1 June 2030, 23:30\xa0CET / 2 June 2030, 00:30\xa0TRT",
        }
        assert dates[language] in page.content.decode()
        assert {(DIGITAL, "active"), (DIGITAL, "listener"), (DIGITAL, "none")} <= disabled_of(page)

    def test_a_closed_workshop_shows_since_when(self, visitor: Visitor, workshop: Workshop):
        _set(workshop, registration_closes_at=dt.datetime(2020, 1, 10, 11, 0, tzinfo=dt.UTC))

        text = visitor.get("register/").content.decode()

        assert "closed on 10 January 2020, 12:00\xa0CET / 14:00\xa0TRT." in text

    @pytest.mark.parametrize("language", ["de", "tr", "en"])
    @pytest.mark.parametrize(
        ("field", "sentence"),
        [
            ("registration_opens_at", "Registration for this workshop has not opened yet."),
            ("registration_closes_at", "Registration for this workshop is closed."),
        ],
    )
    def test_a_form_sent_all_the_same_is_refused_at_the_workshop(
        self, visitor: Visitor, workshop: Workshop, language, field, sentence
    ):
        offset = _HOUR if field == "registration_opens_at" else -_HOUR
        _set(workshop, **{field: timezone.now() + offset})
        before = everything()

        response = visitor.register(language, **{DIGITAL: "active", YOUTH: "active"})

        assert response.status_code == 422
        assert says(response, sentence, language)
        assert everything() == before

    def test_who_is_registered_can_still_cancel_but_not_change(self, visitor: Visitor, workshop: Workshop):
        visitor.register(**{DIGITAL: "active"})
        _set(workshop, registration_closes_at=timezone.now() - _HOUR)

        page = visitor.get("register/")

        assert {name for name in disabled_of(page) if name[0] == DIGITAL} == {(DIGITAL, "listener")}
        assert visitor.register(**{DIGITAL: "listener"}).status_code == 422
        assert visitor.register(**{DIGITAL: "none"}).status_code == 303
        assert visitor.registration("digitale-stadt").status == "cancelled"


def test_a_declined_request_cannot_be_repeated(visitor: Visitor):
    visitor.register(**{YOUTH: "active"})
    Registration.objects.update(status="declined")

    page = visitor.get("register/")

    assert (YOUTH, "active") in disabled_of(page)
    assert visitor.register(**{YOUTH: "active"}).status_code == 422
    assert visitor.register(**{YOUTH: "listener"}).status_code == 303


def test_a_workshop_that_was_never_released_is_not_offered(visitor: Visitor, released: Conference):
    factories.make_workshop(released, slug="spaeter")
    assert "workshop-spaeter" not in fields_of(visitor.get("register/"))

    release_programme(conference=released)
    assert fields_of(visitor.get("register/"))["workshop-spaeter"] == "none"


def test_with_nothing_on_offer_the_page_says_so(released: Conference):
    Workshop.objects.update(admission=Workshop.Admission.INVITED)

    page = visit(factories.make_participant(released)).get("register/", "de")

    assert says(page, "There is nothing you could register for at the moment.", "de")


def test_two_people_asking_for_the_last_place_get_one(released: Conference, workshop: Workshop):
    _set(workshop, capacity_active=1)
    statuses = []
    for _ in range(2):
        person = visit(factories.make_participant(released))
        person.register(**{DIGITAL: "active"})
        statuses.append(person.registration("digitale-stadt").status)

    assert statuses == ["confirmed", "waitlisted"]


def test_the_form_asks_the_database_as_often_for_three_workshops_as_for_one(
    visitor: Visitor, released: Conference, django_assert_num_queries, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visitor.get("register/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        visitor.get("register/")
    factories.make_workshop(released)
    factories.make_workshop(released)
    release_programme(conference=released)
    visitor.get("register/")
    with CaptureQueriesContext(connection) as many:
        visitor.get("register/")

    assert len(many) == len(few)


def test_a_workshop_that_could_not_be_answered_is_shown_as_registered_beside_an_error(
    visitor: Visitor, workshop: Workshop
):
    _set(workshop, registration_closes_at=timezone.now() - _HOUR)

    response = visitor.register(**{YOUTH: "active"}, first_name="")

    assert response.status_code == 422
    assert response.context["form"]["workshop-digitale-stadt"].value() == "none"
