"""What every page of the organisers' admin has in common: rights by team, both clocks, honest errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.filters import RelatedFieldListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modeltranslation.fields import TranslationField

from workshops.admin.long_lists import NarrowPaginator, counted_by_a_filter
from workshops.admin.recording import OneHistory
from workshops.admin.rights import is_history, is_page_of, page_of
from workshops.admin.translated import name_the_language, require_one_language
from workshops.admin.widgets import Lines, tidy_widget
from workshops.domain.scope import Area, Level, Right, Scope, scope_of
from workshops.models import Conference
from workshops.names import fold

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelAdmin, _ModelForm = admin.ModelAdmin, forms.ModelForm

FIRST_DATE, LAST_DATE = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
OWNERS = ("conference", "workshop", "day")
_OUT_OF_RANGE = _("Give a date between the years 2000 and 2100.")


def scope_for(request: HttpRequest, area: Area | None = None, level: Level = Level.SEE) -> Scope:
    """The signed-in organiser's scope in an area; if none is named, in that of the page that was asked for.

    Read once a request.
    """
    if not hasattr(request, "_koprue_scope"):
        request._koprue_scope = scope_of(request.user)  # type: ignore[attr-defined]
    scope: Scope = request._koprue_scope  # type: ignore[attr-defined]
    return scope.narrowed(*((area, level) if area else page_of(request)))


class KoprueForm(_ModelForm):
    """A form of the admin. `conflict` is set when the database refused what the form had found right."""

    conflict = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        require_one_language(self)
        self._one_conference()
        if self.conflict:
            raise ValidationError(
                _(
                    "Somebody else changed this at the same time; nothing was saved. "
                    "Please check and save again."
                )
            )
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Also checks what may exist once a conference, a workshop, a day, which are not in the form."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {name for name in OWNERS if getattr(self.instance, f"{name}_id", None) is not None}

    def _one_conference(self) -> None:
        """What is chosen belongs to the same conference as the object itself."""
        if not hasattr(self.instance, "conference_id"):
            return
        chosen = self.cleaned_data.get("conference")
        own = chosen.pk if chosen else self.instance.conference_id
        for name, value in list(self.cleaned_data.items()):
            other = getattr(value, "conference_id", None) if isinstance(value, Model) else None
            if own is not None and other is not None and other != own:
                self.add_error(name, _("This belongs to another conference."))


class Fields:
    """How single fields are shown, in pages and in inlines alike."""

    admin_site: admin.AdminSite
    adders: Right
    area: Area

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if isinstance(db_field, models.TextField) and not db_field.choices:
            kwargs.setdefault("widget", Lines)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is None:
            return None
        if isinstance(db_field, TranslationField):
            name_the_language(field, db_field)
        if isinstance(db_field, models.DateField):
            _bound(field, with_time=isinstance(db_field, models.DateTimeField))
        tidy_widget(field)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_for(db_field, request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and not db_field.remote_field.limit_choices_to:
            # Read once: each row of an inline, and the empty row, would ask the database again.
            field.choices = list(field.choices)
        return field

    def choices_for(self, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Only what this organiser may see can be chosen, and only where they may change what it is chosen for."""
        model = db_field.remote_field.model
        scope = scope_for(request, self.area, Level.CHANGE)
        if model is Conference:
            limit = scope.whole_conferences if self.adders is Right.CONFERENCE else scope.any_conferences
            return Conference.objects.filter(limit())
        if self.admin_site.is_registered(model):
            chosen_from: Any = self.admin_site.get_model_admin(model)
            rows: QuerySet[Any] = chosen_from.get_queryset(request)
            in_scope = getattr(chosen_from, "in_scope", None)
            return rows if in_scope is None or scope.everything else rows.filter(in_scope(scope))
        queryset: QuerySet[Any] = model._default_manager.all()
        return queryset


def _bound(field: forms.Field, *, with_time: bool) -> None:
    """Years no clock can reckon with (1, 9999) are refused before a time zone chokes on them."""
    low: dt.date = FIRST_DATE
    high: dt.date = LAST_DATE
    if with_time:
        low = dt.datetime.combine(FIRST_DATE, dt.time.min, tzinfo=dt.UTC)
        high = dt.datetime.combine(LAST_DATE, dt.time.max, tzinfo=dt.UTC)
    field.validators += [MinValueValidator(low, _OUT_OF_RANGE), MaxValueValidator(high, _OUT_OF_RANGE)]


class ScopedAdmin(Fields, OneHistory, _ModelAdmin):
    """A page of the admin whose rights come from the team, not from Django's permissions per model.

    `area` says which roles may see it and which may change something; `seen_with` is what seeing it takes there.
    """

    area = Area.TEAM
    seen_with = Level.SEE
    viewers = Right.TEAM
    adders = Right.TEAM
    changers = Right.TEAM
    deleters = Right.TEAM
    form = KoprueForm
    # Fields no address may ask for, though they belong to the row.
    secrets: Sequence[str] = ()
    list_per_page = 50
    show_full_result_count = False
    paginator = NarrowPaginator
    save_on_top = False

    # What an organiser sees

    def in_scope(self, scope: Scope) -> Q:
        """The rows that are this organiser's: nobody's but the operator's, unless a page says otherwise."""
        return Q() if scope.everything else Q(pk__in=[])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.rows(request).filter(self.in_scope(self.scope(request)))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Everybody's, with what a list reads beside each; nobody is to see them but through `get_queryset`."""
        return super().get_queryset(request)

    def get_paginator(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        paginator: Any = super().get_paginator(request, queryset, *args, **kwargs)
        if isinstance(paginator, NarrowPaginator):
            paginator.shown = self.rows(request)
            if (counted := counted_by_a_filter(request, self)) is not None:
                paginator.count = counted
        return paginator

    def scope(self, request: HttpRequest) -> Scope:
        """Whose rows are read: on a page of its own, where something is sent, those that may be changed."""
        area, level = self.area, self.seen_with
        if is_page_of(request, self.opts) and page_of(request)[0] is area:
            level = page_of(request)[1]
        if is_history(request) and area is Area.REGISTRATIONS:
            area = Area.PEOPLE  # It tells of addresses, too.
        return scope_for(request, area, level)

    def changing(self, request: HttpRequest) -> Scope:
        return scope_for(request, self.area, Level.CHANGE)

    def conference_of(self, obj: Any) -> int | None:
        """The primary key of the conference an object belongs to."""
        found: int | None = getattr(obj, "conference_id", None)
        return found

    def _allowed(self, request: HttpRequest, right: Right, obj: Any, level: Level = Level.CHANGE) -> bool:
        scope = scope_for(request, self.area, level)
        if not scope.grants(right):
            return False
        if obj is None:
            return True
        if right is Right.CONFERENCE:
            return scope.covers_conference(self.conference_of(obj))
        return level is self.seen_with or self._may_change(request, obj)

    def _may_change(self, request: HttpRequest, obj: Any) -> bool:
        """Where somebody sees more rows than they may change, the row is asked for among the latter."""
        own = self.changing(request)
        if obj.pk is None or own == scope_for(request, self.area, self.seen_with):
            return True
        known: dict[Any, bool] = request.__dict__.setdefault("_koprue_may_change", {})
        key = (self.opts.label_lower, obj.pk)
        if key not in known:
            known[key] = self.model._base_manager.filter(self.in_scope(own), pk=obj.pk).exists()
        return known[key]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request, self.viewers, obj, self.seen_with)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request, self.adders, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request, self.changers, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request, self.deleters, obj)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        # Somebody else's row and no row at all look alike.
        raise Http404

    # Forms

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if any(field.name == "conference" for field in self.opts.fields) and "conference" not in initial:
            first = (
                self.choices_for(self.opts.get_field("conference"), request).order_by("-is_current").first()
            )
            initial["conference"] = first.pk if first else None
        return initial

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = tuple(super().get_readonly_fields(request, obj))
        return (
            (*fields, "conference", "conference_named") if obj and hasattr(obj, "conference_id") else fields
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where the conference's own page would be refused, its name stands there without a link."""
        fieldsets = super().get_fieldsets(request, obj)
        key = getattr(obj, "conference_id", None)
        if key is None or scope_for(request, Area.CONFERENCE).covers_conference(key):
            return fieldsets
        return [
            (name, {**options, "fields": _instead(options["fields"], "conference", "conference_named")})
            for name, options in fieldsets
        ]

    @admin.display(description=_("conference"))
    def conference_named(self, obj: Any) -> str:
        return str(obj.conference)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.conflict = getattr(request, "_koprue_conflict", False)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """An invalid form answers 422. What only the database could see is shown in the form as well."""
        try:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            request._koprue_conflict = True  # type: ignore[attr-defined]
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and (getattr(response, "context_data", None) or {}).get("errors"):
            response.status_code = 422
        return response

    # Lists

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """The number of rows would tell whether a guess at a secret is right."""
        is_secret = lookup.split("__", maxsplit=1)[0] in self.secrets
        return not is_secret and super().lookup_allowed(lookup, value, request)

    def keys(self, values: Iterable[str]) -> list[Any]:
        """Primary keys as sent by a browser. Raises Http404 for what the database would not take as one."""
        try:
            keys = [self.opts.pk.to_python(value) for value in values]
            for key in keys:
                self.opts.pk.run_validators(key)
        except ValidationError:
            raise Http404 from None
        return keys

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> Any:
        keys = self.keys(request.POST.getlist(ACTION_CHECKBOX_NAME))
        if self.changing(request) != scope_for(request, self.area, self.seen_with):
            self._say_what_is_left_out(request, len(set(keys)) - queryset.filter(pk__in=keys).count())
        return super().response_action(request, queryset, *args)

    def _say_what_is_left_out(self, request: HttpRequest, count: int) -> None:
        if count > 0:
            said = ngettext(
                "%d row is left out: you may only read it.",
                "%d rows are left out: you may only read them.",
                count,
            )
            self.message_user(request, said % count, messages.WARNING)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Finds "istanbul" in "İSTANBUL" and "muller" in "Müller"; no database does both."""
        fields = self.get_search_fields(request)
        words = fold(search_term).split()
        if not fields or not words:
            return queryset, False
        rows = queryset.order_by().values_list("pk", *fields)
        found = {row[0] for row in rows if _contains(row[1:], words)}
        return queryset.filter(pk__in=found), False


class OfOneWorkshopAdmin(ScopedAdmin):
    """Rows that belong to one workshop each; `to_workshop` leads from a row to it."""

    to_workshop = "workshop"

    def in_scope(self, scope: Scope) -> Q:
        return scope.own_workshops(self.to_workshop)

    def conference_of(self, obj: Any) -> int | None:
        found: int | None = attrgetter(self.to_workshop.replace("__", "."))(obj).conference_id
        return found

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).select_related(f"{self.to_workshop}__conference")


def _instead(fields: Iterable[Any], one: str, other: str) -> list[Any]:
    return [
        other if field == one else field if isinstance(field, str) else _instead(field, one, other)
        for field in fields
    ]


def _contains(values: Iterable[Any], words: list[str]) -> bool:
    text = fold(" ".join(str(value) for value in values if value))
    return all(word in text for word in words)


class ScopedRelatedFilter(RelatedFieldListFilter):
    """Offers only what this organiser may see; Django's own filter names every row of the table."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        related = model_admin.admin_site.get_model_admin(field.remote_field.model)
        return [(row.pk, str(row)) for row in related.get_queryset(request)]

    @property
    def include_empty_choice(self) -> bool:
        return False

    def has_output(self) -> bool:
        """Also for a single row: else Django drops the filter silently, and a link with it shows all."""
        return bool(self.lookup_choices)
