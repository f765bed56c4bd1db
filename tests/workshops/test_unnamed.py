from __future__ import annotations

import pytest

from tests import factories
from workshops.domain.build_programme import build_programme
from workshops.models import Appearance, Conference


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "named", "unnamed", "written"),
    [
        ("city", False, True, "N.N., Stadt Antalya"),
        ("ministry", False, True, "N.N., Stadt Antalya"),
        ("provider", False, False, "Stadt Antalya"),
        ("company", False, False, "Stadt Antalya"),
        ("city", True, False, "Ada Yılmaz"),
    ],
)
def test_nobody_named_means_nn_unless_the_organisation_appears_as_such(
    conference: Conference, kind: str, named: bool, unnamed: bool, written: str
) -> None:
    organisation = factories.make_organisation(conference, kind=kind, name_de="Stadt Antalya")
    speaker = factories.make_speaker(conference, last_name="Yılmaz") if named else None
    session = factories.make_session(factories.make_workshop(conference).days.get())
    appearance = Appearance.objects.create(session=session, organisation=organisation, speaker=speaker)
    [entry] = [found for _, _, found in build_programme(conference=conference).workshops[0].appearances()]
    assert (entry.is_unnamed, str(appearance)) == (unnamed, written)
