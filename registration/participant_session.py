"""The session a personal link is exchanged for: it holds the link's number, never the token or a name.

Its data stays on the server; what the link allows is asked again on every request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils import timezone

from conference.asked_together import KeptQueries
from conference.kept_queries import KeptQuery
from conference.query_slots import key
from registration.domain.end_sessions import LINK as _LINK
from registration.domain.end_sessions import OPENED as _OPENED
from registration.domain.tokens import check_link
from registration.models import PersonalLink
from workshops.domain.release import CURRENT_RELEASE
from workshops.models import Release

LASTS = dt.timedelta(hours=12)
_FOUND = KeptQueries(
    KeptQuery(lambda: PersonalLink.objects.select_related("participant").filter(pk=key("link"))),
    CURRENT_RELEASE,
)


class NoSession(Exception):  # noqa: N818 (a state, told to the person as a way forward)
    """Nobody opened a personal link in this browser, or too long ago."""


def begin(request: HttpRequest, *, link: PersonalLink) -> None:
    """Exchanges an opened link for a session under a new key, so that nobody can have planted the old one."""
    if request.session.session_key is not None:
        _forget_messages(request)
        request.session.cycle_key()
    request.session[_LINK] = link.pk
    request.session[_OPENED] = timezone.now().timestamp()


def end(request: HttpRequest) -> None:
    """Forgets the link. An organiser who signed in with this browser stays signed in."""
    if _LINK not in request.session:
        return
    _forget_messages(request)
    if request.user.is_authenticated:
        del request.session[_LINK], request.session[_OPENED]
        request.session.cycle_key()
    else:
        request.session.flush()


def _forget_messages(request: HttpRequest) -> None:
    """What was still to be said was meant for the person who was here before."""
    for _message in get_messages(request):
        pass


def link_of(request: HttpRequest) -> tuple[PersonalLink, Sequence[Release]]:
    """The link this browser opened, with the person, and what CURRENT_RELEASE finds meanwhile.

    Raises NoSession, LinkRevoked, LinkExpired.
    """
    opened = request.session.get(_OPENED, 0)
    if _LINK not in request.session or timezone.now().timestamp() - opened > LASTS.total_seconds():
        raise NoSession
    links, releases = _FOUND.all(link=request.session[_LINK])
    if not links:
        raise NoSession
    [link] = links
    check_link(link=link)
    return link, releases
