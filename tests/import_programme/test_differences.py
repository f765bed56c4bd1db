"""A draft that was changed after it was imported gives the changes that were made in it, and no others."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import factories
from tests.import_programme.drafts import (
    ESSEN,
    KONYA,
    TEXT,
    agenda,
    differences,
    draft,
    import_draft,
    programme,
    rows,
    snapshot,
)
from workshops.domain.draft.serialise import as_json, from_json
from workshops.domain.import_programme.apply import apply
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.errors import StaleChoiceError
from workshops.models import Conference, Session, Speaker, Workshop

pytestmark = pytest.mark.django_db

FIRST_WHEN = "09:30-11:30 Uhr (deutscher Zeit, CET) / 10:30-12:30 Uhr (türkischer Zeit, TRT)"
FIRST_LATER = "10:00-12:00 Uhr (deutscher Zeit, CET) / 11:00-13:00 Uhr (türkischer Zeit, TRT)"
SWAPPED = (
    f"{KONYA}\n{ESSEN}",
    f"{ESSEN.replace('10:05', '09:50').replace('11:05', '10:50')}\n"
    f"{KONYA.replace('09:50', '10:05').replace('10:50', '11:05')}",
)
ANTALYA = "N.N., Stadt Antalya (tbc)"
SPLIT = (
    ("3. / 10. Juni 2020, 10:00-16:00 Uhr", "3. Juni 2020, 10:00-16:00 Uhr"),
    (
        "Tag 2 (10. Juni 2020)",
        "Fachworkshop 5:\n\nZukunft der Städtepartnerschaften\n\norganisiert von: Deutsch-Türkische Jugendbrücke\n\n"
        "10. Juni 2020, 10:00-16:00 Uhr (deutscher Zeit, CET) / 11:00-17:00 Uhr (türkischer Zeit, TRT)\n\n"
        "Ablauf und Konzeption des Fachworkshops\n\nTag 1 (10. Juni 2020)",
    ),
)


def translate_everything() -> None:
    for session in Session.objects.all():
        session.title_tr = f"TR {session.pk}"
        session.save()


def test_a_moved_time_is_one_change_on_both_clocks(conference: Conference) -> None:
    changed = (FIRST_WHEN, FIRST_LATER)
    assert differences(conference, changed) == [
        ("changed", "day", "15.06.2020", "times", "10:00–12:00 CET / 11:00–13:00 TRT")
    ]
    import_draft(draft(changed), conference)
    day = programme(conference).workshops[0].days[0]
    assert [session.faces[0].start_text for session in day.sessions][:3] == ["10:00", "10:05", "10:10"]


def test_a_moved_day_keeps_its_row_and_its_sessions(conference: Conference) -> None:
    before = list(Session.objects.values_list("pk", "day"))
    changed = ("15. Juni 2020, 13:00-15:00", "17. Juni 2020, 13:00-15:00")
    assert differences(conference, changed) == [("changed", "day", "17.06.2020", "date", "17.06.2020")]
    import_draft(draft(changed), conference)
    assert list(Session.objects.values_list("pk", "day")) == before


def test_a_workshop_that_moves_by_a_week_keeps_each_day_its_agenda(conference: Conference) -> None:
    moved = (
        ("3. / 10. Juni 2020, 10:00-16:00", "10. / 17. Juni 2020, 10:00-16:00"),
        ("Tag 2 (10. Juni 2020)", "Tag 2 (17. Juni 2020)"),
        ("Tag 1 (3. Juni 2020)", "Tag 1 (10. Juni 2020)"),
    )
    assert differences(conference, *moved) == [
        ("changed", "day", "10.06.2020", "date", "10.06.2020"),
        ("changed", "day", "17.06.2020", "date", "17.06.2020"),
    ]
    before = [row[1] for row in agenda(programme(conference), 4, 0)]
    assert import_draft(draft(*moved), conference).refused == []
    assert [row[1] for row in agenda(programme(conference), 4, 0)] == before


def test_a_renamed_session_keeps_its_row_and_its_translation(conference: Conference) -> None:
    translate_everything()
    changed = ("Praxisbeispiel aus der Türkei\tHarun Yiğit", "Konya wird digital\tHarun Yiğit")
    assert differences(conference, changed) == [
        ("changed", "session", "Konya wird digital", "title_de", "Konya wird digital")
    ]
    import_draft(draft(changed), conference)
    session = Session.objects.get(title_de="Konya wird digital")
    assert session.title_tr == f"TR {session.pk}"


def test_a_session_with_everybody_is_known_by_its_place(conference: Conference) -> None:
    text = TEXT.replace("Diskussionsrunde\talle", "Offene Runde\talle", 1)
    found = compare(draft=draft(text=text), conference=conference)
    assert rows(found) == [("changed", "session", "Offene Runde", "title_de", "Offene Runde")]


def test_n_n_gets_a_name(conference: Conference) -> None:
    changed = (ANTALYA, "Prof. Dr. Ayşe Işık, Stadt Antalya")
    assert differences(conference, changed) == [
        ("added", "speaker", "Ayşe Işık", "", "Ayşe Işık"),
        ("changed", "appearance", "Ayşe Işık", "status", "confirmed"),
        ("changed", "appearance", "Ayşe Işık", "speaker", "Ayşe Işık"),
    ]
    import_draft(draft(changed), conference)
    assert agenda(programme(conference), 1)[6][4] == ["Prof. Dr. Ayşe Işık, Stadt Antalya, speaker"]


def test_a_further_speaker_is_added_to_the_session(conference: Conference) -> None:
    changed = ("Onur Acar, Stadt Bursa", "Onur Acar und Ayşe Işık, Stadt Bursa")
    assert differences(conference, changed) == [
        ("added", "speaker", "Ayşe Işık", "", "Ayşe Işık"),
        ("added", "appearance", "Ayşe Işık", "", "Ayşe Işık"),
    ]
    import_draft(draft(changed), conference)
    assert agenda(programme(conference), 2)[6][4] == [
        "Onur Acar, Stadt Bursa, speaker",
        "Ayşe Işık, Stadt Bursa, speaker",
    ]


def test_somebody_else_speaks(conference: Conference) -> None:
    changed = ("Peter Aldelskamp, Stadt Essen", "Ayşe Işık, Stadt Essen")
    assert differences(conference, changed) == [
        ("added", "speaker", "Ayşe Işık", "", "Ayşe Işık"),
        ("added", "appearance", "Ayşe Işık", "", "Ayşe Işık"),
        ("removed", "appearance", "Peter Aldelskamp, Stadt Essen", "", None),
    ]
    import_draft(draft(changed), conference)
    assert Speaker.objects.filter(last_name="Aldelskamp").exists()


def test_a_name_that_was_put_right_is_the_same_person(conference: Conference) -> None:
    before = Speaker.objects.get(last_name="Aldelskamp")
    changed = ("Peter Aldelskamp", "Peter Adelskamp")
    assert differences(conference, changed) == [
        ("changed", "speaker", "Peter Adelskamp", "last_name", "Adelskamp")
    ]
    import_draft(draft(changed), conference)
    assert Speaker.objects.get(pk=before.pk).last_name == "Adelskamp"


def test_a_session_that_was_left_out_is_removed(conference: Conference) -> None:
    assert differences(conference, (f"{KONYA}\n", "")) == [
        ("removed", "session", "Praxisbeispiel aus der Türkei", "", None)
    ]
    import_draft(draft((f"{KONYA}\n", "")), conference)
    assert [row[4] for row in agenda(programme(conference), 1)][3:5] == [
        ["Peter Aldelskamp, Stadt Essen, speaker"],
        [],
    ]


def test_a_new_session_finds_its_place(conference: Conference) -> None:
    break_ = "10:20 (CET) / 11:20 (TRT)\tKaffeepause\talle\t5 Min."
    changed = (ESSEN, f"{ESSEN}\n{break_}")
    assert differences(conference, changed) == [("added", "session", "Kaffeepause", "", "Kaffeepause")]
    import_draft(draft(changed), conference)
    assert [(row[1], row[3]) for row in agenda(programme(conference), 1)][4:7] == [
        ("Praxisbeispiel aus Deutschland", "presentation"),
        ("Kaffeepause", "break"),
        ("Diskussionsrunde", "discussion"),
    ]


def test_swapped_sessions_are_one_change_of_the_order(conference: Conference) -> None:
    [change] = compare(draft=draft(SWAPPED), conference=conference)
    assert (change.kind, change.what, change.field) == ("changed", "day", "order")
    assert isinstance(change.after, list)
    assert change.after[3:5] == ["Praxisbeispiel aus Deutschland", "Praxisbeispiel aus der Türkei"]
    import_draft(draft(SWAPPED), conference)
    assert [row[4] for row in agenda(programme(conference), 1)][3:5] == [
        ["Peter Aldelskamp, Stadt Essen, speaker"],
        ["Harun Yiğit, Stadt Konya, speaker"],
    ]
    assert compare(draft=draft(SWAPPED), conference=conference) == []


def test_a_workshop_that_is_split_keeps_its_sessions_and_their_translations(conference: Conference) -> None:
    translate_everything()
    before = list(Session.objects.order_by("pk").values_list("pk", "title_tr"))
    found = differences(conference, *SPLIT)
    assert [row[:2] for row in found] == [
        ("added", "workshop"),
        ("added", "day"),
        *[("changed", "session")] * 7,
        ("removed", "day"),
    ]
    assert {row[3] for row in found[2:9]} == {"place"}
    assert import_draft(draft(*SPLIT), conference).refused == []
    assert list(Session.objects.order_by("pk").values_list("pk", "title_tr")) == before
    made = programme(conference)
    assert [(w.number, [len(list(day.walk())) for day in w.days]) for w in made.workshops][3:] == [
        (4, [4]),
        (5, [9]),
    ]
    assert [row[0] for row in agenda(made, 5)] == ["1", "2", "3", "3.1", "3.2", "4", "5", "6", "7"]


def test_workshops_behind_a_new_one_keep_their_people_and_change_their_number(conference: Conference) -> None:
    registered = Workshop.objects.get(number=2)
    text = TEXT
    for number in (4, 3, 2):
        text = text.replace(f"Fachworkshop {number}:", f"Fachworkshop {number + 1}:").replace(
            f"({number})\t", f"({number + 1})\t"
        )
    new = (
        "Fachworkshop 2: Verkehr\n\norganisiert von: Deutscher Städtetag (DST)\n\n"
        "17. Juni 2020, 10:00-11:00 Uhr (deutscher Zeit, CET) / 11:00-12:00 Uhr (türkischer Zeit, TRT)\n\n"
    )
    text = text.replace("<u>Fachworkshop 3:</u>", f"{new}<u>Fachworkshop 3:</u>").replace(
        "ten (4)", "ten (5)"
    )
    text = text.replace("COVID-19-Krise (3)\t", "COVID-19-Krise (4)\t")
    found = compare(draft=draft(text=text), conference=conference)
    assert [(c.kind, c.what, c.field, c.after) for c in found if c.what == "workshop"] == [
        ("added", "workshop", "", "Verkehr (2)"),
        ("changed", "workshop", "number", 3),
        ("changed", "workshop", "number", 4),
        ("changed", "workshop", "number", 5),
    ]
    assert import_draft(draft(text=text), conference).refused == []
    registered.refresh_from_db()
    assert (registered.number, registered.slug) == (3, "nachhaltige-stadtentwicklung")


def test_what_was_changed_here_is_not_changed_back_by_default(conference: Conference) -> None:
    Session.objects.filter(title_de="Moderierte Diskussion").update(title_de="Gespräch mit allen")
    [change] = compare(draft=draft(), conference=conference)
    assert (change.field, change.after, change.by_default) == ("title_de", "Moderierte Diskussion", False)
    assert import_draft(draft(), conference).done == []
    changed = ("2.2. Moderierte Diskussion", "2.2. Moderierte Aussprache")
    assert differences(conference, changed) == [
        ("changed", "part", "Moderierte Aussprache", "title_de", "Moderierte Aussprache")
    ]


def test_what_was_added_here_is_not_removed_by_default(conference: Conference) -> None:
    day = conference.workshops.get(number=1).days.get()
    factories.make_session(day, title_de="Gruppenfoto", position=11)
    factories.make_workshop(conference, title_de="Führung durchs Rathaus")
    found = compare(draft=draft(), conference=conference)
    assert [(c.kind, c.what, c.by_default) for c in found] == [
        ("removed", "session", False),
        ("removed", "workshop", False),
    ]


def test_only_the_language_of_the_draft_is_written(conference: Conference) -> None:
    other = draft()
    other.language = "tr"
    before = [(w.title_de, w.slug) for w in Workshop.objects.order_by("pk")]
    assert import_draft(other, conference).refused == []
    assert [(w.title_de, w.slug) for w in Workshop.objects.order_by("pk")] == before
    assert [w.title_tr for w in Workshop.objects.order_by("pk")] == [title for title, _slug in before]
    assert Session.objects.count() == 42
    assert [s.title_tr for s in Session.objects.order_by("pk")] == [
        s.title_de for s in Session.objects.order_by("pk")
    ]


def test_a_day_without_an_agenda_in_the_draft_keeps_its_own(conference: Conference) -> None:
    start = TEXT.index("Ablauf und Konzeption des Fachworkshops\n\nTag 1 (3. Juni 2020)")
    assert differences(conference, (TEXT[start:], "")) == []


def test_a_change_says_where_it_comes_from(conference: Conference) -> None:
    [change] = compare(draft=draft((FIRST_WHEN, FIRST_LATER)), conference=conference)
    day = conference.workshops.get(number=1).days.get()
    assert (change.where, change.group, change.object_id, change.before, change.lines) == (
        "Digitale Stadt (1) › 15.06.2020",
        "Digitale Stadt (1)",
        day.pk,
        "09:30–11:30 CET / 10:30–12:30 TRT",
        (TEXT[: TEXT.index(FIRST_WHEN)].count("\n") + 1,),
    )


def test_a_winter_day_is_shown_two_hours_apart(conference: Conference) -> None:
    changed = (f"15. Juni 2020, {FIRST_WHEN}", "15. Dezember 2020, 09:30-11:30 Uhr (deutscher Zeit, CET)")
    conference.workshops.get(number=1).days.update(opens=dt.time(8), closes=dt.time(9))
    found = {c.field: c.after for c in compare(draft=draft(changed), conference=conference)}
    assert found == {"date": "15.12.2020", "times": "09:30–11:30 CET / 11:30–13:30 TRT"}


def test_comparing_takes_the_same_number_of_queries_for_any_draft(
    conference: Conference, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(9):  # type: ignore[operator]
        compare(draft=draft(), conference=conference)
    with django_assert_num_queries(9):  # type: ignore[operator]
        compare(draft=draft(SWAPPED), conference=conference)


def test_a_choice_of_an_older_comparison_is_refused(conference: Conference) -> None:
    [change] = compare(draft=draft((FIRST_WHEN, FIRST_LATER)), conference=conference)
    conference.workshops.get(number=1).days.update(opens=dt.time(9))
    before = snapshot(conference)
    with pytest.raises(StaleChoiceError):
        apply(conference=conference, draft=draft((FIRST_WHEN, FIRST_LATER)), picked={change.key})
    assert snapshot(conference) == before


def test_the_conference_moves_with_both_its_days(conference: Conference) -> None:
    moved = ("VORKONFERENZ 15.-18. JUNI 2020", "VORKONFERENZ 22.-25. JUNI 2020")
    assert differences(conference, moved) == [
        ("changed", "conference", "Virtuelle Vorkonferenz", "dates", "22.06.2020 – 25.06.2020")
    ]
    assert import_draft(draft(moved), conference).refused == []


def test_what_moves_elsewhere_takes_only_those_parts_along_that_the_draft_still_has(
    conference: Conference,
) -> None:
    fewer = (*SPLIT, (" - a) Städtepartnerschaft Samsun Kiel: Iraz Bayındır\n", ""))
    assert [row for row in differences(conference, *fewer) if row[0] == "removed"] == [
        ("removed", "day", "10.06.2020", "", None),
        ("removed", "part", "Städtepartnerschaft Samsun Kiel", "", None),
    ]
    import_draft(draft(*fewer), conference)
    assert [row[1] for row in agenda(programme(conference), 5)][2:4] == [
        "Präsentation Best Practices",
        "Städtepartnerschaft Eskişehir Frankfurt a. M.",
    ]
    assert compare(draft=draft(*fewer), conference=conference) == []


STATED = "VORKONFERENZ 15.-18. JUNI 2020"


def test_days_that_the_draft_does_not_state_never_shrink_a_conference(conference: Conference) -> None:
    unstated = draft((STATED, "VORKONFERENZ"))
    assert (unstated.first_day, unstated.last_day) == (dt.date(2020, 6, 3), dt.date(2020, 6, 16))
    [widened] = compare(draft=unstated, conference=conference)
    assert (widened.field, widened.before, widened.after, widened.by_default, widened.reason) == (
        "dates",
        "15.06.2020 – 18.06.2020",
        "03.06.2020 – 18.06.2020",
        False,
        "Not picked: the draft itself does not say on which days the conference is.",
    )
    Conference.objects.update(starts_on=dt.date(2020, 6, 1))
    conference.refresh_from_db()
    assert compare(draft=unstated, conference=conference) == []


def test_a_new_conference_is_on_the_days_of_its_workshops(db: None) -> None:
    made = import_draft(draft((STATED, "VORKONFERENZ"))).conference
    assert made is not None
    assert (made.starts_on, made.ends_on) == (dt.date(2020, 6, 3), dt.date(2020, 6, 16))
    with pytest.raises(StaleChoiceError):
        import_draft(draft((STATED, "VORKONFERENZ")))


def test_a_draft_kept_before_knows_whether_its_days_were_stated(conference: Conference) -> None:
    for replaced in ((), ((STATED, "VORKONFERENZ"),)):
        kept = from_json(as_json(draft(*replaced)))
        assert kept.states_its_days is (replaced == ())
