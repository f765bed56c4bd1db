"""A GET changes nothing. Mail scanners, prefetching browsers and crawlers follow every link there is."""

from __future__ import annotations

from http import HTTPStatus

from django.test import Client

from registration.models import BarrierReport
from tests.registration_pages.helpers import Visitor
from tests.security.addresses import changed, dump, every_address
from tests.security.protections import wrong
from tests.world import World

QUERIES = ["?q=a&o=1", "?_popup=1", "?lang=tr&view=both&by=organisation&page=/de/"]


def read_all(client: Client, world: World) -> dict[str, int]:
    """GET and HEAD of every address; asserts that the tables hold afterwards what they held before, and
    that each answer carries the protections.
    """
    client.raise_request_exception = False
    addresses = every_address(world)
    addresses += [
        addresses[position] + query for query in QUERIES for position in range(0, len(addresses), 9)
    ]
    before = dump()
    answers = {address: client.get(address) for address in addresses}
    heads = {address: client.head(address).status_code for address in addresses}
    assert changed(before, dump()) == []
    assert {address: found for address, answer in answers.items() if (found := wrong(address, answer))} == {}
    statuses = {address: answer.status_code for address, answer in answers.items()}
    assert [address for address in addresses if max(statuses[address], heads[address]) >= 500] == []
    return statuses


def test_of_somebody_unknown_changes_nothing(whole: World) -> None:
    read_all(Client(), whole)


def test_of_a_participant_changes_nothing(whole: World, participant: Visitor) -> None:
    answers = read_all(participant.client, whole)

    assert [answers[f"/de/{page}/"] for page in ("register", "my", "my/data")] == [200, 200, 200]


def test_of_an_organiser_changes_nothing(whole: World, organiser: Client) -> None:
    answers = read_all(organiser, whole)

    opened = [address for address, status in answers.items() if status == HTTPStatus.OK]
    assert len([address for address in opened if address.startswith("/admin/")]) > 80


def test_the_walk_sees_a_change(whole: World) -> None:
    before = dump()

    BarrierReport.objects.update(description="Anders")

    assert changed(before, dump()) == ["registration_barrierreport"]
