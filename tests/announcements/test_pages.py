"""The organisers' pages: write, look, try, send."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from registration.models import Announcement, Message
from tests import factories
from tests.announcements.conftest import person_in
from tests.outbox.conftest import announce
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
ADD = reverse("admin:registration_announcement_add")
TEXTS = [f"{name}_{code}" for name in ("subject", "text") for code in ("de", "tr", "en")]


def page(name: str, note: Announcement) -> str:
    return reverse(f"admin:registration_announcement_{name}", args=[note.pk])


def sent(*workshops: Workshop, **given: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(TEXTS, ""),
        "workshops": [workshop.pk for workshop in workshops],
        "statuses": ["confirmed"],
        "subject_de": "Hinweis",
        "text_de": "Bitte pünktlich.",
        "_save": "1",
    } | given


def errors(client: Client, data: dict[str, Any]) -> dict[str, list[str]]:
    answer = client.post(ADD, data)
    assert answer.status_code == 422
    found: dict[str, list[str]] = answer.context["adminform"].form.errors
    return found


def test_a_message_is_kept_and_looked_at_before_anything_is_sent(event: Workshop, client_of: Client) -> None:
    person_in(event, country="DE")
    answer = client_of.post(ADD, sent(event, roles=["active"], countries=["DE"], languages=["tr", "-"]))

    note = Announcement.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, page("look", note))
    assert note.chosen == {
        "statuses": ["confirmed"], "roles": ["active"], "countries": ["DE"], "languages": ["tr", "-"]
    }  # fmt: skip
    assert (note.conference, list(note.workshops.all()), note.sent_at) == (event.conference, [event], None)
    assert Message.objects.count() == 0


def test_it_can_be_changed_until_it_is_sent(event: Workshop, note: Announcement, client_of: Client) -> None:
    person_in(event)
    shown = client_of.get(page("change", note)).context["adminform"].form
    assert [shown[name].value() for name in ("statuses", "roles")] == [["confirmed"], []]

    client_of.post(page("change", note), sent(event, subject_de="Anders"))
    note.refresh_from_db()
    assert note.subject_de == "Anders"

    client_of.post(page("send", note))
    assert client_of.post(page("change", note), sent(event, subject_de="Zu spät")).status_code == 403
    assert client_of.post(page("delete", note), {"post": "yes"}).status_code == 403
    assert "Anders" in client_of.get(page("change", note)).content.decode()


def test_what_is_missing_or_cannot_be_filled_in_is_said_at_the_field(
    event: Workshop, other: Workshop, client_of: Client
) -> None:
    said = "Select a valid choice. {} is not one of the available choices."
    assert errors(client_of, sent(other)) == {"workshops": [said.format(other.pk)]}
    assert set(errors(client_of, sent(event, statuses=[]))) == {"statuses"}
    assert set(errors(client_of, sent(event, subject_de="", text_de=""))) == {"subject_de", "text_de"}
    assert errors(client_of, sent(event, subject_tr="Duyuru")) == {
        "text_tr": ["Write the text in this language, too."]
    }
    assert errors(client_of, sent(event, text_tr="Metin")) == {
        "subject_tr": ["Write a subject in this language, too."]
    }
    assert errors(client_of, sent(event, text_de="{link}")) == {
        "text_de": ["Text (Deutsch): “{link}” is no placeholder of this mail."]
    }


def test_the_number_of_people_and_a_real_persons_mail_are_shown(event: Workshop, client_of: Client) -> None:
    person_in(event, first_name="Ayşe", last_name="Ak", language="tr")
    person_in(event, first_name="Zoe", last_name="Zz", language="")
    note = announce(
        event, text_de="Hallo {first_name}", text_tr="Merhaba {first_name}", text_en="", subject_en=""
    )

    shown = client_of.get(page("look", note))

    assert (shown.context["group"].people, shown.context["missing"]) == (2, ["English"])
    assert [(str(label), count) for label, count in shown.context["readers"]] == [
        ("Deutsch", 0), ("Türkçe", 1), ("English", 0), ("not known", 1)
    ]  # fmt: skip
    assert [letter.text.filled for letter in shown.context["letters"]] == [
        "Hallo Ayşe", "Merhaba Ayşe", "Hallo Ayşe"
    ]  # fmt: skip
    words = shown.content.decode()
    assert "/…/" in words
    assert Message.objects.count() == 0


def test_a_group_of_nobody_is_said_and_cannot_be_sent_to(note: Announcement, client_of: Client) -> None:
    words = client_of.get(page("look", note)).content.decode()
    assert "Nobody belongs to this group" in words
    assert page("send", note) not in words
    for step in ("send", "test"):
        answer = client_of.post(page(step, note), follow=True)
        assert [str(said) for said in answer.context["messages"]] == ["Nobody belongs to this group."]


def test_a_test_mail_goes_to_oneself_alone(
    event: Workshop, note: Announcement, client_of: Client, member: Any
) -> None:
    person_in(event)

    client_of.post(page("test", note))

    [test] = mail.outbox
    assert test.to == [member.email]
    assert "Test: Note" in test.subject
    assert "/invitation/test/" in test.body
    assert Message.objects.count() == 0


def test_pressing_send_twice_sends_once(event: Workshop, note: Announcement, client_of: Client) -> None:
    person_in(event)
    client_of.post(page("send", note))
    again = client_of.post(page("send", note), follow=True)

    assert "This message was sent already." in [str(said) for said in again.context["messages"]]
    assert Message.objects.count() == 1
    note.refresh_from_db()
    assert (note.people, note.sent_at is None) == (1, False)


@pytest.mark.parametrize("step", ["send", "test"])
def test_looking_at_a_step_does_nothing(
    event: Workshop, note: Announcement, client_of: Client, step: str
) -> None:
    person_in(event)
    assert client_of.get(page(step, note)).status_code == 405
    assert (Message.objects.count(), mail.outbox) == (0, [])


@pytest.mark.parametrize("name", ["look", "change", "send", "test", "delete"])
def test_a_message_that_also_concerns_anothers_workshop_is_not_found(
    event: Workshop, other: Workshop, client_of: Client, name: str
) -> None:
    note = announce(event, other)
    method = client_of.post if name in {"send", "test"} else client_of.get
    assert method(page(name, note)).status_code == 404


def test_the_outbox_shows_the_mails_of_one_message(event: Workshop, client_of: Client) -> None:
    person_in(event)
    first, second = announce(event), announce(event)
    for note in (first, second):
        client_of.post(page("send", note))
    outbox = reverse("admin:registration_message_changelist")

    def listed(query: str) -> list[int]:
        rows = client_of.get(f"{outbox}?announcement={query}").context["cl"].result_list
        return sorted(row.facts["announcement"] for row in rows)

    assert (listed(str(first.pk)), listed(str(second.pk))) == ([first.pk], [second.pk])
    assert listed("x") == sorted([first.pk, second.pk])


def test_who_reads_only_their_own_workshops_people_countries(
    event: Workshop, other: Workshop, client_of: Client
) -> None:
    person_in(event, country="TR")
    person_in(other, country="DE")
    form = client_of.get(ADD).context["adminform"].form
    assert [code for code, _name in form.fields["countries"].choices] == ["TR"]
    assert list(form.fields["workshops"].queryset) == [event]


def test_an_organiser_of_the_whole_conference_may_choose_all(event: Workshop, other: Workshop) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.make_organiser(conference=event.conference))
    client.post(ADD, sent(event, other))
    assert list(Announcement.objects.get().workshops.order_by("number")) == [event, other]
