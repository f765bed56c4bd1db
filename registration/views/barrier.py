"""Reporting a barrier: the feedback mechanism of the accessibility statement (BITV 2.0, section 7)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from registration.domain.errors import DomainError
from registration.domain.report_barrier import report_barrier
from registration.forms import BarrierForm
from registration.throttle import throttle
from registration.views.page import UNPROCESSABLE, needs_programme, page, see_other
from workshops.domain.release import released_programme
from workshops.languages import active_language
from workshops.models import Conference


@require_http_methods(["GET", "HEAD", "POST"])
@throttle(name="barrier", times=10, seconds=600)
@needs_programme
def barrier(request: HttpRequest) -> HttpResponse:
    conference = Conference.objects.get(pk=released_programme().conference.id)
    if request.method != "POST":
        form = BarrierForm(initial={"page": request.GET.get("page", "")[:300]})
        return page(request, "barrier.html", {"form": form})
    form = BarrierForm(request.POST)
    if form.is_valid() and _report(conference, form):
        return see_other(reverse("registration:barrier_sent"))
    return page(request, "barrier.html", {"form": form}, status=UNPROCESSABLE)


def _report(conference: Conference, form: BarrierForm) -> bool:
    try:
        report_barrier(conference=conference, language=active_language(), **form.cleaned_data)
    except DomainError as error:
        form.add_error("email", str(error.message))
        return False
    return True


@require_safe
def barrier_sent(request: HttpRequest) -> HttpResponse:
    return page(request, "barrier_sent.html")
