"""The owners' page of the team: inviting, changing, removing; and the overview everybody sets for themselves."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.models import AuditEntry, User
from registration.domain.outbox.still_owed import NOT_ON_TEAM, OTHER_ADDRESS, reason_gone
from registration.domain.team.invite_colleague import invite_colleague, write_again
from registration.mails.preview_message import preview_message
from registration.mails.render import render
from registration.models import Message
from tests import factories
from tests.places.people import together
from tests.security import addresses
from tests.world import World
from workshops.domain.scope import Role
from workshops.domain.team.set_rights import set_rights
from workshops.domain.team.values import Given, TeamError, rights_of
from workshops.models import Membership

pytestmark = pytest.mark.django_db
NEW = "neu@example.org"


def team(world: World) -> str:
    return reverse("admin:team", args=[world.conference.pk])


def member(world: World, user: User) -> str:
    return reverse("admin:team_member", args=[world.conference.pk, user.pk])


def invitation(*rights: str, **values: str) -> dict[str, Any]:
    return {
        "email": NEW,
        "first_name": "Neu",
        "last_name": "Kollegin",
        "language": "tr",
        "rights": rights,
        **values,
    }


def confirmed(preview: Any) -> dict[str, Any]:
    return {"sure": "yes", "held": preview.context["held"]}


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def invited(world: World, *rights: Given, email: str = NEW, language: str = "en") -> User:
    given = rights or (Given(Role.ACCESS, world.own.pk),)
    user, _change = invite_colleague(
        conference=world.conference, email=email, rights=given, language=language, by=world.lead
    )
    return user


def link_in(message: Message) -> str:
    body = str(render(message=message).body)
    return re.findall(r"https?://\S+/accounts/password/reset/key/\S+", body)[0]


def test_a_colleague_is_invited_once_however_often_one_clicks(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    data = invitation(f"access-{world.own.pk}", f"registrations-{world.own.pk}")
    first = client.post(team(world), data, follow=True)
    second = client.post(team(world), data, follow=True)
    user = User.objects.get(email=NEW)
    [mail] = Message.objects.filter(kind=Message.Kind.TEAM)
    assert said(first) == ["Neu Kollegin has these rights now, and an e-mail says so."]
    assert said(second) == [
        "Neu Kollegin has these rights already; nothing was changed, and no e-mail was sent."
    ]
    assert rights_of(user=user, conference=world.conference) == {
        Given(Role.ACCESS, world.own.pk),
        Given(Role.REGISTRATIONS, world.own.pk),
    }
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (True, False, False)
    assert (mail.recipient, mail.language) == (NEW, "tr")


def test_the_link_in_the_mail_sets_a_password_and_works_once(world: World, client: Any) -> None:
    user = invited(world)
    [mail] = Message.objects.filter(kind=Message.Kind.TEAM)
    link = link_in(mail).removeprefix("http://testserver")
    path = "/" + link.split("/", 3)[-1] if "://" in link else link
    form = client.get(path, follow=True)
    password = "Köprü altında çay 99"
    client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})
    user.refresh_from_db()
    assert user.check_password(password)
    again = client.get(path, follow=True).content.decode()
    assert 'name="password1"' not in again


def test_a_mail_scanner_that_opens_the_link_changes_nothing(world: World, client: Any) -> None:
    user = invited(world)
    [mail] = Message.objects.filter(kind=Message.Kind.TEAM)
    path = "/" + link_in(mail).split("/", 3)[-1]
    client.get(path, follow=True)
    user.refresh_from_db()
    assert (user.has_usable_password(), user.last_login) == (False, None)
    assert "password1" in client.get(path, follow=True).content.decode()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "You are on the team: Test conference"), ("de", "Testkonferenz"), ("tr", "Test")],
)
def test_the_mail_says_what_may_be_done_in_the_colleagues_language(
    world: World, language: str, sentence: str
) -> None:
    invited(world, Given(Role.ACCESS, world.own.pk), Given(Role.READER), language=language)
    [mail] = Message.objects.filter(kind=Message.Kind.TEAM)
    written = render(message=mail)
    assert (written.to, mail.language) == ([NEW], language)
    assert str(written.subject)
    assert NEW in str(written.body)


def test_neither_the_outbox_nor_its_preview_holds_the_link(world: World, sign_in: Any) -> None:
    invited(world)
    [mail] = Message.objects.filter(kind=Message.Kind.TEAM)
    key = link_in(mail).rstrip("/").rsplit("/", 1)[-1]
    shown = "".join(one.text + one.html for one in preview_message(message=mail))
    assert "/accounts/password/reset/key/…/" in shown
    assert key not in shown
    assert (mail.facts, mail.last_error) == (
        {"user": mail.facts["user"], "conference": world.conference.pk, "by": world.lead.pk},
        "",
    )
    outbox = reverse("admin:registration_message_changelist")
    seen = {
        user.pk: Message.Kind.TEAM
        in {row.kind for row in sign_in(user).get(outbox, {"kind__exact": "team"}).context["cl"].result_list}
        for user in (
            world.lead,
            factories.make_organiser(conference=world.conference, role=Role.REGISTRATIONS),
        )
    }
    assert list(seen.values()) == [True, False]


def test_looking_at_the_mail_writes_nothing(world: World, sign_in: Any) -> None:
    invited(world)
    [mail] = Message.objects.filter(kind=Message.Kind.TEAM)
    client, before = sign_in(world.lead), addresses.dump()
    pages = [
        client.get(reverse("admin:registration_message_preview", args=[mail.pk])),
        client.get(reverse("admin:registration_message_frame", args=[mail.pk]), {"language": "en"}),
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert addresses.changed(before, addresses.dump()) == []


def test_an_address_corrected_meanwhile_gets_the_mail_and_the_former_one_does_not(world: World) -> None:
    user = invited(world)
    [former] = Message.objects.filter(kind=Message.Kind.TEAM)
    user.email = "richtig@example.org"
    user.save()
    again = write_again(conference=world.conference, user=user, language="de", by=world.lead)
    assert (reason_gone(message=former), reason_gone(message=again)) == (OTHER_ADDRESS, None)
    assert (former.recipient, again.recipient) == (NEW, "richtig@example.org")


def test_somebody_with_an_account_keeps_name_and_password_and_is_told_to_sign_in(world: World) -> None:
    known = factories.make_organiser(email=NEW, first_name="Alt", last_name="Bekannt")
    user, _change = invite_colleague(
        conference=world.conference,
        email=NEW.upper(),
        first_name="Anders",
        rights={Given(Role.READER)},
        language="en",
        by=world.lead,
    )
    [mail] = Message.objects.filter(kind=Message.Kind.TEAM)
    body = str(render(message=mail).body)
    assert (user.pk, user.first_name) == (known.pk, "Alt")
    assert ("/accounts/password/reset/key/" in body, "/admin/" in body) == (False, True)


def test_an_account_that_is_closed_is_not_opened_by_inviting_it(world: World, sign_in: Any) -> None:
    factories.make_organiser(email=NEW, is_active=False)
    page = sign_in(world.lead, "en").post(team(world), invitation("reader"))
    assert page.status_code == 422
    assert page.context["form"].errors["email"] == [
        "The account with this address is closed. Whoever runs the site can open it again."
    ]
    assert Membership.objects.filter(user__email=NEW).count() == 0


def test_it_is_sent_again_with_a_new_link_until_somebody_signed_in_but_not_twice_at_once(
    world: World, sign_in: Any
) -> None:
    user = invited(world)
    client = sign_in(world.lead, "en")
    again = reverse("admin:team_again", args=[world.conference.pk, user.pk])
    on_the_way = said(client.post(again, follow=True))
    Message.objects.filter(kind=Message.Kind.TEAM).update(
        status="sent", sent_at=timezone.now(), created_at=timezone.now() - timezone.timedelta(hours=1)
    )
    sent = said(client.post(again, follow=True))
    clicked_twice = said(client.post(again, follow=True))
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    signed_in = said(client.post(again, follow=True))
    assert (on_the_way, sent, clicked_twice, signed_in) == (
        ["An e-mail to this person is on its way, or went out a moment ago."],
        [f"The invitation goes to {NEW} once more, with a new link."],
        ["An e-mail to this person is on its way, or went out a moment ago."],
        ["This person has signed in already and needs no further invitation."],
    )
    assert Message.objects.filter(kind=Message.Kind.TEAM).count() == 2


def test_a_mail_to_somebody_removed_meanwhile_is_not_sent(world: World) -> None:
    user = invited(world)
    [mail] = Message.objects.filter(kind=Message.Kind.TEAM)
    before = reason_gone(message=mail)
    set_rights(user=user, conference=world.conference, rights=(), by=world.lead)
    assert (before, reason_gone(message=mail)) == (None, NOT_ON_TEAM)


def test_a_change_is_said_before_it_is_done(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    data = {"rights": [f"reader-{world.own.pk}", "programme"]}
    before = client.post(member(world, world.member), data)
    unchanged = rights_of(user=world.member, conference=world.conference)
    done = client.post(member(world, world.member), {**data, **confirmed(before)}, follow=True)
    assert (before.context["new"], before.context["gone"], before.context["stays"]) == (
        ["The whole conference: programme", f"{world.own}: read only"],
        [f"{world.own}: everything"],
        [],
    )
    assert unchanged == {Given(Role.LEAD, world.own.pk)}
    assert rights_of(user=world.member, conference=world.conference) == {
        Given(Role.PROGRAMME),
        Given(Role.READER, world.own.pk),
    }
    assert said(done) == [f"The rights of {world.member} were changed."]


def test_what_another_owner_took_away_meanwhile_does_not_come_back(world: World, sign_in: Any) -> None:
    client, kept = sign_in(world.lead, "en"), Given(Role.READER, world.own.pk)
    rights, data = {kept, Given(Role.ACCESS)}, {"rights": ["access", "programme"]}
    set_rights(user=world.member, conference=world.conference, rights=rights, by=world.lead)
    page = client.post(member(world, world.member), data)
    set_rights(user=world.member, conference=world.conference, rights={kept}, by=world.lead)
    done = client.post(member(world, world.member), {**data, **confirmed(page)}, follow=True)
    assert said(done) == ["Somebody else has changed these rights meanwhile; please look again."]
    assert rights_of(user=world.member, conference=world.conference) == {kept}
    with pytest.raises(TeamError, match="meanwhile"):
        set_rights(
            user=world.member, conference=world.conference, rights=(), by=world.lead, seen=frozenset(rights)
        )


def test_removing_says_what_it_does_keeps_the_account_and_is_recorded(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    page = client.post(member(world, world.member), {"remove": "yes"})
    done = client.post(member(world, world.member), {"remove": "yes", **confirmed(page)}, follow=True)
    assert "This person sees nothing of this conference any more" in page.content.decode()
    assert said(done) == [f"{world.member} is no longer on the team."]
    assert User.objects.get(pk=world.member.pk).is_active
    entry = AuditEntry.objects.filter(content_type__model="membership", action=2).get()
    assert (entry.actor, entry.additional_data["conference"]) == (world.lead, world.conference.pk)


@pytest.mark.parametrize("data", [{"remove": "yes"}, {"rights": ["programme"]}])
def test_the_last_owner_is_neither_removed_nor_demoted(world: World, sign_in: Any, data: Any) -> None:
    closed = factories.make_organiser(conference=world.conference, is_active=False)
    client = sign_in(world.lead, "en")
    page = client.post(member(world, world.lead), data)
    client.post(member(world, world.lead), {**data, **confirmed(page)})
    assert page.status_code == 422
    assert rights_of(user=world.lead, conference=world.conference) == {Given(Role.LEAD)}
    Membership.objects.filter(user=closed).delete()
    other = factories.make_organiser(conference=world.conference)
    answer = client.post(member(world, world.lead), {**data, **confirmed(page)})
    assert (answer.status_code, answer["Location"]) == (303, reverse("admin:index"))
    assert Given(Role.LEAD) in rights_of(user=other, conference=world.conference)


def test_two_owners_cannot_take_the_rights_from_each_other(world: World) -> None:
    other = factories.make_organiser(conference=world.conference)
    set_rights(user=other, conference=world.conference, rights=(), by=world.lead)
    with pytest.raises(TeamError, match="Only the owners"):
        set_rights(user=world.lead, conference=world.conference, rights=(), by=other)


def test_nobody_else_reaches_the_team_and_no_owner_that_of_another_conference(
    world: World, sign_in: Any
) -> None:
    elsewhere = factories.make_conference(slug="elsewhere", is_current=False)
    strangers = [
        world.member,
        factories.make_organiser(conference=elsewhere),
        *(factories.make_organiser(conference=world.conference, role=role) for role in Role.values[1:]),
    ]
    again = reverse("admin:team_again", args=[world.conference.pk, world.member.pk])
    before = list(Membership.objects.values_list("user", "role", "workshop"))
    for user in strangers:
        client = sign_in(user)
        answers = [
            client.get(team(world)),
            client.post(team(world), invitation("lead")),
            client.get(member(world, world.member)),
            client.post(member(world, world.member), {"remove": "yes", "sure": "yes"}),
            client.post(again),
        ]
        assert {answer.status_code for answer in answers} == {404}
    assert list(Membership.objects.values_list("user", "role", "workshop")) == before
    with pytest.raises(TeamError):
        invite_colleague(
            conference=world.conference, email=NEW, rights={Given(Role.LEAD)}, language="de", by=world.member
        )
    assert User.objects.filter(email=NEW).count() == 0


def test_a_workshop_of_another_conference_is_no_place(world: World, sign_in: Any) -> None:
    foreign = factories.make_workshop(factories.make_conference(slug="elsewhere", is_current=False))
    page = sign_in(world.lead).post(team(world), invitation(f"lead-{foreign.pk}"))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["rights"])
    with pytest.raises(TeamError), transaction.atomic():
        set_rights(
            user=world.member,
            conference=world.conference,
            rights={Given(Role.LEAD, foreign.pk)},
            by=world.lead,
        )


def test_wider_rights_take_the_place_of_narrower_ones(world: World) -> None:
    key = world.own.pk
    given = {Given(Role.ACCESS, key), Given(Role.ACCESS), Given(Role.LEAD, key), Given(Role.READER, key)}
    set_rights(user=world.member, conference=world.conference, rights=given, by=world.lead)
    assert rights_of(user=world.member, conference=world.conference) == {
        Given(Role.ACCESS),
        Given(Role.LEAD, key),
    }
    set_rights(
        user=world.member, conference=world.conference, rights={*given, Given(Role.LEAD)}, by=world.lead
    )
    assert rights_of(user=world.member, conference=world.conference) == {Given(Role.LEAD)}


def test_the_page_costs_the_same_for_more_colleagues_and_shows_the_last_sign_in_on_both_clocks(
    world: World, sign_in: Any
) -> None:
    client = sign_in(world.lead, "en")

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(team(world)).status_code == 200
        return len(captured)

    few = (counted(), counted())[1]
    for number in range(3):
        invited(world, email=f"kollegin{number}@example.org")
    assert counted() == few
    html = client.get(team(world)).content.decode()
    assert re.search(r"\d\d:\d\d[^<]*CET[^0-9]*\d\d:\d\d[^<]*TRT", re.sub(r"<[^>]+>", " ", html))
    assert html.count("Send the invitation again") == 4


def test_everybody_switches_their_own_overview(world: World, sign_in: Any) -> None:
    user = factories.make_organiser(world.own, world.other, role=Role.READER)
    client, page = sign_in(user, "en"), reverse("admin:own_overview")
    client.get(page)
    on = client.post(
        page, {"conference": world.conference.pk, "is_wanted": "on", "language": "tr"}, follow=True
    )
    rows = Membership.objects.filter(user=user).values_list("daily_overview", "language")
    assert said(on) == ["You get the daily overview of “Testkonferenz”."] or said(on)
    assert set(rows) == {(True, "tr")}
    assert set(Membership.objects.exclude(user=user).values_list("daily_overview", flat=True)) == {False}
    set_rights(user=user, conference=world.conference, rights={Given(Role.ACCESS)}, by=world.lead)
    assert set(rows.all()) == {(True, "tr")}
    elsewhere = factories.make_conference(slug="elsewhere", is_current=False)
    assert client.post(page, {"conference": elsewhere.pk, "is_wanted": "on"}).status_code == 404


def test_two_owners_who_remove_each_other_at_the_same_moment_leave_one(
    transactional_db: None, conference: Any
) -> None:
    first, second = (factories.make_organiser(conference=conference) for _number in range(2))

    def remove(user: User, by: User) -> None:
        with suppress(TeamError):
            set_rights(user=user, conference=conference, rights=(), by=by)

    together(lambda: remove(first, second), lambda: remove(second, first))
    assert Membership.objects.filter(conference=conference, workshop=None, role=Role.LEAD).count() == 1


def test_two_clicks_at_the_same_moment_invite_once(transactional_db: None, conference: Any) -> None:
    owner = factories.make_organiser(conference=conference)

    def click() -> None:
        invite_colleague(
            conference=conference, email=NEW, rights={Given(Role.READER)}, language="de", by=owner
        )

    together(click, click)
    assert Message.objects.filter(kind=Message.Kind.TEAM).count() == 1
    assert User.objects.filter(email=NEW).count() == 1
