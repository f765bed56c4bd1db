"""What each role opens and changes, on every page the admin has, now or later: as the documentation prints it."""

from __future__ import annotations

from html import unescape as html_unescape
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from registration.models import Registration
from tests import factories
from tests.admin import roles
from tests.security import addresses
from tests.world import World, access_of, register, session_of
from workshops.admin.rights import declared_pages
from workshops.domain.scope import GRANTED, Area, Held, Level, Role
from workshops.models import Membership

RESTRICTED = (Role.PROGRAMME, Role.REGISTRATIONS, Role.ACCESS, Role.READER)
ADMINS = {model._meta.label_lower: model_admin for model, model_admin in admin.site._registry.items()}
# Reading these takes the right to change.
TO_CHANGE = ("_add", "_delete", "_move_up", "_restore")


def level_to_read(page: str) -> Level:
    declared = declared_pages().get(page)
    model = roles.model_of(page)
    seen_with = getattr(ADMINS[model], "seen_with", Level.SEE) if model else Level.SEE
    return (
        Level.CHANGE if page.endswith(TO_CHANGE) else max(seen_with, declared[1] if declared else Level.SEE)
    )


def area_of(page: str) -> Area:
    """The history of somebody's registration tells their address."""
    area = roles.area_of(page)
    return Area.PEOPLE if page.endswith("_history") and area is Area.REGISTRATIONS else area


def reaches(role: str, page: str, level: Level) -> bool:
    return (roles.printed_rights()[area_of(page)][role] or 0) >= level


def pages(world: World) -> list[tuple[str, str]]:
    found = [(page, route) for page, route in roles.every_page() if page not in roles.OF_DJANGO]
    return [(page, addresses.address_of(route, world)) for page, route in found]


def test_the_printed_rights_are_those_that_hold() -> None:
    printed = roles.printed_rights()
    assert set(printed) == set(Area)
    assert {
        role: {area: level for area, held in printed.items() if (level := held[role]) is not None}
        for role in Role.values
    } == {role: dict(granted) for role, granted in GRANTED.items()}


def test_an_owner_also_changes_the_conference_and_the_team() -> None:
    owner, lead = Held(Role.LEAD, 1, None), Held(Role.LEAD, 1, 2)
    only = {
        area for area in Area if owner.reaches(area, Level.CHANGE) and not lead.reaches(area, Level.CHANGE)
    }
    assert only == {Area.CONFERENCE, Area.TEAM}


def test_every_list_and_every_page_has_a_line_with_its_area() -> None:
    lists, further = roles.printed_pages()
    assert lists == {label: model_admin.area for label, model_admin in ADMINS.items()}  # type: ignore[attr-defined]
    assert further == {page: area for page, (area, _level) in declared_pages().items()}
    named = {page for page, _route in roles.every_page()}
    without = {page for page in named - roles.OF_DJANGO - set(further) if roles.model_of(page) is None}
    assert (without, set(further) - named) == (set(), set())


def test_each_role_opens_what_is_printed_and_nothing_else(world: World, sign_in: Any) -> None:
    addresses.complete(world)
    owner = sign_in(world.lead)
    everywhere = pages(world)
    opened = {url: owner.get(url).status_code for _page, url in everywhere}
    clients = {
        role: sign_in(factories.make_organiser(conference=world.conference, role=role)) for role in RESTRICTED
    }
    for number, (page, url) in enumerate(everywhere):
        may = [role for role in RESTRICTED if reaches(role, page, level_to_read(page))]
        # Every page, by one of those who may open it, in turn.
        for role in may[number % len(may) :][:1] if may else ():
            assert clients[role].get(url).status_code == opened[url], (role, page)
        for role in set(RESTRICTED) - set(may):
            assert clients[role].get(url).status_code in {302, 403, 404, 405}, (role, page)


def test_no_role_changes_anything_beyond_what_is_printed(world: World, sign_in: Any) -> None:
    addresses.complete(world)
    own = {role: factories.make_organiser(conference=world.conference, role=role) for role in RESTRICTED}
    everywhere = pages(world)
    before = addresses.dump()
    clients = {role: sign_in(user) for role, user in own.items()}
    for number, (page, url) in enumerate(everywhere):
        may_not = [role for role in RESTRICTED if not reaches(role, page, Level.CHANGE)]
        # Who reads only may change nothing anywhere; of the others one in turn.
        for role in {Role.READER, may_not[number % len(may_not)]} if may_not else ():
            if page != "own_overview":
                _send_all(clients[role], page, url, world)
    # Signing in is all that happened.
    assert addresses.changed(before, addresses.dump()) == ["accounts_user"]


def _send_all(client: Client, page: str, url: str, world: World) -> None:
    rows = {"ids": world.own.pk, "id": world.own.pk, "_selected_action": [world.own.pk], "select_across": "1"}
    sent = {**rows, "sure": "yes", "post": "yes", "reason": "x", "place": "1", "workshops": [world.own.pk]}
    model = ADMINS.get(roles.model_of(page) or "")
    emails = [person.email.encode() for person in world.conference.participants.all()]
    names = [""]
    if model is not None and page.endswith("_changelist"):
        names = ["delete_selected", *(step.name for step in getattr(model, "steps", ())), "export_csv"]
    for name in names:
        answer = client.post(url, {**sent, "action": name})
        assert answer.status_code in {200, 302, 303, 400, 403, 404, 405}, (page, name)
        if area_of(page) is not Area.NUMBERS and answer.status_code == 200:
            assert not [email for email in emails if email in _content(answer)], (page, name)


def _content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_what_a_role_may_not_do_is_not_offered(world: World, sign_in: Any) -> None:
    with transaction.atomic():
        register(world.own)
    offered = {}
    for role in (Role.LEAD, *RESTRICTED):
        client = sign_in(factories.make_organiser(world.own, role=role), "en")
        html = client.get(reverse("admin:index")).content.decode()
        named = ("Decide", "Invite", "Translations", "Team", "My daily overview")
        offered[role] = [name for name in named if f">{name}</a>" in html.split('id="live"')[0]]
    assert offered == {
        Role.LEAD: ["Decide", "Invite", "Translations", "My daily overview"],
        Role.PROGRAMME: ["Translations", "My daily overview"],
        Role.REGISTRATIONS: ["Decide", "Invite", "My daily overview"],
        Role.ACCESS: ["My daily overview"],
        Role.READER: ["My daily overview"],
    }


@pytest.mark.parametrize("role", [Role.LEAD, *RESTRICTED])
def test_every_link_of_the_start_page_and_of_the_figures_opens(world: World, sign_in: Any, role: str) -> None:
    client = sign_in(factories.make_organiser(world.own, role=role))
    for page in (reverse("admin:index"), reverse("admin:figures", args=[world.own.pk])):
        html = client.get(page).content.decode().split('id="content-main"')[1].split('class="app-list"')[0]
        links = set(addresses.links_in(html))
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200), page


@pytest.mark.parametrize("role", [Role.LEAD, *RESTRICTED])
def test_every_link_of_a_workshops_page_opens(world: World, sign_in: Any, role: str) -> None:
    """Who looks after one workshop reads which conference it belongs to, and is not sent to its page."""
    client = sign_in(factories.make_organiser(world.own, role=role))
    html = client.get(reverse("admin:workshops_workshop_change", args=[world.own.pk])).content.decode()
    content = html.split('id="content-main"')[1]
    assert str(world.conference) in html_unescape(content)
    links = {link for link in addresses.links_in(content) if link.startswith("/admin/")}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_who_reads_only_sees_names_and_no_address_anywhere(world: World, sign_in: Any) -> None:
    row = register(world.own)
    nameless = register(
        world.own, participant=factories.make_participant(world.conference, first_name="", last_name="")
    )
    client = sign_in(factories.make_organiser(world.own, role=Role.READER), "en")
    seen = [
        reverse("admin:registration_registration_changelist"),
        reverse("admin:registration_registration_deciding"),
        reverse("admin:registration_registration_change", args=[row.pk]),
        reverse("admin:registration_registration_change", args=[nameless.pk]),
        reverse("admin:registration_attendance_changelist"),
        reverse("admin:attendance_workshop", args=[world.own.pk]),
    ]
    html = "".join(client.get(page).content.decode() for page in seen)
    emails = {person.email for person in world.conference.participants.all()}
    assert [email for email in emails if email in html] == []
    assert row.participant.last_name in html
    found = client.get(seen[0], {"q": row.participant.email})
    assert list(found.context["cl"].result_list) == []
    assert "export_csv" not in found.content.decode()


def test_with_two_roles_in_two_workshops_each_holds_in_its_own(world: World, sign_in: Any) -> None:
    user = factories.make_organiser(world.own, role=Role.REGISTRATIONS)
    Membership.objects.create(user=user, conference=world.conference, workshop=world.other, role=Role.READER)
    own, other = register(world.own), register(world.other)
    client = sign_in(user, "en")
    listed = reverse("admin:registration_registration_changelist")
    page = client.get(listed).content.decode()
    assert (own.participant.email in page, other.participant.email in page) == (True, False)
    previewed = client.post(listed, {"action": "confirm", "_selected_action": [own.pk, other.pk]})
    assert [outcome.key for outcome in previewed.context["outcomes"]] == [own.pk]
    assert [str(said) for said in previewed.context["messages"]] == [
        "1 row is left out: you may only read it."
    ]
    step = reverse("admin:registration_registration_step", args=["confirm"])
    assert client.post(step, {"ids": other.pk, "sure": "yes"}).status_code == 404
    steps = [
        bool(client.get(reverse("admin:registration_registration_change", args=[row.pk])).context["steps"])
        for row in (own, other)
    ]
    assert steps == [True, False]
    other.refresh_from_db()
    assert other.status == Registration.Status.REQUESTED


def test_a_session_is_not_entered_where_the_programme_is_only_read(world: World, sign_in: Any) -> None:
    user = factories.make_organiser(world.own, role=Role.PROGRAMME)
    Membership.objects.create(user=user, conference=world.conference, workshop=world.other, role=Role.READER)
    form = sign_in(user).get(reverse("admin:workshops_session_add")).context["adminform"].form
    assert {day.workshop for day in form.fields["day"].queryset} == {world.own}


def test_each_role_does_its_own_work(world: World, sign_in: Any) -> None:
    row = register(world.own)
    of = {role: sign_in(factories.make_organiser(world.own, role=role)) for role in RESTRICTED}
    step = reverse("admin:registration_registration_step", args=["confirm"])
    of[Role.REGISTRATIONS].post(step, {"ids": row.pk, "sure": "yes"})
    shown = of[Role.ACCESS].post(
        reverse("admin:registration_accessdetails_show", args=[access_of(world.own).pk])
    )
    page = reverse("admin:workshops_session_change", args=[session_of(world.own).pk])
    form = of[Role.PROGRAMME].get(page).context["adminform"].form
    read = of[Role.READER].get(page)
    row.refresh_from_db()
    assert (row.status, shown.status_code) == (Registration.Status.CONFIRMED, 200)
    assert ("title_de" in form.fields, "title_de" in read.context["adminform"].form.fields) == (True, False)
    assert read.status_code == 200


def test_how_to_reach_a_speaker_is_for_who_writes_the_programme(world: World, sign_in: Any) -> None:
    speaker = factories.make_speaker(world.conference, contact="+49 30 5550199")
    url = reverse("admin:workshops_speaker_change", args=[speaker.pk])
    holds = {
        role: speaker.contact
        in sign_in(factories.make_organiser(world.own, role=role)).get(url).content.decode()
        for role in (Role.PROGRAMME, Role.REGISTRATIONS, Role.ACCESS, Role.READER)
    }
    assert holds == {
        Role.PROGRAMME: True,
        Role.REGISTRATIONS: False,
        Role.ACCESS: False,
        Role.READER: False,
    }


def test_documents_that_name_people_are_not_for_who_writes_the_programme(world: World, sign_in: Any) -> None:
    add = reverse("admin:registration_document_add")
    offered = {
        role: [
            value
            for value, _label in sign_in(factories.make_organiser(world.own, role=role))
            .get(add)
            .context["adminform"]
            .form.fields["kind"]
            .choices
        ]
        for role in (Role.PROGRAMME, Role.REGISTRATIONS)
    }
    assert offered == {
        Role.PROGRAMME: ["run_sheet", "briefing"],
        Role.REGISTRATIONS: ["participants", "sign_in", "certificates"],
    }


def test_rights_that_are_taken_away_end_in_a_session_that_is_open(world: World, sign_in: Any) -> None:
    client, user = sign_in(world.member), world.member
    page = reverse("admin:registration_registration_changelist")
    before = client.get(page).status_code
    Membership.objects.filter(user=user).delete()
    assert (before, client.get(page).status_code) == (200, 403)


def test_who_only_reads_a_conference_is_shown_nothing_to_send(world: World, sign_in: Any) -> None:
    page = reverse("admin:workshops_conference_change", args=[world.conference.pk])
    holds = {
        role: [name for name in ("logo_shown", "logo_file", "logo_remove") if f"field-{name}" in html]
        for role in (Role.LEAD, Role.READER)
        if (
            html := sign_in(factories.make_organiser(conference=world.conference, role=role))
            .get(page)
            .content.decode()
        )
    }
    assert holds == {
        Role.LEAD: ["logo_shown", "logo_file", "logo_remove"],
        Role.READER: ["logo_shown"],
    }
