"""Organisers' accounts, what they look after, and their second factors: for the operator only."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conference.models import SecondFactor
from workshops.admin.base import KoprueForm, ScopedAdmin
from workshops.admin.inlines import ScopedTabular
from workshops.domain.scope import Area, Right
from workshops.models import Membership

User = get_user_model()


class OrganiserForm(KoprueForm):
    """An account is known by its address; the password is set through the mail of “forgotten password”."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "is_active", "is_superuser")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is an account with this address already."))
        return email

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None:
            self.instance.username = uuid.uuid4().hex
            self.instance.is_staff = True
            self.instance.set_unusable_password()
        return super().save(commit)


class MembershipInline(ScopedTabular):
    model = Membership
    fields = ("conference", "workshop", "role", "daily_overview", "language")


@admin.register(User)
class OrganiserAdmin(ScopedAdmin):
    area = Area.TEAM
    viewers = adders = changers = deleters = Right.OPERATOR
    secrets = ("password",)
    form = OrganiserForm
    list_display = ("email", "first_name", "last_name", "looks_after", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    inlines = (MembershipInline,)
    fieldsets = (
        (
            None,
            {
                "fields": ["email", ("first_name", "last_name")],
                "description": _(
                    "A new organiser sets a password with “Forgot your password?” on the sign-in page. "
                    "Owners of a conference invite colleagues themselves, on the page of their team."
                ),
            },
        ),
        (_("Rights"), {"fields": ["is_active", "is_superuser"]}),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).prefetch_related("memberships__workshop", "memberships__conference")

    @admin.display(description=_("looks after"))
    def looks_after(self, obj: Any) -> str:
        if obj.is_superuser:
            return str(_("everything"))
        return (
            ", ".join(
                f"{row.workshop or row.conference} ({row.get_role_display()})"
                for row in obj.memberships.all()
            )
            or "–"
        )


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Owners give rights on the page of their team; here the operator mends what they cannot."""

    area = Area.TEAM
    viewers = adders = changers = deleters = Right.OPERATOR
    list_display = ("user", "conference", "workshop", "role")
    list_filter = ("conference", "role")
    list_select_related = ("user", "conference", "workshop")
    search_fields = ("user__email", "user__first_name", "user__last_name")


@admin.register(SecondFactor)
class SecondFactorAdmin(ScopedAdmin):
    """Only to be removed when somebody has lost theirs; what is stored is a secret and is never shown."""

    area = Area.TEAM
    viewers = deleters = Right.OPERATOR
    secrets = ("data",)
    adders = changers = Right.NOBODY
    list_display = ("user", "type")
    list_select_related = ("user",)
    fields = ("user", "type")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).defer("data")


for _model in (Authenticator, EmailAddress, Group):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
