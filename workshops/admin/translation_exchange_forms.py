from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workshops.domain.translations.exchange.read_returned import LARGEST, too_large
from workshops.domain.translations.exchange.values import Which
from workshops.languages import CODES, OWN_NAMES
from workshops.models import Workshop

_LANGUAGES = [(code, OWN_NAMES[code]) for code in CODES]
_SHARED = "shared"


class ExportForm(forms.Form):
    """Sent by GET: a file is only read out."""

    use_required_attribute = False
    source = forms.ChoiceField(label=_("Translate from"), choices=_LANGUAGES, widget=forms.RadioSelect)
    target = forms.ChoiceField(label=_("Translate into"), choices=_LANGUAGES, widget=forms.RadioSelect)
    which = forms.ChoiceField(
        label=_("Which texts"),
        choices=[
            (Which.MISSING.value, _("Missing translations")),
            (Which.OPEN.value, _("Missing and outdated translations")),
            (Which.ALL.value, _("All texts, also those that are translated")),
        ],
        widget=forms.RadioSelect,
    )
    workshops = forms.MultipleChoiceField(
        label=_("Of"),
        help_text=_("Without a choice: all of them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    format = forms.ChoiceField(
        label=_("File"),
        choices=[
            ("xlf", _("XLIFF 1.2, for a translation program")),
            ("xlsx", _("Workbook (Excel, XLSX), for everybody else")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: Any = None, *, workshops: QuerySet[Workshop], with_shared: bool, initial: dict[str, str]
    ) -> None:
        start = {"source": "de", "target": "tr", "which": Which.OPEN.value, "format": "xlf"}
        super().__init__(data, initial=start | initial)
        self.slugs = {str(row.pk): row.slug for row in workshops}
        choices = [(str(row.pk), str(row)) for row in workshops]
        if with_shared:
            choices.append((_SHARED, _("The conference’s own texts, speakers, organisations, platforms")))  # type: ignore[arg-type]
        self.fields["workshops"].choices = choices  # type: ignore[attr-defined]

    def clean_target(self) -> str:
        target: str = self.cleaned_data["target"]
        if target == self.cleaned_data.get("source"):
            raise ValidationError(_("Choose another language than the one to translate from."))
        return target

    @property
    def groups(self) -> set[int | None]:
        return {None if key == _SHARED else int(key) for key in self.cleaned_data["workshops"]}

    @property
    def only_slug(self) -> str:
        """Of the one workshop that was chosen, for the file's name."""
        chosen = self.cleaned_data["workshops"]
        return self.slugs.get(chosen[0], "") if len(chosen) == 1 else ""


class UploadForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label=_("File from the office"),
        help_text=_(
            "XLIFF (.xlf, .xliff) or the workbook (.xlsx), at most 5 MB. You see what it changes first."
        ),
        error_messages={"required": _("Choose the file first."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".xlf,.xliff,.xml,.sdlxliff,.mqxliff,.xlsx"}),
    )

    def clean_file(self) -> Any:
        """By its size, before a byte of it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(str(too_large(file.size)))
        return file
