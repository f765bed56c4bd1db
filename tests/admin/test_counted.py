"""How many a list holds is said as each language says it: Turkish puts no plural after a number."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from tests import factories
from tests.world import World

_FOOT = re.compile(r'<p class="paginator">(.*?)</p>', re.DOTALL)


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("de", "1 Plattform", "3 Plattformen"),
        ("tr", "1 platform", "3 platform"),
        ("en", "1 platform", "3 platforms"),
    ],
)
def test_the_number_at_the_foot_of_a_list(
    world: World, sign_in: Any, language: str, one: str, several: str
) -> None:
    client, address = sign_in(world.boss, language), reverse("admin:workshops_platform_changelist")

    def foot() -> str:
        [found] = _FOOT.findall(client.get(address).content.decode())
        return " ".join(found.split())

    assert foot() == one
    factories.make_platform(world.conference, name="Zwei")
    factories.make_platform(world.conference, name="Drei")
    assert foot() == several
