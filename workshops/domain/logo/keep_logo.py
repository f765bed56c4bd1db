from __future__ import annotations

import hashlib

from workshops.domain.logo.check_logo import Checked
from workshops.models import Conference, Logo


def keep_logo(*, conference: Conference, file_name: str, checked: Checked) -> Logo:
    """In place of the one there was."""
    logo, _is_new = Logo.objects.update_or_create(
        conference=conference,
        defaults={
            "file_name": file_name[:200],
            "content_type": checked.content_type,
            "data": checked.data,
            "digest": hashlib.sha256(checked.data).hexdigest(),
        },
    )
    return logo


def remove_logo(*, conference: Conference) -> None:
    """Row by row, so that the log of changes knows of it."""
    for logo in Logo.objects.filter(conference=conference):
        logo.delete()
