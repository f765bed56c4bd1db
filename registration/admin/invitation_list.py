"""Lists of people to be invited: the preview, the sending with its progress, stopping, reminding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conference.account_mail import send_soon
from registration.admin.invitation_list_forms import PlanForm, SettingsForm
from registration.admin.invitation_list_rows import rows_of, workshops_of
from registration.admin.shown import status_mark
from registration.domain.errors import DomainError
from registration.domain.invitation_lists import remind
from registration.domain.invitation_lists.change_list import change_list, plan_reminders
from registration.domain.invitation_lists.discard import discard_list
from registration.domain.invitation_lists.progress import progress_of
from registration.domain.invitation_lists.send_list import resume_list, send_list, stop_list
from registration.mails.preview import preview_invitation
from registration.mails.trial import invitation_as_test
from registration.models import InvitationList, Message
from workshops.admin.base import ScopedAdmin
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Area, Right, Scope
from workshops.models import Workshop

_Status = InvitationList.Status
_SHAPES = {
    _Status.PREVIEW: "draft",
    _Status.SENDING: "sending",
    _Status.STOPPED: "cancelled",
    _Status.DONE: "sent",
}
_NUMBERS = (
    "total",
    "handled",
    "skipped",
    "refused",
    "written",
    "mailed",
    "failed",
    "held",
    "on_the_way",
    "answered",
)
Step = Callable[[HttpRequest, InvitationList], HttpResponse | None]


@admin.register(InvitationList)
class InvitationListAdmin(ScopedAdmin):
    area = Area.PEOPLE
    adders = Right.TEAM
    changers = deleters = Right.NOBODY
    list_display = ("name", "workshops_named", "state", "people", "created", "created_by")
    list_filter = ("status",)
    search_fields = ("name",)
    actions = None
    change_list_template = "admin/registration/invitationlist/change_list.html"

    def in_scope(self, scope: Scope) -> Q:
        """Lists all of whose workshops are one's own; one without any is for those who lead the whole."""
        if scope.everything:
            return Q()
        foreign = Workshop.objects.exclude(scope.own_workshops())
        some = InvitationList.workshops.through.objects.filter(invitationlist=OuterRef("pk"))
        named_in_rows: Any = InvitationList.named_workshops.through
        named = named_in_rows.objects.filter(invitationlist=OuterRef("pk"))
        is_own = (Exists(some) | Exists(named)) & ~Exists(some.filter(workshop__in=foreign))
        return scope.whole_conferences("conference") | Q(is_own & ~Exists(named.filter(workshop__in=foreign)))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().rows(request).select_related("conference", "created_by")
        names = Prefetch("workshops", Workshop.objects.order_by("position", "pk"), "all_workshops")
        return rows.prefetch_related(names)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        keys = [kept.pk for kept in changelist.result_list]
        counts = dict(
            InvitationList.objects.filter(pk__in=keys)
            .order_by()
            .values_list("pk")
            .annotate(count=Count("rows"))
        )
        for kept in changelist.result_list:
            kept.row_count = counts[kept.pk]
        return changelist

    def get_urls(self) -> list[URLPattern]:
        steps: dict[str, Step] = {
            "settings": self._settings,
            "test": self._test,
            "send": self._send,
            "stop": self._stop,
            "resume": self._resume,
            "discard": self._discard,
            "plan": self._plan,
            "remind": self._remind,
        }
        own = [self._path(name, self._posted(step)) for name, step in steps.items()]
        return [
            *own,
            self._path("mail", self._mail),
            self._path("progress", self._progress),
            *super().get_urls(),
        ]

    def _path(self, name: str, view: Callable[..., HttpResponse]) -> URLPattern:
        route = f"<int:pk>/{name}/"
        return path(route, self.admin_site.admin_view(view), name=f"registration_invitationlist_{name}")

    def _own(self, request: HttpRequest, pk: Any) -> InvitationList:
        """Raises Http404 for somebody else's, as for none."""
        kept: InvitationList | None = self.get_queryset(request).filter(pk__in=self.keys([str(pk)])).first()
        if kept is None:
            raise Http404
        return kept

    def _posted(self, step: Step) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            kept = self._own(request, pk)
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            try:
                answer = step(request, kept)
            except DomainError as error:
                messages.warning(request, str(error.message))
                answer = None
            return answer or self._back(kept)

        return view

    def _back(self, kept: InvitationList) -> HttpResponse:
        page = reverse("admin:registration_invitationlist_change", args=[kept.pk])
        return HttpResponseRedirect(page, status=303)

    # Pages

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:registration_invitation_invite"))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        kept = self._own(request, object_id)
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET"])
        return self._page(request, kept)

    def _page(self, request: HttpRequest, kept: InvitationList, form: Any = None) -> HttpResponse:
        is_preview = kept.status == _Status.PREVIEW
        form_class = SettingsForm if is_preview else PlanForm
        context = {
            "title": kept.name,
            "is_preview": is_preview,
            "form": form or form_class.of(request, kept),
            "shown": rows_of(request=request, kept=kept),
            "progress": progress_of(kept=kept),
            "workshops": workshops_of(kept),
            "own_address": request.user.email,  # type: ignore[union-attr]
            "state": self.state(kept),
        }
        status = 422 if form is not None and form.errors else 200
        return self._render(request, "change.html", kept, context, status=status)

    def _render(
        self,
        request: HttpRequest,
        page: str,
        kept: InvitationList,
        context: dict[str, Any],
        status: int = 200,
    ) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "original": kept, **context}
        return TemplateResponse(request, f"admin/registration/invitationlist/{page}", whole, status=status)

    def _mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The finished mails; made from rows that are rolled back."""
        kept = self._own(request, pk)
        workshops = workshops_of(kept)
        kinds = (Message.Kind.INVITATION, Message.Kind.REMINDER)
        letters = [
            (
                kind.label,
                kind.value,
                preview_invitation(conference=kept.conference, workshops=workshops, kind=kind),
            )
            for kind in kinds
        ]
        return self._render(request, "mail.html", kept, {"title": _("The finished mail"), "letters": letters})

    def _progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        kept = self._own(request, pk)
        progress = progress_of(kept=kept)
        numbers = {name: getattr(progress, name) for name in _NUMBERS}
        return JsonResponse({"status": kept.status, "numbers": numbers})

    # Steps

    def _settings(self, request: HttpRequest, kept: InvitationList) -> HttpResponse | None:
        form = SettingsForm(request, request.POST, conference=kept.conference)
        if not form.is_valid():
            return self._page(request, kept, form)
        changed = change_list(
            list_id=kept.pk,
            workshops=list(form.cleaned_data["workshops"]),
            language=form.cleaned_data["language"],
            name=form.cleaned_data["name"],
            remind_after_days=form.cleaned_data["remind_after_days"],
        )
        self.log_change(request, changed, _("Changed what holds for the whole list"))
        messages.success(request, gettext("Saved, and every row was looked up again."))
        return None

    def _plan(self, request: HttpRequest, kept: InvitationList) -> HttpResponse | None:
        form = PlanForm(request.POST)
        if not form.is_valid():
            return self._page(request, kept, form)
        changed = plan_reminders(list_id=kept.pk, remind_after_days=form.cleaned_data["remind_after_days"])
        self.log_change(request, changed, _("Changed the plan of reminders"))
        messages.success(request, gettext("The plan of reminders was saved."))
        return None

    def _test(self, request: HttpRequest, kept: InvitationList) -> None:
        address: str = request.user.email  # type: ignore[union-attr]
        mail = invitation_as_test(
            conference=kept.conference,
            workshops=workshops_of(kept),
            language=kept.language,
            recipient=address,
        )
        send_soon(mail)
        said = gettext("A test mail is on its way to %(address)s.")
        messages.success(request, said % {"address": address})

    def _send(self, request: HttpRequest, kept: InvitationList) -> None:
        send_list(list_id=kept.pk, by=request.user)  # type: ignore[arg-type]
        self.log_change(request, kept, _("Sent"))
        messages.success(
            request,
            gettext("The invitations are being written. You may close this page: it goes on without it."),
        )

    def _stop(self, request: HttpRequest, kept: InvitationList) -> None:
        held = stop_list(list_id=kept.pk)
        self.log_change(request, kept, _("Stopped"))
        said = ngettext(
            "Stopped: nothing further is written. %d mail that had not left is held back.",
            "Stopped: nothing further is written. %d mails that had not left are held back.",
            held,
        )
        messages.success(request, said % held)

    def _resume(self, request: HttpRequest, kept: InvitationList) -> None:
        resume_list(list_id=kept.pk)
        self.log_change(request, kept, _("Resumed"))
        messages.success(request, gettext("It goes on where it was stopped."))

    def _discard(self, request: HttpRequest, kept: InvitationList) -> HttpResponse:
        name = str(kept)
        discard_list(list_id=kept.pk)
        messages.success(request, gettext("“%(name)s” was deleted. Nothing was sent.") % {"name": name})
        return HttpResponseRedirect(reverse("admin:registration_invitationlist_changelist"), status=303)

    def _remind(self, request: HttpRequest, kept: InvitationList) -> HttpResponse | None:
        """First how many, then a second press."""
        if "sure" not in request.POST:
            preview = remind.preview_reminders(kept=kept)
            refused = list(preview.refused.items())
            context = {"title": _("Remind"), "count": preview.count, "refused": refused}
            return self._render(request, "remind.html", kept, context)
        done = remind.remind_list(kept=kept).count
        if done:
            self.log_change(request, kept, _("Reminded"))
        said = ngettext("%d reminder is on its way.", "%d reminders are on their way.", done)
        messages.success(request, said % done)
        return None

    # Columns

    @admin.display(description=_("workshops"))
    def workshops_named(self, obj: Any) -> str:
        return ", ".join(str(workshop) for workshop in obj.all_workshops) or "–"

    @admin.display(description=_("status"), ordering="status")
    def state(self, obj: InvitationList) -> SafeString:
        return status_mark(_SHAPES[_Status(obj.status)], obj.get_status_display())

    @admin.display(description=_("rows"))
    def people(self, obj: Any) -> int:
        return int(obj.row_count)

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, obj: InvitationList) -> str | SafeString:
        return on_both_clocks(obj.created_at, obj.conference)
