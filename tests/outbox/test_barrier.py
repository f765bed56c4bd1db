from __future__ import annotations

import pytest

from registration.domain.addresses import InvalidAddress
from registration.domain.report_barrier import report_barrier
from registration.mails.render import render
from registration.models import BarrierReport, Message
from workshops.models import Conference

pytestmark = pytest.mark.django_db


def _report(conference: Conference, **values: str) -> BarrierReport:
    report = {
        "page": "/de/programme/",
        "description": "Erste Zeile\n<b>zweite</b>",
        "email": "",
        "language": "de",
    }
    return report_barrier(conference=conference, **{**report, **values})


def test_a_report_reaches_the_organisers_who_can_answer(conference: Conference) -> None:
    _report(conference, email="Ada@Example.org")

    mail = render(message=Message.objects.get())

    assert (mail.to, mail.reply_to) == (["hosts@example.org"], ["ada@example.org"])
    assert "/de/programme/" in mail.body
    assert "Erste Zeile\n    <b>zweite</b>" in mail.body
    assert "<b>zweite" not in str(mail.alternatives[0][0])
    assert "CET" in mail.body
    assert "TRT" in mail.body


def test_nobody_has_to_leave_an_address(conference: Conference) -> None:
    _report(conference)

    assert render(message=Message.objects.get()).reply_to == ["hosts@example.org"]


def test_a_malformed_address_keeps_nothing(conference: Conference) -> None:
    with pytest.raises(InvalidAddress):
        _report(conference, email="ada@example.org\nBcc: eve@example.org")

    assert (BarrierReport.objects.count(), Message.objects.count()) == (0, 0)
