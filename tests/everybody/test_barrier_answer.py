"""A report of a barrier is answered where the organisers read it, once, in the language of whoever reported it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from registration.domain.answer_barrier_report import answer_barrier_report
from registration.domain.erase import erase_participant
from registration.domain.errors import DomainError
from registration.domain.export_data import export_data
from registration.domain.outbox.still_owed import REPORT_GONE, reason_gone
from registration.domain.report_barrier import report_barrier
from registration.mails.render import render
from registration.models import BarrierReport, Message
from tests import factories
from tests.world import World
from workshops.models import Conference

ANSWER = "Bis Freitag **düzelteceğiz**."


@pytest.fixture
def report(conference: Conference) -> BarrierReport:
    return reported(conference)


def reported(conference: Conference, email: str = "ayse@example.org") -> BarrierReport:
    return report_barrier(
        conference=conference, page="/tr/programme/", description="Kontrast", email=email, language="tr"
    )


def answers() -> list[tuple[str, str, dict[str, int]]]:
    rows = Message.objects.filter(kind=Message.Kind.BARRIER_ANSWER)
    return list(rows.values_list("recipient", "language", "facts"))


def state(report: BarrierReport) -> tuple[str, bool]:
    report.refresh_from_db()
    return report.answer, report.answered_at is not None


@pytest.mark.django_db
def test_the_answer_goes_to_the_reporter_in_the_language_of_the_report(report: BarrierReport) -> None:
    answer_barrier_report(report_id=report.pk, answer=f" {ANSWER}\n")
    facts = {"barrier_report": report.pk, "conference": report.conference_id}
    assert (answers(), state(report)) == ([("ayse@example.org", "tr", facts)], (ANSWER, True))

    mail = render(message=Message.objects.get(kind=Message.Kind.BARRIER_ANSWER))

    assert (mail.to, mail.reply_to) == (["ayse@example.org"], ["hosts@example.org"])
    assert mail.extra_headers["Content-Language"] == "tr"
    assert [
        part in mail.body for part in ("düzelteceğiz", "Kontrast", "CET", "TRT", "/tr/accessibility/")
    ] == [True] * 5
    assert "<strong>düzelteceğiz</strong>" in str(mail.alternatives[0][0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "answer", "answered", "reason"),
    [
        ("ayse@example.org", ANSWER, True, "answered already"),
        ("ayse@example.org", "  ", False, "Write what is to be answered"),
        ("", ANSWER, False, "nobody to write to"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    conference: Conference, email: str, answer: str, answered: bool, reason: str
) -> None:
    report = reported(conference, email)
    if answered:
        answer_barrier_report(report_id=report.pk, answer="Zuerst")
    before = (answers(), state(report))
    with pytest.raises(DomainError, match=reason):
        answer_barrier_report(report_id=report.pk, answer=answer)
    assert (answers(), state(report)) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_told_so(report: BarrierReport) -> None:
    results: list[str] = []

    def answer(text: str) -> None:
        try:
            results.append(answer_barrier_report(report_id=report.pk, answer=text).answer)
        except DomainError:
            results.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(text,)) for text in ("Eins", "Zwei", "Drei")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(results)[:2], sorted(results)[2], len(answers())) == (["", ""], state(report)[0], 1)


@pytest.mark.django_db
def test_it_is_answered_on_its_page_after_one_has_seen_to_whom(world: World, sign_in: Any) -> None:
    report = reported(world.conference)
    client, step = (
        sign_in(world.lead, "en"),
        reverse("admin:registration_barrierreport_step", args=["answer"]),
    )
    page = reverse("admin:registration_barrierreport_change", args=[report.pk])
    assert "Answer by e-mail" in client.get(page).content.decode()

    preview = client.post(step, {"ids": report.pk})
    empty = client.post(step, {"ids": report.pk, "sure": "yes", "answer": ""})
    assert (preview.status_code, "ayse@example.org, Türkçe: Kontrast" in preview.content.decode()) == (
        200,
        True,
    )
    assert (empty.status_code, answers(), state(report)) == (422, [], ("", False))

    done = client.post(step, {"ids": report.pk, "sure": "yes", "answer": ANSWER})
    again = client.post(step, {"ids": report.pk, "sure": "yes", "answer": "Noch einmal"})
    assert [outcome.kind for answer in (done, again) for outcome in answer.context["outcomes"]] == [
        "done",
        "refused",
    ]
    assert (len(answers()), state(report)) == (1, (ANSWER, True))
    assert "Answer by e-mail" not in client.get(page).content.decode()
    assert sign_in(world.member).post(step, {"ids": report.pk}).status_code in {403, 404}


@pytest.mark.django_db
def test_only_leads_of_its_conference_see_the_answer_in_the_outbox(world: World, sign_in: Any) -> None:
    report = reported(world.conference)
    answer_barrier_report(report_id=report.pk, answer=ANSWER)
    message = Message.objects.get(kind=Message.Kind.BARRIER_ANSWER)
    stranger = factories.make_organiser(conference=factories.make_conference(is_current=False))
    address = reverse("admin:registration_message_change", args=[message.pk])
    found = [sign_in(user).get(address).status_code for user in (world.lead, world.member, stranger)]
    assert found == [200, 404, 404]


@pytest.mark.django_db
def test_who_is_erased_gets_no_answer_and_leaves_none_behind(report: BarrierReport) -> None:
    person = factories.make_participant(report.conference, email="ayse@example.org")
    answer_barrier_report(report_id=report.pk, answer=ANSWER)
    message = Message.objects.get(kind=Message.Kind.BARRIER_ANSWER)
    assert [row["answer"] for row in export_data(participant=person)["barrier_reports"]] == [ANSWER]
    assert reason_gone(message=message) is None

    erase_participant(participant_id=person.pk)

    report.refresh_from_db()
    assert (answers(), report.email, report.answer, report.description) == ([], "", "", "Kontrast")
    assert reason_gone(message=message) == REPORT_GONE
