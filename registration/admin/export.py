"""Lists of people as a spreadsheet, of the rows that are chosen; who took how many is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from auditlog.models import LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst, slugify
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from conference.portions import in_portions
from conference.spreadsheet import Cell, csv_lines, xlsx_file
from registration.admin.addresses import sees_addresses
from workshops.admin.base import ScopedAdmin
from workshops.languages import OWN_NAMES
from workshops.models import Conference

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file; a `moment` becomes two, one for each clock."""

    label: str | Promise
    value: Callable[[Any], Any]
    moment: bool = False


_PERSON: tuple[tuple[str | Promise, Callable[[Any], Any]], ...] = (
    (_("first name"), lambda person: person.first_name),
    (_("last name"), lambda person: person.last_name),
    (_("organisation"), lambda person: person.organisation),
    (_("position"), lambda person: person.position),
    (_("city"), lambda person: person.city),
    (_("country"), lambda person: person.country.name),
    (_("e-mail address"), lambda person: person.email),
    (_("language"), lambda person: OWN_NAMES.get(person.language, "")),
)
PARTICIPANT_COLUMNS = (
    *(Column(label, value) for label, value in _PERSON),
    Column(_("known since"), lambda person: person.created_at, moment=True),
)


def _of_participant(value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda registration: value(registration.participant)


REGISTRATION_COLUMNS = (
    Column(_("workshop"), lambda row: row.workshop),
    Column(_("role"), lambda row: row.get_role_display()),
    Column(_("status"), lambda row: row.get_status_display()),
    Column(_("listens meanwhile"), lambda row: gettext("yes") if row.listens_meanwhile else ""),
    Column(_("number on the waiting list"), lambda row: getattr(row, "waiting_place", 0) or None),
    *(Column(label, _of_participant(value)) for label, value in _PERSON),
    Column(_("registered"), lambda row: row.created_at, moment=True),
    Column(_("decided"), lambda row: row.decided_at, moment=True),
    Column(_("place offered until"), lambda row: row.offered_until, moment=True),
)


class ExportAdmin(ScopedAdmin):
    """Adds the two kinds of file to a list's actions. `exported_from` leads from a row to the object in whose name
    it is recorded: a workshop or a conference; `to_conference` on to the clocks.
    """

    columns: Sequence[Column] = ()
    exported_from = "conference"
    to_conference = "conference"
    # What the columns read of other tables.
    exported_with: Sequence[str] = ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if IS_POPUP_VAR in request.GET or not sees_addresses(request):
            return actions
        return actions | {
            "export_xlsx": (_as_xlsx, "export_xlsx", _("Export as a spreadsheet (Excel, XLSX)")),
            "export_csv": (_as_csv, "export_csv", _("Export as a text file (CSV)")),
        }

    def export(self, rows: QuerySet[Any], kind: str) -> HttpResponseBase:
        self._record(rows, kind)
        name = f"{slugify(str(self.opts.verbose_name_plural))}-{timezone.localdate():%Y-%m-%d}.{kind}"
        conferences = self._conferences(rows)
        heading = [capfirst(label) for label in self._heading(conferences)]
        cells = self._cells(rows, conferences)
        if kind == "xlsx":
            return FileResponse(
                xlsx_file(heading, cells), as_attachment=True, filename=name, content_type=XLSX
            )
        return StreamingHttpResponse(
            csv_lines(heading, cells),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _record(self, rows: QuerySet[Any], kind: str) -> None:
        """One entry for each workshop, so that each one's team reads its own."""
        owner: Any = self.opts.get_field(self.exported_from).related_model
        counts = rows.order_by().values_list(self.exported_from).annotate(count=Count("pk", distinct=True))
        by_key = dict(counts)
        for obj in owner._default_manager.filter(pk__in=by_key):
            export = {"model": self.opts.label, "format": kind, "rows": by_key[obj.pk]}
            LogEntry.objects.log_create(
                obj,
                force_log=True,
                action=LogEntry.Action.ACCESS,
                additional_data={**obj.get_additional_data(), "export": export},
            )

    def _conferences(self, rows: QuerySet[Any]) -> dict[int, Conference]:
        keys = rows.order_by().values_list(self.to_conference, flat=True).distinct()
        return Conference.objects.in_bulk(set(keys))

    def _heading(self, conferences: dict[int, Conference]) -> Iterator[str]:
        """The hosts' own words for the two clocks, where all rows are of one conference."""
        clocks = [gettext("home clock"), gettext("partner’s clock")]
        if len(conferences) == 1:
            clocks = [zone.label for zone in next(iter(conferences.values())).zones]
        for column in self.columns:
            if column.moment:
                yield from (f"{column.label} ({clock})" for clock in clocks)
            else:
                yield str(column.label)

    def _cells(self, rows: QuerySet[Any], conferences: dict[int, Conference]) -> Iterator[list[Cell]]:
        language = get_language() or "en"
        # Not joined: every row would bring all texts of its workshop and conference along.
        light = rows.select_related(None).prefetch_related(*self.exported_with)
        for portion in in_portions(light):
            # The file is still being written when the request's own language is no longer set.
            with override(language):
                lines = [
                    list(self._row(row, conferences[_follow(row, f"{self.to_conference}_id")]))
                    for row in portion
                ]
            yield from lines

    def _row(self, row: Any, conference: Conference) -> Iterator[Cell]:
        for column in self.columns:
            value = column.value(row)
            if column.moment:
                yield from (_wall_clock(value, zone.name) for zone in conference.zones)
            else:
                yield value if isinstance(value, int) or value is None else str(value)


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _wall_clock(moment: dt.datetime | None, zone: str) -> dt.datetime | None:
    """As the clock showed it; a spreadsheet knows no zones."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0) if moment else None


def _as_xlsx(modeladmin: ExportAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase:
    return modeladmin.export(queryset, "xlsx")


def _as_csv(modeladmin: ExportAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase:
    return modeladmin.export(queryset, "csv")
