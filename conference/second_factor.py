"""Where it is required: no page of the admin for a session that no second factor, or passkey, has confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

ADDED_HERE = "second_factor_added_here"
# Recovery codes alone are none: they only stand in for a factor that is lost.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_OPEN = {"logout", "login", "set_language"}
# Whoever has one factor may neither remove it nor add another before using it.
_PROTECTED = {
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}


class SecondFactorRequired:
    """Middleware, so that it holds for every address of the admin, whoever adds one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: Any) -> HttpResponse | None:
        if not settings.ADMIN_REQUIRES_SECOND_FACTOR or not _is_guarded(request):
            return None
        user: Any = request.user
        if not (user.is_authenticated and user.is_staff) or is_confirmed(request):
            return None
        if is_mfa_enabled(user, FACTORS):
            return _to_confirm(request)
        return None if _name(request) in _PROTECTED else _to_set_up(request)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether this very session used one of the user’s second factors, or added the first of them."""
    user: Any = request.user
    if not is_mfa_enabled(user, FACTORS):
        return False
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, user)):
        return True
    own = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return bool(own.filter(pk=request.session.get(ADDED_HERE)).exists())


@receiver(authenticator_added)
def _remember(request: HttpRequest, user: Any, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Only the first factor speaks for the session in which it was added, just after the password.

    Otherwise a session from before, with the password alone, could add one more and pass.
    """
    others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=authenticator.pk)
    if authenticator.type in FACTORS and not others.exists():
        request.session[ADDED_HERE] = authenticator.pk


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""


def _is_guarded(request: HttpRequest) -> bool:
    # With the prefix under which the site is served, if there is one: `reverse` knows it, too.
    in_admin = request.path.startswith(reverse("admin:index"))
    return _name(request) not in _OPEN if in_admin else _name(request) in _PROTECTED


def _to_confirm(request: HttpRequest) -> HttpResponse:
    """Asks for the code, or the key, and leads back to the page; what was sent to it is not kept."""
    has_app = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    page = reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")
    back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}")


def _to_set_up(request: HttpRequest) -> HttpResponse:
    messages.warning(
        request,
        _(
            "Please set up a second step for signing in first: a passkey, or an app on your phone. "
            "Until then the administration stays closed to you. It takes two minutes."
        ),
    )
    return HttpResponseRedirect(reverse("mfa_index"))
