"""One list of all who wait; each step shows first what it would do, and can be undone while no mail has left."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registration.admin.deciding import DecidingAdmin
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.decline import decline_registration
from registration.domain.erase import erase_participant
from registration.domain.export_data import export_data
from registration.domain.outbox.claim import TIME_TO_UNDO
from registration.domain.outbox.sweep import sweep
from registration.domain.places import take_place
from registration.domain.transitions import NoPlaceLeft, NotPossible
from registration.domain.undo_decision import can_be_undone, undo_decision
from registration.domain.waitlist import put_on_waiting_list
from registration.models import Message, Registration
from tests import factories
from tests.privacy.conftest import kept, where
from tests.registration_pages.helpers import visit
from tests.sending import send_what_is_due
from tests.world import World, register
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

LIST = reverse("admin:registration_registration_deciding")
STATE = (
    "status",
    "role",
    "listens_meanwhile",
    "waiting_since",
    "offered_until",
    "decided_at",
    "decision_note",
)


def step(name: str) -> str:
    return reverse("admin:registration_registration_deciding_step", args=[name])


def listed(client: Client, **query: str) -> list[int]:
    return [row.pk for row in client.get(LIST, query).context["cl"].result_list]


def state(row: Registration) -> tuple[Any, ...]:
    return Registration.objects.values_list(*STATE).get(pk=row.pk)


def taken(workshop: Workshop) -> tuple[int, int]:
    return Workshop.objects.values_list("taken_active", "taken_listener").get(pk=workshop.pk)


def a_minute_later() -> None:
    Message.objects.filter(status="queued").update(due_at=timezone.now())


@pytest.fixture
def workshop(conference: Conference) -> Workshop:
    return factories.make_workshop(conference, title_en="City workshop")


def test_the_list_holds_everybody_who_waits_and_nobody_else(world: World, sign_in: Any) -> None:
    Registration.objects.all().delete()
    requested = register(world.own)
    waitlisted = register(world.own, status="waitlisted")
    offered = register(world.own, status="waitlisted", offered_until=timezone.now() + dt.timedelta(days=1))
    for over in ("confirmed", "declined", "cancelled"):
        register(world.own, status=over)
    elsewhere = register(world.other)
    former = factories.make_workshop(factories.make_conference(is_current=False))
    register(former)
    everybody = [requested.pk, elsewhere.pk, waitlisted.pk, offered.pk]
    assert listed(sign_in(world.boss)) == everybody
    assert listed(sign_in(world.member)) == [requested.pk, waitlisted.pk, offered.pk]
    client = sign_in(world.boss)
    assert [listed(client, waits=waits) for waits in ("decision", "place", "answer", "nonsense")] == [
        [requested.pk, elsewhere.pk],
        [waitlisted.pk],
        [offered.pk],
        everybody,
    ]


def test_the_list_is_narrowed_by_who_people_are(world: World, sign_in: Any) -> None:
    Registration.objects.all().delete()
    ankara = register(
        world.own, participant=factories.make_participant(world.conference, organisation="Ankara")
    )
    german = factories.make_participant(
        world.conference, country="DE", language="de", organisation="Köln", last_name="Müller"
    )
    cologne = register(world.other, role="listener", participant=german)
    client = sign_in(world.boss)
    one, other = [ankara.pk], [cologne.pk]
    assert listed(client, workshop__id__exact=str(world.own.pk)) == one
    assert listed(client, role__exact="listener") == other
    assert listed(client, country="DE") == other
    assert listed(client, organisation="Ankara") == one
    assert listed(client, language="de") == other
    assert listed(client, q="MULLER") == other


@pytest.mark.parametrize(
    ("days", "fits"), [(0, {"today", "days", "week"}), (2, {"days", "week"}), (5, {"week"}), (9, {"longer"})]
)
def test_the_list_is_narrowed_by_when_people_came(
    world: World, sign_in: Any, days: int, fits: set[str]
) -> None:
    Registration.objects.all().delete()
    row = register(world.own)
    noon = timezone.now().astimezone(ZoneInfo(world.conference.home_zone)).replace(hour=12, minute=0)
    made = timezone.now() if days == 0 else noon - dt.timedelta(days=days)
    Registration.objects.filter(pk=row.pk).update(created_at=made)
    client = sign_in(world.boss)
    assert {since for since in ("today", "days", "week", "longer") if listed(client, since=since)} == fits


def test_a_button_shows_first_and_then_does_and_leads_back_to_the_same_choice(
    world: World, sign_in: Any
) -> None:
    Workshop.objects.filter(pk=world.own.pk).update(capacity_active=1)
    Registration.objects.all().delete()
    rows = [register(world.own), register(world.own)]
    client = sign_in(world.member, "en")
    chosen = f"{LIST}?waits=decision"
    page = client.post(
        chosen,
        {
            "action": ["confirm", "confirm_as_listener", "put_on_waiting_list", "decline"],
            "index": "0",
            "select_across": "0",
            "_selected_action": [row.pk for row in rows],
        },
    )
    said = [(outcome.kind, outcome.after) for outcome in page.context["outcomes"]]
    assert said == [
        ("done", "confirmed, active"),
        ("refused", "All active places of this workshop are taken."),
    ]
    assert set(Registration.objects.values_list("status", flat=True)) == {"requested"}
    assert page.context["list_url"] == chosen
    sent = {"ids": page.context["ids"], "filters": page.context["filters"], "sure": "yes"}
    done = client.post(page.context["step_url"], sent)
    html = done.content.decode()
    assert [outcome.kind for outcome in done.context["outcomes"]] == ["done", "refused"]
    assert f'href="{reverse("admin:registration_registration_change", args=[rows[0].pk])}"' in html
    assert f'href="{chosen}"' in html
    assert listed(client) == [rows[1].pk]


def test_somebody_decided_about_meanwhile_is_left_alone_and_said(world: World, sign_in: Any) -> None:
    row = register(world.own)
    confirm_registration(registration_id=row.pk)
    done = sign_in(world.member, "en").post(step("confirm"), {"ids": row.pk, "sure": "yes"})
    assert [outcome.kind for outcome in done.context["outcomes"]] == ["unchanged"]


def test_others_people_are_not_decided_about(world: World, sign_in: Any) -> None:
    row = register(world.other)
    for name in ("confirm", "decline", "undo"):
        answer = sign_in(world.member).post(step(name), {"ids": row.pk, "sure": "yes"})
        assert answer.status_code == 404
    assert state(row)[0] == "requested"


def test_no_more_are_done_at_once_than_a_preview_can_hold(
    world: World, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DecidingAdmin, "most_at_once", 1)
    rows = [register(world.own), register(world.own)]
    sent = {"action": "confirm", "index": "0", "_selected_action": [row.pk for row in rows]}
    answer = sign_in(world.member, "en").post(LIST, sent, follow=True)
    assert "Nothing was done: please choose at most 1 rows at once." in answer.content.decode()


def test_a_reason_is_asked_for_where_somebody_is_declined_and_reaches_them(
    world: World, sign_in: Any
) -> None:
    person = factories.make_participant(world.conference, language="en", email="ada@example.org")
    row = register(world.own, participant=person)
    client = sign_in(world.member, "en")
    page = client.post(step("decline"), {"ids": row.pk})
    assert '<textarea name="note"' in page.content.decode()
    client.post(step("decline"), {"ids": row.pk, "sure": "yes", "note": " All places are for city staff. "})
    row.refresh_from_db()
    assert (row.status, row.decision_note) == ("declined", "All places are for city staff.")
    a_minute_later()
    send_what_is_due()
    [letter] = [letter for letter in mail.outbox if letter.to == ["ada@example.org"]]
    assert "The organisers’ reason: All places are for city staff." in letter.body
    assert "All places are for city staff." in visit(person).get("my/", "en").content.decode()
    assert export_data(participant=person)["registrations"][0]["reason"] == row.decision_note
    shown = client.get(reverse("admin:registration_registration_change", args=[row.pk])).content.decode()
    assert "All places are for city staff." in shown


def test_a_reason_that_is_too_long_is_shown_and_nothing_is_done(world: World, sign_in: Any) -> None:
    row = register(world.own)
    page = sign_in(world.member).post(step("decline"), {"ids": row.pk, "sure": "yes", "note": "x" * 501})
    assert page.status_code == 422
    assert "x" * 501 in page.content.decode()
    assert state(row)[0] == "requested"
    with pytest.raises(NotPossible):
        decline_registration(registration_id=row.pk, note="x" * 501)


def test_a_reason_goes_with_the_next_decision(workshop: Workshop) -> None:
    row = register(workshop)
    decline_registration(registration_id=row.pk, note="Voll")
    confirm_registration(registration_id=row.pk)
    assert (state(row)[0], state(row)[-1]) == ("confirmed", "")


def test_a_reason_goes_with_the_person(world: World, sign_in: Any) -> None:
    row = register(world.own)
    client = sign_in(world.member)
    client.post(step("decline"), {"ids": row.pk, "sure": "yes", "note": "Zaunkönig"})
    client.post(step("undo"), {"ids": row.pk, "sure": "yes"})
    client.post(step("decline"), {"ids": row.pk, "sure": "yes", "note": "Zaunkönig"})
    assert where("Zaunk", kept()) != []
    erase_participant(participant_id=row.participant_id)
    assert where("Zaunk", kept()) == []


def test_the_mail_about_a_decision_waits_a_minute(world: World, sign_in: Any) -> None:
    row = register(world.own)
    before = timezone.now()
    sign_in(world.member).post(step("confirm"), {"ids": row.pk, "sure": "yes"})
    message = Message.objects.get(registration=row)
    assert before + TIME_TO_UNDO <= message.due_at <= timezone.now() + TIME_TO_UNDO
    sweep()
    send_what_is_due()
    message.refresh_from_db()
    assert message.status == "queued"
    a_minute_later()
    send_what_is_due()
    message.refresh_from_db()
    assert message.status == "sent"


def test_what_was_done_in_bulk_is_undone_with_one_button(world: World, sign_in: Any) -> None:
    rows = [register(world.own), register(world.own, listens_meanwhile=True)]
    before, places = [state(row) for row in rows], taken(world.own)
    client = sign_in(world.member, "en")
    done = client.post(step("confirm"), {"ids": ",".join(str(row.pk) for row in rows), "sure": "yes"})
    assert taken(world.own) == (2, 0)
    undo = done.context["undo"]
    undone = client.post(undo["url"], {"ids": undo["ids"], "sure": "yes"})
    assert [outcome.kind for outcome in undone.context["outcomes"]] == ["done", "done"]
    assert undone.context["undo"] is None
    assert ([state(row) for row in rows], taken(world.own)) == (before, places)
    a_minute_later()
    send_what_is_due()
    assert [letter.subject for letter in mail.outbox if "Confirmed" in letter.subject] == []


@pytest.mark.parametrize(
    ("values", "decide"),
    [
        ({}, lambda pk: confirm_registration(registration_id=pk, undoable=True)),
        ({}, lambda pk: confirm_registration(registration_id=pk, role="listener", undoable=True)),
        ({}, lambda pk: put_on_waiting_list(registration_id=pk, undoable=True)),
        ({}, lambda pk: decline_registration(registration_id=pk, note="Voll", undoable=True)),
        ({"listens_meanwhile": True}, lambda pk: decline_registration(registration_id=pk, undoable=True)),
        ({"status": "waitlisted"}, lambda pk: decline_registration(registration_id=pk, undoable=True)),
        ({"status": "confirmed"}, lambda pk: cancel_registration(registration_id=pk, undoable=True)),
        ({"status": "declined"}, lambda pk: confirm_registration(registration_id=pk, undoable=True)),
    ],
)
def test_undoing_brings_back_all_that_was(workshop: Workshop, values: dict[str, Any], decide: Any) -> None:
    row = register(workshop, **values)
    before, places = state(row), taken(workshop)
    decide(row.pk)
    assert state(row) != before
    row.refresh_from_db()
    assert can_be_undone(registration=row)
    undo_decision(registration_id=row.pk)
    row.refresh_from_db()
    assert (state(row), taken(workshop)) == (before, places)
    assert list(Message.objects.values_list("status", flat=True)) == ["cancelled"]
    assert not can_be_undone(registration=row)


def test_once_the_mail_has_left_nothing_is_undone(workshop: Workshop) -> None:
    row = register(workshop)
    confirm_registration(registration_id=row.pk, undoable=True)
    a_minute_later()
    Message.objects.update(status="sending", claim="0" * 32, attempts=1)
    with pytest.raises(NotPossible, match="already left"):
        undo_decision(registration_id=row.pk)
    Message.objects.update(status="retry", claim=None)
    with pytest.raises(NotPossible, match="already left"):
        undo_decision(registration_id=row.pk)
    assert state(row)[0] == "confirmed"


def test_what_the_person_did_since_is_not_undone(workshop: Workshop) -> None:
    row = register(workshop)
    confirm_registration(registration_id=row.pk, undoable=True)
    cancel_registration(registration_id=row.pk)
    with pytest.raises(NotPossible, match="no decision"):
        undo_decision(registration_id=row.pk)
    assert state(row)[0] == "cancelled"


def test_a_place_that_is_somebody_elses_by_now_is_not_taken_back(conference: Conference) -> None:
    workshop = factories.make_workshop(conference, capacity_active=1)
    row = register(workshop, status="confirmed")
    cancel_registration(registration_id=row.pk, undoable=True)
    assert take_place(workshop_id=workshop.pk, role="active")
    with pytest.raises(NoPlaceLeft):
        undo_decision(registration_id=row.pk)
    assert (state(row)[0], taken(workshop)) == ("cancelled", (1, 0))
    assert Message.objects.get(registration=row).status == "queued"


def test_undo_is_offered_on_the_persons_page_while_it_is_possible(world: World, sign_in: Any) -> None:
    row = register(world.own)
    client = sign_in(world.member)
    page = reverse("admin:registration_registration_change", args=[row.pk])
    undo = reverse("admin:registration_registration_step", args=["undo"])
    assert undo not in client.get(page).content.decode()
    client.post(step("decline"), {"ids": row.pk, "sure": "yes"})
    assert undo in client.get(page).content.decode()
    Message.objects.filter(registration=row).update(status="sent", sent_at=timezone.now())
    assert undo not in client.get(page).content.decode()


def test_the_list_costs_the_same_number_of_queries_for_more_rows(world: World, sign_in: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    client = sign_in(world.boss)
    queries()
    few = queries()
    for _number in range(3):
        register(world.own, participant=factories.make_participant(world.conference, country="DE"))
    release_programme(conference=world.conference)
    assert (few, queries()) == (6, 6)
