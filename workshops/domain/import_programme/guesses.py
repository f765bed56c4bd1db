"""What a draft does not say but shows: kinds of sessions and organisations, countries, and the parts of a name.

Guesses are written on what is new only; what organisers have set is never changed by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from workshops.domain.draft.values import DraftAppearance, DraftSession
from workshops.domain.import_programme.places import country_of_town
from workshops.models import Appearance, Organisation, Session
from workshops.names import fold

_KIND = Session.Kind
# In this order: "Begrüßung und Einführung" introduces, "Begrüßung des Moderators" welcomes.
_SESSIONS: tuple[tuple[str, str], ...] = (
    (_KIND.TECHNICAL, r"\btechni(sche|cal)|\bteknik\b"),
    (
        _KIND.BREAK,
        r"\b(kaffee|mittags|tee)?pause\b|\bara\b|\bcoffee\b|\bbreak\b|kahve molasi|ogle yemegi|\bmola\b",
    ),
    (_KIND.KEYNOTE, r"impulsvortrag|impuls\b|keynote|ana konusma|acilis konferansi"),
    (
        _KIND.RESULTS,
        r"(prasentation|vorstellung) der ergebnisse|sonuclarin sunu|(presentation of|presenting) (the )?results",
    ),
    (
        _KIND.WORK,
        r"arbeitsblock|arbeitsphase\b.*gruppe|gallery walk|gruppenarbeit|ableitung|calisma (blogu|oturumu)",
    ),
    (_KIND.WORK, r"group work|working session|grup calismasi|break-?out|galeri yuruyusu"),
    (
        _KIND.SUMMARY,
        r"zusammenfassung|schlusswort|ausblick|\bfazit|synthese|\breview\b|abschluss|kapanis|ozet|degerlendirme",
    ),
    (_KIND.SUMMARY, r"summary|closing|conclusion|wrap-?up|outlook"),
    (_KIND.INTRODUCTION, r"einfuhrung|\bgiris\b|introduct"),
    (
        _KIND.WELCOME,
        r"begru(ss|s)ung|gru(ss|s)wort|eroffnung|karsilama|selamlama|acilis|welcome|greeting|opening",
    ),
    (_KIND.DISCUSSION, r"diskussion|austausch|aussprache|\bpodium|tartisma|panel|discussion|exchange|debate"),
    (_KIND.DISCUSSION, r"soru.?cevap|fragerunde|fragen und antworten|q ?& ?a|deneyim paylasimi"),
)
_SESSION_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _SESSIONS)
_MODERATOR = re.compile(r"moderator")


def session_kind(title: str) -> str:
    folded = fold(title)
    return next((kind for kind, pattern in _SESSION_PATTERNS if pattern.search(folded)), _KIND.PRESENTATION)


def role_in(session: DraftSession, appearance: DraftAppearance) -> str:
    """The role the draft gives, else the one the session suggests, where it gives none to anybody in it."""
    role = Appearance.Role
    if appearance.role != role.SPEAKER or any(other.role != role.SPEAKER for other in session.appearances):
        return appearance.role
    kind = session_kind(session.title)
    if kind == _KIND.TECHNICAL and appearance.name is None:
        return role.TECHNICIAN
    if kind == _KIND.WELCOME and _MODERATOR.search(fold(session.title)):
        return role.MODERATOR
    greets = re.search(_welcomes(), fold(session.title)) is not None
    return role.GREETING if greets and kind in {_KIND.WELCOME, _KIND.INTRODUCTION} else role.SPEAKER


def _welcomes() -> re.Pattern[str]:
    return next(pattern for kind, pattern in _SESSION_PATTERNS if kind == _KIND.WELCOME)


# Organisations

_SHORT = re.compile(r"^(?P<name>.*\S)\s*\((?P<short>[^()]{2,40})\)$")
_ACRONYM = re.compile(r"^[A-ZÇĞİÖŞÜ0-9]{2,12}$")
_CITY_HEAD = re.compile(
    r"^(?:(?:landeshaupt|hanse|kreis|welt)?stadt(?:verwaltung)?|gemeinde|city of|municipality of|"
    r"metropolitan municipality of)\s+"
)
_CITY_TAIL = re.compile(
    r"\s+(?:(?:buyuksehir|metropolitan)\s+)?(?:belediyesi|belediye baskanligi|municipality|sehir yonetimi)$"
)
_ORGANISATIONS: tuple[tuple[str, str], ...] = (
    (Organisation.Kind.MINISTRY, r"ministerium|bakanlig|ministry|auswartiges amt"),
    (Organisation.Kind.PROVIDER, r"dienstleister|hizmet saglayici|provider"),
    (
        Organisation.Kind.INSTITUTE,
        r"institut|enstitu|universit|hochschule|cent(er|re)\b|merkezi|zentrum|akademi|academy|forschung",
    ),
    (
        Organisation.Kind.HOST,
        r"verband|stadtetag|stadtebund|landkreistag|birligi|union|association|jugendbrucke|kopru|stiftung|vakfi|foundation",
    ),
    (Organisation.Kind.COMPANY, r"\bgmbh\b|\bag\b|\bltd\b|\ba\.? ?s\.|\binc\b|\bconsult"),
    (Organisation.Kind.AGENCY, r"agentur|agency|ajans|gesellschaft|servicestelle|kurumu|amt\b"),
)
_ORGANISATION_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _ORGANISATIONS)
_GERMAN = re.compile(r"\bdeutsch|\bbundes|\balman(ya)?\b|\bgerman")
_TURKISH = re.compile(r"\bturki?s?c?h|\bturki?ye|\bturk\b|\bturkei")


def without_short_name(text: str) -> tuple[str, str]:
    """ "Deutscher Städtetag (DST)" → its name and its abbreviation."""
    match = _SHORT.match(text.strip())
    return (match["name"], match["short"]) if match else (text.strip(), "")


def plain(text: str) -> str:
    """For comparing: folded, without punctuation."""
    return " ".join(re.findall(r"\w+", fold(text)))


def city_of(name: str) -> str:
    """The folded town in "Stadt Konya", "Konya Büyükşehir Belediyesi" or "Konya"; empty for what is no city."""
    folded = plain(without_short_name(name)[0])
    bare = _CITY_TAIL.sub("", _CITY_HEAD.sub("", folded))
    return bare if bare != folded or country_of_town(folded) else ""


def town_in(name: str) -> str:
    """The same as it is written: "Nürnberg" in "Stadt Nürnberg"."""
    words, town = re.findall(r"\w+", name), city_of(name).split()
    starts = range(len(words) - len(town) + 1) if town else range(0)
    found = (words[i : i + len(town)] for i in starts if [plain(w) for w in words[i : i + len(town)]] == town)
    return " ".join(next(found, []))


def names_of(name: str, short_name: str = "") -> set[str]:
    """Every folded form by which an organisation is known: in full, abbreviated, a city by its town."""
    bare, short = without_short_name(name)
    first = bare.split(",", maxsplit=1)[0].strip()
    known = {plain(name), plain(bare), plain(short), plain(short_name), city_of(name)}
    if _ACRONYM.match(first):
        known.add(plain(first))
    return known - {""}


def organisation_kind(name: str, *, hosts: Sequence[str] = ()) -> str:
    folded = fold(name)
    for kind, pattern in _ORGANISATION_PATTERNS[:2]:
        if pattern.search(folded):
            return kind
    if city_of(name):
        return Organisation.Kind.CITY
    if any(plain(host).startswith(plain(name)) for host in hosts):
        return Organisation.Kind.HOST
    if found := next((kind for kind, pattern in _ORGANISATION_PATTERNS[2:] if pattern.search(folded)), None):
        return found
    return Organisation.Kind.COMPANY if _is_acronym(name) else Organisation.Kind.AGENCY


def _is_acronym(name: str) -> bool:
    return _ACRONYM.match(name.split(",", maxsplit=1)[0].strip()) is not None and "," not in name


def country_in(text: str) -> str:
    """The one country of the two that a text names; empty where it names both or none."""
    folded = fold(text)
    german, turkish = _GERMAN.search(folded), _TURKISH.search(folded)
    if bool(german) == bool(turkish):
        return ""
    return "DE" if german else "TR"


def organisation_country(name: str, *, session_title: str = "") -> str:
    """The country of a town, the one in the name, or the one that a session's title gives for its city."""
    towns = [city_of(name), *(plain(part) for part in name.split(",")[1:])]
    evident = next((country for town in towns if town and (country := country_of_town(town))), "")
    return evident or country_in(name) or (country_in(session_title) if city_of(name) else "")


# People

_ACADEMIC = re.compile(
    r"^(?:(?:(?:Univ\.-?|Ord\. ?)?Prof|Dr|Doç|PhD|Ph\.D)\.?\s+|Üyesi\s+"
    r"|(?:Dipl\.?-Ing|Dr\.-Ing|Öğr|Gör|Arş|Mag|Av|habil|rer|nat|phil|med|jur|h\.\s?c)\.\s*)+"
)
_PARTICLES = {"von", "van", "vom", "zu", "zur", "de", "del", "di", "da", "der", "den", "el", "al", "bin"}


def split_name(text: str) -> tuple[str, str, str]:
    """Academic title, first names, last name with its particles: "Dr. Hilmar von Lojewski"."""
    text = " ".join(text.split())
    title = match.group().strip() if (match := _ACADEMIC.match(f"{text} ")) else ""
    words = text[len(title) :].split()
    begin = max(len(words) - 1, 0)
    while begin > 1 and words[begin - 1].lower() in _PARTICLES:
        begin -= 1
    return title, " ".join(words[:begin]), " ".join(words[begin:])
