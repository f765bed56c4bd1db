"""Puts as many registrations as asked for into a database that holds the programme: `… inside.fill ROWS`.

Each with a participant who has consented, a link, an invitation, messages, some with a certificate and an attendance.
One row of each kind is made by the models; the others are copies of it, made by the database.
"""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import sys
from typing import Any

from . import EMPTY, answer, ready

ready()

from django.db import connection

from registration.models import (
    Certificate,
    Consent,
    Invitation,
    Message,
    Participant,
    PrivacyVersion,
    Registration,
)
from workshops.models import Conference, Workshop


def main(rows: int) -> None:
    fill(rows)
    answer({"registrations": Registration.objects.count(), "messages": Message.objects.count()})


def fill(rows: int) -> None:
    conference = Conference.objects.get(is_current=True)
    filled = Workshop.objects.filter(conference=conference).exclude(slug=EMPTY)
    own = list(filled.values_list("pk", flat=True))
    workshop = f"(ARRAY{own})[1 + p.id % {len(own)}]"
    person = Participant(conference=conference, email="template@example.org", first_name="Ayşe", country="TR")
    _copy(person, f"generate_series(1, {rows}) AS n", PERSON)
    people = "registration_participant AS p"
    notice = PrivacyVersion.objects.filter(conference=conference).latest("number")
    _copy(Consent(participant_id=1, version=notice, language="de"), people, {"participant_id": "p.id"})
    row = Registration(participant_id=1, workshop_id=own[0], role="active", status="confirmed")
    _copy(row, people, {**REGISTRATION, "workshop_id": workshop})
    run(LINKS)
    joined = (
        f"{people} JOIN registration_personallink AS l ON l.participant_id = p.id AND l.seed = 'measured'"
    )
    _copy(Invitation(participant_id=1, link_id=1), joined, INVITATION)
    run(INVITED.format(workshop=workshop))
    mail = Message(kind="confirmed", recipient="template@example.org", message_id="<template>")
    _copy(mail, f"registration_registration AS r JOIN {people} ON p.id = r.participant_id", CONFIRMATION)
    _copy(mail, f"registration_invitation AS i JOIN {people} ON p.id = i.participant_id", INVITING_MAIL)
    _copy(Certificate(facts={"name": "Ayşe Yılmaz"}), f"{CONFIRMED} AND r.id % 4 = 0", CERTIFICATE)
    run(ATTENDANCES.format(confirmed=CONFIRMED))
    for role in ("active", "listener"):
        run(TAKEN.format(role=role, confirmed=CONFIRMED))
    run(NOBODY_WAITS)
    run(FULL)


def _copy(template: Any, source: str, values: dict[str, str]) -> None:
    """A row for each one of `source`: the template's columns but for those that `values` give as SQL."""
    fields = [f for f in template._meta.concrete_fields if not f.primary_key or f.column in values]
    given = [f for f in fields if f.column not in values]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    wanted = ", ".join(values.get(field.column, "%s") for field in fields)
    stamped = [f.get_db_prep_save(f.pre_save(template, add=True), connection) for f in given]
    sql = f'INSERT INTO "{template._meta.db_table}" ({columns}) SELECT {wanted} FROM {source}'  # noqa: S608  # nosec B608
    run(sql.replace(" % ", " %% "), stamped)


def run(sql: str, values: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


# Nobody waits where there is room, as nobody does in a database that was filled by people. The two that the benchmark
# registers for have room for everybody; the others are full.
_ROOM = "slug IN ('informationsveranstaltung', 'digitale-stadt', 'jugendaustausch')"
NOBODY_WAITS = (
    "UPDATE registration_registration SET status = 'requested', waiting_since = NULL WHERE status = 'waitlisted' "  # noqa: S608
    f"AND workshop_id IN (SELECT id FROM workshops_workshop WHERE {_ROOM})"  # nosec B608
)
FULL = (
    "UPDATE workshops_workshop SET capacity_active = taken_active, capacity_listener = taken_listener "  # noqa: S608
    f"WHERE taken_active > 0 AND NOT {_ROOM}"  # nosec B608
)
PERSON = {
    "email": "'person' || n || '@example.org'",
    "last_name": "(ARRAY['Yılmaz','Müller','Öztürk','Schmidt','Çelik'])[1 + n % 5] || n",
    "country": "(ARRAY['TR','DE'])[1 + n % 2]",
    "organisation": "'Belediye ' || n % 300",
    "created_at": "now() - n * interval '10 seconds'",
}
REGISTRATION = {
    "participant_id": "p.id",
    "status": "(ARRAY['requested','waitlisted','confirmed','confirmed','confirmed'])[1 + p.id / 7 % 5]",
    "waiting_since": "CASE WHEN p.id / 7 % 5 = 1 THEN now() END",
    "role": "(ARRAY['active','listener'])[1 + p.id / 35 % 2]",
    "created_at": "p.created_at",
    "decided_at": "p.created_at",
}
LINKS = (
    "INSERT INTO registration_personallink (participant_id, seed, digest, created_at, expires_at) "
    "SELECT p.id, 'measured', 'measured' || p.id, now(), now() + interval '90 days' FROM registration_participant AS p"
)
INVITATION = {
    "participant_id": "p.id",
    "link_id": "l.id",
    "status": "(ARRAY['sent','accepted','declined','sent'])[1 + p.id % 4]",
    "created_at": "p.created_at",
}
INVITED = (
    "INSERT INTO registration_invitation_workshops (invitation_id, workshop_id) SELECT i.id, {workshop} "
    "FROM registration_invitation AS i JOIN registration_participant AS p ON p.id = i.participant_id"
)
_MAIL = {
    "id": "gen_random_uuid()",
    "message_id": "gen_random_uuid()",
    "recipient": "p.email",
    "participant_id": "p.id",
    "sent_at": "now()",
    "created_at": "p.created_at",
}
CONFIRMATION = {
    **_MAIL,
    "registration_id": "r.id",
    "status": "CASE WHEN p.id % 100 = 0 THEN 'failed' ELSE 'sent' END",
}
INVITING_MAIL = {**_MAIL, "kind": "'invitation'", "invitation_id": "i.id", "status": "'sent'"}
CONFIRMED = "registration_registration AS r WHERE r.status = 'confirmed'"
CERTIFICATE = {"registration_id": "r.id", "number": "'N' || r.id"}
ATTENDANCES = (
    "INSERT INTO registration_attendance (registration_id, day_id, source, recorded_at) "
    "SELECT r.id, (SELECT min(id) FROM workshops_workshopday AS d WHERE d.workshop_id = r.workshop_id), 'joined', "
    "now() FROM {confirmed} AND r.id % 3 = 0"
)
TAKEN = (
    "UPDATE workshops_workshop AS w SET taken_{role} = c.count FROM (SELECT r.workshop_id, count(*) FROM {confirmed} "
    "AND r.role = '{role}' GROUP BY r.workshop_id) AS c WHERE c.workshop_id = w.id"
)

if __name__ == "__main__":
    main(int(sys.argv[1]))
