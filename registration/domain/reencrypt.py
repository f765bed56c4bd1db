from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Model, TextField, Value
from django.db.models.functions import Cast

from conference.encryption import UnreadableSecret, encrypt, is_encrypted, with_newest_key
from registration.models import AccessDetails

BATCH = 200
Mend = Callable[[Any], bool]


@dataclass
class Reencrypted:
    """Rows looked at, rows encrypted anew, and by number those that no key opens."""

    rows: int = 0
    changed: int = 0
    unreadable: list[str] = field(default_factory=list)


def reencrypt_secrets() -> Reencrypted:
    """Encrypts all access details and second factors with the newest key of FIELD_KEYS; afterwards the others open
    nothing any more and can be dropped, unless a row is reported as unreadable.

    Each batch is one transaction that holds its rows, so that nobody's saving is overwritten. What the newest key
    made already is left alone: a second run, or one after an interruption, does only what is left.
    """
    report = Reencrypted()
    for model, mend in ((AccessDetails, _mend_details), (Authenticator, _mend_factor)):
        for batch in _batches(model):
            _reencrypt(model, batch, mend, report)
    return report


def _batches(model: type[Model]) -> Iterable[list[int]]:
    numbers = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    return [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]


def _reencrypt(model: type[Model], numbers: list[int], mend: Mend, report: Reencrypted) -> None:
    with transaction.atomic():
        rows = model._default_manager.filter(pk__in=numbers).order_by("pk")
        for row in rows.select_for_update(of=("self",), no_key=True).only("pk"):
            report.rows += 1
            try:
                report.changed += mend(row)
            except UnreadableSecret:
                report.unreadable.append(f"{model._meta.label} {row.pk}")


def _mend_details(row: AccessDetails) -> bool:
    """Reads and writes the columns as they are: the field itself would decrypt on the way."""
    raw = {f"raw_{name}": Cast(name, TextField()) for name in AccessDetails.SECRETS}
    table = AccessDetails.objects.filter(pk=row.pk)
    kept = table.annotate(**raw).values_list(*raw).get()
    new = [with_newest_key(value) for value in kept]
    if list(kept) == new:
        return False
    columns = zip(AccessDetails.SECRETS, new, strict=True)
    table.update(**{name: Value(value, TextField()) for name, value in columns})
    return True


def _mend_factor(row: Authenticator) -> bool:
    new = {name: _mended(name, value) for name, value in row.data.items()}
    if new == row.data:
        return False
    Authenticator.objects.filter(pk=row.pk).update(data=new)
    return True


def _mended(name: str, value: Any) -> Any:
    """allauth's names: a passkey's public key and the count of used codes are no secrets."""
    if name in {"secret", "seed"}:
        return with_newest_key(value) if is_encrypted(value) else encrypt(value)
    return [_mended("secret", code) for code in value] if name == "migrated_codes" else value
