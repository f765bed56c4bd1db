"""Parts of a page that are the same for many are kept, with gaps for what is not: each reads as if made for them."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import set_script_prefix
from django.utils.translation import override

from registration.details_form import DETAILS, DetailsForm
from registration.models import Participant, PrivacyVersion
from registration.person_markup import consent_html, person_html
from registration.templatetags import frame
from tests.registration_pages.helpers import Visitor
from workshops.domain.material import material_for
from workshops.domain.release import release_programme
from workshops.models import Conference, Material, Workshop
from workshops.templatetags import calendars

_NOBODY = {**dict.fromkeys(DETAILS, ""), "language": "de"}
_PEOPLE = {
    "nobody": _NOBODY,
    "somebody": {**_NOBODY, "first_name": "Çiğdem", "city": "İzmir", "country": "TR", "language": "tr"},
    "one who writes code": {
        **_NOBODY,
        "first_name": "A\"<b>&'",
        "last_name": "100 %s %(email)s %%",
        "city": "\0",
    },
    "one who knows the gaps": {**_NOBODY, "first_name": "last_name-stands-here", "position": "%(city)s"},
    "one from nowhere": {**_NOBODY, "country": 'X">', "language": "xx"},
}


@pytest.mark.parametrize("language", ["de", "tr", "en"])
@pytest.mark.parametrize("who", _PEOPLE)
def test_a_person_reads_what_is_known_of_them_and_nothing_else(who: str, language: str) -> None:
    participant = Participant(email=f"{'ş' * 3}<{len(who)}>&%d@example.org")
    form = DetailsForm(privacy=None, initial=_PEOPLE[who])

    with override(language):
        shown = [person_html(form, participant=participant) for _time in range(2)]
        made = render_to_string(
            "registration/partials/person.html", {"form": form, "participant": participant}
        )

    assert shown == [made, made]


def test_what_was_sent_is_shown_as_it_was_sent() -> None:
    participant = Participant(email="new@example.org")
    form = DetailsForm(privacy=None, data={**_NOBODY, "city": "<Köln>"})

    with override("de"):
        shown = person_html(form, participant=participant)

    assert ["&lt;Köln&gt;" in shown, "field--error" in shown] == [True, True]


def test_each_wording_of_the_consent_is_shown_as_itself() -> None:
    def shown(number: int, text: str, language: str) -> list[bool]:
        with override(language):
            html = consent_html(
                DetailsForm(privacy=PrivacyVersion(number=number)), {"de": text, "tr": "", "en": ""}
            )
        return [text in html, f'value="{number}"' in html, f'href="/{language}/' in html]

    every = [(1, "Ja, gerne."), (2, "Ja, gerne."), (2, "Ja, sehr gerne.")]
    found = [shown(*version, language) for version in every for language in ("de", "tr")]

    assert found == [[True, True, True]] * 6


def test_the_frame_is_of_this_page_in_this_language_and_of_the_present_release(
    visitor: Visitor, released: Conference
) -> None:
    def frame_of(path: str, language: str) -> tuple[bool, bool, str]:
        html = visitor.get(path, language).content.decode()
        other = {"de": "tr", "tr": "de"}[language]
        here = f'href="/{language}/my/" aria-current="page"' in html
        return here, f'href="/{other}/{path}" lang="{other}"' in html, html.partition("site-footer")[2][:90]

    before = [frame_of(*page) for page in (("register/", "de"), ("my/", "de"), ("my/", "tr")) * 2]
    released.name_de = "Die Konferenz nebenan"
    released.save()
    release_programme(conference=released)
    after = frame_of("my/", "de")

    assert [shown[:2] for shown in before] == [(False, True), (True, True), (True, True)] * 2
    assert "Die Konferenz nebenan" in after[2]


def test_what_is_kept_for_one_path_of_the_site_is_not_read_under_another(visitor: Visitor) -> None:
    def roots(path: str) -> set[str]:
        set_script_prefix(f"{path}/")
        try:
            html = visitor.client.get("/de/register/", SCRIPT_NAME=path).content.decode()
        finally:
            set_script_prefix("/")
        return set(re.findall(r'href="(/[^"]*?)de/\w', html))

    assert [roots(path) for path in ("", "/site", "")] == [{"/"}, {"/site/"}, {"/"}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/de/invitation/a-token-of-somebody/", "/de/register/?from=a-token-of-somebody"]
)
def test_no_address_with_something_of_its_own_is_remembered(path: str, released: Conference) -> None:
    frame._kept.cache_clear()  # a full one grows no more, whatever it remembers
    Client().get("/de/register/")
    before = frame._kept.cache_info().currsize

    answers = [Client().get(path).content for _time in range(2)]

    assert [b"a-token-of-somebody" in answer for answer in answers] == [True, True]
    assert frame._kept.cache_info().currsize == before


def test_calendar_links_are_kept_for_who_is_registered_and_not_for_a_clock_that_somebody_typed(
    visitor: Visitor,
) -> None:
    def kept() -> int:
        return calendars._kept.cache_info().currsize

    visitor.register(**{"workshop-digitale-stadt": "active"})
    calendars._kept.cache_clear()
    address = "/de/workshops/digitale-stadt/?clock="
    public = [Client().get(f"{address}{clock}").content for clock in ("Asia/Tokyo", "America/Lima")]
    after_them = kept()
    own = [visitor.get("my/", "de").content for _time in range(2)]

    assert [b"calendar.google.com" in page for page in (*public, *own)] == [True] * 4
    assert (after_them, kept(), calendars._kept.cache_info().hits) == (0, 1, 1)


def test_material_of_one_workshop_is_read_as_that_of_several(
    workshop: Workshop, manual_workshop: Workshop
) -> None:
    session = workshop.days.get().sessions.create(title="Auftakt", duration_minutes=10)
    for position, audience in enumerate(["participants", "organisers", "everybody"]):
        Material.objects.create(
            session=session,
            title=audience,
            audience=audience,
            url="https://example.org/a.pdf",
            position=position,
        )

    one, both = (
        material_for(audiences=["participants"], workshops=keys)
        for keys in ({workshop.pk}, {workshop.pk, manual_workshop.pk})
    )

    assert one == both
    assert [[entry.title for entry in entries] for entries in one.shown.values()] == [["participants"]]
    assert one.more == {session.pk}
