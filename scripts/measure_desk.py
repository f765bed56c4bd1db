"""How many queries and milliseconds the start page and every list of the admin take with 100,000 registrations.

`DATABASE_URL=postgres://… python scripts/measure_desk.py [ROWS]`, in an empty PostgreSQL database, which is filled
at the first call and used again by the next ones. Each page is called as the operator, as somebody who looks after the
whole conference, and as a member of one workshop's team. The best of several calls; beside the wall clock the
processor's time, ours and the database's, which hardly depends on what else the machine does. Ends with an error where
a page takes more than it may.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

MOST_QUERIES, MOST_MILLISECONDS = 12, 200
CALLS = 4


def main(rows: int) -> int:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.stderr.write("DATABASE_URL must name an empty PostgreSQL database.\n")
        return 2
    with tempfile.TemporaryDirectory() as directory:
        os.environ["DATA_DIR"] = directory
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")
        import django  # noqa: PLC0415

        django.setup()
        _prepare(rows)
        return _measure()


def _prepare(rows: int) -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from registration.models import Registration  # noqa: PLC0415

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    call_command("migrate", verbosity=0)
    if Registration.objects.count() < rows:
        call_command("load_demo", verbosity=0)
        _fill(rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _fill(rows: int) -> None:
    """One row of each kind is made by the models; the others are copies of it, made by the database."""
    from registration.models import Certificate, Invitation, Message, Participant, Registration  # noqa: PLC0415
    from workshops.models import Conference, Workshop  # noqa: PLC0415

    conference = Conference.objects.get(is_current=True)
    own = list(Workshop.objects.filter(conference=conference).values_list("pk", flat=True))
    workshop = f"(ARRAY{own})[1 + p.id % {len(own)}]"
    person = Participant(conference=conference, email="template@example.org", first_name="Ayşe", country="TR")
    _copy(person, f"generate_series(1, {rows}) AS n", PERSON)
    people = "registration_participant AS p"
    row = Registration(participant_id=1, workshop_id=own[0], role="active", status="confirmed")
    _copy(row, people, {**REGISTRATION, "workshop_id": workshop})
    _run(LINKS)
    joined = (
        f"{people} JOIN registration_personallink AS l ON l.participant_id = p.id AND l.seed = 'measured'"
    )
    _copy(Invitation(participant_id=1, link_id=1), joined, INVITATION)
    _run(INVITED.format(workshop=workshop))
    mail = Message(kind="confirmed", recipient="template@example.org", message_id="<template>")
    _copy(mail, f"registration_registration AS r JOIN {people} ON p.id = r.participant_id", CONFIRMATION)
    _copy(mail, f"registration_invitation AS i JOIN {people} ON p.id = i.participant_id", INVITING_MAIL)
    _copy(Certificate(facts={"name": "Ayşe Yılmaz"}), f"{CONFIRMED} AND r.id % 4 = 0", CERTIFICATE)
    _run(ATTENDANCES.format(confirmed=CONFIRMED))


def _copy(template: Any, source: str, values: dict[str, str]) -> None:
    """A row for each one of `source`: the template's columns but for those that `values` give as SQL."""
    from django.db import connection  # noqa: PLC0415

    fields = [f for f in template._meta.concrete_fields if not f.primary_key or f.column in values]
    given = [f for f in fields if f.column not in values]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    wanted = ", ".join(values.get(field.column, "%s") for field in fields)
    stamped = [f.get_db_prep_save(f.pre_save(template, add=True), connection) for f in given]
    sql = f'INSERT INTO "{template._meta.db_table}" ({columns}) SELECT {wanted} FROM {source}'  # noqa: S608  # nosec B608
    _run(sql.replace(" % ", " %% "), stamped)


def _run(sql: str, values: list[Any] | None = None) -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _measure() -> int:
    from django.contrib import admin  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    names = [f"{m._meta.app_label}_{m._meta.model_name}_changelist" for m in admin.site._registry]
    lists = ["index", *sorted(names), "registration_registration_deciding"]
    wrong = 0
    for who, client in _readers():
        for name in lists:
            call = _call(client, reverse(f"admin:{name}"))
            too_much = call.queries > MOST_QUERIES or min(call.elapsed, call.worked) > MOST_MILLISECONDS
            wrong += too_much
            mark = "  TOO MUCH" if too_much else ""
            figures = (
                f"{call.status}{call.queries:4} queries{call.elapsed:7.0f} ms, worked{call.worked:6.0f} ms"
            )
            _say(f"{who:10}{name.removesuffix('_changelist'):46}{figures}{mark}")
    return 1 if wrong else 0


def _readers() -> Iterator[tuple[str, Any]]:
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from workshops.models import Conference, Membership, Workshop  # noqa: PLC0415

    conference = Conference.objects.get(is_current=True)
    workshop = Workshop.objects.filter(conference=conference)[0]
    roles: dict[str, dict[str, Any] | None] = {
        "operator": None,
        "owner": {},
        "member": {"workshop": workshop},
    }
    for who, about in roles.items():
        user, _new = get_user_model()._default_manager.get_or_create(
            email=f"{who}@measured.example.org",
            defaults={"username": who, "is_staff": True, "is_superuser": about is None},
        )
        if about is not None:
            Membership.objects.get_or_create(user=user, conference=conference, **about)
        client = Client(headers={"host": "localhost", "accept-language": "de"})
        client.force_login(user)
        yield who, client


@dataclass
class Call:
    """The status of the answer, and what one call took: queries, milliseconds of wall-clock and of processor time."""

    status: int
    queries: int
    elapsed: float
    worked: float


def _call(client: Any, url: str) -> Call:
    """The best of several calls; one before them fills the caches."""
    status = client.get(url).status_code
    calls = [_once(client, url) for _each in range(CALLS)]
    return Call(
        status,
        max(queries for queries, _elapsed, _worked in calls),
        min(elapsed for _queries, elapsed, _worked in calls),
        min(worked for _queries, _elapsed, worked in calls),
    )


def _once(client: Any, url: str) -> tuple[int, float, float]:
    from django.db import connection  # noqa: PLC0415

    asked = []

    def count(execute: Any, *arguments: Any) -> Any:
        asked.append(1)
        return execute(*arguments)

    started, worked = time.perf_counter(), _processor_time()
    with connection.execute_wrapper(count):
        client.get(url)
    return len(asked), (time.perf_counter() - started) * 1000, (_processor_time() - worked) * 1000


def _processor_time() -> float:
    """Seconds, ours and the database's, where that runs on this machine."""
    from django.db import connection  # noqa: PLC0415

    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not stat.exists() or b"postgres" not in stat.with_name("cmdline").read_bytes():
        return time.process_time()
    used = stat.read_text().rpartition(")")[2].split()
    return time.process_time() + (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


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
    "status": "CASE WHEN p.id % 100 = 0 THEN 'failed' WHEN p.id % 50 = 1 THEN 'queued' ELSE 'sent' END",
}
INVITING_MAIL = {**_MAIL, "kind": "'invitation'", "invitation_id": "i.id", "status": "'sent'"}
CONFIRMED = "registration_registration AS r WHERE r.status = 'confirmed'"
CERTIFICATE = {"registration_id": "r.id", "number": "'N' || r.id"}
ATTENDANCES = (
    "INSERT INTO registration_attendance (registration_id, day_id, source, recorded_at) "
    "SELECT r.id, (SELECT min(id) FROM workshops_workshopday AS d WHERE d.workshop_id = r.workshop_id), 'joined', "
    "now() FROM {confirmed} AND r.id % 3 = 0"
)

if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
