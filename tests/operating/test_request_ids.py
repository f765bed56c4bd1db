"""A real web server, broker, worker and mail server as in production: what their logs and figures say together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conference.data_dir import ROOT
from registration.domain.tokens import issue_link, token_of
from registration.models import Message
from tests import factories
from tests.operating.test_monitoring_files import DOCUMENTED, base_name
from tests.outbox.smtp import MailServer
from tests.servers import Browser, WebServer, production_environment, valkey, wait_until, web_server
from workshops.domain.release import release_programme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
TOKEN, REQUEST = "for Prometheus", "the-request-of-this-test"


@dataclass
class Site:
    server: WebServer
    mail: MailServer
    worker_log: Path

    def lines(self, log: Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]

    def figures(self) -> dict[str, float]:
        answer = Browser(self.server).get("/metrics", authorization=f"Bearer {TOKEN}")
        return {
            sample.name
            + "".join(f",{key}={value}" for key, value in sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with valkey(tmp_path) as redis_url, MailServer() as mail:
        more = {"METRICS_TOKEN": TOKEN, "EMAIL_URL": "smtp://{}:{}".format(*mail.address)}
        with web_server(tmp_path, redis_url=redis_url, processes=2, **more) as server:
            environment = {**production_environment(redis_url), "DATA_DIR": str(tmp_path), **more}
            with worker(environment, tmp_path / "worker.log"):
                yield Site(server, mail, tmp_path / "worker.log")


class worker:  # noqa: N801 (used like a function)
    """A Celery worker that is told to end with the block."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        command = [
            "celery",
            "--quiet",
            "-A",
            "conference",
            "worker",
            "-c",
            "1",
            "--without-gossip",
            "--without-mingle",
        ]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def test_a_request_leads_to_its_mail_and_all_processes_add_up_their_figures(site: Site) -> None:
    conference = factories.make_conference()
    factories.make_workshop(conference)
    release_programme(conference=conference, by=None)
    participant = factories.make_participant(conference, email="ayse.yilmaz@example.org")
    link = token_of(link=issue_link(participant=participant, expires_at=None))

    for _ in range(20):
        Browser(site.server).get("/de/programme/")
    Browser(site.server).get(f"/de/invitation/{link}/")
    answer = Browser(site.server).post("/de/link/", {"email": participant.email}, x_request_id=REQUEST)
    wait_until(lambda: Message.objects.filter(status="sent").exists(), seconds=60, what="the mail")
    wait_until(
        lambda: "koprue_memory_bytes,process=worker" in site.figures(),
        seconds=60,
        what="the worker's figures",
    )
    figures = site.figures()

    assert (answer.status, answer.headers["X-Request-ID"]) == (303, REQUEST)
    number = str(Message.objects.get().pk)
    web, work = site.lines(site.server.log), site.lines(site.worker_log)
    owed = next(line for line in web if line["event"] == "message owed")
    sent = next(line for line in work if line["event"] == "message sent")
    assert (owed["message"], owed["request_id"]) == (number, REQUEST)
    assert (sent["message"], sent["request_id"], sent["task"]) == (
        number,
        REQUEST,
        "registration.tasks.drain_outbox",
    )
    for log in (site.server.log, site.worker_log):
        text = log.read_text()
        assert [word for word in (link, participant.email, "ayse", TOKEN) if word in text] == []

    assert figures["koprue_http_requests_total,method=GET,route=<lang>/programme/,status=200"] == 20
    assert figures["koprue_http_request_seconds_count,method=GET,route=<lang>/programme/"] == 20
    assert figures["koprue_tasks_total,state=success,task=registration.tasks.drain_outbox"] >= 1
    assert figures["koprue_memory_bytes,process=web"] > 30_000_000
    assert {base_name(name.partition(",")[0]) for name in figures} == DOCUMENTED
