"""Every address of the URLconf, each with objects that exist: what is added tomorrow is walked tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import URLPattern, get_resolver
from django.utils.translation import override

from registration.domain.calendar.subscribe import renew_subscription
from registration.domain.calendar.token import token_of as calendar_token
from registration.domain.certificates.seal import code_of
from registration.domain.tokens import issue_link, token_of
from registration.domain.unsubscribe import unsubscribe_token
from registration.models import Certificate, DeliveryEvent, MailText, Message, Participant, Suppression
from tests import factories
from tests.canary import row_as_text, table_names
from tests.world import World
from workshops.domain.draft.read import read_draft
from workshops.domain.draft.serialise import as_json
from workshops.domain.draft.values import Line
from workshops.models import Material, Session, Speaker

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def complete(world: World) -> None:
    """A row of whatever has a page and is not in the world yet."""
    boss, message = world.boss, Message.objects.all()[0]
    Group.objects.create(name="Gruppe")
    read = as_json(read_draft([Line(1, ("Fachworkshop 1: Digitale Stadt",))]))
    factories.make_draft_import(world.conference, file=None, status="read", draft=read)
    EmailAddress.objects.create(user=boss, email=boss.email)
    Authenticator.objects.create(
        user=world.lead, type=Authenticator.Type.WEBAUTHN, data={"name": "Schlüssel"}
    )
    MailText.objects.create(conference=world.conference, kind=Message.Kind.CONFIRMED)
    Suppression.objects.create(
        conference=world.conference, email="no@example.org", digest="0" * 64, reason="unsubscribed"
    )
    DeliveryEvent.objects.create(
        message=message, provider="postmark", event_id="1", kind="delivered", occurred_at=message.created_at
    )


def every_address(world: World, *, language: str = "de") -> list[str]:
    with override(language):
        found = [address_of(route, world) for route in _routes(get_resolver().url_patterns)]
    return sorted(set(found))


def _routes(patterns: Any, prefix: str = "") -> Iterator[str]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _routes(entry.url_patterns, route)


def address_of(route: str, world: World) -> str:
    for part, value in _patterns(world).items():
        route = route.replace(part, value)
    route = _PARAMETER.sub(lambda found: _value(route, found[1], world), route)
    assert not re.search(r"[<>^$(]", route), f"give {route} an example"
    return f"/{route}"


def _patterns(world: World) -> dict[str, str]:
    """allauth and the admin write some of theirs as regular expressions."""
    boss = world.boss
    confirmation = EmailConfirmationHMAC(EmailAddress.objects.all()[0]).key
    reset = f"{user_pk_to_url_str(boss)}-{default_token_generator.make_token(boss)}"
    return {
        r"^confirm-email/(?P<key>[-:\w]+)/$": f"confirm-email/{confirmation}/",
        "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": f"password/reset/key/{reset}/",
        r"(?P<url>.*)$": "no-such-page",
        **_app_lists(),
    }


def _app_lists() -> dict[str, str]:
    labels = list(dict.fromkeys(model._meta.app_label for model in admin.site._registry))
    routes = [route for route in _routes(get_resolver().url_patterns) if "(?P<app_label>" in route]
    return {route.removeprefix("admin/"): f"{labels[0]}/" for route in routes}


def _value(route: str, name: str, world: World) -> str:  # noqa: PLR0911 (one for each kind of gap)
    link = issue_link(participant=Participant.objects.all()[0]) if name == "token" else None
    if link is not None and "calendar/" in route:
        return calendar_token(subscription=renew_subscription(link=link))
    if link is not None:
        return unsubscribe_token(link=link) if "unsubscribe" in route else token_of(link=link)
    if "view_on_site" in route or name == "content_type_id":
        return str(ContentType.objects.get_for_model(world.own).pk)
    day = world.own.days.all()[0].pk
    if "material/" in route and name in {"pk", "key"}:
        return str(Material.objects.all()[0].pk)
    if name == "key" and route.startswith("admin/"):
        return str(world.own.pk if "workshop" in route or "figures" in route else day)
    if found := re.match(r"admin/(\w+)/(\w+)/", route):
        model = apps.get_model(found[1], found[2])
        if name == "name":
            return str(admin.site._registry[model].steps[0].name)  # type: ignore[attr-defined]
        return str(model._base_manager.all()[0].pk)
    if name == "slug":
        return Speaker.objects.all()[0].slug if "speakers" in route else world.own.slug
    values = {
        "object_id": world.own.pk,
        "pk": Session.objects.all()[0].pk if "sessions/" in route else Authenticator.objects.all()[0].pk,
        "name": "message",
        "day": day,
        "conference_id": world.conference.pk,
        "user_id": world.member.pk,
        "code": code_of(certificate=Certificate.objects.all()[0]),
    }
    return str(values[name])


def dump() -> dict[str, list[str]]:
    """All rows of all tables but the sessions'."""
    with connection.cursor() as cursor:
        found = {}
        for table in table_names():
            if table != "django_session":
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (names from the database itself)
                found[table] = sorted(map(row_as_text, cursor.fetchall()))
    return found


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    return [table for table in before if before[table] != after[table]]


def links_in(html: str) -> list[str]:
    """Where a page leads to, without what stands behind the number sign."""
    return [unescape(link).partition("#")[0] for link in re.findall(r'<a[^>]* href="([^"]+)"', html)]
