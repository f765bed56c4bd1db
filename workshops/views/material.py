"""Files that go with sessions: sent to be saved, never to be shown as a page of this site."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from conference.public_bytes.answers import CACHE_CONTROL
from workshops.domain.material import find_file
from workshops.domain.release import NothingReleasedError, released_programme
from workshops.models import Material

# Should a browser open it all the same: without scripts, without a way to anywhere.
_POLICY = "sandbox; default-src 'none'"


@require_safe
def material_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What is for everybody, of a session that the release has; all else looks like nothing at all."""
    try:
        programme = released_programme()
    except NothingReleasedError:
        raise Http404 from None
    material = find_file(pk=pk, programme=programme, audiences=[Material.Audience.EVERYBODY])
    if material is None:
        raise Http404
    response = file_answer(request, material)
    # Not a condition that failed: no other reader has set it.
    if response.status_code != HTTPStatus.PRECONDITION_FAILED:
        response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def file_answer(request: HttpRequest, material: Material) -> HttpResponse:
    """The file is read only where the browser does not have it yet."""
    tag = quote_etag(material.digest[:32])
    if (known := get_conditional_response(request, etag=tag)) is not None:
        known.headers["ETag"] = tag
        return known
    head = request.method == "HEAD"
    disposition = content_disposition_header(as_attachment=True, filename=material.file_name)
    headers = {
        "Content-Disposition": disposition or "attachment",
        "Content-Length": str(material.size),
        "Content-Security-Policy": _POLICY,
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
    }
    data = b"" if head else bytes(material.data or b"")
    return HttpResponse(data, content_type=material.content_type, headers=headers)
