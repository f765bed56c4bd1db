from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from registration.domain.placeholders import (
    KINDS_WITH_OWN_TEXT,
    allowed_list,
    fill,
    placeholders_of,
    problems_of,
)
from registration.models import Message

CONFIRMED = Message.Kind.CONFIRMED


def problems(text: str, kind: str = CONFIRMED) -> list[str]:
    with override("en"):
        return problems_of(text=text, kind=kind)


def test_every_kind_of_mail_to_a_participant_takes_a_text_and_a_barrier_report_does_not() -> None:
    to_organisers = {
        Message.Kind.BARRIER_REPORT,
        Message.Kind.BARRIER_ANSWER,
        Message.Kind.DOCUMENT,
        Message.Kind.DIGEST,
        Message.Kind.TEAM,
    }
    without = {*to_organisers, Message.Kind.ANNOUNCEMENT}
    assert set(KINDS_WITH_OWN_TEXT) == set(Message.Kind) - without
    assert placeholders_of(kind=Message.Kind.BARRIER_REPORT) == ()


def test_neither_secrets_nor_the_link_are_placeholders() -> None:
    names = {placeholder.name for kind in Message.Kind for placeholder in placeholders_of(kind=kind)}
    assert names == {
        "conference", "contact", "first_name", "last_name", "full_name", "organisation",
        "title", "titles", "date", "times", "position", "deadline",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS_WITH_OWN_TEXT)
def test_what_is_offered_is_accepted(kind: str) -> None:
    assert problems(allowed_list(kind=kind), kind) == []
    assert problems("No placeholder at all", kind) == []


@pytest.mark.parametrize(
    "piece",
    [
        "{x.__class__}",
        "{0}",
        "{}",
        "{first_name!r}",
        "{first_name:>99}",
        "{ first_name }",
        "{FIRST_NAME}",
        "{passcode}",
        "{link}",
        "{settings}",
        "{first_name.__class__.__mro__}",
        "{position}",
        "{% now %}",
    ],
)
def test_anything_else_is_named(piece: str) -> None:
    assert problems(f"Dear {piece}, dear {{first_name}}") == [f"“{piece}” is no placeholder of this mail."]


@pytest.mark.parametrize(
    ("text", "brackets"),
    [("{first_name", "{"), ("first_name}", "}"), ("{{first_name}}", "{}"), ("}{", "}{"), ("{{ x }", "{")],
)
def test_a_bracket_without_a_counterpart_is_named(text: str, brackets: str) -> None:
    expected = [f"The curly bracket “{bracket}” has no counterpart." for bracket in brackets]
    assert [problem for problem in problems(text) if "counterpart" in problem] == expected


def test_each_mistake_is_told_once() -> None:
    assert problems("{a} {b} {a}") == [
        "“{a}” is no placeholder of this mail.",
        "“{b}” is no placeholder of this mail.",
    ]


def test_values_are_not_read_again() -> None:
    values = {"first_name": "{contact}", "contact": "hosts@example.org"}
    assert fill(text="{first_name} {contact}", values=values) == "{contact} hosts@example.org"


def test_what_is_no_placeholder_stays_as_it_was_typed() -> None:
    assert fill(text="{x.__class__} {0} {", values={"x": "value"}) == "{x.__class__} {0} {"


@given(text=st.text(), value=st.text())
def test_filling_any_text_neither_raises_nor_loses_what_was_typed(text: str, value: str) -> None:
    assert fill(text=text, values={}) == text
    assert fill(text=text.replace("{", "").replace("}", "") + "{title}", values={"title": value}).endswith(
        value
    )


@given(text=st.text(alphabet="{}abc_. ", max_size=30))
def test_what_is_accepted_has_no_bracket_left_once_filled(text: str) -> None:
    values = {placeholder.name: "v" for placeholder in placeholders_of(kind=CONFIRMED)}
    if not problems(text):
        assert not set("{}") & set(fill(text=text, values=values))
