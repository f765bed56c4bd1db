from __future__ import annotations

import pytest

from tests import factories
from tests.registration_pages.helpers import Visitor, visit
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop


@pytest.fixture
def released(conference: Conference, workshop: Workshop, manual_workshop: Workshop) -> Conference:
    """Two workshops and a privacy notice, published."""
    factories.make_privacy_version(conference)
    release_programme(conference=conference)
    return conference


@pytest.fixture
def visitor(released: Conference) -> Visitor:
    """Somebody who has just opened their first personal link; nothing but the address is known."""
    return visit(factories.make_participant(released, **factories_blank()))


def factories_blank() -> dict[str, str]:
    return {"first_name": "", "last_name": "", "organisation": "", "country": "", "language": ""}
