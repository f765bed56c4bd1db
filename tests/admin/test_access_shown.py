"""Access details stay out of the page until a button is pressed; who pressed it is recorded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from conference.audited import TRACKED
from registration.models import AccessDetails, Message
from tests.world import World, access_of, register

STORED = {
    "url": "https://kudo.example/canary-room",
    "meeting_number": "123 456 789",
    "passcode": "canary-passcode",
    "dial_in": "",
    "interpreter_channel": "",
}
EMPTY = dict.fromkeys(STORED, "")


def page(name: str, world: World) -> str:
    return reverse(f"admin:registration_accessdetails_{name}", args=[access_of(world.own).pk])


def stored(world: World) -> dict[str, str]:
    details = access_of(world.own)
    return {name: getattr(details, name) for name in STORED}


def looks(world: World) -> list[tuple[Any, Any, Any]]:
    entries = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).order_by("pk")
    return [(entry.actor, entry.object_id, entry.changes) for entry in entries]


def test_the_page_shows_that_something_is_stored_and_not_what(world: World, sign_in: Any) -> None:
    html = sign_in(world.member, "en").get(page("change", world)).content.decode()
    assert [value for value in STORED.values() if value and value in html] == []
    assert html.count("Stored, not shown. Leave empty to keep it.") == 3
    assert html.count("Nothing is stored here.") == 2
    assert sorted(re.findall(r'name="clear_(\w+)"', html)) == ["meeting_number", "passcode", "url"]


def test_a_button_shows_them_and_that_is_recorded(world: World, sign_in: Any) -> None:
    answer = sign_in(world.member, "en").post(page("show", world))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert [value for value in STORED.values() if value not in html] == []
    assert f'action="{page("change", world)}"' in html
    assert looks(world) == [(world.member, access_of(world.own).pk, None)]


def test_a_link_shows_nothing_and_records_nothing(world: World, sign_in: Any) -> None:
    answer = sign_in(world.member).get(page("show", world))
    assert (answer.status_code, answer["Location"]) == (302, page("change", world))
    assert looks(world) == []


def test_only_the_workshops_own_team_is_shown_them(world: World, sign_in: Any) -> None:
    other = reverse("admin:registration_accessdetails_show", args=[access_of(world.other).pk])
    client = sign_in(world.member)
    assert {client.post(url).status_code for url in (other, other.replace("/show", "9/show"))} == {404}
    assert client.post(other.replace(str(access_of(world.other).pk), "abc")).status_code == 404
    assert looks(world) == []


@pytest.mark.parametrize("shown", [{}, {"shown": "yes"}], ids=["unseen", "shown"])
def test_a_new_value_replaces_the_old_one(world: World, sign_in: Any, shown: dict[str, str]) -> None:
    typed = {**(STORED if shown else EMPTY), "passcode": "new"}
    answer = sign_in(world.member).post(page("change", world), {**typed, **shown})
    assert (answer.status_code, stored(world)) == (302, {**STORED, "passcode": "new"})


def test_saving_without_typing_anything_keeps_everything_and_mails_nobody(world: World, sign_in: Any) -> None:
    register(world.own, status="confirmed")
    answer = sign_in(world.member).post(page("change", world), EMPTY)
    assert (answer.status_code, stored(world)) == (302, STORED)
    assert Message.objects.filter(kind__startswith="access").count() == 0


def test_what_is_ticked_is_removed_unseen(world: World, sign_in: Any) -> None:
    sign_in(world.member).post(page("change", world), {**EMPTY, "clear_passcode": "on"})
    assert stored(world) == {**STORED, "passcode": ""}


def test_what_is_emptied_in_sight_is_removed(world: World, sign_in: Any) -> None:
    sign_in(world.member).post(page("change", world), {**STORED, "passcode": "", "shown": "yes"})
    assert stored(world) == {**STORED, "passcode": ""}


def test_a_new_value_and_a_tick_contradict_each_other(world: World, sign_in: Any) -> None:
    answer = sign_in(world.member).post(
        page("change", world), {**EMPTY, "passcode": "new", "clear_passcode": "on"}
    )
    assert (answer.status_code, stored(world)) == (422, STORED)
    assert list(answer.context["adminform"].form.errors) == ["passcode"]


def test_removing_one_asks_before_it_mails_as_well(world: World, sign_in: Any) -> None:
    register(world.own, status="confirmed")
    client = sign_in(world.member)
    refused = client.post(page("change", world), {**EMPTY, "clear_passcode": "on"})
    assert (refused.status_code, list(refused.context["adminform"].form.errors)) == (422, ["announce"])
    assert STORED["url"] not in refused.content.decode()
    client.post(page("change", world), {**EMPTY, "clear_passcode": "on", "announce": "on"})
    assert (stored(world)["passcode"], Message.objects.filter(kind="access_changed").count()) == ("", 1)


def test_the_audit_log_names_what_changed_and_never_a_value(world: World, sign_in: Any) -> None:
    client = sign_in(world.member, "en")
    client.post(page("change", world), {**EMPTY, "passcode": "new-canary", "clear_url": "on"})
    [entry] = LogEntry.objects.filter(actor=world.member)
    assert entry.changes == {"passcode": ["•", "•"], "url": ["•", ""]}
    [first] = LogEntry.objects.filter(
        content_type=entry.content_type, object_id=entry.object_id, action=LogEntry.Action.CREATE
    )
    assert "canary" not in str(first.changes)


def test_every_secret_is_masked_in_the_audit_log() -> None:
    [tracked] = [tracked for tracked in TRACKED if tracked.model == "registration.AccessDetails"]
    assert tracked.masked == AccessDetails.SECRETS
