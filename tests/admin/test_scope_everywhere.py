"""Whatever the admin has, now or later: who looks after one workshop gets nothing of another one.

Models, pages, steps and actions are taken from the admin site itself. What belongs to the other workshop is
found through the models' own relations, and its texts carry a mark that must never come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from conference.audit import recorded
from registration.domain.suppress import suppress
from registration.domain.transitions import owe_to_participant
from registration.models import (
    Announcement,
    Certificate,
    Invitation,
    InvitationList,
    Message,
    Participant,
    Registration,
)
from tests import factories
from tests.world import World, access_of
from workshops.models import Session, Workshop

MARK = "kanarya"
ADMINS = {model._meta.label_lower: model_admin for model, model_admin in admin.site._registry.items()}
# From a row to its workshop, where no plain chain of foreign keys leads there.
TO_WORKSHOP = {
    Participant: ("registrations__workshop", "invitations__workshops"),
    Message: ("registration__workshop", "invitation__workshops"),
    Invitation: ("workshops",),
    InvitationList: ("workshops",),
    Announcement: ("workshops",),
}
# Rows of the whole conference, which its teams share, or which its leads alone see.
SHARED = {
    "workshops.conference",
    "workshops.platform",
    "workshops.organisation",
    "workshops.speaker",
    "workshops.release",
    "workshops.draftimport",
    "accounts.user",
    "accounts.secondfactor",
    "registration.barrierreport",
    "registration.privacyversion",
    "registration.mailtext",
}
SCOPED = sorted(set(ADMINS) - SHARED)
DEFAULT_PAGES = {"changelist", "add", "history", "delete", "change"}


@pytest.fixture
def marked(world: World) -> World:
    """Every text of the other workshop, and of its people, holds the mark."""
    for code in ("de", "tr", "en"):
        Workshop.objects.filter(pk=world.other.pk).update(**{f"title_{code}": f"{MARK} {code}"})
        Session.objects.filter(day__workshop=world.other).update(**{f"title_{code}": f"{MARK} {code}"})
    people = Participant.objects.filter(
        models.Q(registrations__workshop=world.other) | models.Q(invitations__workshops=world.other)
    )
    for person in people:
        person.first_name = person.organisation = person.city = MARK
        person.email = f"{MARK}-{person.pk}@example.org"
        person.save()
        suppress(conference=world.conference, email=person.email, reason="unsubscribed", note=MARK)
    Registration.objects.filter(workshop=world.other).update(
        status="waitlisted", waiting_since="2020-06-01T00:00Z"
    )
    for row in Registration.objects.filter(workshop=world.other):
        with transaction.atomic():
            owe_to_participant(registration=row, kind=Message.Kind.RECEIVED)
    factories.make_organiser(world.other, first_name=MARK)
    for certificate in Certificate.objects.filter(registration__workshop=world.other):
        certificate.facts = {**certificate.facts, "name": MARK}
        certificate.save()
    with recorded(actor=world.lead):
        details = access_of(world.other)
        details.url = f"https://{MARK}.example/"
        details.save()
        person.last_name = MARK
        person.save()
    world.other.refresh_from_db()
    return world


def others(world: World, model: type[Model]) -> list[Model]:
    """The rows that belong to the other workshop and not to one's own; none of what teams share."""
    if model._meta.label_lower in SHARED:
        return []
    ways = TO_WORKSHOP.get(model) or tuple(_ways(model))
    if not ways:
        return [row for row in model._default_manager.all() if _names(row, world)]
    theirs, own = models.Q(), models.Q()
    for way in ways:
        theirs |= models.Q(**{way: world.other.pk})
        own |= models.Q(**{way: world.own.pk})
    return list(
        model._default_manager.filter(theirs).exclude(pk__in=model._default_manager.filter(own)).distinct()
    )


def theirs(world: World) -> list[tuple[str, Model]]:
    return [(label, row) for label in SCOPED for row in others(world, ADMINS[label].model)]


def _ways(model: type[Model], seen: tuple[type[Model], ...] = ()) -> Iterator[str]:
    """The chains of foreign keys that lead from a model to a workshop."""
    if model is Workshop:
        yield "pk"
        return
    for field in model._meta.concrete_fields:
        related = field.related_model
        if not isinstance(related, type) or related in {*seen, model}:
            continue
        if field.null and related is not Workshop:
            continue
        for way in _ways(related, (*seen, model)):
            yield field.name if way == "pk" else f"{field.name}__{way}"


def _names(row: Model, world: World) -> bool:
    """Rows without a relation, such as entries of the log and addresses: by the mark, or by the workshop they name."""
    held = {name: str(value) for name, value in vars(row).items()}
    place = getattr(row, "additional_data", None) or {}
    return any(MARK in value for value in held.values()) or place.get("workshop") == world.other.pk


def named(label: str, page: str) -> str:
    return f"admin:{label.replace('.', '_')}_{page}"


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all models of the admin, to see that nothing changed."""
    with override("de"):
        return {
            label: list(each.model._base_manager.order_by("pk").values()) for label, each in ADMINS.items()
        }


def leaks(answer: Any) -> bool:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return MARK.encode() in content.lower()


def test_every_model_of_the_admin_is_looked_at(marked: World) -> None:
    without = {label for label in SCOPED if not others(marked, ADMINS[label].model)}
    assert without == set()


def test_no_page_of_anothers_row_opens_or_changes_anything(marked: World, sign_in: Any) -> None:
    client = sign_in(marked.member)
    before = everything()
    for label, row in theirs(marked):
        for page in ("change", "history", "delete"):
            url = reverse(named(label, page), args=[row.pk])
            for answer in (
                client.get(url),
                client.get(url, {"_to_field": "id", "_popup": "1"}),
                client.post(url, {"post": "yes"}),
                client.post(url, {"_popup": "1", "_to_field": "id", "_save": "x"}),
            ):
                assert answer.status_code in {403, 404}, (url, answer.status_code)
                assert not leaks(answer), url
    assert everything() == before


def test_no_other_address_of_a_model_takes_anothers_row(marked: World, sign_in: Any) -> None:
    """Steps, "show", "move up", whatever there is: with the key in the address, and with it in the form."""
    client = sign_in(marked.member)
    before = everything()
    for label, row in theirs(marked):
        for url in addresses_beside_the_usual(label, row):
            sent = {"ids": row.pk, "id": row.pk, "sure": "yes", "back": "yes", "reason": "x", "place": "1"}
            assert client.get(url, sent).status_code in {302, 400, 403, 404, 405}, url
            answer = client.post(url, sent)
            assert answer.status_code in {400, 403, 404, 405}, (url, answer.status_code)
            assert not leaks(answer), url
    assert everything() == before


# Pages that take no row at all; each is looked at for the mark by the next test.
WITHOUT_A_ROW = {"admin:registration_invitation_invite", "admin:registration_registration_deciding"}


def addresses_beside_the_usual(label: str, row: Model) -> Iterator[str]:
    model_admin = ADMINS[label]
    usual = {named(label, page).partition(":")[2] for page in DEFAULT_PAGES}
    for pattern in model_admin.get_urls():
        name = getattr(pattern, "name", None)
        if not name or name in usual or f"admin:{name}" in WITHOUT_A_ROW:
            continue
        gaps = list(pattern.pattern.converters)
        if gaps == ["name"]:
            yield from (reverse(f"admin:{name}", args=[step.name]) for step in model_admin.steps)
        else:
            yield reverse(f"admin:{name}", args=[row.pk] if gaps else [])


def test_no_list_and_no_form_names_anything_of_the_others(marked: World, sign_in: Any) -> None:
    client = sign_in(marked.member)
    for label in ADMINS:
        for query in queries(label, marked):
            answer = client.get(reverse(named(label, "changelist")), query)
            assert answer.status_code in {200, 302, 403}, (label, query)
            assert not _beyond_the_question(answer), (label, query)
        for page in (reverse(named(label, "add")), *_own_pages(label, client)):
            assert not leaks(client.get(page, follow=True)), page


def queries(label: str, world: World) -> Iterator[dict[str, Any]]:
    """The list as it is, searched for the mark, and with every filter set to what is the others'."""
    yield from ({}, {"q": MARK}, {"_popup": "1", "_to_field": "id"}, {"all": "1"})
    yield from ({"id__exact": row.pk} for row in others(world, ADMINS[label].model)[:1])
    for given in ADMINS[label].list_filter:
        name = given[0] if isinstance(given, tuple) else getattr(given, "parameter_name", given)
        for value in (world.other.pk, MARK):
            yield from ({name: value}, {f"{name}__id__exact": value}, {f"{name}__exact": value})


def _beyond_the_question(answer: Any) -> bool:
    """The mark, but for where the page repeats what was asked: in the search's own input and in addresses."""
    html = answer.content.decode().lower()
    html = re.sub(r'(?:value|href|action)="[^"]*"', "", html)
    return MARK in html


def _own_pages(label: str, client: Client) -> Iterator[str]:
    """Pages of one's own rows, with their choices and inlines."""
    listed = client.get(reverse(named(label, "changelist")))
    if listed.status_code == 200:
        for row in list(listed.context["cl"].result_list)[:2]:
            yield reverse(named(label, "change"), args=[row.pk])


def test_no_action_reaches_the_others_rows(marked: World, sign_in: Any) -> None:
    client = sign_in(marked.member)
    before = _marked_of_all()
    for label, model_admin in ADMINS.items():
        url = reverse(named(label, "changelist"))
        listed = client.get(url)
        if listed.status_code == 403:
            continue
        keys = [row.pk for row in others(marked, model_admin.model)]
        for action, _name in model_admin.get_action_choices(listed.wsgi_request):
            sent = {"action": action, "_selected_action": keys, "post": "yes"}
            for query, across in (("", "0"), ("", "1"), (f"?q={MARK}", "1")):
                answer = client.post(url + query, {**sent, "select_across": across})
                assert not (answer.status_code == 200 and _marked_rows(answer)), (label, action)
    assert _marked_of_all() == before


def _marked_rows(answer: Any) -> bool:
    return leaks(answer) if answer.streaming else _beyond_the_question(answer)


def _marked_of_all() -> dict[str, list[str]]:
    return {label: [str(row) for row in found if MARK in str(row)] for label, found in everything().items()}


def test_no_autocomplete_answers_with_the_others(marked: World, sign_in: Any) -> None:
    client = sign_in(marked.member)
    asked = 0
    for model_admin in ADMINS.values():
        for field in [*model_admin.opts.fields, *model_admin.opts.many_to_many]:
            if not field.is_relation:
                continue
            source = {"app_label": model_admin.opts.app_label, "model_name": model_admin.opts.model_name}
            for term in ("", MARK):
                answer = client.get(
                    reverse("admin:autocomplete"), {**source, "field_name": field.name, "term": term}
                )
                assert not leaks(answer), (source, field.name)
                asked += 1
    assert asked > 40


def test_no_form_takes_a_foreign_key_of_the_others(marked: World, sign_in: Any) -> None:
    client = sign_in(marked.member)
    tried = set()
    for label in ADMINS:
        url = reverse(named(label, "add"))
        page = client.get(url)
        if page.status_code != 200:
            continue
        foreign = {
            name: others(marked, field.queryset.model)[0].pk
            for name, field in page.context["adminform"].form.fields.items()
            if hasattr(field, "queryset") and field.queryset.model._meta.label_lower in SCOPED
        }
        prefixes = [inline.formset.prefix for inline in page.context["inline_admin_formsets"]]
        sent = {f"{prefix}-{name}_FORMS": 0 for prefix in prefixes for name in ("TOTAL", "INITIAL")}
        answer = client.post(url, {**sent, **foreign})
        assert answer.status_code == 422, label
        assert set(foreign) <= set(answer.context["adminform"].form.errors), label
        tried |= {(label, name) for name in foreign}
    assert tried >= {("registration.accessdetails", "day"), ("workshops.workshopday", "workshop")}


def test_the_start_page_and_the_pages_without_a_row_name_nothing_of_the_others(
    marked: World, sign_in: Any
) -> None:
    client = sign_in(marked.member)
    pages = ["admin:index", *WITHOUT_A_ROW]
    for page in pages:
        assert not leaks(client.get(reverse(page))), page
    for app in {model_admin.opts.app_label for model_admin in ADMINS.values()}:
        assert not leaks(client.get(reverse("admin:app_list", args=[app])))


def test_a_link_from_a_row_to_the_site_names_nothing_of_the_others(marked: World, sign_in: Any) -> None:
    from django.contrib.contenttypes.models import ContentType

    client = sign_in(marked.member)
    for label in SCOPED:
        kind = ContentType.objects.get_for_model(ADMINS[label].model, for_concrete_model=False)
        for row in others(marked, ADMINS[label].model)[:1]:
            answer = client.get(reverse("admin:view_on_site", args=[kind.pk, row.pk]))
            assert answer.status_code == 404
