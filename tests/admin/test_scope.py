"""An organiser of one workshop sees and touches that workshop's people only."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from registration.domain.invite import invite
from registration.models import Invitation, Message, Registration
from tests import factories
from tests.world import World, access_of, day_of, invitation_of, register, session_of
from workshops.models import Conference, Session, Workshop


def theirs(workshop: Workshop) -> list[Any]:
    registration = Registration.objects.filter(workshop=workshop)[0]
    invitation = invitation_of(workshop)
    return [
        workshop,
        day_of(workshop),
        session_of(workshop),
        registration,
        registration.participant,
        invitation,
        invitation.participant,
        Message.objects.get(invitation=invitation),
        access_of(workshop),
    ]


def page_of(obj: Any, page: str) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}", args=[obj.pk])


def test_pages_of_others_are_not_found_and_ones_own_open(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    for page in ("change", "history"):
        assert {client.get(page_of(obj, page)).status_code for obj in theirs(world.own)} == {200}
        assert {client.get(page_of(obj, page)).status_code for obj in theirs(world.other)} == {404}
    assert {client.post(page_of(obj, "change"), {}).status_code for obj in theirs(world.other)} <= {403, 404}
    assert {
        client.post(page_of(obj, "delete"), {"post": "yes"}).status_code for obj in theirs(world.other)
    } <= {403, 404}


def test_a_lead_of_the_whole_conference_sees_all_of_it(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    assert {client.get(page_of(obj, "change")).status_code for obj in theirs(world.other)} == {200}


def test_a_lead_of_another_conference_sees_nothing_of_this_one(world: World, sign_in: Any) -> None:
    elsewhere = factories.make_conference(slug="elsewhere", is_current=False)
    client = sign_in(factories.make_organiser(conference=elsewhere))
    rows = [
        *theirs(world.own),
        world.conference,
        *world.conference.releases.all(),
        *world.conference.speakers.all(),
    ]
    assert {client.get(page_of(obj, "change")).status_code for obj in rows} == {404}


def test_lists_name_nobody_elses_people(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    names = [
        Registration.objects.filter(workshop=world.other)[0].participant.email,
        "guest-of-other@example.org",
    ]
    for model in ("registration", "participant", "invitation", "message", "accessdetails"):
        page = client.get(reverse(f"admin:registration_{model}_changelist"), {"q": ""})
        html = page.content.decode()
        assert len(page.context["cl"].result_list) > 0, model
        assert [name for name in [*names, "Fremder Workshop"] if name in html] == [], model
    for query in ({"q": names[0]}, {"workshop__id__exact": world.other.pk}):
        found = client.get(reverse("admin:registration_registration_changelist"), query)
        assert list(found.context["cl"].result_list) == []


def test_choices_offer_ones_own_only(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    for url in (
        reverse("admin:registration_invitation_invite"),
        reverse("admin:registration_accessdetails_add"),
        reverse("admin:workshops_session_add"),
        reverse("admin:workshops_workshopday_add"),
    ):
        html = client.get(url).content.decode()
        assert "Eigener Workshop" in html, url
        assert "Fremder Workshop" not in html, url


def test_inviting_to_anothers_workshop_is_refused(world: World, sign_in: Any) -> None:
    before = Invitation.objects.count()
    data = {"addresses": "a@example.org", "workshops": [world.other.pk], "language": "", "send": "x"}
    page = sign_in(world.member).post(reverse("admin:registration_invitation_invite"), data)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["workshops"])
    assert Invitation.objects.count() == before


@pytest.mark.parametrize(
    "name", ["confirm", "confirm_as_listener", "put_on_waiting_list", "decline", "cancel"]
)
def test_steps_do_not_reach_others_people(world: World, sign_in: Any, name: str) -> None:
    own, other = register(world.own), register(world.other)
    client = sign_in(world.member)
    url = reverse("admin:registration_registration_step", args=[name])
    assert client.post(url, {"ids": f"{own.pk},{other.pk}", "sure": "yes"}).status_code == 404
    listed = reverse("admin:registration_registration_changelist")
    client.post(listed, {"action": name, "_selected_action": [other.pk], "select_across": "0"})
    client.post(listed, {"action": name, "_selected_action": [own.pk], "select_across": "1"})
    assert set(Registration.objects.filter(pk__in=[own.pk, other.pk]).values_list("status", flat=True)) == {
        "requested"
    }


def test_select_across_takes_ones_own_rows_only(world: World, sign_in: Any) -> None:
    listed = reverse("admin:registration_registration_changelist")
    own = register(world.own)
    page = sign_in(world.member).post(
        listed, {"action": "confirm", "_selected_action": [own.pk], "select_across": "1"}
    )
    chosen = {int(key) for key in page.context["ids"].split(",")}
    assert chosen == set(Registration.objects.filter(workshop=world.own).values_list("pk", flat=True))


def test_an_invitation_to_several_workshops_shows_ones_own_and_is_not_withdrawn_for_the_others(
    world: World, sign_in: Any
) -> None:
    with transaction.atomic():
        shared = invite(
            conference=world.conference, email="both@example.org", workshops=[world.own, world.other]
        )
    client = sign_in(world.member, "en")
    html = client.get(page_of(shared, "change")).content.decode()
    assert "Workshop" in html
    assert world.other.title_en not in html
    mail = Message.objects.get(invitation=shared)
    for step, row in (("invitation", "revoke"), shared), (("message", "stop"), mail):
        url = reverse(f"admin:registration_{step[0]}_step", args=[step[1]])
        page = client.post(url, {"ids": row.pk, "sure": "yes"})
        assert [outcome.kind for outcome in page.context["outcomes"]] == ["refused"]
    shared.refresh_from_db()
    mail.refresh_from_db()
    assert (shared.status, mail.status) == (Invitation.Status.QUEUED, Message.Status.QUEUED)


def test_mail_about_a_change_is_seen_by_those_whose_workshop_it_tells_of_and_stopped_by_those_of_all(
    world: World, sign_in: Any
) -> None:
    person = register(world.own).participant
    register(world.other, participant=person)
    own, both, others = (
        Message.objects.create(
            kind=Message.Kind.PROGRAMME_CHANGED,
            participant=person,
            recipient=person.email,
            language="de",
            message_id=f"<{number}@example.org>",
            facts={"release": 2, "since": 1, "workshops": [workshop.pk for workshop in told]},
        )
        for number, told in enumerate(((world.own,), (world.own, world.other), (world.other,)))
    )
    client = sign_in(world.member)
    listed = reverse("admin:registration_message_changelist")
    page = client.get(listed, {"kind__exact": Message.Kind.PROGRAMME_CHANGED})
    assert {row.pk for row in page.context["cl"].result_list} == {own.pk, both.pk}
    url = reverse("admin:registration_message_step", args=["stop"])
    assert client.post(url, {"ids": others.pk, "sure": "yes"}).status_code == 404
    outcomes = [
        client.post(url, {"ids": mail.pk, "sure": "yes"}).context["outcomes"][0].kind for mail in (own, both)
    ]
    assert outcomes == ["done", "refused"]
    by_lead = sign_in(world.lead).post(url, {"ids": f"{both.pk},{others.pk}", "sure": "yes"})
    assert [outcome.kind for outcome in by_lead.context["outcomes"]] == ["done", "done"]


def test_a_persons_page_shows_only_what_concerns_ones_own_workshop(world: World, sign_in: Any) -> None:
    person = register(world.own).participant
    register(world.other, participant=person, status="confirmed")
    html = sign_in(world.member).get(page_of(person, "change")).content.decode()
    assert "Eigener Workshop" in html
    assert "Fremder Workshop" not in html


def test_a_member_changes_neither_the_conference_nor_what_it_decides(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    assert client.get(page_of(world.conference, "change")).status_code == 403
    assert client.get(reverse("admin:workshops_workshop_add")).status_code == 403
    assert client.get(reverse("admin:workshops_release_add")).status_code == 403
    assert client.post(page_of(world.own, "delete"), {"post": "yes"}).status_code == 403
    assert 'name="slug"' not in client.get(page_of(world.own, "change")).content.decode()
    assert Workshop.objects.count() == 2


def test_a_session_cannot_be_put_on_anothers_day(world: World, sign_in: Any) -> None:
    data = {
        "day": day_of(world.other).pk,
        "position": 1,
        "kind": "discussion",
        "title_de": "Eingeschmuggelt",
        "appearances-TOTAL_FORMS": 0,
        "appearances-INITIAL_FORMS": 0,
        "parts-TOTAL_FORMS": 0,
        "parts-INITIAL_FORMS": 0,
    }
    assert sign_in(world.member).post(reverse("admin:workshops_session_add"), data).status_code == 422
    assert not Session.objects.filter(title_de="Eingeschmuggelt").exists()


def test_a_speaker_of_others_is_seen_but_not_changed(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    own = world.own.days.get().sessions.get(parent__isnull=False).appearances.get().speaker
    other = world.other.days.get().sessions.get(parent__isnull=False).appearances.get().speaker
    assert client.get(page_of(other, "change")).status_code == 200
    assert client.post(page_of(other, "change"), {"first_name": "X"}).status_code == 403
    data = {
        "first_name": "Ada",
        "last_name": "Öz",
        "slug": own.slug,
        "academic_title": "",
        "organisation": "",
    }
    assert client.post(page_of(own, "change"), data).status_code == 302


def test_somebody_without_a_team_is_refused_everywhere(world: World, sign_in: Any) -> None:
    client = sign_in(factories.make_organiser())
    assert {client.get(page_of(obj, "change")).status_code for obj in theirs(world.own)} <= {403, 404}
    assert client.get(reverse("admin:registration_invitation_invite")).status_code == 403


def test_somebody_who_is_no_longer_an_organiser_is_sent_to_sign_in(world: World, sign_in: Any) -> None:
    client = sign_in(factories.make_organiser(world.own, is_staff=False))
    assert client.get(page_of(world.own, "change")).status_code == 302


@pytest.mark.parametrize(
    ("field", "term", "found"),
    [
        ("participant", "guest", ["guest-of-own@example.org"]),
        ("workshop", "workshop", ["Eigener Workshop (1)"]),
    ],
)
def test_autocomplete_answers_with_nobody_elses_people(
    world: World, sign_in: Any, field: str, term: str, found: list[str]
) -> None:
    answer = sign_in(world.member).get(
        reverse("admin:autocomplete"),
        {"app_label": "registration", "model_name": "registration", "field_name": field, "term": term},
    )
    assert [result["text"] for result in answer.json()["results"]] == found


def test_conferences_are_offered_only_where_one_looks_after_the_whole(world: World, sign_in: Any) -> None:
    Conference.objects.filter(pk=world.conference.pk).update(name_de="Diese Konferenz")
    other = factories.make_conference(slug="elsewhere", is_current=False, name_de="Andere Konferenz")
    html = sign_in(world.lead).get(reverse("admin:workshops_workshop_add")).content.decode()
    assert "Diese Konferenz" in html
    assert str(other.name_de) not in html
