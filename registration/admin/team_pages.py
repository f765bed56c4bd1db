"""The team of a conference, for its owners: who may do what, inviting, changing, removing; and one's own overview."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.models import User
from registration.admin.team_form import (
    InviteColleagueForm,
    OverviewForm,
    RightsForm,
    in_words,
    name_of,
    value_of,
)
from registration.domain.errors import DomainError
from registration.domain.team.invite_colleague import invite_colleague, write_again
from registration.models import Message
from workshops.admin.base import scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.admin.rights import declare_pages
from workshops.domain.scope import Area, Level, scope_of
from workshops.domain.team.set_overview import set_overview
from workshops.domain.team.set_rights import LAST_OWNER, OVERTAKEN, change_to, set_rights
from workshops.domain.team.values import Change, Given, TeamError, rights_of
from workshops.languages import CODES
from workshops.models import Conference, Membership, Workshop

SEE_OTHER, UNPROCESSABLE = 303, 422
declare_pages(
    {
        "team": (Area.TEAM, Level.CHANGE),
        "team_member": (Area.TEAM, Level.CHANGE),
        "team_again": (Area.TEAM, Level.CHANGE),
        # Of oneself only; whoever has any part in a conference has one.
        "own_overview": (Area.NUMBERS, Level.SEE),
    }
)


@dataclass(frozen=True, slots=True)
class Colleague:
    user: User
    name: str
    rights: list[str]
    signed_in: Any
    invited: Any
    url: str
    again_url: str


def team_urls(site: AdminSite) -> list[URLPattern]:
    def view(page: Callable[..., HttpResponse]) -> Any:
        def viewed(request: HttpRequest, **keys: int) -> HttpResponse:
            return page(request, site, **keys)

        return site.admin_view(viewed)

    member = "team/<int:conference_id>/<int:user_id>/"
    return [
        path("team/<int:conference_id>/", view(_team), name="team"),
        path(member, view(_member), name="team_member"),
        path(f"{member}again/", view(_again), name="team_again"),
        path("my-overview/", view(_own_overview), name="own_overview"),
    ]


# The team


@require_http_methods(["GET", "HEAD", "POST"])
def _team(request: HttpRequest, site: AdminSite, conference_id: int) -> HttpResponse:
    conference = _own_conference(request, conference_id)
    initial = {"language": get_language() if get_language() in CODES else CODES[0]}
    data = request.POST if request.method == "POST" else None
    form = InviteColleagueForm(data, conference=conference, initial=initial)
    if form.is_bound and form.is_valid() and _invite(request, conference, form):
        return _to_team(conference)
    context = {
        "title": _("Team"),
        "form": form,
        "colleagues": _colleagues(conference, form.workshops),
        "others": _other_conferences(request, conference),
    }
    return _render(request, site, "team.html", conference, context, status=_status(form))


def _invite(request: HttpRequest, conference: Conference, form: InviteColleagueForm) -> bool:
    given = form.cleaned_data
    try:
        user, change = invite_colleague(
            conference=conference,
            email=given["email"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            language=given["language"],
            rights=form.wanted,
            by=_user(request),
        )
    except (DomainError, TeamError) as error:
        form.add_error("email", str(error.message))
        return False
    said = (
        gettext("%(name)s has these rights now, and an e-mail says so.")
        if change.new
        else gettext("%(name)s has these rights already; nothing was changed, and no e-mail was sent.")
    )
    messages.success(request, said % {"name": name_of(user)})
    return True


def _colleagues(conference: Conference, workshops: Iterable[Workshop]) -> list[Colleague]:
    rows = Membership.objects.filter(conference=conference).select_related("user")
    held: dict[User, list[Given]] = {}
    for row in rows.order_by("user__last_name", "user__first_name", "user__email", "pk"):
        held.setdefault(row.user, []).append(Given(row.role, row.workshop_id))
    mails = _last_mails(conference)
    return [_colleague(conference, user, in_words(held[user], workshops), mails) for user in held]


def _colleague(conference: Conference, user: User, rights: list[str], mails: dict[int, Message]) -> Colleague:
    mail = mails.get(user.pk)
    keys = [conference.pk, user.pk]
    return Colleague(
        user=user,
        name=name_of(user),
        rights=rights,
        signed_in=on_both_clocks(user.last_login, conference) if user.last_login else "",
        invited=on_both_clocks(mail.created_at, conference) if mail else "",
        url=reverse("admin:team_member", args=keys),
        again_url="" if user.last_login else reverse("admin:team_again", args=keys),
    )


def _last_mails(conference: Conference) -> dict[int, Message]:
    rows = Message.objects.filter(kind=Message.Kind.TEAM, facts__conference=conference.pk)
    return {mail.facts["user"]: mail for mail in rows.order_by("created_at")}


def _other_conferences(request: HttpRequest, conference: Conference) -> list[Conference]:
    own = Conference.objects.filter(scope_for(request).whole_conferences())
    return list(own.exclude(pk=conference.pk).order_by("-is_current", "-starts_on"))


# One colleague


@require_http_methods(["GET", "HEAD", "POST"])
def _member(request: HttpRequest, site: AdminSite, conference_id: int, user_id: int) -> HttpResponse:
    conference, user, held = _own_member(request, conference_id, user_id)
    if request.method != "POST":
        return _rights_page(request, site, conference, user, RightsForm(conference=conference, held=held))
    form = RightsForm(request.POST, conference=conference, held=held)
    is_removal = "remove" in request.POST
    if not is_removal and not form.is_valid():
        return _rights_page(request, site, conference, user, form)
    wanted = frozenset[Given]() if is_removal else form.wanted
    if "sure" in request.POST:
        return _change(request, conference, user, held, wanted)
    return _preview(request, site, conference, user, form, wanted)


def _rights_page(
    request: HttpRequest, site: AdminSite, conference: Conference, user: User, form: RightsForm
) -> HttpResponse:
    context = {"title": name_of(user), "user_shown": user, "form": form}
    return _render(request, site, "member.html", conference, context, status=_status(form))


def _preview(  # noqa: PLR0913, PLR0917
    request: HttpRequest,
    site: AdminSite,
    conference: Conference,
    user: User,
    form: RightsForm,
    wanted: frozenset[Given],
) -> HttpResponse:
    """What it will do, said before it is done."""
    change = change_to(user=user, conference=conference, rights=wanted)
    context = {
        "title": _("Remove from the team") if change.ends_everything else _("Change rights"),
        "user_shown": user,
        "name": name_of(user),
        "change": change,
        "new": in_words(change.new, form.workshops),
        "gone": in_words(change.gone, form.workshops),
        "stays": in_words(change.stays, form.workshops),
        "refused": LAST_OWNER if change.is_last_owner else "",
        "is_oneself": user == request.user,
        "kept": [] if change.ends_everything else request.POST.getlist("rights"),
        "held": [value_of(right) for right in change.gone | change.stays],
    }
    status = UNPROCESSABLE if change.is_last_owner else 200
    return _render(request, site, "preview.html", conference, context, status=status)


def _change(
    request: HttpRequest, conference: Conference, user: User, held: frozenset[Given], wanted: frozenset[Given]
) -> HttpResponse:
    by = _user(request)
    try:
        _require_shown(request, held)
        change = set_rights(user=user, conference=conference, rights=wanted, by=by, seen=held)
    except TeamError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _said(change) % {"name": name_of(user)})
    if scope_of(by).changing(Area.TEAM).covers_conference(conference.pk):
        return _to_team(conference)
    return HttpResponseRedirect(reverse("admin:index"), status=SEE_OTHER)


def _require_shown(request: HttpRequest, held: frozenset[Given]) -> None:
    """The page that is confirmed said what would change from these rights, and no others."""
    if set(request.POST.getlist("held")) != {value_of(right) for right in held}:
        raise TeamError(OVERTAKEN)


def _said(change: Change) -> str:
    if change.ends_everything:
        return gettext("%(name)s is no longer on the team.")
    if change.gone or change.new:
        return gettext("The rights of %(name)s were changed.")
    return gettext("The rights of %(name)s are as they were.")


@require_POST
def _again(request: HttpRequest, site: AdminSite, conference_id: int, user_id: int) -> HttpResponse:
    conference, user, _held = _own_member(request, conference_id, user_id)
    row = Membership.objects.filter(user=user, conference=conference).order_by("pk").first()
    language = row.language if row else ""
    try:
        write_again(conference=conference, user=user, language=language, by=_user(request))
    except (DomainError, TeamError) as error:
        messages.warning(request, str(error.message))
    else:
        said = gettext("The invitation goes to %(address)s once more, with a new link.")
        messages.success(request, said % {"address": user.email})
    return _to_team(conference)


# One's own overview


@require_http_methods(["GET", "HEAD", "POST"])
def _own_overview(request: HttpRequest, site: AdminSite) -> HttpResponse:
    own = _own_rows(request)
    if request.method == "POST":
        return _save_overview(request, site, own)
    return _overview_page(request, site, [(row.conference, _overview_form(row)) for row in own])


def _own_rows(request: HttpRequest) -> list[Membership]:
    """One for each conference: all rows of a person say the same about it."""
    rows = Membership.objects.filter(user=_user(request)).select_related("conference")
    found: dict[int, Membership] = {}
    for row in rows.order_by("-conference__is_current", "conference__starts_on", "-daily_overview", "pk"):
        found.setdefault(row.conference_id, row)
    return list(found.values())


def _overview_form(row: Membership, data: Any = None) -> OverviewForm:
    said = {"is_wanted": row.daily_overview, "language": row.language}
    return OverviewForm(data, initial=said, auto_id=f"overview_{row.conference_id}_%s")


def _save_overview(request: HttpRequest, site: AdminSite, own: list[Membership]) -> HttpResponse:
    row = next((row for row in own if str(row.conference_id) == request.POST.get("conference", "")), None)
    if row is None:
        raise Http404
    form = _overview_form(row, request.POST)
    if not form.is_valid():
        shown = [(each.conference, form if each is row else _overview_form(each)) for each in own]
        return _overview_page(request, site, shown, status=UNPROCESSABLE)
    set_overview(user=_user(request), conference=row.conference, **form.cleaned_data)
    said = (
        gettext("You get the daily overview of “%(conference)s”.")
        if form.cleaned_data["is_wanted"]
        else gettext("You do not get the daily overview of “%(conference)s”.")
    )
    messages.success(request, said % {"conference": row.conference})
    return HttpResponseRedirect(reverse("admin:own_overview"), status=SEE_OTHER)


def _overview_page(
    request: HttpRequest, site: AdminSite, shown: list[tuple[Conference, OverviewForm]], status: int = 200
) -> HttpResponse:
    context = {"title": _("My daily overview"), "shown": shown}
    return _render(request, site, "own_overview.html", None, context, status=status)


# What they have in common


def _own_conference(request: HttpRequest, key: int) -> Conference:
    """Somebody else's looks like none, and so does a number no database takes."""
    rows = Conference.objects.filter(scope_for(request, Area.TEAM, Level.CHANGE).whole_conferences())
    found = rows.filter(pk=key).first() if key < 2**63 else None
    if found is None:
        raise Http404
    return found


def _own_member(
    request: HttpRequest, conference_id: int, user_id: int
) -> tuple[Conference, User, frozenset[Given]]:
    conference = _own_conference(request, conference_id)
    user = User.objects.filter(pk=user_id).first() if user_id < 2**63 else None
    held = rights_of(user=user, conference=conference) if user else frozenset[Given]()
    if user is None or not held:
        raise Http404
    return conference, user, held


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _status(form: Any) -> int:
    return UNPROCESSABLE if form.errors else 200


def _to_team(conference: Conference) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:team", args=[conference.pk]), status=SEE_OTHER)


def _render(  # noqa: PLR0913, PLR0917
    request: HttpRequest,
    site: AdminSite,
    template: str,
    conference: Conference | None,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    whole = {
        **site.each_context(request),
        "opts": Membership._meta,
        "conference": conference,
        "subtitle": str(conference or ""),
        **context,
    }
    return TemplateResponse(request, f"admin/team/{template}", whole, status=status)
