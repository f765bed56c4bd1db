from __future__ import annotations

from django.utils.translation import gettext_noop as _

from workshops.domain.translations.exchange.errors import ExchangeFileError
from workshops.domain.translations.exchange.sheet import read_sheet
from workshops.domain.translations.exchange.values import Returned
from workshops.domain.translations.exchange.xliff import read_xliff

LARGEST = 5_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_workbook(data: bytes) -> bool:
    return len(data) <= LARGEST and data.startswith(b"PK")


def read_returned(*, data: bytes, remark_heads: frozenset[str] | None = None) -> Returned:
    """What an office sent back, by what the file is and not by what it is called. Raises DraftFileError.

    `remark_heads` as `read_sheet` takes them.
    """
    if len(data) > LARGEST:
        raise too_large(len(data))
    if not data.strip():
        raise ExchangeFileError(_("The file is empty."))
    if data.startswith(_OLE):
        raise ExchangeFileError(
            _(
                "The file is protected with a password, or in an old format. "
                "Please save it without a password as .xlsx."
            )
        )
    returned = read_sheet(data, heads=remark_heads) if is_workbook(data) else read_xliff(data)
    if not returned.rows:
        raise ExchangeFileError(_("There is no translation in this file."))
    return returned


def too_large(size: int) -> ExchangeFileError:
    return ExchangeFileError(
        _("The file has %(size)d MB; at most %(largest)d MB can be read. Please send it in parts."),
        size=-(-size // 1_000_000),
        largest=LARGEST // 1_000_000,
    )
