"""The page "Check the programme": what is wrong, where, and one button for what can be put right by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.audit import by_way_of
from workshops.admin.base import ScopedAdmin, scope_for
from workshops.domain.checks.apply_proposal import Applied, ProposalError, apply_proposal
from workshops.domain.checks.finding import Finding, Place, Severity
from workshops.domain.checks.findings_for import findings_for
from workshops.domain.checks.seen_by import may_apply, seen_by
from workshops.domain.scope import Right, Scope
from workshops.languages import Text, active_language, choose
from workshops.models import Conference

PAGE = "workshops_conference_check"
_HEADINGS: dict[Severity, str | Promise] = {
    Severity.ERROR: _("Errors: this cannot be shown to anybody"),
    Severity.WARNING: _("Warnings: this would mislead people"),
    Severity.NOTE: _("Notes: this may well be meant"),
}
_SAID_OF = {"speaker", "organisation", "platform"}


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """`url` is empty where this organiser has no page to go to."""

    text: Text
    url: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """`key` is empty where there is nothing to click for this organiser."""

    code: str
    message: Text
    places: tuple[ShownPlace, ...]
    key: str
    proposal: Text


@dataclass(frozen=True, slots=True)
class Group:
    severity: str
    heading: str | Promise
    findings: tuple[ShownFinding, ...]


def shown_findings(*, request: HttpRequest, conference: Conference) -> list[Group]:
    """What this organiser is shown of a conference's findings, for `admin/workshops/findings_list.html`."""
    scope = scope_for(request)
    found = seen_by(findings=findings_for(conference=conference), scope=scope, conference_id=conference.pk)
    return grouped(found, scope, conference.pk)


def grouped(findings: Iterable[Finding], scope: Scope, conference_id: int) -> list[Group]:
    by_severity: dict[Severity, list[ShownFinding]] = {severity: [] for severity in Severity}
    for finding in findings:
        by_severity[finding.severity].append(_shown(finding, scope, conference_id))
    return [
        Group(severity.value, _HEADINGS[severity], tuple(shown))
        for severity, shown in by_severity.items()
        if shown
    ]


def _shown(finding: Finding, scope: Scope, conference_id: int) -> ShownFinding:
    proposal = finding.proposal
    is_open = proposal is not None and may_apply(finding=finding, scope=scope, conference_id=conference_id)
    return ShownFinding(
        code=finding.code,
        message=finding.message,
        places=tuple(_shown_place(place, scope, conference_id) for place in finding.places),
        key=proposal.key if proposal and is_open else "",
        proposal=proposal.label if proposal and is_open else {},
    )


def _shown_place(place: Place, scope: Scope, conference_id: int) -> ShownPlace:
    is_own = scope.covers_conference(conference_id) or place.workshop in scope.workshops
    is_shared = place.ref is not None and place.ref.model in _SAID_OF
    return ShownPlace(place.text, place.url if is_own or is_shared else "")


def findings_urls(model_admin: ScopedAdmin) -> list[URLPattern]:
    """For the conference's admin; without a conference named, the page is about the one on the site."""

    def view(request: HttpRequest) -> HttpResponse:
        return check_view(request, model_admin)

    return [path("check/", model_admin.admin_site.admin_view(view), name=PAGE)]


def check_url(conference: Conference) -> str:
    return f"{reverse(f'admin:{PAGE}')}?conference={conference.pk}"


def check_view(request: HttpRequest, model_admin: ScopedAdmin) -> HttpResponse:
    if not scope_for(request).grants(Right.TEAM):
        raise PermissionDenied
    conference = named_conference(request, model_admin)
    if request.method == "POST" and conference is not None:
        _apply(request, model_admin, conference, request.POST.get("proposal", ""))
        return HttpResponseRedirect(check_url(conference), status=303)
    groups = shown_findings(request=request, conference=conference) if conference else []
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Check the programme"),
        "opts": model_admin.opts,
        "conference": conference,
        "others": other_conferences(request, model_admin, conference),
        "groups": groups,
        "action": check_url(conference) if conference else "",
    }
    return TemplateResponse(request, "admin/workshops/findings.html", context)


def named_conference(request: HttpRequest, model_admin: ScopedAdmin) -> Conference | None:
    """The conference named, else the one on the site; somebody else's looks like none. Raises Http404."""
    rows = model_admin.get_queryset(request).order_by("-is_current", "-starts_on")
    named = request.GET.getlist("conference")
    if not named:
        return rows.first()
    found: Conference | None = rows.filter(pk__in=model_admin.keys(named)).first()
    if found is None:
        raise Http404
    return found


def other_conferences(
    request: HttpRequest, model_admin: ScopedAdmin, conference: Conference | None
) -> list[Conference]:
    """The others that this organiser could name instead, the one on the site first."""
    rows = model_admin.get_queryset(request).order_by("-is_current", "-starts_on")
    return [other for other in rows if other != conference]


def _apply(request: HttpRequest, model_admin: ScopedAdmin, conference: Conference, key: str) -> None:
    try:
        with by_way_of("check"):
            applied = apply_proposal(conference=conference, key=key, scope=scope_for(request))
    except ProposalError as error:
        messages.error(request, str(error.message))
        return
    label = _in_words(applied)
    for row in applied.changed:
        model_admin.admin_site.get_model_admin(type(row)).log_change(request, row, label)
    messages.success(
        request, gettext("Done: %(what)s. The public sees it with the next release.") % {"what": label}
    )


def _in_words(applied: Applied) -> str:
    proposal = applied.finding.proposal
    return choose(proposal.label, active_language())[0] if proposal else ""
