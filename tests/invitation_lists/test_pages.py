"""The organiser's way: give addresses, look, change, test, send, watch, stop, remind."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from registration.domain.invitation_lists.write_lists import write_lists
from registration.domain.suppress import suppress
from registration.models import Invitation, InvitationList, Message, Participant
from tests import factories
from tests.invitation_lists.conftest import keep, mailed, sent
from tests.world import World, register

pytestmark = pytest.mark.django_db
URL = reverse("admin:registration_invitation_invite")


def page_of(kept: InvitationList, name: str = "change") -> str:
    return reverse(f"admin:registration_invitationlist_{name}", args=[kept.pk])


def newest() -> InvitationList:
    return InvitationList.objects.latest("pk")


def shown(page: Any) -> list[tuple[int, str, str]]:
    return [(row.line, row.email or row.typed, row.reason) for row in page.context["shown"].rows]


def test_addresses_are_pasted_looked_at_and_sent(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    data = {
        "addresses": "Ayşe <a@b.org>\nnot an address\nA@b.org",
        "workshops": [world.own.pk],
        "language": "tr",
    }
    before = Message.objects.count()
    answer = client.post(URL, data)
    kept = newest()
    assert (answer.status_code, answer["Location"]) == (303, page_of(kept))
    page = client.get(page_of(kept))
    assert shown(page) == [
        (1, "a@b.org", ""),
        (2, "not an address", "“not an address” is not an e-mail address."),
        (3, "a@b.org", "This address stands in row 1 already."),
    ]
    assert "Send 1 invitation" in page.content.decode()
    assert Message.objects.count() == before
    for _click in range(2):
        assert client.post(page_of(kept, "send")).status_code == 303
    write_lists(seconds=60)
    invited = Invitation.objects.get(participant__email="a@b.org")
    assert (invited.participant.language, invited.invited_by, list(invited.workshops.all())) == (
        "tr",
        world.member,
        [world.own],
    )
    assert Message.objects.count() == before + 1


def test_a_spreadsheet_is_uploaded_and_what_was_left_alone_is_said(world: World, sign_in: Any) -> None:
    book = Workbook()
    for row in (["E-Posta", "Ad", "Soyad", "Telefon", "Çalıştay"], ["a@b.org", "Işıl", "Öz", "1", 1]):
        book.active.append(row)  # type: ignore[union-attr]
    book.create_sheet("Hinweise")
    file = io.BytesIO()
    book.save(file)
    client = sign_in(world.member)
    upload = SimpleUploadedFile("Gäste.xlsx", file.getvalue())
    page = client.post(URL, {"file": upload, "language": ""}, follow=True)
    kept = newest()
    assert (kept.name, list(kept.workshops.all()), list(kept.named_workshops.all())) == (
        "Gäste.xlsx",
        [],
        [world.own],
    )
    assert shown(page) == [(2, "a@b.org", "")]
    assert [str(message) for message in page.context["messages"]] == [
        "One column was not read, because its title is not known: Telefon.",
        "Only the first sheet with addresses was read, not these: Hinweise.",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"addresses": ""}, "addresses"),
        ({"addresses": " ,;\n "}, "addresses"),
        ({"addresses": "a\x00@example.org"}, "addresses"),
        ({"workshops": []}, "workshops"),
        ({"workshops": ["x"]}, "workshops"),
        ({"workshops": [99999]}, "workshops"),
        ({"language": "fr"}, "language"),
        ({"file": "empty"}, "file"),
        ({"file": "both"}, "file"),
    ],
)
def test_bad_input_is_said_at_the_field_and_nothing_typed_is_lost(
    world: World, sign_in: Any, changes: dict[str, Any], field: str
) -> None:
    data = {"addresses": "kept@b.org", "workshops": [world.own.pk], "language": "de", **changes}
    if "file" in changes:
        content = b"a@b.org" if changes["file"] == "both" else b""
        data["file"] = SimpleUploadedFile("x.csv", content)
    before = InvitationList.objects.count()
    page = sign_in(world.member).post(URL, data)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert InvitationList.objects.count() == before
    if field != "addresses":
        assert "kept@b.org" in page.content.decode()


def test_a_get_of_the_page_can_name_workshops(world: World, sign_in: Any) -> None:
    page = sign_in(world.member).get(URL, {"workshop": [world.own.pk, "x"]})
    assert page.status_code == 200
    assert f'value="{world.own.pk}" id="id_workshops_0" checked' in page.content.decode()


def test_rows_are_filtered_and_paged(world: World, sign_in: Any) -> None:
    kept = keep("\n".join(["broken", *(f"p{number}@b.org" for number in range(150))]), world.own)
    client = sign_in(world.member)
    page = client.get(page_of(kept))
    assert [(choice.value, choice.count) for choice in page.context["shown"].choices] == [
        ("", 151),
        ("new", 150),
        ("malformed", 1),
    ]
    assert len(shown(page)) == 100
    assert len(shown(client.get(page_of(kept), {"page": 2}))) == 51
    assert [line for line, *_ in shown(client.get(page_of(kept), {"state": "malformed"}))] == [1]
    assert len(shown(client.get(page_of(kept), {"state": "nonsense", "page": "x"}))) == 100


def test_a_page_of_rows_costs_the_same_number_of_queries_for_more_of_them(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    counts = []
    for text in ("a@b.org\nbroken", "a@b.org\nbroken\nc@b.org\nd@b.org"):
        kept = keep(text, world.own)
        client.get(page_of(kept))
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(kept))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_why_somebody_is_not_to_be_invited_is_for_those_whose_person_it_is(
    world: World, sign_in: Any
) -> None:
    suppress(conference=world.conference, email="stranger@b.org", reason="declined")
    suppress(conference=world.conference, email="guest-of-own@example.org", reason="unsubscribed")
    kept = keep("stranger@b.org\nguest-of-own@example.org", world.own)
    told = {
        who: [reason for *_row, reason in shown(sign_in(getattr(world, who)).get(page_of(kept)))]
        for who in ("member", "lead")
    }
    assert told == {
        "member": [
            "“stranger@b.org” is not to be invited.",
            "“guest-of-own@example.org” is not to be invited: unsubscribed.",
        ],
        "lead": [
            "“stranger@b.org” is not to be invited: declined the invitation.",
            "“guest-of-own@example.org” is not to be invited: unsubscribed.",
        ],
    }


def test_who_is_known_in_other_workshops_only_is_new_to_those_who_do_not_look_after_them(
    world: World, sign_in: Any
) -> None:
    register(world.other, participant=factories.make_participant(world.conference, email="theirs@b.org"))
    kept = keep("theirs@b.org", world.own)
    found = {}
    for who in ("member", "lead"):
        page = sign_in(getattr(world, who)).get(page_of(kept))
        found[who] = [choice.value for choice in page.context["shown"].choices]
    assert found == {"member": ["", "new"], "lead": ["", "known"]}


def test_a_list_that_names_anothers_workshop_is_not_ones_own(world: World, sign_in: Any) -> None:
    mixed = keep("mail\tworkshop\na@b.org\t2\n", world.own, allowed=[world.own, world.other])
    client = sign_in(world.member)
    assert client.get(page_of(mixed)).status_code == 404
    for name in ("settings", "test", "send", "stop", "resume", "discard", "plan", "remind"):
        assert client.post(page_of(mixed, name)).status_code == 404
        assert sign_in(world.lead).get(page_of(mixed, name)).status_code == 405
    for name in ("mail", "progress"):
        assert client.get(page_of(mixed, name)).status_code == 404
    assert sign_in(world.lead).get(page_of(mixed)).status_code == 200


def test_what_holds_for_the_list_is_changed_on_its_page(world: World, sign_in: Any) -> None:
    kept = keep("a@b.org", world.own)
    client = sign_in(world.lead)
    data = {"name": "Gäste", "workshops": [world.other.pk], "language": "de", "remind_after_days": "14; 7"}
    assert client.post(page_of(kept, "settings"), data).status_code == 303
    kept.refresh_from_db()
    assert (kept.name, kept.language, list(kept.workshops.all()), kept.remind_after_days) == (
        "Gäste",
        "de",
        [world.other],
        [7, 14],
    )


@pytest.mark.parametrize("days", ["0", "91", "x", "7,-1", "1,2,3,4,5,6", "7 " * 60, "٣"])
def test_days_that_make_no_sense_are_said_at_the_field(world: World, sign_in: Any, days: str) -> None:
    kept = sent("a@b.org", world.own)
    page = sign_in(world.member).post(page_of(kept, "plan"), {"remind_after_days": days})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["remind_after_days"])


def test_the_finished_mail_is_shown_in_each_language(world: World, sign_in: Any) -> None:
    kept = keep("a@b.org", world.own)
    before = Participant.objects.count()
    page = sign_in(world.member).get(page_of(kept, "mail"))
    assert [
        [(letter.language, letter.subject) for letter in letters]
        for _label, _kind, letters in page.context["letters"]
    ] == [
        [
            ("de", "Einladung: Testkonferenz"),
            ("tr", "Davet: Deneme konferansı"),
            ("en", "Invitation: Test conference"),
        ],
        [(letter.language, letter.subject) for letter in page.context["letters"][1][2]],
    ]
    assert "/…/" in page.content.decode()
    assert Participant.objects.count() == before


def test_a_test_mail_goes_to_oneself_and_opens_nothing(world: World, sign_in: Any, client: Any) -> None:
    kept = keep("a@b.org", world.own, language="en")
    before = Message.objects.count()
    answer = sign_in(world.member).post(page_of(kept, "test"))
    assert answer.status_code == 303
    [written] = mail.outbox
    assert (written.to, written.subject) == ([world.member.email], "Test: Invitation: Test conference")
    assert "http://testserver/en/invitation/test/" in written.body
    assert client.get("/en/invitation/test/", follow=True).status_code in {404, 410}
    assert Message.objects.count() == before


def test_the_progress_is_told_as_numbers(world: World, sign_in: Any) -> None:
    kept = sent("a@b.org\nb@b.org\nbroken", world.own)
    mailed(kept)
    Invitation.objects.filter(participant__email="b@b.org").update(status="failed")
    client = sign_in(world.member)
    answer = client.get(page_of(kept, "progress"))
    assert answer.json() == {
        "status": "done",
        "numbers": {
            "total": 3,
            "handled": 3,
            "skipped": 0,
            "refused": 1,
            "written": 2,
            "mailed": 1,
            "failed": 1,
            "held": 0,
            "on_the_way": 0,
            "answered": 0,
        },
    }
    assert 'data-progress="' in client.get(page_of(kept)).content.decode()


def test_stopping_says_what_happened_and_resuming_goes_on(world: World, sign_in: Any) -> None:
    kept = sent("a@b.org\nb@b.org", world.own)
    client = sign_in(world.member)
    page = client.post(page_of(kept, "stop"), follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "Stopped: nothing further is written. 2 mails that had not left are held back."
    ]
    assert page.context["progress"].held == 2
    client.post(page_of(kept, "resume"))
    assert Message.objects.filter(recipient__endswith="@b.org", status="queued").count() == 2


def test_reminding_first_says_how_many(world: World, sign_in: Any) -> None:
    kept = sent("a@b.org\nb@b.org", world.own)
    mailed(kept)
    Invitation.objects.filter(participant__email="b@b.org").update(status="accepted")
    client = sign_in(world.member)
    page = client.post(page_of(kept, "remind"))
    assert (page.context["count"], [(str(why), n) for why, n in page.context["refused"]]) == (
        1,
        [("The invitation has been answered.", 1)],
    )
    assert Message.objects.filter(kind="reminder").count() == 0
    for _click in range(2):
        client.post(page_of(kept, "remind"), {"sure": "yes"})
    assert list(Message.objects.filter(kind="reminder").values_list("recipient", flat=True)) == ["a@b.org"]


def test_a_list_that_was_never_sent_is_deleted(world: World, sign_in: Any) -> None:
    kept = keep("a@b.org", world.own)
    answer = sign_in(world.member).post(page_of(kept, "discard"))
    assert (answer.status_code, InvitationList.objects.filter(pk=kept.pk).exists()) == (303, False)


def test_an_invitation_is_extended_and_its_reminder_sent_from_the_list_of_invitations(
    world: World, sign_in: Any
) -> None:
    kept = sent("a@b.org", world.own)
    mailed(kept)
    [invitation] = kept.invitations.select_related("link")
    until = invitation.link.expires_at
    client = sign_in(world.member)
    for name, mails in (("extend", 0), ("remind", 1)):
        step = reverse("admin:registration_invitation_step", args=[name])
        page = client.post(step, {"ids": invitation.pk})
        assert (page.context["counts"]["done"], page.context["mails"]) == (1, mails)
        client.post(step, {"ids": invitation.pk, "sure": "yes"})
    invitation.link.refresh_from_db()
    assert (invitation.link.expires_at - until).days == 30
    assert Message.objects.filter(kind="reminder", recipient="a@b.org").count() == 1
