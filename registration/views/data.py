"""What is known about a participant: to read, to take away, to have erased."""

from __future__ import annotations

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from registration import participant_session
from registration.data_sheet import sheet_of
from registration.domain.erase import erase_participant
from registration.domain.export_data import export_data
from registration.domain.retention import goes_at
from registration.models import Participant
from registration.offers import has_any, offers_for
from registration.views.page import CONFLICT, UNPROCESSABLE, page, see_other
from registration.views.visit import Visit, participants_page

_SALT = "registration.erase"
_FILE = "koepru-{}.json"


class EraseForm(forms.Form):
    """`whose` remembers for whom the page was opened: another link may be opened in the same browser since."""

    whose = forms.CharField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label=_("Yes, erase everything that is known about me here."),
        error_messages={"required": _("Please tick this if you are sure.")},
    )


@require_safe
@participants_page
def data(request: HttpRequest, visit: Visit) -> HttpResponse:
    person = visit.participant
    context = {
        "conference": visit.programme.conference,
        "participant": person,
        "parts": sheet_of(export_data(participant=person)),
        "goes_at": goes_at(participant=person),
        "zones": visit.programme.conference.zones,
    }
    return page(request, "data.html", context)


@require_safe
@participants_page
def download(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A GET: it changes nothing, and only this person's browser gets it."""
    response = JsonResponse(
        export_data(participant=visit.participant), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = _FILE.format(timezone.localdate().isoformat())
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """A second click finds neither person nor session, and is told what the first one was told."""
    if request.method == "POST" and _is_erased(request.POST.get("whose", "")):
        return see_other(reverse("registration:data_erased"))
    return _erase(request)


@participants_page
def _erase(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, visit, EraseForm(initial={"whose": _token(visit.participant)}))
    if _whose(request.POST.get("whose", "")) != visit.participant.pk:
        fresh = EraseForm(initial={"whose": _token(visit.participant)})
        return _ask(request, visit, fresh, status=CONFLICT, is_of_somebody_else=True)
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _ask(request, visit, form, status=UNPROCESSABLE)
    erase_participant(participant_id=visit.participant.pk)
    participant_session.end(request)
    return see_other(reverse("registration:data_erased"))


def _ask(
    request: HttpRequest,
    visit: Visit,
    form: EraseForm,
    *,
    status: int = 200,
    is_of_somebody_else: bool = False,
) -> HttpResponse:
    offers = offers_for(participant=visit.participant, programme=visit.programme)
    context = {
        "participant": visit.participant,
        "form": form,
        "is_registered": has_any(offers),
        "is_of_somebody_else": is_of_somebody_else,
    }
    return page(request, "data_erase.html", context, status=status)


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return page(request, "data_erased.html")


def _token(participant: Participant) -> str:
    return signing.dumps(participant.pk, salt=_SALT)


def _whose(token: str) -> int | None:
    """The person a form was made for; None where it is none of ours, or older than a session lasts."""
    try:
        key = signing.loads(token, salt=_SALT, max_age=participant_session.LASTS)
    except signing.BadSignature:
        return None
    return key if isinstance(key, int) else None


def _is_erased(token: str) -> bool:
    key = _whose(token)
    return key is not None and not Participant.objects.filter(pk=key).exists()
