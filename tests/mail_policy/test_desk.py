"""Organisers see who is not written to and why, and may take back only what is theirs to take back."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from registration.domain.invitation_lists.send_list import send_list
from registration.domain.invitation_lists.write_lists import write_lists
from registration.domain.suppress import suppress
from registration.models import DeliveryEvent, Invitation, Message, Suppression
from tests import factories
from tests.world import World

LIST = reverse("admin:registration_suppression_changelist")
ADD = reverse("admin:registration_suppression_add")
STEP = reverse("admin:registration_suppression_step", args=["allow"])
INVITE = reverse("admin:registration_invitation_invite")
OWN, OTHER, NOBODY = "guest-of-own@example.org", "guest-of-other@example.org", "nobody@example.org"


@pytest.fixture
def rows(world: World) -> dict[str, Suppression]:
    """One of the member's own people, one of another workshop's, one that nobody knows, one that was erased."""
    found = {
        email: suppress(conference=world.conference, email=email, reason="bounced", note="550 unknown")
        for email in (OWN, OTHER, NOBODY, "erased@example.org")
    }
    Suppression.objects.filter(pk=found["erased@example.org"].pk).update(email="")
    return found


def page_of(row: Suppression) -> str:
    return reverse("admin:registration_suppression_change", args=[row.pk])


def shown(page: Any) -> list[str]:
    return sorted(row.email for row in page.context["cl"].result_list)


def test_leads_see_every_address_and_members_those_of_their_own_people(
    world: World, sign_in: Any, rows: dict[str, Suppression]
) -> None:
    seen = {who: shown(sign_in(getattr(world, who)).get(LIST)) for who in ("boss", "lead", "member")}
    assert seen == {
        "boss": sorted(["", OWN, OTHER, NOBODY]),
        "lead": sorted(["", OWN, OTHER, NOBODY]),
        "member": [OWN],
    }


def test_another_workshop_s_address_is_not_there_for_a_member(
    world: World, sign_in: Any, rows: dict[str, Suppression]
) -> None:
    client = sign_in(world.member)
    for email, row in rows.items():
        mine = email == OWN
        assert client.get(page_of(row)).status_code == (200 if mine else 404)
        answer = client.post(STEP, {"ids": str(row.pk), "sure": "yes"})
        assert answer.status_code == (200 if mine else 404)
    assert set(Suppression.objects.values_list("email", flat=True)) == {"", OTHER, NOBODY}


def test_the_same_address_in_another_conference_is_another_s(world: World, sign_in: Any) -> None:
    elsewhere = factories.make_conference(is_current=False)
    row = suppress(conference=elsewhere, email=OWN, reason="bounced")
    for who in (world.member, world.lead):
        assert sign_in(who).get(page_of(row)).status_code == 404


def test_an_address_that_bounced_is_allowed_again_after_a_look(
    world: World, sign_in: Any, rows: dict[str, Suppression]
) -> None:
    client = sign_in(world.lead, "en")
    preview = client.post(STEP, {"ids": str(rows[OWN].pk)})
    assert [(o.row, o.before, o.kind, o.after) for o in preview.context["outcomes"]] == [
        (OWN, "address does not exist", "done", "may be invited")
    ]
    assert Suppression.objects.filter(email=OWN).exists()
    done = client.post(STEP, {"ids": str(rows[OWN].pk), "sure": "yes"})
    assert (done.status_code, Suppression.objects.filter(email=OWN).exists()) == (200, False)


@pytest.mark.parametrize("reason", ["declined", "unsubscribed", "complained"])
def test_a_person_s_own_no_is_not_taken_back_by_organisers(
    world: World, sign_in: Any, rows: dict[str, Suppression], reason: str
) -> None:
    Suppression.objects.filter(email=OWN).update(reason=reason)
    done = sign_in(world.boss, "en").post(STEP, {"ids": str(rows[OWN].pk), "sure": "yes"})
    assert [outcome.kind for outcome in done.context["outcomes"]] == ["refused"]
    assert Suppression.objects.get(email=OWN).reason == reason


@pytest.mark.parametrize(("reason", "can"), [("bounced", True), ("declined", False), ("unsubscribed", False)])
def test_the_page_has_a_button_only_where_organisers_decide(
    world: World, sign_in: Any, reason: str, can: bool
) -> None:
    row = suppress(conference=world.conference, email=OWN, reason=reason)
    html = sign_in(world.member, "en").get(page_of(row)).content.decode()
    assert (f'action="{STEP}"' in html, "Only the person can undo this" in html) == (can, not can)


def test_a_wish_told_by_telephone_is_entered(world: World, sign_in: Any) -> None:
    data = {"email": " Stranger@Example.org ", "conference": world.conference.pk}
    answers = [sign_in(world.lead).post(ADD, data).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert list(Suppression.objects.values_list("email", "reason")) == [
        ("stranger@example.org", "unsubscribed")
    ]


def test_entering_it_again_weakens_nothing(world: World, sign_in: Any) -> None:
    suppress(conference=world.conference, email=OWN, reason="complained")
    sign_in(world.lead).post(ADD, {"email": OWN, "conference": world.conference.pk})
    assert Suppression.objects.get().reason == "complained"


@pytest.mark.parametrize("email", [OTHER, NOBODY])
def test_a_member_enters_own_people_only_and_learns_nothing_of_others(
    world: World, sign_in: Any, email: str
) -> None:
    client = sign_in(world.member, "en")
    refused = client.post(ADD, {"email": email, "conference": world.conference.pk})
    assert (refused.status_code, refused.context["adminform"].form.errors) == (
        422,
        {"email": ["Nobody of your workshops has this address."]},
    )
    assert client.post(ADD, {"email": OWN, "conference": world.conference.pk}).status_code == 302
    assert list(Suppression.objects.values_list("email", flat=True)) == [OWN]


@pytest.mark.parametrize("email", ["", "not an address"])
def test_an_unreadable_address_is_said_at_its_field(world: World, sign_in: Any, email: str) -> None:
    answer = sign_in(world.lead).post(ADD, {"email": email, "conference": world.conference.pk})
    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (422, ["email"])


def test_nothing_is_edited_or_deleted(world: World, sign_in: Any, rows: dict[str, Suppression]) -> None:
    client = sign_in(world.boss)
    assert client.post(page_of(rows[OWN]), {"email": "x@example.org"}).status_code == 403
    delete = reverse("admin:registration_suppression_delete", args=[rows[OWN].pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_the_start_page_counts_what_is_the_organiser_s(
    world: World, sign_in: Any, rows: dict[str, Suppression]
) -> None:
    for who, number in ((world.lead, 4), (world.member, 1)):
        overview = sign_in(who).get(reverse("admin:index")).context["overview"]
        assert (overview.suppressed.value, overview.suppressed.url) == (number, LIST)


def test_a_message_s_page_shows_what_the_provider_reported(world: World, sign_in: Any) -> None:
    message = Message.objects.get(recipient=OWN)
    DeliveryEvent.objects.create(
        message=message,
        provider="brevo",
        event_id="1",
        kind="deferred",
        reason="452 mailbox full",
        occurred_at=timezone.now(),
    )
    page = sign_in(world.member, "en").get(reverse("admin:registration_message_change", args=[message.pk]))
    text = page.content.decode()
    assert ("delayed" in text.lower(), "452 mailbox full" in text, "CET" in text) == (True, True, True)


def test_inviting_tells_row_by_row_who_is_not_to_be_written_to(world: World, sign_in: Any) -> None:
    suppress(conference=world.conference, email=OWN, reason="unsubscribed")
    data = {"addresses": f"{OWN}\nyes@example.org", "workshops": [world.own.pk], "language": "de"}
    client = sign_in(world.member, "en")
    before = Message.objects.filter(recipient=OWN).count()
    page = client.post(INVITE, data, follow=True)
    assert [(row.email, row.reason, row.workshops) for row in page.context["shown"].rows] == [
        (OWN, f"“{OWN}” is not to be invited: unsubscribed.", str(world.own)),
        ("yes@example.org", "", str(world.own)),
    ]
    send_list(list_id=page.context["original"].pk)
    write_lists(seconds=60)
    assert Message.objects.filter(recipient="yes@example.org").count() == 1
    assert Message.objects.filter(recipient=OWN).count() == before


@pytest.mark.parametrize("email", [OTHER, NOBODY])
def test_why_somebody_else_s_people_are_not_to_be_written_to_is_for_those_who_lead_the_whole(
    world: World, sign_in: Any, email: str
) -> None:
    suppress(conference=world.conference, email=email, reason="declined")
    data = {"addresses": email, "workshops": [world.own.pk], "language": "de"}
    pages = {
        who: sign_in(getattr(world, who), "en").post(INVITE, data, follow=True) for who in ("member", "lead")
    }
    told = {who: [row.reason for row in page.context["shown"].rows] for who, page in pages.items()}
    assert told == {
        "member": [f"“{email}” is not to be invited."],
        "lead": [f"“{email}” is not to be invited: declined the invitation."],
    }


def test_sending_an_invitation_again_is_refused_with_the_reason(world: World, sign_in: Any) -> None:
    suppress(conference=world.conference, email=OWN, reason="unsubscribed")
    Message.objects.filter(recipient=OWN).update(status="sent", sent_at=timezone.now())
    invitation = Invitation.objects.get(participant__email=OWN)
    step = reverse("admin:registration_invitation_step", args=["send_again"])
    page = sign_in(world.member, "en").post(step, {"ids": str(invitation.pk), "sure": "yes"})
    assert [(outcome.kind, outcome.after) for outcome in page.context["outcomes"]] == [
        ("refused", f"“{OWN}” is not to be invited: unsubscribed.")
    ]
