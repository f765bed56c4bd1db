"""The personal link. Mail scanners follow links: opening one exchanges it for a session, nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from registration import participant_session
from registration.domain.tokens import LinkError, open_link
from registration.views.page import link_problem, private, see_other


@require_safe
def open_invitation(request: HttpRequest, token: str = "") -> HttpResponse:
    try:
        link = open_link(token=token)
    except LinkError as error:
        response = link_problem(request, error)
    else:
        if request.method == "GET":
            participant_session.begin(request, link=link)
        response = private(see_other(reverse("registration:register")))
    # This address holds the token.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
