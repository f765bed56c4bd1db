"""N.N.: when an appearance without a speaker stands for somebody yet to be named."""

from __future__ import annotations

_APPEAR_AS_SUCH = {"provider", "company"}


def is_unnamed(*, has_speaker: bool, organisation_kind: str) -> bool:
    """A city or ministry will send somebody; a platform's provider or a moderating firm appears as such."""
    return not has_speaker and organisation_kind not in _APPEAR_AS_SUCH
