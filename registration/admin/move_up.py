"""Moving one person up on the waiting list, on the page of their registration; a mistake gets a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin
from registration.domain.errors import DomainError
from registration.domain.move_up import LONGEST_REASON, move_up
from registration.models import Registration

_UNPROCESSABLE = 422


class MoveUpForm(forms.Form):
    place = forms.IntegerField(
        label=_("New number"),
        initial=1,
        min_value=1,
        widget=forms.NumberInput(attrs={"autocomplete": "off", "class": "vIntegerField"}),
        help_text=_("On the waiting list; number 1 is next."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "class": "vLargeTextField"}),
        help_text=_(
            "Kept in the log of changes. The e-mail tells the person the new number; under “My data” they can read "
            "the reason, too."
        ),
    )

    def __init__(self, data: Any = None, *, place_now: int) -> None:
        super().__init__(data, auto_id="move_up_%s")
        self.place_now = place_now

    def clean_place(self) -> int:
        place = int(self.cleaned_data["place"])
        if place >= self.place_now:
            raise forms.ValidationError(
                _("This person stands at number %(place)d. Give a number further ahead."),
                params={"place": self.place_now},
            )
        return place


class MoveUpAdmin(BulkAdmin):
    """Rows that carry `waiting_place`: the number on the waiting list, 0 for who is not on it."""

    change_form_template = "admin/registration/registration/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.move_up_view)
        name = "registration_registration_move_up"
        return [path("<path:object_id>/move-up/", view, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        extra = {"move_up_form": self._empty_form(request, object_id), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def _empty_form(self, request: HttpRequest, object_id: str) -> MoveUpForm | None:
        """None where nobody can be moved, or not by this organiser."""
        if not self.may_act_on(request, object_id):
            return None
        row = self.get_queryset(request).filter(pk__in=self.keys([object_id])).first()
        if row is None or row.waiting_place <= 1:
            return None
        return MoveUpForm(place_now=row.waiting_place)

    def move_up_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not self.may_act_on(request, object_id):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk__in=self.keys([object_id])).first()
        if row is None:
            raise Http404
        form = MoveUpForm(request.POST if request.method == "POST" else None, place_now=row.waiting_place)
        if form.is_valid() and self._move(request, row, form):
            return HttpResponseRedirect(
                reverse("admin:registration_registration_change", args=[row.pk]), status=303
            )
        return self._move_up_page(request, row, form)

    def _move(self, request: HttpRequest, row: Registration, form: MoveUpForm) -> bool:
        place, reason = form.cleaned_data["place"], form.cleaned_data["reason"]
        try:
            move_up(registration_id=row.pk, place=place, reason=reason, by=request.user)  # type: ignore[arg-type]
        except DomainError as error:
            form.add_error(None, str(error))
            return False
        self.log_change(
            request, row, gettext("Moved up on the waiting list to number %(place)d") % {"place": place}
        )
        said = gettext("%(person)s now stands at number %(place)d, and an e-mail says so.")
        self.message_user(request, said % {"person": row.participant, "place": place}, messages.SUCCESS)
        return True

    def _move_up_page(self, request: HttpRequest, row: Registration, form: MoveUpForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Move up on the waiting list"),
            "original": row,
            "state": self.state_of(row),
            "move_up_form": form,
            "media": self.media,
        }
        status = _UNPROCESSABLE if form.errors else 200
        return TemplateResponse(
            request, "admin/registration/registration/move_up.html", context, status=status
        )
