"""Reading the demo's mail."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from conference.mailbox import store

# The frame may do nothing but lead the whole window to a link that somebody clicks.
_FRAME_RIGHTS = ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"]
_FRAME_POLICY = {
    **dict.fromkeys(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]),
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": _FRAME_RIGHTS,
}
_OPENS_IN_THE_WINDOW = '<base target="_top">'


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(
        request, "mailbox/index.html", {"messages_stored": store.newest(directory=store.mailbox_directory())}
    )


@never_cache
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def detail(request: HttpRequest, name: str) -> HttpResponse:
    context = {"stored": _load(name), "frame_rights": " ".join(_FRAME_RIGHTS)}
    return render(request, "mailbox/message.html", context)


@never_cache
@require_safe
@xframe_options_sameorigin
@csp_replace(_FRAME_POLICY)  # type: ignore[arg-type]
def html_part(request: HttpRequest, name: str) -> HttpResponse:
    html = _load(name).html
    if not html:
        raise Http404
    return HttpResponse(_OPENS_IN_THE_WINDOW + html if "<head>" not in html else _in_head(html))


def _in_head(html: str) -> str:
    return html.replace("<head>", f"<head>{_OPENS_IN_THE_WINDOW}", 1)


@never_cache
@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    content = _load(name).message.as_bytes()
    return HttpResponse(content, content_type="text/plain; charset=utf-8")


def _load(name: str) -> store.StoredMessage:
    try:
        return store.load(directory=store.mailbox_directory(), name=name)
    except store.MessageNotFoundError as error:
        raise Http404 from error
