"""The start page says that mail stands still, since when and why: the organisers do not look for it in a list."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from registration.domain.outbox.retry import LOST, REFUSES_US, UNREACHABLE
from registration.models import Message, SendingPace
from tests import factories
from tests.admin.test_overview import BOTH_CLOCKS, INDEX, rows_behind
from tests.world import World, register
from workshops.models import Workshop

_GREYLISTED = "450 4.2.0 try again later"
_TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def empty(world: World) -> World:
    """Nothing is owed yet."""
    Message.objects.all().delete()
    return world


def owed(workshop: Workshop, *, due: float, written: float | None = None, **values: Any) -> Message:
    """A mail about a registration, due and written so many minutes ago."""
    registration = register(workshop)
    message = Message.objects.create(
        kind="received",
        recipient=registration.participant.email,
        participant=registration.participant,
        registration=registration,
        message_id=f"<{uuid4()}@example.org>",
        due_at=ago(due),
        **values,
    )
    Message.objects.filter(pk=message.pk).update(created_at=ago(due if written is None else written))
    message.refresh_from_db()
    return message


def retried(workshop: Workshop, reason: str, *, due: float, written: float = 10) -> Message:
    return owed(workshop, due=due, written=written, status="retry", attempts=3, last_error=reason)


def ago(minutes: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(minutes=minutes)


def shown(client: Any) -> Any:
    return client.get(INDEX).context["overview"].unsent


def told(client: Any) -> tuple[int, dt.datetime, str, int | None] | None:
    found = shown(client)
    return found and (found.number.value, found.since, found.reason, found.rate)


def notice(client: Any) -> str:
    """In words, with its class."""
    found = re.search(
        r'<li( class="[^"]+")?><a data-key="unsent".*?</li>', client.get(INDEX).content.decode()
    )
    assert found is not None
    return f"{found[1] or ''}|{' '.join(_TAG.sub('', found[0]).split())}"


def test_what_is_on_its_way_or_planned_is_no_news(empty: World, sign_in: Any) -> None:
    owed(empty.own, due=4)
    owed(empty.own, due=-1)
    retried(empty.own, _GREYLISTED, due=-30, written=60)
    owed(empty.own, due=60, status="sent", sent_at=timezone.now())
    owed(empty.own, due=60, status="failed")
    client = sign_in(empty.lead, "en")
    assert (shown(client), 'data-key="unsent"' in client.get(INDEX).content.decode()) == (None, False)


def test_mail_that_nobody_sends_is_told_after_five_minutes(empty: World, sign_in: Any) -> None:
    first = owed(empty.own, due=6)
    owed(empty.other, due=1)
    owed(empty.own, due=-1)
    assert told(sign_in(empty.lead)) == (2, first.due_at, "", None)


def test_a_mail_server_that_is_away_is_told_with_the_first_mail(empty: World, sign_in: Any) -> None:
    first = retried(empty.own, UNREACHABLE, due=-5, written=2)
    owed(empty.own, due=1)
    client = sign_in(empty.lead, "de")
    assert told(client) == (2, first.created_at, "Der Mailserver ist nicht erreichbar.", None)
    assert rows_behind(client, shown(client).number.url) == 2


def test_what_the_mail_server_said_itself_is_told_as_well(empty: World, sign_in: Any) -> None:
    late = retried(empty.own, _GREYLISTED, due=7, written=60)
    assert told(sign_in(empty.lead)) == (1, late.due_at, _GREYLISTED, None)


def test_of_several_failures_the_latest_is_told(empty: World, sign_in: Any) -> None:
    retried(empty.own, REFUSES_US, due=-3)
    retried(empty.own, LOST, due=-5)
    retried(empty.own, UNREACHABLE, due=-1)
    retried(empty.own, _GREYLISTED, due=1)
    assert shown(sign_in(empty.lead, "en")).reason == LOST


def test_a_member_is_told_of_mail_to_their_own_people(empty: World, sign_in: Any) -> None:
    retried(empty.other, UNREACHABLE, due=-5)
    client = sign_in(empty.member, "en")
    assert shown(client) is None
    owed(empty.own, due=2)
    assert shown(client) is None
    first = owed(empty.own, due=6)
    assert told(client) == (2, first.due_at, UNREACHABLE, None)
    assert rows_behind(client, shown(client).number.url) == 2


def test_what_a_mail_server_said_of_other_people_is_told_to_nobody_else(empty: World, sign_in: Any) -> None:
    retried(empty.other, "450 somebody@example.org: try again later", due=6)
    owed(empty.own, due=6)
    assert shown(sign_in(empty.member)).reason == ""


def test_the_words_and_both_clocks_in_either_language(empty: World, sign_in: Any) -> None:
    retried(empty.own, REFUSES_US, due=-5)
    assert BOTH_CLOCKS.search(sign_in(empty.lead, "de").get(INDEX).content.decode())
    german, turkish = (notice(sign_in(empty.lead, language)) for language in ("de", "tr"))
    assert german.startswith(
        ' class="notice-bad"|1 E-Mail wartet auf den Versand. Die älteste wartet seit dem '
    )
    assert german.endswith(
        "Der Mailserver lässt den Versand nicht zu. Verloren geht nichts: Sobald es möglich ist, wird alles versandt. "
        "Bitte geben Sie der für die Website verantwortlichen Person Bescheid."
    )
    assert turkish.startswith(
        ' class="notice-bad"|1 e-posta gönderilmeyi bekliyor. En eski e-postanın bekleme başlangıcı: '
    )
    assert turkish.endswith(
        "E-posta sunucusu gönderime izin vermiyor. Hiçbiri kaybolmaz: Mümkün olur olmaz hepsi gönderilir. "
        "Lütfen site yönetimine haber veriniz."
    )


@pytest.mark.parametrize(("turn", "rate"), [(0, 60), (6, None)])
def test_mail_that_waits_for_its_turn_is_no_warning(
    empty: World, sign_in: Any, settings: Any, turn: float, rate: int | None
) -> None:
    """As long as turns are given."""
    settings.MAIL_RATE = 60
    first = owed(empty.own, due=30)
    SendingPace.objects.update_or_create(pk=1, defaults={"next_at": ago(turn)})
    client = sign_in(empty.lead, "en")
    assert told(client) == (1, first.due_at, "", rate)
    assert ("class=" in notice(client), "60 mails a minute at most" in notice(client)) == (
        not rate,
        bool(rate),
    )


def test_a_limit_does_not_hide_that_the_mail_server_is_away(
    empty: World, sign_in: Any, settings: Any
) -> None:
    settings.MAIL_RATE = 60
    first = retried(empty.own, UNREACHABLE, due=-5)
    SendingPace.objects.update_or_create(pk=1, defaults={"next_at": ago(0)})
    assert told(sign_in(empty.lead, "en")) == (1, first.created_at, UNREACHABLE, None)
    behind = owed(empty.other, due=6)
    member_of_other = factories.make_organiser(empty.other)
    assert told(sign_in(member_of_other, "en")) == (1, behind.due_at, UNREACHABLE, None)


def test_the_list_shows_what_waits_and_nothing_else(empty: World, sign_in: Any) -> None:
    waiting = {owed(empty.own, due=6).pk, retried(empty.own, UNREACHABLE, due=-5).pk}
    owed(empty.own, due=-1)
    retried(empty.own, _GREYLISTED, due=-30)
    address = reverse("admin:registration_message_changelist")
    page = sign_in(empty.lead).get(address, {"unsent": "yes"})
    assert {message.pk for message in page.context["cl"].result_list} == waiting
