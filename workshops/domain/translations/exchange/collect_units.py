from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext

from workshops.domain.translations.exchange.values import Unit, Which, portable
from workshops.domain.translations.values import OPEN, Entry, State

_STATES = {Which.MISSING: (State.MISSING,), Which.OPEN: OPEN, Which.ALL: tuple(State)}


def collect_units(
    *,
    entries: Iterable[Entry],
    source_language: str,
    target_language: str,
    which: Which,
    groups: Collection[int | None] | None = None,
) -> tuple[Unit, ...]:
    """The texts to translate; none without a source text in that language.

    `groups` are the primary keys of workshops, and None for the texts workshops share; without any, all texts.
    """
    return tuple(
        _unit(entry, source_language, target_language)
        for entry in entries
        if (not groups or entry.workshop_id in groups)
        and entry.state[target_language] in _STATES[which]
        and portable(entry.texts[source_language]).strip()
    )


def _unit(entry: Entry, source_language: str, target_language: str) -> Unit:
    return Unit(
        key=entry.key,
        context=portable(" · ".join(part for part in (entry.context, entry.label) if part)),
        hints=tuple(_hints(entry)),
        source=portable(entry.texts[source_language]),
        target=portable(entry.texts[target_language]),
        state=entry.state[target_language],
        source_digest=entry.digests[source_language],
        target_digest=entry.digests[target_language],
        max_length=entry.max_length,
    )


def _hints(entry: Entry) -> Iterable[str]:
    if entry.max_length is not None:
        yield gettext("At most %(count)d characters.") % {"count": entry.max_length}
    if not entry.is_multiline:
        yield gettext("One line.")
    if entry.is_markdown:
        yield gettext("Markdown: keep **, lists and links as they are; the addresses in links stay the same.")
