from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    name = "conference"
    label = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Makes our Celery application the one that shared_task binds to, in every process.
        from conference import celery, former_addresses, heartbeat, sign_ins  # noqa: F401, PLC0415
        from conference.audited import start_recording  # noqa: PLC0415
        from conference.prepared import ready_to_prepare  # noqa: PLC0415

        start_recording()
        connection_created.connect(ready_to_prepare)
