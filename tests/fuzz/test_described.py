"""docs/openapi.yaml describes what there is: no address is forgotten, none is invented."""

from __future__ import annotations

from schemathesis import openapi

from tests.fuzz.described import described_paths, description, routes


def test_every_address_is_described_and_every_described_one_exists() -> None:
    described, real = described_paths(), routes()
    assert {"forgotten": real - described, "invented": described - real} == {
        "forgotten": set(),
        "invented": set(),
    }


def test_the_description_follows_its_own_format() -> None:
    openapi.from_dict(description()).validate()
