from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from workshops.domain.checks.finding import Finding, Place, Severity, in_each_language


def not_kept(write: Callable[[], str], *, line: int = 0) -> Finding:
    """Something of a draft that the programme cannot hold; `write` says it with gettext."""
    places = (
        (Place(in_each_language(lambda: _("Line %(line)d") % {"line": line}), line=line),) if line else ()
    )
    return Finding("cannot-be-kept", Severity.ERROR, in_each_language(write), places)
