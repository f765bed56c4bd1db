"""Which column of a table holds what, by its title in any of the three languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshops.names import fold

EMAIL, FIRST, LAST, WHOLE, ORGANISATION, LANGUAGE, WORKSHOPS = (
    "email",
    "first_name",
    "last_name",
    "name",
    "organisation",
    "language",
    "workshops",
)
# Without marks, spaces and punctuation: see `plain`.
_TITLES = {
    EMAIL: (
        "email emails mail mails mailadresse emailadresse emailaddress mailaddress emailadress adresseemail emailid "
        "eposta epostaadresi epostaadres eposta1 mailadresi emailadresi eletter elektronikposta epostalar emailler"
    ),
    FIRST: "vorname vornamen rufname firstname givenname forename ad adi isim ismi onad adiniz christianname",
    LAST: "nachname nachnamen familienname zuname lastname surname familyname soyad soyadi soyisim soyismi soyadiniz",
    WHOLE: (
        "name namen fullname vorundnachname vornamenachname nachnamevorname vornameundnachname adsoyad adisoyadi "
        "advesoyad isimsoyisim adivesoyadi person teilnehmer teilnehmerin participant katilimci"
    ),
    ORGANISATION: (
        "organisation organization organisationen organisasyon institution einrichtung kurum kurumu kurumadi kurulus "
        "kurumkurulus firma sirket company behorde kommune stadt gemeinde belediye belediyesi municipality "
        "organisationstadt stadtorganisation kurumbelediye stadtbelediye employer arbeitgeber"
    ),
    LANGUAGE: (
        "sprache dil dili language lang korrespondenzsprache sprachederneinladung sprachedereinladung davetdili "
        "invitationlanguage preferredlanguage tercihedilendil"
    ),
    WORKSHOPS: (
        "workshop workshops fachworkshop fachworkshops calistay calistaylar calistayi calistayno workshopnr "
        "workshopnummer workshopnumber veranstaltung veranstaltungen etkinlik etkinlikler event events "
        "workshopcalistay calistayworkshop"
    ),
}
_MEANING = {title: column for column, titles in _TITLES.items() for title in titles.split()}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each meaning stands; `unread` are the titles without one."""

    places: dict[str, int]
    unread: tuple[str, ...] = ()

    def cell(self, cells: Sequence[str], meaning: str) -> str:
        place = self.places.get(meaning)
        return cells[place].strip() if place is not None and place < len(cells) else ""


def plain(text: str) -> str:
    """ "E-Posta Adresi:" and "eposta adresi" are the same title."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def columns_of(cells: Sequence[str]) -> Columns | None:
    """The columns that a row of titles names; None for a row that is none: it has no title for the address."""
    places: dict[str, int] = {}
    unread = []
    for place, cell in enumerate(cells):
        meaning = _meaning(cell)
        if meaning and meaning not in places:
            places[meaning] = place
        elif cell.strip():
            unread.append(" ".join(cell.split())[:60])
    if EMAIL not in places or any("@" in cell for cell in cells):
        return None
    return Columns(_with_last_name(places), tuple(unread))


def _meaning(cell: str) -> str:
    """Also of titles in two languages: "Nachname / Soyadı"."""
    if found := _MEANING.get(plain(cell)):
        return found
    meanings = {_MEANING.get(plain(part), "") for part in _parts(cell)}
    return meanings.pop() if len(meanings) == 1 else ""


def _parts(cell: str) -> list[str]:
    for sign in "/|\n()":
        cell = cell.replace(sign, "\0")
    return [part for part in cell.split("\0") if part.strip()]


def _with_last_name(places: dict[str, int]) -> dict[str, int]:
    """Beside a first name, "Name" means the last one."""
    if FIRST in places and LAST not in places and WHOLE in places:
        places = {**places, LAST: places[WHOLE]}
        del places[WHOLE]
    return places
