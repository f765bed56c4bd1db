"""An empty database becomes one with the programme: the demo's, enlarged to 60 sessions and 60 speakers, released."""

# ruff: noqa: E402, I001 (what follows needs Django to be set up)

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from . import EMPTY, answer, ready

ready()
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from django.core.management import call_command
from django.utils.text import slugify

from conference.start.prepare import collect_static_files
from invented import people
from workshops.models import Appearance, Conference, Organisation, Session, Speaker, Workshop, WorkshopDay

SESSIONS = SPEAKERS = 60
_TITLE = {
    "de": "Bericht aus der Praxis {}: Wege zu einer digitalen und bürgernahen Verwaltung",
    "tr": "Uygulamadan örnek {}: Dijital ve vatandaşa yakın bir yönetime giden yollar",
    "en": "Report from practice {}: ways towards a digital administration close to its citizens",
}
_TEXT = {
    "de": "Zwei Kommunen zeigen, was sich bewährt hat und was nicht: Wer beteiligt war, wie die Kosten verteilt "
    "wurden und was sie heute anders machen würden. Anschließend ist Zeit für Fragen und Austausch.",
    "tr": "İki belediye neyin işe yaradığını, neyin yaramadığını gösteriyor: kimler katıldı, giderler nasıl "
    "paylaşıldı, bugün neyi farklı yaparlardı? Ardından sorular ve görüş alışverişi için zaman var.",
    "en": "Two municipalities show what has proved itself and what has not: who took part, how the costs were "
    "shared, and what they would do differently today. Afterwards there is time for questions.",
}
_BIOGRAPHY = {
    "de": "Leitet seit acht Jahren die Abteilung für internationale Zusammenarbeit und hat mehrere "
    "Städtepartnerschaften aufgebaut.",
    "tr": "Sekiz yıldır uluslararası iş birliği birimini yönetiyor; birçok kardeş şehir ilişkisinin kurulmasında "
    "görev aldı.",
    "en": "Has led the department for international cooperation for eight years and has built up several city "
    "partnerships.",
}


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    conference = Conference.objects.get(is_current=True)
    _invite_more_speakers(conference)
    _fill_open_days(conference)
    _set_places()
    call_command("release", note="benchmark", verbosity=0)
    collect_static_files()
    answer({"sessions": Session.objects.count(), "speakers": Speaker.objects.count()})


def _invite_more_speakers(conference: Conference) -> None:
    organisations = list(Organisation.objects.filter(conference=conference).order_by("pk"))
    for number, person in enumerate(people(SPEAKERS - Speaker.objects.count(), mark="speaker")):
        Speaker.objects.create(
            conference=conference,
            slug=f"{slugify(person.name)}-{number}",
            first_name=person.first_name,
            last_name=person.last_name,
            organisation=organisations[number % len(organisations)],
        )
    texts = {f"biography_{language}": text for language, text in _BIOGRAPHY.items()}
    Speaker.objects.filter(conference=conference).update(**texts)


def _fill_open_days(conference: Conference) -> None:
    """The draft leaves the times of two events open: they get the sessions that are missing."""
    days = list(WorkshopDay.objects.filter(workshop__conference=conference, opens=None).order_by("pk"))
    speakers = list(Speaker.objects.filter(conference=conference, appearances=None).order_by("pk"))
    missing = SESSIONS - Session.objects.count()
    for number in range(missing):
        day = days[number * len(days) // missing]
        session = Session.objects.create(day=day, position=number, duration_minutes=20, **_texts(number + 1))
        for place, speaker in enumerate(speakers[number::missing]):
            Appearance.objects.create(session=session, speaker=speaker, position=place)
    for day in days:
        day.opens, day.closes = dt.time(9, 0), dt.time(17, 0)
        day.save()


def _texts(number: int) -> dict[str, str]:
    titles = {f"title_{language}": text.format(number) for language, text in _TITLE.items()}
    return {**titles, **{f"description_{language}": text for language, text in _TEXT.items()}}


def _set_places() -> None:
    """Room for everybody whom the database is filled with; one workshop stays empty, with 30 places given at once."""
    Workshop.objects.exclude(slug=EMPTY).update(capacity_active=None, capacity_listener=None)
    Workshop.objects.filter(slug=EMPTY).update(
        capacity_active=30, confirmation=Workshop.Confirmation.AUTOMATIC, admission=Workshop.Admission.OPEN
    )


if __name__ == "__main__":
    main()
