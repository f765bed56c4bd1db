"""The address from which a person's calendar program fetches their own events."""

from __future__ import annotations

import datetime as dt
import logging
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from conference.logs import redact
from registration.domain.calendar.subscribe import end_subscription, renew_subscription, subscribe
from registration.domain.calendar.token import open_subscription, token_of
from registration.domain.cancel import cancel_registration
from registration.domain.erase import erase_participant
from registration.domain.export_data import export_data
from registration.domain.tokens import LinkRevoked, LinkUnknown, open_link
from registration.models import CalendarSubscription, Registration
from tests import factories
from tests.calendar.readers import with_vobject
from tests.calendar.rules import problems
from tests.registration_pages.helpers import Visitor, everything, visit
from tests.security.addresses import dump
from workshops.domain.release import release_programme
from workshops.models import Release, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(event: Workshop) -> Visitor:
    return visit(factories.make_participant(event.conference))


def register(visitor: Visitor, workshop: Workshop, **values: object) -> Registration:
    given = {"role": "active", "status": "confirmed", **values}
    return Registration.objects.create(participant=visitor.participant, workshop=workshop, **given)


def press(visitor: Visitor, action: str) -> HttpResponse:
    return visitor.post("my/calendar/", {"action": action}, "tr")


def path_of(visitor: Visitor) -> str:
    subscription = CalendarSubscription.objects.get(participant=visitor.participant, revoked_at=None)
    return f"/tr/calendar/{token_of(subscription=subscription)}.ics"


def fetch(path: str, **headers: str) -> HttpResponse:
    return Client().get(path, headers=headers)


def test_the_button_makes_an_address_that_shows_exactly_what_one_is_registered_for(
    event: Workshop, visitor: Visitor
) -> None:
    others = [
        factories.make_workshop(event.conference, title_tr=f"Başka {n}", with_day=False) for n in range(4)
    ]
    for number, workshop in enumerate(others):
        factories.make_day(workshop, date=dt.date(2020, 11, 2 + number))
    release_programme(conference=event.conference)
    mine = [
        register(visitor, event),
        register(visitor, others[0], role="listener"),
        register(
            visitor, others[1], status="waitlisted", waiting_since=timezone.now(), listens_meanwhile=True
        ),
        register(visitor, others[2], status="requested"),
    ]
    register(visitor, others[3], status="declined")
    register(visit(factories.make_participant(event.conference)), others[3])

    answer = press(visitor, "subscribe")
    response = fetch(path_of(visitor))

    assert (answer.status_code, answer["Location"]) == (303, "/tr/my/#calendar")
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert problems(response.content) == []
    days = [*event.days.order_by("date"), *(workshop.days.get() for workshop in others[:3])]
    rows = [mine[0], mine[0], mine[0], *mine[1:]]
    found = {entry.uid: entry for entry in with_vobject(response.content)[1]}
    uids = [f"registration-{row.pk}-day-{day.pk}@testserver" for row, day in zip(rows, days, strict=True)]
    assert sorted(found) == sorted(uids)
    assert [(found[uid].status, found[uid].summary) for uid in uids] == [
        ("CONFIRMED", "Dijital Şehir"),
        ("CONFIRMED", "Dijital Şehir"),
        ("TENTATIVE", "Dijital Şehir – Kapanış"),
        ("CONFIRMED", "Başka 0 (dinleyici)"),
        ("CONFIRMED", "Başka 1 (dinleyici)"),
        ("TENTATIVE", "Başka 2 (karar bekliyor)"),
    ]
    whole = response.content.decode()
    assert [word for word in ("canary", "123 456 789", visitor.participant.email) if word in whole] == []


def test_each_entry_says_role_and_state_and_both_clocks(event: Workshop, visitor: Visitor) -> None:
    register(visitor, event)
    path = path_of_new(visitor)

    [first, *_others] = with_vobject(fetch(path.replace("/tr/", "/en/")).content)[1]

    assert first.description.split("\n\n")[:2] == [
        "Saturday, 24 October 2020, 23:00–23:30 CET / 00:00–00:30 TRT, +1 (25 October 2020)\n"
        "CET = German time, UTC+2 (summer time); TRT = Turkish time, UTC+3",
        "Your registration: confirmed (active)\nAccess details and changes: http://testserver/en/my/",
    ]


def path_of_new(visitor: Visitor) -> str:
    press(visitor, "subscribe")
    return path_of(visitor)


def test_it_follows_releases_and_the_registration(event: Workshop, visitor: Visitor) -> None:
    row = register(visitor, event)
    path = path_of_new(visitor)
    before = sequences(path)
    event.days.filter(date="2020-10-26").update(opens=dt.time(10))
    event.days.filter(date="2020-10-28").delete()
    release_programme(conference=event.conference)
    released = sequences(path)
    cancel_registration(registration_id=row.pk)

    assert before == [(0, "CONFIRMED"), (0, "CONFIRMED"), (0, "TENTATIVE")]
    assert released == [(0, "CONFIRMED"), (1, "CONFIRMED"), (1, "CANCELLED")]
    assert sequences(path) == []
    assert problems(fetch(path).content) == []


def sequences(path: str) -> list[tuple[int, str]]:
    return [(entry.sequence, entry.status) for entry in with_vobject(fetch(path).content)[1]]


def test_a_new_address_ends_the_former_one_and_switching_off_ends_both(
    event: Workshop, visitor: Visitor
) -> None:
    first = path_of_new(visitor)
    assert path_of_new(visitor) == first  # pressed twice
    press(visitor, "renew")
    second = path_of(visitor)
    renewed = [fetch(path).status_code for path in (first, second)]
    press(visitor, "end")
    press(visitor, "end")

    ended = fetch(second)
    assert (renewed, ended.status_code, ended["Content-Type"]) == (
        [410, 200],
        410,
        "text/plain; charset=utf-8",
    )
    assert CalendarSubscription.objects.filter(revoked_at=None).count() == 0
    press(visitor, "subscribe")
    assert (fetch(path_of(visitor)).status_code, path_of(visitor) in {first, second}) == (200, False)


def test_it_ends_with_the_link_it_was_made_with(event: Workshop, visitor: Visitor) -> None:
    path = path_of_new(visitor)
    visitor.link.revoked_at = timezone.now()
    visitor.link.save()
    withdrawn = fetch(path).status_code
    again = visit(visitor.participant)

    assert withdrawn == 410
    assert path_of_new(again) != path


def test_reading_changes_nothing_and_needs_no_cookie(event: Workshop, visitor: Visitor) -> None:
    register(visitor, event)
    path = path_of_new(visitor)
    before = everything()

    response = fetch(path)
    again = fetch(path, **{"if-none-match": response["ETag"]})
    page = visitor.get("my/calendar/", "tr")
    file = visitor.get("my/calendar/file.ics", "tr")

    assert everything() == before
    assert (response.cookies, again.status_code, again.content) == ({}, 304, b"")
    assert (page.status_code, page["Location"]) == (303, "/tr/my/#calendar")
    assert (file.status_code, file.content) == (200, response.content)
    assert {name: response[name] for name in ("Referrer-Policy", "X-Robots-Tag")} == {
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }
    assert "no-store" in response["Cache-Control"]


def test_the_token_opens_a_calendar_and_nothing_else(event: Workshop, visitor: Visitor) -> None:
    token = path_of_new(visitor).split("/")[-1].removesuffix(".ics")
    others = [f"/en/{purpose}/{token}/" for purpose in ("invitation", "unsubscribe")]

    assert [fetch(path).status_code for path in others] == [404, 404]
    with pytest.raises(LinkUnknown):
        open_link(token=token)
    for path in (f"/en/calendar/{token[:-1]}.ics", "/en/calendar/a/b.ics", f"/en/calendar/{'A' * 43}.ics"):
        assert fetch(path).status_code == 404
    assert Client().post("/en/my/calendar/", {"action": "end"}).status_code == 403


def test_a_copy_of_the_database_opens_no_calendar(event: Workshop, visitor: Visitor) -> None:
    subscription = subscribe(link=visitor.link)
    words = {word for rows in dump().values() for row in rows for word in re.findall(r"[\w-]+", row)}

    assert {subscription.seed, subscription.digest} <= words
    assert token_of(subscription=subscription) not in words
    for word in words:
        with pytest.raises(LinkUnknown):
            open_subscription(token=word)


def test_former_keys_show_the_address_and_lost_ones_only_open_it(
    event: Workshop, visitor: Visitor, settings: Any
) -> None:
    subscription = subscribe(link=visitor.link)
    token = token_of(subscription=subscription)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key" * 5
    kept = token_of(subscription=subscription)
    settings.SECRET_KEY_FALLBACKS = []

    assert (kept, token_of(subscription=subscription)) == (token, "")
    assert open_subscription(token=token) == subscription


def test_no_log_names_the_token(event: Workshop, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = path_of_new(visitor)
    token = path.split("/")[-1].removesuffix(".ics")
    fetch(path)

    assert token not in caplog.text
    for written in (path, path.replace(".ics", ".txt")):
        assert redact(f"Not Found: {written}") == "Not Found: /tr/calendar/<link>"


def test_it_goes_with_the_person_and_is_told_in_their_data(event: Workshop, visitor: Visitor) -> None:
    path = path_of_new(visitor)
    [told] = export_data(participant=visitor.participant)["calendar_addresses"]

    erase_participant(participant_id=visitor.participant.pk)

    assert (set(told), told["revoked_at"]) == ({"created_at", "revoked_at"}, None)
    assert (fetch(path).status_code, CalendarSubscription.objects.count()) == (404, 0)


def test_it_goes_on_once_another_conference_is_on_the_site(event: Workshop, visitor: Visitor) -> None:
    register(visitor, event)
    path = path_of_new(visitor)
    event.conference.is_current = False
    event.conference.save()
    release_programme(conference=factories.make_conference())

    assert len(with_vobject(fetch(path).content)[1]) == 3


def test_before_the_first_release_it_says_so(event: Workshop, visitor: Visitor) -> None:
    path = path_of_new(visitor)
    Release.objects.all().delete()
    assert fetch(path).status_code == 404


def test_use_cases_of_a_link_are_idempotent_but_renewing(event: Workshop, visitor: Visitor) -> None:
    first, second = subscribe(link=visitor.link), subscribe(link=visitor.link)
    third = renew_subscription(link=visitor.link)
    end_subscription(link=visitor.link)

    assert (first, third == first) == (second, False)
    with pytest.raises(LinkRevoked):
        open_subscription(token=token_of(subscription=third))
