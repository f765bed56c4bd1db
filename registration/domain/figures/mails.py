from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count

from registration.models import Message


def count_failed_mails(*, workshops: Iterable[int]) -> Counter[int]:
    """By workshop: mails about registrations for it, and invitations to it; one to several workshops counts in each."""
    wanted = set(workshops)
    rows = (
        Message.objects.filter(status=Message.Status.FAILED)
        .order_by()
        .values_list("registration__workshop", "invitation__workshops")
        .annotate(count=Count("pk"))
    )
    found: Counter[int] = Counter()
    for registered, invited, count in rows:
        for workshop in wanted & {registered, invited}:
            found[workshop] += count
    return found
