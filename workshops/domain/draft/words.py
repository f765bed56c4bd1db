"""The words of German, Turkish and English drafts, folded (see `fold`)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MONTHS = {
    "januar jan ocak oca january": 1,
    "februar feb subat sub february": 2,
    "marz mrz mart mar march maerz": 3,
    "april apr nisan nis": 4,
    "mai may mayis": 5,
    "juni jun haziran haz june": 6,
    "juli jul temmuz tem july": 7,
    "august aug agustos agu": 8,
    "september sep sept eylul eyl": 9,
    "oktober okt oct ekim eki october": 10,
    "november nov kasim kas": 11,
    "dezember dez dec aralik ara december": 12,
}
MONTH_OF = {word: number for words, number in MONTHS.items() for word in words.split()}

HOME_CLOCK = (
    "cet",
    "cest",
    "mez",
    "mesz",
    "deutscher zeit",
    "deutsche zeit",
    "almanya saati",
    "german time",
    "ats",
)
PARTNER_CLOCK = ("trt", "tsi", "tsb", "turkischer zeit", "turkische zeit", "turkiye saati", "turkish time")
CLOCKS = HOME_CLOCK + PARTNER_CLOCK

COLUMNS = {
    "time": (
        "zeit",
        "uhrzeit",
        "datum/zeit",
        "datum / zeit",
        "saat",
        "tarih/saat",
        "tarih / saat",
        "time",
        "date/time",
        "date / time",
        "zaman",
        "beginn",
        "von",
        "start",
        "starts",
        "begins",
        "from",
        "baslangic",
    ),
    "end": ("ende", "bis", "end", "ends", "until", "to", "bitis"),
    "date": ("datum", "tag", "tarih", "gun", "date", "day"),
    "item": (
        "programmpunkt",
        "programm",
        "gundem",
        "gundem maddesi",
        "item",
        "agenda item",
        "oturum",
        "konu",
        "session",
        "tagesordnungspunkt",
        "top",
        "thema",
        "topic",
        "programme item",
        "program",
        "titel",
        "baslik",
        "title",
    ),
    "speaker": (
        "redner/in",
        "redner",
        "redner/innen",
        "redner*in",
        "redner*innen",
        "rednerin",
        "referent/in",
        "referent",
        "referentin",
        "konusmaci",
        "konusmacilar",
        "speaker",
        "speakers",
        "speaker(s)",
        "person",
        "mitwirkende",
    ),
    "moderator": ("moderation", "moderator", "moderator/in", "moderasyon", "chair"),
    "organisation": ("organisation", "institution", "kurum", "kurulus", "organization", "einrichtung"),
    "duration": ("dauer", "sure", "duration", "minuten", "minutes", "dakika", "length", "min", "dk"),
    "platform": ("plattform", "platform"),
    "hosts": ("veranstalter", "organisiert von", "duzenleyen", "host", "hosts", "organised by"),
    "workshop": (
        "fachworkshop",
        "workshop",
        "calistay",
        "tematik calistay",
        "veranstaltung",
        "etkinlik",
        "event",
    ),
}
COLUMN_OF = {word: name for name, words in COLUMNS.items() for word in words}

SECTIONS = {
    "background": r"hintergrund|arka ?plan|background",
    "goals": r"ziele?|zielsetzung(en)?|amac(lar)?(i)?|hedef(ler)?(i)?|goals?|objectives?|aims?",
    "format": (
        r"ablauf|konzeption|format|akis|yontem|procedure|programmablauf|isleyis|program akisi"
        r"|agenda|tagesordnung|gundem"
    ),
    "results": r"ergebnisse?|sonuclar|results?|outcomes?",
    "overview": (
        r"programmentwurf|programmubersicht|program taslagi|programa genel bakis"
        r"|(draft )?programme( overview)?|programme draft"
    ),
}
_SECTION_TAIL = (
    r"( und konzeption| und anmeldung)?( des| der| dieses)?( fachworkshops?| veranstaltung| workshops?)?"
    r"( ve tasarimi| ve yontemi| ve kayit)?( of the workshop)?"
    r"( and (concept|format|registration)( of the workshop)?)?"
)
_SECTION_HEAD = r"(fachworkshopun |calistayin |calistay(in)? |workshop |the )?"
SECTION_PATTERNS = {
    name: re.compile(rf"{_SECTION_HEAD}({words}){_SECTION_TAIL}:?") for name, words in SECTIONS.items()
}

WORKSHOP_WORD = r"(?:fachworkshop|tematik calistay|calistay|workshop)"
INFORMATION_EVENT = ("informationsveranstaltung", "bilgilendirme toplantisi", "information event")
ROUNDTABLE = ("roundtable", "round table", "yuvarlak masa")

GUIDING_QUESTIONS = (
    "leitende fragen",
    "leitfragen",
    "yonlendirici sorular",
    "guiding questions",
    "key questions",
)
HOSTED_BY = (
    r"(?:organisiert von|veranstaltet von|veranstalter|ausgerichtet von"
    r"|duzenleyen(?:ler)?|duzenleyen kurum(?:lar)?|ev sahibi|organi[sz]ed by|hosted by|hosts?)"
)
PLATFORM = (
    r"(?:virtuelle plattform|digitale plattform|plattform|sanal platform|cevrim ?ici platform"
    r"|virtual platform|online platform|platform)"
)
ROLES = {
    "moderator": (
        r"moderation|moderiert von|moderator(?:in|en|innen|ler|s)?|moderasyon|chair|moderated by|kolaylastirici"
    ),
    "rapporteur": r"rapporteur(?:e|s|in|innen)?|berichterstatt(?:er|erin|ung)|raportor(?:ler)?",
    "technician": r"technik|teknik destek|technical support",
}
KEYWORD = re.compile(rf"(?:{HOSTED_BY}|{'|'.join(ROLES.values())}|{WORKSHOP_WORD}\s*\d{{1,2}})\s*:")
EVERYBODY = (
    "alle",
    "alle teilnehmenden",
    "alle teilnehmer/innen",
    "plenum",
    "herkes",
    "tum katilimcilar",
    "all",
    "everybody",
    "everyone",
    "all participants",
)
TBC = (
    r"(?:tbc|t\.b\.c\.|angefragt|noch zu bestatigen|unbestatigt|teyit edilecek|to be confirmed|kesinlesmedi)"
)
NOBODY_YET = r"(?:n\.? ?n\.?|nn|belli degil|belirlenecek|isim bildirilecek)"
DAY_HEADING = re.compile(r"(?:tag|gun|day)\s*(\d{1,2})\b|(\d{1,2})\.\s*(?:tag|gun)\b")
PLACES = re.compile(
    r"bis zu (\d{1,5}) (?:personen|teilnehm|aktiv)|(\d{1,5}) (?:kisiye|katilimciya) kadar|en fazla (\d{1,5}) kisi"
    r"|up to (\d{1,5}) (?:people|participants|persons)|maximal (\d{1,5}) (?:personen|teilnehm)"
)
EACH = r"(?:jeweils|je|her biri|each)"
WEEKDAY = (
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so"
    r"|pazartesi|sali|carsamba|persembe|cuma|cumartesi|pazar"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)"
)
_ALIKE = {"ı": "i", "ß": "s", "æ": "a", "ø": "o", "đ": "d", "ł": "l"}


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter.lower())[:1]
    return _ALIKE.get(plain, plain)


def flat(text: str) -> str:
    """Small letters without accents, Turkish i's alike: one letter for each, so that places in both are the same."""
    return "".join(map(_bare, text))


def fold(text: str) -> str:
    """`flat`, with space squeezed: for comparing."""
    return " ".join(flat(text).split())


def cut(pattern: re.Pattern[str], text: str) -> tuple[str, bool]:
    """`text` without what `pattern` finds in it once it is flat, and whether there was any."""
    kept, end = [], 0
    for match in pattern.finditer(flat(text)):
        kept.append(text[end : match.start()])
        end = match.end()
    return "".join([*kept, text[end:]]), bool(kept)
