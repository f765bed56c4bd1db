"""The participants' forms. Field names are fixed points: scripts and tests rely on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.clashes import Clash, clashes_between
from registration.details_form import DetailsForm
from registration.domain.register import NONE
from registration.form_fields import LineField, ParagraphsField, own, without_null
from registration.form_renderer import FORMS
from registration.models import Registration
from registration.offers import Offer, has_any
from registration.option_hints import decision_note, option_hint
from registration.sentences import Sentence, sentence_for
from workshops.templatetags.texts import plain

ROLES: list[tuple[str, Promise]] = [
    (Registration.Role.ACTIVE.value, _("I take part actively")),
    (Registration.Role.LISTENER.value, _("I listen")),
    (NONE, _("I do not take part")),
]
_TAKES_PART = frozenset(Registration.Role.values)
_PREFIX, _LISTEN = "workshop-", "listen-"
_UNKNOWN = _("The workshop “%(slug)s” does not exist, or it is not open to you.")


class RoleSelect(forms.RadioSelect):
    """Radio buttons of which some cannot be chosen now."""

    offer: Offer

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if not self.offer.is_selectable(str(value)):
            option["attrs"]["disabled"] = True
        return option


class ListenBox(forms.CheckboxInput):
    """The page sends "off" before a ticked box's "on", so that "not asked" can be told from "no"."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return None if name not in data else data.get(name) not in {"off", "false", "False", "0", ""}


class RoleField(forms.ChoiceField):
    """A workshop that was not answered, because it could not be, is shown again as it is registered."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial


class ListenField(forms.BooleanField):
    widget = ListenBox

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial if data is None else data


# A form has two of them for each workshop: made anew each time, they were half of what making a form costs.
_ROLE = RoleField(
    choices=ROLES,
    required=False,
    widget=RoleSelect,
    error_messages={"invalid_choice": _("Choose how you want to take part.")},
)
_LISTENING = ListenField(label=_("Let me listen until an active place becomes free"), required=False)


@dataclass(frozen=True, slots=True)
class Option:
    widget: BoundWidget
    hint: Promise | str
    listen: BoundField | None


@dataclass(frozen=True, slots=True)
class PossibleClash:
    """With a workshop that may be chosen beside this one; `is_real`: both are."""

    clash: Clash
    is_real: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One workshop's choice as the template draws it."""

    offer: Offer
    field: BoundField
    listen: BoundField | None
    clashes: tuple[PossibleClash, ...] = ()

    @property
    def options(self) -> Iterator[Option]:
        for widget in self.field:
            value = str(widget.data["value"])
            listen = self.listen if value == Registration.Role.ACTIVE else None
            yield Option(widget, option_hint(self.offer, value), listen)

    @property
    def note(self) -> Promise | str:
        return decision_note(self.offer)

    @property
    def status(self) -> Sentence | None:
        """What is registered here now."""
        registration = self.offer.registration
        if registration is None:
            return None
        return sentence_for(registration, zones=self.offer.zones, position=self.offer.position)


class RegistrationForm(DetailsForm):
    """Who the person is, and one choice for each workshop on offer."""

    def __init__(
        self, *args: Any, offers: Sequence[Offer], has_questions: bool = True, **kwargs: Any
    ) -> None:
        """Without its questions it is for a page that has them as HTML already."""
        self.offers = offers
        self.has_questions = has_questions
        super().__init__(*args, **kwargs)

    def _add_questions(self) -> None:
        for offer in self.offers if self.has_questions else ():
            self._add_question(offer)

    def _add_question(self, offer: Offer) -> None:
        role, listen = own(_ROLE), own(_LISTENING)
        role.label, role.initial = plain(offer.entry.title), offer.current
        role.widget.offer = offer
        listen.initial = offer.listens_meanwhile
        self.fields[f"{_PREFIX}{offer.slug}"] = role
        self.fields[f"{_LISTEN}{offer.slug}"] = listen

    def clean(self) -> dict[str, Any]:
        for slug in self._unknown_workshops():
            self.add_error(None, ValidationError(_UNKNOWN, code="unknown", params={"slug": slug[:80]}))
        asked = any(f"{_PREFIX}{offer.slug}" in self.errors for offer in self.offers)
        chosen = any(wish != NONE for wish in self.choices.values())
        if self.offers and not (asked or chosen or has_any(self.offers) or self.non_field_errors()):
            self.add_error(None, ValidationError(_("Choose at least one workshop."), code="none_chosen"))
        return self.cleaned_data

    def _unknown_workshops(self) -> list[str]:
        known = {f"{_PREFIX}{offer.slug}" for offer in self.offers}
        return [
            without_null(name.removeprefix(_PREFIX))
            for name, value in self.data.items()
            if name.startswith(_PREFIX) and name not in known and value not in {"", NONE}
        ]

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by slug; a workshop whose field was not sent stays as it is."""
        names = ((offer.slug, f"{_PREFIX}{offer.slug}") for offer in self.offers)
        return {slug: str(self.cleaned_data[name]) for slug, name in names if self.cleaned_data.get(name)}

    @property
    def listens(self) -> dict[str, bool]:
        names = ((offer.slug, f"{_LISTEN}{offer.slug}") for offer in self.offers)
        return {slug: bool(self.cleaned_data[name]) for slug, name in names if name in self.data}

    @property
    def changes_something(self) -> bool:
        """Whether any choice differs from what is registered now."""
        choices, listens = self.choices, self.listens
        return any(
            offer.is_wish_new(choices[offer.slug], listens.get(offer.slug))
            for offer in self.offers
            if offer.slug in choices
        )

    def refuse(self, errors: Mapping[str, Promise | str]) -> None:
        """Shows what the use case refused at the workshop it refused."""
        for slug, message in errors.items():
            name = f"{_PREFIX}{slug}"
            self.add_error(name if name in self.fields else None, ValidationError(str(message)))

    @property
    def questions(self) -> list[Question]:
        clashes = self._clashes()
        return [
            Question(
                offer,
                self[f"{_PREFIX}{offer.slug}"],
                self[f"{_LISTEN}{offer.slug}"] if offer.asks_about_listening else None,
                clashes.get(offer.slug, ()),
            )
            for offer in self.offers
        ]

    @property
    def offered_places(self) -> list[Question]:
        """What waits for an answer of another kind."""
        return [question for question in self.questions if question.offer.place_is_offered]

    @property
    def has_clash(self) -> bool:
        """Whether two workshops at the same time are chosen."""
        chosen = [offer for offer in self.offers if self._is_chosen(offer)]
        return len(chosen) > 1 and bool(clashes_between(chosen))

    def _is_chosen(self, offer: Offer) -> bool:
        return self[f"{_PREFIX}{offer.slug}"].value() in _TAKES_PART

    def _clashes(self) -> dict[str, tuple[PossibleClash, ...]]:
        """Also of what is not chosen (yet): the page shows them while somebody chooses, where it has a script."""
        chosen = {offer.slug for offer in self.offers if self._is_chosen(offer)}
        return {
            slug: tuple(PossibleClash(clash, {slug, clash.other.slug} <= chosen) for clash in clashes)
            for slug, clashes in clashes_between(self.offers).items()
        }


class LinkForm(forms.Form):
    """“Send me my link again.” The address itself is checked by the use case."""

    default_renderer = FORMS

    email = LineField(
        label=_("E-mail address"),
        max_length=254,
        required_message=_("Enter your e-mail address."),
        autocomplete="email",
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
    )


class BarrierForm(forms.Form):
    """What somebody could not use; the address only if they want an answer."""

    page = LineField(
        label=_("On which page?"),
        max_length=300,
        help_text=_("The address of the page or its title."),
    )
    description = ParagraphsField(
        label=_("What does not work?"),
        max_length=4_000,
        required_message=_("Describe what does not work."),
    )
    email = LineField(
        label=_("E-mail address"),
        max_length=254,
        autocomplete="email",
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
        help_text=_("Only if you would like an answer."),
    )
