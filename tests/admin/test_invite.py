"""Inviting: everything typed is reported, nothing is lost, nothing goes out twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from registration.admin.addresses import read_addresses
from registration.models import Invitation, Message, Participant
from tests.admin.conftest import World

URL = reverse("admin:registration_invitation_invite")
TYPED = """\
Ayşe Yılmaz <ayse@example.org>, "Müller, Jürgen" <juergen@example.org>; third@example.org
not an address
AYSE@example.org
fourth@example.org fifth@example.org
"""


def rows(page: Any) -> list[tuple[int, str, str]]:
    return [(row.line, row.typed, row.kind) for row in page.context["rows"]]


EXPECTED = [
    (1, "Ayşe Yılmaz <ayse@example.org>", "done"),
    (1, '"Müller, Jürgen" <juergen@example.org>', "done"),
    (1, "third@example.org", "done"),
    (2, "not an address", "refused"),
    (3, "AYSE@example.org", "unchanged"),
    (4, "fourth@example.org", "done"),
    (4, "fifth@example.org", "done"),
]


def test_addresses_are_read_as_people_paste_them() -> None:
    read = read_addresses('a@b.org;c@d.org\n\n <e@f.org> ,\nÖ <g@h.org>\nbroken@\n"x')
    assert [(row.line, row.address) for row in read] == [
        (1, "a@b.org"),
        (1, "c@d.org"),
        (3, "e@f.org"),
        (4, "g@h.org"),
        (5, None),
        (6, None),
    ]


def test_many_are_invited_after_a_preview_and_every_row_is_reported(world: World, sign_in: Any) -> None:
    client = sign_in(world.member, "en")
    data = {"addresses": TYPED, "workshops": [world.own.pk], "language": "tr"}
    before = Message.objects.count()
    preview = client.post(URL, {**data, "check": "x"})
    assert (preview.status_code, rows(preview)) == (200, EXPECTED)
    assert Message.objects.count() == before
    assert "Send 5 invitations" in preview.content.decode()
    assert "not an address" in preview.context["form"]["addresses"].value()
    sent = client.post(URL, {**data, "send": "x"})
    assert (sent.status_code, rows(sent)) == (200, EXPECTED)
    assert Message.objects.filter(kind="invitation").count() == before + 5
    invited = Invitation.objects.filter(participant__email="ayse@example.org").get()
    assert (invited.participant.language, invited.invited_by, list(invited.workshops.all())) == (
        "tr",
        world.member,
        [world.own],
    )
    assert sent.context["form"]["addresses"].value() == "not an address"


def test_a_second_click_invites_nobody_twice(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    data = {"addresses": "a@example.org", "workshops": [world.own.pk], "language": "", "send": "x"}
    client.post(URL, data)
    again = client.post(URL, data)
    assert (again.status_code, rows(again)) == (422, [(1, "a@example.org", "unchanged")])
    assert Invitation.objects.filter(participant__email="a@example.org").count() == 1


def test_who_is_invited_already_is_invited_to_the_other_workshop_only(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    data = {"addresses": "a@example.org", "language": "", "send": "x"}
    client.post(URL, {**data, "workshops": [world.own.pk]})
    client.post(URL, {**data, "workshops": [world.own.pk, world.other.pk]})
    found = Invitation.objects.filter(participant__email="a@example.org").order_by("pk")
    assert [[workshop.slug for workshop in invitation.workshops.all()] for invitation in found] == [
        ["own"],
        ["other"],
    ]


def test_unknown_language_is_kept_as_unknown(world: World, sign_in: Any) -> None:
    data = {"addresses": "a@example.org", "workshops": [world.own.pk], "language": "", "send": "x"}
    sign_in(world.member).post(URL, data)
    assert Participant.objects.get(email="a@example.org").language == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"addresses": ""}, "addresses"),
        ({"addresses": " ,;\n "}, "addresses"),
        ({"addresses": "a\x00@example.org"}, "addresses"),
        ({"addresses": "a@example.org\n" * 1001}, "addresses"),
        ({"workshops": []}, "workshops"),
        ({"workshops": ["x"]}, "workshops"),
        ({"workshops": [99999]}, "workshops"),
        ({"language": "fr"}, "language"),
    ],
)
def test_bad_input_is_said_at_the_field_and_nothing_typed_is_lost(
    world: World, sign_in: Any, changes: dict[str, Any], field: str
) -> None:
    data = {
        "addresses": "kept@example.org",
        "workshops": [world.own.pk],
        "language": "de",
        "send": "x",
        **changes,
    }
    before = Message.objects.count()
    page = sign_in(world.member).post(URL, data)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert Message.objects.count() == before
    if field != "addresses":
        assert "kept@example.org" in page.content.decode()


def test_a_get_of_the_page_can_name_workshops(world: World, sign_in: Any) -> None:
    page = sign_in(world.member).get(URL, {"workshop": [world.own.pk, "x"]})
    assert page.status_code == 200
    assert f'value="{world.own.pk}" id="id_workshops_0" checked' in page.content.decode()
