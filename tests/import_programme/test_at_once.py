"""Two people who import at the same moment: one waits, and is told what the other has done."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from tests.import_programme.drafts import agenda, draft, first_import, import_draft, programme
from tests.import_programme.test_differences import ANTALYA, FIRST_LATER, FIRST_WHEN
from workshops.domain.import_programme.apply import apply
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.errors import StaleChoiceError
from workshops.models import Conference, Session

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions: Callable[[], object]) -> list[object]:
    barrier = threading.Barrier(len(actions))
    results: list[object] = [None] * len(actions)

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = actions[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_an_empty_database_gets_one_conference() -> None:
    results = at_once(lambda: import_draft(draft()), lambda: import_draft(draft()))
    assert sorted(type(result).__name__ for result in results) == ["Applied", "StaleChoiceError"]
    assert (Conference.objects.count(), Session.objects.count()) == (1, 42)


def test_the_same_choice_is_applied_once() -> None:
    conference = first_import()
    changed = draft((FIRST_WHEN, FIRST_LATER), (ANTALYA, "Ayşe Işık, Stadt Antalya"))
    picked = {change.key for change in compare(draft=changed, conference=conference)}

    def choose() -> object:
        return apply(conference=Conference.objects.get(), draft=changed, picked=picked)

    results = at_once(choose, choose)
    assert [type(result) for result in results if isinstance(result, Exception)] == [StaleChoiceError]
    assert agenda(programme(conference), 1)[6][4] == ["Ayşe Işık, Stadt Antalya, speaker"]
