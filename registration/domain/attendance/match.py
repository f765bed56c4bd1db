from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from registration.domain.access_codes.upload import digests_of
from registration.domain.access_known import ADMITTED
from registration.domain.attendance.read_report import Visit
from registration.domain.attendance.spans import Presence, Span, Stay, presence_of
from registration.domain.certificates.rule import schedule_of
from registration.models import AccessCode, Registration
from workshops.models import WorkshopDay
from workshops.names import fold


class How(StrEnum):
    """By what somebody of a report was found among those registered."""

    EMAIL = "email"
    CODE = "code"
    NAME = "name"
    NOT = "not"


@dataclass(slots=True)
class Found:
    """One person of a report with all their stays; `registration` is None where they were not found.

    Found by NAME is a suggestion: two people may have one name.
    """

    name: str
    email: str
    how: How
    registration: Registration | None
    stays: list[Stay] = field(default_factory=list)

    def presence(self, within: Span | None) -> Presence:
        return presence_of(self.stays, within=within)


def match_report(*, day: WorkshopDay, visits: Iterable[Visit]) -> list[Found]:
    """Everybody of the report once, in its order; the same person found in two ways stands there twice."""
    known = _Known(day)
    people: dict[tuple[How, object], Found] = {}
    for visit in visits:
        how, registration = known.find(visit)
        key = registration.pk if registration else visit.email or fold(visit.name)
        found = people.setdefault((how, key), Found(visit.name, visit.email, how, registration))
        found.stays.append(visit.stay)
    return list(people.values())


def span_of(day: WorkshopDay) -> Span | None:
    return schedule_of(day.workshop).get(day.pk)


class _Known:
    def __init__(self, day: WorkshopDay) -> None:
        rows = Registration.objects.filter(ADMITTED, workshop=day.workshop_id).select_related("participant")
        by_key = {row.pk: row for row in rows}
        self.by_email = {row.participant.email: row for row in by_key.values()}
        codes = AccessCode.objects.filter(day=day, registration__in=by_key)
        self.by_digest = {
            digest: by_key[key]
            for digest, key in codes.values_list("digest", "registration")
            if key is not None
        }
        names = defaultdict(list)
        for row in by_key.values():
            names[fold(row.participant.full_name)].append(row)
        # Two people of the same name: neither is suggested.
        self.by_name = {name: rows[0] for name, rows in names.items() if name and len(rows) == 1}

    def find(self, visit: Visit) -> tuple[How, Registration | None]:
        if (found := self.by_email.get(visit.email)) is not None:
            return How.EMAIL, found
        if visit.code and (found := self._by_code(visit.code)) is not None:
            return How.CODE, found
        if (found := self.by_name.get(fold(_without_brackets(visit.name)))) is not None:
            return How.NAME, found
        return How.NOT, None

    def _by_code(self, code: str) -> Registration | None:
        return next((self.by_digest[each] for each in digests_of(code) if each in self.by_digest), None)


def _without_brackets(name: str) -> str:
    """Zoom writes "Ada (Ada Yılmaz)" where somebody changed their name: the first is the one they chose."""
    return name.partition("(")[0].strip() or name


def by_registration(found: Sequence[Found]) -> dict[int, list[Stay]]:
    """All the stays of each person, however they were found."""
    stays: dict[int, list[Stay]] = defaultdict(list)
    for person in found:
        if person.registration is not None:
            stays[person.registration.pk] += person.stays
    return dict(stays)
