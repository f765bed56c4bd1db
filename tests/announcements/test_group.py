from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from registration.domain.announcements.group import Group, count_group, language_for, registrations_of
from registration.domain.announcements.problems import problems_in
from registration.domain.suppress import suppress
from registration.models import Announcement
from tests.announcements.conftest import person_in
from tests.outbox.conftest import announce
from tests.world import register
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, ["active", "asks", "listens", "nowhere"]),
        ({"statuses": ["confirmed"]}, ["active", "listens", "nowhere"]),
        ({"statuses": ["requested"]}, ["asks"]),
        ({"roles": ["listener"]}, ["listens"]),
        ({"countries": ["DE"]}, ["listens"]),
        ({"countries": ["DE", "-"]}, ["listens", "nowhere"]),
        ({"languages": ["tr"], "statuses": ["confirmed"]}, ["active"]),
        ({"languages": ["-"]}, ["nowhere"]),
        ({"statuses": ["confirmed"], "roles": ["active"], "countries": ["DE"]}, []),
    ],
)
def test_filters_narrow_the_group_down(event: Workshop, chosen: dict[str, Any], names: list[str]) -> None:
    person_in(event, first_name="active", country="TR", language="tr")
    person_in(event, first_name="listens", role="listener", country="DE", language="de")
    person_in(event, first_name="asks", status="requested", country="TR", language="tr")
    person_in(event, first_name="nowhere", country="", language="")

    found = registrations_of(announcement=announce(event, chosen=chosen))

    assert sorted(found.values_list("participant__first_name", flat=True)) == names


def test_only_people_of_the_chosen_workshops_belong_to_it(event: Workshop, other: Workshop) -> None:
    person_in(other)

    assert count_group(announcement=announce(event)) == Group(0, 0, Counter())


def test_people_are_counted_once_however_many_workshops_they_are_in(event: Workshop, other: Workshop) -> None:
    both = person_in(event, language="de").participant
    register(other, status="confirmed", participant=both)
    person_in(other, language="tr")

    assert count_group(announcement=announce(event, other)) == Group(2, 0, Counter({"de": 1, "tr": 1}))


def test_who_does_not_want_to_be_written_to_is_counted_apart(event: Workshop) -> None:
    row = person_in(event, language="tr")
    person_in(event, language="tr")
    suppress(conference=event.conference, email=row.participant.email, reason="unsubscribed")

    assert count_group(announcement=announce(event)) == Group(1, 1, Counter({"tr": 1}))


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({}, "", ""),
        ({}, "en", "en"),
        ({"text_tr": ""}, "", "de"),
        ({"text_de": ""}, "", "tr"),
        ({"text_de": ""}, "de", "de"),
        ({"text_de": "", "text_tr": ""}, "", ""),
    ],
)
def test_whose_language_is_unknown_gets_no_text_twice(
    event: Workshop, texts: dict[str, str], language: str, expected: str
) -> None:
    assert language_for(announcement=announce(event, **texts), language=language) == expected


@pytest.mark.parametrize(
    ("text", "workshops", "problems"),
    [
        ("Dear {first_name} {last_name}, {title}, {date}, {times}, {conference}", 1, []),
        ("{first_name}", 2, []),
        ("{x.__class__}", 1, ["“{x.__class__}” is no placeholder of this mail."]),
        ("{", 1, ["The curly bracket “{” has no counterpart."]),
        (
            "{title}",
            2,
            ["“{title}” needs a message about a single workshop: choose one, or leave it out."],
        ),
        ("[x]({contact})", 1, ["No placeholder can stand in the address of a link."]),
        ("[x](https://example.org/)", 1, []),
    ],
)
def test_what_cannot_be_filled_in_is_named(text: str, workshops: int, problems: list[str]) -> None:
    assert problems_in(text=text, workshops=workshops) == problems


def test_an_announcement_is_named_by_its_subject(note: Announcement) -> None:
    assert str(note) == "Note"
