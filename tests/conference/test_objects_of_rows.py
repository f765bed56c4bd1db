from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_init

from conference.objects_of_rows import ObjectsOfRows
from registration.models import Message, Participant
from tests import factories
from workshops.models import Conference

pytestmark = pytest.mark.django_db


def _row(saved: Model, names: list[str]) -> list[Any]:
    return [saved.__dict__[name] for name in names]


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def test_it_is_the_object_that_django_makes(conference: Conference) -> None:
    saved = Participant.objects.get(pk=factories.make_participant(conference, country="TR").pk)
    names = _names(Participant)

    made = ObjectsOfRows(Participant).from_db("default", names, _row(saved, names))

    theirs = Participant.from_db("default", names, _row(saved, names))
    assert made == theirs == saved
    assert (
        (made._state.adding, made._state.db) == (theirs._state.adding, theirs._state.db) == (False, "default")
    )
    assert {name: getattr(made, name) for name in names} == {name: getattr(theirs, name) for name in names}
    assert made.country.name == theirs.country.name
    assert made.conference == conference
    made.last_name = "Öztürk"
    made.save()
    assert Participant.objects.get(pk=saved.pk).last_name == "Öztürk"


def test_what_was_not_read_is_read_when_it_is_asked_for(conference: Conference) -> None:
    saved = factories.make_participant(conference)

    made = ObjectsOfRows(Participant).from_db("default", ["id"], [saved.pk])

    assert made.get_deferred_fields() == set(_names(Participant)) - {"id"}
    assert made.last_name == saved.last_name


@pytest.fixture
def heard() -> Iterator[list[object]]:
    found: list[object] = []

    def listen(instance: object, **_kwargs: object) -> None:
        found.append(instance)

    post_init.connect(listen, sender=Message)
    yield found
    post_init.disconnect(listen, sender=Message)


def test_who_wants_to_know_that_an_object_is_made_is_told(heard: list[object]) -> None:
    made = ObjectsOfRows(Message).from_db("default", ["recipient"], ["a@example.org"])

    assert heard == [made]


def test_every_model_of_ours_has_the_attributes_that_django_gives_it() -> None:
    """With the defaults of its fields, whatever its attributes are made of."""
    for model in apps.get_models():
        names = _names(model)
        values = [field.get_default() for field in model._meta.concrete_fields]

        made = ObjectsOfRows(model).from_db("default", names, values)

        theirs = model.from_db("default", names, values)
        assert {name: getattr(made, name) for name in names} == {
            name: getattr(theirs, name) for name in names
        }
