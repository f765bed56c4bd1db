"""Certificates of attendance: who gets one, what stands on it, and how paper is told from forgery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from registration.domain.certificates.issue import issue_certificate
from registration.domain.certificates.printing import address_of, certificate_pdf
from registration.domain.certificates.revoke import reinstate_certificate, revoke_certificate
from registration.domain.certificates.rule import reason_against, who_gets_one
from registration.domain.certificates.seal import code_of
from registration.domain.documents.make import make_documents
from registration.domain.erase import erase_participant
from registration.domain.export_data import export_data
from registration.domain.transitions import NotPossible
from registration.models import Attendance, Certificate, Document, Registration
from tests import factories
from tests.documents.conftest import SUMMER, Ask, files, pdf, person, registration_of, words
from tests.registration_pages.helpers import visit
from tests.world import register
from workshops.domain.release import release_programme
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
START = dt.datetime(2020, 6, 15, 7, 30, tzinfo=dt.UTC)


def minutes(number: float) -> dt.datetime:
    return START + dt.timedelta(minutes=number)


def why(registration: Registration, at: dt.datetime | None = None) -> str:
    fresh = registration_of(registration.participant.last_name)
    return str(reason_against(registration=fresh, at=at or timezone.now()) or "")


@pytest.fixture
def anna(event: Workshop) -> Registration:
    return registration_of("Zöller")


def present(event: Workshop, registration: Registration, **values: Any) -> Attendance:
    return Attendance.objects.create(registration=registration, day=event.days.order_by("date")[0], **values)


def test_everybody_confirmed_gets_one_when_the_last_day_has_closed(
    event: Workshop, anna: Registration
) -> None:
    assert [why(anna, minutes(number)) for number in (119, 120)] == [
        "There are certificates when the event is over.",
        "",
    ]
    factories.make_day(event, date=SUMMER + dt.timedelta(days=1), opens=None, closes=None)
    midnight = dt.datetime(2020, 6, 16, 22, tzinfo=dt.UTC)
    assert [why(anna, at) for at in (midnight - dt.timedelta(seconds=1), midnight)] == [
        "There are certificates when the event is over.",
        "",
    ]


@pytest.mark.parametrize(
    ("rule", "status", "said"),
    [
        ("nobody", "confirmed", "There are no certificates for this event."),
        ("confirmed", "cancelled", "Only those whose registration is confirmed get a certificate."),
        ("present", "cancelled", "Only those whose registration is confirmed get a certificate."),
        ("present", "confirmed", "Those get a certificate who were there long enough."),
    ],
)
def test_who_gets_none_is_told_why(
    event: Workshop, anna: Registration, rule: str, status: str, said: str
) -> None:
    Workshop.objects.update(certificates=rule)
    Registration.objects.filter(pk=anna.pk).update(status=status)
    assert why(anna) == said
    with pytest.raises(NotPossible, match=said):
        issue_certificate(registration_id=anna.pk)
    assert Certificate.objects.count() == 0


@pytest.mark.parametrize(
    ("rows", "is_enough"),
    [
        ([{"source": "report", "minutes": 90}], True),
        ([{"source": "report", "minutes": 89}], False),
        ([{"source": "joined", "joined_at": minutes(30)}], True),
        ([{"source": "joined", "joined_at": minutes(31)}], False),
        ([{"source": "joined", "joined_at": minutes(-20), "left_at": minutes(80)}], False),
        ([{"source": "joined", "joined_at": minutes(-20), "left_at": minutes(90)}], True),
        ([{"source": "joined", "joined_at": minutes(500), "left_at": minutes(900)}], False),
        ([{"source": "joined", "joined_at": minutes(-12 * 60)}], True),
        ([{"source": "joined", "joined_at": minutes(-12 * 60 - 1)}], False),
        ([{"source": "organiser"}], True),
        ([{"source": "report", "minutes": 10}, {"source": "joined", "joined_at": minutes(0)}], True),
        ([{"source": "report", "minutes": 45}, {"source": "joined", "joined_at": minutes(75)}], False),
        ([{"source": "report", "minutes": 100_000}], True),
    ],
)
def test_three_quarters_of_the_time_by_the_best_source_is_enough(
    event: Workshop, anna: Registration, rows: list[dict[str, Any]], is_enough: bool
) -> None:
    Workshop.objects.update(certificates="present", certificate_percent=75)
    for row in rows:
        present(event, anna, **row)
    assert (why(anna) == "") == is_enough


def test_too_long_on_one_day_does_not_make_up_for_another(event: Workshop, anna: Registration) -> None:
    Workshop.objects.update(certificates="present", certificate_percent=75)
    factories.make_day(event, date=SUMMER + dt.timedelta(days=1))
    present(event, anna, source="report", minutes=1_000)
    assert why(anna) == "Those get a certificate who were there long enough."
    Workshop.objects.update(certificate_percent=50)
    assert why(anna) == ""


def test_where_a_day_has_no_time_the_days_are_counted(event: Workshop, anna: Registration) -> None:
    Workshop.objects.update(certificates="present", certificate_percent=50)
    factories.make_day(event, date=SUMMER + dt.timedelta(days=1), opens=None, closes=None)
    assert why(anna) != ""
    present(event, anna, source="report", minutes=1)
    assert why(anna) == ""


def test_who_listened_meanwhile_and_was_there_gets_one(event: Workshop, anna: Registration) -> None:
    Workshop.objects.update(certificates="present")
    Registration.objects.filter(pk=anna.pk).update(
        status="waitlisted", role="active", waiting_since=timezone.now(), listens_meanwhile=True
    )
    present(event, anna, source="organiser")
    event.refresh_from_db()
    assert [row.pk for row in who_gets_one(workshop=event, at=timezone.now())] == [anna.pk]


def test_a_second_wish_gives_the_same_certificate_whatever_changed_since(
    event: Workshop, anna: Registration
) -> None:
    first = issue_certificate(registration_id=anna.pk)
    Workshop.objects.update(certificates="nobody", title_de="Umbenannt")
    assert issue_certificate(registration_id=anna.pk) == first
    assert Certificate.objects.get().facts["title"]["de"] == "Digitale Stadt"


def test_paper_says_it_in_both_languages_with_both_clocks(event: Workshop) -> None:
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    certificate = issue_certificate(registration_id=registration_of("Ağaoğlu").pk)
    reader = pdf(certificate_pdf(certificate=certificate))
    said = words(reader)
    assert len(reader.pages) == 1
    for wanted in (
        "İnci Ağaoğlu",
        "Bursa",
        "Digitale Stadt",
        "Dijital Şehir",
        "09:30–11:30 CET 10:30–12:30 TRT",
        "Montag, 15. Juni 2020",
        "15 Haziran 2020 Pazartesi",
        "2:00",
        certificate.number,
    ):
        assert wanted in said
    links = [link.get_object()["/A"]["/URI"] for link in reader.pages[0].get("/Annots", [])]
    assert links == [address_of(certificate=certificate)]
    assert (reader.root_object["/Lang"], bool(reader.root_object["/MarkInfo"]["/Marked"])) == ("de", True)


# The page that verifies


def path_of(certificate: Certificate, language: str = "en") -> str:
    return f"/{language}/certificates/{code_of(certificate=certificate)}/"


def test_the_page_shows_what_stands_on_the_paper_without_cookie_or_trace(
    event: Workshop, anna: Registration, client: Client
) -> None:
    certificate = issue_certificate(registration_id=anna.pk)
    answer = client.get(path_of(certificate))
    html = answer.content.decode()
    assert (answer.status_code, answer.headers["X-Robots-Tag"], dict(answer.cookies)) == (
        200,
        "noindex, nofollow",
        {},
    )
    for wanted in (
        "This certificate is genuine",
        "Änne Zöller",
        "Digitale Stadt",
        "10:30",
        "TRT",
        certificate.number,
    ):
        assert wanted in html
    assert client.get(path_of(certificate).lower()).status_code == 200


@pytest.mark.parametrize(
    "forge",
    [
        lambda code: code[:-1] + ("A" if code[-1] != "A" else "B"),
        lambda code: ("0" if code[0] != "0" else "1") + code[1:],
        lambda code: code[:10],
        lambda code: code[:10] + "-" + "A" * 26,
        lambda code: code + "A",
        lambda code: "x" * 150,
        lambda code: "../" + code,
    ],
)
def test_a_forged_one_is_refused_and_tells_nothing(
    event: Workshop, anna: Registration, client: Client, forge: Callable[[str], str]
) -> None:
    certificate = issue_certificate(registration_id=anna.pk)
    answer = client.get(f"/en/certificates/{forge(code_of(certificate=certificate))}/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "Zöller" not in html


def test_a_dump_of_the_database_makes_no_certificates(event: Workshop, anna: Registration) -> None:
    certificate = issue_certificate(registration_id=anna.pk)
    seal = code_of(certificate=certificate).partition("-")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registration_certificate")
        assert seal not in repr(cursor.fetchall())


def test_a_withdrawn_one_is_shown_as_withdrawn_until_it_is_valid_again(
    event: Workshop, anna: Registration, client: Client
) -> None:
    certificate = issue_certificate(registration_id=anna.pk)
    revoke_certificate(certificate_id=certificate.pk)
    answer = client.get(path_of(certificate))
    assert (answer.status_code, "Zöller" in answer.content.decode()) == (410, False)
    assert "This certificate was withdrawn" in answer.content.decode()
    with pytest.raises(NotPossible, match="withdrawn"):
        issue_certificate(registration_id=anna.pk)
    reinstate_certificate(certificate_id=certificate.pk)
    assert client.get(path_of(certificate)).status_code == 200


def test_paper_stays_good_when_the_secret_key_is_changed(
    event: Workshop, anna: Registration, client: Client, settings: Any
) -> None:
    certificate = issue_certificate(registration_id=anna.pk)
    before = path_of(certificate)
    settings.SECRET_KEY = "another key, and the former one is not even kept as a fallback"
    after = path_of(certificate)
    assert (before != after, code_of(certificate=Certificate.objects.get())) == (True, after.split("/")[3])
    assert [client.get(path).status_code for path in (before, after)] == [200, 200]


def test_after_erasure_the_page_still_knows_the_number_and_nothing_else(
    event: Workshop, anna: Registration, client: Client
) -> None:
    certificate = issue_certificate(registration_id=anna.pk)
    present(event, anna, source="report", minutes=100)
    path = path_of(certificate)
    gone = erase_participant(participant_id=anna.participant_id)
    assert (gone["registration_certificate"], gone["registration_attendance"]) == (1, 1)
    answer = client.get(path)
    assert answer.status_code == 200
    assert "We issued a certificate with this number." in answer.content.decode()
    assert "Zöller" not in answer.content.decode()


def test_who_tries_codes_by_machine_is_stopped(event: Workshop, anna: Registration, client: Client) -> None:
    path = path_of(issue_certificate(registration_id=anna.pk))
    answers = [client.get(path).status_code for _each in range(61)]
    assert answers == [200] * 60 + [429]


# One's own page, and one's own data


@pytest.fixture
def released(event: Workshop) -> Workshop:
    release_programme(conference=event.conference)
    return event


def test_a_participant_gets_theirs_with_a_button_and_a_get_issues_nothing(
    released: Workshop, anna: Registration
) -> None:
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    client = visit(anna.participant)
    page = client.get("my/").content.decode()
    assert 'action="/en/my/certificate/digitale-stadt/"' in page
    address = "my/certificate/digitale-stadt/"
    assert (client.get(address).status_code, Certificate.objects.count()) == (303, 0)
    answer = client.post(address)
    certificate = Certificate.objects.get()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert f"{certificate.number}.pdf" in answer.headers["Content-Disposition"]
    assert "Änne Zöller" in words(pdf(answer.content))
    client.post(address)
    assert Certificate.objects.count() == 1


def test_who_gets_none_sees_no_button_and_is_told_why(released: Workshop, anna: Registration) -> None:
    Workshop.objects.update(certificates="nobody")
    client = visit(anna.participant)
    assert "my/certificate" not in client.get("my/").content.decode()
    assert client.post("my/certificate/digitale-stadt/").status_code == 303
    assert "There are no certificates for this event." in client.get("my/").content.decode()
    assert client.post("my/certificate/no-such-event/").status_code == 404


def test_a_withdrawn_one_is_not_offered(released: Workshop, anna: Registration) -> None:
    revoke_certificate(certificate_id=issue_certificate(registration_id=anna.pk).pk)
    page = visit(anna.participant).get("my/").content.decode()
    assert ("my/certificate" in page, "Your certificate of attendance was withdrawn." in page) == (
        False,
        True,
    )


def test_both_are_among_what_is_known_about_somebody(released: Workshop, anna: Registration) -> None:
    present(released, anna, source="report", minutes=100)
    certificate = issue_certificate(registration_id=anna.pk)
    [known] = export_data(participant=anna.participant)["registrations"]
    assert [row["minutes"] for row in known["attendance"]] == [100]
    assert [(row["number"], row["name"]) for row in known["certificates"]] == [
        (certificate.number, "Änne Zöller")
    ]
    page = visit(anna.participant).get("my/data/").content.decode()
    assert certificate.number in page
    assert "report of the platform" in page


# All at once


def test_all_certificates_come_as_one_archive_made_slice_by_slice(ask: Ask, event: Workshop) -> None:
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    register(event, participant=person(event.conference, "Ömer", "Çağ/../lar"), status="confirmed")
    register(event, participant=person(event.conference, "Ohne", "Zusage"), status="requested")
    document = ask("certificates", "zip")
    steps = []
    while make_documents(seconds=0):
        document.refresh_from_db()
        steps.append((document.status, document.done, document.total, document.attempts))
    document = Document.objects.get(pk=document.pk)
    found = files(document)
    assert steps == [("making", 1, 3, 0), ("making", 2, 3, 0)]
    assert (document.status, document.done, document.total) == ("ready", 3, 3)
    numbers = dict(Certificate.objects.values_list("registration__participant__first_name", "number"))
    assert set(found) == {
        f"inci-ağaoğlu-{numbers['İnci']}.pdf",
        f"änne-zöller-{numbers['Änne']}.pdf",
        f"ömer-çağlar-{numbers['Ömer']}.pdf",
    }
    assert "Änne Zöller" in words(pdf(found[f"änne-zöller-{numbers['Änne']}.pdf"]))


def test_where_nobody_has_earned_one_the_document_says_so(ask: Ask, event: Workshop) -> None:
    Workshop.objects.update(certificates="present")
    document = ask("certificates", "zip")
    make_documents()
    document.refresh_from_db()
    assert (document.status, document.problem.partition(":")[0]) == (
        "failed",
        "Nobody has earned a certificate yet",
    )


def test_a_withdrawn_one_is_not_in_the_archive(ask: Ask, event: Workshop, anna: Registration) -> None:
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    revoke_certificate(certificate_id=issue_certificate(registration_id=anna.pk).pk)
    document = ask("certificates", "zip")
    make_documents()
    assert len(files(Document.objects.get(pk=document.pk))) == 1


def test_more_than_one_file_can_hold_is_said_at_once(
    ask: Ask, event: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registration.domain.certificates.archive.MOST", 1)
    document = ask("certificates", "zip")
    assert make_documents() is False
    document.refresh_from_db()
    assert (document.status, document.attempts, document.problem.partition(".")[0]) == (
        "failed",
        1,
        "There are too many certificates for one file",
    )
    assert Certificate.objects.count() == 0
