"""Which language is the source, and which translation lags behind, whoever writes the texts and however."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.audit import unrecorded
from tests import factories
from workshops.domain.translations.read import entries
from workshops.domain.translations.values import Entry, State
from workshops.models import Conference, Session, TextState, Workshop

pytestmark = pytest.mark.django_db


def of(row: Any, field: str) -> Entry:
    conference = (
        row
        if isinstance(row, Conference)
        else getattr(row, "conference", None) or row.day.workshop.conference
    )
    key = f"workshops.{row._meta.model_name}.{row.pk}.{field}"
    (found,) = [entry for entry in entries(conference=conference) if entry.key == key]
    return found


def states(row: Any, field: str) -> tuple[str, ...]:
    state = of(row, field).state
    return tuple(str(state[code]) for code in ("de", "tr", "en"))


def write(row: Any, **values: str) -> None:
    """As a form does: the whole row."""
    fresh = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.save()


@pytest.fixture
def session(workshop: Workshop) -> Session:
    day = workshop.days.get()
    return factories.make_session(day, title_de="Begrüßung", title_tr="Karşılama", title_en="")


def test_texts_that_were_there_from_the_beginning_count_as_translated(session: Session) -> None:
    assert states(session, "title") == ("source", "translated", "missing")
    assert states(session, "description") == ("empty", "empty", "empty")
    assert TextState.objects.count() == 0


def test_a_changed_source_leaves_its_translation_behind(session: Session) -> None:
    write(session, title_de="Eröffnung")
    assert states(session, "title") == ("source", "outdated", "missing")


def test_a_source_that_is_changed_back_fits_its_translation_again(session: Session) -> None:
    write(session, title_de="Eröffnung")
    write(session, title_de="Begrüßung")
    assert states(session, "title") == ("source", "translated", "missing")


def test_a_translation_catches_up_when_it_is_edited(session: Session) -> None:
    write(session, title_de="Eröffnung")
    write(session, title_tr="Açılış")
    assert states(session, "title") == ("source", "translated", "missing")
    write(session, title_de="Auftakt")
    assert states(session, "title") == ("source", "outdated", "missing")


def test_both_written_at_once_fit_each_other(session: Session) -> None:
    write(session, title_de="Eröffnung", title_tr="Açılış", title_en="Opening")
    assert states(session, "title") == ("source", "translated", "translated")


def test_a_text_first_written_in_turkish_stays_turkish(session: Session) -> None:
    write(session, description_tr="Tanışma")
    assert states(session, "description") == ("missing", "source", "missing")
    write(session, description_de="Kennenlernen")
    assert states(session, "description") == ("translated", "source", "missing")
    write(session, description_tr="Tanışma ve sohbet")
    assert states(session, "description") == ("outdated", "source", "missing")


def test_where_the_source_is_deleted_its_translation_takes_its_place(session: Session) -> None:
    write(session, title_de="")
    assert states(session, "title") == ("missing", "source", "missing")
    write(session, title_de="Begrüßung")
    assert states(session, "title") == ("translated", "source", "missing")
    write(session, title_tr="Hoş geldiniz")
    assert states(session, "title") == ("outdated", "source", "missing")


def test_a_deleted_translation_is_missing_and_nothing_is_kept_of_it(session: Session) -> None:
    write(session, title_de="Eröffnung")
    write(session, title_tr="")
    assert states(session, "title") == ("source", "missing", "missing")
    assert TextState.objects.count() == 0


def test_a_name_that_is_the_same_in_both_languages_is_translated(conference: Conference) -> None:
    house = factories.make_organisation(conference, name_de="Kudo", name_tr="Kudo")
    assert states(house, "name") == ("source", "translated", "missing")


def test_a_translation_changed_by_a_single_statement_counts_as_translated(session: Session) -> None:
    write(session, title_de="Eröffnung")
    Session.objects.filter(pk=session.pk).update(title_tr="Açılış")
    assert states(session, "title") == ("source", "translated", "missing")


def test_only_the_texts_that_changed_are_looked_after(session: Session) -> None:
    write(session, title_de="Eröffnung")
    write(session, duration_minutes=20)
    assert [(row.field, row.language) for row in TextState.objects.all()] == [("title", "tr")]


def test_what_was_set_but_not_saved_is_not_taken_for_a_change(session: Session) -> None:
    fresh = Session.objects.get(pk=session.pk)
    fresh.title_de = "Eröffnung"
    fresh.save(update_fields=["position"])
    assert TextState.objects.count() == 0


def test_nothing_stays_of_a_deleted_row(conference: Conference, session: Session) -> None:
    write(session, title_de="Eröffnung")
    house = factories.make_organisation(conference, name_de="Stadt", name_tr="Şehir")
    write(house, name_de="Große Stadt")
    assert TextState.objects.count() == 2
    house.delete()
    session.day.workshop.delete()
    assert TextState.objects.count() == 0


def queries(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_looking_after_texts_costs_one_query_where_texts_are_saved_and_none_elsewhere(
    session: Session,
) -> None:
    """Beside what the log of changes asks for itself."""
    fresh = Session.objects.get(pk=session.pk)
    with unrecorded():
        assert queries(lambda: fresh.save(update_fields=["position"])) == 1
        assert queries(lambda: fresh.save(update_fields=["title_de"])) == 2


def test_the_loaded_demo_is_out_of_date_nowhere(db: None) -> None:
    call_command("load_demo", "--year", "2020", verbosity=0)
    found = {
        state for entry in entries(conference=Conference.objects.get()) for state in entry.state.values()
    }
    assert State.OUTDATED not in found
    assert State.TRANSLATED in found
    assert TextState.objects.count() == 0
    call_command("load_demo", "--year", "2024", verbosity=0)
    assert TextState.objects.count() == 0
