"""Inviting one person or many: the page’s first button shows what will happen, the second does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.admin.addresses import TypedAddress, read_addresses
from registration.admin.suppression import own_suppressions
from registration.domain.errors import DomainError
from registration.domain.invite import invite
from registration.domain.suppress import NotToBeWrittenTo, suppressed_among
from registration.models import Invitation, Suppression
from workshops.admin.base import scope_for
from workshops.languages import CODES, OWN_NAMES
from workshops.models import Workshop

AT_ONCE = 1_000
_LANGUAGES: list[tuple[str, str | Promise]] = [
    ("", _("unknown: the mail is written in German and Turkish")),
    *((code, OWN_NAMES[code]) for code in CODES),
]
_OPEN = (Invitation.Status.QUEUED, Invitation.Status.SENT)


class InviteForm(forms.Form):
    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One per line, or separated by commas or semicolons. A name may come first: Name <address>."
        ),
    )
    workshops: Any = forms.ModelMultipleChoiceField(
        label=_("Workshops"), queryset=Workshop.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=_LANGUAGES, widget=forms.RadioSelect, required=False
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Workshop.objects.filter(scope_for(request).own_workshops()).select_related("conference")
        field = self.fields["workshops"]
        field.queryset = own.order_by("-conference__is_current", "position", "pk")  # type: ignore[attr-defined]

    def clean_addresses(self) -> str:
        text = str(self.cleaned_data["addresses"])
        count = len(read_addresses(text))
        if not count:
            raise forms.ValidationError(_("Enter at least one address."))
        if count > AT_ONCE:
            raise forms.ValidationError(
                _("At most %(limit)d addresses at a time."), params={"limit": AT_ONCE}
            )
        return text

    def clean_workshops(self) -> Any:
        workshops = self.cleaned_data["workshops"]
        if len({workshop.conference_id for workshop in workshops}) > 1:
            raise forms.ValidationError(_("Choose workshops of a single conference."))
        return workshops


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one address: `done`, `unchanged` (already invited) or `refused`."""

    line: int
    typed: str
    kind: str
    text: str


def invite_all(*, request: HttpRequest, form: InviteForm) -> list[Row]:
    """Invites every address of a valid form, each in a transaction of its own."""
    workshops = list(form.cleaned_data["workshops"])
    typed = read_addresses(form.cleaned_data["addresses"])
    inviting = _Inviting(request, workshops, form.cleaned_data["language"], typed)
    return [inviting.row(entry) for entry in typed]


def rehearse_invitations(*, request: HttpRequest, form: InviteForm) -> list[Row]:
    """The same, rolled back."""
    with transaction.atomic():
        rows = invite_all(request=request, form=form)
        transaction.set_rollback(True)
    return rows


class _Inviting:
    def __init__(
        self,
        request: HttpRequest,
        workshops: Sequence[Workshop],
        language: str,
        typed: Sequence[TypedAddress],
    ) -> None:
        self.request, self.workshops, self.language = request, workshops, language
        self.conference = workshops[0].conference
        addresses = [entry.address for entry in typed if entry.address]
        self.unwanted = suppressed_among(conference=self.conference, emails=addresses)
        own = own_suppressions(scope_for(request)).filter(pk__in=[row.pk for row in self.unwanted.values()])
        self.own_unwanted = set(own.values_list("pk", flat=True))
        self.lines: dict[str, int] = {}

    def row(self, typed: TypedAddress) -> Row:
        if typed.address is None:
            return Row(typed.line, typed.typed, "refused", typed.problem)
        if (first := self.lines.get(typed.address)) is not None:
            return Row(
                typed.line,
                typed.typed,
                "unchanged",
                gettext("already named in line %(line)d") % {"line": first},
            )
        self.lines[typed.address] = typed.line
        return self._invite(typed, typed.address)

    def _invite(self, typed: TypedAddress, address: str) -> Row:
        if found := self.unwanted.get(address):
            return Row(typed.line, typed.typed, "refused", self._refusal(address, found))
        missing = self._not_yet_invited(address)
        if not missing:
            return Row(typed.line, typed.typed, "unchanged", gettext("already invited"))
        try:
            invite(
                conference=self.conference,
                email=address,
                workshops=missing,
                language=self.language,
                by=self.request.user,  # type: ignore[arg-type]
            )
        except DomainError as error:
            return Row(typed.line, typed.typed, "refused", str(error.message))
        return Row(typed.line, typed.typed, "done", ", ".join(str(workshop) for workshop in missing))

    def _refusal(self, address: str, found: Suppression) -> str:
        """Why is told to those whose person it is: else anybody could ask who declined an invitation of others."""
        if found.pk in self.own_unwanted:
            return str(NotToBeWrittenTo(address=address, suppression=found))
        return gettext("“%(address)s” is not to be invited.") % {"address": address}

    def _not_yet_invited(self, address: str) -> list[Workshop]:
        """Without those for which an invitation is on its way or unanswered: a second click sends nothing."""
        open_ones = Invitation.objects.filter(
            participant__conference=self.conference, participant__email=address, status__in=_OPEN
        )
        invited = set(open_ones.values_list("workshops", flat=True))
        return [workshop for workshop in self.workshops if workshop.pk not in invited]
