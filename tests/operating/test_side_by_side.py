"""A next version is put beside the present one, on the same database, while people register; then the old one stops."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from inspect import Parameter, signature
from pathlib import Path

import pytest
from django.db import connection

from conference.celery import app
from registration.models import Message, Registration
from tests.operating.versions import ADDITIVE, UNSAFE, NextVersion, next_version
from tests.places.people import Person, crowd, in_threads
from tests.servers import WebServer, valkey, wait_until, web_server
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)


class Rush:
    """Two people at a time register, for as long as it goes on: each request goes to the next of the servers."""

    def __init__(self, conference: Conference, server: WebServer) -> None:
        self.servers = [server]
        self.done: list[Person] = []
        self._conference = conference
        self._lock, self._turns, self._over = threading.Lock(), itertools.count(), threading.Event()

    def go_on(self) -> None:
        while not self._over.is_set():
            with self._lock:
                [person] = crowd(self.servers[0], self._conference, 1)
            self._take_a_turn(person, person.open_link)
            self._take_a_turn(person, lambda person=person: person.register(digitale_stadt="active"))
            self._take_a_turn(person, lambda person=person: person.statuses.append(_own_page(person)))
            with self._lock:
                self.done.append(person)

    def _take_a_turn(self, person: Person, step: Callable[[], object]) -> None:
        with self._lock:
            servers = list(self.servers)
        person.browser.server = servers[next(self._turns) % len(servers)]
        step()

    def wait_for_more(self, number: int = 6) -> None:
        before = len(self.done)
        wait_until(lambda: len(self.done) >= before + number, seconds=120, what="people who register")

    def send_to(self, *servers: WebServer) -> None:
        """Who was sent to another one before is served to the end there."""
        with self._lock:
            self.servers = list(servers)
        self.wait_for_more()

    @contextmanager
    def running(self) -> Iterator[None]:
        with ExitStack() as stack:
            threads = [threading.Thread(target=in_threads, args=[[self.go_on]], kwargs={"at_once": 1})]
            threads += [threading.Thread(target=in_threads, args=[[self.go_on]], kwargs={"at_once": 1})]
            for thread in threads:
                thread.start()
                stack.callback(thread.join)
            stack.callback(self._over.set)
            yield


def _own_page(person: Person) -> int:
    return person.browser.get("/en/my/").status


@pytest.fixture
def new(tmp_path: Path) -> Iterator[NextVersion]:
    """Afterwards the tests' database is as it was: rolled back by the version that went ahead."""
    version = next_version(tmp_path / "next", ADDITIVE)
    yield version
    back = version.run("manage.py", "migrate", "registration", version.leaf)
    assert back.returncode == 0, back.stderr


@pytest.mark.postgresql
def test_two_versions_serve_one_database_and_nothing_is_lost_on_the_way(
    new: NextVersion, workshop: Workshop, tmp_path: Path
) -> None:
    Workshop.objects.update(capacity_active=5000)
    release_programme(conference=workshop.conference)
    with ExitStack() as stack:
        redis_url = stack.enter_context(valkey(tmp_path))
        old = ExitStack()
        stack.enter_context(old)
        old_server = old.enter_context(web_server(_made(tmp_path / "o"), redis_url=redis_url, processes=2))
        rush = Rush(workshop.conference, old_server)
        with rush.running():
            rush.wait_for_more()
            migrated = new.run("manage.py", "migrate", "--no-input", redis_url=redis_url)
            rush.wait_for_more()
            new_server = stack.enter_context(
                web_server(_made(tmp_path / "n"), redis_url=redis_url, processes=2, root=new.root)
            )
            rush.send_to(old_server, new_server)
            rush.send_to(new_server)
            old.close()
            rush.wait_for_more()

    assert migrated.returncode == 0, migrated.stderr
    assert {tuple(person.statuses) for person in rush.done} == {(303, 200)}
    registered = {person.participant.pk for person in rush.done}
    assert set(Registration.objects.values_list("participant", flat=True)) == registered
    assert set(Message.objects.values_list("participant", flat=True)) == registered
    workshop.refresh_from_db()
    assert workshop.taken_active == len(registered)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registration_participant WHERE next_note IS NULL")
        assert {number for [number] in cursor.fetchall()} == registered


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory


@pytest.mark.postgresql
def test_the_linter_lets_pass_what_is_added_and_names_what_breaks_the_former_version(tmp_path: Path) -> None:
    safe = next_version(tmp_path / "safe", ADDITIVE).run("scripts/lint_migrations.py")
    unsafe = next_version(tmp_path / "unsafe", UNSAFE).run("scripts/lint_migrations.py")

    assert safe.returncode == 0, safe.stdout + safe.stderr
    unread = [line for line in safe.stdout.splitlines() if "not looked into" in line]
    assert unread == ["accounts.0004_history_index: what its RunPython does was not looked into"]
    assert unsafe.returncode == 1
    assert "(registration, 9999_next_version)... ERR" in unsafe.stdout
    assert "DROPPING columns (table: registration_participant, column: city)" in unsafe.stdout
    assert "NOT NULL constraint on columns" in unsafe.stdout


@pytest.mark.sqlite
def test_no_task_waits_for_an_argument_that_another_version_does_not_send() -> None:
    """A task from the former version's queue is carried out by the next one, and the other way round."""
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}

    asked = {
        name: [
            parameter.name
            for parameter in signature(task.run).parameters.values()
            if parameter.default is Parameter.empty
        ]
        for name, task in ours.items()
    }

    assert len(asked) > 5
    assert {name: parameters for name, parameters in asked.items() if parameters} == {}
