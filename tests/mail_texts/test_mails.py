"""What a mail says where the organisers have put their own words in place of ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registration.domain.placeholders import KINDS_WITH_OWN_TEXT, allowed_list
from registration.domain.tokens import token_of
from registration.mails.own_words import LONGEST_SUBJECT, paragraphs
from registration.mails.render import render
from registration.models import MailText, Message, Participant
from tests.outbox.conftest import Owe
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

CLOCKS = (
    "15. Juni 2020, 09:30–11:30 CET / 10:30–12:30 TRT; 15. Dezember 2020, 09:30–11:30 CET / 11:30–13:30 TRT"
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def html_of(mail: EmailMultiAlternatives) -> str:
    alternative, *_invitation = mail.alternatives
    return str(alternative[0])


def paragraphs_of(mail: EmailMultiAlternatives) -> list[str]:
    """The HTML part's paragraphs, in words."""
    found = []
    for piece in re.findall(r"<p[^>]*>(.*?)</p>", html_of(mail), re.DOTALL):
        words = _Words()
        words.feed(piece)
        found.append(" ".join(words.text.split()))
    return found


def plain_paragraphs_of(mail: EmailMultiAlternatives) -> list[str]:
    return [" ".join(piece.split()) for piece in str(mail.body).split("\n\n")]


def write(event: Workshop, kind: str, **texts: str) -> MailText:
    return MailText.objects.create(conference=event.conference, kind=kind, **texts)


def rename(message: Message, first_name: str, last_name: str = "") -> None:
    Participant.objects.filter(pk=message.participant_id).update(first_name=first_name, last_name=last_name)
    message.refresh_from_db()


def test_own_words_take_the_place_of_subject_and_opening_and_of_nothing_else(
    event: Workshop, owe: Owe
) -> None:
    message = owe(Message.Kind.CONFIRMED, "de")
    ours = render(message=message)
    write(
        event,
        Message.Kind.CONFIRMED,
        subject_de="Wie schön: {title}",
        opening_de="Liebe Frau {last_name},\r\nwir freuen uns.\n\n  \nFragen an {contact}.",
    )
    rename(message, "Ayşe", "Yılmaz")

    mail = render(message=message)

    assert mail.subject == "Wie schön: Digitale Stadt"
    before, after = plain_paragraphs_of(ours), plain_paragraphs_of(mail)
    assert after == [
        "Guten Tag Ayşe Yılmaz,",
        "Liebe Frau Yılmaz, wir freuen uns.",
        "Fragen an hosts@example.org.",
        *before[2:],
    ]
    assert "canary-passcode" in mail.body


def test_every_placeholder_of_a_registration_has_its_value(event: Workshop, owe: Owe) -> None:
    kind = Message.Kind.WAITLISTED
    write(event, kind, opening_de=allowed_list(kind=kind).replace(", ", "\n\n"))
    message = owe(kind, "de")
    rename(message, "Ayşe", "Yılmaz")

    opening = plain_paragraphs_of(render(message=message))[1:11]

    assert opening == [
        "Ayşe",
        "Yılmaz",
        "Ayşe Yılmaz",
        "Bursa",
        "Digitale Stadt",
        "15. Juni 2020, 15. Dezember 2020",
        CLOCKS,
        "Testkonferenz",
        "hosts@example.org",
        "1",
    ]


def test_an_invitation_names_what_one_is_invited_to(event: Workshop, owe: Owe) -> None:
    write(event, Message.Kind.INVITATION, subject_tr="{conference}: {titles}")
    assert render(message=owe(Message.Kind.INVITATION, "tr")).subject == "Deneme konferansı: Dijital Şehir"


def test_where_a_language_has_no_text_of_its_own_ours_is_sent_in_it(event: Workshop, owe: Owe) -> None:
    ours = render(message=owe(Message.Kind.RECEIVED, "tr"))
    write(event, Message.Kind.RECEIVED, subject_de="Nur deutsch", opening_de="Nur deutsch", opening_en=" \n ")

    for language in ("tr", "en"):
        mail = render(message=owe(Message.Kind.RECEIVED, language))
        assert "Nur deutsch" not in f"{mail.subject} {mail.body}"
    assert render(message=owe(Message.Kind.RECEIVED, "tr")).subject == ours.subject
    assert render(message=owe(Message.Kind.RECEIVED, "")).subject == f"Nur deutsch / {ours.subject}"


def test_another_conference_s_and_another_kind_s_texts_are_not_sent(event: Workshop, owe: Owe) -> None:
    from tests import factories

    other = factories.make_conference(is_current=False)
    MailText.objects.create(conference=other, kind=Message.Kind.RECEIVED, subject_de="fremd")
    write(event, Message.Kind.CONFIRMED, subject_de="fremd")
    assert "fremd" not in render(message=owe(Message.Kind.RECEIVED, "de")).subject


@pytest.mark.parametrize("language", ["de", "tr", "en", ""])
def test_no_text_can_take_the_personal_link_out_of_an_invitation(
    event: Workshop, owe: Owe, language: str
) -> None:
    texts = {f"{name}_{code}": "x" for name in ("subject", "opening") for code in ("de", "tr", "en")}
    write(event, Message.Kind.INVITATION, **texts)
    message = owe(Message.Kind.INVITATION, language)
    assert message.link is not None
    token = token_of(link=message.link)

    mail = render(message=message)

    copies = 1 if language else 2
    assert (mail.body.count(token), html_of(mail).count(f'/{token}/"')) == (copies, 2 * copies)


def test_a_person_named_like_a_placeholder_keeps_their_name(event: Workshop, owe: Owe) -> None:
    write(event, Message.Kind.RECEIVED, subject_de="{first_name}", opening_de="{full_name}!")
    message = owe(Message.Kind.RECEIVED, "de")
    rename(message, "{contact}", "{times}")

    mail = render(message=message)

    assert mail.subject == "{contact}"
    assert plain_paragraphs_of(mail)[1] == paragraphs_of(mail)[1] == "{contact} {times}!"


@pytest.mark.parametrize("text", ["{x.__class__}", "{0}", "{first_name.__class__}", "{passcode}", "{{ x }}"])
def test_what_got_past_the_form_stays_inert(event: Workshop, owe: Owe, text: str) -> None:
    write(event, Message.Kind.CONFIRMED, subject_de=text, opening_de=text)

    mail = render(message=owe(Message.Kind.CONFIRMED, "de"))

    assert (mail.subject, plain_paragraphs_of(mail)[1], paragraphs_of(mail)[1]) == (text, text, text)


def test_markup_is_shown_as_it_was_typed(event: Workshop, owe: Owe) -> None:
    text = "<script>alert(1)</script> <b>fett</b> {first_name}"
    write(event, Message.Kind.RECEIVED, subject_de=text, opening_de=text)
    message = owe(Message.Kind.RECEIVED, "de")
    ours = _Words()
    ours.feed(html_of(render(message=message)))
    rename(message, '"><img src=x onerror=alert(1)>')

    mail = render(message=message)

    words = _Words()
    words.feed(html_of(mail))
    assert set(words.tags) == set(ours.tags)
    shown = '<script>alert(1)</script> <b>fett</b> "><img src=x onerror=alert(1)>'
    assert mail.subject == plain_paragraphs_of(mail)[1] == paragraphs_of(mail)[1] == shown


def test_a_line_break_in_a_name_reaches_neither_the_header_nor_a_paragraph(event: Workshop, owe: Owe) -> None:
    write(event, Message.Kind.RECEIVED, subject_de="An {first_name}", opening_de="An {first_name}")
    message = owe(Message.Kind.RECEIVED, "de")
    rename(message, "Ada\r\nBcc: victim@example.org\n\nZweiter Absatz")

    mail = render(message=message)

    assert mail.subject == "An Ada Bcc: victim@example.org Zweiter Absatz"
    assert plain_paragraphs_of(mail)[1] == mail.subject
    assert mail.message()["Bcc"] is None


def test_a_subject_never_grows_too_long_for_a_mail_server(event: Workshop, owe: Owe) -> None:
    write(event, Message.Kind.RECEIVED, subject_de="{full_name}" * 13)
    message = owe(Message.Kind.RECEIVED, "de")
    rename(message, "a" * 100, "b" * 100)

    mail = render(message=message)

    assert len(mail.subject) == LONGEST_SUBJECT
    assert max(map(len, mail.message().as_bytes().splitlines())) < 998


def test_a_subject_that_comes_out_empty_is_ours(event: Workshop, owe: Owe) -> None:
    message = owe(Message.Kind.RECEIVED, "de")
    ours = render(message=message).subject
    write(event, Message.Kind.RECEIVED, subject_de="{first_name}")
    rename(message, "")
    assert render(message=message).subject == ours


_PIECES = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        [
            "{first_name}",
            "{full_name}",
            "{contact}",
            "{title}",
            "{times}",
            "{x.__class__}",
            "{0}",
            "{",
            "}",
            "\n\n",
            "\r\n",
            "<script>",
            "</p>",
            "&amp;",
            "%(name)s",
            "{{ x }}",
            "\u202e",
            "\u2028",
        ],
    ),
)
_TEXTS = st.lists(_PIECES, max_size=8).map("".join)


@pytest.mark.parametrize("language", ["de", ""])
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(subject=_TEXTS.map(lambda text: text[:150]), opening=_TEXTS, name=_TEXTS.map(lambda text: text[:100]))
def test_any_text_and_any_name_make_a_whole_mail(
    event: Workshop, owe: Owe, *, language: str, subject: str, opening: str, name: str
) -> None:
    texts = {"subject_de": subject, "opening_de": opening}
    MailText.objects.update_or_create(conference=event.conference, kind=Message.Kind.RECEIVED, defaults=texts)
    message = owe(Message.Kind.RECEIVED, language)
    rename(message, name)

    mail = render(message=message)

    mail.message().as_bytes()
    assert mail.subject.isprintable()
    assert mail.subject.strip()
    assert "<class" not in f"{mail.subject}{mail.body}"
    words = _Words()
    words.feed(html_of(mail))
    assert not {"script", "img"} & set(words.tags)
    for paragraph in paragraphs(opening, {}):
        if "{" not in paragraph:
            assert paragraph in paragraphs_of(mail)
            assert paragraph in " ".join(mail.body.split())


@pytest.mark.parametrize("kind", KINDS_WITH_OWN_TEXT)
def test_every_kind_takes_own_words(event: Workshop, owe: Owe, kind: str) -> None:
    write(event, kind, subject_de="Eigener Betreff", opening_de=f"Eigene Worte: {allowed_list(kind=kind)}")
    mail = render(message=owe(kind, "de"))
    assert mail.subject == "Eigener Betreff"
    assert plain_paragraphs_of(mail)[1].startswith("Eigene Worte: ")
    assert "{" not in mail.body
