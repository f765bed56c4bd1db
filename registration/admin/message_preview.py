"""What a message of the outbox says: as plain text, and as HTML in a frame that may do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.clickjacking import xframe_options_sameorigin

from registration.mails.calendar import attached_to
from registration.mails.preview_message import preview_message
from registration.models import Message
from workshops.languages import CODES, OWN_NAMES

if TYPE_CHECKING:
    from registration.admin.message import MessageAdmin

# Styles only: no script, no picture from elsewhere, no link that leads anywhere.
_FRAME_POLICY = {
    **dict.fromkeys(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]),
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


def preview_urls(model_admin: MessageAdmin) -> list[URLPattern]:
    @csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
    def page(request: HttpRequest, pk: Any) -> HttpResponse:
        return _page(request, model_admin, _own(request, model_admin, pk))

    @xframe_options_sameorigin
    @csp_replace(_FRAME_POLICY)  # type: ignore[arg-type]
    def frame(request: HttpRequest, pk: Any) -> HttpResponse:
        return _frame(request, _own(request, model_admin, pk), request.GET.get("language", ""))

    view = model_admin.admin_site.admin_view
    return [
        path("<uuid:pk>/preview/", view(page), name="registration_message_preview"),
        path("<uuid:pk>/preview/frame/", view(frame), name="registration_message_frame"),
    ]


def _own(request: HttpRequest, model_admin: MessageAdmin, pk: Any) -> Message:
    """Raises Http404 for somebody else's, as for none."""
    related = ("participant__conference", "invitation", "link", "registration__workshop__conference")
    rows = model_admin.get_queryset(request).select_related(*related, "registration__participant__conference")
    found: Message | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, model_admin: MessageAdmin, message: Message) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET"])
    shown = preview_message(message=message)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": message,
        "title": model_admin.name_of(message),
        "state": model_admin.state(message),
        "attached": attached_to(message=message) if shown else (),
        "previews": [(OWN_NAMES[one.language], one) for one in shown],
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/registration/message/preview.html", context)


def _frame(request: HttpRequest, message: Message, language: str) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET"])
    if language not in CODES:
        raise Http404
    html = next((one.html for one in preview_message(message=message) if one.language == language), None)
    if html is None:
        raise Http404
    return HttpResponse(html)
