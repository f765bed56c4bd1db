"""A programme as a plan that a test can change anywhere, and random changes of it."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st

from tests.checks.programmes import (
    EMPTY,
    JUNE,
    appears,
    day,
    house,
    item,
    platform,
    programme,
    speaker,
    text,
    workshop,
)
from workshops.domain.programme import DayEntry, Programme, SessionEntry, WorkshopEntry

Plan = dict[str, Any]
BURSA, KOELN = house("bursa"), house("koeln")
PEOPLE = {name: speaker(*name.split(), BURSA) for name in ("Ada Arı", "Berk Boz", "Cem Can")}
# How long a busy machine takes says nothing about a programme.
SLOW = [HealthCheck.too_slow]
CLOCK_TIMES = ("08:00", "09:30", "13:00", "23:30")


def session(pk: int, minutes: int | None = 15, *, people: Any = (), parts: Any = ()) -> Plan:
    return {
        "id": pk,
        "title": text(f"Punkt {pk}"),
        "minutes": minutes,
        "people": list(people),
        "parts": list(parts),
        "description": EMPTY,
    }


def base() -> Plan:
    """Two workshops; the first has two days, the first of which has an item with parts."""
    first = [
        session(1, people=["Ada Arı"]),
        session(2, 40, parts=[session(21, 20, people=["Berk Boz"]), session(22, 20)]),
        session(3),
        session(4, people=["?"]),
    ]
    second = [session(5), session(6, people=["Cem Can"])]
    return {
        "workshops": [
            {
                "id": 1,
                "title": text("Stadt"),
                "platform": "Kudo",
                "goals": text("Ziel"),
                "capacity": 30,
                "days": [
                    {"id": 11, "date": JUNE, "opens": "09:30", "sessions": first},
                    {"id": 12, "date": JUNE + dt.timedelta(days=1), "opens": "09:30", "sessions": second},
                ],
            },
            {
                "id": 2,
                "title": text("Land"),
                "platform": "Zoom",
                "goals": EMPTY,
                "capacity": None,
                "days": [{"id": 21, "date": JUNE, "opens": None, "sessions": [session(7), session(8)]}],
            },
        ]
    }


def built(plan: Plan) -> Programme:
    return programme(*(_workshop(each) for each in plan["workshops"]))


def _workshop(plan: Plan) -> WorkshopEntry:
    return workshop(
        *(_day(each) for each in plan["days"]),
        id=plan["id"],
        slug=f"workshop-{plan['id']}",
        number=plan["id"],
        title=plan["title"],
        goals=plan["goals"],
        capacity_active=plan["capacity"],
        platform=platform(name=plan["platform"]) if plan["platform"] else None,
    )


def _day(plan: Plan) -> DayEntry:
    items = [_session(each, str(number)) for number, each in enumerate(plan["sessions"], 1)]
    closes = "23:45" if plan["opens"] == "23:30" else "20:00"
    return day(*items, id=plan["id"], date=plan["date"], opens=plan["opens"], closes=closes)


def _session(plan: Plan, number: str) -> SessionEntry:
    people = [
        appears(PEOPLE[name])
        if name in PEOPLE
        else appears(None, organisation=KOELN if name == "?" else BURSA, status="tbc")
        for name in plan["people"]
    ]
    parts = tuple(_session(part, f"{number}.{index}") for index, part in enumerate(plan["parts"], 1))
    return item(
        plan["minutes"],
        *people,
        id=plan["id"],
        number=number,
        title=plan["title"],
        description=plan["description"],
        parts=parts,
    )


# Changes

Change = Callable[[Plan], None]


def days_of(plan: Plan) -> list[Plan]:
    return [day for workshop in plan["workshops"] for day in workshop["days"]]


def sessions_of(plan: Plan) -> list[Plan]:
    found = []
    for day_plan in days_of(plan):
        for each in day_plan["sessions"]:
            found += [each, *each["parts"]]
    return found


@st.composite
def changes(draw: Any) -> Change:
    """One change anywhere; it may be none at all, e.g. the same date once more."""
    number, minutes = draw(st.integers(0, 50)), draw(st.sampled_from([5, 15, 20, 40, None]))
    kind = draw(st.sampled_from(sorted(_KINDS)))
    return lambda plan: _KINDS[kind](plan, number, minutes)


def changed(plan: Plan, *made: Change) -> Plan:
    result = copy.deepcopy(plan)
    for change in made:
        change(result)
    return result


def _pick(items: list[Any], number: int) -> Any:
    return items[number % len(items)] if items else None


def _title(plan: Plan, number: int, _minutes: int | None) -> None:
    _pick([*plan["workshops"], *sessions_of(plan)] or [{}], number)["title"] = text(f"Neu {number}")


def _minutes(plan: Plan, number: int, minutes: int | None) -> None:
    (_pick(sessions_of(plan), number) or {})["minutes"] = minutes


def _date(plan: Plan, number: int, _minutes: int | None) -> None:
    (_pick(days_of(plan), number) or {})["date"] = JUNE + dt.timedelta(days=5 + number)


def _opens(plan: Plan, number: int, _minutes: int | None) -> None:
    (_pick(days_of(plan), number) or {})["opens"] = _pick([*CLOCK_TIMES, None], number)


def _platform(plan: Plan, number: int, _minutes: int | None) -> None:
    (_pick(plan["workshops"], number) or {})["platform"] = _pick(["Kudo", "Zoom", None], number)


def _order(plan: Plan, number: int, _minutes: int | None) -> None:
    sessions = (_pick(days_of(plan), number) or {"sessions": []})["sessions"]
    if sessions:
        sessions.insert(number % len(sessions), sessions.pop())


def _other_day(plan: Plan, number: int, _minutes: int | None) -> None:
    days = (_pick(plan["workshops"], number) or {"days": []})["days"]
    if len(days) > 1 and days[0]["sessions"]:
        days[1]["sessions"].append(days[0]["sessions"].pop(number % len(days[0]["sessions"])))


def _remove(plan: Plan, number: int, _minutes: int | None) -> None:
    sessions = (_pick(days_of(plan), number) or {"sessions": []})["sessions"]
    if sessions:
        sessions.pop(number % len(sessions))


def _add(plan: Plan, number: int, minutes: int | None) -> None:
    sessions = (_pick(days_of(plan), number) or {"sessions": []})["sessions"]
    pk = 100 + number
    if all(each["id"] != pk for each in sessions_of(plan)):
        sessions.insert(number % (len(sessions) + 1), session(pk, minutes))


def _people(plan: Plan, number: int, _minutes: int | None) -> None:
    (_pick(sessions_of(plan), number) or {})["people"] = _pick(
        [["?"], ["Ada Arı"], [], ["Cem Can", "!"]], number
    )


def _texts(plan: Plan, number: int, _minutes: int | None) -> None:
    (_pick(sessions_of(plan), number) or {})["description"] = text(f"Mehr {number}")
    (_pick(plan["workshops"], number) or {})["goals"] = text(f"Ziel {number}")


def _capacity(plan: Plan, number: int, _minutes: int | None) -> None:
    (_pick(plan["workshops"], number) or {})["capacity"] = number


def _remove_day(plan: Plan, number: int, _minutes: int | None) -> None:
    days = (_pick(plan["workshops"], number) or {"days": []})["days"]
    if days:
        days.pop(number % len(days))


def _remove_workshop(plan: Plan, number: int, _minutes: int | None) -> None:
    if plan["workshops"]:
        plan["workshops"].pop(number % len(plan["workshops"]))


_KINDS: dict[str, Callable[[Plan, int, int | None], None]] = {
    "title": _title,
    "minutes": _minutes,
    "date": _date,
    "opens": _opens,
    "platform": _platform,
    "order": _order,
    "other day": _other_day,
    "remove": _remove,
    "add": _add,
    "people": _people,
    "texts": _texts,
    "capacity": _capacity,
    "remove day": _remove_day,
    "remove workshop": _remove_workshop,
}
