"""Any sequence of steps keeps the promises: Hypothesis looks for one that does not, and shows it at its shortest.

`EXPLORE=2000 pytest tests/places/test_state_machine.py` looks further, each time elsewhere.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from registration.domain import cancel, promote, transitions
from registration.domain.answer_offer import OfferLapsed, accept_offer, pass_offer
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.decline import decline_registration
from registration.domain.errors import DomainError
from registration.domain.lapse_offers import lapse_offers
from registration.domain.move_up import move_up
from registration.domain.promote import promote_all_waiting, waiting_queue
from registration.domain.register import ChoicesRefused, PersonDetails, submit_registration
from registration.domain.transitions import NoPlaceLeft
from registration.domain.waitlist import put_on_waiting_list, waiting_position, waiting_positions
from registration.models import Message, Participant, Registration
from tests import factories
from tests.places.books import NEW, Book, counts, led_to, mails_of_registrations, state_of
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)

EXPLORE = int(os.environ.get("EXPLORE") or 0)
SLUGS = ("automatic", "by-hand", "offering")
STARTS = {
    "automatic": {"confirmation": "automatic", "promotion": "at_once", "capacity_active": 1},
    "by-hand": {"confirmation": "manual", "promotion": "offer", "capacity_active": 1},
    "offering": {"confirmation": "automatic", "promotion": "offer", "capacity_active": 1},
}
DETAILS = PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr")
# What somebody gets because a place became free; everything else somebody did.
BY_PROMOTION = {Message.Kind.PROMOTED, Message.Kind.OFFERED}
_ROLE, _STATUS = Registration.Role, Registration.Status
NOT_YET_OVER = [_STATUS.REQUESTED, _STATUS.CONFIRMED, _STATUS.WAITLISTED]

workshops = st.sampled_from(SLUGS)
persons = st.integers(0, 3)
roles = st.sampled_from(_ROLE.values)
# Which of the rows there are, counted round: so that most steps meet somebody they can be carried out for.
rows = st.integers(0, 11)


class Complaints(logging.Handler):
    """What runs after a commit may fail without anybody hearing of it: Django only logs it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@dataclass
class World:
    conference: Conference
    people: list[Participant]
    complaints: Complaints = field(default_factory=Complaints)

    def begin_again(self) -> None:
        Message.objects.all().delete()
        Registration.objects.all().delete()
        LogEntry.objects.all().delete()
        for slug, start in STARTS.items():
            values = {"capacity_listener": None, "taken_active": 0, "taken_listener": 0, **start}
            Workshop.objects.filter(slug=slug).update(**values)
        self.complaints.heard.clear()


@pytest.fixture
def scene(conference: Conference) -> Iterator[World]:
    for slug in SLUGS:
        factories.make_workshop(conference, slug=slug)
    found = World(conference, [factories.make_participant(conference) for _ in range(4)])
    logger = logging.getLogger("django.db.backends.base")
    logger.addHandler(found.complaints)
    yield found
    logger.removeHandler(found.complaints)


@dataclass
class Seen:
    """The rows, the queues and the mails as they were after the last step."""

    rows: dict[int, Registration]
    queues: dict[tuple[int, str], list[int]]
    mails: set[object]

    @classmethod
    def now(cls) -> Seen:
        rows = {row.pk: row for row in Registration.objects.all()}
        queues: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row in sorted(rows.values(), key=lambda row: (str(row.waiting_since), row.pk)):
            if state_of(row) == _STATUS.WAITLISTED:
                queues[row.workshop_id, row.role].append(row.pk)
        return cls(rows, queues, set(Message.objects.values_list("pk", flat=True)))


def known(row: Registration | None) -> tuple[object, ...]:
    """All of a registration that is somebody's business; the hour at which an offer ends is the clock's."""
    if row is None:
        return ()
    return state_of(row), row.role, row.listens_meanwhile, row.waiting_since


class Places(RuleBasedStateMachine):
    """Four people, three workshops, everything that can happen to a registration."""

    scene: World

    @initialize(arrived=st.sampled_from([4, 3, 2, 0]))
    def some_ask_for_everything(self, arrived: int) -> None:
        self.scene.begin_again()
        self.seen = Seen.now()
        for person in self.scene.people[:arrived]:
            self._send(person, dict.fromkeys(SLUGS, "active"), {})

    # What can happen

    @rule(
        who=persons,
        choices=st.dictionaries(
            workshops, st.sampled_from(["active", "active", "listener", "none"]), min_size=1
        ),
        listens=st.sampled_from([None, True, False]),
    )
    def send_the_form(self, who: int, choices: dict[str, str], listens: bool | None) -> None:
        try:
            self._send(
                self.scene.people[who], choices, {} if listens is None else dict.fromkeys(choices, listens)
            )
        except ChoicesRefused as refusal:
            for slug in refusal.errors:
                row = self._row(who, slug)
                assert row is not None
                assert (row.status, row.role) == (_STATUS.DECLINED, choices[slug])
            self._nothing_happened()

    @rule(which=rows, role=st.sampled_from([None, "listener", "active"]))
    def confirm(self, which: int, role: str | None) -> None:
        if (row := self._pick(which)) is None:
            return
        try:
            after = confirm_registration(registration_id=row.pk, role=role)
            assert (after.status, after.role) == (_STATUS.CONFIRMED, role or row.role)
        except NoPlaceLeft:
            book = self._book(row.workshop.slug, role or row.role)
            assert book.rows == book.capacity
            self._nothing_happened()
        except DomainError:
            assert row.status == _STATUS.CANCELLED
            self._nothing_happened()

    @rule(which=rows)
    def cancel(self, which: int) -> None:
        if row := self._pick(which, status__in=NOT_YET_OVER):
            assert cancel_registration(registration_id=row.pk).status == _STATUS.CANCELLED

    @rule(which=rows)
    def decline(self, which: int) -> None:
        if (row := self._pick(which)) is None:
            return
        try:
            after = decline_registration(registration_id=row.pk)
            assert after.status == _STATUS.DECLINED or (after.status, after.role) == ("confirmed", "listener")
        except DomainError:
            assert row.status in {_STATUS.CONFIRMED, _STATUS.CANCELLED}
            self._nothing_happened()

    @rule(which=rows, listens=st.booleans())
    def put_on_the_waiting_list(self, which: int, listens: bool) -> None:
        if (row := self._pick(which, status__in=[_STATUS.REQUESTED, _STATUS.DECLINED])) is None:
            return
        try:
            after = put_on_waiting_list(registration_id=row.pk, listens=listens)
            assert after.status == _STATUS.WAITLISTED
        except DomainError:
            assert row.status in {_STATUS.CONFIRMED, _STATUS.CANCELLED}
            self._nothing_happened()

    @rule(which=rows, place=st.integers(1, 3))
    def move_up(self, which: int, place: int) -> None:
        if (row := self._pick(which, status=_STATUS.WAITLISTED, offered_until=None)) is None:
            return
        stood = waiting_position(registration=row)
        try:
            after = move_up(registration_id=row.pk, place=place, reason="speaks on the first day", by=None)
            assert waiting_position(registration=after) == place < stood
        except DomainError:
            assert place >= stood
            self._nothing_happened()

    @rule(which=rows, takes=st.booleans())
    def answer_the_offer(self, which: int, takes: bool) -> None:
        if (row := self._pick(which, offered_until__isnull=False)) is None:
            return
        answer = accept_offer if takes else pass_offer
        try:
            after = answer(registration_id=row.pk, role=row.role)
            assert not takes or (after.status, after.role) == (_STATUS.CONFIRMED, row.role)
        except OfferLapsed:
            assert row.offered_until is not None
        except DomainError:
            assert row.offered_until is None
            self._nothing_happened()

    @rule(slug=workshops, role=roles, limit=st.sampled_from([None, 0, 1, 2, 3]))
    def change_the_limit(self, slug: str, role: str, limit: int | None) -> None:
        workshop = Workshop.objects.get(slug=slug)
        setattr(workshop, f"capacity_{role}", limit)
        try:
            with transaction.atomic():
                workshop.save()
        except IntegrityError:
            assert limit is not None
            assert self._book(slug, role).rows > limit
            self._nothing_happened()

    @rule(
        slug=workshops,
        how=st.sampled_from(
            [
                *(("confirmation", how) for how in Workshop.Confirmation.values),
                *(("promotion", how) for how in Workshop.Promotion.values),
            ]
        ),
    )
    def change_how_places_are_given(self, slug: str, how: tuple[str, str]) -> None:
        workshop = Workshop.objects.get(slug=slug)
        setattr(workshop, *how)
        workshop.save()

    @rule(days=st.sampled_from([30, 0, 1]), is_swept=st.booleans())
    def time_passes(self, days: int, is_swept: bool) -> None:
        """As beat sweeps: offers that nobody answered end; nothing is left for the promotion to make good."""
        Registration.objects.filter(offered_until__isnull=False).update(
            offered_until=F("offered_until") - dt.timedelta(days=days)
        )
        if is_swept:
            lapse_offers()
            assert promote_all_waiting() == 0

    # What must hold after each step

    @invariant()
    def the_books_are_right(self) -> None:
        before, after = self.seen, Seen.now()
        self._counters_are_the_rows(after)
        self._queues_are_numbered(after)
        assert [book for book in counts() if not book.is_right or book.leaves_somebody_out] == []
        assert self.scene.complaints.heard == []
        mails = mails_of_registrations(seen=before.mails)
        for pk, row in after.rows.items():
            self._is_told(before.rows.get(pk), row, mails[pk])
        self._in_order(before, after, mails)
        self.seen = after

    def _counters_are_the_rows(self, now: Seen) -> None:
        held: dict[int, Counter[str]] = defaultdict(Counter)
        for row in now.rows.values():
            held[row.workshop_id].update(row.held_roles)
        for pk, active, listening in Workshop.objects.values_list("pk", "taken_active", "taken_listener"):
            assert (active, listening) == (held[pk]["active"], held[pk]["listener"])

    def _queues_are_numbered(self, now: Seen) -> None:
        numbers = waiting_positions(registrations=now.rows.values())
        for queue in now.queues.values():
            assert [numbers.pop(pk) for pk in queue] == list(range(1, len(queue) + 1))
        assert set(numbers.values()) <= {0}

    def _is_told(self, before: Registration | None, after: Registration, kinds: list[str]) -> None:
        assert state_of(after) in led_to(state_of(before) if before else NEW, kinds), (before, after, kinds)
        assert (known(before) != known(after)) == bool(kinds), (known(before), known(after), kinds)
        promoted = [kind for kind in kinds if kind in BY_PROMOTION]
        assert len(promoted) <= 1, kinds
        assert len(kinds) - len(promoted) <= 1, kinds

    def _in_order(self, before: Seen, after: Seen, mails: dict[int, list[str]]) -> None:
        """Who got a place stood before everybody who goes on waiting; moving somebody up is meant to change that."""
        if any(Message.Kind.MOVED_UP in kinds for kinds in mails.values()):
            return
        for key, queue in before.queues.items():
            served = [n for n, pk in enumerate(queue) if mails[pk] in ([kind] for kind in BY_PROMOTION)]
            waits = [n for n, pk in enumerate(queue) if pk in after.queues.get(key, []) and not mails[pk]]
            assert not served or not waits or max(served) < min(waits), (queue, served, waits)

    # Looking

    def _pick(self, which: int, **where: object) -> Registration | None:
        """One of the rows `where` something is so; one of all where there is none."""
        found = list(Registration.objects.filter(**where).order_by("pk").select_related("workshop"))
        if not found and where:
            return self._pick(which)
        return found[which % len(found)] if found else None

    def _row(self, who: int, slug: str) -> Registration | None:
        rows = Registration.objects.filter(participant=self.scene.people[who], workshop__slug=slug)
        return rows.first()

    def _send(self, person: Participant, choices: dict[str, str], listens: dict[str, bool]) -> None:
        submit_registration(
            participant=person, details=DETAILS, choices=choices, listens=listens, consent=None, language="tr"
        )

    def _book(self, slug: str, role: str) -> Book:
        return next(book for book in counts() if (book.slug, book.role) == (slug, role))

    def _nothing_happened(self) -> None:
        now = Seen.now()
        assert {pk: known(row) for pk, row in now.rows.items()} == {
            pk: known(row) for pk, row in self.seen.rows.items()
        }
        assert now.mails == self.seen.mails


def run(scene: World, *, examples: int, shrink: bool = True) -> None:
    machine = type("PlacesInThisWorld", (Places,), {"scene": scene})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXPLORE or examples,
            stateful_step_count=20,
            deadline=None,
            derandomize=not EXPLORE,
            database=None,
            phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_sequence_of_steps_keeps_counters_queues_and_mails_right(scene: World) -> None:
    run(scene, examples=30)


def _newest_first(*, workshop_id: int, role: str) -> QuerySet[Registration]:
    return waiting_queue(workshop_id=workshop_id, role=role).order_by("-waiting_since", "-pk")


@pytest.mark.parametrize(
    ("where", "name", "instead"),
    [
        (transitions, "free_place", lambda **_: None),
        (transitions, "_owe_notices", lambda *_: None),
        (cancel, "promote_after_commit", lambda **_: None),
        (promote, "waiting_queue", _newest_first),
    ],
    ids=["no place is given back", "no mail is owed", "nobody is promoted", "the newest comes first"],
)
def test_a_planted_fault_is_found(
    scene: World, where: object, name: str, instead: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, instead)
    with pytest.raises(AssertionError):
        run(scene, examples=60, shrink=False)
