"""The page on which inviting begins: addresses pasted or a file, then a preview of every row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.create_list import create_list
from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.read_file import ENDINGS, read_file
from registration.domain.invitation_lists.read_pasted import read_pasted
from registration.domain.invitation_lists.values import Given
from registration.models import InvitationList
from workshops.admin.base import ScopedAdmin, scope_for
from workshops.languages import CODES, OWN_NAMES
from workshops.models import Workshop

LANGUAGES: list[tuple[str, str | Promise]] = [
    ("", _("unknown: the mail is written in German and Turkish")),
    *((code, OWN_NAMES[code]) for code in CODES),
]


class WorkshopsForm(forms.Form):
    """The organiser's own workshops, of one conference."""

    workshops: Any = forms.ModelMultipleChoiceField(
        label=_("Workshops"),
        queryset=Workshop.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("For everybody whose row names none itself."),
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("For everybody whose row names none itself."),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Workshop.objects.filter(scope_for(request).own_workshops()).select_related("conference")
        self.own = own.order_by("-conference__is_current", "position", "pk")
        self.fields["workshops"].queryset = self.own  # type: ignore[attr-defined]

    def clean_workshops(self) -> Any:
        workshops = self.cleaned_data["workshops"]
        if len({workshop.conference_id for workshop in workshops}) > 1:
            raise forms.ValidationError(_("Choose workshops of a single conference."))
        return workshops


class InviteForm(WorkshopsForm):
    """Either addresses or a file; what was read of them is in `given`."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=1_500_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One per line, or separated by commas or semicolons. A name may come first: Name <address>. A table "
            "copied from a spreadsheet can be pasted with its titles."
        ),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_(
            "A spreadsheet (.xlsx) or text file (.csv). Columns may stand in any order, with titles in German, "
            "Turkish or English: e-mail, first name, last name, organisation, language, workshop."
        ),
    )
    name = forms.CharField(
        label=_("Name of the list"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("To find it again. Empty: the name of the file."),
    )
    field_order = ("addresses", "file", "workshops", "language", "name")

    given: Given | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self.given = self._read(cleaned["addresses"], cleaned["file"])
        named = self.given is not None and self.given.names_workshops and self.own.exists()
        if self.given and not cleaned["workshops"] and not named:
            self.add_error("workshops", _("Choose at least one workshop."))
        return cleaned

    def _read(self, addresses: str, file: Any) -> Given | None:
        if addresses.strip() and file:
            self.add_error("file", _("Paste addresses or choose a file, not both."))
            return None
        try:
            given = read_file(name=file.name, file=file) if file else read_pasted(text=addresses)
        except UnreadableList as error:
            self.add_error("file" if file else "addresses", str(error.message))
            return None
        if not given.rows:
            self.add_error("file" if file else "addresses", _("Enter at least one address."))
        return given

    @property
    def list_name(self) -> str:
        file = self.cleaned_data["file"]
        return str(self.cleaned_data["name"] or (file.name if file else gettext("Pasted addresses")))


def invite_page(request: HttpRequest, model_admin: ScopedAdmin) -> HttpResponse:
    """Nothing is sent here: the list is kept, and its preview opens."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    chosen = [key for key in request.GET.getlist("workshop") if key.isdecimal()]
    initial = {"workshops": chosen, "language": ""}
    is_sent = request.method == "POST"
    form = InviteForm(request, *((request.POST, request.FILES) if is_sent else ()), initial=initial)
    if is_sent and form.is_valid():
        kept = _keep(request, form)
        return HttpResponseRedirect(
            reverse("admin:registration_invitationlist_change", args=[kept.pk]), status=303
        )
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": InvitationList._meta,
        "title": _("Invite"),
        "form": form,
        "media": model_admin.media,
    }
    page = "admin/registration/invitationlist/invite.html"
    return TemplateResponse(request, page, context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, form: InviteForm) -> InvitationList:
    given = form.given or Given(())
    workshops = list(form.cleaned_data["workshops"])
    conference = (workshops[0] if workshops else form.own[0]).conference
    kept = create_list(
        conference=conference,
        given=given,
        workshops=workshops,
        allowed=form.own.filter(conference=conference),
        language=form.cleaned_data["language"],
        name=form.list_name,
        by=request.user,  # type: ignore[arg-type]
    )
    for said in _notices(given):
        messages.warning(request, said)
    return kept


def _notices(given: Given) -> list[str]:
    """What of a file was left alone."""
    said = []
    if given.unread:
        number = len(given.unread)
        said.append(
            ngettext(
                "One column was not read, because its title is not known: %(names)s.",
                "%(number)d columns were not read, because their titles are not known: %(names)s.",
                number,
            )
            % {"number": number, "names": ", ".join(given.unread[:10])}
        )
    if given.other_sheets:
        names = ", ".join(given.other_sheets[:10])
        said.append(
            gettext("Only the first sheet with addresses was read, not these: %(names)s.") % {"names": names}
        )
    return said
