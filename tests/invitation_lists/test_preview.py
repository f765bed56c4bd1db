"""Before anything is sent, each row says what is known and what would be done."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.domain.invitation_lists.change_list import change_list
from registration.domain.invitation_lists.send_list import send_list
from registration.domain.invite import invite
from registration.domain.suppress import suppress
from registration.domain.transitions import NotPossible
from registration.models import Invitation, Message, Participant
from tests import factories
from tests.invitation_lists.conftest import keep, states
from tests.world import register
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


def test_every_row_says_what_was_found(digital: Workshop, youth: Workshop) -> None:
    conference = digital.conference
    factories.make_participant(conference, email="known@b.org")
    invite(conference=conference, email="invited@b.org", workshops=[digital])
    invite(conference=conference, email="partly@b.org", workshops=[digital])
    register(digital, participant=factories.make_participant(conference, email="registered@b.org"))
    suppress(conference=conference, email="no@b.org", reason="declined")
    before = Message.objects.count()
    kept = keep(
        "E-Mail\tWorkshop\nnew@b.org\t\nknown@b.org\t\ninvited@b.org\t\nregistered@b.org\t\nNew@b.org\t\n"
        "no@b.org\t\nbroken\t\npartly@b.org\t1; 4\nlost@b.org\t9\n",
        digital,
        allowed=[digital, youth],
    )
    assert states(kept) == [
        (2, "new", "waiting", ""),
        (3, "known", "waiting", ""),
        (4, "invited", "waiting", ""),
        (5, "registered", "waiting", ""),
        (6, "duplicate", "skipped", "This address stands in row 2 already."),
        (7, "unwanted", "waiting", ""),
        (8, "malformed", "refused", "“broken” is not an e-mail address."),
        (
            9,
            "known",
            "waiting",
            "Invited to or registered for some of these workshops already; is invited to the others.",
        ),
        (10, "malformed", "refused", "“9” is none of your workshops in this conference."),
    ]
    assert Message.objects.count() == before
    assert not Participant.objects.filter(email="new@b.org").exists()


@pytest.mark.parametrize(
    ("word", "slugs"),
    [
        ("1", ["digitale-stadt"]),
        ("Workshop 4", ["jugendaustausch"]),
        ("Çalıştay 4", ["jugendaustausch"]),
        ("Nr. 1 und 4", ["digitale-stadt", "jugendaustausch"]),
        ("4,1", ["jugendaustausch", "digitale-stadt"]),
        ("JUGENDAUSTAUSCH", ["jugendaustausch"]),
        ("Jugend, Bildung und Austausch", ["jugendaustausch"]),
        ("digitale stadt", ["digitale-stadt"]),
    ],
)
def test_workshops_are_named_by_number_short_name_or_title(
    digital: Workshop, youth: Workshop, word: str, slugs: list[str]
) -> None:
    kept = keep(f"mail\tworkshop\na@b.org\t{word}\n", allowed=[digital, youth])
    by_slug = {workshop.slug: workshop.pk for workshop in (digital, youth)}
    assert [row.workshops for row in kept.rows.all()] == [[by_slug[slug] for slug in slugs]]


def test_somebody_elses_workshop_is_as_unknown_as_none(digital: Workshop, youth: Workshop) -> None:
    kept = keep("mail\tworkshop\na@b.org\t4\nb@b.org\t99\n", digital, allowed=[digital])
    assert [row.reason_text for row in kept.rows.all()] == [
        "“4” is none of your workshops in this conference.",
        "“99” is none of your workshops in this conference.",
    ]


def test_one_person_in_two_rows_gets_one_mail_for_all_their_workshops(
    digital: Workshop, youth: Workshop
) -> None:
    kept = keep("mail\tworkshop\na@b.org\t1\na@b.org\t4\n", allowed=[digital, youth])
    assert [(row.workshops, row.state) for row in kept.rows.all()] == [
        ([digital.pk, youth.pk], "new"),
        ([youth.pk], "duplicate"),
    ]
    assert states(kept)[1][3] == (
        "This address stands in row 2 already; the workshops named here were added there."
    )


def test_what_holds_for_the_whole_list_can_be_changed_and_every_row_is_looked_up_again(
    digital: Workshop, youth: Workshop
) -> None:
    invite(conference=digital.conference, email="a@b.org", workshops=[digital])
    kept = keep("a@b.org\nb@b.org\nbroken", digital, allowed=[digital, youth])
    assert [state for _line, state, *_rest in states(kept)] == ["invited", "new", "malformed"]
    change_list(list_id=kept.pk, workshops=[youth], language="tr", name="Neu", remind_after_days=[14, 7, 7])
    kept.refresh_from_db()
    assert [state for _line, state, *_rest in states(kept)] == ["known", "new", "malformed"]
    assert (kept.language, kept.name, kept.remind_after_days) == ("tr", "Neu", [7, 14])
    change_list(list_id=kept.pk, workshops=[], language="", name="Neu", remind_after_days=[])
    assert [(state, reason) for _line, state, _outcome, reason in states(kept)][:1] == [
        ("malformed", "No workshop is chosen, neither in this row nor for the list.")
    ]
    change_list(list_id=kept.pk, workshops=[youth], language="", name="Neu", remind_after_days=[])
    assert [state for _line, state, *_rest in states(kept)] == ["known", "new", "malformed"]


def test_a_list_that_is_being_sent_is_not_changed(digital: Workshop) -> None:
    kept = keep("a@b.org", digital)
    send_list(list_id=kept.pk)
    with pytest.raises(NotPossible):
        change_list(list_id=kept.pk, workshops=[], language="", name="x", remind_after_days=[])


def test_a_thousand_rows_are_kept_with_few_queries(digital: Workshop) -> None:
    factories.make_participant(digital.conference, email="person1@b.org")
    text = "\n".join(f"person{number}@b.org" for number in range(1_000))
    with CaptureQueriesContext(connection) as captured:
        keep(text, digital)
    reading = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    # People, their invitations and registrations, addresses not to be invited; three for the list's workshops.
    assert len(reading) == 7
    assert len(captured) - len(reading) < 30
    assert Invitation.objects.count() == 0
