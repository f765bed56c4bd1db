"""An imported draft: what was picked is applied, once, and taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.models import User
from tests import factories
from tests.admin.test_import_page import LIST, SMALL, boxes, default_picks, lead, page, read, send, words
from tests.import_programme.drafts import TEXT
from workshops.domain.uploads.empty_uploads import empty_uploads
from workshops.domain.uploads.read_next_upload import read_next_upload
from workshops.models import Conference, DraftImport, Session, Speaker, Workshop

__all__ = ["lead"]


# Applying


def test_what_was_picked_is_applied_and_the_page_says_so(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    upload = read(conference)
    client = sign_in(lead, "en")
    picked = default_picks(client.get(page(upload)))
    response = client.post(page(upload, "apply"), {"picked": picked})
    assert (response.status_code, response["Location"]) == (303, page(upload))
    upload.refresh_from_db()
    assert (upload.status, upload.applied_by) == ("applied", lead)
    assert Workshop.objects.get(conference=conference).title_de == "Digitale Stadt"
    response = client.get(page(upload))
    said = words(response)
    assert re.search(
        r"Applied by organiser\d+@example.org, .* CET / .* TRT : \d+ added, \d+ changed, 0 removed.", said
    )
    assert "Added Workshop: Digitale Stadt (1)" in said
    for address in (
        f"/admin/workshops/conference/check/?conference={conference.pk}",
        f"{reverse('admin:workshops_release_add')}?conference={conference.pk}",
        page(upload, "undo"),
    ):
        assert f'href="{address}"' in response.content.decode()


def test_what_was_not_picked_stays_out_and_what_is_needed_comes_along(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    upload = read(conference)
    client = sign_in(lead, "en")
    session = next(
        change.key
        for group in client.get(page(upload)).context["changes"]
        for change in group.changes
        if "Auftakt" in change.where
    )
    client.post(page(upload, "apply"), {"picked": [session]})
    assert list(Session.objects.values_list("title_de", flat=True)) == ["Auftakt"]
    said = words(client.get(page(upload)))
    assert "You had not picked this, but what you picked needs it." in said
    assert "speaker: Harun Yiğit" in said


def test_a_second_click_applies_nothing_more(conference: Conference, lead: User, sign_in: Any) -> None:
    upload = read(conference)
    client = sign_in(lead, "en")
    picked = default_picks(client.get(page(upload)))
    answers = [client.post(page(upload, "apply"), {"picked": picked}) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, page(upload))] * 2
    assert Workshop.objects.count() == 1


def test_picking_nothing_is_asked_about(conference: Conference, lead: User, sign_in: Any) -> None:
    upload = read(conference)
    response = sign_in(lead, "en").post(page(upload, "apply"), {})
    assert response.status_code == 422
    assert "Please pick at least one change." in words(response)
    assert default_picks(response) == []
    upload.refresh_from_db()
    assert upload.status == "read"


def test_a_programme_edited_meanwhile_is_compared_anew_and_picks_are_kept(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    first, second = read(conference), read(conference, SMALL.replace("105 Min.", "95 Min."))
    client = sign_in(lead, "en")
    client.post(page(first, "apply"), {"picked": default_picks(client.get(page(first)))})
    Session.objects.filter(title_de="Auftakt").update(duration_minutes=20)
    seen = default_picks(client.get(page(second)))
    last = Session.objects.get(title_de="Ausklang")
    last.duration_minutes = 60
    last.save()

    response = client.post(page(second, "apply"), {"picked": seen})

    assert response.status_code == 409
    assert "The programme was changed in the meantime." in words(response)
    last.refresh_from_db()
    assert last.duration_minutes == 60
    kept = boxes(response)
    assert {key for key, is_picked in kept.items() if is_picked} == set(seen) & set(kept)
    new = client.get(page(second))
    answer = client.post(page(second, "apply"), {"picked": default_picks(new)})
    assert answer.status_code == 303


def test_an_operator_makes_a_conference_of_a_draft_and_leads_it(db: None, sign_in: Any) -> None:
    boss = factories.make_organiser(is_superuser=True)
    client = sign_in(boss, "en")
    send(client, TEXT, "Entwurf.txt")
    read_next_upload()
    upload = DraftImport.objects.get()
    response = client.get(page(upload))
    client.post(page(upload, "apply"), {"picked": default_picks(response)})
    upload.refresh_from_db()
    assert upload.conference is not None
    assert Workshop.objects.filter(conference=upload.conference).count() == 4
    said = words(client.get(page(upload)))
    assert "106 added, 0 changed, 0 removed" in said
    assert "106 added, 0 changed, 0 removed" in words(client.get(LIST))


def test_so_many_differences_that_nobody_could_pick_them_are_applied_together(
    conference: Conference, lead: User, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshops.admin.draft_pages.MOST_TO_PICK", 3)
    upload = read(conference)
    client = sign_in(lead, "en")
    response = client.get(page(upload))
    assert boxes(response) == {}
    assert '<input type="hidden" name="everything" value="yes">' in response.content.decode()
    client.post(page(upload, "apply"), {"everything": "yes"})
    assert Workshop.objects.count() == 1


@pytest.mark.parametrize("is_new", [False, True])
def test_a_draft_that_says_next_to_nothing_is_shown_and_harms_nothing(
    conference: Conference, sign_in: Any, is_new: bool
) -> None:
    upload = read(None if is_new else conference, "Hallo Welt\n")
    client = sign_in(factories.make_organiser(is_superuser=True), "en")
    response = client.get(page(upload))
    assert "1 Hallo Welt name of the conference" in words(response)
    answer = client.post(page(upload, "apply"), {"picked": default_picks(response)})
    assert answer.status_code in {303, 422}
    assert client.get(page(upload)).status_code == 200
    assert Workshop.objects.count() == 0


# Undoing


def applied(conference: Conference | None, client: Client) -> DraftImport:
    upload = read(conference)
    client.post(page(upload, "apply"), {"picked": default_picks(client.get(page(upload)))})
    upload.refresh_from_db()
    assert upload.status == "applied"
    return upload


def test_an_import_is_undone_after_being_asked(conference: Conference, lead: User, sign_in: Any) -> None:
    client = sign_in(lead, "en")
    upload = applied(conference, client)
    asked = client.get(page(upload, "undo"))
    assert "takes back what it did:" in words(asked)
    assert Workshop.objects.count() == 1
    response = client.post(page(upload, "undo"))
    assert (response.status_code, response["Location"]) == (303, page(upload))
    assert (Workshop.objects.count(), Speaker.objects.count()) == (0, 0)
    said = words(client.get(page(upload)))
    assert re.search(r"Undone .* CET / .* TRT : \d+ entries are as they were before.", said)
    assert client.post(page(upload, "undo")).status_code == 303
    assert "undone" in words(client.get(LIST))
    entries = LogEntry.objects.filter(object_pk=str(upload.pk)).order_by("pk")
    assert [(entry.actor, (entry.additional_data or {}).get("step", "")) for entry in entries] == [
        (lead, "Applied; number of changes: %(count)d."),
        (lead, "Undone."),
    ]
    assert "Applied; number of changes: 8." in words(client.get(page(upload, "history")))


def test_what_was_changed_since_stays_and_is_named(conference: Conference, lead: User, sign_in: Any) -> None:
    client = sign_in(lead, "en")
    upload = applied(conference, client)
    speaker = Speaker.objects.get()
    speaker.first_name = "Haluk"
    speaker.save()
    client.post(page(upload, "undo"))
    assert "What stays as it is" in words(client.get(page(upload)))
    assert "Haluk Yiğit : It was changed since." in words(client.get(page(upload)))
    assert "Haluk Yiğit : Wurde inzwischen geändert." in words(sign_in(lead, "de").get(page(upload)))


def test_what_was_erased_is_not_undone_any_more(conference: Conference, lead: User, sign_in: Any) -> None:
    client = sign_in(lead, "en")
    upload = applied(conference, client)
    empty_uploads(conference=conference, older_than=timezone.now())
    answers = [client.get(page(upload, "undo")), client.post(page(upload, "undo"))]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, page(upload))] * 2
    said = words(client.get(page(upload)))
    assert "the import cannot be undone any more" in said
    assert "Undo this import" not in said
    assert Workshop.objects.count() == 1


def test_undoing_the_import_that_made_a_conference_leads_its_lead_to_the_start_page(
    db: None, sign_in: Any
) -> None:
    boss = factories.make_organiser(is_superuser=True)
    client = sign_in(boss, "en")
    upload = applied(None, client)
    boss.is_superuser = False
    boss.save()
    assert client.get(page(upload)).status_code == 200, "whoever makes a conference leads it"
    response = client.post(page(upload, "undo"))
    assert response["Location"] == "/admin/"
    assert Conference.objects.count() == 0
    assert "the conference it had made is gone" in words(client.get("/admin/"))


def test_what_was_removed_here_is_shown_unpicked_with_its_reason(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    client = sign_in(lead, "en")
    applied(conference, client)
    Session.objects.get(title_de="Ausklang").delete()
    response = client.get(page(read(conference)))
    assert list(boxes(response).values()) == [False]
    reason = "Not picked: an earlier draft had brought this, and it was removed here since."
    assert words(response).count(reason) == 1
    assert "seems to have been edited here" not in words(response)
