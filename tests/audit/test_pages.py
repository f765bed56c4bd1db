"""The log of changes, as an organiser reads it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from conference.audit import by_command, recorded
from conference.models import AuditEntry
from registration.domain.confirm import confirm_registration
from registration.models import Participant
from tests import factories
from tests.workshops.html import parse, text, with_class
from tests.world import World, access_of, day_of, invitation_of, register
from workshops.models import Conference, Membership, Speaker, Workshop

LOG = reverse("admin:accounts_auditentry_changelist")
MOMENT = dt.datetime(2020, 6, 14, 22, 30, tzinfo=dt.UTC)


@pytest.fixture
def clean(world: World) -> World:
    LogEntry.objects.all().delete()
    return world


def page_of(entry: Any, page: str = "change") -> str:
    return reverse(f"admin:accounts_auditentry_{page}", args=[entry.pk])


def change(world: World, **values: Any) -> LogEntry:
    """The workshop of the team, changed by the lead."""
    with recorded(actor=world.lead):
        workshop = Workshop.objects.get(pk=world.own.pk)
        for name, value in values.items():
            setattr(workshop, name, value)
        workshop.save()
    entry: LogEntry = LogEntry.objects.latest("pk")
    LogEntry.objects.filter(pk=entry.pk).update(timestamp=MOMENT)
    return entry


def told(client: Any, entry: Any) -> list[list[str]]:
    """The rows of the table of changes."""
    page = parse(client.get(page_of(entry)).content)
    [table] = with_class(page, "audit-changes")
    return [[text(cell) for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr")][1:]


def rows(client: Any, **query: Any) -> list[int]:
    page = client.get(LOG, query)
    assert page.status_code == 200
    return [entry.pk for entry in page.context["cl"].result_list]


def test_an_entry_says_each_field_in_words_from_what_to_what(clean: World, sign_in: Any) -> None:
    Workshop.objects.filter(pk=clean.own.pk).update(title_tr="Eski")
    entry = change(
        clean, title_tr="Yeni", capacity_active=12, confirmation="automatic", registration_opens_at=MOMENT
    )
    assert told(sign_in(clean.member, "en"), entry) == [
        ["Title (Türkçe)", "Eski", "Yeni"],
        ["Places for active participants", "30", "12"],
        ["How a registration is confirmed", "by an organiser", "at once, while places are free"],
        ["Registration opens", "–", "15 June 2020, 00:30 CET / 01:30 TRT"],
    ]


def test_an_entry_says_who_and_when_on_both_clocks(clean: World, sign_in: Any) -> None:
    change(clean, title_tr="Yeni")
    html = text(parse(sign_in(clean.member, "en").get(LOG).content))
    assert "Monday, 15 June 2020 00:30 CET / 01:30 TRT" in html
    assert str(clean.lead) in html
    assert "(Türkçe)" in html


def test_the_language_of_the_reader_counts(clean: World, sign_in: Any) -> None:
    entry = change(clean, title_tr="Yeni", capacity_active=12)
    assert [row[0] for row in told(sign_in(clean.member, "de"), entry)] == [
        "Titel (Türkçe)",
        "Plätze für aktive Teilnehmer/innen",
    ]


def test_a_time_of_a_day_is_said_on_both_clocks(clean: World, sign_in: Any) -> None:
    day = day_of(clean.own)
    before = day.date
    with recorded(actor=clean.lead):
        day.date, day.opens = dt.date(2020, 6, 15), dt.time(10, 0)
        day.save()
    table = told(sign_in(clean.member, "en"), LogEntry.objects.latest("pk"))
    assert table[0][2] == "15 June 2020"
    assert table[1] == ["Opens", _both(before, 9, 30), "10:00 CET / 11:00 TRT"]


def _both(date: dt.date, hour: int, minute: int) -> str:
    """On the date which the day had by then: in winter the clocks differ by two hours."""
    home = dt.datetime(date.year, date.month, date.day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))
    return f"{home:%H:%M} CET / {home.astimezone(ZoneInfo('Europe/Istanbul')):%H:%M} TRT"


def test_what_a_row_points_to_is_named(clean: World, sign_in: Any) -> None:
    platform = factories.make_platform(clean.conference, name="Kudo")
    entry = change(clean, platform=platform)
    assert told(sign_in(clean.member, "en"), entry)[0][1:] == ["–", "Kudo"]
    Workshop.objects.filter(pk=clean.own.pk).update(platform=None)
    key = platform.pk
    platform.delete()
    assert told(sign_in(clean.member, "en"), entry)[0][2] == "Kudo"
    LogEntry.objects.exclude(pk=entry.pk).delete()
    assert told(sign_in(clean.member, "en"), entry)[0][2] == f"no longer there (number {key})"


def test_a_secret_is_said_to_have_changed(clean: World, sign_in: Any) -> None:
    details = access_of(clean.own)
    with recorded(actor=clean.member):
        details.passcode = "new-canary"
        details.save()
    client = sign_in(clean.member, "en")
    entry = LogEntry.objects.latest("pk")
    assert told(client, entry) == [["Passcode", "kept, not shown", "kept, not shown"]]
    assert "Passcode" in text(parse(client.get(LOG).content))


def test_a_reason_and_a_command_are_said(clean: World, sign_in: Any) -> None:
    row = register(clean.own)
    with by_command("confirm"):
        confirm_registration(registration_id=row.pk)
    LogEntry.objects.log_create(
        row,
        action=LogEntry.Action.UPDATE,
        changes={"place": ["4", "1"], "waiting_since": [str(MOMENT), str(MOMENT)]},
        additional_data={"reason": "<b>Bürgermeister</b>"},
        actor=clean.lead,
    )
    html = sign_in(clean.member, "en").get(LOG).content.decode()
    assert "The reason given: “&lt;b&gt;Bürgermeister&lt;/b&gt;”" in html
    assert "Moved up on the waiting list from number 4 to number 1." in html
    assert "Waiting since" not in html
    assert "command “confirm”" in html


@pytest.mark.parametrize("page", ["change", "delete"])
def test_nobody_changes_or_deletes_an_entry(clean: World, sign_in: Any, page: str) -> None:
    entry = change(clean, title_tr="Yeni")
    client = sign_in(clean.boss)
    assert client.post(page_of(entry, page), {"post": "yes", "object_repr": "x"}).status_code == 403
    assert client.get(reverse("admin:accounts_auditentry_add")).status_code == 403
    client.post(LOG, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert AuditEntry.objects.filter(pk=entry.pk, object_repr=entry.object_repr).exists()


def test_filters_find_who_what_and_since_when(clean: World, sign_in: Any) -> None:
    old = change(clean, title_tr="Yeni").pk
    with recorded(actor=clean.member):
        new = LogEntry.objects.get_for_object(factories.make_speaker(clean.conference)).get().pk
    client = sign_in(clean.lead)
    assert rows(client) == [new, old]
    assert rows(client, since="2020-06-16") == [new]
    assert rows(client, since="2020-06-15", until="2020-06-15") == [old]
    assert rows(client, until="2020-06-14") == []
    assert rows(client, workshop=clean.own.pk) == [old]
    assert rows(client, conference=clean.conference.pk) == [new, old]
    assert rows(client, who="nobody") == []
    assert rows(client, who=clean.lead.pk) == [old]
    assert rows(client, kind="workshops.workshop") == [old]
    assert rows(client, done=LogEntry.Action.CREATE) == [new]
    assert rows(client, since="x", who="999", kind="x", done="9", workshop="9", conference="x") == [new, old]
    assert "This is no date." in sign_in(clean.lead, "en").get(LOG, {"until": "2020-02-31"}).content.decode()
    assert rows(client, q="yılmaz") == [new]


def test_a_team_reads_about_its_own_workshop_only(clean: World, sign_in: Any) -> None:
    conference = clean.conference
    for workshop in (clean.own, clean.other):
        factories.make_session(day_of(workshop))
        register(workshop)
        with recorded(actor=clean.lead):
            person = Participant.objects.get(invitations__workshops=workshop)
            person.city = "Bursa"
            person.save()
            invitation = invitation_of(workshop)
            invitation.status = "revoked"
            invitation.save()
    Speaker.objects.first().save()
    factories.make_organiser(clean.own)
    conference.contact_email = "new@example.org"
    conference.save()
    expected = {
        entry.pk
        for entry in LogEntry.objects.all()
        if (entry.additional_data or {}).get("workshop") == clean.own.pk
        or entry.object_repr in {"guest-of-own@example.org"}
        or (
            entry.object_id in clean.own.registrations.values_list("participant", flat=True)
            and entry.content_type.model == "participant"
        )
    }
    client = sign_in(clean.member)
    assert set(rows(client)) == expected
    assert len(expected) >= 5
    others = LogEntry.objects.exclude(pk__in=expected)
    assert {
        client.get(page_of(entry, page)).status_code for entry in others for page in ("change", "history")
    } == {404}
    assert set(rows(sign_in(clean.lead))) == {
        entry.pk for entry in LogEntry.objects.all() if (entry.additional_data or {}).get("conference")
    }
    assert len(rows(sign_in(clean.boss))) == LogEntry.objects.count()


def test_accounts_are_the_operators_to_read(clean: World, sign_in: Any) -> None:
    factories.make_organiser(clean.own)
    entries = LogEntry.objects.filter(content_type__model="user")
    assert entries.count() == 1
    assert {sign_in(clean.lead).get(page_of(entry)).status_code for entry in entries} == {404}
    assert {sign_in(clean.boss).get(page_of(entry)).status_code for entry in entries} == {200}


def test_a_deleted_session_is_still_the_teams_to_read_about(clean: World, sign_in: Any) -> None:
    session = factories.make_session(day_of(clean.own))
    with recorded(actor=clean.lead):
        session.delete()
    entry = LogEntry.objects.filter(action=LogEntry.Action.DELETE).get()
    assert sign_in(clean.member).get(page_of(entry)).status_code == 200


def test_a_lead_of_another_conference_reads_nothing(clean: World, sign_in: Any) -> None:
    change(clean, title_tr="Yeni")
    elsewhere = factories.make_conference(slug="elsewhere", is_current=False)
    lead = factories.make_organiser(conference=elsewhere)
    LogEntry.objects.exclude(content_type__model="workshop").delete()
    assert rows(sign_in(lead)) == []


def test_the_list_opens_without_any_conference(db: None, sign_in: Any) -> None:
    boss = factories.make_organiser(is_superuser=True)
    assert len(rows(sign_in(boss))) == 1
    assert (Conference.objects.count(), Membership.objects.count()) == (0, 0)
    assert timezone.now() > LogEntry.objects.get().timestamp
