"""A backup is made while people register, restored into an empty database, and compared with what it was made of."""

from __future__ import annotations

import errno
import gc
import io
import json
import os
import shutil
import stat
import threading
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from conference import VERSION
from conference.data_dir import ROOT
from registration.domain.backup import archive as archives
from registration.domain.backup.errors import BackupError
from registration.domain.backup.hold_mail import HELD, send_held_mail
from registration.domain.backup.make_backup import make_backup
from registration.domain.erase import erase_participant
from registration.domain.register import PersonDetails, submit_registration
from registration.domain.tokens import issue_link
from registration.models import Message, Participant
from tests import factories
from tests.operating.databases import Database, Dump, Said, own
from tests.servers import wait_until
from workshops.models import Conference, Workshop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        bool(os.environ.get("TEST_DATABASE_URL")) and shutil.which("psql") is None,
        reason="PostgreSQL’s own tools are not installed (Debian: postgresql)",
    ),
]
DETAILS = PersonDetails("Çiğdem", "Işık", "Bursa", "Uzman", "Bursa", "TR", "tr")
NOTHING_ELSE = "Messages held back: 0. People erased again: 0."
Change = Callable[[dict[str, Any]], object]


def register(workshop: Workshop) -> Participant:
    person = factories.make_participant(workshop.conference)
    submit_registration(
        participant=person,
        details=DETAILS,
        choices={workshop.slug: "active"},
        listens={},
        consent=None,
        language="tr",
    )
    return person


def back_up(path: Path) -> Path:
    with path.open("wb") as file:
        make_backup(file=file)
    return path


def restore(database: Database, path: Path, *options: str) -> Said:
    return database.command("restore", str(path), *options)


def forged(path: Path, change: Change) -> Path:
    """The same backup with another manifest, whose digests are right again."""
    with path.open("rb") as file, path.with_suffix(".forged").open("wb") as target:
        original = archives.Archive(file)
        values = {name: getattr(original.manifest, name) for name in archives.Manifest.__slots__}
        change(values)
        writer = archives.ArchiveWriter(target)
        with writer.member(archives.DATABASE) as member:
            original.copy_database(member)
        writer.finish(archives.Manifest(**values))
    return path.with_suffix(".forged")


def without_sessions(dump: Dump) -> Dump:
    return {**dump, "django_session": []}


def test_what_was_backed_up_is_restored_row_by_row_and_nobody_is_signed_in(
    empty: Database, tmp_path: Path
) -> None:
    call_command("load_demo", "--year", "2020", verbosity=0)
    workshop = Workshop.objects.get(slug="digitale-stadt")
    issue_link(participant=factories.make_participant(workshop.conference, last_name="Öztürk-ß “„ \\ \n\t"))
    factories.make_access(workshop.days.get())
    Session.objects.create(session_key="k" * 32, session_data="signed in", expire_date=timezone.now())
    path = tmp_path / "backup"
    made = own().manage("backup", str(path))

    with path.open("rb") as file:
        result = empty.manage("restore", "-", stdin=file)

    assert (made.returncode, made.stdout, result.returncode) == (0, "", 0), made.stderr + result.stderr
    assert result.stdout.splitlines()[1] == NOTHING_ELSE
    assert empty.dump() == without_sessions(own().dump())
    assert "signed in" not in path.read_bytes().decode("latin-1")


def test_the_restored_database_goes_on_where_the_backup_was_made(empty: Database, tmp_path: Path) -> None:
    call_command("load_demo", "--year", "2020", verbosity=0)
    restore(empty, back_up(tmp_path / "backup"))

    invited = empty.command("invite", "neu@example.org", "--workshop", "digitale-stadt")

    assert invited.out == ["Queued: neu@example.org"]
    assert empty.ask("SELECT email FROM registration_participant") == [("neu@example.org",)]


class Pipe:
    """Takes the first bytes only when somebody has registered since they were made."""

    def __init__(self, file: Any, registered: list[int]) -> None:
        self._file, self._registered, self._has_waited = file, registered, False

    def write(self, data: bytes) -> int:
        if not self._has_waited:
            before = len(self._registered)
            wait_until(lambda: len(self._registered) > before + 1, what="a registration during the backup")
            self._has_waited = True
        return int(self._file.write(data))

    def flush(self) -> None:
        self._file.flush()


def test_people_register_while_a_backup_is_made_and_it_is_of_one_moment(
    empty: Database, tmp_path: Path, conference: Conference
) -> None:
    workshop = factories.make_workshop(
        conference, capacity_active=9999, confirmation=Workshop.Confirmation.AUTOMATIC
    )
    register(workshop)
    ended, registered = threading.Event(), []

    def go_on() -> None:
        try:
            while not ended.is_set():
                registered.append(register(workshop).pk)
        finally:
            connection.close()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        with (tmp_path / "backup").open("wb") as file:
            make_backup(file=Pipe(file, registered))  # type: ignore[arg-type]
    finally:
        ended.set()
        thread.join()
    restore(empty, tmp_path / "backup", "--send-mail")

    before, after = own().dump(), empty.dump()
    [[taken]] = empty.ask("SELECT taken_active FROM workshops_workshop")
    assert 1 <= taken < len(before["registration_registration"])
    assert taken == len(after["registration_registration"]) == len(after["registration_message"])
    assert set(after["registration_registration"]) <= set(before["registration_registration"])
    assert set(after["registration_message"]) <= set(before["registration_message"])


def test_waiting_mail_is_held_back_until_the_operator_lets_it_go(
    empty: Database, tmp_path: Path, workshop: Workshop
) -> None:
    register(workshop)
    Message.objects.update(status=Message.Status.RETRY)

    result = restore(empty, back_up(tmp_path / "backup"))
    held = empty.ask("SELECT status, last_error FROM registration_message")
    released = empty.command("send_held_mail")

    assert result.out[1] == "Messages held back: 1. People erased again: 0."
    assert held == [("cancelled", HELD)]
    assert released.out == ["Queued: 1 messages."]
    assert empty.ask("SELECT status, last_error FROM registration_message") == [("queued", "")]


def test_mail_that_was_stopped_for_another_reason_stays_stopped(workshop: Workshop) -> None:
    register(workshop)
    Message.objects.update(status=Message.Status.CANCELLED, last_error="An organiser stopped it.")

    assert send_held_mail() == 0


def test_who_was_erased_after_the_backup_is_erased_again_and_nobody_else(
    empty: Database, tmp_path: Path, workshop: Workshop
) -> None:
    gone, listed, stays = register(workshop), register(workshop), register(workshop)
    path = back_up(tmp_path / "backup")
    log = tmp_path / "log"
    now, once = timezone.now().isoformat(), "2020-01-01T00:00:00Z"
    lines = (
        f'web-1  | {{"event": "personal data erased", "participant": {gone.pk}, "timestamp": "{now}"}}\n'
        f'{{"event": "personal data erased", "participant": {stays.pk}, "timestamp": "{once}"}}\n'
        '{"event": "request", "status": 200}\n'
        f"{listed.pk}\n"
    )
    # Whatever else was collected may be written in another encoding.
    log.write_bytes(b"cron | Sch\xf6n\n" + lines.encode())

    result = restore(empty, path, "--erased", str(log))

    assert result.out[1] == "Messages held back: 3. People erased again: 2."
    assert empty.ask("SELECT id FROM registration_participant") == [(stays.pk,)]
    assert empty.ask("SELECT taken_active FROM workshops_workshop") == [(1,)]


def test_mail_to_whoever_moves_up_for_an_erased_person_is_held_back_as_well(
    empty: Database, tmp_path: Path, conference: Conference
) -> None:
    workshop = factories.make_workshop(
        conference, capacity_active=1, confirmation=Workshop.Confirmation.AUTOMATIC
    )
    gone, waits = register(workshop), register(workshop)
    (tmp_path / "erased").write_text(f"{gone.pk}\n")

    result = restore(empty, back_up(tmp_path / "backup"), "--erased", str(tmp_path / "erased"))

    assert result.out[1] == "Messages held back: 3. People erased again: 1."
    assert empty.ask("SELECT kind, status FROM registration_message ORDER BY created_at") == [
        ("waitlisted", "cancelled"),
        ("promoted", "cancelled"),
    ]
    assert empty.ask("SELECT participant_id, status FROM registration_registration") == [
        (waits.pk, "confirmed")
    ]


@pytest.mark.sqlite
def test_an_erasure_is_logged_in_the_words_the_restore_looks_for(
    empty: Database, tmp_path: Path, workshop: Workshop
) -> None:
    person = register(workshop)
    path = back_up(tmp_path / "backup")
    code = f"from registration.domain.erase import erase_participant as e; e(participant_id={person.pk})"
    (tmp_path / "log").write_text(own().manage("shell", "-v", "0", "-c", code).stderr)

    result = restore(empty, path, "--erased", str(tmp_path / "log"))

    assert result.out[1] == "Messages held back: 1. People erased again: 1."
    assert empty.ask("SELECT id FROM registration_participant") == []


def test_numbers_of_the_erased_can_be_read_from_the_database_before_the_restore(
    empty: Database, tmp_path: Path, workshop: Workshop
) -> None:
    """What docs/operations.md says for a database that can still be read: every number that is missing in it."""
    gone, stays = register(workshop), register(workshop)
    path = back_up(tmp_path / "backup")
    erase_participant(participant_id=gone.pk)
    here = {number for [number] in own().ask("SELECT id FROM registration_participant")}
    missing = [number for number in range(1, stays.pk + 1) if number not in here]
    (tmp_path / "missing").write_text("".join(f"{number}\n" for number in missing))

    restore(empty, path, "--erased", str(tmp_path / "missing"))

    assert empty.ask("SELECT id FROM registration_participant") == [(stays.pk,)]


def test_a_list_of_erased_people_that_cannot_be_read_restores_nothing(
    empty: Database, tmp_path: Path, workshop: Workshop
) -> None:
    path = back_up(tmp_path / "backup")
    (tmp_path / "log").write_text('{"event": "personal data erased"}\n')

    with pytest.raises(CommandError, match=r"^Line 1 of the list of erased people cannot be read\.$"):
        restore(empty, path, "--erased", str(tmp_path / "log"))

    assert empty.tables() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda values: values["migrations"].append("registration.9999_later"),
            "This backup was made by a newer version of Köprü (it knows registration.9999_later).",
        ),
        (
            lambda values: values.update(format=2),
            "This backup was made by a newer version of Köprü. Restore it with that version.",
        ),
        (
            lambda values: values.update(engine="oracle"),
            "This backup is from oracle, the database here is {here}.",
        ),
        (lambda values: None, "The database is not empty. A backup is restored into a new, empty one only."),
    ],
)
def test_what_cannot_be_restored_here_is_refused_in_one_line(
    tmp_path: Path, workshop: Workshop, change: Change, said: str
) -> None:
    path = forged(back_up(tmp_path / "backup"), change)
    before = own().dump()

    with pytest.raises(CommandError) as refused:
        restore(own(), path)

    assert str(refused.value) == said.format(here=connection.vendor)
    assert own().dump() == before


def test_a_restore_that_fails_in_the_middle_leaves_the_database_empty(
    empty: Database, tmp_path: Path, workshop: Workshop
) -> None:
    register(workshop)
    path = forged(
        back_up(tmp_path / "backup"), lambda values: values["tables"].update(registration_message=7)
    )

    with pytest.raises(CommandError) as refused:
        restore(empty, path)

    assert len(str(refused.value).splitlines()) == 1
    assert "registration_message" in str(refused.value) or "damaged" in str(refused.value)
    assert empty.tables() == []


def test_a_damaged_file_is_refused_or_else_brings_the_very_same(workshop: Workshop) -> None:
    """A few bytes of a ZIP, such as the year of a file, mean nothing to us."""
    whole = io.BytesIO()
    make_backup(file=whole)
    data = whole.getvalue()
    original = content(data)
    ends = [*range(300), *range(len(data) - 900, len(data))]
    places = [*ends, *range(300, len(data), len(data) // 50)]

    flipped = [content(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]) for at in places]
    cut = [content(data[: len(data) * part // 10]) for part in range(10)]

    assert set(flipped) == {original, "refused"}
    assert set(cut) == {"refused"}


def content(data: bytes) -> str:
    """What a restore would go by."""
    found = io.BytesIO()
    try:
        archive = archives.Archive(io.BytesIO(data))
    except BackupError:
        return "refused"
    archive.copy_database(found)
    return repr((archive.manifest, found.getvalue()))


def test_a_backup_is_its_owners_only_overwrites_nothing_and_leaves_nothing_else(
    tmp_path: Path, workshop: Workshop
) -> None:
    path = tmp_path / "backup"
    own().command("backup", str(path))
    before = path.read_bytes()

    with pytest.raises(CommandError) as refused:
        own().command("backup", str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(refused.value) == f"{path} exists; a backup overwrites nothing."
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


def test_neither_the_keys_nor_what_they_hide_is_in_a_backup(
    tmp_path: Path, workshop: Workshop, settings: Any
) -> None:
    link = issue_link(participant=factories.make_participant(workshop.conference))
    factories.make_access(workshop.days.get())
    with back_up(tmp_path / "backup").open("rb") as file:
        found = io.BytesIO()
        archives.Archive(file).copy_database(found)
    text = found.getvalue() + (tmp_path / "backup").read_bytes()
    if connection.vendor == "sqlite":
        text += zlib.decompress(found.getvalue(), wbits=31)
        assert link.digest.encode() in text

    secrets = [settings.SECRET_KEY, *settings.FIELD_KEYS, *factories.CANARIES]

    assert [secret for secret in secrets if secret.encode() in text] == []


def test_other_keys_than_those_of_the_backup_are_said(
    empty: Database, tmp_path: Path, workshop: Workshop, settings: Any
) -> None:
    issue_link(participant=factories.make_participant(workshop.conference))
    factories.make_access(workshop.days.get())
    path = back_up(tmp_path / "backup")
    settings.SECRET_KEY, settings.FIELD_KEYS = "x" * 60, ["eHh4" * 10 + "eHg="]

    assert restore(empty, path).err == [
        "Warning: FIELD_KEYS lacks the key of some access details or second factors: add the former one.",
        "Warning: SECRET_KEY is another one: put the former one into SECRET_KEY_FALLBACKS.",
    ]


def test_codes_alone_tell_that_a_key_is_missing(
    empty: Database, tmp_path: Path, workshop: Workshop, settings: Any
) -> None:
    factories.make_code(workshop.days.get())
    path = back_up(tmp_path / "backup")
    settings.FIELD_KEYS = ["eHh4" * 10 + "eHg="]

    assert restore(empty, path).err == [
        "Warning: FIELD_KEYS lacks the key of some access details or second factors: add the former one."
    ]


class FullDisk(io.BytesIO):
    def write(self, data: Any) -> int:
        if self.tell() > 9_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_a_backup_that_is_broken_off_says_why_and_does_not_end_like_a_whole_one(workshop: Workshop) -> None:
    disk = FullDisk()

    with pytest.raises(OSError, match="No space left"):
        make_backup(file=disk)

    gc.collect()
    assert content(disk.getvalue()) == "refused"


def test_an_empty_database_is_not_backed_up(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^The database is empty: there is nothing to back up\.$"):
        empty.command("backup", str(tmp_path / "backup"))

    assert not (tmp_path / "backup").exists()


def test_the_manifest_says_what_is_inside(tmp_path: Path, workshop: Workshop) -> None:
    register(workshop)

    with zipfile.ZipFile(back_up(tmp_path / "backup")) as archive:
        names, manifest = archive.namelist(), json.loads(archive.read("manifest.json"))

    rows = {name: len(rows) for name, rows in without_sessions(own().dump()).items()}
    assert names == ["database", "manifest.json", "SHA256SUMS"]
    assert (manifest["tables"], manifest["engine"]) == (rows, connection.vendor)
    assert f'version = "{manifest["version"]}"' in (ROOT / "pyproject.toml").read_text()
    assert manifest["version"] == VERSION
