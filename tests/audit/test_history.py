"""The history of an object, and “What happened”: sentences in the reader's language."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as AdminEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from conference.audit import by_way_of, record_step, recorded
from registration.domain.confirm import confirm_registration
from registration.domain.decline import decline_registration
from registration.domain.erase import erase_participant
from registration.domain.history.history_of import history_of, lines_of
from registration.domain.undo_decision import undo_decision
from registration.models import Message, Participant
from tests import factories
from tests.workshops.html import parse, text, with_class
from tests.world import World, access_of, day_of, register, session_of
from workshops.models import Appearance, Conference, Membership, Platform, Session, Workshop

LOG = reverse("admin:accounts_auditentry_changelist")


@pytest.fixture
def clean(world: World) -> World:
    LogEntry.objects.all().delete()
    return world


def change(world: World, row: Any, **values: Any) -> None:
    with recorded(actor=world.lead):
        row = type(row).objects.get(pk=row.pk)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def told(row: Any, language: str = "en") -> list[list[str]]:
    with override(language):
        zones = Conference.objects.get(is_current=True).zones
        lines = lines_of(deeds=history_of(row=row)[:], row=row, zones=zones)
        return [[sentence for each in line.told for sentence in each.sentences] for line in lines]


def history(client: Any, row: Any) -> Any:
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk])
    answer = client.get(url)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        (
            {"title_tr": "Eski"},
            {"title_tr": "Yeni", "capacity_active": 35},
            [
                "Renamed from “Eski” to “Yeni” (Türkçe).",
                "The limit of active places was raised from 30 to 35.",
            ],
        ),
        ({}, {"capacity_active": None}, ["The limit of 30 active places was lifted."]),
        ({}, {"capacity_listener": 9}, ["Places for listeners limited to 9."]),
        (
            {},
            {"confirmation": "automatic"},
            [
                "How a registration is confirmed: changed from “by an organiser” to “at once, while places are free”."
            ],
        ),
        (
            {},
            {"interpreted_languages": ["de"]},
            ["Languages interpreted: changed from Deutsch, Türkçe to Deutsch."],
        ),
        ({"goals_de": ""}, {"goals_de": "Ziele"}, ["Goals (Deutsch): written: “Ziele”"]),
        ({"goals_de": "Ziele"}, {"goals_de": ""}, ["Goals (Deutsch): removed; it was “Ziele”."]),
        ({"position": 3}, {"position": 4}, ["The order was changed."]),
    ],
)
def test_a_change_is_told_in_words(
    clean: World, before: dict[str, Any], after: dict[str, Any], sentences: list[str]
) -> None:
    Workshop.objects.filter(pk=clean.own.pk).update(**before)
    change(clean, clean.own, **after)
    assert told(clean.own) == [sentences]


def test_a_switch_is_told_as_what_it_means(clean: World) -> None:
    change(clean, clean.conference, reminders=False)
    change(clean, session_of(clean.own), everybody=True)
    assert told(clean.conference) == [["People are not reminded any more."]]
    assert told(session_of(clean.own)) == [["Everybody takes part now."]]


def test_a_secret_is_never_told(clean: World, sign_in: Any) -> None:
    details = access_of(clean.own)
    change(clean, details, passcode="canary-passcode-2", url="")
    assert told(details) == [
        [
            "Link: removed. What it said is not shown.",
            "Passcode: changed. What it says is not shown.",
        ]
    ]
    assert b"canary" not in history(sign_in(clean.member), details).content


def test_what_became_of_a_registration_is_told_with_its_role(clean: World, sign_in: Any) -> None:
    row = register(clean.own)
    LogEntry.objects.all().delete()
    with recorded(actor=clean.lead):
        confirm_registration(registration_id=row.pk, undoable=True)
    with recorded(actor=clean.lead):
        undo_decision(registration_id=row.pk)
    with recorded(actor=clean.lead):
        decline_registration(registration_id=row.pk, note="Leider voll.")
    row.refresh_from_db()
    assert told(row) == [
        ["Declined as active participant.", "The reason told to this person: “Leider voll.”"],
        ["Now a request for an active place, to be decided."],
        ["Confirmed as active participant."],
    ]
    html = text(parse(history(sign_in(clean.lead, "en"), row.participant).content))
    assert "by undoing a decision" in html
    assert "Confirmed as active participant." in html


def test_who_appears_is_told_on_the_page_of_the_session(clean: World) -> None:
    session = session_of(clean.own)
    speaker = factories.make_speaker(clean.conference, first_name="Ada", last_name="Yılmaz")
    with recorded(actor=clean.lead):
        appearance = Appearance.objects.create(session=session, speaker=speaker, status="tbc")
    change(clean, appearance, status="confirmed")
    with recorded(actor=clean.lead):
        appearance.delete()
        speaker.delete()
    lines = lines_of(deeds=history_of(row=session)[:], row=session, zones=clean.conference.zones)
    assert [(each.about, each.sentences) for line in lines for each in line.told] == [
        ("Appearance: Ada Yılmaz", ("Deleted.",)),
        ("Appearance: Ada Yılmaz", ("Confirmed.",)),
        ("Appearance: Ada Yılmaz", ("Entered.",)),
    ]


def test_what_is_gone_is_still_named_in_the_readers_language(clean: World) -> None:
    session = session_of(clean.own)
    parent = factories.make_session(day_of(clean.own), title_de="Eltern", title_tr="Üst", position=0)
    LogEntry.objects.all().delete()
    change(clean, session, parent=parent)
    change(clean, session, parent=None)
    with recorded(actor=clean.lead):
        Session.objects.get(pk=parent.pk).delete()
    sentences = [sentence for line in told(session, "tr") for sentence in line if "Üst" in sentence]
    assert len(sentences) >= 2


def test_the_same_entry_is_told_to_each_reader_in_their_language(clean: World, sign_in: Any) -> None:
    change(clean, clean.own, confirmation="automatic")
    german = text(parse(history(sign_in(clean.lead, "de"), clean.own).content))
    turkish = text(parse(history(sign_in(clean.lead, "tr"), clean.own).content))
    assert "sofort, solange Plätze frei sind" in german
    assert "sofort, solange Plätze frei sind" not in turkish


def test_a_step_is_kept_as_its_source_and_not_in_the_language_of_the_moment(
    clean: World, sign_in: Any
) -> None:
    """A mail sent again changes nothing of its row that is recorded."""
    message = Message.objects.filter(kind="barrier_report").first() or Message.objects.first()
    Message.objects.filter(pk=message.pk).update(status="failed")
    url = reverse("admin:registration_message_step", args=["send_again"])
    sign_in(clean.boss, "tr").post(url, {"ids": message.pk, "sure": "yes"})
    entry = LogEntry.objects.get(object_pk=str(message.pk))
    assert (entry.additional_data["step"], AdminEntry.objects.count()) == ("Send again", 0)
    html = text(parse(history(sign_in(clean.boss, "de"), message).content))
    assert "Noch einmal senden" in html or "Erneut senden" in html


def test_a_step_is_not_told_twice(clean: World) -> None:
    with recorded(actor=clean.lead):
        clean.own.title_de = "Anders"
        clean.own.save()
        record_step(clean.own, "Renamed")
    assert LogEntry.objects.get_for_object(clean.own).count() == 1


def test_facts_of_a_step_are_told(clean: World) -> None:
    with recorded(actor=clean.lead):
        record_step(clean.own, "Codes deleted: %(count)d", facts={"count": 3})
    assert told(clean.own) == [["Codes deleted: 3."]]


def test_what_was_changed_by_an_import_says_so(clean: World, sign_in: Any) -> None:
    with by_way_of("import", file="<b>Entwurf</b>.docx"):
        change(clean, clean.own, title_de="Anders")
    html = history(sign_in(clean.lead, "en"), clean.own).content.decode()
    assert "by an import of “&lt;b&gt;Entwurf&lt;/b&gt;.docx”" in html


def test_the_history_of_a_person_tells_only_of_ones_own_workshops(clean: World, sign_in: Any) -> None:
    person = factories.make_participant(clean.conference)
    with recorded(actor=clean.lead):
        for workshop in (clean.own, clean.other):
            row = register(workshop, participant=person)
            confirm_registration(registration_id=row.pk)
    member = text(parse(history(sign_in(clean.member, "de"), person).content))
    lead = text(parse(history(sign_in(clean.lead, "de"), person).content))
    assert ("Eigener Workshop" in member, "Fremder Workshop" in member) == (True, False)
    assert "Fremder Workshop" in lead


def test_nothing_is_left_of_a_person_who_is_erased(clean: World, sign_in: Any) -> None:
    person = factories.make_participant(clean.conference, first_name="Gizem", last_name="Unutulan")
    row = register(clean.own, participant=person)
    with recorded(actor=clean.lead):
        confirm_registration(registration_id=row.pk)
        record_step(person, "Reminded")
    change(clean, person, city="Bursa")
    client = sign_in(clean.lead)
    assert "Unutulan" in client.get(LOG).content.decode()
    erase_participant(participant_id=person.pk, by=clean.lead)
    assert "Unutulan" not in client.get(LOG).content.decode()
    assert LogEntry.objects.filter(object_repr__contains="Unutulan").count() == 0
    assert not Participant.objects.filter(pk=person.pk).exists()


# What happened


def test_what_happened_names_links_and_says_by_day(clean: World, sign_in: Any) -> None:
    change(clean, clean.own, title_de="Anders", title_en="Another")
    with recorded(actor=clean.lead):
        platform = Platform.objects.create(conference=clean.conference, name="Zoom")
        platform.delete()
    page = parse(sign_in(clean.lead, "en").get(LOG).content)
    [first, second, third] = with_class(page, "audit-about")
    assert [text(row) for row in (first, second, third)] == [
        "Platform: Zoom",
        "Platform: Zoom",
        "Workshop: Another (1)",
    ]
    assert [link.get("href") for row in (first, second, third) for link in row.iter("a")] == [
        reverse("admin:workshops_workshop_change", args=[clean.own.pk])
    ]
    assert len(list(with_class(page, "audit-day"))) == 1


def test_rows_are_found_by_what_they_are_called_today_in_any_language(clean: World, sign_in: Any) -> None:
    change(clean, session_of(clean.own), title_de="Müzakere", title_tr="İSTANBUL", title_en="Talk")
    change(clean, clean.own, number=7)
    found = [sign_in(clean.lead).get(LOG, {"q": q}).context["cl"].result_count for q in ("istanbul", "talk")]
    assert found == [1, 1]


def test_what_happened_is_given_as_a_file_and_that_is_recorded(clean: World, sign_in: Any) -> None:
    change(clean, clean.own, capacity_active=35)
    change(clean, clean.own, title_en="=1+1")
    client = sign_in(clean.lead, "en")
    keys = list(LogEntry.objects.values_list("pk", flat=True))
    answer = client.post(LOG, {"action": "export_csv", "_selected_action": keys})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["When (CET)", "When (TRT)", "Who", "By what", "Kind", "Object", "What was changed"]
    assert [row[2:] for row in rows[1:]][1] == [
        str(clean.lead),
        "",
        "Workshop",
        "'=1+1 (1)",
        "The limit of active places was raised from 30 to 35.",
    ]
    entry = LogEntry.objects.latest("pk")
    assert entry.additional_data["export"] == {"model": "accounts.AuditEntry", "format": "csv", "rows": 2}
    sheet = client.post(LOG, {"action": "export_xlsx", "_selected_action": keys})
    book = load_workbook(io.BytesIO(sheet.getvalue()))
    assert [row[3] for row in book.active.iter_rows(values_only=True)] == ["By what", None, None]


def test_roles_that_do_not_read_it_are_not_led_there(clean: World, sign_in: Any) -> None:
    user = factories.make_organiser(clean.own)
    Membership.objects.filter(user=user).update(role=Membership.Role.PROGRAMME)
    client = sign_in(user)
    assert client.get(LOG).status_code == 403
    assert LOG not in client.get(reverse("admin:index")).content.decode()
    assert LOG in sign_in(clean.lead).get(reverse("admin:index")).content.decode()
    assert "audit-said" in history(sign_in(clean.lead), _changed(clean)).content.decode()


def _changed(world: World) -> Workshop:
    change(world, world.own, capacity_active=40)
    return world.own


def test_many_kinds_of_rows_cost_no_query_more_than_one(clean: World, sign_in: Any) -> None:
    change(clean, clean.own, capacity_active=31)
    client = sign_in(clean.lead)
    few = _queries(client, LOG)
    with recorded(actor=clean.lead):
        for _number in range(20):
            speaker = factories.make_speaker(clean.conference)
            session = factories.make_session(day_of(clean.own), parent=session_of(clean.own))
            Appearance.objects.create(session=session, speaker=speaker)
            confirm_registration(registration_id=register(clean.own).pk)
    change(clean, clean.own, capacity_active=32)
    assert (few, _queries(client, LOG)) == (10, 10)
    url = reverse("admin:workshops_session_history", args=[session_of(clean.own).pk])
    client.get(url)
    assert _queries(client, url) <= 12


def _queries(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
