"""What came back from an office, beside what stands here: each case by its name, and only what is chosen is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests import factories
from tests.translations.exchange_rows import apply, back, key_of, only, preview, sent, session, state_of
from workshops.domain.translations.exchange.collect_units import collect_units
from workshops.domain.translations.exchange.markup import markup_lost
from workshops.domain.translations.exchange.preview import (
    TAKEN,
    Flag,
    Kind,
)
from workshops.domain.translations.exchange.values import Unit, Which
from workshops.domain.translations.read import entries
from workshops.domain.translations.values import State, digest_of
from workshops.models import Session

__all__ = ["session"]


# What goes out


def test_a_unit_says_what_it_is_and_what_to_keep_to(session: Session) -> None:
    conference = session.day.workshop.conference
    found = sent(conference, Which.MISSING)
    assert list(found) == [key_of(session)]
    assert found[key_of(session)] == Unit(
        key=key_of(session),
        context=found[key_of(session)].context,
        hints=("At most 300 characters.", "One line."),
        source="Begrüßung",
        target="",
        state=State.MISSING,
        source_digest=digest_of("Begrüßung"),
        target_digest=digest_of(""),
        max_length=300,
    )
    assert found[key_of(session)].context.endswith("Day 1 · 1 · Session: title")
    assert sent(conference)[key_of(session, "description")].hints == (
        "At most 10000 characters.",
        "Markdown: keep **, lists and links as they are; the addresses in links stay the same.",
    )


def test_outdated_texts_go_out_with_the_missing_ones_where_wanted(session: Session) -> None:
    session.description_de = "Mit Tee"
    session.save()
    conference = session.day.workshop.conference
    assert list(sent(conference, Which.MISSING)) == [key_of(session)]
    assert list(sent(conference, Which.OPEN)) == [key_of(session), key_of(session, "description")]


def test_texts_go_out_of_the_chosen_workshops_and_of_what_they_share(session: Session) -> None:
    workshop = session.day.workshop
    other = factories.make_workshop(workshop.conference, title_de="Anders")

    def groups(*keys: int | None) -> set[int | None]:
        found = entries(conference=workshop.conference)
        by_key = {entry.key: entry.workshop_id for entry in found}
        units = collect_units(
            entries=found, source_language="de", target_language="tr", which=Which.ALL, groups=keys
        )
        return {by_key[unit.key] for unit in units}

    assert groups() == {None, workshop.pk, other.pk}
    assert groups(workshop.pk) == {workshop.pk}
    assert groups(None, other.pk) == {None, other.pk}


def test_what_has_no_text_in_the_source_language_does_not_go_out(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(title_de="", title_tr="Açılış")
    assert key_of(session) not in sent(session.day.workshop.conference)


# What came back, case by case


@pytest.mark.parametrize(
    ("field", "target", "values", "kind"),
    [
        ("title", "Açılış", {}, Kind.NEW),
        ("description", "Kahveli", {}, Kind.CHANGED),
        ("description", " **Kahve** ve [plan](https://a.example/)\r\n", {}, Kind.SAME),
        ("title", " \n", {}, Kind.EMPTY),
        ("description", "", {}, Kind.EMPTY),
        ("title", "Açılış", {"language": "en"}, Kind.OTHER_LANGUAGE),
        ("title", "a" * 301, {}, Kind.TOO_LONG),
        ("title", "Açılış", {"key": "workshops.session.999999999.title"}, Kind.UNKNOWN),
        ("title", "Açılış", {"key": "x"}, Kind.UNKNOWN),
        ("title", "Açılış", {"unreadable": "This row has no id."}, Kind.UNREADABLE),
    ],
)
def test_each_case_has_its_name(
    session: Session, field: str, target: str, values: dict[str, Any], kind: Kind
) -> None:
    conference = session.day.workshop.conference
    unit = sent(conference)[key_of(session, field)]
    row = only(preview(conference, back(unit, target, **values)))
    assert (row.kind, row.flags, row.change is not None) == (kind, (), kind in TAKEN)


def test_a_new_text_is_shown_beside_its_source(session: Session) -> None:
    conference = session.day.workshop.conference
    unit = sent(conference)[key_of(session)]
    row = only(preview(conference, back(unit, "Açılış", remark="Kısa mı?")))
    assert (row.context, row.source, row.before, row.after, row.remark) == (
        unit.context,
        "Begrüßung",
        "",
        "Açılış",
        "Kısa mı?",
    )


def test_what_cannot_be_taken_says_why(session: Session) -> None:
    conference = session.day.workshop.conference
    unit = sent(conference)[key_of(session)]
    rows = [
        back(unit, "a" * 301),
        back(unit, "Açılış", key="x"),
        back(unit, "Açılış", language="en"),
        back(unit, "1", key="x", unreadable="This row has no id."),
    ]
    assert [only(preview(conference, row)).reason for row in rows] == [
        "This text may have at most 300 characters; it has 301.",
        "There is no such text, or not any more.",
        "This text is marked as one in another language.",
        "This row has no id.",
    ]


def test_a_text_given_twice_is_taken_only_where_both_are_the_same(session: Session) -> None:
    conference = session.day.workshop.conference
    unit = sent(conference)[key_of(session)]
    differ = preview(conference, back(unit, "Açılış"), back(unit, "Selamlama", place=2))
    assert [row.kind for row in differ.rows] == [Kind.TWICE, Kind.TWICE]
    same = preview(conference, back(unit, "Açılış"), back(unit, "Açılış", place=2))
    assert [row.kind for row in same.rows] == [Kind.NEW, Kind.SAME]
    assert [len(part) for part in (apply(conference, same).saved, apply(conference, same).refused)] == [1, 0]


def test_lines_are_joined_where_a_text_stands_on_one(session: Session) -> None:
    conference = session.day.workshop.conference
    found = preview(conference, back(sent(conference)[key_of(session)], "Açılış \r\n ve selamlama"))
    assert only(found).after == "Açılış ve selamlama"
    apply(conference, found)
    session.refresh_from_db()
    assert session.title_tr == "Açılış ve selamlama"


def test_a_source_that_changed_since_is_flagged_and_its_translation_is_outdated(session: Session) -> None:
    conference = session.day.workshop.conference
    unit = sent(conference)[key_of(session)]
    session.title_de = "Eröffnung"
    session.save()
    found = preview(conference, back(unit, "Selamlama"))
    assert (only(found).kind, only(found).flags, only(found).source) == (
        Kind.NEW,
        (Flag.SOURCE_CHANGED,),
        "Eröffnung",
    )
    apply(conference, found)
    assert state_of(session) is State.OUTDATED


def test_without_a_digest_the_source_in_the_file_tells(session: Session) -> None:
    conference = session.day.workshop.conference
    row = back(sent(conference)[key_of(session)], "Selamlama", source_digest="", target_digest="")
    assert only(preview(conference, row)).flags == ()
    assert only(preview(conference, replace(row, source="Grußwort"))).flags == (Flag.SOURCE_CHANGED,)


def test_a_translation_changed_here_since_is_flagged(session: Session) -> None:
    conference = session.day.workshop.conference
    unit = sent(conference)[key_of(session)]
    session.title_tr = "Selamlama"
    session.save()
    row = only(preview(conference, back(unit, "Açılış")))
    assert (row.kind, row.flags, row.before) == (Kind.CHANGED, (Flag.TARGET_CHANGED,), "Selamlama")


def test_what_the_office_has_not_finished_is_flagged(session: Session) -> None:
    conference = session.day.workshop.conference
    unit = sent(conference)[key_of(session)]
    flags = [
        only(preview(conference, back(unit, "Açılış", finished=finished))).flags
        for finished in (None, True, False)
    ]
    assert flags == [(), (), (Flag.UNFINISHED,)]


def test_an_office_confirms_an_outdated_translation_by_marking_it_finished(session: Session) -> None:
    conference = session.day.workshop.conference
    session.description_de = "Mit **Tee** und [Plan](https://a.example/)"
    session.save()
    unit = sent(conference, Which.OPEN)[key_of(session, "description")]
    kinds = [
        only(preview(conference, back(unit, unit.target, finished=finished))).kind
        for finished in (None, False, True)
    ]
    assert kinds == [Kind.SAME, Kind.SAME, Kind.CONFIRMED]
    applied = apply(conference, preview(conference, back(unit, unit.target, finished=True)))
    assert ([change.key for change in applied.saved], applied.refused) == ([unit.key], ())
    assert state_of(session, "description") is State.TRANSLATED


def test_what_a_workshops_team_may_not_write_is_listed_and_ignored(session: Session) -> None:
    conference = session.day.workshop.conference
    units = sent(conference)
    own, shared = units[key_of(session)], units[f"workshops.conference.{conference.pk}.name"]
    other = factories.make_workshop(conference)
    rows = (back(own, "Açılış"), back(shared, "Yeni ad"))
    mine = {session.day.workshop_id}
    kinds = [
        [row.kind for row in preview(conference, *rows, workshops=workshops).rows]
        for workshops in (None, mine, {other.pk})
    ]
    assert kinds == [[Kind.NEW, Kind.CHANGED], [Kind.NEW, Kind.NOT_YOURS], [Kind.NOT_YOURS, Kind.NOT_YOURS]]
    applied = apply(conference, preview(conference, *rows), workshops=mine)
    assert ([change.key for change in applied.saved], [change.key for change, _ in applied.refused]) == (
        [own.key],
        [shared.key],
    )


def test_what_somebody_changes_between_preview_and_choice_is_refused(session: Session) -> None:
    conference = session.day.workshop.conference
    found = preview(conference, back(sent(conference)[key_of(session)], "Açılış"))
    session.title_tr = "Selamlama"
    session.save()
    applied = apply(conference, found)
    assert [str(reason) for _, reason in applied.refused] == [
        "Somebody else has changed this text meanwhile."
    ]
    session.refresh_from_db()
    assert session.title_tr == "Selamlama"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("source", "translation", "said"),
    [
        ("[a](https://a.example/) **b**", "**b** [a](https://a.example/)", []),
        ("[a](https://a.example/)", "a", ["A link is missing: https://a.example/"]),
        (
            "[a](https://a.example/)",
            "[a](https://a .example/)",
            [
                "A link is missing: https://a.example/",
                "A link that the source does not have: https://a .example/",
            ],
        ),
        (
            "**b**",
            "**b",
            [
                "Two asterisks (**) are opened and not closed.",
                "Bold passages: 1 in the source, 0 in the translation.",
            ],
        ),
        ("- a\n- b\n1. c", "- a\n- b", ["List items: 3 in the source, 2 in the translation."]),
        ("## a\n\nb", "a\n\nb", ["Headings: 1 in the source, 0 in the translation."]),
    ],
)
def test_markup_that_got_lost_is_named(source: str, translation: str, said: list[str]) -> None:
    assert list(markup_lost(source, translation)) == said


def test_warnings_stand_with_the_text(session: Session) -> None:
    conference = session.day.workshop.conference
    session.description_de = "Kaffee, Tee, Wasser und Brot"
    session.save()
    unit = sent(conference)[key_of(session, "description")]
    found = [only(preview(conference, back(unit, text))).warnings for text in (unit.source, "**Kahve**")]
    assert found == [
        ("The translation is the same as the source.",),
        ("Bold passages: 0 in the source, 1 in the translation.",),
    ]
