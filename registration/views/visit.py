"""Pages of one person: the session's link is asked again on every request."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from registration import participant_session
from registration.domain.tokens import LinkError, LinkExpired
from registration.models import Participant, PersonalLink
from registration.views.page import NO_SESSION, View, link_problem, needs_programme, page, private
from workshops.domain.programme import Programme
from workshops.domain.release import programme_found

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here, by which link, and the programme they are shown."""

    link: PersonalLink
    programme: Programme

    @property
    def participant(self) -> Participant:
        return self.link.participant


_ECHOED_AT_MOST = 50_000


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What came with a form that cannot be taken now, so that the page can hold it until it can."""
    pairs = [
        (name, value.replace("\0", ""))
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and isinstance(value, str)
    ]
    return pairs if sum(len(name) + len(value) for name, value in pairs) <= _ECHOED_AT_MOST else []


PersonalView = Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]


def participants_page(view: PersonalView[P]) -> View[P]:
    """Gives the view its Visit; without a link that still works, a page that says why and how to get one."""

    @functools.wraps(view)
    @needs_programme
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            link, releases = participant_session.link_of(request)
            programme = programme_found(releases)
            if link.participant.conference_id != programme.conference.id:
                raise LinkExpired(_("This link belongs to an earlier conference."))
        except participant_session.NoSession:
            return page(request, "no_session.html", {"typed": typed(request)}, status=NO_SESSION)
        except LinkError as error:
            participant_session.end(request)
            return link_problem(request, error, typed=typed(request))
        try:
            return private(view(request, Visit(link, programme), *args, **kwargs))
        except Participant.DoesNotExist:  # erased in another window while this request waited
            return page(request, "no_session.html", status=NO_SESSION)

    return wrapped
