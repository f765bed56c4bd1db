"""The translation desk: each text beside its translation, what is missing, what lags behind, and how far it all is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import ScopedAdmin, scope_for
from workshops.admin.findings import named_conference, other_conferences
from workshops.admin.translation_filter import SHARED, Asked, asked_for
from workshops.admin.translation_rows import Row, Typed, changes_of, left_over, row_of, typed_in
from workshops.domain.scope import Area, Level, Right
from workshops.domain.translations.fields import MODEL_OF
from workshops.domain.translations.missing import wanted_languages
from workshops.domain.translations.progress import Progress, progress
from workshops.domain.translations.read import entries
from workshops.domain.translations.save import save_texts, still_right
from workshops.domain.translations.source_then import sources_then
from workshops.domain.translations.values import Entry, Reason, TextChange
from workshops.models import Conference, Workshop

PAGE = "workshops_conference_translations"
PER_PAGE = 25


def desk_urls(model_admin: ScopedAdmin) -> list[URLPattern]:
    """For the conference's admin; without a conference named, the page is about the one on the site."""

    def view(request: HttpRequest) -> HttpResponse:
        return desk_view(request, model_admin)

    return [path("translations/", model_admin.admin_site.admin_view(view), name=PAGE)]


def desk_view(request: HttpRequest, model_admin: ScopedAdmin) -> HttpResponse:
    if not scope_for(request).grants(Right.TEAM):
        raise PermissionDenied
    conference = named_conference(request, model_admin)
    if conference is None:
        context = {**model_admin.admin_site.each_context(request), **_HEAD, "opts": model_admin.opts}
        return TemplateResponse(request, "admin/workshops/translations.html", context)
    desk = _Desk(request, model_admin, conference)
    return desk.save() if request.method == "POST" else desk.page()


_HEAD = {"title": _("Translations")}


def workshops_of(request: HttpRequest, conference: Conference) -> frozenset[int] | None:
    """Whose texts this organiser may write: None is everything, see `entries`."""
    scope = scope_for(request, Area.PROGRAMME, Level.CHANGE)
    return None if scope.covers_conference(conference.pk) else scope.workshops


@dataclass(frozen=True, slots=True)
class Cell:
    language: str
    name: str
    progress: Progress
    query: str


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    cells: tuple[Cell, ...]


@dataclass
class _Desk:
    request: HttpRequest
    model_admin: ScopedAdmin
    conference: Conference
    kept: frozenset[str] = frozenset()
    typed: dict[str, Typed] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own = workshops_of(self.request, self.conference)

    @cached_property
    def found(self) -> list[Entry]:
        """What this organiser sees: their workshops' texts, and those that all workshops share."""
        found = entries(conference=self.conference)
        return [
            entry
            for entry in found
            if self.own is None or entry.workshop_id is None or entry.workshop_id in self.own
        ]

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        return wanted_languages(entry.texts for entry in self.found if entry.workshop_id is not None)

    @cached_property
    def asked(self) -> Asked:
        return asked_for(
            self.request.GET, conference=self.conference.pk, found=self.found, wanted=self.wanted
        )

    @cached_property
    def names(self) -> list[tuple[int | None, str]]:
        """Of the workshops, in order, and of what they share."""
        keys = {entry.workshop_id for entry in self.found}
        workshops = Workshop.objects.filter(pk__in=[key for key in keys if key is not None])
        shared = gettext("Conference, people, organisations, platforms")
        return [*((workshop.pk, str(workshop)) for workshop in workshops), (None, shared)]

    # Showing

    def page(self, status: int = 200) -> HttpResponse:
        shown = [entry for entry in self.found if self.asked.shows(entry)]
        paginator = Paginator(shown, PER_PAGE)
        page = paginator.get_page(self.asked.page)
        rows = self.rows(self.kept_on_page() or page.object_list)
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            **_HEAD,
            "opts": self.model_admin.opts,
            "conference": self.conference,
            "others": other_conferences(self.request, self.model_admin, self.conference),
            "asked": self.asked.on_page(page.number),
            "workshop_choices": self.asked.workshops(self.names),
            "language_name": str(dict(settings.LANGUAGES)[self.asked.language]),
            "lines": self.lines(),
            "rows": rows,
            "errors": [row for row in rows if row.error],
            "is_unsaved": bool(self.typed),
            "total": paginator.count,
            "is_paged": paginator.num_pages > 1,
            "page": page,
            "before": self.asked.on_page(page.number - 1) if page.has_previous() else None,
            "after": self.asked.on_page(page.number + 1) if page.has_next() else None,
            "may_save": any(row.is_open for row in rows),
            "is_begun": self.asked.language in self.wanted,
        }
        return TemplateResponse(self.request, "admin/workshops/translations.html", context, status=status)

    def kept_on_page(self) -> list[Entry]:
        """After a form was sent, the same texts as before: what was typed for one must not go with another."""
        return [entry for entry in self.found if entry.key in self.kept]

    def rows(self, shown: Iterable[Entry]) -> list[Row]:
        listed = list(shown)
        mine = [entry for entry in listed if self.may_write(entry)]
        then = sources_then(found=mine, language=self.asked.language)
        return [
            row_of(
                entry,
                language=self.asked.language,
                url=self.url_of(entry),
                is_open=self.may_write(entry),
                then=then.get(entry.key),
                typed=self.typed.get(entry.key),
                reason=self.reasons.get(entry.key),
            )
            for entry in listed
        ]

    def may_write(self, entry: Entry) -> bool:
        return self.own is None or entry.workshop_id in self.own

    def url_of(self, entry: Entry) -> str:
        model_admin = self.model_admin.admin_site.get_model_admin(MODEL_OF[entry.model])
        if not model_admin.has_view_permission(self.request):
            return ""
        return reverse(f"admin:workshops_{entry.model}_change", args=[entry.object_id])

    def lines(self) -> list[Line]:
        counted = progress(found=self.found)
        return [
            Line(name, tuple(self.cell(counted[key, code], key, code) for code in self.wanted))
            for key, name in self.names
            if (key, "de") in counted
        ]

    def cell(self, counted: Progress, workshop: int | None, language: str) -> Cell:
        group = SHARED if workshop is None else str(workshop)
        name = str(dict(settings.LANGUAGES)[language])
        return Cell(language, name, counted, Asked(self.conference.pk, language, group).query)

    # Saving

    def save(self) -> HttpResponse:
        known = {entry.key: entry for entry in self.found if self.may_write(entry)}
        asked = self.asked
        self.typed = typed_in(self.request.POST, known)
        self.kept = frozenset(self.typed)
        right = self.request.POST.get("right", "")
        done = self.say_right(right) if right else self.save_typed()
        del self.found  # They have changed.
        if not self.reasons and not left_over(self.typed, done):
            return HttpResponseRedirect(f"{self.request.path}?{asked.query}", status=303)
        self.typed = {key: each for key, each in self.typed.items() if key not in done}
        return self.page(status=422 if self.reasons else 200)

    def save_typed(self) -> list[str]:
        """All of the page, or the one text whose button was pressed; the keys of what is saved now."""
        only = self.request.POST.get("save", "")
        typed = {only: self.typed[only]} if only in self.typed else self.typed
        saved = save_texts(
            conference=self.conference,
            changes=changes_of(typed, self.asked.language),
            by=self.request.user,  # type: ignore[arg-type]
            workshops=self.own,
        )
        self.reasons = {change.key: reason for change, reason in saved.refused}
        self.log(saved.saved)
        self.tell(len(saved.saved) + len(saved.same))
        return [change.key for change in (*saved.saved, *saved.same)]

    def tell(self, count: int) -> None:
        if count:
            said = ngettext("%(count)d text was saved.", "%(count)d texts were saved.", count)
            messages.success(
                self.request,
                f"{said % {'count': count}} {gettext('The public sees it with the next release.')}",
            )
        elif not self.reasons:
            messages.info(self.request, gettext("Nothing was changed, so nothing was saved."))

    def say_right(self, key: str) -> list[str]:
        """What was typed for this text, or for others, is not saved by it."""
        typed = self.typed.get(key)
        if typed is None:
            messages.error(self.request, gettext("There is no such text, or not any more."))
            return []
        reason = still_right(
            conference=self.conference,
            key=key,
            language=self.asked.language,
            seen_digest=typed.seen_digest,
            source_digest=typed.source_digest,
            by=self.request.user,  # type: ignore[arg-type]
            workshops=self.own,
        )
        if reason is not None:
            self.reasons = {key: reason}
        else:
            messages.success(self.request, gettext("Kept: this translation is still right."))
        return []

    def log(self, changes: Sequence[TextChange]) -> None:
        """On the page of each object, in its history, as any other change of it."""
        for row, fields in self._by_row(changes).items():
            message = [{"changed": {"fields": fields}}]
            self.model_admin.admin_site.get_model_admin(type(row)).log_change(self.request, row, message)

    def _by_row(self, changes: Sequence[TextChange]) -> Mapping[Any, list[str]]:
        known = {entry.key: entry for entry in self.found}
        keys: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for change in changes:
            entry = known[change.key]
            keys[entry.model][entry.object_id].append(f"{entry.field} [{change.language}]")
        return {
            row: keys[model][pk]
            for model in keys
            for pk, row in MODEL_OF[model]._default_manager.in_bulk(list(keys[model])).items()
        }
