"""The rights of one person in one conference as a table of boxes: a line for each place, a column for each role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.models import User
from registration.domain.addresses import LONGEST
from registration.mails.team import what_may_be_done
from workshops.domain.team.values import Given, Role, tidied
from workshops.models import Conference, Workshop

_LANGUAGES: list[tuple[str, str | Promise]] = [*settings.LANGUAGES]


@dataclass(frozen=True, slots=True)
class Box:
    value: str
    label: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Line:
    place: str
    boxes: tuple[Box, ...]


class RightsForm(forms.Form):
    """`rights` are values such as "access" (in the whole conference) and "access-12" (in one workshop)."""

    rights = forms.MultipleChoiceField(
        label=_("Rights"),
        error_messages={"required": _("Choose at least one right.")},
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, conference: Conference, held: Iterable[Given] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.held = frozenset(held)
        self.workshops = list(Workshop.objects.filter(conference=conference).order_by("position", "pk"))
        field: Any = self.fields["rights"]
        field.choices = [(value_of(right), name) for right, name in self._every_right()]

    def _every_right(self) -> list[tuple[Given, str]]:
        whole: tuple[int | None, str] = (None, gettext("The whole conference"))
        places = [whole, *((each.pk, str(each)) for each in self.workshops)]
        return [
            (Given(role, key), f"{role_name(role, is_whole=key is None)}: {name}")
            for key, name in places
            for role in Role.values
        ]

    def roles(self) -> list[Any]:
        """The heads of the columns; the first one is two rights, by where it is given."""
        return [_("everything (in the whole conference: owner)"), *(role.label for role in list(Role)[1:])]

    def meanings(self) -> list[str]:
        roles = [(Role.LEAD, True), *((role, False) for role in Role)]
        return [what_may_be_done(role=role, is_whole=is_whole) for role, is_whole in roles]

    def lines(self) -> list[Line]:
        sent: Any = self.data
        ticked = set(sent.getlist("rights")) if self.is_bound else {value_of(right) for right in self.held}
        names: dict[int | None, str] = {each.pk: str(each) for each in self.workshops}
        names[None] = gettext("The whole conference")
        found: dict[str, list[Box]] = {}
        for right, label in self._every_right():
            box = Box(value_of(right), label, value_of(right) in ticked)
            found.setdefault(names[right.workshop_id], []).append(box)
        return [Line(place, tuple(boxes)) for place, boxes in found.items()]

    @property
    def wanted(self) -> frozenset[Given]:
        return tidied(given_of(value) for value in self.cleaned_data["rights"])


class InviteColleagueForm(RightsForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("Of somebody who has an account already, the name stays as it is."),
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=_LANGUAGES, widget=forms.RadioSelect
    )


class OverviewForm(forms.Form):
    is_wanted = forms.BooleanField(
        label=_("Send me an overview every day"),
        required=False,
        help_text=_("At seven in the morning, home clock, if there is something to tell."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("German and Turkish")), *_LANGUAGES],
        required=False,
        widget=forms.RadioSelect,
    )


def value_of(right: Given) -> str:
    return right.role if right.workshop_id is None else f"{right.role}-{right.workshop_id}"


def given_of(value: str) -> Given:
    role, _dash, key = value.partition("-")
    return Given(role, int(key) if key else None)


def role_name(role: str, *, is_whole: bool) -> str:
    return gettext("owner") if role == Role.LEAD and is_whole else str(Role(role).label)


def in_words(rights: Iterable[Given], workshops: Iterable[Workshop]) -> list[str]:
    """Each right with its place, in the order of the programme."""
    names = {each.pk: str(each) for each in workshops}
    order = {key: number for number, key in enumerate([None, *names])}
    listed = sorted(rights, key=lambda right: (order[right.workshop_id], Role.values.index(right.role)))
    return [
        gettext("%(place)s: %(role)s")
        % {
            "place": names[right.workshop_id] if right.workshop_id else gettext("The whole conference"),
            "role": role_name(right.role, is_whole=right.workshop_id is None),
        }
        for right in listed
    ]


def name_of(user: User) -> str:
    return user.get_full_name() or user.email
