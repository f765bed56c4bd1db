"""Who somebody is, and their consent, as the form first asks for them: HTML that is kept, with gaps for what is theirs.

Kept in this process, and made without the person and the request: nothing of one can get into the page of another.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from registration.details_form import DetailsForm
from registration.form_fields import without_null
from registration.models import Participant, PrivacyVersion
from workshops.languages import Text, active_language

_TYPED = ("first_name", "last_name", "organisation", "position", "city")
# With a list of all countries each.
_KEPT_AT_MOST = 24


def person_html(form: DetailsForm, *, participant: Participant) -> SafeString:
    """In the active language; what was sent is drawn as it was sent."""
    if form.is_bound:
        return _drawn(form, participant)
    known: Mapping[str, str] = form.initial
    typed = {name: _value(known[name]) for name in _TYPED}
    mould = _mould(active_language(), known["country"], known["language"])
    return SafeString(mould % {**typed, "email": conditional_escape(participant.email)})  # nosec B703


def consent_html(form: DetailsForm, text: Text) -> SafeString:
    """Empty where nothing is to be asked."""
    if form.privacy is None:
        return SafeString("")
    if form.is_bound:
        return _consent(form, text)
    return _kept_consent(active_language(), get_script_prefix(), form.privacy.number, tuple(text.items()))


def _drawn(form: DetailsForm, participant: Participant) -> SafeString:
    return render_to_string("registration/partials/person.html", {"form": form, "participant": participant})


@functools.lru_cache(maxsize=_KEPT_AT_MOST)
def _mould(language: str, country: str, chosen: str) -> str:
    """For Python's own %: in one go, so that nothing somebody typed is taken for a gap."""
    gaps = {name: f"{name}-stands-here" for name in (*_TYPED, "email")}
    known = {**gaps, "country": country, "language": chosen}
    nobody = Participant(email=gaps["email"])
    html = _drawn(DetailsForm(privacy=None, initial=known), nobody).replace("%", "%%")
    for name in _TYPED:
        html = html.replace(f' value="{gaps[name]}"', f"%({name})s")
    return html.replace(gaps["email"], "%(email)s")


def _value(known: str) -> str:
    """As the form's renderer writes it: nothing where nothing is known."""
    shown = without_null(known)
    return f' value="{conditional_escape(shown)}"' if shown else ""


@functools.lru_cache(maxsize=_KEPT_AT_MOST)
def _kept_consent(_language: str, _prefix: str, number: int, text: tuple[tuple[str, str], ...]) -> SafeString:
    return _consent(DetailsForm(privacy=PrivacyVersion(number=number)), dict(text))


def _consent(form: DetailsForm, text: Text) -> SafeString:
    context = {"form": form, "field": form["consent_privacy"], "consent_text": text}
    return render_to_string("registration/partials/consent.html", context)
