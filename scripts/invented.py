"""Invented people for pictures and walks: the same ones every time.

Their addresses end in `.example`, which is nobody's (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass

# For every country: first names, last names, and towns with what their administration is called.
_TURKISH = (
    "Ayşe Çiğdem Elif Gülşen Havva İpek Melike Özlem Şule Zeynep Barış Cem Doğan Emre Hakan İsmail Kağan Murat Ömer "
    "Uğur",
    "Yılmaz Işık Öztürk Şahin Güneş Çelik Doğan Aydın Kılıç Erdoğdu Aksoy Yıldız Özkan Tuncer Ünal Bozkurt Ergün",
    "Bursa Gaziantep Konya Antalya Mersin İzmir Eskişehir Trabzon Kayseri",
    "{} Büyükşehir Belediyesi",
)
_GERMAN = (
    "Anke Birgit Dörte Friederike Gesine Hannelore Jutta Käthe Sabine Ute Bernd Dietmar Georg Günther Jörg Lutz Malte "
    "Rüdiger Sönke Volker",
    "Weiß Schäfer Krüger Böhm Hofmann Lindner Voß Petersen Groß Kühn Baumann Jäger Ahrens Körner Müller Franke Thieme",
    "Köln Stuttgart Nürnberg Mannheim Freiburg Kassel Hannover Leverkusen Würzburg",
    "Stadt {}",
)
_COUNTRIES = {"DE": _GERMAN, "TR": _TURKISH}
_PLAIN = str.maketrans(dict(zip("çğıöşüäß", ["c", "g", "i", "o", "s", "u", "a", "ss"], strict=True)))


@dataclass(frozen=True, slots=True)
class Person:
    first_name: str
    last_name: str
    organisation: str
    city: str
    country: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def language(self) -> str:
        return self.country.lower()


def person(number: int, mark: str = "") -> Person:
    """Three of five are Turkish; `mark` tells groups of people apart, by their addresses."""
    country = ("DE", "TR", "TR", "DE", "TR")[number % 5]
    firsts, lasts, towns, administration = _COUNTRIES[country]
    first, last = _of(firsts, number * 7), _of(lasts, number * 5)
    town = _of(towns, number % 7 * (number % 3) + number % 4)
    address = f"{_plain(first)}.{_plain(last)}@{_plain(town)}.{mark}{'.' if mark else ''}example"
    return Person(first, last, administration.format(town), town, country, address)


def people(count: int, *, mark: str = "", first: int = 0) -> list[Person]:
    return [person(number, mark) for number in range(first, first + count)]


def _of(words: str, place: int) -> str:
    choices = words.split()
    return choices[place % len(choices)]


def _plain(word: str) -> str:
    return word.replace("İ", "i").lower().translate(_PLAIN)
