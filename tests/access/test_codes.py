"""Personal codes: each is given to one person only, and everybody gets one as long as there are any."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from conference.spreadsheet import xlsx_file
from registration.domain.access import access_for, announce_access, save_access_details
from registration.domain.access_codes.give import give_codes
from registration.domain.access_codes.read import GivenCode, UnreadableCodes, read_codes
from registration.domain.access_codes.shortage import short_of_codes, with_codes_counted
from registration.domain.access_codes.upload import CodesInUse, Uploaded, discard_codes, upload_codes
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.erase import erase_participant
from registration.domain.figures.programme_state import programme_state
from registration.domain.outbox.stop import stop_message
from registration.domain.transitions import NotPossible
from registration.domain.undo_decision import undo_decision
from registration.mails.render import render
from registration.models import AccessCode, AccessDetails, AccessTold, Message, Registration
from tests import factories
from tests.access.conftest import owed, register
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db


def given(*codes: str) -> list[GivenCode]:
    return [GivenCode(line, code) for line, code in enumerate(codes, 1)]


def personal(day: WorkshopDay, **values: object) -> AccessDetails:
    return factories.make_access(day, url="", meeting_number="", passcode="", personal_codes=True, **values)


def holders() -> dict[str, int | None]:
    return {row.code: row.registration_id for row in AccessCode.objects.all()}


def codes_of(registration: Registration) -> list[str]:
    registration.refresh_from_db()
    return [details.own_code for details in access_for(registration=registration)]


def test_everybody_admitted_gets_one_code_each_and_the_mail_about_it(
    workshop: Workshop, day: WorkshopDay
) -> None:
    first, second = register(workshop), register(workshop)
    register(workshop, role="listener")
    register(workshop, status="requested")
    details = personal(day, version=0)

    done = upload_codes(
        details_id=details.pk, codes=given("canary-code-a", "canary-code-b", "canary-code-c"), by=None
    )

    assert done == Uploaded(new=3, known=0, told=2)
    assert holders() == {"canary-code-a": first.pk, "canary-code-b": second.pk, "canary-code-c": None}
    assert owed() == [("access", first.pk), ("access", second.pk)]
    assert (codes_of(first), codes_of(second)) == (["canary-code-a"], ["canary-code-b"])


def test_a_code_meant_for_an_address_is_its_owners_alone(workshop: Workshop, day: WorkshopDay) -> None:
    other = register(workshop)
    owner = register(workshop, email="ada@example.org")
    details = personal(day)
    codes = [
        GivenCode(1, "canary-code-ada", "ada@example.org"),
        GivenCode(2, "canary-code-eve", "eve@example.org"),
    ]

    upload_codes(details_id=details.pk, codes=codes, by=None)

    assert holders() == {"canary-code-ada": owner.pk, "canary-code-eve": None}
    assert owed() == [("access", owner.pk)]
    assert codes_of(other) == []


def test_who_goes_without_is_served_by_the_next_upload(workshop: Workshop, day: WorkshopDay) -> None:
    first, second = register(workshop), register(workshop)
    details = personal(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)
    [counted] = short_of_codes(AccessDetails.objects.all())
    assert (counted.codes_given, counted.codes_free, counted.without_code, counted.codes_short) == (
        1,
        0,
        1,
        1,
    )
    assert owed() == [("access", first.pk)]

    done = upload_codes(details_id=details.pk, codes=given("canary-code-a", "canary-code-b"), by=None)

    assert done == Uploaded(new=1, known=1, told=1)
    assert owed() == [("access", first.pk), ("access", second.pk)]
    assert list(short_of_codes(AccessDetails.objects.all())) == []


def test_a_code_that_is_of_no_use_to_who_waits_does_not_count_as_free(
    workshop: Workshop, day: WorkshopDay
) -> None:
    register(workshop)
    details = personal(day)
    upload_codes(details_id=details.pk, codes=[GivenCode(1, "canary-code-eve", "eve@example.org")], by=None)
    [counted] = with_codes_counted(AccessDetails.objects.filter(pk=details.pk))
    assert (counted.codes_free, counted.without_code, counted.codes_short) == (1, 1, 1)


def test_who_is_confirmed_later_gets_their_code_with_the_confirmation(
    workshop: Workshop, day: WorkshopDay
) -> None:
    details = personal(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)
    later = register(workshop, status="requested")

    confirm_registration(registration_id=later.pk)

    message = Message.objects.get()
    assert (message.kind, codes_of(later)) == ("confirmed", ["canary-code-a"])
    assert "canary-code-a" in str(render(message=message).body)
    assert list(AccessTold.objects.values_list("registration", "version")) == [(later.pk, 1)]


def test_who_is_confirmed_when_none_is_left_is_told_that_it_follows(
    workshop: Workshop, day: WorkshopDay
) -> None:
    details = personal(day)
    later = register(workshop, status="requested")
    confirm_registration(registration_id=later.pk)
    assert codes_of(later) == []

    upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)

    assert owed() == [("access", later.pk)]


def test_a_freed_place_does_not_give_the_code_to_somebody_else(workshop: Workshop, day: WorkshopDay) -> None:
    gone = register(workshop)
    details = personal(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)

    cancel_registration(registration_id=gone.pk)
    heir = register(workshop, status="requested")
    confirm_registration(registration_id=heir.pk)

    assert holders() == {"canary-code-a": gone.pk}
    assert (codes_of(gone), codes_of(heir)) == ([], [])


def test_who_comes_back_gets_the_same_code_again(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    details = personal(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a", "canary-code-b"), by=None)
    cancel_registration(registration_id=person.pk)
    Registration.objects.filter(pk=person.pk).update(status="requested")

    confirm_registration(registration_id=person.pk)

    assert codes_of(person) == ["canary-code-a"]
    assert AccessCode.objects.filter(assigned_at=None).count() == 1


def test_an_erased_persons_code_is_given_to_nobody(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop, email="ada@example.org")
    details = personal(day)
    codes = [GivenCode(1, "canary-code-a"), GivenCode(2, "canary-code-ada", "ada@example.org")]
    upload_codes(details_id=details.pk, codes=codes, by=None)
    upload_codes(details_id=details.pk, codes=[GivenCode(1, "canary-code-x", "ada@example.org")], by=None)

    erase_participant(participant_id=person.participant_id)
    heir = register(workshop, email="ada@example.org")
    upload_codes(details_id=details.pk, codes=[], by=None)

    assert holders() == {"canary-code-a": heir.pk, "canary-code-ada": None, "canary-code-x": None}
    assert list(AccessCode.objects.exclude(email="")) == []


def test_undoing_a_decision_takes_no_second_code(workshop: Workshop, day: WorkshopDay) -> None:
    details = personal(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a", "canary-code-b"), by=None)
    person = register(workshop, status="requested")
    confirm_registration(registration_id=person.pk, undoable=True)
    undo_decision(registration_id=person.pk)
    confirm_registration(registration_id=person.pk)
    assert holders() == {"canary-code-a": person.pk, "canary-code-b": None}


def test_a_code_goes_back_where_its_decision_is_undone_before_anybody_was_told(
    workshop: Workshop, day: WorkshopDay
) -> None:
    details = personal(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)
    person, heir = register(workshop, status="requested"), register(workshop, status="requested")
    confirm_registration(registration_id=person.pk, undoable=True)
    # Their own page does not show it before the mail has left.
    assert (holders(), codes_of(person)) == ({"canary-code-a": person.pk}, [])
    undo_decision(registration_id=person.pk)
    assert holders() == {"canary-code-a": None}
    confirm_registration(registration_id=heir.pk, undoable=True)
    assert holders() == {"canary-code-a": heir.pk}
    Message.objects.filter(registration=heir).update(status="sent", sent_at=timezone.now(), attempts=1)
    assert codes_of(heir) == ["canary-code-a"]
    with pytest.raises(NotPossible):
        undo_decision(registration_id=heir.pk)
    assert holders() == {"canary-code-a": heir.pk}


def test_a_code_that_was_known_or_is_still_needed_does_not_go_back(
    workshop: Workshop, day: WorkshopDay
) -> None:
    details = personal(day)
    person = register(workshop)
    upload_codes(details_id=details.pk, codes=given("canary-code-a", "canary-code-b"), by=None)
    cancel_registration(registration_id=person.pk, undoable=True)
    undo_decision(registration_id=person.pk)
    assert codes_of(person) == ["canary-code-a"]
    # With its mail stopped, the own page is all there is, and it shows the code.
    seen = register(workshop, status="requested")
    confirm_registration(registration_id=seen.pk, undoable=True)
    stop_message(message_id=Message.objects.get(registration=seen).pk)
    assert codes_of(seen) == ["canary-code-b"]
    undo_decision(registration_id=seen.pk)
    assert holders() == {"canary-code-a": person.pk, "canary-code-b": seen.pk}


def test_who_lacks_a_code_is_counted_anew_with_each_change(
    workshop: Workshop, day: WorkshopDay, django_capture_on_commit_callbacks: Any
) -> None:
    details = personal(day)

    def lacking() -> tuple[list[int], int]:
        state = programme_state(conference=workshop.conference)
        return [row.people for row in state.codes_short], sum(f.severity == "warning" for f in state.findings)

    assert lacking() == ([], (before := lacking()[1]))
    person = register(workshop, status="requested")
    assert lacking() == ([], before)
    confirm_registration(registration_id=person.pk)
    assert lacking() == ([1], before + 1)
    with django_capture_on_commit_callbacks(execute=True):
        upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)
    assert lacking() == ([], before)
    other = register(workshop, status="requested")
    confirm_registration(registration_id=other.pk)
    assert lacking() == ([1], before + 1)
    cancel_registration(registration_id=other.pk)
    assert lacking() == ([], before)
    confirm_registration(registration_id=register(workshop, status="requested").pk)
    erase_participant(participant_id=Registration.objects.latest("pk").participant_id)
    assert lacking() == ([], before)


def test_another_role_on_the_same_day_needs_another_code(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop, role="listener")
    for role in ("listener", "active"):
        details = personal(day, role=role)
        upload_codes(details_id=details.pk, codes=given(f"canary-code-{role}"), by=None)
    assert codes_of(person) == ["canary-code-listener"]

    confirm_registration(registration_id=person.pk, role="active")

    assert codes_of(person) == ["canary-code-active"]


def test_the_same_code_is_not_taken_for_two_roles(workshop: Workshop, day: WorkshopDay) -> None:
    upload_codes(details_id=personal(day).pk, codes=given("canary-code-a"), by=None)
    listeners = personal(day, role="listener")
    with pytest.raises(CodesInUse, match="Row 1"):
        upload_codes(details_id=listeners.pk, codes=given("canary-code-a"), by=None)


def test_a_code_is_known_again_under_a_new_secret_key(
    settings: object, workshop: Workshop, day: WorkshopDay
) -> None:
    details = personal(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)
    former = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [former]  # type: ignore[attr-defined]
    assert upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None) == Uploaded(0, 1, 0)


def test_codes_nobody_was_given_can_be_discarded(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    details = factories.make_access(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a", "canary-code-b"), by=None)
    assert discard_codes(details_id=details.pk) == 1
    assert holders() == {"canary-code-a": person.pk}
    details.refresh_from_db()
    assert details.personal_codes


def test_without_any_code_the_shared_details_hold_again(workshop: Workshop, day: WorkshopDay) -> None:
    details = factories.make_access(day)
    upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)
    person = register(workshop)
    assert codes_of(person) == []
    discard_codes(details_id=details.pk)
    assert codes_of(person) == [""]


def test_a_link_of_ones_own_stands_instead_of_everybodys(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    details = factories.make_access(day)
    own = "https://kudo.example/canary-code-7"
    upload_codes(details_id=details.pk, codes=given(own), by=None)
    [mine] = access_for(registration=person)
    assert (mine.link, mine.code, mine.website) == (own, "", own)


def test_codes_wait_for_the_time_of_sending(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    details = AccessDetails(day=day, role="active", hours_before=24)
    save_access_details(details=details, by=None)
    upload_codes(details_id=details.pk, codes=given("canary-code-a"), by=None)
    assert (owed(), holders()) == ([], {"canary-code-a": None})

    announce_access(details_ids=[details.pk])

    assert (owed(), holders()) == ([("access", person.pk)], {"canary-code-a": person.pk})


# Reading lists


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc\n\n def \n", [GivenCode(1, "abc"), GivenCode(3, "def")]),
        ("https://kudo.example/a?b=1&c=d", [GivenCode(1, "https://kudo.example/a?b=1&c=d")]),
        ("ada@example.org;abc", [GivenCode(1, "abc", "ada@example.org")]),
        ("abc\tADA@Example.org", [GivenCode(1, "abc", "ada@example.org")]),
        (
            "E-Posta;Kod\nada@example.org;abc\n;def",
            [GivenCode(2, "abc", "ada@example.org"), GivenCode(3, "def")],
        ),
        ("Zugangscode\nabc", [GivenCode(2, "abc")]),
        (
            "Name,Email,Link\nAda,ada@example.org,https://k/1",
            [GivenCode(2, "https://k/1", "ada@example.org")],
        ),
    ],
)
def test_lists_are_read_as_they_come(text: str, expected: list[GivenCode]) -> None:
    assert read_codes(text=text) == expected
    assert read_codes(name="codes.csv", file=io.BytesIO(text.encode("utf-8-sig"))) == expected


def test_a_workbook_is_read() -> None:
    rows = [["ada@example.org", "abc"], ["", "def"]]
    expected = [GivenCode(2, "abc", "ada@example.org"), GivenCode(3, "def")]
    with xlsx_file(["E-Mail", "Code"], rows) as file:
        assert read_codes(name="codes.xlsx", file=file) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no code in this list."),
        ("Code\n", "There is no code in this list."),
        ("abc\ndef\nabc", "Row 3: the same code stands in row 1."),
        ("Code;E-mail\nabc;nobody", "Row 2: “nobody” is no e-mail address."),
        ("Code;E-mail\n;ada@example.org", "Row 2: there is no code."),
        ("a;b", "Row 1: it is not clear which cell is the code and which the address."),
        ("a;b;c", "Row 1: too many cells; give the columns titles, such as “Code” and “E-mail”."),
    ],
)
def test_mistakes_are_named_by_row_and_nothing_is_taken(text: str, said: str) -> None:
    with pytest.raises(UnreadableCodes) as error:
        read_codes(text=text)
    assert str(error.value) == said


def test_many_mistakes_are_counted() -> None:
    with pytest.raises(UnreadableCodes, match=r"And 2 more\.$"):
        read_codes(text="\n".join(["abc"] * 13))


# At once


def naive(day_id: int, registration: Registration, meanwhile: Callable[[], None]) -> None:
    """What must not be: look, then write, with nothing in between that decides."""
    free = AccessCode.objects.filter(day=day_id, assigned_at=None).order_by("pk").first()
    meanwhile()
    if free is not None:
        free.registration, free.assigned_at = registration, timezone.now()
        free.save()


def _at_once(give: Callable[[Registration], object], people: list[Registration]) -> None:
    start = threading.Barrier(len(people))

    def work(registration: Registration) -> None:
        try:
            start.wait(60)
            with transaction.atomic():
                give(registration)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_looking_first_and_writing_then_loses_a_code(workshop: Workshop, day: WorkshopDay) -> None:
    people = [register(workshop) for _ in range(4)]
    for _ in people:
        factories.make_code(day)
    all_looked = threading.Barrier(len(people))

    _at_once(lambda person: naive(day.pk, person, lambda: all_looked.wait(60)), people)

    assert AccessCode.objects.filter(registration__isnull=False).count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_one_code_each(workshop: Workshop, day: WorkshopDay) -> None:
    people = [register(workshop) for _ in range(8)]
    for _ in range(7):
        factories.make_code(day)

    _at_once(lambda person: give_codes(day_id=day.pk, role="active", registrations=[person]), people)

    given_to = list(AccessCode.objects.values_list("registration", flat=True))
    assert len(set(given_to)) == 7
    assert set(given_to) < {person.pk for person in people}


@pytest.mark.django_db(transaction=True)
def test_an_upload_and_confirmations_at_once_leave_nobody_out(workshop: Workshop, day: WorkshopDay) -> None:
    people = [register(workshop, status="requested") for _ in range(4)]
    details = personal(day)
    codes = given(*(f"canary-code-{number}" for number in range(4)))

    def work(person: Registration) -> None:
        if person is people[0]:
            upload_codes(details_id=details.pk, codes=codes, by=None)
        else:
            confirm_registration(registration_id=person.pk)

    _at_once(work, people)

    assert [len(codes_of(person)) for person in people] == [0, 1, 1, 1]
