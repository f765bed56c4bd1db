from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from conference.encryption import UnreadableSecret, encrypt, is_encrypted, with_newest_key
from registration.models import AccessCode, AccessDetails, Document

BATCH = 200
Mend = Callable[[Any], bool]


@dataclass
class Reencrypted:
    """Rows looked at, rows encrypted anew, and by number those that no key opens."""

    rows: int = 0
    changed: int = 0
    unreadable: list[str] = field(default_factory=list)


def reencrypt_secrets() -> Reencrypted:
    """Encrypts all access details and codes, second factors and documents with the newest key of FIELD_KEYS.

    Afterwards the others open nothing any more and can be dropped, unless a row is reported as unreadable.

    Each batch is one transaction that holds its rows, so that nobody's saving is overwritten. What the newest key
    made already is left alone: a second run, or one after an interruption, does only what is left.
    """
    report = Reencrypted()
    for model, mend in (
        (AccessDetails, _mend_details),
        (AccessCode, _mend_code),
        (Authenticator, _mend_factor),
        (Document, _mend_document),
    ):
        for batch in _batches(model):
            _reencrypt(model, batch, mend, report)
    return report


def _batches(model: type[Model]) -> Iterable[list[Any]]:
    rows = model._default_manager.all()
    if model is Document:
        rows = rows.filter(file__isnull=False)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    return [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]


def _reencrypt(model: type[Model], numbers: list[Any], mend: Mend, report: Reencrypted) -> None:
    with transaction.atomic():
        rows = model._default_manager.filter(pk__in=numbers).order_by("pk")
        for row in rows.select_for_update(of=("self",), no_key=True).only("pk"):
            report.rows += 1
            try:
                report.changed += mend(row)
            except UnreadableSecret:
                report.unreadable.append(f"{model._meta.label} {row.pk}")


def _mend_details(row: AccessDetails) -> bool:
    return _mend_columns(AccessDetails.objects.filter(pk=row.pk), AccessDetails.SECRETS)


def _mend_code(row: AccessCode) -> bool:
    return _mend_columns(AccessCode.objects.filter(pk=row.pk), ("code",))


def _mend_columns(table: QuerySet[Any], names: Sequence[str]) -> bool:
    """Reads and writes the columns as they are: the field itself would decrypt on the way."""
    raw = {f"raw_{name}": Cast(name, TextField()) for name in names}
    kept = table.annotate(**raw).values_list(*raw).get()
    new = [with_newest_key(value) for value in kept]
    if list(kept) == new:
        return False
    columns = zip(names, new, strict=True)
    table.update(**{name: Value(value, TextField()) for name, value in columns})
    return True


def _mend_document(row: Document) -> bool:
    kept = bytes(Document.objects.values_list("file", flat=True).get(pk=row.pk) or b"").decode()
    new = with_newest_key(kept)
    if kept == new:
        return False
    Document.objects.filter(pk=row.pk).update(file=new.encode())
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
