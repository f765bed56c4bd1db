from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from registration.admin.deciding import DecidingAdmin
from registration.admin.deciding_filters import (
    LanguageFilter,
    LinkedHeldFilter,
    LinkedOrganisationFilter,
    LinkedStandingFilter,
    SinceFilter,
)
from registration.admin.filters import AdmittedFilter, OfferedFilter, ParticipantCountryFilter
from registration.admin.registration_rows import RegistrationRows
from registration.models import Registration
from workshops.admin.base import ScopedRelatedFilter


@admin.register(Registration)
class RegistrationAdmin(RegistrationRows):
    list_filter = (
        ("workshop", ScopedRelatedFilter),
        "status",
        "role",
        AdmittedFilter,
        OfferedFilter,
        ParticipantCountryFilter,
        LanguageFilter,
        SinceFilter,
        LinkedOrganisationFilter,
        LinkedHeldFilter,
        LinkedStandingFilter,
    )

    def get_urls(self) -> list[URLPattern]:
        deciding = DecidingAdmin(Registration, self.admin_site)
        step = self.admin_site.admin_view(deciding.step_view)
        return [
            path(
                "deciding/",
                self.admin_site.admin_view(deciding.changelist_view),
                name="registration_registration_deciding",
            ),
            path("deciding/step/<str:name>/", step, name="registration_registration_deciding_step"),
            *super().get_urls(),
        ]
