"""The organisers' pages: asking for a document, watching it, downloading it; printing and withdrawing certificates."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from conference.models import User
from registration.domain.certificates.issue import issue_certificate
from registration.domain.documents.make import make_documents
from registration.models import Certificate, Document
from tests import factories
from tests.documents.conftest import Ask, content, pdf, registration_of, words
from workshops.domain.printing import PdfUnavailableError
from workshops.models import Membership, Workshop

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:registration_document_add"), reverse("admin:registration_document_changelist")


def page_of(document: Document) -> str:
    return reverse("admin:registration_document_change", args=[document.pk])


def download(document: Document) -> str:
    return reverse("admin:registration_document_download", args=[document.pk])


def wish(event: Workshop, **values: Any) -> dict[str, Any]:
    asked = {"kind": "participants", "format": "xlsx", "workshop": event.pk, "day": "", "language": "tr"}
    return {**asked, **values}


def test_who_asks_is_led_to_a_page_that_says_how_far_it_is(
    event: Workshop, member: User, sign_in: Any
) -> None:
    client = sign_in(member)
    answer = client.post(ADD, wish(event))
    document = Document.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(document))
    assert (document.kind, document.workshop, document.day, document.language, document.reader_language) == (
        "participants",
        event,
        None,
        "tr",
        "en",
    )
    assert (document.conference, document.requested_by) == (event.conference, member)
    before = client.get(page_of(document)).content.decode()
    assert ("data-waits" in before, "Look again" in before, "Download" in before) == (True, True, False)
    make_documents()
    after = client.get(page_of(document)).content.decode()
    assert ("data-waits" in after, "Look again" in after, "Download" in after) == (False, False, True)
    assert "TRT" in after


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"kind": "certificates"}, ("format", "This document comes as ZIP.")),
        ({"format": "zip"}, ("format", "This document comes as PDF / XLSX.")),
        ({"workshop": ""}, ("workshop", "This field is required.")),
        ({"kind": ""}, ("kind", "This field is required.")),
        ({"day": "own"}, ("day", "This document is about all days: leave the day empty.")),
        ({"kind": "run_sheet", "day": "other"}, ("day", "Select a valid choice.")),
    ],
)
def test_a_wish_that_makes_no_sense_is_told_at_the_field(
    event: Workshop, member: User, sign_in: Any, sent: dict[str, str], error: tuple[str, str]
) -> None:
    days = {"own": event, "other": factories.make_workshop(event.conference)}
    day = days[sent["day"]].days.get().pk if "day" in sent else ""
    answer = sign_in(member).post(ADD, {**wish(event), **sent, "day": day})
    assert answer.status_code == 422
    assert error[1] in str(answer.context["adminform"].form.errors[error[0]])
    assert Document.objects.count() == 0


def test_a_day_of_another_own_workshop_is_refused(event: Workshop, sign_in: Any) -> None:
    lead = factories.make_organiser(conference=event.conference)
    other = factories.make_workshop(event.conference)
    answer = sign_in(lead).post(ADD, wish(event, kind="run_sheet", day=other.days.get().pk))
    assert "This day belongs to another workshop." in str(answer.context["adminform"].form.errors["day"])


def test_a_lead_may_ask_for_all_workshops_at_once(event: Workshop, sign_in: Any) -> None:
    lead = factories.make_organiser(conference=event.conference)
    client = sign_in(lead)
    assert "All workshops of the conference" in client.get(ADD).content.decode()
    client.post(ADD, wish(event, workshop=""))
    assert Document.objects.values_list("workshop", "conference").get() == (None, event.conference_id)


def test_a_member_is_not_offered_all_workshops(member: User, sign_in: Any) -> None:
    assert "All workshops of the conference" not in sign_in(member).get(ADD).content.decode()


def test_the_button_hands_over_the_file_and_the_address_alone_does_not(
    ask: Ask, member: User, sign_in: Any
) -> None:
    document = ask("participants", "xlsx")
    make_documents()
    document.refresh_from_db()
    client = sign_in(member)
    assert client.get(download(document)).status_code == 405
    answer = client.post(download(document))
    assert (answer.status_code, answer.content == content(document)) == (200, True)
    assert f'filename="{document.file_name}"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_nobody_else_sees_it_and_nor_does_who_left_the_team(
    ask: Ask, event: Workshop, member: User, sign_in: Any
) -> None:
    document = ask("participants", "xlsx")
    make_documents()
    colleague = sign_in(factories.make_organiser(event))
    boss = sign_in(factories.make_organiser(is_superuser=True))
    for client in (colleague, boss):
        assert client.get(page_of(document)).status_code == 404
        assert client.post(download(document)).status_code == 404
        assert list(client.get(LIST).context["cl"].result_list) == []
    own = sign_in(member)
    Membership.objects.filter(user=member).update(workshop=factories.make_workshop(event.conference))
    assert (own.get(page_of(document)).status_code, own.post(download(document)).status_code) == (404, 404)


def test_an_expired_one_is_told_and_can_be_asked_for_again(ask: Ask, member: User, sign_in: Any) -> None:
    document = ask("participants", "xlsx")
    client = sign_in(member)
    answer = client.post(download(document), follow=True)
    assert "This document is no longer kept." in answer.content.decode()
    Document.objects.update(status="failed", problem="It has too many rows for a PDF.")
    page = client.get(page_of(document)).content.decode()
    assert ("It has too many rows for a PDF." in page, "Ask for a document" in page) == (True, True)


def test_too_many_wishes_at_once_are_told(ask: Ask, event: Workshop, member: User, sign_in: Any) -> None:
    for number, kind in enumerate(("participants", "sign_in", "briefing", "run_sheet", "participants")):
        for form in ("pdf", "xlsx"):
            ask(kind, form, language="tr" if number == 4 else "de")
    answer = sign_in(member).post(ADD, wish(event, language=""), follow=True)
    assert "You are waiting for several documents already." in answer.content.decode()
    assert Document.objects.count() == 10


def test_who_asked_may_throw_it_away_early(ask: Ask, member: User, sign_in: Any) -> None:
    document = ask("participants", "xlsx")
    make_documents()
    client = sign_in(member)
    client.post(reverse("admin:registration_document_delete", args=[document.pk]), {"post": "yes"})
    assert Document.objects.count() == 0


def test_a_certificate_is_withdrawn_and_made_valid_again_after_a_preview(
    event: Workshop, member: User, sign_in: Any
) -> None:
    certificate = issue_certificate(registration_id=registration_of("Zöller").pk)
    client = sign_in(member)
    for step, said in (("revoke", "withdrawn"), ("reinstate", "valid")):
        url = reverse("admin:registration_certificate_step", args=[step])
        before = Certificate.objects.get().revoked_at
        assert said in client.post(url, {"ids": certificate.pk}).content.decode()
        assert Certificate.objects.get().revoked_at == before
        client.post(url, {"ids": certificate.pk, "sure": "yes"})
        assert (Certificate.objects.get().revoked_at is None) == (step == "reinstate")


def test_a_certificate_is_printed_again_as_it_was_issued(event: Workshop, member: User, sign_in: Any) -> None:
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    registration = registration_of("Zöller")
    certificate = issue_certificate(registration_id=registration.pk)
    registration.participant.last_name = "Anders"
    registration.participant.save()
    url = reverse("admin:registration_certificate_pdf", args=[certificate.pk])
    client, stranger = (
        sign_in(member),
        sign_in(factories.make_organiser(factories.make_workshop(event.conference))),
    )
    assert (client.get(url).status_code, stranger.post(url).status_code) == (405, 404)
    assert "Änne Zöller" in words(pdf(client.post(url).content))


def test_where_no_pdf_can_be_made_the_page_says_so(
    event: Workshop, member: User, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = issue_certificate(registration_id=registration_of("Zöller").pk)

    def unavailable(**_asked: Any) -> bytes:
        raise PdfUnavailableError

    monkeypatch.setattr("registration.domain.certificates.print_again.certificate_pdf", unavailable)
    url = reverse("admin:registration_certificate_pdf", args=[certificate.pk])
    answer = sign_in(member).post(url, follow=True)
    assert "PDF files cannot be made on this server." in answer.content.decode()
