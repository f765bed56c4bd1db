"""The page "Translation office": texts out as a file, and what comes back looked at before any of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import ScopedAdmin, scope_for
from workshops.admin.findings import named_conference
from workshops.admin.translation_desk import workshops_of
from workshops.admin.translation_exchange_forms import ExportForm, UploadForm
from workshops.admin.translation_exchange_shown import shown_preview, shown_result
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.scope import Right
from workshops.domain.translations.exchange.apply_import import apply_import
from workshops.domain.translations.exchange.child import read_in_child
from workshops.domain.translations.exchange.collect_units import collect_units
from workshops.domain.translations.exchange.packed import unpack
from workshops.domain.translations.exchange.preview import preview_import
from workshops.domain.translations.exchange.sheet import write_sheet
from workshops.domain.translations.exchange.values import Batch, Which
from workshops.domain.translations.exchange.xliff import write_xliff
from workshops.domain.translations.read import entries
from workshops.languages import OWN_NAMES
from workshops.models import Conference, Workshop

PAGE = "workshops_conference_translation_exchange"
FILE = "workshops_conference_translation_file"
_TEMPLATES = "admin/workshops/translation_exchange"
_XLIFF = "application/xliff+xml"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_View = Callable[[HttpRequest, ScopedAdmin, Conference | None], HttpResponse]


def translation_exchange_urls(model_admin: ScopedAdmin) -> list[URLPattern]:
    """For the conference's admin; without a conference named, the pages are about the one on the site."""

    def guarded(view: _View) -> Callable[[HttpRequest], HttpResponse]:
        def answer(request: HttpRequest) -> HttpResponse:
            if not scope_for(request).grants(Right.TEAM):
                raise PermissionDenied
            return view(request, model_admin, named_conference(request, model_admin))

        return model_admin.admin_site.admin_view(answer)

    return [
        path("translations/exchange/", guarded(exchange_view), name=PAGE),
        path("translations/exchange/file/", guarded(file_view), name=FILE),
    ]


def exchange_url(conference: Conference) -> str:
    return f"{reverse(f'admin:{PAGE}')}?conference={conference.pk}"


def exchange_view(
    request: HttpRequest, model_admin: ScopedAdmin, conference: Conference | None
) -> HttpResponse:
    if request.method != "POST" or conference is None:
        return _page(request, model_admin, conference)
    try:
        if "packed" in request.POST:
            return _apply(request, model_admin, conference)
        return _preview(request, model_admin, conference)
    except DraftFileError as error:
        return _page(request, model_admin, conference, problem=str(error))


def file_view(request: HttpRequest, model_admin: ScopedAdmin, conference: Conference | None) -> HttpResponse:
    if conference is None:
        raise Http404
    form = _export_form(request, conference, data=request.GET)
    if not form.is_valid():
        return _page(request, model_admin, conference, export=form)
    batch = _batch(form, conference, workshops_of(request, conference))
    if not batch.units:
        form.add_error(None, _("There is nothing to translate among the texts that you chose."))
        return _page(request, model_admin, conference, export=form)
    try:
        return _attachment(batch, form.cleaned_data["format"])
    except DraftFileError as error:
        form.add_error("format", str(error))
        return _page(request, model_admin, conference, export=form)


def _page(  # noqa: PLR0913
    request: HttpRequest,
    model_admin: ScopedAdmin,
    conference: Conference | None,
    *,
    export: ExportForm | None = None,
    upload: UploadForm | None = None,
    problem: str = "",
) -> HttpResponse:
    if export is None and conference is not None:
        export = _export_form(request, conference)
    shown = {
        "export": export,
        "upload": upload or UploadForm(),
        "problem": problem,
        "file_url": reverse(f"admin:{FILE}"),
    }
    is_refused = bool(upload or problem or (export and export.errors))
    return _answer(request, model_admin, conference, "", shown, status=422 if is_refused else 200)


def _answer(  # noqa: PLR0913
    request: HttpRequest,
    model_admin: ScopedAdmin,
    conference: Conference | None,
    template: str,
    shown: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": gettext("Translation office"),
        "opts": model_admin.opts,
        "conference": conference,
        "action": exchange_url(conference) if conference else "",
        **shown,
    }
    return TemplateResponse(request, f"{_TEMPLATES}{template}.html", context, status=status)


def _export_form(request: HttpRequest, conference: Conference, *, data: Any = None) -> ExportForm:
    scope = scope_for(request)
    workshops = Workshop.objects.filter(scope.own_workshops(), conference=conference)
    return ExportForm(
        data,
        workshops=workshops,
        with_shared=scope.covers_conference(conference.pk),
        initial={name: request.GET[name] for name in ("source", "target", "which") if name in request.GET},
    )


def _batch(form: ExportForm, conference: Conference, own: frozenset[int] | None) -> Batch:
    given = form.cleaned_data
    units = collect_units(
        entries=entries(conference=conference, workshops=own),
        source_language=given["source"],
        target_language=given["target"],
        which=Which(given["which"]),
        groups=form.groups,
    )
    name = "-".join(part for part in ("koprue", form.only_slug) if part)
    return Batch(name=name, source_language=given["source"], target_language=given["target"], units=units)


def _attachment(batch: Batch, file_format: str) -> HttpResponse:
    """Raises DraftFileError where a text fits no cell."""
    is_sheet = file_format == "xlsx"
    content = write_sheet(batch) if is_sheet else write_xliff(batch)
    languages = f"{batch.source_language}-{batch.target_language}"
    name = (
        f"{slugify(batch.name)}-{languages}-{timezone.localdate():%Y-%m-%d}.{'xlsx' if is_sheet else 'xlf'}"
    )
    return HttpResponse(
        content,
        content_type=_XLSX if is_sheet else _XLIFF,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _preview(request: HttpRequest, model_admin: ScopedAdmin, conference: Conference) -> HttpResponse:
    """Raises DraftFileError."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, model_admin, conference, upload=form)
    found = preview_import(
        conference=conference,
        returned=read_in_child(data=form.cleaned_data["file"].read()),
        workshops=workshops_of(request, conference),
    )
    shown = shown_preview(preview=found, owner=_owner(request, conference))
    title = gettext("What the file would change")
    return _answer(request, model_admin, conference, "_preview", {"shown": shown, "title": title})


def _apply(request: HttpRequest, model_admin: ScopedAdmin, conference: Conference) -> HttpResponse:
    """Raises DraftFileError."""
    chosen = unpack(
        packed=request.POST["packed"],
        numbers=request.POST.getlist("row"),
        owner=_owner(request, conference),
    )
    user: Any = request.user
    workshops = workshops_of(request, conference)
    applied = apply_import(conference=conference, chosen=chosen, by=user, workshops=workshops)
    if applied.saved:
        facts = {"count": len(applied.saved), "language": OWN_NAMES[applied.saved[0].language]}
        said = _("Translations of an office taken over: %(count)d (%(language)s).")
        model_admin.log_change(request, conference, (said, facts))
    shown = shown_result(applied=applied, entries=entries(conference=conference, workshops=workshops))
    title = gettext("What was taken over")
    return _answer(request, model_admin, conference, "_result", {"shown": shown, "title": title})


def _owner(request: HttpRequest, conference: Conference) -> str:
    return f"{request.user.pk}.{conference.pk}"
