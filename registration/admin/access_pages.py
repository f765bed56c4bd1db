"""The pages beside a form of access details: who has which version, personal codes, sending, lists for platforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditlog.models import LogEntry
from auditlog.signals import accessed
from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conference.account_mail import send_soon
from registration.admin.access_rows import person_rows
from registration.domain.access import announce_access
from registration.domain.access_codes.read import UnreadableCodes, read_codes
from registration.domain.access_codes.shortage import with_codes_counted
from registration.domain.access_codes.upload import Uploaded, discard_codes, upload_codes
from registration.domain.access_known import admitted
from registration.domain.access_schedule import is_due
from registration.domain.access_told import not_reached, people_told
from registration.domain.errors import DomainError
from registration.domain.platform_lists import LAYOUTS, Layout, platform_csv
from registration.domain.table_file import ENDINGS
from registration.mails.access_trial import access_as_test
from registration.models import AccessDetails

PER_PAGE = 100
SEE_OTHER = 303
View = Callable[..., HttpResponse]
Step = Callable[[HttpRequest, AccessDetails], HttpResponse | None]


class CodesForm(forms.Form):
    """Either lines or a file; what was read of them is in `given`."""

    lines = forms.CharField(
        label=_("Codes or personal links"),
        max_length=1_000_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One in each line. A code that is meant for one person has their e-mail address beside it, with a "
            "semicolon between them."
        ),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_(
            "A spreadsheet (.xlsx) or text file (.csv), with one column for the code or link, and perhaps one for "
            "the e-mail address."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        text, file = cleaned["lines"], cleaned["file"]
        if text.strip() and file:
            self.add_error("file", _("Paste codes or choose a file, not both."))
            return cleaned
        try:
            cleaned["given"] = read_codes(name=file.name, file=file) if file else read_codes(text=text)
        except UnreadableCodes as error:
            self.add_error("file" if file else "lines", str(error.message))
        return cleaned


class AccessPages:
    """The views of one row of `AccessDetailsAdmin`, which says whose it is."""

    def __init__(self, model_admin: Any) -> None:
        self.admin = model_admin

    def views(self) -> dict[str, View]:
        return {
            "people": self._page(self._people),
            "codes": self._page(self._codes),
            "upload": self._posted(self._upload),
            "discard": self._posted(self._discard),
            "send": self._posted(self._send),
            "test": self._posted(self._test),
            "export": self._posted(self._export),
        }

    def _own(self, request: HttpRequest, object_id: str) -> AccessDetails:
        """Raises Http404 for somebody else's, as for none."""
        details: AccessDetails | None = self.admin.get_object(request, unquote(object_id))
        if details is None:
            raise Http404
        if not self.admin.has_change_permission(request, details):
            raise PermissionDenied
        return details

    def _page(self, view: Callable[[HttpRequest, AccessDetails], HttpResponse]) -> View:
        def page(request: HttpRequest, object_id: str) -> HttpResponse:
            details = self._own(request, object_id)
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET"])
            return view(request, details)

        return page

    def _posted(self, step: Step) -> View:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            details = self._own(request, object_id)
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            try:
                answer = step(request, details)
            except DomainError as error:
                messages.warning(request, str(error.message))
                answer = None
            return answer or self._back(request, details)

        return view

    def _back(self, request: HttpRequest, details: AccessDetails) -> HttpResponse:
        name = "codes" if request.path.endswith(("/upload/", "/discard/")) else "people"
        page = reverse(f"admin:registration_accessdetails_{name}", args=[details.pk])
        return HttpResponseRedirect(page, status=SEE_OTHER)

    # Pages

    def _people(self, request: HttpRequest, details: AccessDetails) -> HttpResponse:
        everybody, missing = people_told(details=details), not_reached(details=details)
        is_narrowed = request.GET.get("reached") == "no"
        page = Paginator(missing if is_narrowed else everybody, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": _("Who has them"),
            "page": page,
            "rows": person_rows(details, page.object_list),
            "is_narrowed": is_narrowed,
            "count": page.paginator.count if not is_narrowed else everybody.count(),
            "missing": page.paginator.count if is_narrowed else missing.count(),
            "may_send": _can_be_sent(details),
            "layouts": LAYOUTS.values(),
        }
        return self._render(request, details, "people.html", context)

    def _codes(self, request: HttpRequest, details: AccessDetails, form: Any = None) -> HttpResponse:
        counted = with_codes_counted(AccessDetails.objects.filter(pk=details.pk)).get()
        context = {
            "title": _("Personal codes"),
            "form": form or CodesForm(),
            "counted": counted,
            "is_sent_now": bool(details.version) or is_due(details=details, at=timezone.now()),
        }
        status = 422 if form is not None and form.errors else 200
        return self._render(request, details, "codes.html", context, status=status)

    def _render(
        self,
        request: HttpRequest,
        details: AccessDetails,
        template: str,
        context: dict[str, Any],
        status: int = 200,
    ) -> HttpResponse:
        whole = {
            **self.admin.admin_site.each_context(request),
            "opts": self.admin.opts,
            "original": details,
            "subtitle": str(details),
            "own_address": request.user.email,  # type: ignore[union-attr]
            **context,
        }
        return TemplateResponse(request, f"admin/registration/accessdetails/{template}", whole, status=status)

    # Steps

    def _upload(self, request: HttpRequest, details: AccessDetails) -> HttpResponse | None:
        form = CodesForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._codes(request, details, form)
        done = upload_codes(details_id=details.pk, codes=form.cleaned_data["given"], by=request.user)  # type: ignore[arg-type]
        stored = _("Codes were uploaded: %(new)d new ones, %(known)d known already.")
        self.admin.log_change(request, details, (stored, {"new": done.new, "known": done.known}))
        messages.success(request, _what_was_uploaded(done))
        return None

    def _discard(self, request: HttpRequest, details: AccessDetails) -> None:
        gone = discard_codes(details_id=details.pk)
        said = ngettext("%d code was deleted.", "%d codes were deleted.", gone) % gone
        deleted = _("Codes that nobody had were deleted: %(count)d.")
        self.admin.log_change(request, details, (deleted, {"count": gone}))
        messages.success(request, said)

    def _send(self, request: HttpRequest, details: AccessDetails) -> None:
        count = announce_access(details_ids=[details.pk], first_only=True)
        said = ngettext("The details go out to %d person.", "The details go out to %d people.", count) % count
        sent = _("The details were sent out; people written to: %(count)d.")
        self.admin.log_change(request, details, (sent, {"count": count}))
        messages.success(request, said)

    def _test(self, request: HttpRequest, details: AccessDetails) -> None:
        """The mail shows what is stored: that is recorded as if it had been shown on the page."""
        address: str = request.user.email  # type: ignore[union-attr]
        accessed.send(AccessDetails, instance=details)
        send_soon(access_as_test(details=details, recipient=address))
        said = gettext("A test mail is on its way to %(address)s.")
        messages.success(request, said % {"address": address})

    def _export(self, request: HttpRequest, details: AccessDetails) -> HttpResponse:
        layout = LAYOUTS.get(request.POST.get("layout", ""))
        if layout is None:
            raise Http404
        rows = admitted(workshop_id=details.day.workshop_id, role=details.role)
        people = [row.participant for row in rows.select_related("participant").order_by("pk")]
        _record_export(details, layout, len(people))
        name = f"{layout.name}-{slugify(details.day.workshop.slug)}-{details.day.date}-{details.role}.csv"
        return HttpResponse(
            platform_csv(layout=layout, people=people),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _can_be_sent(details: AccessDetails) -> bool:
    """They wait for their time, and there is something to send."""
    return details.is_complete and not details.version


def _what_was_uploaded(done: Uploaded) -> str:
    new = ngettext("%d code was stored.", "%d codes were stored.", done.new) % done.new
    known = ngettext("%d was stored already.", "%d were stored already.", done.known) % done.known
    told = ngettext("%d person is written to now.", "%d people are written to now.", done.told) % done.told
    return " ".join([new, *([known] if done.known else []), told])


def _record_export(details: AccessDetails, layout: Layout, count: int) -> None:
    export = {"model": "registration.Participant", "format": layout.name, "rows": count}
    LogEntry.objects.log_create(
        details.day.workshop,
        force_log=True,
        action=LogEntry.Action.ACCESS,
        additional_data={**details.day.workshop.get_additional_data(), "export": export},  # type: ignore[attr-defined]
    )
