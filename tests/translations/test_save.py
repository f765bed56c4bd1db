from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.audit import recorded
from tests import factories
from tests.registration.test_locks import Beside
from workshops.domain.translations.read import entries
from workshops.domain.translations.save import save_texts, still_right
from workshops.domain.translations.values import Entry, Refused, TextChange, digest_of
from workshops.models import Conference, Session, TextState, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(workshop: Workshop) -> Session:
    return factories.make_session(workshop.days.get(), title_de="Vortrag", title_tr="Sunum", title_en="")


def entry_of(row: Any, field: str = "title") -> Entry:
    key = f"workshops.{row._meta.model_name}.{row.pk}.{field}"
    (found,) = [entry for entry in entries(conference=Conference.objects.get()) if entry.key == key]
    return found


def change(row: Any, language: str, text: str, field: str = "title") -> TextChange:
    entry = entry_of(row, field)
    return TextChange(key=entry.key, language=language, text=text, seen_digest=entry.digests[language])


def save(*changes: TextChange, **values: Any) -> tuple[list[str], list[str], list[str]]:
    """The texts that were saved and those that were there already, and why the others were refused."""
    done = save_texts(conference=Conference.objects.get(), changes=changes, by=None, **values)
    return (
        [change.text for change in done.saved],
        [change.text for change in done.same],
        [reason.code for _change, reason in done.refused],
    )


def texts(row: Any, field: str = "title") -> dict[str, str]:
    return entry_of(row, field).texts


def test_texts_are_written_each_in_its_column(session: Session) -> None:
    workshop = session.day.workshop
    done = save(
        change(session, "en", "Lecture"), change(session, "tr", "Sunum"), change(workshop, "tr", "Şehir")
    )
    assert done == (["Lecture", "Şehir"], ["Sunum"], [])
    assert texts(session) == {"de": "Vortrag", "tr": "Sunum", "en": "Lecture"}
    assert texts(workshop) == {**{c: getattr(workshop, f"title_{c}") for c in ("de", "en")}, "tr": "Şehir"}


def test_nothing_else_of_the_row_is_written(session: Session) -> None:
    wanted = change(session, "en", "Lecture")
    with CaptureQueriesContext(connection) as captured:
        save(wanted)
    written = [query["sql"] for query in captured if query["sql"].startswith('UPDATE "workshops_session"')]
    assert [re.findall(r'"(\w+)" = ', sql.partition(" WHERE ")[0]) for sql in written] == [["title_en"]]


def test_what_somebody_else_changed_meanwhile_stays(session: Session) -> None:
    mine = change(session, "tr", "Konferans")
    save(change(session, "tr", "Bildiri"))
    assert save(mine, change(session, "en", "Lecture")) == (["Lecture"], [], [Refused.CHANGED])
    assert texts(session)["tr"] == "Bildiri"


def test_two_people_who_type_the_same_do_not_disagree(session: Session) -> None:
    mine = change(session, "tr", "Bildiri")
    save(change(session, "tr", "Bildiri"))
    assert save(mine) == ([], ["Bildiri"], [])


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("title", "x" * 301, Refused.TOO_LONG),
        ("title", "zwei\nZeilen", Refused.SEVERAL_LINES),
        ("title", "zwei\u2028Zeilen", Refused.SEVERAL_LINES),
        ("description", "x" * 10_001, Refused.TOO_LONG),
        ("description", "Null\x00", Refused.CHARACTERS),
        ("description", "halb \ud83d", Refused.CHARACTERS),
        ("description", "zeile\rzeile", Refused.CHARACTERS),
    ],
)
def test_what_cannot_be_kept_is_refused(session: Session, field: str, text: str, why: Refused) -> None:
    assert save(change(session, "tr", text, field)) == ([], [], [why])


@pytest.mark.parametrize("forged", ["", "x" * 300, "0" * 65])
def test_a_source_that_is_no_digest_counts_as_the_source_as_it_stands(session: Session, forged: str) -> None:
    wanted = replace(change(session, "tr", "Bildiri"), source_language="de", source_digest=forged)
    assert save(wanted) == (["Bildiri"], [], [])
    assert TextState.objects.get(language="tr").source_digest == digest_of("Vortrag")


def test_longer_texts_keep_their_lines_tabs_and_spaces(session: Session) -> None:
    text = "  - bir\n\t- iki 😀  "
    assert save(change(session, "tr", text, "description"))[0] == [text]
    assert texts(session, "description")["tr"] == text


def test_a_text_may_be_emptied_unless_nothing_would_be_left_of_it(session: Session) -> None:
    assert save(change(session, "tr", "")) == ([""], [], [])
    assert save(change(session, "de", "")) == ([], [], [Refused.REQUIRED])
    assert save(change(session, "de", ""), change(session, "tr", "Sunum")) == (["", "Sunum"], [], [])


@pytest.mark.parametrize(
    ("key", "language"),
    [
        ("workshops.session.{}.slug", "tr"),
        ("workshops.session.{}.title", "fr"),
        ("workshops.session.99999999999999999999.title", "tr"),
        ("workshops.membership.{}.title", "tr"),
        ("registration.mailtext.{}.subject", "tr"),
        ("", "tr"),
        ("workshops.session.-1.title", "tr"),
    ],
)
def test_unknown_texts_are_refused(session: Session, key: str, language: str) -> None:
    asked = TextChange(key=key.format(session.pk), language=language, text="x", seen_digest=digest_of(""))
    assert save(asked) == ([], [], [Refused.UNKNOWN])
    assert save(asked, workshops=[session.day.workshop_id])[2] in ([Refused.NOT_YOURS], [Refused.UNKNOWN])


def test_texts_of_another_conference_are_unknown(session: Session) -> None:
    wanted = change(session, "tr", "Konferans")
    other = factories.make_conference(is_current=False)
    done = save_texts(conference=other, changes=[wanted], by=None)
    assert [reason.code for _change, reason in done.refused] == [Refused.UNKNOWN]
    session.refresh_from_db()
    assert session.title_tr == "Sunum"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_row_of_another_conference(conference: Conference) -> None:
    theirs = factories.make_session(factories.make_workshop(conference).days.get())
    wanted = change(theirs, "tr", "Konferans")
    other = factories.make_conference(is_current=False)
    done = threading.Event()
    was_done: list[bool] = []
    writing = Beside(
        lambda: Session.objects.select_for_update().get(pk=theirs.pk),
        lambda: was_done.append(done.wait(60)),
    )
    writing.start()
    writing.began.wait()
    saved = save_texts(conference=other, changes=[wanted], by=None)
    done.set()
    writing.join()
    assert ([reason.code for _change, reason in saved.refused], was_done) == ([Refused.UNKNOWN], [True])


def test_of_single_workshops_only_their_own_texts_are_written(
    conference: Conference, session: Session
) -> None:
    own = session.day.workshop
    other = factories.make_workshop(conference)
    house = factories.make_organisation(conference)
    done = save(
        change(own, "tr", "Bizim"),
        change(other, "tr", "Onların"),
        change(house, "tr", "Ortak", "name"),
        change(conference, "tr", "Konferans", "name"),
        workshops=[own.pk],
    )
    assert done == (["Bizim"], [], [Refused.NOT_YOURS] * 3)


def test_a_text_given_twice_is_taken_once(session: Session) -> None:
    assert save(change(session, "tr", "Bir"), change(session, "tr", "İki")) == (["Bir"], [], [Refused.TWICE])


def test_a_translation_of_an_older_source_is_kept_and_is_outdated(session: Session) -> None:
    seen = entry_of(session)
    save(change(session, "de", "Festvortrag"))
    late = replace(change(session, "en", "Lecture"), source_language="de", source_digest=seen.digests["de"])
    save(late)
    found = entry_of(session)
    assert (found.state["en"], found.made_from_digest["en"]) == ("outdated", seen.digests["de"])


def test_a_translation_may_be_made_from_another_language(session: Session) -> None:
    save(replace(change(session, "en", "Lecture"), source_language="tr"))
    assert entry_of(session).made_from == {"de": "de", "tr": "de", "en": "tr"}
    save(change(session, "de", "Festvortrag"))
    assert {str(k): str(v) for k, v in entry_of(session).state.items()} == {
        "de": "source",
        "tr": "outdated",
        "en": "translated",
    }


def outdated(session: Session) -> Entry:
    save(change(session, "de", "Festvortrag"))
    return entry_of(session)


def say_right(entry: Entry, **values: Any) -> str | None:
    said = {
        "key": entry.key,
        "language": "tr",
        "seen_digest": entry.digests["tr"],
        "source_digest": entry.digests["de"],
        **values,
    }
    reason = still_right(conference=Conference.objects.get(), by=None, **said)
    return reason and reason.code


def test_a_translation_said_to_be_still_right_is_up_to_date_until_the_source_changes(
    session: Session,
) -> None:
    entry = outdated(session)
    assert entry.state["tr"] == "outdated"
    assert say_right(entry) is None
    assert entry_of(session).state["tr"] == "translated"
    save(change(session, "de", "Abendvortrag"))
    assert entry_of(session).state["tr"] == "outdated"


def test_nothing_is_said_to_be_right_that_was_not_seen(session: Session) -> None:
    entry = outdated(session)
    assert say_right(entry, source_digest=digest_of("Vortrag")) == Refused.CHANGED
    assert say_right(entry, seen_digest=digest_of("")) == Refused.CHANGED
    assert say_right(entry, workshops=[]) == Refused.NOT_YOURS
    assert say_right(entry, key="workshops.session.1x.title") == Refused.UNKNOWN
    assert entry_of(session).state["tr"] == "outdated"


@pytest.fixture
def by_an_organiser(conference: Conference) -> Iterator[Any]:
    organiser = factories.make_organiser(conference=conference)
    with recorded(actor=organiser):
        yield organiser


def test_the_log_of_changes_sees_each_row_once(session: Session, by_an_organiser: Any) -> None:
    save(change(session, "tr", "Konferans"), change(session, "en", "Lecture"))
    entry = LogEntry.objects.get(action=LogEntry.Action.UPDATE)
    assert (entry.actor, entry.changes) == (
        by_an_organiser,
        {"title_tr": ["Sunum", "Konferans"], "title_en": ["", "Lecture"]},
    )


def test_a_refusal_leaves_nothing_behind(session: Session) -> None:
    save(change(session, "tr", "x" * 301))
    assert TextState.objects.count() == 0
