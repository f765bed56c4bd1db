from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests import factories
from workshops.models import Conference

pytestmark = pytest.mark.django_db


def check(*arguments: str) -> str:
    out = io.StringIO()
    call_command("check_programme", *arguments, stdout=out)
    return out.getvalue()


def test_json_has_the_findings_of_the_real_programme(demo: Conference) -> None:
    data = json.loads(check("--json"))
    assert list(data) == ["findings"]
    assert [(f["severity"], f["code"]) for f in data["findings"]] == [
        ("warning", "agenda-shorter-than-day"),
        *[("note", "day-outside-conference")] * 2,
        *[("note", "time-unknown")] * 2,
        *[("note", "day-without-sessions")] * 2,
        *[("note", "session-without-duration")] * 2,
        *[("note", "speaker-open")] * 5,
    ]
    for finding in data["findings"]:
        assert set(finding) == {"code", "severity", "message", "places"}
        assert all(finding["message"][code] for code in ("de", "tr", "en"))
        assert all(place["text"] and place["url"].startswith("/admin/") for place in finding["places"])


def test_people_read_each_finding_with_its_places(conference: Conference) -> None:
    day = factories.make_workshop(conference, title_en="City", number=1).days.get()
    assert check() == (
        f"note: City (1), {day.date.day} {day.date:%B %Y} has no agenda yet. [day-without-sessions]\n"
        f"    City (1), {day.date.day} {day.date:%B %Y}  /admin/workshops/workshopday/{day.pk}/change/\n"
        "Found: 1.\n"
    )


def test_a_programme_in_order_has_nothing_to_report(conference: Conference) -> None:
    assert check() == "Nothing to report.\n"


def test_without_a_conference_there_is_one_clear_line(db: None) -> None:
    with pytest.raises(CommandError, match="no conference on the site yet"):
        check()
