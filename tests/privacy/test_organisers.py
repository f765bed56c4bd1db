from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry as AuditEntry
from django.contrib.admin.models import LogEntry as AdminEntry
from django.urls import reverse

from registration.domain.erase import erase_participant
from registration.models import Participant, Registration
from tests import factories
from tests.admin.test_people import choose, outcomes, sure
from tests.privacy.conftest import counters_are_right
from tests.registration_pages.helpers import everything
from tests.world import World, register
from workshops.models import Conference, Membership

PEOPLE = reverse("admin:registration_participant_changelist")
STEP = reverse("admin:registration_participant_step", args=["erase"])


def page_of(person: Participant) -> str:
    return reverse("admin:registration_participant_change", args=[person.pk])


def test_who_leads_the_conference_first_sees_and_then_erases(world: World, sign_in: Any) -> None:
    row = register(world.own, status="confirmed")
    person = row.participant
    register(world.other, participant=person)
    client = sign_in(world.lead, "en")
    assert STEP in client.get(page_of(person)).content.decode()
    before = everything()
    page = choose(client, PEOPLE, "erase", [person])
    assert outcomes(page) == [("known, 2 registrations", "done", "erased for good")]
    assert everything() == before
    assert "e-mail" not in page.content.decode().split("</ul></div>")[0].split('role="status"')[1]
    done = sure(client, page)
    assert outcomes(done) == [("known, 2 registrations", "done", "erased for good")]
    assert not Participant.objects.filter(pk=person.pk).exists()
    assert client.get(page_of(person)).status_code == 404
    assert counters_are_right(world.own)


def test_the_histories_say_that_somebody_was_erased_and_not_who(world: World, sign_in: Any) -> None:
    person = factories.make_participant(world.conference, last_name="Kanarya", email="kanarya@example.org")
    client = sign_in(world.lead)
    client.post(STEP, {"ids": person.pk, "sure": "yes"})
    [entry] = AuditEntry.objects.filter(object_pk=str(person.pk), content_type__model="participant")
    assert (entry.object_repr, entry.action, entry.actor) == (str(person.pk), 2, world.lead)
    assert not AdminEntry.objects.filter(object_repr__icontains="kanarya").exists()
    assert not AuditEntry.objects.filter(object_repr__icontains="kanarya").exists()


def test_who_is_erased_while_an_organiser_edits_them_does_not_come_back(
    world: World, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = factories.make_participant(world.conference)
    client = sign_in(world.lead)
    clean = Participant.full_clean

    def erase_meanwhile(self: Participant, *args: Any, **kwargs: Any) -> None:
        erase_participant(participant_id=person.pk)
        clean(self, *args, **kwargs)

    monkeypatch.setattr(Participant, "full_clean", erase_meanwhile)
    inlines = {
        f"{name}-{field}": "0"
        for name in ("registrations", "invitations", "consents")
        for field in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    assert client.post(page_of(person), {"first_name": "Ada", **inlines}).status_code == 404
    assert not Participant.objects.filter(conference=world.conference, first_name="Ada").exists()


def test_several_people_are_erased_at_once(world: World, sign_in: Any) -> None:
    rows = [register(world.own, status="confirmed") for _ in range(3)]
    people = [row.participant for row in rows]
    page = choose(sign_in(world.lead, "en"), PEOPLE, "erase", people)
    assert [kind for _before, kind, _after in outcomes(page)] == ["done"] * 3
    sure(sign_in(world.lead), page)
    assert Registration.objects.filter(pk__in=[row.pk for row in rows]).count() == 0
    assert counters_are_right(world.own)


def test_who_looks_after_one_workshop_erases_nobody(world: World, sign_in: Any) -> None:
    person = register(world.own).participant
    client = sign_in(world.member, "en")
    before = everything()
    assert STEP not in client.get(page_of(person)).content.decode()
    assert client.post(STEP, {"ids": person.pk, "sure": "yes"}).status_code == 403
    assert choose(client, PEOPLE, "erase", [person]).status_code in {200, 302}
    assert everything() == before


def test_who_leads_another_conference_erases_nobody_here(world: World, sign_in: Any) -> None:
    """Not even in the workshop here that they look after."""
    elsewhere = factories.make_conference(is_current=False)
    organiser = factories.make_organiser(conference=elsewhere)
    Membership.objects.create(user=organiser, conference=world.conference, workshop=world.own)
    person = register(world.own).participant
    client = sign_in(organiser, "en")
    assert STEP not in client.get(page_of(person)).content.decode()
    before = everything()
    page = client.post(STEP, {"ids": person.pk, "sure": "yes"})
    assert outcomes(page) == [
        (
            "known, 1 registration",
            "refused",
            "Only somebody who leads the whole conference can erase people.",
        )
    ]
    assert everything() == before
    stranger = register(world.other).participant
    assert client.post(STEP, {"ids": stranger.pk, "sure": "yes"}).status_code == 404


@pytest.mark.parametrize(
    ("days", "said"), [(None, "never"), (90, "17 September 2020, "), (0, "19 June 2020, ")]
)
def test_the_conferences_page_says_when_personal_data_go(
    db: None, sign_in: Any, days: int | None, said: str
) -> None:
    import datetime as dt

    conference = factories.make_conference(
        starts_on=dt.date(2020, 6, 15), ends_on=dt.date(2020, 6, 18), retention_days=days
    )
    client = sign_in(factories.make_organiser(conference=conference), "en")
    page = client.get(reverse("admin:workshops_conference_change", args=[conference.pk])).content.decode()
    shown = page.split("field-personal_data_go")[1].split("</div></div>")[0]
    assert said in shown
    if days is not None:
        assert '<span class="clock">00:00 CET</span> / <span class="clock">01:00 TRT</span>' in shown


def test_the_days_can_be_changed_by_who_leads_the_conference(conference: Conference, sign_in: Any) -> None:
    client = sign_in(factories.make_organiser(conference=conference), "en")
    url = reverse("admin:workshops_conference_change", args=[conference.pk])
    form = client.get(url).context["adminform"].form
    sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert client.post(url, {**sent, "retention_days": "30"}).status_code == 302
    conference.refresh_from_db()
    assert conference.retention_days == 30
