"""Who was there, per workshop; a platform's report is uploaded, looked at, and only then applied."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registration.admin.addresses import withhold_addresses
from registration.admin.attendance_preview import presences, seal, shown_people, unseal
from registration.domain.attendance.apply_report import apply_report
from registration.domain.attendance.mark import mark_present
from registration.domain.attendance.match import How, match_report, span_of
from registration.domain.attendance.present import Present, people_of, who_was_there
from registration.domain.attendance.read_report import UnreadableReport, read_report
from registration.domain.certificates.rule import who_gets_one
from registration.domain.table_file import ENDINGS
from registration.models import Attendance, Registration
from workshops.admin.base import scope_for
from workshops.admin.clocks import clocks_of_day
from workshops.admin.rights import declare_pages
from workshops.domain.scope import Area, Level
from workshops.models import Workshop, WorkshopDay
from workshops.templatetags.texts import weekday_date

PER_PAGE = 100
SEE_OTHER, UNPROCESSABLE = 303, 422
UTC = "UTC"
declare_pages(
    {
        "attendance_workshop": (Area.REGISTRATIONS, Level.SEE),
        "attendance_report": (Area.REGISTRATIONS, Level.CHANGE),
        "attendance_apply": (Area.REGISTRATIONS, Level.CHANGE),
        "attendance_mark": (Area.REGISTRATIONS, Level.CHANGE),
    }
)


class ReportForm(forms.Form):
    """A report, and whose clock its times are of: the files themselves do not say."""

    file = forms.FileField(
        label=_("The platform’s report"),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_(
            "As Zoom or Kudo gives it: a text file (.csv) or spreadsheet (.xlsx), in any of the languages."
        ),
    )
    zone = forms.ChoiceField(
        label=_("The times in it are"),
        widget=forms.RadioSelect,
        help_text=_("Zoom writes them on the clock of the account that downloads the report."),
    )

    def __init__(self, day: WorkshopDay, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = day.workshop.conference.zones
        choices = [*((zone.name, f"{zone.label} ({zone.name})") for zone in zones), (UTC, "UTC")]
        field: Any = self.fields["zone"]
        field.choices = choices
        field.initial = zones[0].name


def attendance_urls(site: AdminSite) -> list[URLPattern]:
    views = {
        "workshop": _workshop_view,
        "report": _report_view,
        "apply": _apply_view,
        "mark": _mark_view,
    }
    return [
        path(f"attendance/{name}/<int:key>/", site.admin_view(_of(site, view)), name=f"attendance_{name}")
        for name, view in views.items()
    ]


def _of(site: AdminSite, view: Any) -> Any:
    def viewed(request: HttpRequest, key: int) -> HttpResponse:
        response: HttpResponse = view(request, site, key)
        return response

    return viewed


@require_safe
def _workshop_view(request: HttpRequest, site: AdminSite, key: int) -> HttpResponse:
    workshop = _own_workshop(request, key)
    people = people_of(workshop=workshop)
    is_narrowed = request.GET.get("there") == "yes"
    if is_narrowed:
        people = people.filter(attendances__isnull=False).distinct()
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    found = who_was_there(workshop=workshop, people=page.object_list, at=timezone.now())
    withhold_addresses(request, [each.registration for each in found])
    days = list(workshop.days.all())
    scope = scope_for(request, Area.REGISTRATIONS, Level.CHANGE)
    context = {
        "title": _("Who was there"),
        "workshop": workshop,
        "days": [(day, weekday_date(day.date), clocks_of_day(day)) for day in days],
        "page": page,
        "rows": [_row(each, days) for each in found],
        "is_narrowed": is_narrowed,
        "may_change": scope.covers_workshop(conference_id=workshop.conference_id, workshop_id=workshop.pk),
        "certificates": len(who_gets_one(workshop=workshop, at=timezone.now())),
    }
    return _render(request, site, "workshop.html", workshop, context)


@require_http_methods(["GET", "HEAD", "POST"])
def _report_view(request: HttpRequest, site: AdminSite, key: int) -> HttpResponse:
    day = _own_day(request, key)
    if request.method != "POST":
        return _upload_page(request, site, day, ReportForm(day))
    form = ReportForm(day, request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, site, day, form)
    file = form.cleaned_data["file"]
    try:
        report = read_report(name=file.name, file=file, day=day, zone=form.cleaned_data["zone"])
    except UnreadableReport as error:
        form.add_error("file", str(error.message))
        return _upload_page(request, site, day, form)
    found = match_report(day=day, visits=report.visits)
    shown = shown_people(day, found, span_of(day))
    context = {
        "title": _("Look at the report"),
        "day": day,
        "matched": [row for row in shown if row.how in {How.EMAIL, How.CODE}],
        "suggested": [row for row in shown if row.how == How.NAME],
        "unmatched": [row for row in shown if row.how == How.NOT],
        "other_days": report.other_days,
        "unread": report.unread,
        "sealed": seal(day=day, user_id=_user_id(request), found=found),
        "before": Attendance.objects.filter(day=day, source=Attendance.Source.REPORT).count(),
    }
    return _render(request, site, "preview.html", day.workshop, context)


@require_POST
def _apply_view(request: HttpRequest, site: AdminSite, key: int) -> HttpResponse:
    day = _own_day(request, key)
    carried = unseal(sealed=request.POST.get("report", ""), day=day, user_id=_user_id(request))
    ticked = frozenset(request.POST.getlist("same"))
    done = apply_report(
        day=day,
        presences=presences(carried, ticked=ticked, within=span_of(day)),
        adds=request.POST.get("adds") == "yes",
        by=request.user,  # type: ignore[arg-type]
    )
    said = ngettext(
        "%d person is down as having been there.", "%d people are down as having been there.", done.there
    )
    messages.success(request, said % done.there)
    if done.gone:
        gone = ngettext(
            "%d person of an earlier report no longer is.",
            "%d people of an earlier report no longer are.",
            done.gone,
        )
        messages.info(request, gone % done.gone)
    return _to_workshop(day.workshop_id)


@require_POST
def _mark_view(request: HttpRequest, site: AdminSite, key: int) -> HttpResponse:
    day = _own_day(request, key)
    rows = Registration.objects.filter(workshop=day.workshop_id).select_related("participant")
    number = request.POST.get("registration", "")
    registration = rows.filter(pk=number).first() if number.isdecimal() and int(number) < 2**63 else None
    if registration is None:
        raise Http404
    is_present = request.POST.get("present") == "yes"
    mark_present(registration=registration, day=day, is_present=is_present)
    said = gettext("%(name)s was there.") if is_present else gettext("Taken back: %(name)s was there.")
    messages.success(request, said % {"name": registration.participant})
    return _to_workshop(day.workshop_id)


def _own_workshop(request: HttpRequest, key: int) -> Workshop:
    """Somebody else's looks like none, and so does a number no database takes."""
    rows = Workshop.objects.filter(scope_for(request).own_workshops())
    rows = rows.select_related("conference").prefetch_related("days")
    found = rows.filter(pk=key).first() if key < 2**63 else None
    if found is None:
        raise Http404
    return found


def _own_day(request: HttpRequest, key: int) -> WorkshopDay:
    rows = WorkshopDay.objects.filter(scope_for(request).own_workshops("workshop"))
    found = rows.select_related("workshop__conference").filter(pk=key).first() if key < 2**63 else None
    if found is None:
        raise Http404
    return found


def _user_id(request: HttpRequest) -> int:
    user = request.user
    if isinstance(user, AnonymousUser):
        raise Http404
    return user.pk


def _upload_page(request: HttpRequest, site: AdminSite, day: WorkshopDay, form: ReportForm) -> HttpResponse:
    context = {"title": _("Upload a report"), "day": day, "form": form, "clocks": clocks_of_day(day)}
    return _render(
        request, site, "upload.html", day.workshop, context, status=UNPROCESSABLE if form.errors else 200
    )


def _to_workshop(key: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:attendance_workshop", args=[key]), status=SEE_OTHER)


def _render(  # noqa: PLR0913 (what a page is made of)
    request: HttpRequest,
    site: AdminSite,
    template: str,
    workshop: Workshop,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    whole = {
        **site.each_context(request),
        "opts": Attendance._meta,
        "workshop": workshop,
        "subtitle": str(workshop),
        **context,
    }
    return TemplateResponse(request, f"admin/registration/attendance/{template}", whole, status=status)


def _row(found: Present, days: list[WorkshopDay]) -> dict[str, Any]:
    return {
        "key": found.registration.pk,
        "person": found.registration.participant,
        "url": reverse("admin:registration_registration_change", args=[found.registration.pk]),
        "days": [_cell(day, found.days[day.pk]) for day in days],
        "percent": round(found.percent),
        "against": found.against,
    }


def _cell(day: WorkshopDay, attendances: tuple[Attendance, ...]) -> dict[str, Any]:
    return {
        "day": day,
        "name": weekday_date(day.date),
        "says": [_what_it_says(each) for each in attendances],
        "is_marked": any(each.source == Attendance.Source.ORGANISER for each in attendances),
    }


def _what_it_says(attendance: Attendance) -> str | SafeString:
    source = attendance.get_source_display()
    if attendance.minutes is None:
        return source
    return gettext("%(minutes)d min. (%(source)s)") % {"minutes": attendance.minutes, "source": source}
