"""Personal links, their sessions and the other tokens: narrow, revocable, useless from a copy of the database."""

from __future__ import annotations

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from registration.domain.tokens import LinkUnknown, open_link, token_of
from registration.domain.transitions import link_for_mail
from registration.domain.unsubscribe import link_to_unsubscribe, unsubscribe_token
from registration.models import PersonalLink
from tests.registration_pages.helpers import Visitor, visit
from tests.security.addresses import dump
from tests.world import World
from workshops.models import Conference

PAGES = ["register/", "my/", "my/data/", "invitation/decline/", "my/cancel/own/"]


def everything_stored() -> set[str]:
    """Every word of every row, what the sessions hold, and the sessions' keys."""
    rows = [row for rows in dump().values() for row in rows]
    sessions = [
        f"{row.session_key} {row.session_data} {row.get_decoded()!r}" for row in Session.objects.all()
    ]
    words = set(re.findall(r"[\w:.-]+", " ".join([*rows, *sessions])))
    return words | {part for word in words for part in re.split(r"[:.]", word) if part}


def test_nothing_in_the_database_opens_anything(participant: Visitor, organiser: Client) -> None:
    stored = everything_stored()
    tokens = [participant.link.seed, participant.link.digest]
    assert [token for token in tokens if token not in stored] == []

    opened = []
    for word in stored:
        for opens in (open_link, link_to_unsubscribe):
            try:
                opened.append(opens(token=word))
            except LinkUnknown:
                continue

    assert opened == []


def test_no_row_of_the_sessions_table_is_a_cookie(participant: Visitor, organiser: Client) -> None:
    rows = list(Session.objects.values_list("session_key", flat=True))
    assert len(rows) == 2

    answers = []
    for key in rows:
        thief = Client()
        thief.cookies["sessionid"] = key
        answers += [thief.get("/de/my/").status_code, thief.get("/admin/").status_code]

    assert answers == [403, 302, 403, 302]
    assert (participant.get("my/").status_code, organiser.get("/admin/").status_code) == (200, 200)


def test_each_token_serves_its_purpose_only(whole: World, participant: Visitor) -> None:
    link = participant.link
    reset = f"{user_pk_to_url_str(whole.boss)}-{default_token_generator.make_token(whole.boss)}"
    tokens = {"link": token_of(link=link), "unsubscribe": unsubscribe_token(link=link), "reset": reset}
    client = Client(headers={"accept-language": "en"})

    statuses = {
        (name, purpose): client.get(f"/en/{purpose}/{token}/").status_code
        for name, token in tokens.items()
        for purpose in ("invitation", "unsubscribe")
    }
    resets = {
        name: "/reset/key/"
        in client.get(f"/accounts/password/reset/key/{token}/").headers.get("Location", "")
        for name, token in tokens.items()
    }

    assert {pair for pair, status in statuses.items() if status < 400} == {
        ("link", "invitation"),
        ("unsubscribe", "unsubscribe"),
    }
    assert set(statuses.values()) == {303, 200, 404}
    assert resets == {"link": False, "unsubscribe": False, "reset": True}


def test_a_link_of_one_person_with_the_number_of_another_proves_nothing(
    whole: World, participant: Visitor
) -> None:
    other = PersonalLink.objects.exclude(pk=participant.link.pk)[0]
    _own, mac = unsubscribe_token(link=participant.link).split("-", 1)

    with pytest.raises(LinkUnknown):
        link_to_unsubscribe(token=f"{other.pk}-{mac}")


@pytest.mark.parametrize("page", PAGES)
def test_a_withdrawn_link_ends_the_sessions_it_opened_at_once(participant: Visitor, page: str) -> None:
    assert participant.get(page).status_code == 200
    PersonalLink.objects.filter(pk=participant.link.pk).update(revoked_at=timezone.now())

    assert [participant.get(page).status_code, participant.get(page).status_code] == [410, 403]


def test_a_new_secret_key_leaves_links_and_sessions_as_they_are(participant: Visitor, settings) -> None:  # type: ignore[no-untyped-def]
    link, before = participant.link, token_of(link=participant.link)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key-" * 5

    assert (token_of(link=link), link_for_mail(participant=participant.participant)) == (before, link)
    assert (open_link(token=before), participant.get("my/").status_code) == (link, 200)


def test_where_the_former_key_is_lost_the_next_mail_has_a_new_link(participant: Visitor, settings) -> None:  # type: ignore[no-untyped-def]
    link, before = participant.link, token_of(link=participant.link)
    settings.SECRET_KEY = "another-key-" * 5

    new = link_for_mail(participant=participant.participant)

    assert new != link
    assert [open_link(token=before), open_link(token=token_of(link=new))] == [link, new]


def test_somebody_who_leaves_takes_the_session_along(participant: Visitor) -> None:
    cookie = participant.client.cookies["sessionid"].value
    participant.post("my/leave/")

    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get("/de/my/").status_code == 403


def test_signing_out_ends_the_session_on_the_server(organiser: Client) -> None:
    cookie = organiser.cookies["sessionid"].value
    organiser.post("/accounts/logout/")

    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get("/admin/").status_code == 302


def test_signing_in_gives_the_session_a_new_key(whole: World) -> None:
    client = Client()
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = planted = session.session_key or ""
    client.post("/accounts/login/", {"login": whole.boss.email, "password": "a long enough password"})

    assert client.cookies["sessionid"].value not in {planted, ""}
    assert Client(headers={"cookie": f"sessionid={planted}"}).get("/admin/").status_code == 302


def test_opening_another_persons_link_shows_that_person_alone(whole: World, participant: Visitor) -> None:
    from tests.world import register

    other = register(whole.own, status="confirmed").participant
    visit(other, participant.client)

    page = participant.get("my/data/").content.decode()
    assert (other.email in page, participant.participant.email in page) == (True, False)


def test_after_a_working_day_a_session_is_over(conference: Conference, settings) -> None:  # type: ignore[no-untyped-def]
    from registration.participant_session import LASTS

    assert (settings.SESSION_COOKIE_AGE, LASTS.total_seconds()) == (43_200, 43_200.0)
