"""The organisers' page for their own mail texts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registration.domain.placeholders import KINDS_WITH_OWN_TEXT
from registration.models import Invitation, MailText, Message, Participant, PersonalLink, Registration
from tests import factories
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db

ADD = reverse("admin:registration_mailtext_add")
LIST = reverse("admin:registration_mailtext_changelist")


@pytest.fixture
def lead(event: Workshop) -> Client:
    return signed_in(event.conference)


def signed_in(conference: Conference | None = None, *workshops: Workshop) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.make_organiser(*workshops, conference=conference))
    return client


def change_of(text: MailText) -> str:
    return reverse("admin:registration_mailtext_change", args=[text.pk])


def texts(**given: str) -> dict[str, str]:
    names = [f"{name}_{code}" for name in ("subject", "opening") for code in ("de", "tr", "en")]
    return dict.fromkeys(names, "") | given


def new(event: Workshop, kind: str = "confirmed", **given: str) -> dict[str, Any]:
    return {"conference": event.conference_id, "kind": kind, **texts(**given)}


def test_a_text_is_saved_for_one_kind_in_the_languages_written(event: Workshop, lead: Client) -> None:
    data = new(event, subject_de="Schön: {title}", opening_tr="Merhaba {first_name}", _save="1")

    answer = lead.post(ADD, data)

    assert (answer.status_code, answer["Location"]) == (302, LIST)
    saved = MailText.objects.values("kind", *texts()).get()
    assert saved == {
        **dict.fromkeys(texts(), None),
        "kind": "confirmed",
        "subject_de": "Schön: {title}",
        "opening_tr": "Merhaba {first_name}",
    } | {name: value for name, value in saved.items() if value == ""}


@pytest.mark.parametrize(
    ("field", "text", "named"),
    [
        ("subject_de", "{x.__class__}", "Subject (Deutsch): “{x.__class__}” is no placeholder of this mail."),
        ("opening_tr", "{0}", "Opening (Türkçe): “{0}” is no placeholder of this mail."),
        ("opening_en", "Hi {first_name", "Opening (English): The curly bracket “{” has no counterpart."),
        ("subject_tr", "{position}", "Subject (Türkçe): “{position}” is no placeholder of this mail."),
    ],
)
def test_an_error_names_field_language_and_placeholder_and_what_is_possible(
    event: Workshop, lead: Client, field: str, text: str, named: str
) -> None:
    answer = lead.post(ADD, new(event, **{field: text}))

    assert answer.status_code == 422
    assert answer.context["adminform"].form.errors == {
        field: [
            named,
            "Possible are: {first_name}, {last_name}, {full_name}, {organisation}, {title}, {date}, {times}, "
            "{conference}, {contact}",
        ]
    }
    assert not MailText.objects.exists()


def test_a_text_that_says_nothing_is_refused(event: Workshop, lead: Client) -> None:
    answer = lead.post(ADD, new(event, opening_de="  \n "))
    assert answer.context["adminform"].form.errors == {"subject_de": ["Write at least one text."]}


def test_a_kind_has_one_text_and_a_barrier_report_none(event: Workshop, lead: Client) -> None:
    MailText.objects.create(conference=event.conference, kind="confirmed", subject_de="x")
    again = lead.post(ADD, new(event, subject_de="y"))
    assert again.status_code == 422
    assert "This kind of mail already has a text of its own." in again.content.decode()
    assert lead.post(ADD, new(event, kind="barrier_report", subject_de="y")).status_code == 422
    assert MailText.objects.count() == 1


def test_what_is_checked_when_a_text_is_changed_is_its_own_kind(event: Workshop, lead: Client) -> None:
    text = MailText.objects.create(conference=event.conference, kind="invitation", subject_de="x")
    answer = lead.post(change_of(text), texts(subject_de="{first_name}"))
    assert answer.context["adminform"].form.errors == {
        "subject_de": [
            "Subject (Deutsch): “{first_name}” is no placeholder of this mail.",
            "Possible are: {titles}, {conference}, {contact}",
        ]
    }


def test_the_placeholders_stand_beside_the_fields_with_an_example_each(event: Workshop, lead: Client) -> None:
    text = MailText.objects.create(conference=event.conference, kind="waitlisted", subject_de="x")
    Conference.objects.update(starts_on="2020-06-15", ends_on="2020-06-18")

    page = lead.get(change_of(text))

    assert [(row.written, row.example) for row in page.context["placeholders"]] == [
        ("{first_name}", "Ayşe"),
        ("{last_name}", "Yılmaz"),
        ("{full_name}", "Ayşe Yılmaz"),
        ("{organisation}", "City of Bursa"),
        ("{title}", "Digital city"),
        ("{date}", "15 June 2020"),
        ("{times}", "15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT"),
        ("{conference}", "Test conference"),
        ("{contact}", "hosts@example.org"),
        ("{position}", "3"),
    ]
    assert "<code>{times}</code>" in page.content.decode()


def test_before_a_kind_is_chosen_the_list_says_which_mails_know_a_placeholder(lead: Client) -> None:
    rows = {row.written: row.kinds for row in lead.get(ADD).context["placeholders"]}
    assert (rows["{contact}"], rows["{titles}"]) == (
        (),
        ("Invitation", "Reminder of an invitation", "Programme changed"),
    )


def test_once_a_kind_is_chosen_the_list_has_its_placeholders_only(event: Workshop, lead: Client) -> None:
    page = lead.post(ADD, new(event, "invitation", subject_de="{0}"))
    assert [row.written for row in page.context["placeholders"]] == ["{titles}", "{conference}", "{contact}"]
    assert "In which mails" not in page.content.decode()


@pytest.mark.parametrize("kind", KINDS_WITH_OWN_TEXT)
def test_a_preview_shows_every_language_and_keeps_nothing(event: Workshop, lead: Client, kind: str) -> None:
    data = new(event, kind, subject_de="Betreff {conference}", opening_tr="Merhaba & <b>", _preview="1")
    kept = [Participant, PersonalLink, Invitation, Registration, Message, MailText]
    before = [model._default_manager.count() for model in kept]

    page = lead.post(ADD, data)

    assert page.status_code == 200
    letters = page.context["previews"]
    assert [letter.language for letter in letters] == ["de", "tr", "en"]
    assert (letters[0].subject, letters[1].opening[0]) == ("Betreff Testkonferenz", "Merhaba & <b>")
    html = page.content.decode()
    assert html.count("Merhaba &amp; &lt;b&gt;") == 2
    assert " style=" not in html
    assert [model._default_manager.count() for model in kept] == before
    form = page.context["adminform"].form
    assert (form["subject_de"].value(), form["opening_tr"].value()) == (
        "Betreff {conference}",
        "Merhaba & <b>",
    )


@pytest.mark.parametrize("kind", ["confirmed", "access", "access_changed", "waitlisted"])
def test_a_preview_shows_no_access_details_and_no_link_that_works(
    event: Workshop, lead: Client, kind: str
) -> None:
    html = lead.post(ADD, new(event, kind, subject_de="x", _preview="1")).content.decode()
    for secret in ("canary-passcode", "canary-room", "listener-passcode", "123 456 789", "channel 2"):
        assert secret not in html
    # In each language: the button, the address below it and what that leads to.
    assert html.count("http://testserver/en/invitation/…/") == 3
    assert html.count("/invitation/…/") == html.count("/invitation/") == 9


def test_a_preview_of_an_invitation_shows_no_way_out_that_works(event: Workshop, lead: Client) -> None:
    html = lead.post(ADD, new(event, "invitation", subject_de="x", _preview="1")).content.decode()
    assert html.count("/unsubscribe/…/") == html.count("/unsubscribe/") == 3


def test_a_preview_of_a_saved_text_leaves_it_as_it_is(event: Workshop, lead: Client) -> None:
    text = MailText.objects.create(conference=event.conference, kind="received", subject_de="vorher")

    page = lead.post(change_of(text), texts(subject_de="nachher", _preview="1"))

    assert page.context["previews"][0].subject == "nachher"
    text.refresh_from_db()
    assert text.subject_de == "vorher"


def test_a_preview_of_a_faulty_text_shows_the_error_instead(event: Workshop, lead: Client) -> None:
    page = lead.post(ADD, new(event, subject_de="{0}", _preview="1"))
    assert (page.status_code, "previews" in page.context) == (422, False)


def test_a_preview_needs_no_workshop(conference: Conference) -> None:
    data = {
        "conference": conference.pk,
        "kind": "confirmed",
        **texts(subject_de="x: {title}"),
        "_preview": "1",
    }
    page = signed_in(conference).post(ADD, data)
    assert page.context["previews"][0].subject == "x: …"
    assert not Workshop.objects.exists()


def test_the_standard_text_comes_back(event: Workshop, lead: Client) -> None:
    text = MailText.objects.create(conference=event.conference, kind="received", subject_de="x")
    delete = reverse("admin:registration_mailtext_delete", args=[text.pk])
    assert f'href="{delete}" class="deletelink">Use the standard text again<' in (
        lead.get(change_of(text)).content.decode()
    )
    assert "our standard text is sent again" in lead.get(delete).content.decode()
    assert MailText.objects.exists()
    lead.post(delete, {"post": "yes"})
    assert not MailText.objects.exists()


def test_only_leads_of_the_conference_see_and_change_its_texts(event: Workshop) -> None:
    text = MailText.objects.create(conference=event.conference, kind="received", subject_de="x")
    other = factories.make_conference(is_current=False)
    member, stranger = signed_in(None, event), signed_in(other)
    delete = reverse("admin:registration_mailtext_delete", args=[text.pk])
    data = texts(subject_de="y")

    assert [member.get(url).status_code for url in (LIST, ADD)] == [403, 403]
    for client in (member, stranger):
        assert client.get(change_of(text)).status_code in {403, 404}
        for url, sent in ((change_of(text), data), (delete, {"post": "yes"})):
            assert client.post(url, sent).status_code in {403, 404}
    assert stranger.post(ADD, new(event, subject_de="y", _preview="1")).status_code == 422
    assert stranger.get(LIST).context["cl"].result_count == 0
    text.refresh_from_db()
    assert text.subject_de == "x"


def test_the_list_asks_the_database_as_often_for_three_rows_as_for_one(
    event: Workshop, lead: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    MailText.objects.create(conference=event.conference, kind="received", subject_de="x")
    with CaptureQueriesContext(
        connection,
    ) as one:
        lead.get(LIST)
    for kind in ("confirmed", "declined"):
        MailText.objects.create(conference=event.conference, kind=kind, subject_de="x")
    with django_assert_num_queries(len(one)):
        lead.get(LIST)
