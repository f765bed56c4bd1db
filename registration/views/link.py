"""“Send me my link.” The answer is the same whether the address is known or not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from conference.same_time import same_time
from registration.domain.errors import DomainError
from registration.domain.request_link import request_link
from registration.forms import LinkForm
from registration.throttle import throttle
from registration.views.page import UNPROCESSABLE, needs_programme, page, see_other
from workshops.domain.release import released_programme
from workshops.languages import active_language
from workshops.models import Conference


@require_http_methods(["GET", "HEAD", "POST"])
@throttle(name="link", times=30, seconds=600)
@same_time
@needs_programme
def link(request: HttpRequest) -> HttpResponse:
    shown = released_programme().conference
    if request.method != "POST":
        return page(request, "link.html", {"conference": shown, "form": LinkForm()})
    form = LinkForm(request.POST)
    if form.is_valid() and _ask(shown.id, form):
        return see_other(reverse("registration:link_sent"))
    return page(request, "link.html", {"conference": shown, "form": form}, status=UNPROCESSABLE)


def _ask(conference_id: int, form: LinkForm) -> bool:
    conference = Conference.objects.get(pk=conference_id)
    try:
        request_link(conference=conference, email=form.cleaned_data["email"], language=active_language())
    except DomainError as error:
        form.add_error("email", str(error.message))
        return False
    return True


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return page(request, "link_sent.html")
