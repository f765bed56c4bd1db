"""The privacy notice and the wording of the consent, with all earlier versions: public, without a session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from conference.public_bytes.views import for_everybody
from registration.models import PrivacyVersion
from workshops.domain.programme import Programme
from workshops.languages import text_of
from workshops.views.public import Context, public_page


@for_everybody
def privacy(request: HttpRequest) -> HttpResponse:
    newest = (
        PrivacyVersion.objects.filter(conference__is_current=True).values_list("pk", "published_at").first()
    )
    return public_page(request, "registration/privacy.html", _context, variant=f"privacy {newest}")


def _context(programme: Programme) -> Context:
    versions = [
        {
            "number": version.number,
            "published_at": version.published_at,
            "notice": text_of(version, "notice"),
            "consent": text_of(version, "consent"),
        }
        for version in PrivacyVersion.objects.filter(conference=programme.conference.id)
    ]
    return {"current": next(iter(versions), None), "earlier": versions[1:]}
