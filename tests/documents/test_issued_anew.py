"""A misspelt name on a certificate: another one is issued in its place, and the former is refused from then on."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from conference.models import User
from registration.domain.certificates.issue import issue_certificate
from registration.domain.certificates.reissue import reissue_certificate
from registration.domain.certificates.revoke import reinstate_certificate, revoke_certificate
from registration.domain.certificates.seal import code_of
from registration.domain.documents.make import make_documents
from registration.domain.erase import erase_participant
from registration.domain.export_data import export_data
from registration.domain.transitions import NotPossible
from registration.models import Certificate, Document, Registration
from tests.documents.conftest import Ask, files, pdf, registration_of, words
from tests.registration_pages.helpers import visit
from workshops.domain.release import release_programme
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
STEP = "admin:registration_certificate_step"


@pytest.fixture
def issued(event: Workshop) -> Certificate:
    return issue_certificate(registration_id=registration_of("Zöller").pk)


def correct_the_name(certificate: Certificate) -> Registration:
    registration = registration_of("Zöller")
    registration.participant.last_name = "Zoellner"
    registration.participant.save()
    return registration


def anew(certificate: Certificate, reason: str = "The name was misspelt.") -> Certificate:
    return reissue_certificate(certificate_id=certificate.pk, reason=reason, by=None)


def page_of(certificate: Certificate) -> tuple[int, str]:
    answer = Client().get(f"/en/certificates/{code_of(certificate=certificate)}/")
    return answer.status_code, answer.content.decode()


def test_the_new_one_says_the_new_name_and_the_former_is_refused_without_telling_it(
    issued: Certificate,
) -> None:
    registration = correct_the_name(issued)
    new = anew(issued)
    status, page = page_of(new)
    assert (status, "Änne Zoellner" in page) == (200, True)
    status, page = page_of(issued)
    assert (status, "This certificate was replaced by a newer one" in page) == (410, True)
    assert [name in page for name in ("Zoellner", "Zöller", new.number)] == [False, False, False]
    assert issue_certificate(registration_id=registration.pk) == new
    with transaction.atomic(), pytest.raises(IntegrityError):
        Certificate.objects.filter(pk=issued.pk).update(replaced_at=None)


def test_it_is_not_issued_anew_where_that_would_change_nothing_or_is_not_possible(
    issued: Certificate,
) -> None:
    with pytest.raises(NotPossible, match="would say the same"):
        anew(issued)
    correct_the_name(issued)
    with pytest.raises(NotPossible, match="Give the reason"):
        anew(issued, "  ")
    revoke_certificate(certificate_id=issued.pk)
    with pytest.raises(NotPossible, match="withdrawn"):
        anew(issued)
    reinstate_certificate(certificate_id=issued.pk)
    anew(issued)
    for step in (anew, lambda row: revoke_certificate(certificate_id=row.pk)):
        with pytest.raises(NotPossible, match="Another certificate was issued"):
            step(issued)
    assert Certificate.objects.count() == 2


def test_an_organiser_issues_it_anew_with_a_reason_that_is_kept(
    issued: Certificate, member: User, sign_in: Any
) -> None:
    correct_the_name(issued)
    client, url = sign_in(member), reverse(STEP, args=["reissue"])
    preview = client.post(url, {"ids": issued.pk}).content.decode()
    assert ("replaced" in preview, 'name="reason"' in preview) == (True, True)
    assert client.post(url, {"ids": issued.pk, "sure": "yes", "reason": " "}).status_code == 422
    assert Certificate.objects.count() == 1
    client.post(url, {"ids": issued.pk, "sure": "yes", "reason": "Zoellner, not Zöller"})
    new = Certificate.objects.get(replaced_at=None)
    assert new.facts["name"] == "Änne Zoellner"
    [entry] = LogEntry.objects.filter(object_id=issued.pk, action=LogEntry.Action.UPDATE, actor=member)
    assert (list(entry.changes), entry.additional_data["reason"]) == (["replaced_at"], "Zoellner, not Zöller")
    page = client.get(reverse("admin:registration_certificate_change", args=[issued.pk])).content.decode()
    assert (new.number in page, "Print it again" in page, "Issue anew" in page) == (True, False, False)


def test_both_are_among_what_is_known_about_somebody_and_go_with_them(issued: Certificate) -> None:
    registration = correct_the_name(issued)
    new = anew(issued, "Zoellner, not Zöller")
    [known] = export_data(participant=registration.participant)["registrations"]
    assert [(row["number"], row["replaced_at"] is None) for row in known["certificates"]] == [
        (new.number, True),
        (issued.number, False),
    ]
    erase_participant(participant_id=registration.participant_id)
    assert Certificate.objects.count() == 0
    assert not LogEntry.objects.filter(additional_data__icontains="Zoellner").exists()
    assert [page_of(row)[0] for row in (new, issued)] == [200, 200]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_issue_it_anew_at_once_issue_one(issued: Certificate) -> None:
    correct_the_name(issued)
    start, told = threading.Barrier(2), []

    def click() -> None:
        start.wait()
        try:
            anew(issued)
        except NotPossible as error:
            told.append(str(error).partition(":")[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (told, Certificate.objects.filter(replaced_at=None).count(), Certificate.objects.count()) == (
        ["Another certificate was issued in place of this one"],
        1,
        2,
    )


def test_printing_one_again_is_recorded(issued: Certificate, member: User, sign_in: Any) -> None:
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    client = sign_in(member)
    answer = client.post(reverse("admin:registration_certificate_pdf", args=[issued.pk]))
    assert "Änne Zöller" in words(pdf(answer.content))
    [entry] = LogEntry.objects.filter(object_id=issued.pk, action=LogEntry.Action.ACCESS)
    taken = {"model": "registration.Certificate", "format": "pdf", "rows": 1}
    assert (entry.actor, entry.additional_data["export"]) == (member, taken)
    assert entry.additional_data["workshop"] == issued.registration.workshop_id
    assert (
        client.get(reverse("admin:accounts_auditentry_changelist"))
        .content.decode()
        .count("1 × certificates (PDF)")
        == 1
    )


def test_an_office_behind_one_address_gets_all_of_its_certificates(event: Workshop) -> None:
    release_programme(conference=event.conference)
    first, second = (visit(registration_of(name).participant) for name in ("Zöller", "Ağaoğlu"))
    # One in which nothing is made: the workshop gives none.
    Workshop.objects.update(certificates="nobody")
    address = "my/certificate/digitale-stadt/"
    answers = [first.post(address).status_code for _each in range(21)]
    assert (answers, second.post(address).status_code) == ([303] * 20 + [429], 303)


def test_an_archive_half_made_gives_up_what_was_replaced_meanwhile(ask: Ask, event: Workshop) -> None:
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    document = ask("certificates", "zip")
    assert make_documents(seconds=0)
    first = Certificate.objects.get()
    first.registration.participant.last_name = "Zoellner"
    first.registration.participant.save()
    new = anew(first)
    while make_documents(seconds=0):
        pass
    inside = {
        name.rpartition("-")[2].removesuffix(".pdf") for name in files(Document.objects.get(pk=document.pk))
    }
    valid = set(Certificate.objects.filter(replaced_at=None).values_list("number", flat=True))
    assert (len(valid), new.number in valid, inside) == (2, True, valid)
