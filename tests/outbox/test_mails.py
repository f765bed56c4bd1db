from __future__ import annotations

import datetime as dt
import itertools
import re
from html.parser import HTMLParser

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from registration.domain.outbox.owe import owe_message
from registration.domain.tokens import issue_link, token_of
from registration.mails.render import render
from registration.models import Message, Participant, PersonalLink, Registration
from tests import factories
from tests.outbox.conftest import Owe
from workshops.domain.release import release_programme
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

TO_OTHERS = {
    Message.Kind.BARRIER_REPORT,
    Message.Kind.BARRIER_ANSWER,
    Message.Kind.DOCUMENT,
    Message.Kind.DIGEST,
    Message.Kind.TEAM,
}
TO_PARTICIPANTS = [kind for kind in Message.Kind if kind not in TO_OTHERS]
ABOUT_A_WORKSHOP = [kind for kind in TO_PARTICIPANTS if kind != Message.Kind.LINK]
WITH_ACCESS = [
    Message.Kind.CONFIRMED,
    Message.Kind.PROMOTED,
    Message.Kind.ACCESS,
    Message.Kind.ACCESS_CHANGED,
]
SECRETS = {
    "active": ("https://kudo.example/canary-room", "canary-passcode", "channel 2"),
    "listener": ("https://kudo.example/listen", "listener-passcode", "123 456 789"),
}
CLOCKS = {
    "de": "15. Juni 2020, 09:30–11:30 CET / 10:30–12:30 TRT",
    "tr": "15 Haziran 2020, 09:30–11:30 CET / 10:30–12:30 TRT",
    "en": "15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT",
}


class _Visible(HTMLParser):
    """The words of a page, and the language of each element that names one."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.languages: list[str] = []
        self.links: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("lang"):
            self.languages.append(str(values["lang"]))
        if tag == "a":
            self.links.append(str(values["href"]))
        self.images += tag in {"img", "script", "link"}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _html(mail: EmailMultiAlternatives) -> str:
    alternative, *_invitation = mail.alternatives
    return str(alternative[0])


def _visible(mail: EmailMultiAlternatives) -> _Visible:
    parser = _Visible()
    parser.feed(_html(mail))
    return parser


@pytest.mark.parametrize("language", ["de", "tr", "en", ""])
@pytest.mark.parametrize("kind", TO_PARTICIPANTS)
def test_every_kind_is_a_whole_mail_in_every_language(owe: Owe, kind: str, language: str) -> None:
    message = owe(kind, language)

    mail = render(message=message)

    headers = mail.message()
    assert headers["Message-ID"] == message.message_id
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Language"] == (language or "de, tr")
    assert headers["Reply-To"] == "hosts@example.org"
    assert (mail.to, mail.cc, mail.bcc) == ([message.recipient], [], [])
    assert mail.subject == " ".join(mail.subject.split()) != ""
    for text in (mail.subject, mail.body, _html(mail)):
        assert not re.search(r"\{\{|\{%|%\(|None|\bnan\b", text)


@pytest.mark.parametrize("language", ["de", "tr", "en", ""])
@pytest.mark.parametrize("kind", TO_PARTICIPANTS)
def test_every_mail_leads_back_to_the_person_s_page(owe: Owe, kind: str, language: str) -> None:
    message = owe(kind, language)
    assert message.link is not None
    token = token_of(link=message.link)
    expected = [
        f"http://testserver/{code}/invitation/{token}/" for code in ([language] if language else ["de", "tr"])
    ]

    mail = render(message=message)

    assert [line for line in mail.body.splitlines() if token in line] == expected
    links = [link for link in _visible(mail).links if token in link]
    assert links == [link for link in expected for _ in ("button", "text")]


@pytest.mark.parametrize("language", ["de", "tr", "en"])
@pytest.mark.parametrize("kind", ABOUT_A_WORKSHOP)
def test_every_workshop_is_shown_on_both_clocks_with_their_meaning(
    owe: Owe, kind: str, language: str
) -> None:
    mail = render(message=owe(kind, language))

    assert CLOCKS[language] in mail.body
    assert "UTC+2" in mail.body
    assert "UTC+3" in mail.body
    words = _visible(mail).words
    assert [word for word in words if word in {"09:30–11:30", "10:30–12:30"}][:2] == [
        "09:30–11:30",
        "10:30–12:30",
    ]


@pytest.mark.parametrize("kind", ABOUT_A_WORKSHOP)
def test_an_unknown_language_means_both_one_after_the_other(owe: Owe, kind: str) -> None:
    mail = render(message=owe(kind, ""))

    assert mail.body.index(CLOCKS["de"]) < mail.body.index(CLOCKS["tr"])
    assert mail.subject.count(" / ") == 1
    assert [code for code in _visible(mail).languages if code in {"de", "tr"}][:2] == ["de", "tr"]


def test_winter_and_summer_have_legends_of_their_own(owe: Owe) -> None:
    body = render(message=owe(Message.Kind.RECEIVED, "en")).body

    assert "15 December 2020, 09:30–11:30 CET / 11:30–13:30 TRT" in body
    assert "15 December 2020: CET = German time, UTC+1" in body


@pytest.mark.parametrize("language", ["de", "tr", "en", ""])
@pytest.mark.parametrize("role", ["active", "listener"])
@pytest.mark.parametrize("kind", WITH_ACCESS)
def test_access_details_are_those_of_the_role_and_no_others(
    owe: Owe, kind: str, role: str, language: str
) -> None:
    other = {"active": "listener", "listener": "active"}[role]

    mail = render(message=owe(kind, language, role=role))

    for text in (mail.body, _html(mail)):
        assert [secret for secret in SECRETS[role] if secret not in text] == []
        assert [secret for secret in SECRETS[other][:2] if secret in text] == []


@pytest.mark.parametrize("kind", [kind for kind in TO_PARTICIPANTS if kind not in WITH_ACCESS])
def test_other_mails_carry_no_access_details(owe: Owe, kind: str) -> None:
    mail = render(message=owe(kind))

    for secret in (*SECRETS["active"], *SECRETS["listener"]):
        assert secret not in mail.body + _html(mail)


def test_who_listens_while_waiting_is_told_how_to_listen(owe: Owe) -> None:
    message = owe(Message.Kind.WAITLISTED)
    Registration.objects.update(listens_meanwhile=True)
    message = Message.objects.select_related("registration__workshop", "participant__conference").get(
        pk=message.pk
    )

    body = render(message=message).body

    assert "listener-passcode" in body
    assert "canary-passcode" not in body


def test_changed_details_say_that_the_former_ones_no_longer_hold(owe: Owe) -> None:
    body = render(message=owe(Message.Kind.ACCESS_CHANGED, "en")).body

    assert "The ones sent to you earlier no longer hold." in body


def test_details_that_were_taken_back_say_so(owe: Owe, event: Workshop) -> None:
    message = owe(Message.Kind.ACCESS_CHANGED, "en")
    for details in event.days.get(date="2020-06-15").access_details.all():
        details.url = details.meeting_number = details.dial_in = ""
        details.save()

    body = render(message=message).body

    assert "The access details sent to you earlier no longer hold. You will receive new ones." in " ".join(
        body.split()
    )
    assert "canary-passcode" not in body


def test_a_platform_link_that_is_no_page_is_not_made_clickable(owe: Owe, event: Workshop) -> None:
    details = event.days.get(date="2020-06-15").access_details.get(role="active")
    details.url = "javascript:alert(1)"
    details.save()

    mail = render(message=owe(Message.Kind.CONFIRMED))

    assert "javascript:alert(1)" in mail.body
    assert all(link.startswith("http") for link in _visible(mail).links)


def test_the_instructions_of_the_platform_are_in_the_mail(owe: Owe) -> None:
    mail = render(message=owe(Message.Kind.CONFIRMED, "de"))

    assert "Wählen Sie Türkisch." in mail.body
    assert "<strong>Türkisch</strong>" in _html(mail)


def test_a_missing_translation_is_marked_with_its_language(owe: Owe) -> None:
    mail = render(message=owe(Message.Kind.CONFIRMED, "en"))

    assert "de" in _visible(mail).languages


def test_times_that_are_open_are_announced_as_open(owe: Owe, event: Workshop) -> None:
    event.days.update(opens=None, closes=None)
    release_programme(conference=event.conference)

    body = render(message=owe(Message.Kind.CONFIRMED, "en")).body

    assert "15 June 2020, time to be announced" in body


def test_the_partner_s_date_is_shown_where_it_differs(owe: Owe, event: Workshop) -> None:
    event.days.filter(date="2020-06-15").update(opens=dt.time(23, 15), closes=dt.time(23, 45))
    release_programme(conference=event.conference)

    body = render(message=owe(Message.Kind.RECEIVED, "de")).body

    assert "15. Juni 2020, 23:15–23:45 CET / 00:15–00:45 TRT, +1 (16. Juni 2020)" in " ".join(body.split())


def test_an_event_that_passes_midnight_on_one_clock_says_so(owe: Owe, event: Workshop) -> None:
    event.days.filter(date="2020-06-15").update(opens=dt.time(22, 30), closes=dt.time(23, 30))
    release_programme(conference=event.conference)

    body = render(message=owe(Message.Kind.RECEIVED, "de")).body

    assert "22:30–23:30 CET / 23:30–00:30 (+1) TRT" in body


def test_mails_tell_what_was_released_not_work_in_progress(owe: Owe, event: Workshop) -> None:
    event.days.update(opens=dt.time(8), closes=dt.time(9))

    assert CLOCKS["de"] in render(message=owe(Message.Kind.CONFIRMED, "de")).body


def test_before_any_release_a_mail_names_the_workshop(conference: object) -> None:
    workshop = factories.make_workshop(conference, title_de="Unveröffentlicht")  # type: ignore[arg-type]
    participant = factories.make_participant(workshop.conference, language="de")
    registration = Registration.objects.create(
        participant=participant, workshop=workshop, role="active", status="requested"
    )
    with transaction.atomic():
        message = owe_message(
            kind=Message.Kind.RECEIVED,
            recipient=participant.email,
            language="de",
            participant=participant,
            registration=registration,
            link=issue_link(participant=participant),
        )

    assert "Unveröffentlicht" in render(message=message).body


def test_the_message_id_stays_and_the_text_is_written_anew(owe: Owe, event: Workshop) -> None:
    message = owe(Message.Kind.CONFIRMED)
    first = render(message=message).message()["Message-ID"]

    assert render(message=message).message()["Message-ID"] == first == message.message_id


def test_a_link_that_expired_makes_room_for_the_way_to_a_new_one(owe: Owe) -> None:
    message = owe(Message.Kind.CONFIRMED, "de")
    PersonalLink.objects.update(expires_at=timezone.now())
    message = Message.objects.select_related("link", "registration__workshop").get(pk=message.pk)

    mail = render(message=message)

    assert "http://testserver/de/link/" in mail.body
    assert "/invitation/" not in mail.body + _html(mail)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Ada\nBcc: eve@example.org", "\u202eada", "“İş” & ğ"]
)
def test_a_name_is_only_a_name(owe: Owe, name: str) -> None:
    message = owe(Message.Kind.CONFIRMED, "de")
    Participant.objects.update(first_name=name, last_name="")
    message = Message.objects.select_related("participant__conference").get(pk=message.pk)

    mail = render(message=message)

    assert "<script" not in _html(mail)
    assert "\u202e" not in mail.body + _html(mail)
    assert mail.body.splitlines()[0].endswith(",")
    assert mail.message()["Bcc"] is None


def test_titles_and_senders_cannot_break_a_header(owe: Owe, event: Workshop) -> None:
    event.title_de = "Ein\r\nBcc: eve@example.org Titel"
    event.save()
    event.conference.sender_name_de = "Büro, „Köprü“\r\nX: y"
    event.conference.save()
    release_programme(conference=event.conference)

    headers = render(message=owe(Message.Kind.CONFIRMED, "de")).message()

    assert (headers["Bcc"], headers["X"]) == (None, None)
    assert headers["From"].endswith("<vorkonferenz@example.org>")


@pytest.mark.parametrize("kind", TO_PARTICIPANTS)
def test_the_plain_text_is_first_class(owe: Owe, kind: str) -> None:
    lines = render(message=owe(kind, "")).body.splitlines()

    assert [line for line in lines if len(line) > 76 and "://" not in line] == []
    assert not any(before == after == "" for before, after in itertools.pairwise(lines))


@pytest.mark.parametrize("kind", TO_PARTICIPANTS)
def test_html_loads_nothing_and_has_no_pictures(owe: Owe, kind: str) -> None:
    mail = render(message=owe(kind, ""))

    assert _visible(mail).images == 0
    assert "prefers-color-scheme: dark" in _html(mail)
    assert not re.search(r"@import|url\(", _html(mail))
