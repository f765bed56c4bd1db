"""An entry of the log in whole sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from conference.audited import HIDDEN
from registration.domain.history.entries import ACCESS, CREATE, DELETE, Entry
from registration.domain.history.people import PEOPLE, UNSAID, person_sentences
from registration.domain.history.phrases import LIMITS, NAMES, SPECIAL, SWITCHED, renamed, switched
from registration.domain.history.values import Reader, field_of, is_empty, is_long, label_of, quoted, said
from workshops.languages import OWN_NAMES


def sentences(entry: Entry, reader: Reader) -> list[str]:
    """What was done to the row itself."""
    found = [*_done(entry), *_columns(entry, reader), *_step(entry)]
    if reason := entry.data.get("reason"):
        found.append(_("The reason given: “%(text)s”") % {"text": reason})
    return found


def _done(entry: Entry) -> Iterator[str]:
    if entry.action == ACCESS:
        yield exported(entry) or _("What is stored here was looked at.")
    elif entry.action == CREATE and not entry.data.get("step"):
        yield _published(entry) or _("Entered.")
    elif entry.action == DELETE:
        yield _("Deleted.")


def _published(entry: Entry) -> str:
    return _("Published.") if entry.label in {"workshops.release", "registration.privacyversion"} else ""


def exported(entry: Entry) -> str:
    """What was taken out of the site: how many rows of what, as which kind of file."""
    data = entry.data.get("export")
    if not data:
        return ""
    what = apps.get_model(data["model"])._meta.verbose_name_plural
    return _("Exported: %(rows)d × %(what)s (%(format)s).") % {
        "rows": data["rows"],
        "what": what,
        "format": str(data["format"]).upper(),
    }


def _step(entry: Entry) -> Iterator[str]:
    if step := entry.data.get("step"):
        facts = entry.data.get("facts")
        text = _(step) % facts if facts else _(step)
        yield text if text.endswith(".") else f"{text}."


def _columns(entry: Entry, reader: Reader) -> Iterator[str]:
    if entry.label in PEOPLE:
        yield from person_sentences(entry, reader)
    if entry.action in {CREATE, DELETE}:
        return
    for name, (before, after) in sorted(entry.changes.items(), key=lambda pair: _order(entry, pair[0])):
        if (entry.label, name) not in UNSAID and not (is_empty(before) and is_empty(after)):
            yield from _column(entry, name, before, after, reader)


def _order(entry: Entry, name: str) -> int:
    """As in the form."""
    names = [field.name for field in apps.get_model(entry.label)._meta.concrete_fields]
    return names.index(name) if name in names else len(names)


def _column(entry: Entry, name: str, before: Any, after: Any, reader: Reader) -> Iterator[str]:
    found: Any = field_of(entry.label, name)
    base = found.translated_field.name if isinstance(found, TranslationField) else name
    key = (entry.label, base)
    if HIDDEN in {str(before), str(after)}:
        yield _secret(label_of(entry.label, name), before, after)
    elif key in NAMES:
        yield renamed(before, after, OWN_NAMES[found.language] if base != name else "")
    elif key in SPECIAL:
        yield from SPECIAL[key](entry, before, after, reader)
    elif key in LIMITS:
        yield LIMITS[key](before, after)
    elif key in SWITCHED or isinstance(before, bool) or isinstance(after, bool):
        yield switched(key, label_of(entry.label, name), is_on=bool(after))
    else:
        yield _changed(entry, name, before, after, reader)


def _secret(label: str, before: Any, after: Any) -> str:
    if is_empty(before):
        return _("%(field)s: entered. What it says is not shown.") % {"field": label}
    if is_empty(after):
        return _("%(field)s: removed. What it said is not shown.") % {"field": label}
    return _("%(field)s: changed. What it says is not shown.") % {"field": label}


def _changed(entry: Entry, name: str, before: Any, after: Any, reader: Reader) -> str:
    label = label_of(entry.label, name)
    if is_long(entry.label, name):
        return _rewritten(label, before, after)
    if is_empty(before):
        return _("%(field)s: set to %(after)s.") % {
            "field": label,
            "after": said(entry, name, after, reader),
        }
    if is_empty(after):
        return _("%(field)s: removed; it was %(before)s.") % {
            "field": label,
            "before": said(entry, name, before, reader),
        }
    return _("%(field)s: changed from %(before)s to %(after)s.") % {
        "field": label,
        "before": said(entry, name, before, reader),
        "after": said(entry, name, after, reader),
    }


def _rewritten(label: str, before: Any, after: Any) -> str:
    """Of a long text its beginning; the whole of both is on the entry's own page."""
    if is_empty(before):
        return _("%(field)s: written: %(after)s") % {"field": label, "after": quoted(str(after))}
    if is_empty(after):
        return _("%(field)s: removed; it was %(before)s.") % {"field": label, "before": quoted(str(before))}
    return _("%(field)s: rewritten: %(after)s") % {"field": label, "after": quoted(str(after))}


def kind_of(entry: Entry) -> str:
    try:
        return capfirst(str(apps.get_model(entry.label)._meta.verbose_name))
    except LookupError:
        return entry.label


def subject_of(entry: Entry, reader: Reader) -> str:
    """What it is called today; of what can be named in no other way, what it was called then."""
    return reader.names.of(entry.label, entry.row, entry.name)


def way_of(entry: Entry) -> str:
    """By what else than a form it was changed; empty for a form."""
    way = entry.data.get("way") or {}
    spoken = {
        "import": _("by an import of “%(file)s”"),
        "undo-import": _("by undoing the import of “%(file)s”"),
        "restore": _("by restoring release %(number)s"),
        "undo-decision": _("by undoing a decision"),
        "check": _("by a proposal of the programme check"),
    }
    if way.get("name") in spoken:
        return spoken[way["name"]] % {"file": way.get("file", ""), "number": way.get("number", "")}
    if command := entry.data.get("command"):
        return _("by the command “%(name)s”") % {"name": command}
    return ""
