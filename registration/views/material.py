from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from conference.errors import too_many_requests
from registration.own_material import FOR_PARTICIPANTS, admitted_workshops
from registration.throttle import count
from registration.views.visit import Visit, participants_page
from workshops.domain.material import find_file
from workshops.views.material import file_answer

TIMES, SECONDS = 120, 600


@require_safe
@participants_page
def own_material(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """For whoever is confirmed for the workshop, at this moment; to others the file looks like none."""
    if count("material", str(visit.participant.pk), seconds=SECONDS) > TIMES:
        return too_many_requests(request, seconds=SECONDS)
    workshops = admitted_workshops(registrations=visit.participant.registrations.all())
    material = find_file(pk=pk, programme=visit.programme, audiences=FOR_PARTICIPANTS, workshops=workshops)
    if material is None:
        raise Http404
    return file_answer(request, material)
