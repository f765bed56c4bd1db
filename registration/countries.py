"""The list of countries as its reader expects it: the hosts' first, then all by the reader's own alphabet."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.utils.translation import gettext, override
from django_countries import countries

from workshops.languages import active_language
from workshops.names import name_key

HOSTS = ("DE", "TR")
CODES = frozenset(countries.countries)
_TURKISH = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_PLACE = {letter: place for place, letter in enumerate(_TURKISH)}

Choice = tuple[str, str]


def turkish_key(name: str) -> tuple[tuple[int, str], ...]:
    """The Turkish alphabet's order: ç after c, ı before i, ö after o; â, î, û as if they had no mark."""
    lowered = name.replace("İ", "i").replace("I", "ı").lower().translate(str.maketrans("âîûå", "aiua"))
    return tuple((_PLACE.get(letter, -1), letter) for letter in lowered)


def country_choices() -> list[Choice | tuple[str, list[Choice]]]:
    """Choices in the active language, grouped: the two hosts' countries, then all others."""
    names = dict(_sorted_names(active_language()))
    others = [(code, name) for code, name in names.items() if code not in HOSTS]
    return [
        ("", gettext("Please choose")),
        (gettext("Host countries"), [(code, names[code]) for code in HOSTS]),
        (gettext("All other countries"), others),
    ]


@functools.cache
def _sorted_names(language: str) -> tuple[Choice, ...]:
    with override(language):
        names = [(country.code, str(country.name)) for country in countries]
    key: Callable[[str], object] = turkish_key if language == "tr" else name_key
    return tuple(sorted(names, key=lambda choice: key(choice[1])))  # type: ignore[arg-type,return-value]
