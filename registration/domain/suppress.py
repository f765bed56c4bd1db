"""Addresses that are not to be canvassed again, in one conference: who, why, and who may undo it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.utils.translation import gettext_lazy as _

from conference.kept_queries import KeptDelete, KeptQuery
from conference.query_slots import Slots, key, text
from registration.domain.addresses import normal_address
from registration.domain.errors import DomainError
from registration.domain.sealed import mac_of, secret_keys
from registration.domain.transitions import NotPossible
from registration.models import Suppression
from workshops.models import Conference

_Reason = Suppression.Reason
# The weakest first. A person's own word outweighs a bounce: that one an organiser may take back.
_STRENGTH = (_Reason.BOUNCED, _Reason.DECLINED, _Reason.UNSUBSCRIBED, _Reason.COMPLAINED)
ONLY_THE_PERSON = _("Only the person can undo this: with the link in the invitation, or by registering.")


class NotToBeWrittenTo(DomainError):  # noqa: N818 (named after what the person is told)
    """The owner of this address does not want to be written to, or nobody reads it."""

    def __init__(self, *, address: str, suppression: Suppression) -> None:
        self.suppression = suppression
        values = {"address": address, "reason": suppression.get_reason_display()}
        super().__init__(_("“%(address)s” is not to be invited: %(reason)s.") % values)


def suppress(*, conference: Conference, email: str, reason: str, note: str = "") -> Suppression:
    """Keeps that an address is not to be canvassed again; of several reasons the strongest one.

    `note` is what a mail provider said. Raises InvalidAddress.
    """
    address, reason = normal_address(email), _Reason(reason)
    with transaction.atomic():
        row, is_new = _locked_or_new(conference, address, reason, note)
        if not is_new and _STRENGTH.index(reason) > _STRENGTH.index(_Reason(row.reason)):
            row.reason, row.note = reason, note
            # After an erasure, or a change of the key, the address itself is known here again.
            row.email, row.digest = address, digest_of(address)
            row.save(update_fields=["reason", "note", "email", "digest"])
    return row


def lift_suppression(
    *, conference: Conference, email: str, reasons: Collection[str] = tuple(_Reason)
) -> bool:
    """The person wants to be written to again; True where an address was suppressed for one of `reasons`."""
    found = _rows_of(conference, normal_address(email)).filter(reason__in=reasons)
    return bool(found.delete()[0])


def lift_decline(*, conference_id: int, email: str) -> None:
    """Who declined an invitation comes after all."""
    address = normal_address(email)
    digests = {f"digest{place}": digest for place, digest in enumerate(_digests_of(address))}
    _lifting(len(digests)).later(conference=conference_id, email=address, **digests)


@cache
def _lifting(digests: int) -> KeptDelete:
    named = Q(email=text("email")) | Q(digest__in=[text(f"digest{place}") for place in range(digests)])
    declined = Suppression.objects.filter(conference=key("conference"), reason=_Reason.DECLINED)
    return KeptDelete(lambda: declined.filter(named).order_by())


def allow_again(*, suppression_id: int) -> Suppression:
    """An organiser knows that an address works after all. Raises NotPossible where a person said no themselves."""
    with transaction.atomic():
        row = Suppression.objects.select_for_update(no_key=True).filter(pk=suppression_id).first()
        if row is None:
            raise NotPossible(_("This address may be invited already."))
        if not row.is_organisers_to_lift:
            raise NotPossible(ONLY_THE_PERSON)
        row.delete()
    return row


def suppressed(*, conference: Conference, email: str) -> Suppression | None:
    """Why an address is not to be canvassed; None where it may be. Raises InvalidAddress."""
    return _rows_of(conference, normal_address(email)).first()


def suppressed_of(*, conference_id: int, emails: Collection[str]) -> dict[str, Suppression]:
    """Those of a few normalised addresses that are not to be canvassed, with one query however long the list is."""
    digests = {digest: address for address in emails for digest in _digests_of(address)}
    found: dict[str, Suppression] = {}
    for row in _rows_among(conference_id, emails, digests) if emails else ():
        found.setdefault(row.email if row.email in emails else digests[row.digest], row)
    return found


def _rows_among(
    conference_id: int, emails: Collection[str], digests: Collection[str]
) -> Iterable[Suppression]:
    """Few lengths occur, the powers of two, so that the statements can be kept."""
    length = 1 << (len(emails) - 1).bit_length()
    named, numbered, among = _among(length, len(secret_keys()))
    return among.all(conference=conference_id, **named.filled([*emails]), **numbered.filled([*digests]))


@cache
def _among(length: int, keys: int) -> tuple[Slots, Slots, KeptQuery[Suppression]]:
    emails = Slots("email", TextField(), most=length)
    digests = Slots("digest", TextField(), most=length * keys)
    named = Q(email__in=emails.places) | Q(digest__in=digests.places)
    return (
        emails,
        digests,
        KeptQuery(lambda: Suppression.objects.filter(named, conference=key("conference"))),
    )


def suppressed_among(*, conference: Conference, emails: Iterable[str]) -> dict[str, Suppression]:
    """Those of many normalised addresses that are not to be canvassed, with one query however many they are."""
    known = {key: row for row in Suppression.objects.filter(conference=conference) for key in _keys(row)}
    found = ((address, _first_known(known, address)) for address in emails)
    return {address: row for address, row in found if row is not None} if known else {}


def digest_of(address: str) -> str:
    """What is left of an address after an erasure; `address` is normalised."""
    return _digest(address, settings.SECRET_KEY)


def _digest(address: str, secret: str) -> str:
    return mac_of(purpose="suppression", seed=address, key=secret).hex()


def _digests_of(address: str) -> Iterator[str]:
    """Also under former keys: a change of the key must not make us write to those who said no."""
    return (_digest(address, secret) for secret in secret_keys())


def _rows_of(conference: Conference, address: str) -> QuerySet[Suppression]:
    named = Q(email=address) | Q(digest__in=list(_digests_of(address)))
    return Suppression.objects.filter(named, conference=conference)


def _locked_or_new(conference: Conference, address: str, reason: str, note: str) -> tuple[Suppression, bool]:
    rows = _rows_of(conference, address).select_for_update(no_key=True)
    if row := rows.first():
        return row, False
    row, is_new = Suppression.objects.get_or_create(
        conference=conference,
        digest=digest_of(address),
        defaults={"email": address, "reason": reason, "note": note},
    )
    # Written by somebody else at this moment: only the locked row is the one to compare with.
    return (row, True) if is_new else (rows.get(pk=row.pk), False)


def _keys(row: Suppression) -> set[str]:
    return {row.digest, row.email} - {""}


def _first_known(known: dict[str, Suppression], address: str) -> Suppression | None:
    keys = (address, *_digests_of(address))
    return next((known[key] for key in keys if key in known), None)
