"""A session moves when something before it changes: the history says when and why, exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse

from conference.audit import recorded
from registration.domain.history.history_of import history_of, lines_of
from registration.domain.history.lay_out import Day, Item, lay_out
from registration.domain.history.replay import Move
from tests import factories
from tests.admin.test_programme import change_url, form_of
from tests.import_programme.drafts import draft, first_import, programme
from workshops.domain.import_programme.apply import apply
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.undo import undo
from workshops.domain.restore_release import restore_release
from workshops.models import Conference, Session, WorkshopDay

# The two days of a workshop: each on the other one's date, or beyond it.
LATER = (
    ("3. / 10. Juni 2020, 10:00-16:00", "10. / 17. Juni 2020, 10:00-16:00"),
    ("Tag 2 (10. Juni 2020)", "Tag 2 (17. Juni 2020)"),
    ("Tag 1 (3. Juni 2020)", "Tag 1 (10. Juni 2020)"),
)
Starts = dict[int, tuple[dt.date, dt.datetime | None]]


def starts(conference: Conference) -> Starts:
    """Of the programme as the public would see it."""
    days = [day for workshop in programme(conference).workshops for day in workshop.days]
    return {session.id: (day.date, session.start) for day in days for session in day.walk()}


def save(client: Client, row: Any, **changes: Any) -> None:
    """As a browser sends the form, with some of its fields changed; the page as a whole is one act."""
    data = form_of(client.get(change_url(row)))
    answer = client.post(change_url(row), {**data, **changes})
    assert answer.status_code == 302, answer.context["errors"]


def first_day(conference: Conference) -> WorkshopDay:
    found: WorkshopDay = WorkshopDay.objects.filter(workshop__conference=conference, workshop__number=1).get()
    return found


def top(conference: Conference) -> list[Session]:
    return list(first_day(conference).sessions.filter(parent=None).order_by("position", "pk"))


@pytest.fixture
def owner(demo: Conference, client: Client) -> Client:
    client.force_login(factories.make_organiser(conference=demo))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_a_day_is_laid_out_as_in_the_programme(demo: Conference) -> None:
    for day in WorkshopDay.objects.all():
        rows = day.sessions.values_list("pk", "day_id", "parent_id", "position", "duration_minutes")
        found = lay_out(day=Day(day.date, day.opens), items=[Item(*row) for row in rows], zone=demo.home_zone)
        assert dict(found.starts) == {
            pk: start for pk, (_date, start) in starts(demo).items() if pk in found.starts
        }
        assert len(found.starts) == len(rows)


# Everything that moves sessions, the usual ways


def lengthen(client: Client, conference: Conference) -> None:
    first = top(conference)[0]
    save(client, first, duration_minutes=(first.duration_minutes or 0) + 10)


def shorten_a_part(client: Client, conference: Conference) -> None:
    part = Session.objects.filter(parent__isnull=False, duration_minutes__gt=5).order_by("pk")[0]
    save(client, part, duration_minutes=5)


def reorder(client: Client, conference: Conference) -> None:
    """On the day's page, several sessions at once."""
    rows = top(conference)
    page = form_of(client.get(change_url(first_day(conference))))
    at = {int(page[f"sessions-{number}-id"]): number for number in range(len(rows))}
    places = {rows[1].pk: rows[2].position, rows[2].pk: rows[1].position}
    changed = {f"sessions-{at[pk]}-position": position for pk, position in places.items()}
    save(client, first_day(conference), **changed)


def add(client: Client, conference: Conference) -> None:
    rows = top(conference)
    new = {"position": rows[0].position, "kind": "break", "title_de": "Kaffee", "duration_minutes": 20}
    prefix = f"sessions-{len(rows)}-"
    sent = {"sessions-TOTAL_FORMS": len(rows) + 1, f"{prefix}day": first_day(conference).pk}
    save(client, first_day(conference), **sent, **{prefix + name: value for name, value in new.items()})


def delete(client: Client, conference: Conference) -> None:
    url = reverse("admin:workshops_session_delete", args=[top(conference)[1].pk])
    assert client.post(url, {"post": "yes"}).status_code == 302


def open_later(client: Client, conference: Conference) -> None:
    save(client, first_day(conference), opens="09:45:00", closes="12:15:00")


def without_a_time(client: Client, conference: Conference) -> None:
    save(client, top(conference)[1], duration_minutes="")


def another_date(client: Client, conference: Conference) -> None:
    """Beyond the night in which Germany changes its clocks."""
    save(client, first_day(conference), date="2020-11-16")


def import_a_draft(_client: Client, conference: Conference) -> None:
    found = compare(draft=draft(), conference=conference)
    changed = {change.key for change in found if change.kind != "removed" or change.what == "session"}
    with recorded(actor=factories.make_organiser(is_superuser=True)):
        apply(conference=conference, draft=draft(), picked=changed, file_name="vorkonferenz.txt")


def undo_it(_client: Client, conference: Conference) -> None:
    with recorded(actor=factories.make_organiser(is_superuser=True)):
        undo(draft_import=conference.draft_imports.latest("applied_at"))


def restore(_client: Client, conference: Conference) -> None:
    with recorded(actor=factories.make_organiser(is_superuser=True)):
        restore_release(release=conference.releases.get(number=1), by=None)


STEPS: list[Callable[[Client, Conference], None]] = [
    lengthen,
    shorten_a_part,
    reorder,
    add,
    delete,
    open_later,
    without_a_time,
    another_date,
    import_a_draft,
    undo_it,
    restore,
    lengthen,
]


def test_whatever_moves_a_session_is_told_as_it_was(demo: Conference, owner: Client) -> None:
    expected: dict[int, list[tuple[Any, Any]]] = {}
    for step in STEPS:
        before = starts(demo)
        step(owner, demo)
        after = starts(demo)
        moved = {pk for pk in before.keys() & after.keys() if before[pk] != after[pk]}
        assert moved, step.__name__
        for pk in moved:
            expected.setdefault(pk, []).insert(0, (before[pk], after[pk]))
    told = {row.pk: [_ends(move) for deed in history_of(row=row)[:] for move in deed.moves] for row in _all()}
    assert {pk: found for pk, found in told.items() if found} == {
        pk: found for pk, found in expected.items() if pk in told
    }


def _all() -> list[Session]:
    return list(Session.objects.select_related("day__workshop__conference"))


def _ends(move: Move) -> tuple[Any, Any]:
    was, is_now = move.starts
    return (move.before.day.date, was), (move.after.day.date, is_now)


# In words


@pytest.fixture
def agenda(conference: Conference) -> tuple[WorkshopDay, list[Session]]:
    """Three sessions of 15 minutes each, from 09:30 on, on 15 June 2020."""
    workshop = factories.make_workshop(conference, with_day=False)
    day = factories.make_day(workshop, date=dt.date(2020, 6, 15))
    titles = ("Begrüßung", "Vortrag", "Aussprache")
    rows = [
        factories.make_session(day, position=place, title_de=title, title_tr="", title_en="")
        for place, title in enumerate(titles, 1)
    ]
    LogEntry.objects.all().delete()
    return day, rows


def told(row: Any) -> list[list[str]]:
    row = type(row).objects.get(pk=row.pk)
    conference = Conference.objects.get()
    lines = lines_of(deeds=history_of(row=row)[:], row=row, zones=conference.zones)
    return [[sentence for each in line.told for sentence in each.sentences] for line in lines]


def change(row: Any, **values: Any) -> None:
    row = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def test_it_says_from_when_to_when_and_why(agenda: Any) -> None:
    day, (first, second, third) = agenda
    boss = factories.make_organiser(is_superuser=True)
    with recorded(actor=boss):
        change(first, duration_minutes=30)
    with recorded(actor=boss):
        change(second, position=9)
    with recorded(actor=boss):
        new = factories.make_session(day, position=0, title_de="Technik", title_en="", duration_minutes=5)
    with recorded(actor=boss):
        Session.objects.get(pk=first.pk).delete()
    with recorded(actor=boss):
        change(day, opens=dt.time(10, 0))
    with recorded(actor=boss):
        change(day, date=dt.date(2020, 11, 16))
    with recorded(actor=boss):
        change(new, duration_minutes=None)
    assert told(third) == [
        [
            "Moved from 10:05 CET / 12:05 TRT to no fixed time on 16 November 2020.",
            "Because how long “Technik” before it lasts is open now.",
        ],
        [
            "Moved from 15 June 2020, 10:05 CET / 11:05 TRT, to 16 November 2020, 10:05 CET / 12:05 TRT.",
            "Because its day is 16 November 2020 now.",
        ],
        [
            "Moved from 09:35 CET / 10:35 TRT to 10:05 CET / 11:05 TRT on 15 June 2020.",
            "Because its day opens at 10:00 CET / 11:00 TRT now.",
        ],
        [
            "Moved from 10:05 CET / 11:05 TRT to 09:35 CET / 10:35 TRT on 15 June 2020.",
            "Because “Begrüßung” before it was removed.",
        ],
        [
            "Moved from 10:00 CET / 11:00 TRT to 10:05 CET / 11:05 TRT on 15 June 2020.",
            "Because “Technik” was added before it.",
        ],
        [
            "Moved from 10:15 CET / 11:15 TRT to 10:00 CET / 11:00 TRT on 15 June 2020.",
            "Because “Vortrag” does not come before it any more.",
        ],
        [
            "Moved from 10:00 CET / 11:00 TRT to 10:15 CET / 11:15 TRT on 15 June 2020.",
            "Because “Begrüßung” before it lasts 30 minutes instead of 15 minutes.",
        ],
    ]


def test_the_page_of_a_day_tells_of_all_that_is_on_it(agenda: Any) -> None:
    day, (first, _second, third) = agenda
    boss = factories.make_organiser(is_superuser=True)
    with recorded(actor=boss):
        change(first, duration_minutes=30)
        third.delete()
    with recorded(actor=boss):
        change(day, opens=dt.time(10, 0), interpreters="Ada")
    assert told(day) == [
        [
            "Now opens at 10:00 CET / 11:00 TRT instead of 09:30 CET / 10:30 TRT.",
            "The interpreters were changed.",
        ],
        [
            "Now lasts 30 minutes instead of 15 minutes.",
            "Deleted.",
            "“Vortrag”: Moved from 09:45 CET / 10:45 TRT to 10:00 CET / 11:00 TRT on 15 June 2020.",
        ],
    ]


def test_what_nobody_recorded_is_left_out_and_the_rest_stays_true(agenda: Any) -> None:
    _day, (first, _second, third) = agenda
    boss = factories.make_organiser(is_superuser=True)
    with recorded(actor=boss):
        change(first, duration_minutes=20)
    Session.objects.filter(pk=first.pk).update(duration_minutes=60)
    with recorded(actor=boss):
        change(first, duration_minutes=65)
    assert [sentences[0] for sentences in told(third)] == [
        "Moved from 10:45 CET / 11:45 TRT to 10:50 CET / 11:50 TRT on 15 June 2020.",
        "Moved from 10:00 CET / 11:00 TRT to 10:05 CET / 11:05 TRT on 15 June 2020.",
    ]


def test_days_that_exchange_their_dates_never_had_another_one(db: None) -> None:
    """While they do, an import lets them hold dates of no meaning."""
    boss = factories.make_organiser(is_superuser=True)
    with recorded(actor=boss):
        made = first_import()
    LogEntry.objects.all().delete()
    with recorded(actor=boss):
        done = apply(conference=made, draft=draft(*LATER), picked=None, file_name="neu.txt")
    with recorded(actor=boss):
        undo(draft_import=done.draft_import)
    days = LogEntry.objects.filter(content_type__model="workshopday").order_by("pk")
    assert sorted(str(entry.changes) for entry in days) == [
        "{'date': ['2020-06-03', '2020-06-10']}",
        "{'date': ['2020-06-10', '2020-06-03']}",
        "{'date': ['2020-06-10', '2020-06-17']}",
        "{'date': ['2020-06-17', '2020-06-10']}",
    ]
    assert [entry.additional_data["way"] for entry in days] == [
        *[{"name": "import", "file": "neu.txt"}] * 2,
        *[{"name": "undo-import", "file": "neu.txt"}] * 2,
    ]
