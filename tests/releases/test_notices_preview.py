"""The hosts' own words in a mail about changes are shown beside an example of what has changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from registration.mails.preview import preview_letters
from registration.models import MailText, Message, Registration
from tests import factories
from workshops.models import Conference, Release

pytestmark = pytest.mark.django_db

JUNE = dt.date(2020, 6, 15)


def test_an_example_is_shown_before_there_is_any_release(conference: Conference) -> None:
    workshop = factories.make_workshop(conference, with_day=False, title_en="City", number=1)
    factories.make_day(workshop, date=JUNE)
    text = MailText(conference=conference, kind=Message.Kind.PROGRAMME_CHANGED, opening_en="See: {titles}")

    (english,) = [letter for letter in preview_letters(text=text) if letter.language == "en"]

    assert (english.opening, english.sections[0].heading.text) == (("See: City",), "Workshop 1: City")
    assert english.sections[0].changes == (
        "Date and time: until now Sunday, 14 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT, "
        "now Monday, 15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT.",
    )
    assert (Release.objects.count(), Message.objects.count(), Registration.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("times", [{"opens": dt.time(2, 30), "date": dt.date(2020, 3, 29)}, None])
def test_an_example_does_without_days_and_without_a_programme(conference: Conference, times: Any) -> None:
    workshop = factories.make_workshop(conference, with_day=False, title_en="City")
    if times:
        factories.make_day(workshop, **times)
    text = MailText(conference=conference, kind=Message.Kind.PROGRAMME_CHANGED, subject_en="Hello")

    letters = preview_letters(text=text)

    assert [letter.subject for letter in letters if letter.language == "en"] == ["Hello"]
    assert [len(letter.sections) for letter in letters] == [0 if times else 1] * 3
