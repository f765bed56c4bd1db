"""The programme as an organiser edits it: three languages, both clocks, clear errors with status 422."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import AuditEntry
from tests import factories
from tests.world import World, day_of, register, session_of
from workshops.models import Conference, Organisation, Release, Session, Workshop, WorkshopDay

EMPTY = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would send if the organiser pressed Save at once."""
    data: dict[str, Any] = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            parts = bound.field.widget
            name = form.add_prefix(bound.name)
            decompress = getattr(getattr(parts, "widget", parts), "decompress", None)
            if decompress:
                for number, part in enumerate(decompress(value)):
                    data[f"{name}_{number}"] = "" if part is None else part
            elif value is not None and value is not False:
                data[name] = value
    return data


def change_url(obj: Any) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def save(client: Any, obj: Any, **changes: Any) -> Any:
    url = change_url(obj)
    data = form_of(client.get(url))
    return client.post(url, {**data, **changes})


def errors_of(page: Any) -> dict[str, Any]:
    return dict(page.context["adminform"].form.errors)


def stored(model: Any, pk: int) -> dict[str, Any]:
    """A row without the columns that only mirror one of the languages."""
    names = [field.attname for field in model._meta.concrete_fields]
    row: dict[str, Any] = (
        model.objects.filter(pk=pk).values(*(name for name in names if f"{name}_de" not in names)).get()
    )
    return {name: "" if value is None else value for name, value in row.items()}


@pytest.mark.parametrize("who", ["boss", "lead", "member"])
def test_what_is_saved_unchanged_stays_the_same(world: World, sign_in: Any, who: str) -> None:
    client = sign_in(getattr(world, who))
    for obj in (world.own, day_of(world.own), session_of(world.own)):
        model: Any = type(obj)
        before = stored(model, obj.pk)
        assert save(client, obj).status_code == 302
        assert stored(model, obj.pk) == before


def test_texts_sent_as_browsers_send_them_stay_the_same(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    save(client, world.own)
    Workshop.objects.filter(pk=world.own.pk).update(goals_de="Erstens\n\nZweitens")
    before = AuditEntry.objects.count()

    assert save(client, world.own, goals_de="Erstens\r\n\r\nZweitens").status_code == 302

    world.own.refresh_from_db()
    assert (world.own.goals_de, AuditEntry.objects.count()) == ("Erstens\n\nZweitens", before)


def test_each_text_is_edited_in_three_columns(world: World, sign_in: Any) -> None:
    page = sign_in(world.boss, "en").get(change_url(world.own)).content.decode()
    for code, name in (("de", "Deutsch"), ("tr", "Türkçe"), ("en", "English")):
        assert f'name="title_{code}"' in page
        assert f'lang="{code}"' in page
        assert f"({name})" in page


def test_texts_of_all_languages_are_kept_and_can_be_cleared(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "de")
    answer = save(client, world.own, title_de="Neu", title_tr="Yeni İşler", title_en="")
    assert answer.status_code == 302
    row = Workshop.objects.values_list("title_de", "title_tr", "title_en").get(pk=world.own.pk)
    assert [value or "" for value in row] == ["Neu", "Yeni İşler", ""]


def test_a_title_in_turkish_alone_is_enough(world: World, sign_in: Any) -> None:
    client = sign_in(world.boss, "de")
    assert save(client, world.own, title_de="", title_tr="Yalnız Türkçe", title_en="").status_code == 302
    assert Workshop.objects.get(pk=world.own.pk).title == "Yalnız Türkçe"


def test_a_title_in_no_language_is_refused_at_the_field(world: World, sign_in: Any) -> None:
    answer = save(sign_in(world.boss, "en"), world.own, title_de="", title_tr="", title_en="")
    assert answer.status_code == 422
    assert errors_of(answer) == {"title_de": ["Give this text in at least one language."]}


def test_lists_mark_a_missing_language(world: World, sign_in: Any) -> None:
    Workshop.objects.filter(pk=world.own.pk).update(title_tr="")
    page = sign_in(world.lead, "en").get(reverse("admin:workshops_workshop_changelist")).content.decode()
    assert "Türkçe: missing: title" in page


def test_a_capacity_below_what_is_taken_is_refused_at_the_field(world: World, sign_in: Any) -> None:
    for _ in range(3):
        register(world.own, status="confirmed")
    answer = save(sign_in(world.lead, "en"), world.own, capacity_active=2)
    assert answer.status_code == 422
    assert errors_of(answer) == {
        "capacity_active": ["3 places are already taken; the limit cannot be lower."]
    }
    assert Workshop.objects.get(pk=world.own.pk).capacity_active == 30


def test_a_place_taken_between_check_and_save_is_refused_and_not_an_error_500(
    world: World, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form found the limit right; the database sees the place somebody took in the same moment."""
    from workshops.admin.workshop import WorkshopForm

    register(world.own, status="confirmed")
    register(world.own, status="confirmed")
    monkeypatch.setattr(WorkshopForm, "_keep_what_is_taken", lambda self: None)
    answer = save(sign_in(world.lead, "en"), world.own, capacity_active=1, title_en="Typed before")
    assert answer.status_code == 422
    assert "Somebody else changed this at the same time" in str(errors_of(answer)["__all__"])
    assert "Typed before" in answer.content.decode()
    assert Workshop.objects.get(pk=world.own.pk).capacity_active == 30


@pytest.mark.django_db(transaction=True)
def test_raising_the_capacity_promotes_who_waits(world: World, sign_in: Any) -> None:
    Workshop.objects.filter(pk=world.own.pk).update(capacity_active=1)
    world.own.refresh_from_db()
    register(world.own, status="confirmed")
    waiting = register(world.own, status="waitlisted")
    assert save(sign_in(world.lead), world.own, capacity_active=2).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.status, waiting.role) == ("confirmed", "active")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opens": "15:00", "closes": "14:00"}, "__all__"),
        ({"opens": "09:00", "closes": ""}, "__all__"),
        ({"date": "2027-03-28", "opens": "02:30", "closes": "05:00"}, "opens"),
        ({"date": "2026-10-25", "opens": "01:00", "closes": "02:30"}, "closes"),
        ({"date": "0001-01-01"}, "date"),
        ({"date": "9999-12-31", "opens": "23:00", "closes": "23:59"}, "date"),
        ({"date": "31.31.2026"}, "date"),
    ],
)
def test_impossible_times_of_a_day_are_refused(
    world: World, sign_in: Any, changes: dict[str, str], field: str
) -> None:
    answer = save(sign_in(world.lead, "de"), day_of(world.own), **changes)
    assert answer.status_code == 422
    assert field in errors_of(answer)


def test_turkish_dates_may_have_points_or_slashes(world: World, sign_in: Any) -> None:
    for typed in ("16.06.2027", "16/06/2027"):
        assert save(sign_in(world.lead, "tr"), day_of(world.own), date=typed).status_code == 302
        assert day_of(world.own).date == dt.date(2027, 6, 16)


def test_a_day_entered_together_with_a_new_workshop_is_checked_as_well(world: World, sign_in: Any) -> None:
    data = {
        "conference": world.conference.pk,
        "title_de": "Neu",
        "slug": "neu",
        "kind": "workshop",
        "position": 0,
        "admission": "open",
        "confirmation": "manual",
        "promotion": "at_once",
        "offer_hours": "16",
        "join_minutes": "30",
        "workshop_hosts-TOTAL_FORMS": 0,
        "workshop_hosts-INITIAL_FORMS": 0,
        "days-TOTAL_FORMS": 1,
        "days-INITIAL_FORMS": 0,
        "days-0-date": "2027-03-28",
        "days-0-opens": "02:30",
        "days-0-closes": "05:00",
    }
    url = reverse("admin:workshops_workshop_add")
    client = sign_in(world.lead, "en")
    assert client.post(url, data).status_code == 422
    assert client.post(url, {**data, "days-0-opens": "03:30"}).status_code == 302
    assert WorkshopDay.objects.get(workshop__slug="neu").opens == dt.time(3, 30)


@pytest.mark.parametrize("minutes", ["-5", "0", "100000", "ten"])
def test_an_impossible_duration_is_refused(world: World, sign_in: Any, minutes: str) -> None:
    answer = save(sign_in(world.lead), session_of(world.own), duration_minutes=minutes)
    assert answer.status_code == 422
    assert "duration_minutes" in errors_of(answer)


def test_sessions_show_both_clocks_derived_from_order_and_duration(
    conference: Conference, sign_in: Any
) -> None:
    workshop = factories.make_workshop(conference, with_day=False)
    day = factories.make_day(workshop, date=dt.date(2027, 6, 15))
    factories.make_session(day, position=1, duration_minutes=5)
    second = factories.make_session(day, position=2, duration_minutes=10)
    client = sign_in(factories.make_organiser(conference=conference), "en")
    on_the_day = client.get(change_url(day)).content.decode()
    on_its_own = client.get(change_url(second)).content.decode()
    for page in (on_the_day, on_its_own):
        assert (
            '<span class="clock">09:35–09:45 CET</span> / <span class="clock">10:35–10:45 TRT</span>' in page
        )
    assert "CET = German time, UTC+2 (summer time); TRT = Turkish time, UTC+3" in on_the_day


def test_a_session_added_on_the_days_page_belongs_to_it(world: World, sign_in: Any) -> None:
    day = day_of(world.own)
    new = {
        "sessions-TOTAL_FORMS": 2,
        "sessions-1-day": day.pk,
        "sessions-1-position": 9,
        "sessions-1-kind": "discussion",
        "sessions-1-title_tr": "Tartışma",
        "sessions-1-duration_minutes": 20,
    }
    assert save(sign_in(world.member), day, **new).status_code == 302
    assert Session.objects.get(title_tr="Tartışma").day == day


def test_a_part_added_on_a_sessions_page_lies_on_the_same_day(world: World, sign_in: Any) -> None:
    session = session_of(world.own)
    new = {
        "parts-TOTAL_FORMS": 2,
        "parts-1-parent": session.pk,
        "parts-1-position": 9,
        "parts-1-kind": "presentation",
        "parts-1-title_de": "Kiel und Samsun",
    }
    assert save(sign_in(world.member), session, **new).status_code == 302
    part = Session.objects.get(title_de="Kiel und Samsun")
    assert (part.day, part.parent) == (session.day, session)


def test_a_session_cannot_become_a_part_of_its_own_part(world: World, sign_in: Any) -> None:
    session = session_of(world.own)
    answer = save(sign_in(world.boss), session, parent=session.parts.get().pk)
    assert answer.status_code == 422
    assert "parent" in errors_of(answer)


def test_registration_window_is_typed_on_the_home_clock_and_shown_on_both(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    answer = save(
        client,
        world.own,
        registration_opens_at_0="2027-06-01",
        registration_opens_at_1="09:00",
        registration_closes_at_0="2027-06-10",
        registration_closes_at_1="23:30",
    )
    assert answer.status_code == 302
    workshop = Workshop.objects.get(pk=world.own.pk)
    assert workshop.registration_opens_at == dt.datetime(2027, 6, 1, 7, tzinfo=dt.UTC)
    page = client.get(change_url(workshop)).content.decode()
    assert "1 June 2027, " in page
    assert '<span class="clock">23:30 CET</span> / <span class="clock">00:30 (+1) TRT</span>' in page


def test_a_registration_window_in_a_clock_change_night_is_refused(world: World, sign_in: Any) -> None:
    answer = save(
        sign_in(world.lead), world.own, registration_opens_at_0="2027-03-28", registration_opens_at_1="02:30"
    )
    assert answer.status_code == 422
    assert "registration_opens_at" in errors_of(answer)


def test_a_home_zone_in_which_the_programme_has_no_such_time_is_refused(world: World, sign_in: Any) -> None:
    # 02:30 exists in Istanbul on the night in which Germany puts its clocks forward.
    Conference.objects.filter(pk=world.conference.pk).update(home_zone="Asia/Tokyo")
    factories.make_day(world.own, date=dt.date(2027, 3, 28), opens=dt.time(2, 30), closes=dt.time(4, 0))
    conference = Conference.objects.get(pk=world.conference.pk)
    answer = save(sign_in(world.lead, "en"), conference, home_zone="Europe/Berlin")
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["home_zone"]
    assert save(sign_in(world.lead, "en"), conference, home_zone="Not/There").status_code == 422


@pytest.mark.parametrize("text", ["a\x00b", "x" * 400])
def test_text_the_database_cannot_hold_is_refused(world: World, sign_in: Any, text: str) -> None:
    answer = save(sign_in(world.lead), world.own, title_de=text)
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["title_de"]


def test_emoji_and_right_to_left_text_are_kept(world: World, sign_in: Any) -> None:
    organisation = Organisation.objects.filter(conference=world.conference).first()
    assert organisation is not None
    assert save(sign_in(world.lead), organisation, name_de="🌉 مدينة Köln").status_code == 302
    organisation.refresh_from_db()
    assert organisation.name_de == "🌉 مدينة Köln"


def test_an_address_used_twice_is_refused(world: World, sign_in: Any) -> None:
    answer = save(sign_in(world.lead, "en"), world.own, slug=world.other.slug)
    assert answer.status_code == 422
    assert errors_of(answer) == {
        "__all__": ["Workshop with this Conference and Short name in addresses already exists."]
    }


def test_what_belongs_to_another_conference_is_refused(world: World, sign_in: Any) -> None:
    foreign = factories.make_platform(factories.make_conference(slug="next", is_current=False))
    answer = save(sign_in(world.boss, "en"), world.own, platform=foreign.pk)
    assert answer.status_code == 422
    assert errors_of(answer) == {"platform": ["This belongs to another conference."]}


def test_releasing_publishes_the_programme_with_a_note(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    url = reverse("admin:workshops_release_add")
    page = client.get(url)
    assert "Release now" in page.content.decode()
    sent = {"conference": world.conference.pk, "seen": page.context["present"].digest}
    answer = client.post(url, {**sent, "note_de": "Antalya bestätigt", "_save": "x"})
    assert answer.status_code == 303
    release = Release.objects.order_by("-number").first()
    assert release is not None
    assert (release.number, release.note, release.published_by) == (2, "Antalya bestätigt", world.lead)


def test_the_start_page_says_when_the_public_sees_something_older(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    said = "The programme has been edited since"
    assert said not in client.get(reverse("admin:index")).content.decode()
    save(client, world.own, title_en="A new title")
    assert said in client.get(reverse("admin:index")).content.decode()
    url = reverse("admin:workshops_release_add")
    client.post(url, {"seen": client.get(url).context["present"].digest})
    assert said not in client.get(reverse("admin:index")).content.decode()


def test_a_release_is_never_changed(world: World, sign_in: Any) -> None:
    release = Release.objects.get()
    assert sign_in(world.boss).post(change_url(release), {"note": "x"}).status_code == 403
    release.refresh_from_db()
    assert release.note == "Erste Fassung"


def test_a_programme_with_an_impossible_time_is_not_released(world: World, sign_in: Any) -> None:
    WorkshopDay.objects.filter(workshop=world.own).update(
        date=dt.date(2027, 3, 28), opens=dt.time(2, 30), closes=dt.time(4, 0)
    )
    client = sign_in(world.boss, "en")
    answer = client.post(
        reverse("admin:workshops_release_add"), {"conference": world.conference.pk, "note": ""}
    )
    assert answer.status_code == 422
    assert client.get(change_url(day_of(world.own))).status_code == 200
    assert client.get(reverse("admin:workshops_workshopday_changelist")).status_code == 200
    assert Release.objects.count() == 1


def test_a_day_is_deleted_on_its_own_page_only(world: World, sign_in: Any) -> None:
    day = day_of(world.own)
    client = sign_in(world.boss, "en")
    save(client, world.own, **{"days-0-DELETE": "on"})
    assert WorkshopDay.objects.filter(pk=day.pk).exists()
    delete = reverse("admin:workshops_workshopday_delete", args=[day.pk])
    assert "access details" in client.get(delete).content.decode()
    assert client.post(delete, {"post": "yes"}).status_code == 403
    for kept in (day.access_details, day.access_codes, day.attendances):
        kept.all().delete()
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not WorkshopDay.objects.filter(pk=day.pk).exists()


def test_an_organisers_account_is_made_by_its_address(world: World, sign_in: Any) -> None:
    from conference.models import User

    client = sign_in(world.boss)
    data = {
        "email": "Yeni@Example.org",
        "first_name": "Ayşe",
        "last_name": "Şahin",
        "is_active": "on",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "memberships-0-conference": world.conference.pk,
        "memberships-0-workshop": world.own.pk,
        "memberships-0-role": "lead",
    }
    assert client.post(reverse("admin:accounts_user_add"), data).status_code == 302
    user = User.objects.get(email="yeni@example.org")
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (True, False, False)
    assert [row.workshop for row in user.memberships.all()] == [world.own]
    assert client.post(reverse("admin:accounts_user_add"), data).status_code == 422


def test_history_and_dates_are_on_the_home_clock(world: World, sign_in: Any) -> None:
    page = sign_in(world.boss, "en").get(reverse("admin:index")).content.decode()
    assert "CET</span> / <span" in page
    assert timezone.get_current_timezone_name() == "UTC"
