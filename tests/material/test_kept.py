"""No draft and no release takes a session away with which something was uploaded: it could not bring the file back."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.material.files import make_file
from workshops.domain.import_programme.hanging import obstacle_in_each_language, obstacle_to_removing
from workshops.domain.restore_release import restore_release, staying
from workshops.models import Material, Release, Session

STAYS = "It stays, because there is material with it."


def test_a_session_with_material_stays_when_a_release_without_it_is_restored(session: Session) -> None:
    release = Release.objects.get()
    added = factories.make_session(session.day)
    day = factories.make_day(session.day.workshop, date=session.day.workshop.conference.ends_on)
    make_file(factories.make_session(day))
    empty = factories.make_session(session.day)
    make_file(added)

    assert [left.reason for left in staying(release=release)] == [STAYS]
    restored = restore_release(release=release, by=None)

    assert set(Session.objects.all()) == {session, added, *day.sessions.all()}
    assert not Session.objects.filter(pk=empty.pk).exists()
    assert Material.objects.count() == 2
    reasons: Any = {left.name: left.reason for left in restored.left}
    assert reasons == {str(added): "It is needed by what was added since: material.", str(day): STAYS}


def test_it_is_said_beside_data_of_people(session: Session) -> None:
    assert obstacle_to_removing(row=session) == ""
    make_file(session)
    assert obstacle_to_removing(row=session) == STAYS
    assert obstacle_in_each_language(row=session.day) is not None
    factories.make_access(session.day)
    said = "It stays, because there are data of people with it: Access details, Material."
    assert obstacle_to_removing(row=session.day) == said
