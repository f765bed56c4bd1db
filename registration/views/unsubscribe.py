"""Ending our invitations: a page with a button, and the one click of a mail program (RFC 8058).

No session, no cookie and no redirect: mail programs send nothing but the form of RFC 8058, and follow nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from registration.domain.tokens import LinkUnknown
from registration.domain.unsubscribe import (
    end_invitations,
    is_unsubscribed,
    link_to_unsubscribe,
    subscribe_again,
)
from registration.models import PersonalLink
from registration.throttle import throttle
from registration.views.page import NOT_FOUND, page
from workshops.languages import text_of

ONE_CLICK = ("List-Unsubscribe", "One-Click")


# The token in the address is the proof; there is no session that somebody else could misuse.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
# Generous: a large mail provider sends the clicks of all its people from a few addresses.
@throttle(name="unsubscribe", times=300, seconds=600)
def unsubscribe(request: HttpRequest, token: str = "") -> HttpResponse:
    try:
        link = link_to_unsubscribe(token=token)
    except LinkUnknown as error:
        response = page(request, "unsubscribe_problem.html", {"message": error.message}, status=NOT_FOUND)
    else:
        response = _answer(request, link)
    # This address holds the token.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _answer(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """Anything but the two buttons changes nothing and is asked again."""
    is_back = False
    if request.method == "POST" and "undo" in request.POST:
        subscribe_again(link=link)
        is_back = True
    elif request.method == "POST" and request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        end_invitations(link=link)
    context = {
        "is_unsubscribed": is_unsubscribed(link=link),
        "is_back": is_back,
        "name": text_of(link.participant.conference, "name"),
    }
    return page(request, "unsubscribe.html", context)
