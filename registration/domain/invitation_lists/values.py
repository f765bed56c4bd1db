"""What was given, as plain values, before it is looked up and kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

MOST_ROWS = 20_000
# Kept of what was given in a row, to be recognised again.
LONGEST_TYPED = 500

# Reasons, translated where they are shown; `value` is what stands in them.
NOT_AN_ADDRESS = gettext_noop("“%(value)s” is not an e-mail address.")
NO_ADDRESS = gettext_noop("There is no e-mail address in this row.")
UNKNOWN_LANGUAGE = gettext_noop("The language “%(value)s” is not known here: write de, tr or en.")
UNKNOWN_WORKSHOP = gettext_noop("“%(value)s” is none of your workshops in this conference.")
NO_WORKSHOP = gettext_noop("No workshop is chosen, neither in this row nor for the list.")
NAMED_BEFORE = gettext_noop("This address stands in row %(value)s already.")
ADDED_THERE = gettext_noop(
    "This address stands in row %(value)s already; the workshops named here were added there."
)
PARTLY = gettext_noop(
    "Invited to or registered for some of these workshops already; is invited to the others."
)


@dataclass(frozen=True, slots=True)
class GivenRow:
    """One person as given. `email` is normalised, empty where `problem` says why there is none.

    `workshops` are words as they stand there: numbers, titles, short names.
    """

    line: int
    typed: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    organisation: str = ""
    language: str = ""
    workshops: tuple[str, ...] = ()
    problem: str = ""
    problem_value: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """`unread` are titles of columns nobody understood, `other_sheets` the sheets that were left alone."""

    rows: tuple[GivenRow, ...]
    columns: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = field(default=())

    @property
    def names_workshops(self) -> bool:
        return any(row.workshops for row in self.rows)
