"""An import can be taken back, as far as nobody has built on it since."""

from __future__ import annotations

import pytest

from registration.models import Registration
from tests import factories
from tests.import_programme.drafts import KONYA, draft, import_draft, snapshot
from tests.import_programme.test_apply import WITHOUT_FOURTH, register
from tests.import_programme.test_differences import ANTALYA, FIRST_LATER, FIRST_WHEN, SPLIT, SWAPPED
from workshops.domain.import_programme.apply import apply
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.errors import ImportRefusedError
from workshops.domain.import_programme.record import values_of
from workshops.domain.import_programme.take_back import Entry, TakeBack
from workshops.domain.import_programme.undo import undo
from workshops.models import (
    Appearance,
    Conference,
    DraftImport,
    Membership,
    Organisation,
    Platform,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "replaced",
    [
        ((FIRST_WHEN, FIRST_LATER),),
        (SWAPPED,),
        ((f"{KONYA}\n", ""),),
        ((ANTALYA, "Ayşe Işık, Stadt Antalya"),),
        (("Peter Aldelskamp, Stadt Essen", "Ayşe Işık, Stadt Köln"),),
        (("organisiert von: Deutsch-Türkische Jugendbrücke", "organisiert von: Stadt Köln"),),
        SPLIT,
        (
            ("3. / 10. Juni 2020, 10:00-16:00", "10. / 17. Juni 2020, 10:00-16:00"),
            ("Tag 2 (10. Juni 2020)", "Tag 2 (17. Juni 2020)"),
            ("Tag 1 (3. Juni 2020)", "Tag 1 (10. Juni 2020)"),
        ),
    ],
    ids=["time", "order", "removed", "named", "others", "hosts", "split", "dates"],
)
def test_the_programme_is_as_it_was(conference: Conference, replaced: tuple[tuple[str, str], ...]) -> None:
    Session.objects.update(title_tr="çeviri")
    before = snapshot(conference)
    applied = import_draft(draft(*replaced), conference)
    assert snapshot(conference) != before
    undone = undo(draft_import=applied.draft_import)
    assert (undone.left, snapshot(conference)) == ([], before)


def test_a_removed_workshop_comes_back_with_its_team(conference: Conference) -> None:
    workshop = Workshop.objects.get(number=4)
    organiser = factories.make_organiser(workshop)
    before = snapshot(conference)
    [removal] = compare(draft=draft(WITHOUT_FOURTH), conference=conference)
    applied = apply(conference=conference, draft=draft(WITHOUT_FOURTH), picked={removal.key})
    assert Membership.objects.count() == 0
    undone = undo(draft_import=applied.draft_import)
    assert (undone.left, snapshot(conference)) == ([], before)
    assert Membership.objects.get().user == organiser


def test_the_first_import_leaves_nothing_behind(conference: Conference) -> None:
    kept = DraftImport.objects.get()
    undone = undo(draft_import=kept)
    assert undone.left == []
    models = (Conference, Platform, Organisation, Speaker, Workshop, WorkshopDay, Session, Appearance)
    assert [model.objects.count() for model in models] == [0] * len(models)
    kept.refresh_from_db()
    assert (kept.status, kept.conference) == ("undone", None)


def test_a_workshop_that_people_registered_for_stays(conference: Conference) -> None:
    workshop = Workshop.objects.get(number=1)
    register(workshop)
    undone = undo(draft_import=DraftImport.objects.get())
    assert Registration.objects.get().workshop == workshop
    assert [(w.number, w.days.get().sessions.count()) for w in Workshop.objects.all()] == [(1, 10)]
    assert (undone.left[0].name, undone.left[0].reason) == (
        "Digitale Stadt (1)",
        "It stays, because there are data of people with it: Registrations.",
    )
    assert Speaker.objects.count() == 7


def test_what_was_changed_since_stays(conference: Conference) -> None:
    applied = import_draft(
        draft((FIRST_WHEN, FIRST_LATER), (ANTALYA, "Ayşe Işık, Stadt Antalya")), conference
    )
    day = WorkshopDay.objects.get(workshop__number=1)
    WorkshopDay.objects.filter(pk=day.pk).update(opens="10:30")
    Speaker.objects.filter(last_name="Işık").update(biography_de="Leitet das Amt.")
    undone = undo(draft_import=applied.draft_import)
    assert [(left.name, left.reason) for left in undone.left] == [
        (str(day), "Changed since: opens."),
        ("Ayşe Işık", "It was changed since."),
    ]
    day.refresh_from_db()
    assert (f"{day.opens:%H:%M}", f"{day.closes:%H:%M}") == ("10:30", "11:30")
    assert not Appearance.objects.filter(speaker__last_name="Işık").exists()


def test_an_import_is_taken_back_once(conference: Conference) -> None:
    applied = import_draft(draft((FIRST_WHEN, FIRST_LATER)), conference)
    undo(draft_import=applied.draft_import)
    with pytest.raises(ImportRefusedError):
        undo(draft_import=applied.draft_import)


def test_what_was_taken_back_is_offered_again(conference: Conference) -> None:
    changed = draft((FIRST_WHEN, FIRST_LATER))
    before = compare(draft=changed, conference=conference)
    undo(draft_import=import_draft(changed, conference).draft_import)
    assert compare(draft=changed, conference=conference) == before


def test_number_and_text_of_the_same_row_count_once(conference: Conference) -> None:
    workshop = Workshop.objects.get(number=1)
    before = values_of(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(number=9, title_de="Anders")
    after = values_of(Workshop.objects.get(pk=workshop.pk))
    undone = TakeBack([Entry(Workshop, workshop.pk, before, after)]).run()
    assert (undone.restored, undone.left) == (1, [])
    assert values_of(Workshop.objects.get(pk=workshop.pk)) == before
