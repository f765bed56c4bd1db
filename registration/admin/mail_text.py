"""The hosts' own words in a mail: three languages side by side, what may stand in them, and how it will look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.domain.placeholders import (
    KINDS_WITH_OWN_TEXT,
    Placeholder,
    allowed_list,
    placeholders_of,
    problems_of,
)
from registration.mails.preview import preview_letters
from registration.mails.times import moment_text
from registration.models import MailText, Message
from workshops.admin.base import KoprueForm, ScopedAdmin
from workshops.admin.clocks import on_both_clocks
from workshops.admin.translated import LanguagesColumn, columns
from workshops.domain.scope import Area, Right, Scope
from workshops.languages import OWN_NAMES, active_language, choose, text_of
from workshops.models import Conference
from workshops.templatetags.texts import short_date

_PREVIEW = "_preview"
_KINDS = [(kind, Message.Kind(kind).label) for kind in KINDS_WITH_OWN_TEXT]
_TEXTS = [(name, code) for name in ("subject", "opening") for code in OWN_NAMES]
_INTRODUCTION = _(
    "Your subject and your opening words take the place of ours. Greeting, dates on both clocks, access details, "
    "the personal link and the closing words follow in every mail as before. Where you leave a language empty, our "
    "text is sent in it. An empty line begins a new paragraph. The opening follows the greeting and its comma: in "
    "German it begins with a small letter."
)


class MailTextForm(KoprueForm):
    # Set for a preview: the form is checked as ever, and nothing is saved.
    is_preview = False

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_preview

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kind = self.cleaned_data.get("kind") or self.instance.kind
        for name, code in _TEXTS:
            self._check_text(name, code, kind)
        if not self.errors and not any(self.cleaned_data.get(f"{name}_{code}") for name, code in _TEXTS):
            self.add_error("subject_de", _("Write at least one text."))
        return cleaned

    def _check_text(self, name: str, code: str, kind: str) -> None:
        problems = problems_of(text=self.cleaned_data.get(f"{name}_{code}") or "", kind=kind) if kind else []
        if problems:
            where = self.fields[f"{name}_{code}"].label
            possible = gettext("Possible are: %(placeholders)s") % {"placeholders": allowed_list(kind=kind)}
            self.add_error(f"{name}_{code}", [*(f"{where}: {problem}" for problem in problems), possible])


@dataclass(frozen=True, slots=True)
class OfferedPlaceholder:
    """A row of the list beside the fields; `kinds` is empty where every mail knows the placeholder."""

    written: str
    meaning: str
    example: str
    kinds: tuple[str, ...] = ()


@admin.register(MailText)
class MailTextAdmin(LanguagesColumn, ScopedAdmin):
    area = Area.PEOPLE
    viewers = adders = changers = deleters = Right.CONFERENCE
    form = MailTextForm
    list_display = ("kind", "languages", "changed")
    list_select_related = ("conference",)
    actions = None
    texts = (None, {"fields": columns("subject", "opening"), "description": _INTRODUCTION})

    def in_scope(self, scope: Scope) -> Q:
        return scope.whole_conferences("conference")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return ((None, {"fields": [("conference", "kind")]}), self.texts)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "kind") if obj else fields

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "kind":
            kwargs["choices"] = [("", "---------"), *_KINDS]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.is_preview = _PREVIEW in request.POST
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj: MailText | None = context["original"]
        form: MailTextForm = context["adminform"].form
        if form.is_preview and not form.errors:
            context["previews"] = preview_letters(text=form.instance)
        conference = obj.conference if obj else self._first_conference(request)
        kind = obj.kind if obj else _chosen_kind(request)
        context["placeholders"] = _offered(kind, conference) if conference else []
        context["is_of_any_kind"] = kind is None
        return super().render_change_form(request, context, *args, **kwargs)

    def _first_conference(self, request: HttpRequest) -> Conference | None:
        own: Any = self.choices_for(self.opts.get_field("conference"), request)
        first: Conference | None = own.order_by("-is_current", "pk").first()
        return first

    @admin.display(description=_("changed"), ordering="changed_at")
    def changed(self, obj: MailText) -> str | SafeString:
        return on_both_clocks(obj.changed_at, obj.conference)


def _chosen_kind(request: HttpRequest) -> str | None:
    """What a new text is for, once it was sent, with errors or for a preview."""
    chosen = request.POST.get("kind", "")
    return chosen if chosen in KINDS_WITH_OWN_TEXT else None


def _offered(kind: str | None, conference: Conference) -> list[OfferedPlaceholder]:
    """Those of one kind, or, before a kind is chosen, all of them with the mails that know them."""
    kinds = [kind] if kind else list(KINDS_WITH_OWN_TEXT)
    known: dict[Placeholder, list[str]] = {}
    for each in kinds:
        for placeholder in placeholders_of(kind=each):
            known.setdefault(placeholder, []).append(str(Message.Kind(each).label))
    examples = _examples(conference)
    return [
        OfferedPlaceholder(
            placeholder.written,
            str(placeholder.meaning),
            examples.get(placeholder.name) or str(placeholder.example),
            () if len(names) == len(kinds) else tuple(names),
        )
        for placeholder, names in known.items()
    ]


def _examples(conference: Conference) -> dict[str, str]:
    """What depends on the conference: its name, and a morning of its first day on its two clocks."""
    zones = conference.zones
    start = dt.datetime.combine(conference.starts_on, dt.time(9, 30), tzinfo=ZoneInfo(zones[0].name))
    return {
        "conference": choose(text_of(conference, "name"), active_language())[0],
        "contact": conference.contact_email,
        "date": short_date(conference.starts_on),
        "times": moment_text(start, zones, until=start + dt.timedelta(hours=2)),
        "deadline": moment_text(start, zones),
    }
