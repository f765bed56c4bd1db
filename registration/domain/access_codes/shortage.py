"""How many codes there are for how many people."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, Greatest

from registration.models import AccessCode, AccessDetails, Registration


def with_codes_counted(details: QuerySet[AccessDetails]) -> QuerySet[AccessDetails]:
    """Each with `codes_given`, `codes_free`, `without_code` and `codes_short`: people for whom no code is left."""
    codes = AccessCode.objects.filter(day=OuterRef("day"), role=OuterRef("role"))
    meant_for_somebody = _without_code(workshop="day__workshop").filter(participant__email=OuterRef("email"))
    free = codes.filter(assigned_at__isnull=True)
    of_use = free.filter(Q(email="") | Exists(meant_for_somebody))
    return details.annotate(
        codes_given=_count(codes.filter(assigned_at__isnull=False)),
        codes_free=_count(free),
        without_code=_count(_without_code(workshop="day__workshop")),
    ).annotate(codes_short=Greatest(F("without_code") - _count(of_use), 0))


def short_of_codes(details: QuerySet[AccessDetails]) -> QuerySet[AccessDetails]:
    counted: QuerySet[Any] = with_codes_counted(details.filter(personal_codes=True))
    return counted.filter(codes_short__gt=0)


def _without_code(*, workshop: str) -> QuerySet[Registration]:
    """For rows with a day and a role: the people admitted who hold no code."""
    wanted = ExpressionWrapper(OuterRef("role"), output_field=CharField())
    rows = Registration.objects.filter(workshop=OuterRef(workshop)).annotate(wanted=wanted)
    admitted = Q(status=Registration.Status.CONFIRMED, role=F("wanted")) | Q(
        listens_meanwhile=True, wanted=Registration.Role.LISTENER
    )
    held = AccessCode.objects.filter(
        registration=OuterRef("pk"), day=OuterRef(OuterRef("day")), role=OuterRef(OuterRef("role"))
    )
    return rows.filter(admitted).exclude(Exists(held))


def _count(rows: QuerySet[AccessCode] | QuerySet[Registration]) -> Coalesce:
    key = "workshop" if rows.model is Registration else "day"
    counted = rows.order_by().values(key).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
