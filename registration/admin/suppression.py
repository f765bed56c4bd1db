"""Addresses that are not to be invited: why, since when, and the one case an organiser may take back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Step
from registration.admin.scoping import own_participants
from registration.admin.shown import status_mark
from registration.domain.addresses import normal_address
from registration.domain.errors import DomainError
from registration.domain.suppress import ONLY_THE_PERSON, allow_again, suppress
from registration.models import Participant, Suppression
from workshops.admin.base import KoprueForm, scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Area, Right, Scope
from workshops.models import Conference


def _allow_again(pk: Any, request: HttpRequest) -> Suppression:
    return allow_again(suppression_id=pk)


def own_suppressions(scope: Scope) -> QuerySet[Suppression]:
    return Suppression.objects.filter(_in_scope(scope))


def _in_scope(scope: Scope) -> Q:
    """An address belongs to those whose its owner is; after an erasure it has no owner, and only leads see it."""
    if scope.everything:
        return Q()
    own = Participant.objects.filter(own_participants(scope))
    met = Exists(own.filter(conference=OuterRef("conference"), email=OuterRef("email")))
    return scope.whole_conferences("conference") | Q(met)


class SuppressionForm(KoprueForm):
    """Somebody said no by telephone or by letter."""

    scope = Scope()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if email := self.fields.get("email"):
            email.required = True
            email.help_text = _(
                "For somebody who told you, by telephone or by letter, that they do not wish to be invited. "
                "Only they can take it back."
            )

    def clean_email(self) -> str:
        try:
            return normal_address(self.cleaned_data.get("email") or "")
        except DomainError as error:
            raise ValidationError(str(error.message)) from None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        conference, email = self.cleaned_data.get("conference"), self.cleaned_data.get("email")
        if conference and email and not self._is_own(conference, email):
            # The same for an unknown address and for somebody else's people.
            self.add_error("email", _("Nobody of your workshops has this address."))
        return cleaned

    def _is_own(self, conference: Conference, email: str) -> bool:
        """An address nobody has met yet is blocked for every workshop: that is for those who lead the whole."""
        if self.scope.covers_conference(conference.pk):
            return True
        own = Participant.objects.filter(own_participants(self.scope))
        return own.filter(conference=conference, email=email).exists()


@admin.register(Suppression)
class SuppressionAdmin(BulkAdmin):
    area = Area.PEOPLE
    form = SuppressionForm
    adders = Right.TEAM
    steps = (Step("allow", _("Allow again"), _allow_again),)
    acting_order = ("created_at", "pk")
    list_display = ("shown_address", "state", "since", "words")
    list_filter = ("reason",)
    list_select_related = ("conference",)
    search_fields = ("email",)
    fields = ("shown_address", "conference", "state", "since", "words")
    readonly_fields = ("shown_address", "state", "since", "words", "undoing")

    def in_scope(self, scope: Scope) -> Q:
        return _in_scope(scope)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).select_related("conference")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("email", "conference")
        return self.fields if obj.is_organisers_to_lift else (*self.fields, "undoing")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """No button for what would be refused."""
        row = self.get_object(request, unquote(object_id))
        extra: dict[str, Any] = {"steps": []} if row and not row.is_organisers_to_lift else {}
        return super().change_view(request, object_id, form_url, {**extra, **(extra_context or {})})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.scope = scope_for(request)
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        row = suppress(conference=obj.conference, email=obj.email, reason=Suppression.Reason.UNSUBSCRIBED)
        # What lies in the table now: perhaps it was there before, for a stronger reason.
        obj.__dict__.update(row.__dict__)

    def state_of(self, obj: Suppression) -> str:
        return gettext("may be invited") if obj.pk is None else str(obj.get_reason_display())

    @admin.display(description=_("e-mail address"), ordering="email")
    def shown_address(self, obj: Suppression) -> str:
        return str(obj)

    @admin.display(description=_("reason"), ordering="reason")
    def state(self, obj: Suppression) -> SafeString:
        return status_mark("declined", obj.get_reason_display())

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, obj: Suppression) -> str | SafeString:
        return on_both_clocks(obj.created_at, obj.conference)

    @admin.display(description=_("Allow again"))
    def undoing(self, obj: Suppression) -> str:
        return str(ONLY_THE_PERSON)

    @admin.display(description=_("said by the mail provider"))
    def words(self, obj: Suppression) -> str:
        return gettext(obj.note) if obj.note else "–"
