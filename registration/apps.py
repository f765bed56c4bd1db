from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Registration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from registration import signals  # noqa: F401, PLC0415 (models exist only now)
        from registration.domain import checks  # noqa: F401, PLC0415 (joins the check of the programme)
        from registration.domain.figures.programme_state import watch_programme  # noqa: PLC0415

        watch_programme()
