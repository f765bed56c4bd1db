"""What an earlier draft had brought and somebody removed here does not come back by default."""

from __future__ import annotations

import pytest

from tests.import_programme.drafts import KONYA, TEXT, differences, draft, import_draft, snapshot
from tests.import_programme.test_apply import WITHOUT_FOURTH
from workshops.domain.import_programme.apply import apply
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.undo import undo
from workshops.domain.release import release_programme
from workshops.domain.restore_release import restore_release
from workshops.models import Appearance, Conference, DraftImport, Session, Speaker, Workshop

pytestmark = pytest.mark.django_db

REMOVED = "Not picked: an earlier draft had brought this, and it was removed here since."
BELONGS = "Not picked: what it belongs to was removed here since."
Shown = tuple[str, str, str, bool, str]


def shown(conference: Conference, *replaced: tuple[str, str]) -> list[Shown]:
    found = compare(draft=draft(*replaced), conference=conference)
    return [(c.kind, c.what, c.where.rsplit(" › ", 1)[-1], c.by_default, c.reason) for c in found]


def test_a_session_removed_here_is_shown_and_not_picked(conference: Conference) -> None:
    Session.objects.get(appearances__speaker__last_name="Yiğit").delete()
    before = snapshot(conference)
    assert shown(conference) == [("added", "session", "Praxisbeispiel aus der Türkei", False, REMOVED)]
    assert import_draft(draft(), conference).done == []
    assert snapshot(conference) == before


def test_it_comes_when_it_is_picked_all_the_same(conference: Conference) -> None:
    Session.objects.get(appearances__speaker__last_name="Yiğit").delete()
    [change] = compare(draft=draft(), conference=conference)
    assert apply(conference=conference, draft=draft(), picked={change.key}).refused == []
    assert compare(draft=draft(), conference=conference) == []


def test_a_workshop_removed_here_takes_everything_in_it_along(conference: Conference) -> None:
    Workshop.objects.get(number=2).delete()
    found = shown(conference)
    assert {row[1] for row in found} == {"workshop", "day", "session"}
    assert {row[3:] for row in found} == {(False, REMOVED)}


def test_what_is_new_in_a_workshop_removed_here_does_not_bring_it_back(conference: Conference) -> None:
    Workshop.objects.get(number=1).delete()
    new = (f"{KONYA}\n", f"{KONYA}\n10:00 (CET) / 11:00 (TRT)\tFotopause\talle\t5 Min.\n")
    assert [row for row in shown(conference, new) if row[4] != REMOVED] == [
        ("added", "session", "Fotopause", False, BELONGS)
    ]
    assert import_draft(draft(new), conference).done == []


def test_somebody_removed_from_a_session_here_stays_away(conference: Conference) -> None:
    Appearance.objects.get(speaker__last_name="Acar").delete()
    assert shown(conference) == [("added", "appearance", "Onur Acar", False, REMOVED)]
    Speaker.objects.get(last_name="Acar").delete()
    assert shown(conference) == [
        ("added", "speaker", "Onur Acar", False, REMOVED),
        ("added", "appearance", "Onur Acar", False, REMOVED),
    ]


def test_the_same_title_on_another_day_is_new(conference: Conference) -> None:
    Session.objects.get(appearances__speaker__last_name="Yiğit").delete()
    line = "13:20 (CET) / 14:20 (TRT)\tPraxisbeispiel aus der Türkei\talle\t5 Min.\n"
    start = TEXT.rindex("\n", 0, TEXT.index("Onur Acar")) + 1
    row = TEXT[start : TEXT.index("\n", start)]
    assert (
        "added",
        "session",
        "Praxisbeispiel aus der Türkei",
        "",
        "Praxisbeispiel aus der Türkei",
    ) in differences(conference, (row, f"{line}{row}"))


def test_what_the_draft_itself_had_left_out_comes_back_with_it(conference: Conference) -> None:
    import_draft(draft((f"{KONYA}\n", "")), conference)
    assert [row[1:4] for row in shown(conference)] == [("session", "Praxisbeispiel aus der Türkei", True)]


def test_what_a_restore_took_out_stays_out(conference: Conference) -> None:
    undo(draft_import=import_draft(draft(WITHOUT_FOURTH), conference).draft_import)
    release = release_programme(conference=conference, by=None)
    new = (f"{KONYA}\n", f"{KONYA}\n10:00 (CET) / 11:00 (TRT)\tFotopause\talle\t5 Min.\n")
    import_draft(draft(new), conference)
    assert restore_release(release=release, by=None).left == []
    assert [row for row in shown(conference, new) if row[0] == "added"] == [
        ("added", "session", "Fotopause", False, REMOVED)
    ]


def test_an_import_kept_without_what_rows_lie_in_is_still_understood(conference: Conference) -> None:
    kept = DraftImport.objects.get()
    said = kept.before["said"]
    kept.before["said"] = {name: "" if name.endswith(":") else value for name, value in said.items()}
    kept.save()
    Session.objects.get(appearances__speaker__last_name="Yiğit").delete()
    assert shown(conference) == [("added", "session", "Praxisbeispiel aus der Türkei", False, REMOVED)]


def test_a_session_moved_to_another_day_here_stays_there(conference: Conference) -> None:
    first, second = Workshop.objects.get(number=4).days.order_by("date")
    session = first.sessions.filter(parent=None).order_by("position").last()
    assert session is not None
    Session.objects.filter(pk=session.pk).update(day=second, position=99)
    Session.objects.filter(parent=session.pk).update(day=second)
    found = [c for c in compare(draft=draft(), conference=conference) if c.field == "place"]
    assert [c.by_default for c in found] == [False]
