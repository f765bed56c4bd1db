"""The real programme draft, fact by fact, and what loading it twice does: nothing."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from registration.models import PrivacyVersion
from tests import factories
from workshops.domain.load_demo import year_ahead
from workshops.domain.programme import Programme, SessionEntry
from workshops.domain.release import released_programme
from workshops.models import Conference, Release, Session, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db

Row = tuple[str, str, int | None, list[tuple[str, str, str]]]
EVERYBODY: list[tuple[str, str, str]] = []


@pytest.fixture
def programme(demo: Conference) -> Programme:
    return released_programme()


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue().strip()


def agenda(programme: Programme, slug: str, day: int = 0) -> list[Row]:
    workshop = programme.workshop(slug)
    assert workshop is not None
    return [row(session) for session in workshop.days[day].walk()]


def row(session: SessionEntry) -> Row:
    home, partner = ([face.start_text for face in session.faces] or ["", ""])[:2]
    who = [
        (
            appearance.speaker.full_name if appearance.speaker else "N.N.",
            appearance.organisation.name["de"] if appearance.organisation else "",
            appearance.status,
        )
        for appearance in session.appearances
    ]
    return home, partner, session.duration_minutes, who


DST, TBB = "Deutscher Städtetag", "Verband Türkischer Kommunen"


def test_workshop_1_is_as_drafted(programme: Programme) -> None:
    assert agenda(programme, "digitale-stadt") == [
        ("09:30", "10:30", 5, [("N.N.", "Plattform-Dienstleister", "confirmed")]),
        ("09:35", "10:35", 5, [("Alexander Wagner", "Engagement Global", "confirmed")]),
        ("09:40", "10:40", 10, [("Sabine Drees", DST, "confirmed")]),
        ("09:50", "10:50", 15, [("Harun Yiğit", "Stadt Konya", "confirmed")]),
        ("10:05", "11:05", 15, [("Peter Aldelskamp", "Stadt Essen", "confirmed")]),
        ("10:20", "11:20", 15, EVERYBODY),
        ("10:35", "11:35", 15, [("N.N.", "Stadt Antalya", "tbc")]),
        ("10:50", "11:50", 15, [("Stefan Bege", "Stadt Nürnberg", "tbc")]),
        ("11:05", "12:05", 15, EVERYBODY),
        ("11:20", "12:20", 10, [("Kerim Taşkan", TBB, "confirmed"), ("Frauke Jansen", DST, "confirmed")]),
    ]


def test_workshop_2_is_as_drafted(programme: Programme) -> None:
    assert agenda(programme, "nachhaltige-stadtentwicklung") == [
        ("13:00", "14:00", 5, [("N.N.", "Plattform-Dienstleister", "confirmed")]),
        ("13:05", "14:05", 5, [("Sabine Drees", DST, "confirmed")]),
        ("13:10", "14:10", 10, [("Cemal Baş", TBB, "tbc")]),
        ("13:20", "14:20", 15, [("N.N.", "Stadt Istanbul", "tbc")]),
        (
            "13:35",
            "14:35",
            15,
            [
                ("Tim Gerstenberger", "Stadt Hannover", "confirmed"),
                ("Rainer Konerding", "Stadt Hannover", "confirmed"),
                ("Daniel Kulus", "Stadt Hamburg", "confirmed"),
            ],
        ),
        ("13:50", "14:50", 15, EVERYBODY),
        ("14:05", "15:05", 15, [("Onur Acar", "Stadt Bursa", "confirmed")]),
        (
            "14:20",
            "15:20",
            15,
            [
                ("Michael Kolmer", "Stadt Darmstadt", "confirmed"),
                ("Manfred Kühne", "Stadt Berlin", "confirmed"),
            ],
        ),
        ("14:35", "15:35", 15, EVERYBODY),
        (
            "14:50",
            "15:50",
            10,
            [
                ("Alexander Wagner", "Engagement Global", "confirmed"),
                ("Hilmar von Lojewski", DST, "confirmed"),
            ],
        ),
    ]


def test_workshop_3_has_its_nested_presentations_and_ten_minutes_to_spare(programme: Programme) -> None:
    rows = agenda(programme, "schutzfunktion-der-kommunen")
    assert [(home, partner, minutes, [name for name, *_ in who]) for home, partner, minutes, who in rows] == [
        ("10:00", "11:00", 10, ["N.N.", "Sabine Drees", "Daphne Groß-Jansen"]),
        ("10:10", "11:10", 90, ["Bülent Arslan"]),
        ("10:10", "11:10", 40, []),
        ("10:10", "11:10", 10, ["Seda Rass-Turgut"]),
        ("10:20", "11:20", 10, ["Aykut Sarp"]),
        ("10:30", "11:30", 10, ["İbrahim Karatüme"]),
        ("10:40", "11:40", 10, ["David Linse"]),
        ("10:50", "11:50", None, []),
        ("11:40", "12:40", 10, ["Dr. Franck Düvell", "Prof. Ali Zafer Sağiroğlu"]),
    ]
    workshop = programme.workshop("schutzfunktion-der-kommunen")
    assert workshop is not None
    assert [face.end_text for face in workshop.days[0].faces] == ["12:00", "13:00"]
    assert [a.role for _, _, a in workshop.appearances()][:3] == ["greeting", "greeting", "speaker"]
    assert [a.status for _, _, a in workshop.appearances()][:3] == ["tbc", "confirmed", "confirmed"]
    assert [s.number for s in workshop.days[0].walk() if s.guiding_questions["de"]] == ["2.1", "2.2"]


def test_workshop_4_has_two_days_without_durations_and_its_results(programme: Programme) -> None:
    workshop = programme.workshop("jugendaustausch")
    assert workshop is not None
    assert [
        (day.date, [f"{f.label} {f.start_text}–{f.end_text}" for f in day.faces]) for day in workshop.days
    ] == [
        (dt.date(2020, 6, 3), ["CET 10:00–16:00", "TRT 11:00–17:00"]),
        (dt.date(2020, 6, 10), ["CET 10:00–16:00", "TRT 11:00–17:00"]),
    ]
    assert [len(day.sessions) for day in workshop.days] == [4, 7]
    assert all(day.results[code] for day in workshop.days for code in ("de", "tr"))
    assert {session.duration_minutes for day in workshop.days for session in day.walk()} == {None}
    names = [speaker.full_name for speaker in workshop.speakers]
    assert names == ["Dr. Annegret Warth", "Veit Vogel", "Iraz Bayındır", "Idris Akdın"]
    assert workshop.platform is not None
    assert workshop.platform.name == "Zoom"


def test_what_has_no_time_yet_is_announced_without_one(programme: Programme) -> None:
    kept = [w for w in programme.workshops if w.kind != Workshop.Kind.WORKSHOP]
    assert [
        (w.slug, w.admission, w.capacity_active, w.platform, w.days[0].date, w.days[0].faces) for w in kept
    ] == [
        ("informationsveranstaltung", "open", 200, None, dt.date(2020, 6, 18), ()),
        ("oberbuergermeister-roundtable", "invited", 40, None, dt.date(2020, 6, 18), ()),
    ]


def test_every_open_point_of_the_draft_is_kept(programme: Programme) -> None:
    everything = [a for w in programme.workshops for _, _, a in w.appearances()]
    tbc = [
        (a.speaker.full_name if a.speaker else "N.N.", a.organisation.slug) for a in everything if a.is_open
    ]  # type: ignore[union-attr]
    assert [name for name, _ in tbc] == ["N.N.", "Stefan Bege", "Cemal Baş", "N.N.", "N.N."]


def test_every_text_has_all_three_languages(programme: Programme) -> None:
    texts = {
        f"{w.slug}/{s.number}": s.title for w in programme.workshops for day in w.days for s in day.walk()
    }
    texts |= {
        f"{w.slug}/{name}": getattr(w, name) for w in programme.workshops for name in ("title", "background")
    }
    assert [key for key, text in texts.items() if not all(text[code] for code in ("de", "tr", "en"))] == []


def everything() -> dict[str, list[dict[str, object]]]:
    models = [*apps.get_app_config("workshops").get_models(), PrivacyVersion]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def test_a_second_run_changes_no_row(demo: Conference) -> None:
    before = everything()
    assert load("--year", "2020") == "Demo conference of 2020: already there."
    assert load() == "Demo conference of 2020: already there."
    assert everything() == before


def test_a_second_run_keeps_what_organisers_did_and_releases_none_of_it(demo: Conference) -> None:
    Workshop.objects.filter(slug="digitale-stadt").update(title_de="Stadt, digital")
    Session.objects.filter(day__workshop__slug="digitale-stadt").first().delete()  # type: ignore[union-attr]
    added = factories.make_workshop(demo, slug="zusatz")
    before = everything()
    load()
    assert everything() == before
    assert Workshop.objects.filter(pk=added.pk).exists()
    assert Release.objects.count() == 1


def test_another_year_moves_the_dates_and_keeps_the_rows_and_the_clocks(demo: Conference) -> None:
    ids = list(WorkshopDay.objects.order_by("pk").values_list("pk", flat=True))
    Workshop.objects.filter(slug="digitale-stadt").update(
        registration_closes_at=dt.datetime(2020, 6, 10, 10, tzinfo=dt.UTC)
    )
    assert load("--year", "2031") == "Demo conference of 2031: moved, released as number 2."
    assert list(WorkshopDay.objects.order_by("pk").values_list("pk", flat=True)) == ids
    assert {day.date.year for day in WorkshopDay.objects.all()} == {2031}
    workshop = Workshop.objects.get(slug="digitale-stadt")
    assert workshop.registration_closes_at == dt.datetime(2031, 6, 10, 10, tzinfo=dt.UTC)
    assert agenda(released_programme(), "digitale-stadt")[0][:2] == ("09:30", "10:30")


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (dt.date(2026, 1, 1), 2026),
        (dt.date(2026, 6, 2), 2026),
        (dt.date(2026, 6, 3), 2027),
        (dt.date(2026, 6, 12), 2027),
        (dt.date(2026, 12, 31), 2027),
    ],
)
def test_without_a_year_all_days_lie_ahead(today: dt.date, year: int) -> None:
    assert year_ahead(today=today) == year


@pytest.mark.parametrize("year", ["99999", "1999", "2100", "0", "-5", "abc", "٢٠٢٠", "20 20", ""])
def test_a_year_that_is_none_gets_one_line_and_loads_nothing(year: str) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("load_demo", f"--year={year}")
    assert len(str(raised.value).splitlines()) == 1
    assert not Conference.objects.exists()


def test_beside_a_conference_on_the_site_the_demo_stays_in_the_background(conference: Conference) -> None:
    assert "It is not shown on the site" in load("--year", "2020")
    assert Conference.objects.get(is_current=True) == conference


def test_the_demo_brings_one_privacy_notice_in_three_languages(demo: Conference) -> None:
    [version] = PrivacyVersion.objects.all()
    assert version.number == 1
    assert all(
        getattr(version, f"{name}_{code}") for name in ("notice", "consent") for code in ("de", "tr", "en")
    )
