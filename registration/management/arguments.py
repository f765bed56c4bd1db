"""What the commands share: finding what a name stands for, or one clear line and a non-zero exit."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.management import CommandError

from workshops.models import Conference, Workshop


def the_conference() -> Conference:
    """The conference on the site."""
    conference = Conference.objects.filter(is_current=True).first()
    if conference is None:
        raise CommandError("There is no conference yet; “manage.py load_demo” loads the demo.")
    return conference


def the_workshops(*, conference: Conference, slugs: Sequence[str]) -> list[Workshop]:
    """The workshops of these slugs, in that order, each once."""
    found = {workshop.slug: workshop for workshop in Workshop.objects.filter(conference=conference)}
    if unknown := [slug for slug in slugs if slug not in found]:
        raise CommandError(f"Unknown workshop: {', '.join(unknown)}. There are: {', '.join(sorted(found))}.")
    return [found[slug] for slug in dict.fromkeys(slugs)]
