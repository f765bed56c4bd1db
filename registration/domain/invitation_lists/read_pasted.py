from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.person import person_of, pieces
from registration.domain.invitation_lists.read_csv import rows_of_text
from registration.domain.invitation_lists.read_table import has_head, read_table
from registration.domain.invitation_lists.values import MOST_ROWS, Given, GivenRow


def read_pasted(*, text: str) -> Given:
    """Addresses one a line or with commas between them, with or without names; or a table copied from a spreadsheet.

    Raises UnreadableList.
    """
    if "@" not in text and not text.strip():
        raise UnreadableList(_("Enter at least one address."))
    rows = rows_of_text(text)
    if has_head(rows):
        return read_table(rows)
    if "\t" in text:
        return read_table(rows_of_text(text, separator="\t"))
    found = tuple(_people(text))
    if len(found) > MOST_ROWS:
        raise UnreadableList(
            _("At most %(most)s rows can be read at once.")
            % {"most": number_format(MOST_ROWS, force_grouping=True)}
        )
    return Given(found)


def _people(text: str) -> Iterator[GivenRow]:
    for number, line in enumerate(text.splitlines(), 1):
        for piece in pieces(line):
            yield person_of(number, piece, piece, {})
