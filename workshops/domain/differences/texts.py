"""Which texts were written anew, and which were merely translated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workshops.domain.differences.values import Code, Difference
from workshops.languages import CODES, Text

_TITLES = {Code.WORKSHOP_RENAMED, Code.SESSION_RENAMED}


def changed_texts(before: Any, after: Any, fields: Sequence[str]) -> Iterator[Difference]:
    """One difference for all texts of an object that say something else, one for those newly translated."""
    changed = [field for field in fields if getattr(before, field) != getattr(after, field)]
    added = [field for field in changed if is_translation(getattr(before, field), getattr(after, field))]
    for names in ([field for field in changed if field not in added], added):
        if names:
            old, new = ({name: getattr(entry, name) for name in names} for entry in (before, after))
            languages = tuple(code for code in CODES if any(old[n][code] != new[n][code] for n in names))
            yield Difference(
                Code.TEXT_CHANGED, before=old, after=new, fields=tuple(names), languages=languages
            )


def is_translation(before: Text, after: Text) -> bool:
    """Nothing else than that a language was added to a text there was."""
    changed = [code for code in CODES if before[code] != after[code]]
    return any(before.values()) and bool(changed) and not any(before[code] for code in changed)


def without_translations(found: Sequence[Difference]) -> Iterator[Difference]:
    """A translated workshop is said once, at the end of the workshop's own facts, not text by text."""
    translated = [difference for difference in found if _translations(difference)]
    if translated:
        languages = {code for difference in translated for code in _languages(difference)}
        yield Difference(
            Code.TRANSLATED,
            workshop=translated[0].workshop,
            languages=tuple(code for code in CODES if code in languages),
            amount=sum(_translations(difference) for difference in translated),
        )
    yield from (difference for difference in found if not _translations(difference))


def _translations(difference: Difference) -> int:
    """How many texts of it were translated; 0 where they say something else."""
    if difference.code in _TITLES:
        return int(is_translation(difference.before, difference.after))
    if difference.code is Code.TEXT_CHANGED:
        both = ((difference.before[name], difference.after[name]) for name in difference.fields)
        return len(difference.fields) if all(is_translation(*pair) for pair in both) else 0
    return 0


def _languages(difference: Difference) -> Sequence[str]:
    if difference.code in _TITLES:
        return [code for code in CODES if difference.before[code] != difference.after[code]]
    return difference.languages
