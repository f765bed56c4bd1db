"""Which column of a platform's report holds what, by its title; what is known of the reports: docs/platforms.md."""

from __future__ import annotations

from collections.abc import Sequence

from registration.domain.invitation_lists.columns import plain

EMAIL, NAME, FIRST, LAST, CODE, CAME, LEFT, MINUTES, ATTENDED = (
    "email",
    "name",
    "first",
    "last",
    "code",
    "came",
    "left",
    "minutes",
    "attended",
)
# Without marks, spaces and punctuation: see `plain`.
_TITLES = {
    EMAIL: (
        "email useremail emailaddress mail emailadresse mailadresse benutzeremail emaildesbenutzers emailbenutzer "
        "benutzeremailadresse eposta epostaadresi kullaniciepostasi kullanicieposta kullaniciepostaadresi "
        "kullanicininepostasi loginemail registeredemail"
    ),
    NAME: (
        "name nameoriginalname username usernameoriginalname fullname displayname participant participantname "
        "attendee attendeename nameoriginalername nameursprunglichername nameoriginalname benutzername "
        "benutzernameoriginalname benutzernameoriginalername benutzernameursprunglichername anzeigename teilnehmer "
        "teilnehmername adsoyad adisoyadi adorijinalad adoriginalad adozgunad isimorijinalisim isimorijinalad "
        "kullaniciadi kullaniciadiorijinalad kullaniciadiozgunad katilimci katilimciadi isim gorunenad"
    ),
    FIRST: "firstname vorname ad adi givenname",
    LAST: "lastname nachname soyad soyadi soyadı familyname surname",
    CODE: (
        "code accesscode personalcode zugangscode personlichercode kod erisimkodu kisiselkod token personallink "
        "zugangslink link joinlink registrationid"
    ),
    CAME: (
        "jointime joined joinedat timejoined beitrittszeit beitrittszeitpunkt beitritt beigetreten beigetretenum "
        "zeitdesbeitritts teilnahmezeit teilnahmebeginn eintritt katilmazamani katilmasaati katilimzamani "
        "katilimsaati katilma katilis girissaati giriszamani giris login logintime entrytime firstjoin"
    ),
    LEFT: (
        "leavetime left leftat timeleft verlassenszeit verlassenzeit verlassen verlassenum zeitdesverlassens "
        "austrittszeit austrittszeitpunkt austritt beendigungszeit teilnahmeende ayrilmazamani ayrilmasaati "
        "ayriliszamani ayrilma ayrilis cikissaati cikiszamani cikis logout logouttime exittime lastleave"
    ),
    MINUTES: (
        "durationminutes duration totaldurationminutes totalduration timeinsessionminutes timeinsession minutes "
        "dauerminuten dauerinminuten dauer gesamtdauerminuten gesamtdauer zeitindersitzungminuten "
        "zeitinsitzungminuten minuten suredakika sure toplamsuredakika toplamsure oturumdakisuredakika "
        "oturumdakalmasuresidakika dakika attendanceminutes"
    ),
    ATTENDED: "attended teilgenommen anwesend katildi katilim",
}
_MEANING = {title: meaning for meaning, titles in _TITLES.items() for title in titles.split()}
# Above the list of people Zoom tells of the meeting itself, with its host's address and its length.
_OF_THE_MEETING = frozenset(
    [
        "topic",
        "thema",
        "konu",
        "meetingid",
        "webinarid",
        "meetingkennung",
        "toplantikimligi",
        "webinarkimligi",
        "besprechungsid",
        "uniqueviewers",
        "actualstarttime",
        "actualdurationminutes",
    ]
)

Places = dict[str, int]


def is_about_the_meeting(cells: Sequence[str]) -> bool:
    return bool(_OF_THE_MEETING & {plain(cell) for cell in cells})


def places_of(cells: Sequence[str]) -> Places | None:
    """Where each meaning stands; None for a row that is no head of a list of people."""
    places: Places = {}
    for place, cell in enumerate(cells):
        meaning = _MEANING.get(plain(cell))
        if meaning:
            places.setdefault(meaning, place)
    names = {EMAIL, NAME, FIRST, CODE} & places.keys()
    times = {CAME, MINUTES} & places.keys()
    return places if names and times else None
