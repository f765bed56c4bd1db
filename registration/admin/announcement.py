"""Free messages to a group: written and filtered, looked at, tried on oneself, sent once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.account_mail import send_soon
from registration.admin.shown import status_mark
from registration.domain.announcements.group import FILTERS, count_group, example_of, missing_languages
from registration.domain.announcements.problems import problems_in
from registration.domain.announcements.send import send_announcement
from registration.domain.errors import DomainError
from registration.domain.figures.standing import NONE
from registration.domain.placeholders import OF_THE_WORKSHOP, placeholders_of
from registration.mails.preview import preview_announcement
from registration.mails.trial import announcement_as_test
from registration.models import Announcement, Message, Registration
from workshops.admin.base import KoprueForm, ScopedAdmin, scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.admin.translated import LanguagesColumn, columns
from workshops.domain.scope import Area, Scope
from workshops.languages import CODES, OWN_NAMES
from workshops.models import Workshop
from workshops.names import name_key

_LANGUAGES = [*((code, OWN_NAMES[code]) for code in CODES), (NONE, _("not known"))]
_TEXTS = [(name, code) for name in ("subject", "text") for code in CODES]
_INTRODUCTION = _(
    "Greeting, the link to the reader’s own page and the closing words stand in every mail. Whoever reads a language "
    "that you leave empty gets another one, and the mail says so. Markdown makes **bold**, lists and links."
)
Step = Callable[[HttpRequest, Announcement], None]


class Choices(forms.CheckboxSelectMultiple):
    """A group of boxes with a name that is read out."""

    template_name = "admin/registration/announcement/choices.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["legend"] = self.attrs.get("legend", "")
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        """From our own templates, of which the renderer of forms knows nothing."""
        return render_to_string(template_name, context)


class AnnouncementForm(KoprueForm):
    """`own` are the organiser's workshops, `origins` the countries of the people in them."""

    own: QuerySet[Workshop]
    origins: list[tuple[str, Any]]

    workshops: Any = forms.ModelMultipleChoiceField(
        label=_("Workshops"), queryset=Workshop.objects.none(), widget=Choices
    )
    statuses = forms.MultipleChoiceField(
        label=_("Status"),
        choices=Registration.Status,
        widget=Choices,
        initial=[Registration.Status.CONFIRMED],
    )
    roles = forms.MultipleChoiceField(
        label=_("Role"),
        choices=Registration.Role,
        widget=Choices,
        required=False,
        help_text=_("None chosen: everybody."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Country"), widget=Choices, required=False, help_text=_("None chosen: everybody.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Language of the reader"),
        choices=_LANGUAGES,
        widget=Choices,
        required=False,
        help_text=_("None chosen: everybody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if "workshops" not in fields:  # shown only
            return
        fields["workshops"].queryset = self.own
        fields["countries"].choices = self.origins
        for name in ("workshops", *FILTERS):
            fields[name].widget.attrs["legend"] = fields[name].label
        for name in FILTERS if self.instance.pk else ():
            fields[name].initial = self.instance.chosen.get(name, [])

    def clean_workshops(self) -> Any:
        chosen = self.cleaned_data["workshops"]
        if len({workshop.conference_id for workshop in chosen}) > 1:
            raise forms.ValidationError(_("Choose workshops of a single conference."))
        return chosen

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        chosen = list(self.cleaned_data.get("workshops") or ())
        for name, code in _TEXTS:
            self._check(f"{name}_{code}", len(chosen))
        self._both_or_neither()
        if chosen:
            self.instance.conference = chosen[0].conference
        self.instance.chosen = {name: self.cleaned_data.get(name, []) for name in FILTERS}
        return cleaned

    def _check(self, name: str, workshops: int) -> None:
        problems = problems_in(text=self.cleaned_data.get(name) or "", workshops=workshops)
        if problems:
            self.add_error(name, [f"{self.fields[name].label}: {problem}" for problem in problems])

    def _both_or_neither(self) -> None:
        for code in CODES:
            subject, text = (self.cleaned_data.get(f"{name}_{code}") for name in ("subject", "text"))
            if text and not subject and not self.errors:
                self.add_error(f"subject_{code}", _("Write a subject in this language, too."))
            if subject and not text and not self.errors:
                self.add_error(f"text_{code}", _("Write the text in this language, too."))


@admin.register(Announcement)
class AnnouncementAdmin(LanguagesColumn, ScopedAdmin):
    area = Area.PEOPLE
    form = AnnouncementForm
    list_display = ("subject", "workshops_named", "languages", "state", "people", "sent", "created_by")
    search_fields = ("subject_de", "subject_tr", "subject_en")
    actions = None
    change_form_template = "admin/registration/announcement/change_form.html"
    fieldsets = (
        (_("To whom"), {"fields": ["workshops", "statuses", "roles", "countries", "languages"]}),
        (
            pgettext_lazy("of a message", "What"),
            {"fields": columns("subject", "text"), "description": _INTRODUCTION},
        ),
    )

    class Media:
        css = {"all": ("koprue/announcement.css",)}

    def in_scope(self, scope: Scope) -> Q:
        """Those all of whose workshops are one's own; one without any is for those who lead the whole."""
        if scope.everything:
            return Q()
        some = Announcement.workshops.through.objects.filter(announcement=OuterRef("pk"))
        foreign = some.filter(workshop__in=Workshop.objects.exclude(scope.own_workshops()))
        return scope.whole_conferences("conference") | Q(Exists(some) & ~Exists(foreign))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().rows(request).select_related("conference", "created_by")
        names = Prefetch("workshops", Workshop.objects.order_by("position", "pk"), "all_workshops")
        return rows.prefetch_related(names)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent stays as it was sent."""
        return super().has_change_permission(request, obj) and (obj is None or obj.sent_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.sent_at is None)

    # Writing

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and obj.sent_at is not None:
            shown = {"fields": ["workshops_named", "to_whom", "people", "sent", "created_by"]}
            return (
                (None, shown),
                (pgettext_lazy("of a message", "What"), {"fields": columns("subject", "text")}),
            )
        return self.fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None and obj.sent_at is not None:
            return super().get_form(request, obj, change, **{**kwargs, "form": KoprueForm, "fields": ()})
        names = [f"{name}_{code}" for name, code in _TEXTS]
        form: Any = super().get_form(request, obj, change, **{**kwargs, "fields": names})
        own = Workshop.objects.filter(scope_for(request).own_workshops()).select_related("conference")
        form.own = own.order_by("-conference__is_current", "position", "pk")
        form.origins = _origins(own)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        chosen = [key for key in request.GET.getlist("workshop") if key.isdecimal()]
        return {"workshops": chosen}

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.workshops.set(form.cleaned_data["workshops"])

    def response_add(
        self, request: HttpRequest, obj: Announcement, post_url_continue: str | None = None
    ) -> Any:
        return self._back(obj)

    def response_change(self, request: HttpRequest, obj: Announcement) -> Any:
        return self._back(obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        context["placeholders"] = placeholders_of(kind=Message.Kind.ANNOUNCEMENT)
        context["of_one_workshop"] = OF_THE_WORKSHOP
        return super().render_change_form(request, context, *args, **kwargs)

    # Looking at it, trying it, sending it

    def get_urls(self) -> list[URLPattern]:
        own = [
            self._path("look", self._look),
            self._path("test", self._posted(self._test)),
            self._path("send", self._posted(self._send)),
        ]
        return [*own, *super().get_urls()]

    def _path(self, name: str, view: Callable[..., HttpResponse]) -> URLPattern:
        view = self.admin_site.admin_view(view)
        return path(f"<int:pk>/{name}/", view, name=f"registration_announcement_{name}")

    def _own(self, request: HttpRequest, pk: int) -> Announcement:
        """Raises Http404 for somebody else's, as for none."""
        found: Announcement | None = self.get_queryset(request).filter(pk__in=self.keys([str(pk)])).first()
        if found is None:
            raise Http404
        return found

    def _back(self, found: Announcement) -> HttpResponse:
        page = reverse("admin:registration_announcement_look", args=[found.pk])
        return HttpResponseRedirect(page, status=303)

    def _look(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._own(request, pk)
        example = example_of(announcement=found)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": found,
            "title": found.subject,
            "group": count_group(announcement=found),
            "readers": _readers(found),
            "missing": [OWN_NAMES[code] for code in missing_languages(announcement=found)],
            "example": example.participant if example else None,
            "letters": preview_announcement(announcement=found),
            "to_whom": self.to_whom(found),
            "workshops": self.workshops_named(found),
            "sent": self.sent(found),
            "own_address": request.user.email,  # type: ignore[union-attr]
            "outbox": _outbox_of(found),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/registration/announcement/look.html", context)

    def _posted(self, step: Step) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            found = self._own(request, pk)
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            if not self.has_add_permission(request):
                raise PermissionDenied
            try:
                step(request, found)
            except DomainError as error:
                messages.warning(request, str(error.message))
            return self._back(found)

        return view

    def _test(self, request: HttpRequest, found: Announcement) -> None:
        address: str = request.user.email  # type: ignore[union-attr]
        send_soon(announcement_as_test(announcement=found, recipient=address))
        said = gettext("A test mail is on its way to %(address)s.")
        messages.success(request, said % {"address": address})

    def _send(self, request: HttpRequest, found: Announcement) -> None:
        sent = send_announcement(announcement_id=found.pk, by=request.user)  # type: ignore[arg-type]
        self.log_change(request, sent, _("Sent"))
        messages.success(request, gettext("The messages are on their way; the outbox shows each of them."))

    # Columns

    @admin.display(description=_("workshops"))
    def workshops_named(self, obj: Any) -> str:
        return ", ".join(str(workshop) for workshop in obj.all_workshops) or "–"

    @admin.display(description=_("status"), ordering="sent_at")
    def state(self, obj: Announcement) -> SafeString:
        return status_mark("sent", _("sent")) if obj.sent_at else status_mark("draft", _("draft"))

    @admin.display(description=_("sent"), ordering="sent_at")
    def sent(self, obj: Announcement) -> str | SafeString:
        return on_both_clocks(obj.sent_at, obj.conference)

    @admin.display(description=_("to whom"))
    def to_whom(self, obj: Announcement) -> str:
        named: Mapping[str, Mapping[str, Any]] = {
            "statuses": dict(Registration.Status.choices),
            "roles": dict(Registration.Role.choices),
            "countries": {NONE: _("not given")},
            "languages": dict(_LANGUAGES),
        }
        parts = (
            ", ".join(str(names.get(value) or countries.name(value)) for value in obj.chosen.get(name) or ())
            for name, names in named.items()
        )
        return "; ".join(part for part in parts if part) or "–"


def _origins(own: QuerySet[Workshop]) -> list[tuple[str, Any]]:
    """The countries of the people in these workshops, by name; those who gave none come last."""
    rows = Registration.objects.filter(workshop__in=own.values("pk")).order_by()
    codes = {str(code) for code in rows.values_list("participant__country", flat=True).distinct()}
    named = [(code, str(countries.name(code))) for code in codes - {""}]
    unknown: list[tuple[str, Any]] = [(NONE, _("not given"))] if "" in codes else []
    return [*sorted(named, key=lambda choice: name_key(choice[1])), *unknown]


def _readers(found: Announcement) -> list[tuple[Any, int]]:
    counted = count_group(announcement=found).languages
    return [(label, counted["" if code == NONE else code]) for code, label in _LANGUAGES]


def _outbox_of(found: Announcement) -> str:
    return f"{reverse('admin:registration_message_changelist')}?announcement={found.pk}"
