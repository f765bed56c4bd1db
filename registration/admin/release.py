"""Publishing, and writing to those whom it concerns: the release page with its question about mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registration.domain.announce_changes import announce_changes, people_by_workshop
from registration.domain.changes_told import CONCERNED
from workshops.admin.release import ReleaseAdmin
from workshops.domain.differences import Difference, Group, grouped, in_words
from workshops.languages import active_language, choose
from workshops.models import Conference, Release

PREFIX = "notice"


@dataclass(frozen=True, slots=True)
class Concern:
    """One workshop that changed: how many people are registered for it, and what they would be told."""

    workshop_id: int
    heading: str
    people: int
    sentences: tuple[str, ...]
    is_advised: bool

    @property
    def url(self) -> str:
        """The list of those who would be written to."""
        status = ",".join(CONCERNED)
        address = reverse("admin:registration_registration_changelist")
        return f"{address}?workshop__id__exact={self.workshop_id}&status__in={status}"


class _WithOwnTemplate(DjangoTemplates):
    """Django looks for forms' templates in applications only; ours lie in the project's directory."""

    def get_template(self, template_name: str) -> Any:
        own = template_name == NoticeForm.template_name
        return get_template(template_name) if own else super().get_template(template_name)


class NoticeForm(forms.Form):
    """Which workshops' people are written to. `offered` keeps which ones the organiser has seen."""

    template_name = "admin/registration/notice_form.html"
    default_renderer = _WithOwnTemplate
    workshops = forms.TypedMultipleChoiceField(
        label=_("Write to those concerned"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    offered = forms.CharField(required=False, widget=forms.HiddenInput)

    prefix = PREFIX

    def __init__(self, data: Any = None, *, concerns: Sequence[Concern]) -> None:
        super().__init__(data)
        self.concerns = [concern for concern in concerns if concern.people]
        self.unconcerned = [concern for concern in concerns if not concern.people]
        field: Any = self.fields["workshops"]
        field.choices = [(concern.workshop_id, concern.heading) for concern in self.concerns]
        field.initial = [concern.workshop_id for concern in self.concerns if concern.is_advised]
        self.fields["offered"].initial = ",".join(str(concern.workshop_id) for concern in concerns)

    def get_context(self) -> dict[str, Any]:
        """Each box with what it is about."""
        boxes = {str(box.data["value"]): box for box in self["workshops"]}
        rows = [(boxes[str(concern.workshop_id)], concern) for concern in self.concerns]
        return {**super().get_context(), "rows": rows, "unconcerned": self.unconcerned}


class ReleaseWithNoticesAdmin(ReleaseAdmin):
    class Media:
        css = {"all": ("koprue/notices.css",)}

    def notice_form(
        self, request: HttpRequest, *, conference: Conference, differences: Sequence[Difference]
    ) -> forms.Form | None:
        """None where no workshop has changed. Where one has changed since the page was shown, it is asked anew."""
        concerns = concerns_of(conference=conference, differences=differences)
        if not concerns:
            return None
        if request.method != "POST":
            return NoticeForm(concerns=concerns)
        return NoticeForm(_as_sent(request, concerns), concerns=concerns)

    def announce(
        self, request: HttpRequest, *, release: Release, since: Release | None, form: forms.Form | None
    ) -> str | None:
        """Owes the mails; to be called in the transaction of the release."""
        chosen = form.cleaned_data["workshops"] if form is not None else []
        if since is None or not chosen:
            return gettext("Nobody is written to.") if form is not None else None
        people = announce_changes(release=release, since=since, workshops=chosen)
        return ngettext("%(number)d person is written to.", "%(number)d people are written to.", people) % {
            "number": people
        }


def concerns_of(*, conference: Conference, differences: Iterable[Difference]) -> list[Concern]:
    """The workshops that differ, in the programme's order."""
    groups = {group.workshop_id: group for group in grouped(differences) if group.workshop_id is not None}
    people = people_by_workshop(conference=conference, workshops=groups) if groups else {}
    return [_concern(pk, group, people.get(pk, 0)) for pk, group in groups.items()]


def _concern(workshop_id: int, group: Group, people: int) -> Concern:
    return Concern(
        workshop_id=workshop_id,
        heading=choose(group.heading, active_language())[0],
        people=people,
        sentences=tuple(in_words(item) for item in sorted(group.items, key=lambda item: not item.notify)),
        is_advised=group.notify,
    )


def _as_sent(request: HttpRequest, concerns: Sequence[Concern]) -> Any:
    """What was chosen, as far as it is still offered; what came up since is chosen where it is advised."""
    sent = request.POST.copy()
    chosen, seen = set(sent.getlist(f"{PREFIX}-workshops")), sent.get(f"{PREFIX}-offered", "").split(",")
    known = {str(concern.workshop_id) for concern in concerns}
    advised = {str(concern.workshop_id) for concern in concerns if concern.people and concern.is_advised}
    sent.setlist(f"{PREFIX}-workshops", sorted(chosen & known | advised.difference(seen)))
    sent[f"{PREFIX}-offered"] = ",".join(sorted(known))
    return sent


admin.site.unregister(Release)
admin.site.register(Release, ReleaseWithNoticesAdmin)
