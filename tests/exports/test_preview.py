"""The picture beside a link: drawn once for each release, of what is in the programme and nothing else."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from conference.public_bytes.answers import CACHE_CONTROL
from tests import factories
from workshops.domain.exports.preview import card_of
from workshops.domain.release import release_programme, released_programme
from workshops.models import Conference

pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["preview.png", "preview/workshops/eins.png", "preview/speakers/ayse-isik.png"]
)
def test_it_is_a_picture_of_the_size_networks_ask_for(
    released: Conference, client: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    response = client.get(f"/{address}?lang=tr&release=1")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    assert (response.cookies, response.headers["Cache-Control"]) == ({}, CACHE_CONTROL)
    picture = Image.open(io.BytesIO(response.content))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(response.content) < 100_000
    with django_assert_num_queries(1):  # whether it still holds
        again = client.get(f"/{address}?lang=tr", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_what_is_not_in_the_programme_has_none(released: Conference, client: Client) -> None:
    factories.make_workshop(released, slug="spaeter")
    for address in ("workshops/spaeter", "workshops/nirgends", "speakers/niemand"):
        assert client.get(f"/preview/{address}.png").status_code == 404


def test_it_says_when_on_both_clocks(demo: Conference) -> None:
    programme = released_programme()
    workshop = programme.workshop("jugendaustausch")
    cards = [
        card_of(programme, None),
        card_of(programme, workshop),
        card_of(programme, programme.speaker("harun-yigit")),
    ]
    assert [
        (
            card.title,
            [(row.date, [(f.label, f.start_text, f.end_text) for f in row.faces]) for row in card.rows],
        )
        for card in cards
    ] == [
        (
            demo.name_en,
            [("Begins on Monday, 15 June 2020", [("CET", "09:30", ""), ("TRT", "10:30", "")])],
        ),
        (
            workshop.title["en"] if workshop else "",
            [
                ("Wednesday, 3 June 2020", [("CET", "10:00", "16:00"), ("TRT", "11:00", "17:00")]),
                ("Wednesday, 10 June 2020", [("CET", "10:00", "16:00"), ("TRT", "11:00", "17:00")]),
            ],
        ),
        ("Harun Yiğit", [("Monday, 15 June 2020", [("CET", "09:50", "10:05"), ("TRT", "10:50", "11:05")])]),
    ]
    assert [[entry.label for entry in card.legend] for card in cards] == [["CET", "TRT"]] * 3


def test_long_titles_many_dates_and_open_times_fit(conference: Conference, client: Client) -> None:
    workshop = factories.make_workshop(
        conference,
        slug="lang",
        with_day=False,
        **{f"title_{code}": "Städtepartnerschaftskonferenz " * 6 for code in ("de", "tr", "en")},
        subtitle_de="x" * 200,
    )
    for days in range(4):
        factories.make_day(workshop, date=factories.in_days(30 + days))
    factories.make_workshop(conference, slug="offen", with_day=False)
    release_programme(conference=conference)
    card = card_of(released_programme(), released_programme().workshop("lang"))
    assert (len(card.rows), card.more, card.size, card.has_room) == (2, 2, "smallest", False)
    assert [client.get(f"/preview/workshops/{slug}.png").status_code for slug in ("lang", "offen")] == [
        200,
        200,
    ]
