"""The account of an organiser; participants have none."""

from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Signs in with the e-mail address; the user name is Django's own and never shown."""

    email = models.EmailField(_("e-mail address"), unique=True)

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class SecondFactor(Authenticator):  # type: ignore[misc]
    """allauth's own name for it cannot be translated."""

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")


class AuditEntry(LogEntry):  # type: ignore[misc]
    """Who did what, as django-auditlog keeps it; named in the organisers' words."""

    class Meta:
        proxy = True
        verbose_name = _("recorded change")
        verbose_name_plural = _("recorded changes")
        ordering = ["-timestamp", "-pk"]

    def __str__(self) -> str:
        return str(self.object_repr)
