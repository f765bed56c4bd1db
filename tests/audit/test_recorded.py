"""What organisers and commands change is recorded, with who it was; what participants do themselves is not."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.audit import recorded, unrecorded
from conference.audited import TRACKED, audited_models, fields_of
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.erase import erase_participant
from registration.domain.tokens import issue_link, token_of
from registration.models import Participant, Registration
from tests import factories
from tests.world import World, register
from workshops.models import Conference, Workshop, WorkshopHost

UPDATE = LogEntry.Action.UPDATE


@pytest.fixture
def clean(world: World) -> World:
    LogEntry.objects.all().delete()
    return world


def entries(obj: Any) -> list[tuple[Any, int, dict[str, Any] | None]]:
    found = LogEntry.objects.get_for_object(obj).order_by("pk")
    return [(entry.actor, entry.action, entry.changes) for entry in found]


def step(client: Client, name: str, row: Any, **data: str) -> Any:
    return client.post(reverse("admin:registration_registration_step", args=[name]), {"ids": row.pk, **data})


def test_an_organisers_change_is_recorded_in_each_language_with_before_and_after(
    clean: World, sign_in: Any
) -> None:
    workshop = factories.make_workshop(clean.conference, title_tr="Eski")
    with recorded(actor=clean.lead):
        workshop.title_tr = "Yeni"
        workshop.save()
    assert entries(workshop)[1:] == [(clean.lead, UPDATE, {"title_tr": ["Eski", "Yeni"]})]
    assert LogEntry.objects.get_for_object(workshop).first().additional_data == {
        "conference": clean.conference.pk,
        "workshop": workshop.pk,
    }


def test_a_participants_details_put_right_in_the_admin_are_recorded(clean: World, sign_in: Any) -> None:
    person = register(clean.own).participant
    data = {"first_name": "Işıl", "last_name": person.last_name, "country": "TR", "language": "tr"}
    data |= {"organisation": person.organisation}
    for prefix in ("registrations", "invitations", "consents"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    url = reverse("admin:registration_participant_change", args=[person.pk])
    assert sign_in(clean.member).post(url, data).status_code == 302
    assert entries(person)[1:] == [(clean.member, UPDATE, {"first_name": ["Çiğdem", "Işıl"]})]


def test_a_step_is_recorded_and_its_preview_is_not(clean: World, sign_in: Any) -> None:
    row = register(clean.own)
    client = sign_in(clean.member)
    step(client, "confirm", row)
    assert len(entries(row)) == 1
    step(client, "confirm", row, sure="yes")
    [(actor, action, changes)] = entries(row)[1:]
    assert (actor, action, changes["status"], sorted(changes)) == (
        clean.member,
        UPDATE,
        ["requested", "confirmed"],
        ["decided_at", "status"],
    )


def test_an_invitation_withdrawn_is_recorded(clean: World, sign_in: Any) -> None:
    invitation = clean.own.invitations.get()
    url = reverse("admin:registration_invitation_step", args=["revoke"])
    sign_in(clean.member).post(url, {"ids": invitation.pk, "sure": "yes"})
    assert entries(invitation) == [(clean.member, UPDATE, {"status": ["queued", "revoked"]})]


def test_who_is_moved_up_by_a_cancellation_is_nobodys_change(
    clean: World, sign_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    Workshop.objects.filter(pk=clean.own.pk).update(capacity_active=1)
    Registration.objects.filter(workshop=clean.own).delete()
    leaves, waits = register(clean.own, status="confirmed"), register(clean.own, status="waitlisted")
    LogEntry.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        step(sign_in(clean.member), "cancel", leaves, sure="yes")
    waits.refresh_from_db()
    assert (waits.status, entries(waits)) == ("confirmed", [])
    assert [actor for actor, _action, _changes in entries(leaves)] == [clean.member]


def test_hosts_are_recorded_with_their_workshop(clean: World) -> None:
    organisation = factories.make_organisation(clean.conference)
    with recorded(actor=clean.lead):
        host = WorkshopHost.objects.create(workshop=clean.own, organisation=organisation)
        host.delete()
    found = LogEntry.objects.filter(object_repr=str(organisation), additional_data__workshop=clean.own.pk)
    assert [entry.action for entry in found.order_by("pk")] == [
        LogEntry.Action.CREATE,
        LogEntry.Action.DELETE,
    ]


def test_a_command_is_named_instead_of_a_person(clean: World) -> None:
    row = register(clean.own)
    call_command("confirm", row.participant.email, "--workshop", "own", verbosity=0)
    entry = LogEntry.objects.get_for_object(row).latest("pk")
    assert (entry.actor, entry.additional_data["command"]) == (None, "confirm")


def test_the_demo_is_nobodys_change(demo: Conference) -> None:
    assert LogEntry.objects.count() == 0


def test_what_a_participant_does_is_not_recorded_and_costs_no_query_more(
    clean: World, client: Client
) -> None:
    person = register(clean.own).participant
    with transaction.atomic():
        link = issue_link(participant=person)
    client.get(f"/de/invitation/{token_of(link=link)}/", follow=True)
    data = {"first_name": "Ada", "last_name": "Neu", "organisation": "Bursa", "country": "TR"}
    data |= {
        "language": "de",
        "consent_privacy": "on",
        "workshop-own": "listener",
        "position": "",
        "city": "",
    }
    before = LogEntry.objects.count()
    with CaptureQueriesContext(connection) as captured:
        client.post("/de/register/", data)
    person.refresh_from_db()
    assert (person.first_name, LogEntry.objects.count()) == ("Ada", before)
    assert [query["sql"] for query in captured.captured_queries if "auditlog" in query["sql"]] == []


def test_nothing_is_recorded_where_it_is_switched_off(clean: World) -> None:
    row = register(clean.own)
    LogEntry.objects.all().delete()
    with unrecorded():
        confirm_registration(registration_id=row.pk)
    assert LogEntry.objects.count() == 0
    cancel_registration(registration_id=row.pk)
    assert LogEntry.objects.count() == 1


def test_what_is_forgotten_leaves_no_entry_with_its_name(clean: World) -> None:
    row = register(clean.own)
    with recorded(actor=clean.lead):
        row.delete()
        Participant.objects.filter(pk=row.participant_id).delete()
    assert LogEntry.objects.filter(action=LogEntry.Action.DELETE).count() == 0
    row = register(clean.own)
    erase_participant(participant_id=row.participant_id)
    assert LogEntry.objects.filter(object_repr__contains=row.participant.email).count() == 0


def test_no_address_of_whoever_asks_is_kept(clean: World, sign_in: Any) -> None:
    row = register(clean.own)
    url = reverse("admin:registration_registration_step", args=["confirm"])
    sign_in(clean.member).post(
        url,
        {"ids": row.pk, "sure": "yes"},
        headers={"x-forwarded-for": "203.0.113.9", "x-forwarded-port": "4"},
    )
    assert set(LogEntry.objects.values_list("remote_addr", "remote_port")) == {(None, None)}


def test_the_actor_stays_known_by_the_address_when_the_account_goes(clean: World) -> None:
    with recorded(actor=clean.lead):
        factories.make_platform(clean.conference)
    email = clean.lead.email
    clean.lead.delete()
    entry = LogEntry.objects.get(content_type__model="platform")
    assert (entry.actor, entry.actor_email) == (None, email)


def test_no_secret_is_among_what_is_recorded() -> None:
    recorded_fields = {
        f"{model._meta.label}.{field}"
        for model in audited_models()
        for field in auditlog.get_model_fields(model)["include_fields"]
    }
    names = ("password", "token", "seed", "digest", "data", "taken_active", "taken_listener", "snapshot")
    assert [field for field in recorded_fields if field.rpartition(".")[2] in names] == []
    assert {model._meta.label for model in auditlog.get_models()} == {tracked.model for tracked in TRACKED}


def test_each_language_is_recorded_and_not_their_stand_in() -> None:
    names = [field.name for field in fields_of(Workshop)]
    assert [name for name in names if name.startswith("title")] == ["title_de", "title_tr", "title_en"]


def test_public_pages_do_not_ask_who_is_signed_in(clean: World, sign_in: Any) -> None:
    answer = sign_in(clean.member).get("/de/programme/")
    assert "Cookie" not in answer.get("Vary", "")
