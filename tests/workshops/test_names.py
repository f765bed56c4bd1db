from __future__ import annotations

import pytest

from workshops.names import fold, name_key


@pytest.mark.parametrize("typed", ["istanbul", "İSTANBUL", "ıstanbul", "ISTANBUL", "İstanbul"])
def test_turkish_i_is_found_however_it_is_typed(typed: str) -> None:
    assert fold(typed) == "istanbul"


def test_marks_and_sharp_s_are_folded() -> None:
    assert [fold(name) for name in ("Müller", "Taşkan", "Yiğit", "Groß-Jansen")] == [
        "muller",
        "taskan",
        "yigit",
        "gross-jansen",
    ]


def test_people_of_both_countries_sort_into_one_list() -> None:
    names = ["Şahin", "Öztürk", "Schulz", "Ivic", "Işık", "Çelik", "Drees", "İnan", "Oberle"]
    assert sorted(names, key=name_key) == [
        "Çelik",
        "Drees",
        "İnan",
        "Işık",
        "Ivic",
        "Oberle",
        "Öztürk",
        "Şahin",
        "Schulz",
    ]
