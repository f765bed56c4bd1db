from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workshops.domain.checks import agenda, dates, links, people, taking_part, texts
from workshops.domain.checks.finding import Finding, by_severity
from workshops.domain.checks.look import Check, Look, Placed
from workshops.domain.programme import Programme

OF_DRAFTS: tuple[Check, ...] = (
    agenda.agenda_fits_day,
    agenda.parts_fit_parent,
    people.person_in_one_place,
    dates.host_in_one_place,
    dates.day_in_conference,
    dates.time_known,
    dates.workshop_has_days,
    dates.day_has_sessions,
    dates.sessions_have_durations,
    people.speakers_named,
    texts.translations_there,
    texts.translations_differ,
    links.links_lead_somewhere,
    taking_part.registration_closes_in_time,
    taking_part.platform_holds_everybody,
)
"""What a programme that was just read from a draft can be asked as well."""

CHECKS: tuple[Check, ...] = (
    *OF_DRAFTS,
    people.people_spelled_in_one_way,
    taking_part.platforms_have_instructions,
)


def check_programme(
    *,
    programme: Programme,
    at: dt.datetime,
    limits: Mapping[str, int] | None = None,
    unused: tuple[Placed, ...] = (),
    checks: tuple[Check, ...] = CHECKS,
) -> list[Finding]:
    """All findings at the moment `at` (aware), the worst first.

    `limits`: how many people the platform of a name admits; `unused`: see Look.
    """
    look = Look(programme, at, limits or {}, unused)
    return by_severity(finding for check in checks for finding in check(look))
