from __future__ import annotations

import pytest

from tests import factories
from workshops.models import Conference, Workshop


@pytest.fixture
def offering(conference: Conference) -> Workshop:
    """Automatic confirmation, one active place, which is offered when it becomes free; 30 days ahead."""
    return factories.make_workshop(
        conference,
        slug="digitale-stadt",
        capacity_active=1,
        confirmation=Workshop.Confirmation.AUTOMATIC,
        promotion=Workshop.Promotion.OFFER,
        offer_hours=4,
    )
