from __future__ import annotations

import pytest
from django.utils.translation import override

from registration.countries import country_choices, turkish_key


def test_turkish_names_follow_the_turkish_alphabet():
    names = ["İzlanda", "Irak", "Çad", "Cezayir", "Şili", "Sudan", "Özbekistan", "Oman", "Ürdün", "Uruguay"]

    assert sorted(names, key=turkish_key) == [
        "Cezayir",
        "Çad",
        "Irak",
        "İzlanda",
        "Oman",
        "Özbekistan",
        "Sudan",
        "Şili",
        "Uruguay",
        "Ürdün",
    ]


@pytest.mark.parametrize(
    ("language", "hosts", "order"),
    [
        ("de", ["Deutschland", "Türkei"], ["Ägypten", "Dänemark", "Österreich", "Zypern"]),
        ("tr", ["Almanya", "Türkiye"], ["Cezayir", "Çad", "Irak", "İzlanda", "Şili"]),
        ("en", ["Germany", "Türkiye"], ["Austria", "Belgium", "Cyprus"]),
    ],
)
def test_the_hosts_come_first_then_all_others_in_the_readers_order(language, hosts, order):
    with override(language):
        (_blank, _text), (_first, first), (_rest, rest) = country_choices()

    others = [name for _code, name in rest]
    assert [name for _code, name in first] == hosts
    assert len(first) + len(rest) == 249
    assert [name for name in others if name in order] == order
