"""Reads every text of a conference in all its languages, in reading order, with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from workshops.domain.translations.fields import MODELS, text_fields
from workshops.domain.translations.state import Made, standing
from workshops.domain.translations.values import Entry, State, digest_of
from workshops.languages import active_language, choose, text_of
from workshops.models import (
    Conference,
    Organisation,
    Platform,
    Session,
    Speaker,
    TextState,
    Workshop,
    WorkshopDay,
)
from workshops.names import name_key


def entries(*, conference: Conference, workshops: Collection[int] | None = None) -> list[Entry]:
    """The conference's own texts, each workshop's, then what workshops share; or those of the given workshops only.

    `workshops` are the keys of those somebody looks after; None is the whole conference.
    Labels and contexts are in the active language.
    """
    placed = list(_of_workshops(conference, workshops))
    if workshops is None:
        placed = [*_of_conference(conference), *placed, *_shared(conference)]
    made = _made([row.row for row in placed])
    return [
        _entry(row, field, made[type(row.row), row.row.pk, field])
        for row in placed
        for field in text_fields(type(row.row))
    ]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row, the words for where it stands, and what its other texts need besides: the title they go with."""

    row: Any
    context: str
    workshop_id: int | None = None
    called: str = ""


def _said(row: Model, field: str) -> str:
    return choose(text_of(row, field), active_language())[0]


def _of_conference(conference: Conference) -> Iterator[_Placed]:
    for row in Conference.objects.filter(pk=conference.pk):
        yield _Placed(row, _said(row, "name"))


def _of_workshops(conference: Conference, workshops: Collection[int] | None) -> Iterator[_Placed]:
    found = Workshop.objects.filter(conference=conference)
    if workshops is not None:
        found = found.filter(pk__in=workshops)
    keys = list(found.values_list("pk", flat=True))
    days: dict[int, list[WorkshopDay]] = defaultdict(list)
    for day in WorkshopDay.objects.filter(workshop__in=keys):
        days[day.workshop_id].append(day)
    agendas: dict[int, list[Session]] = defaultdict(list)
    for session in Session.objects.filter(day__workshop__in=keys).order_by("position", "pk"):
        agendas[session.day_id].append(session)
    for workshop in found:
        context = _workshop_name(workshop)
        yield _Placed(workshop, context, workshop.pk)
        for number, day in enumerate(days[workshop.pk], 1):
            where = f"{context} · {_('Day %(number)d') % {'number': number}}"
            yield _Placed(day, where, workshop.pk)
            yield from _agenda(agendas[day.pk], where, workshop.pk)


def _workshop_name(workshop: Workshop) -> str:
    if workshop.number:
        return f"{workshop.get_kind_display()} {workshop.number}"
    return _said(workshop, "title") or str(workshop.get_kind_display())


def _agenda(sessions: list[Session], where: str, workshop_id: int) -> Iterator[_Placed]:
    children: dict[int | None, list[Session]] = defaultdict(list)
    for session in sessions:
        children[session.parent_id].append(session)

    def lay(parent: int | None, prefix: str) -> Iterator[_Placed]:
        for index, session in enumerate(children[parent], 1):
            number = f"{prefix}{index}"
            yield _Placed(session, f"{where} · {number}", workshop_id, _said(session, "title"))
            yield from lay(session.pk, f"{number}.")

    return lay(None, "")


def _shared(conference: Conference) -> Iterator[_Placed]:
    for platform in Platform.objects.filter(conference=conference):
        yield _Placed(platform, platform.name)
    houses = list(Organisation.objects.filter(conference=conference))
    for house in sorted(houses, key=lambda row: name_key(_said(row, "name"))):
        yield _Placed(house, _said(house, "name"))
    people = list(Speaker.objects.filter(conference=conference))
    for person in sorted(people, key=lambda row: name_key(f"{row.last_name} {row.first_name}")):
        yield _Placed(person, person.full_name)


_Key = tuple[type[Model], int, str]


def _made(rows: list[Any]) -> Mapping[_Key, Mapping[str, Made]]:
    types = ContentType.objects.get_for_models(*MODELS)
    model_of = {content_type.pk: model for model, content_type in types.items()}
    keys: dict[type[Model], list[int]] = defaultdict(list)
    for row in rows:
        keys[type(row)].append(row.pk)
    wanted = Q(pk__in=[])
    for model, found in keys.items():
        wanted |= Q(content_type=types[model], object_id__in=found)
    made: dict[_Key, dict[str, Made]] = defaultdict(dict)
    for state in TextState.objects.filter(wanted):
        key = (model_of[state.content_type_id], state.object_id, state.field)
        made[key][state.language] = Made(state.source_language, state.source_digest, state.target_digest)
    return made


def _entry(placed: _Placed, name: str, made: Mapping[str, Made]) -> Entry:
    row = placed.row
    model = type(row)
    field: Any = model._meta.get_field(name)
    texts = text_of(row, name)
    now = standing(texts=texts, made=made)
    return Entry(
        key=f"{model._meta.app_label}.{model._meta.model_name}.{row.pk}.{name}",
        model=str(model._meta.model_name),
        object_id=row.pk,
        field=name,
        label=f"{capfirst(str(model._meta.verbose_name))}: {field.verbose_name}",
        context=_context(placed, name),
        workshop_id=placed.workshop_id,
        texts=texts,
        state=now.state,
        source_language=now.source_language,
        made_from=now.made_from,
        made_from_digest={
            code: made[code].source_digest for code, state in now.state.items() if state is State.OUTDATED
        },
        max_length=field.max_length,
        is_markdown=_is_text(field),
        is_multiline=_is_text(field),
        is_required=not field.blank,
        digests={code: digest_of(text) for code, text in texts.items()},
    )


def _context(placed: _Placed, field: str) -> str:
    """A description alone would not say which item of the agenda it describes."""
    return f"{placed.context} · {placed.called}" if placed.called and field != "title" else placed.context


def _is_text(field: Any) -> bool:
    """All longer texts of the programme are Markdown."""
    return bool(field.get_internal_type() == "TextField")
