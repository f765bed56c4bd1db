"""The real draft, read into an empty database: the whole programme, and nothing new the second time."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.import_programme.drafts import (
    agenda,
    programme,
)
from workshops.models import Conference, Organisation, Speaker

pytestmark = pytest.mark.django_db

DST, TBB = "Deutscher Städtetag", "Verband Türkischer Kommunen"


def test_makes_the_conference(conference: Conference) -> None:
    assert (
        conference.slug,
        conference.is_current,
        conference.name_de,
        conference.name_tr,
        conference.starts_on,
        conference.ends_on,
        [(zone.name, zone.label, zone.meaning["tr"]) for zone in conference.zones],
        conference.contact_email,
        conference.sender_name_de,
    ) == (
        "virtuelle-vorkonferenz",
        True,
        "Virtuelle Vorkonferenz",
        None,
        dt.date(2020, 6, 15),
        dt.date(2020, 6, 18),
        [("Europe/Berlin", "CET", "Almanya saati"), ("Europe/Istanbul", "TRT", "Türkiye saati")],
        "vorkonferenz@example.org",
        "Virtuelle Vorkonferenz",
    )


def test_makes_the_workshops(conference: Conference) -> None:
    made = programme(conference)
    assert [
        (
            w.number,
            w.slug,
            w.subtitle["de"],
            [host.slug for host in w.hosts],
            w.platform.name if w.platform else None,
            w.capacity_active,
            w.interpreted_languages,
            [(day.date, [f"{face.start_text}–{face.end_text}" for face in day.faces]) for day in w.days],
        )
        for w in made.workshops
    ] == [
        (
            1,
            "digitale-stadt",
            "",
            ["dst"],
            "Kudo",
            30,
            ("de", "tr"),
            [(dt.date(2020, 6, 15), ["09:30–11:30", "10:30–12:30"])],
        ),
        (
            2,
            "nachhaltige-stadtentwicklung",
            "",
            ["dst"],
            "Kudo",
            30,
            ("de", "tr"),
            [(dt.date(2020, 6, 15), ["13:00–15:00", "14:00–16:00"])],
        ),
        (
            3,
            "schutzfunktion-der-kommunen",
            "Beiträge und Perspektiven von Kommunen zur Förderung der sozialen Kohäsion",
            ["skew", "giz"],
            "Kudo",
            None,
            ("de", "tr"),
            [(dt.date(2020, 6, 16), ["10:00–12:00", "11:00–13:00"])],
        ),
        (
            4,
            "jugendaustausch",
            "",
            ["deutsch-tuerkische-jugendbruecke"],
            "Zoom",
            None,
            ("de", "tr"),
            [
                (dt.date(2020, 6, 3), ["10:00–16:00", "11:00–17:00"]),
                (dt.date(2020, 6, 10), ["10:00–16:00", "11:00–17:00"]),
            ],
        ),
    ]


def test_makes_an_agenda_of_a_table(conference: Conference) -> None:
    assert agenda(programme(conference), 2) == [
        ("1", "Kurze technische Einführung", 5, "technical", ["Plattform-Dienstleister, technician"]),
        ("2", "Begrüßung der Moderatorin", 5, "welcome", [f"Sabine Drees, {DST}, moderator"]),
        ("3", "Begrüßung und Einführung", 10, "introduction", [f"Cemal Baş, {TBB}, greeting, tbc"]),
        ("4", "Praxisbeispiel aus der Türkei", 15, "presentation", ["Stadt Istanbul, speaker, tbc"]),
        (
            "5",
            "Praxisbeispiele aus Deutschland",
            15,
            "presentation",
            [
                "Tim Gerstenberger, Stadt Hannover, speaker",
                "Rainer Konerding, Stadt Hannover, speaker",
                "Daniel Kulus, Stadt Hamburg, speaker",
            ],
        ),
        ("6", "Diskussionsrunde", 15, "discussion", []),
        ("7", "Praxisbeispiele aus der Türkei", 15, "presentation", ["Onur Acar, Stadt Bursa, speaker"]),
        (
            "8",
            "Praxisbeispiel aus Deutschland",
            15,
            "presentation",
            ["Michael Kolmer, Stadt Darmstadt, speaker", "Manfred Kühne, Stadt Berlin, speaker"],
        ),
        ("9", "Diskussionsrunde", 15, "discussion", []),
        (
            "10",
            "Zusammenfassung und Schlusswort",
            10,
            "summary",
            ["Alexander Wagner, Engagement Global, speaker", f"Hilmar von Lojewski, {DST}, speaker"],
        ),
    ]


def test_makes_parts_of_parts(conference: Conference) -> None:
    bmz = "Bundesministerium für wirtschaftliche Zusammenarbeit und Entwicklung"
    made = programme(conference)
    assert agenda(made, 3) == [
        (
            "1",
            "Begrüßung und Einführung",
            10,
            "introduction",
            [
                f"{TBB}, greeting, tbc",
                f"Sabine Drees, {DST}, greeting",
                f"Daphne Groß-Jansen, {bmz}, speaker",
            ],
        ),
        ("2", "Deutsch-Türkischer Erfahrungsaustausch", 90, "discussion", ["Bülent Arslan, IMAP, moderator"]),
        ("2.1", "Präsentationen der Kommunen", 40, "presentation", []),
        ("2.1.1", "Osnabrück", 10, "presentation", ["Seda Rass-Turgut, Osnabrück, speaker"]),
        ("2.1.2", "Hatay", 10, "presentation", ["Aykut Sarp, Hatay, speaker"]),
        ("2.1.3", "Urfa", 10, "presentation", ["İbrahim Karatüme, Urfa, speaker"]),
        ("2.1.4", "Mannheim", 10, "presentation", ["David Linse, Mannheim, speaker"]),
        ("2.2", "Moderierte Diskussion", None, "discussion", []),
        (
            "3",
            "Zusammenfassung und Ausblick",
            10,
            "summary",
            [
                "Dr. Franck Düvell, IMIS, Osnabrück, rapporteur",
                "Prof. Ali Zafer Sağiroğlu, Migration Policy Center, Ankara, rapporteur",
            ],
        ),
    ]
    questions = [s.guiding_questions["de"].count("- ") for s in made.workshops[2].days[0].walk()]
    assert questions == [0, 0, 3, 0, 0, 0, 0, 4, 0]


def test_makes_days_without_durations(conference: Conference) -> None:
    made = programme(conference)
    assert [(row[0], row[3], row[4]) for row in agenda(made, 4, 1)] == [
        ("1", "summary", []),
        ("2", "keynote", ["Veit Vogel, speaker"]),
        ("3", "presentation", []),
        ("3.1", "presentation", ["Iraz Bayındır, speaker"]),
        ("3.2", "presentation", ["Idris Akdın, speaker"]),
        ("4", "work", []),
        ("5", "work", []),
        ("6", "work", []),
        ("7", "results", []),
    ]
    assert [day.results["de"].count("- ") for day in made.workshops[3].days] == [1, 2]


def test_knows_who_people_are_and_where_they_come_from(conference: Conference) -> None:
    assert Speaker.objects.count() == 27
    drees = Speaker.objects.select_related("organisation").get(slug="sabine-drees")
    assert (str(drees.organisation), drees.position_de) == (
        "Deutscher Städtetag (DST)",
        "Referentin Auslandsangelegenheiten",
    )
    german = ("essen", "nuernberg", "hannover", "hamburg", "darmstadt", "berlin", "osnabrueck", "mannheim")
    turkish = ("konya", "antalya", "istanbul", "bursa", "hatay", "urfa")
    made = Organisation.objects.exclude(kind=Organisation.Kind.HOST)
    assert {organisation.slug: (organisation.kind, str(organisation.country)) for organisation in made} == {
        **dict.fromkeys(german, ("city", "DE")),
        **dict.fromkeys(turkish, ("city", "TR")),
        "bundesministerium": ("ministry", "DE"),
        "plattform-dienstleister": ("provider", ""),
        "imap": ("company", ""),
        "imis-osnabrueck": ("agency", "DE"),
        "migration-policy-center-ankara": ("institute", "TR"),
    }
