"""The form's questions are drawn once for all who read the same: nobody reads another's, nor what was true before."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial

import pytest
from django.utils import timezone

from registration import person_markup, question_markup
from registration.models import Invitation, Registration
from registration.templatetags import frame
from tests import factories
from tests.places.people import in_threads
from tests.registration_pages.conftest import factories_blank
from tests.registration_pages.helpers import Visitor, fields_of, says, visit
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

_ONE_DAY = dt.timedelta(days=1)
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=)"\w+"')


def _page(visitor: Visitor, language: str) -> bytes:
    response = visitor.get("register/", language)
    assert response.status_code == 200
    return _TOKEN.sub(rb"\1", response.content)


def _page_made_anew(visitor: Visitor, language: str) -> bytes:
    for kept in (question_markup._kept, person_markup._mould, person_markup._kept_consent, frame._kept):
        kept.cache_clear()
    return _page(visitor, language)


@pytest.fixture
def people(released: Conference, workshop: Workshop) -> dict[tuple[str, str], Visitor]:
    """By name and language: two nobody knows, one known by name, one registered, two invited to one secret each."""
    secrets = {
        name: factories.make_workshop(released, slug=name, admission=Workshop.Admission.INVITED)
        for name in ("secret", "hidden")
    }
    release_programme(conference=released)
    people = {
        (name, language): visit(factories.make_participant(released, **details))
        for name, language, details in (
            ("new", "de", factories_blank()),
            ("other", "de", factories_blank()),
            ("known", "tr", {"first_name": "Çiğdem", "last_name": "Işık"}),
            ("registered", "en", {}),
            *((name, "de", factories_blank()) for name in secrets),
        )
    }
    registered = people["registered", "en"].participant
    Registration.objects.create(
        participant=registered, workshop=workshop, role="listener", status="confirmed"
    )
    for name, secret in secrets.items():
        invited = people[name, "de"]
        invitation = Invitation.objects.create(
            participant=invited.participant, link=invited.link, status=Invitation.Status.SENT
        )
        invitation.workshops.add(secret)
    return people


@pytest.mark.django_db(transaction=True)
def test_everybody_reads_their_own_form_however_many_read_at_once(
    people: dict[tuple[str, str], Visitor],
) -> None:
    own = {who: _page_made_anew(visitor, who[1]) for who, visitor in people.items()}
    question_markup._kept.cache_clear()

    wanted = [*people] * 4
    read = in_threads([partial(_page, people[who], who[1]) for who in wanted], at_once=4)

    assert read == [own[who] for who in wanted]
    for who in people:
        addresses = {name: other.participant.email.encode() in own[who] for name, other in people.items()}
        assert addresses == {name: name == who for name in people}
        secrets = {name for name in ("secret", "hidden") if f"event-{name}".encode() in own[who]}
        assert secrets == {who[0]} & {"secret", "hidden"}


@pytest.mark.parametrize(
    "values",
    [
        {"taken_active": 3},
        {"capacity_listener": 1, "taken_listener": 1},
        {"confirmation": Workshop.Confirmation.MANUAL},
        {"registration_opens_at": timezone.now() + _ONE_DAY},
        {"registration_opens_at": timezone.now() + 2 * _ONE_DAY},
        {"registration_closes_at": timezone.now() + _ONE_DAY},
        {"registration_closes_at": timezone.now() - _ONE_DAY},
        {"kind": Workshop.Kind.ROUNDTABLE},
    ],
)
def test_what_changes_in_a_workshop_shows_at_once(
    visitor: Visitor, workshop: Workshop, values: dict[str, object]
):
    before = _page_made_anew(visitor, "tr")
    Workshop.objects.filter(pk=workshop.pk).update(**values)

    after = _page(visitor, "tr")

    assert after != before
    assert after == _page_made_anew(visitor, "tr")


def test_what_becomes_of_those_who_wait_shows_at_once(visitor: Visitor, workshop: Workshop) -> None:
    pages = set()
    for promotion in Workshop.Promotion.values:
        Workshop.objects.filter(pk=workshop.pk).update(taken_active=3, promotion=promotion)
        pages.add(_page(visitor, "en"))

    assert len(pages) == 2


def test_each_of_two_deadlines_is_shown_as_itself(visitor: Visitor, workshop: Workshop) -> None:
    pages = set()
    for days in (1, 2):
        Workshop.objects.filter(pk=workshop.pk).update(
            registration_closes_at=timezone.now() + days * _ONE_DAY
        )
        pages.add(_page(visitor, "en"))

    assert len(pages) == 2


def test_a_new_release_shows_at_once(visitor: Visitor, workshop: Workshop, released: Conference) -> None:
    _page(visitor, "de")
    Workshop.objects.filter(pk=workshop.pk).update(title_de="Die Stadt von morgen")
    release_programme(conference=released)

    assert "Die Stadt von morgen" in _page(visitor, "de").decode()


def test_a_place_given_back_is_offered_again(visitor: Visitor, workshop: Workshop) -> None:
    said = []
    for taken in (0, 3, 0):
        Workshop.objects.filter(pk=workshop.pk).update(taken_active=taken)
        said.append(says(visitor.get("register/"), "Your place is confirmed at once."))

    assert said == [True, True, True]  # a listener's place is free all the time
    assert "listen-digitale-stadt" not in fields_of(visitor.get("register/"))
