"""What is picked is applied, with what it needs; what cannot be kept is refused and said, and the rest is kept."""

from __future__ import annotations

import datetime as dt

import pytest

from registration.models import Registration
from tests import factories
from tests.import_programme.drafts import (
    ESSEN,
    KONYA,
    TEXT,
    agenda,
    draft,
    import_draft,
    programme,
    rows,
    snapshot,
)
from tests.import_programme.test_differences import ANTALYA, FIRST_LATER, FIRST_WHEN, SWAPPED
from workshops.domain.import_programme.apply import apply
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.errors import ImportRefusedError, StaleChoiceError
from workshops.models import Conference, DraftImport, Session, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db

WITHOUT_FOURTH = (TEXT[TEXT.index("Fachworkshop 4:") :], "")


def register(workshop: Workshop) -> Registration:
    return Registration.objects.create(
        participant=factories.make_participant(workshop.conference),
        workshop=workshop,
        role="active",
        status="confirmed",
    )


def test_only_what_was_picked_is_applied(conference: Conference) -> None:
    changed = draft((FIRST_WHEN, FIRST_LATER), (ANTALYA, "Ayşe Işık, Stadt Antalya"))
    picked = {c.key for c in compare(draft=changed, conference=conference) if c.field == "times"}
    applied = apply(conference=conference, draft=changed, picked=picked)
    assert (rows(applied.done), applied.also) == (
        [("changed", "day", "15.06.2020", "times", "10:00–12:00 CET / 11:00–13:00 TRT")],
        [],
    )
    assert agenda(programme(conference), 1)[6][4] == ["Stadt Antalya, speaker, tbc"]


def test_what_a_choice_needs_comes_with_it(conference: Conference) -> None:
    changed = draft((ANTALYA, "Ayşe Işık, Stadt Antalya"))
    picked = {c.key for c in compare(draft=changed, conference=conference) if c.field == "speaker"}
    applied = apply(conference=conference, draft=changed, picked=picked)
    assert rows(applied.also) == [("added", "speaker", "Ayşe Işık", "", "Ayşe Işık")]
    assert agenda(programme(conference), 1)[6][4] == ["Ayşe Işık, Stadt Antalya, speaker, tbc"]


def test_an_unknown_choice_is_refused(conference: Conference) -> None:
    with pytest.raises(StaleChoiceError):
        apply(conference=conference, draft=draft(), picked={"changed:session:1:title_de:0"})
    assert DraftImport.objects.count() == 1


def test_the_same_conference_is_not_made_twice(conference: Conference) -> None:
    with pytest.raises(StaleChoiceError):
        import_draft(draft())
    assert Conference.objects.count() == 1


def test_an_upload_is_applied_once(conference: Conference) -> None:
    upload = DraftImport.objects.create(conference=conference, file_name="Entwurf.docx", status="read")
    changed = draft((FIRST_WHEN, FIRST_LATER))
    apply(conference=conference, draft=changed, picked=None, draft_import=upload)
    with pytest.raises(ImportRefusedError):
        apply(conference=conference, draft=changed, picked=None, draft_import=upload)
    upload.refresh_from_db()
    assert (upload.status, [row["model"] for row in upload.before["rows"]]) == ("applied", ["workshopday"])


def test_a_workshop_that_people_registered_for_is_never_removed(conference: Conference) -> None:
    registered = Workshop.objects.get(number=4)
    register(registered)
    changed = draft(WITHOUT_FOURTH)
    [removal] = compare(draft=changed, conference=conference)
    assert (removal.kind, removal.object_id, removal.by_default) == ("removed", registered.pk, False)
    assert removal.obstacle == "It stays, because there are data of people with it: Registrations."
    applied = apply(conference=conference, draft=changed, picked={removal.key})
    assert (applied.done, [refusal.reason for refusal in applied.refused]) == ([], [removal.obstacle])
    assert Registration.objects.get().workshop == registered


def test_a_workshop_without_people_is_removed_when_it_was_picked(conference: Conference) -> None:
    changed = draft(WITHOUT_FOURTH)
    assert import_draft(changed, conference).done == []
    [removal] = compare(draft=changed, conference=conference)
    assert apply(conference=conference, draft=changed, picked={removal.key}).refused == []
    assert sorted(Workshop.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_a_day_with_access_details_stays(conference: Conference) -> None:
    day = WorkshopDay.objects.get(date=dt.date(2020, 6, 10))
    factories.make_access(day)
    changed = draft(
        ("3. / 10. Juni 2020, 10:00-16:00", "3. Juni 2020, 10:00-16:00"),
        (TEXT[TEXT.index("Tag 2 (10. Juni 2020)") :], ""),
    )
    [removal] = [c for c in compare(draft=changed, conference=conference) if c.what == "day"]
    assert (removal.kind, removal.object_id, bool(removal.obstacle)) == ("removed", day.pk, True)
    import_draft(changed, conference)
    assert WorkshopDay.objects.filter(pk=day.pk).exists()


def test_registrations_stay_with_their_workshop_whatever_the_draft_changes(conference: Conference) -> None:
    workshop = Workshop.objects.get(number=1)
    registration = register(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(taken_active=1)
    changed = draft(
        ("Fachworkshop 1: **Digitale Stadt**", "Fachworkshop 1: **Die smarte Kommune**"),
        ("Digitale Stadt (1)\tKudo", "Die smarte Kommune (1)\tKudo"),
        (FIRST_WHEN, FIRST_LATER),
        SWAPPED,
    )
    assert import_draft(changed, conference).refused == []
    registration.refresh_from_db()
    workshop.refresh_from_db()
    assert (registration.workshop_id, workshop.title_de, workshop.slug, workshop.taken_active) == (
        workshop.pk,
        "Die smarte Kommune",
        "digitale-stadt",
        1,
    )


def test_fewer_places_than_are_taken_are_refused_and_the_rest_is_kept(conference: Conference) -> None:
    Workshop.objects.filter(number=1).update(taken_active=25)
    text = TEXT.replace("bis zu 30 Personen", "bis zu 20 Personen", 1)
    applied = import_draft(draft((FIRST_WHEN, FIRST_LATER), text=text), conference)
    assert [(r.change.field, r.reasons["de"] != "", r.reason) for r in applied.refused] == [
        ("capacity_active", True, "More active places are taken than this limit allows.")
    ]
    assert Workshop.objects.get(number=1).capacity_active == 30
    assert {change.field for change in applied.done} == {"times", "format_de"}


def test_a_time_in_the_night_the_clocks_change_is_refused(conference: Conference) -> None:
    night = (f"15. Juni 2020, {FIRST_WHEN}", "29. März 2020, 02:30-04:30 Uhr (deutscher Zeit, CET)")
    before = snapshot(conference)
    applied = import_draft(draft(night), conference)
    assert [refusal.change.field for refusal in applied.refused] == ["times"]
    assert [change.field for change in applied.done] == ["date"]
    assert programme(conference).workshops[0].days[0].date == dt.date(2020, 3, 29)
    assert before != snapshot(conference)


def test_days_swap_their_dates_only_together(conference: Conference) -> None:
    days = list(WorkshopDay.objects.filter(workshop__number=4).order_by("date"))
    swapped = draft(
        ("Tag 1 (3. Juni 2020)", "Tag 1 (X)"),
        ("Tag 2 (10. Juni 2020)", "Tag 2 (3. Juni 2020)"),
        ("Tag 1 (X)", "Tag 1 (10. Juni 2020)"),
    )
    found = [c for c in compare(draft=swapped, conference=conference) if c.field == "date"]
    assert len(found) == 2
    applied = apply(conference=conference, draft=swapped, picked={found[0].key})
    assert (len(applied.done), len(applied.refused)) == (0, 1)
    both = apply(conference=conference, draft=swapped, picked={change.key for change in found})
    assert both.refused == []
    assert [WorkshopDay.objects.get(pk=day.pk).date for day in days] == [days[1].date, days[0].date]


def test_new_rows_do_not_disturb_what_was_ordered_here(conference: Conference) -> None:
    day = conference.workshops.get(number=1).days.get()
    factories.make_session(day, title_de="Gruppenfoto", position=5, duration_minutes=1)
    Session.objects.filter(day=day, position__gt=4).exclude(title_de="Gruppenfoto").update(position=6)
    changed = draft((f"{KONYA}\n{ESSEN}", f"{KONYA}\n10:05 (CET)\tZwischenruf\talle\t1 Min.\n{ESSEN}"))
    import_draft(changed, conference)
    assert [row[1] for row in agenda(programme(conference), 1)][3:7] == [
        "Praxisbeispiel aus der Türkei",
        "Zwischenruf",
        "Gruppenfoto",
        "Praxisbeispiel aus Deutschland",
    ]


def test_what_was_refused_is_offered_again_and_what_was_not_picked_is_not(conference: Conference) -> None:
    Workshop.objects.filter(number=1).update(taken_active=25)
    text = TEXT.replace("bis zu 30 Personen", "bis zu 20 Personen", 1)
    changed = draft((FIRST_WHEN, FIRST_LATER), text=text)
    found = compare(draft=changed, conference=conference)
    apply(conference=conference, draft=changed, picked={c.key for c in found if c.field != "times"})
    again = compare(draft=changed, conference=conference)
    assert {change.field: change.by_default for change in again} == {"capacity_active": True, "times": False}
