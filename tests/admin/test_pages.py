"""Every list, add and change page opens for whoever may see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from tests.world import World

ADMINS = {model._meta.label_lower: model_admin for model, model_admin in admin.site._registry.items()}
FOR_A_MEMBER = {
    "workshops.workshop",
    "workshops.workshopday",
    "workshops.session",
    "workshops.speaker",
    "workshops.organisation",
    "workshops.platform",
    "registration.registration",
    "registration.participant",
    "registration.invitation",
    "registration.invitationlist",
    "registration.message",
    "registration.announcement",
    "registration.suppression",
    "registration.accessdetails",
    "registration.accesscode",
    "registration.attendance",
    "registration.certificate",
    "registration.document",
    "accounts.auditentry",
}
FOR_A_LEAD = FOR_A_MEMBER | {
    "workshops.conference",
    "workshops.release",
    "workshops.draftimport",
    "registration.barrierreport",
    "registration.mailtext",
    "registration.privacyversion",
}
FOR_THE_OPERATOR = FOR_A_LEAD | {
    "accounts.user",
    "workshops.membership",
    "accounts.secondfactor",
}


def url(label: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


def may_see(client: Any, label: str) -> bool:
    return client.get(url(label, "changelist")).status_code == 200


def test_each_organiser_sees_the_lists_of_their_part(world: World, sign_in: Any) -> None:
    seen = {
        name: {label for label in ADMINS if may_see(sign_in(user), label)}
        for name, user in (("member", world.member), ("lead", world.lead), ("boss", world.boss))
    }
    assert seen == {"member": FOR_A_MEMBER, "lead": FOR_A_LEAD, "boss": FOR_THE_OPERATOR}


@pytest.mark.parametrize("language", ["de", "tr", "en"])
@pytest.mark.parametrize("label", sorted(ADMINS))
def test_every_page_of_every_model_opens_for_the_operator(
    world: World, sign_in: Any, label: str, language: str
) -> None:
    client = sign_in(world.boss, language)
    model_admin = ADMINS[label]
    assert client.get(url(label, "changelist")).status_code == 200
    assert client.get(url(label, "changelist"), {"q": "İstanbul müller"}).status_code == 200
    added = client.get(url(label, "add"))
    assert added.status_code in ({302} if label.startswith("registration.invitation") else {200, 403})
    row = model_admin.model._default_manager.first()
    if row is not None:
        assert client.get(url(label, "change", row.pk)).status_code == 200
        assert client.get(url(label, "history", row.pk)).status_code == 200


@pytest.mark.parametrize("label", sorted(FOR_A_MEMBER))
def test_every_page_opens_for_a_member_of_a_workshops_team(world: World, sign_in: Any, label: str) -> None:
    client = sign_in(world.member)
    page = client.get(url(label, "changelist"))
    assert page.status_code == 200
    for row in page.context["cl"].result_list:
        assert client.get(url(label, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("who", ["member", "lead", "boss"])
def test_start_page_opens(world: World, sign_in: Any, who: str) -> None:
    page = sign_in(getattr(world, who)).get(reverse("admin:index"))
    assert page.status_code == 200
    assert [line.workshop.slug for line in page.context["overview"].workshops] == (
        ["own"] if who == "member" else ["own", "other"]
    )


def test_an_organiser_without_a_team_sees_a_start_page_that_says_so(world: World, sign_in: Any) -> None:
    from tests import factories

    page = sign_in(factories.make_organiser(), "en").get(reverse("admin:index"))
    assert "You do not look after any workshop yet." in page.content.decode()
    assert page.context["app_list"] == []


@pytest.mark.parametrize(
    ("language", "name"), [("de", "Zweite Faktoren"), ("tr", "Giriş için ikinci adımlar")]
)
def test_what_comes_from_allauth_is_named_in_the_readers_language(
    world: World, sign_in: Any, language: str, name: str
) -> None:
    page = sign_in(world.boss, language).get(reverse("admin:index")).content.decode()
    assert name in page
    assert "Authenticator" not in page


def test_the_language_switch_sets_the_interface_language(world: World, sign_in: Any) -> None:
    client = sign_in(world.boss, "en")
    answer = client.post(reverse("admin:set_language"), {"language": "tr", "next": "/admin/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert '<html lang="tr"' in client.get("/admin/").content.decode()


def test_pages_have_no_inline_script_and_no_inline_style(world: World, sign_in: Any) -> None:
    client = sign_in(world.boss)
    addresses = [reverse("admin:index"), reverse("admin:registration_invitation_invite")]
    for label, model_admin in ADMINS.items():
        addresses.append(url(label, "changelist"))
        row = model_admin.model._default_manager.first()
        if row is not None:
            addresses.append(url(label, "change", row.pk))
    for address in addresses:
        html = client.get(address).content.decode()
        assert "<style" not in html, address
        assert " style=" not in html, address
        assert " onclick=" not in html, address
        assert all("src=" in tag or "application/json" in tag for tag in html.split("<script")[1:]), address


def test_no_page_of_somebody_not_signed_in_opens(world: World, client: Any) -> None:
    for label in ADMINS:
        for page in ("changelist", "add"):
            try:
                answer = client.get(url(label, page))
            except NoReverseMatch:
                continue
            assert answer.status_code == 302


STRANGE = ("abc", "", "-1", "99999999999999999999999", "é'\"<", "0,1", "%00")


@pytest.mark.parametrize("value", STRANGE)
def test_a_strange_address_of_a_list_is_no_error_500(world: World, sign_in: Any, value: str) -> None:
    client = sign_in(world.member)
    for label in sorted(FOR_A_MEMBER):
        for name in (
            "q",
            "p",
            "o",
            "e",
            "all",
            "status__exact",
            "workshop__id__exact",
            "workshops__id__exact",
        ):
            assert client.get(url(label, "changelist"), {name: value}).status_code < 500
    for name in (
        "admitted",
        "country",
        "progress",
        "role__exact",
        "answered_at__isempty",
        "participant__email",
    ):
        for label in ("registration.registration", "registration.invitation", "registration.participant"):
            assert client.get(url(label, "changelist"), {name: value}).status_code < 500


@pytest.mark.parametrize("key", ["abc", "-1", "99999999999999999999999", "_5F", "x" * 300])
def test_a_strange_address_of_a_page_is_not_found(world: World, sign_in: Any, key: str) -> None:
    client = sign_in(world.boss)
    for label in sorted(FOR_THE_OPERATOR):
        for page in ("change", "history", "delete"):
            assert client.get(url(label, page, key)).status_code in {403, 404}, (label, page)
