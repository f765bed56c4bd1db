"""A mail is put together from ready parts; what leaves is what Django and the templates would have made."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registration.mails.folded import FoldedMail
from registration.mails.letter import AccessDay, Button, Detail, Letter, OwnText, Phrase, Section
from registration.mails.letters import compose
from registration.mails.mould import html_of, rendered
from registration.mails.plain import WIDTH, _broken, plain_text
from registration.mails.render import render
from registration.models import Message
from tests.outbox.conftest import Owe

KINDS = [
    kind
    for kind in Message.Kind
    if kind not in {"document", "digest", "barrier_report", "barrier_answer", "team"}
]
HEADERS = {"X-Long": "word " * 40, "Message-ID": "<1@x>"}
_BOUNDARY = re.compile(rb"=+\d{19}==")
_DATE = re.compile(rb"\r\nDate: [^\r]*")


def _same_but_chance(content: bytes) -> bytes:
    return _DATE.sub(b"", _BOUNDARY.sub(b"boundary", content))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "tr", "en", ""])
@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_over_the_wire_is_what_django_would_send(owe: Owe, kind: str, language: str) -> None:
    message = owe(kind, language=language or "de")
    message.language = language
    mail = render(message=message)
    assert isinstance(mail, FoldedMail)

    sender, recipients, content = mail.wire()

    assert _same_but_chance(content) == _same_but_chance(mail.message().as_bytes(linesep="\r\n"))
    assert (sender, recipients) == ("vorkonferenz@example.org", [message.recipient])


@pytest.mark.parametrize("body", ["kurz", "ä" * 1000, "a\rb", "From here\n.\n..\n", "", "x\n" * 3])
@pytest.mark.parametrize("to", ["a@example.org", "ä@example.org", "Ä <a@example.org>", "o'neil@example.org"])
@pytest.mark.parametrize("subject", ["Kurz", "Ş" * 120, "long words " * 20])
def test_unusual_mails_are_written_as_django_does(body: str, to: str, subject: str) -> None:
    mail = FoldedMail(
        subject, body, "Köprü <a@example.org>", [to], headers={"X-Long": "word " * 40, "Message-ID": "<1@x>"}
    )
    mail.attach_alternative(f"<p>{body}</p>", "text/html")

    assert _same_but_chance(mail.wire()[2]) == _same_but_chance(mail.message().as_bytes(linesep="\r\n"))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_html_from_a_mould_is_what_the_templates_say(owe: Owe, kind: str) -> None:
    message = owe(kind)
    letters = [compose(message=message, language_code=code) for code in ("de", "tr")]

    for _again in range(2):
        assert html_of(letters) == rendered(letters)


@pytest.mark.django_db
def test_two_people_get_their_own_words_out_of_one_mould(owe: Owe) -> None:
    first, second = (compose(message=owe(Message.Kind.ACCESS), language_code="de") for _ in range(2))

    assert html_of([first]) == rendered([first]) != html_of([second]) == rendered([second])


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
SEVERAL = st.lists(WORDS, max_size=3).map(tuple)
DETAILS = st.lists(
    st.builds(
        Detail, WORDS, st.lists(WORDS.filter(bool), min_size=1, max_size=3).map("\n".join), st.just(False)
    ),
    max_size=3,
).map(tuple)
LETTERS = st.builds(
    Letter,
    language=st.sampled_from(["de", "tr", "en"]),
    subject=WORDS,
    greeting=WORDS,
    opening=SEVERAL,
    text=st.none()
    | st.builds(
        OwnText, st.just(Phrase("Hallo **{name}**, {name}!", "de")), st.fixed_dictionaries({"name": WORDS})
    ),
    sections=st.lists(
        st.builds(
            Section,
            heading=st.builds(Phrase, WORDS, st.just("tr")),
            sentences=SEVERAL,
            changes=SEVERAL,
            access=st.lists(st.builds(AccessDay, WORDS, WORDS, DETAILS), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    details=DETAILS,
    button=st.none() | st.builds(Button, WORDS, WORDS, WORDS),
    closing=SEVERAL,
    signature=SEVERAL,
    footer=SEVERAL,
    unsubscribe=st.none() | st.builds(Button, WORDS, WORDS, WORDS),
    hint=WORDS,
    notice=WORDS,
)


def _read(html: str) -> list[tuple[str, object]]:
    """What a mail program makes of it: `&quot;` and `"` are the same to it."""
    from html.parser import HTMLParser

    found: list[tuple[str, object]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, sorted(attrs)))

        def handle_data(self, data: str) -> None:
            if found and found[-1][0] == "":
                found[-1] = ("", f"{found[-1][1]}{data}")
            else:
                found.append(("", data))

    reader = Reader(convert_charrefs=True)
    reader.feed(html)
    reader.close()
    return found


@settings(max_examples=60, deadline=None)
@given(letters=st.lists(LETTERS, min_size=1, max_size=2))
def test_any_words_come_out_of_a_mould_as_out_of_the_templates(letters: list[Letter]) -> None:
    assert _read(html_of(letters)) == _read(rendered(letters))


@settings(max_examples=200, deadline=None)
@given(text=st.text("ab  -ÄŞ\t\n\xa0\u2028", max_size=2 * WIDTH))
def test_a_short_line_is_broken_as_a_long_one_is(text: str) -> None:
    """What fits is not handed to `textwrap`, and comes out the same."""
    expected = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)

    assert list(_broken(text)) == expected


@settings(max_examples=60, deadline=None)
@given(letter=LETTERS)
def test_a_letter_says_the_same_in_plain_text_each_time(letter: Letter) -> None:
    assert plain_text(letter) == plain_text(letter)
