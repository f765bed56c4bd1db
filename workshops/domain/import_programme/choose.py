from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from workshops.domain.import_programme.changes import Change, Step
from workshops.domain.import_programme.compare import Comparison
from workshops.domain.import_programme.errors import StaleChoiceError


def choose(*, comparison: Comparison, picked: Collection[str] | None) -> tuple[list[Step], list[Change]]:
    """The steps that were picked, with all they need, in their order; and what was not picked itself."""
    steps = {step.change.key: step for step in comparison.steps}
    keys = {k for k, step in steps.items() if step.change.by_default} if picked is None else set(picked)
    if keys - set(steps):
        raise StaleChoiceError(
            _(
                "The programme was changed in the meantime. Please look at the differences again and pick anew."
            )
        )
    if picked is None:
        keys = {key for key in keys if not steps[key].change.obstacle}
    needed = _with_needs(keys, steps)
    also = [step.change for key, step in steps.items() if key in needed - keys]
    return [step for key, step in steps.items() if key in needed], also


def _with_needs(keys: Collection[str], steps: dict[str, Step]) -> set[str]:
    needed: set[str] = set()
    left = list(keys)
    while left:
        key = left.pop()
        if key not in needed:
            needed.add(key)
            left.extend(steps[key].change.depends_on)
    return needed
