"""Every fact of the programme that public pages show, as it is now: see conference/public_bytes/stamp.py.

Whoever lets a page show something new that can change without a release names it here.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject

from workshops.languages import CODES
from workshops.models import Logo, Material, Release, Workshop, WorkshopDay

Facts = QuerySet[Any, Any]


def facts() -> list[Facts]:
    return [_release(), _workshops(), _material(), _logo()]


def as_fact(rows: Facts, *fields: str, **computed: Any) -> Facts:
    """Each row as one text, so that rows of any table can be read in one query."""
    columns = {name: F(name) for name in fields}
    fact = Cast(JSONObject(of=Value(rows.model._meta.label), **columns, **computed), TextField())
    facts: Facts = rows.order_by().annotate(fact=fact).values("fact")
    return facts


def _release() -> Facts:
    newest = Release.objects.filter(conference__is_current=True).order_by("-number").values("pk")[:1]
    return as_fact(Release.objects.filter(pk=Subquery(newest)), "pk", "number", "published_at")


def _workshops() -> Facts:
    """Whether the places are taken, not how many are: a page shows no more, and each registration is no news."""
    days = WorkshopDay.objects.filter(workshop=OuterRef("pk")).order_by("-date").values("date")[:1]
    return as_fact(
        Workshop.objects.filter(conference__is_current=True),
        "slug",
        "admission",
        "confirmation",
        "registration_opens_at",
        "registration_closes_at",
        "conference__home_zone",
        last_day=Subquery(days),
        is_full=Q(capacity_active__isnull=False, taken_active__gte=F("capacity_active")),
    )


def _material() -> Facts:
    rows = Material.objects.filter(session__day__workshop__conference__is_current=True)
    return as_fact(
        rows.exclude(audience=Material.Audience.ORGANISERS),
        "pk",
        "session",
        "position",
        "audience",
        "kind",
        "title",
        "language",
        "url",
        "content_type",
        "size",
        "digest",
    )


def _logo() -> Facts:
    shown = [f"conference__logo_alt_{code}" for code in CODES]
    return as_fact(Logo.objects.filter(conference__is_current=True), "digest", *shown)
