"""What writes many rows leaves the right states behind, as does whoever writes at the same moment."""

from __future__ import annotations

import pytest

from tests import factories
from tests.import_programme.drafts import KONYA, draft, first_import, import_draft
from tests.import_programme.test_at_once import at_once
from workshops.domain.import_programme.undo import undo
from workshops.domain.release import release_programme
from workshops.domain.restore_release import restore_release
from workshops.domain.translations.read import entries
from workshops.domain.translations.save import save_texts
from workshops.domain.translations.values import Refused, Saved, TextChange, digest_of
from workshops.models import Conference, Session, TextState, Workshop

RENAMED = (KONYA, KONYA.replace("Praxisbeispiel aus der Türkei", "Praxisbeispiel aus der Türkei heute"))


def turkish_of(session: Session) -> tuple[str, str]:
    """The German title, and the state of the Turkish one."""
    key = f"workshops.session.{session.pk}.title"
    conference = session.day.workshop.conference
    (found,) = [entry for entry in entries(conference=conference) if entry.key == key]
    return found.texts["de"], str(found.state["tr"])


@pytest.mark.django_db
def test_a_draft_imported_again_leaves_translations_of_what_it_changed_behind() -> None:
    conference = first_import()
    assert TextState.objects.count() == 0
    session = Session.objects.get(appearances__speaker__last_name="Yiğit")
    session.title_tr = "Türkiye’den bir örnek"
    session.save()
    applied = import_draft(draft(RENAMED), conference)
    assert turkish_of(session) == ("Praxisbeispiel aus der Türkei heute", "outdated")
    undo(draft_import=applied.draft_import)
    assert turkish_of(session) == ("Praxisbeispiel aus der Türkei", "translated")


@pytest.mark.django_db
def test_a_restored_release_brings_texts_and_translations_back_together(workshop: Workshop) -> None:
    session = factories.make_session(workshop.days.get(), title_de="Vortrag", title_tr="Sunum")
    release = release_programme(conference=workshop.conference)
    session.title_de = "Festvortrag"
    session.save()
    assert turkish_of(session) == ("Festvortrag", "outdated")
    restore_release(release=release, by=None)
    assert turkish_of(session) == ("Vortrag", "translated")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told() -> None:
    workshop = factories.make_workshop(factories.make_conference())
    session = factories.make_session(workshop.days.get(), title_tr="")
    conference = Conference.objects.get()

    def save(text: str) -> Saved:
        key = f"workshops.session.{session.pk}.title"
        change = TextChange(key=key, language="tr", text=text, seen_digest=digest_of(""))
        return save_texts(conference=conference, changes=[change], by=None)

    one, other = at_once(lambda: save("Bir"), lambda: save("İki"))
    assert isinstance(one, Saved)
    assert isinstance(other, Saved)
    (kept,) = [change.text for saved in (one, other) for change in saved.saved]
    (reason,) = [reason.code for saved in (one, other) for _change, reason in saved.refused]
    assert (Session.objects.get().title_tr, reason) == (kept, Refused.CHANGED)
    assert turkish_of(session)[1] == "translated"
