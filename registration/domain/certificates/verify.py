from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from registration.domain.certificates.facts import Certified, certified
from registration.domain.certificates.seal import is_sealed, parts_of
from registration.models import Certificate


class Verdict(Enum):
    """What is said about a code: nothing tells a forged seal from a number that never was."""

    GENUINE = "genuine"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    FORGOTTEN = "forgotten"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """`facts` are what stands on the paper: whoever has the whole code has the paper."""

    verdict: Verdict
    number: str = ""
    facts: Certified | None = None


def verify_certificate(*, code: str) -> Verification:
    """FORGOTTEN: we issued it, and what stood on it has been erased since. What took its place is not told."""
    parts = parts_of(code)
    if parts is None:
        return Verification(Verdict.UNKNOWN)
    number, seal = parts
    certificate = Certificate.objects.filter(number=number).first()
    if not is_sealed(number=number, seal=seal, seals=certificate.seals if certificate else None):
        return Verification(Verdict.UNKNOWN)
    if certificate is None:
        return Verification(Verdict.FORGOTTEN, number)
    if certificate.replaced_at is not None:
        return Verification(Verdict.REPLACED, number)
    if certificate.revoked_at is not None:
        return Verification(Verdict.WITHDRAWN, number)
    return Verification(Verdict.GENUINE, number, certified(facts=certificate.facts))
