from __future__ import annotations

from django.utils.translation import gettext_noop as _

from workshops.domain.translations.exchange.errors import ExchangeFileError
from workshops.languages import CODES


def language_of(tag: str | None) -> str:
    """The language of a tag as programs write them: "tr" of "tr-TR", "TR" and "tr_TR"."""
    return (tag or "").strip().replace("_", "-").partition("-")[0].lower()


def checked_languages(source: str | None, target: str | None) -> tuple[str, str]:
    """Both languages, where they are ours and differ. Raises ExchangeFileError."""
    found = language_of(source), language_of(target)
    if not all(found):
        raise ExchangeFileError(_("The file does not say from which language into which one it translates."))
    for code in found:
        if code not in CODES:
            raise ExchangeFileError(
                _("The file holds texts in a language that this programme does not have: “%(code)s”."),
                code=code[:20],
            )
    if found[0] == found[1]:
        raise ExchangeFileError(_("The file names the same language for source and translation."))
    return found
