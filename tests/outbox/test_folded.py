"""The subject survives its folding, on lines that every mail server accepts."""

from __future__ import annotations

import email
import re
from email import policy

import pytest

from registration.mails.folded import FoldedMail

SUBJECTS = [
    "Invitation: City Partnership",
    "Einladung: Virtuelle Vorkonferenz zur Deutsch-Türkischen Städtepartnerschaftskonferenz",
    "Einladung: Virtuelle Vorkonferenz zur Deutsch-Türkischen Städtepartnerschaftskonferenz / "
    "Davet: Türk-Alman Kardeş Şehirler Konferansı Çevrim İçi Ön Konferansı",
    "ı" * 300,
    "🌉 Köprü",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_line_of_a_header_is_empty_or_too_long_and_the_subject_reads_the_same(subject: str) -> None:
    sent = FoldedMail(subject=subject, body="x", to=["a@example.org"]).message().as_bytes()
    head = sent.split(b"\n\n")[0].split(b"\n")
    assert [line for line in head if re.fullmatch(rb"[\w-]*:?\s*", line)] == []
    assert max(len(line) for line in head) <= 76
    assert email.message_from_bytes(sent, policy=policy.default)["Subject"] == subject
