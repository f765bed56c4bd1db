"""However texts are written one after the other, what is said of them agrees with a plain account of who wrote what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workshops.domain.translations.state import Made, after_change, standing
from workshops.domain.translations.values import State
from workshops.languages import CODES, Text

WORDS = st.sampled_from(["", "eins", "iki", "three"])
TEXTS = st.fixed_dictionaries(dict.fromkeys(CODES, WORDS))
HISTORY = st.lists(TEXTS, min_size=1, max_size=6)


def lived(history: list[Text]) -> tuple[Text, dict[str, Made]]:
    made: dict[str, Made] = {}
    before = history[0]
    for now in history[1:]:
        if now != before:
            kept = after_change(before=before, now=now, made=made)
            made = {code: row for code, row in kept.items() if row is not None}
        before = now
    return before, made


@given(history=HISTORY)
def test_there_is_one_source_and_what_is_empty_is_never_translated(history: list[Text]) -> None:
    texts, made = lived(history)
    found = standing(texts=texts, made=made)
    there = [code for code in CODES if texts[code]]
    states = [found.state[code] for code in CODES]
    assert states.count(State.SOURCE) == bool(there)
    assert [code for code in CODES if found.state[code] in {State.MISSING, State.EMPTY}] == [
        code for code in CODES if not texts[code]
    ]
    assert not there or found.state[found.source_language] == State.SOURCE
    assert all(texts[found.made_from[code]] for code in there)


@given(history=HISTORY, last=TEXTS)
def test_what_is_written_last_is_never_out_of_date(history: list[Text], last: Text) -> None:
    before, _made = lived(history)
    texts, made = lived([*history, last])
    found = standing(texts=texts, made=made)
    assert [
        code for code in CODES if before[code] != last[code] and found.state[code] is State.OUTDATED
    ] == []


@given(texts=TEXTS, words=WORDS.filter(bool))
def test_a_change_of_the_source_alone_leaves_every_translation_behind(texts: Text, words: str) -> None:
    source = standing(texts=texts, made={}).source_language
    if not texts[source] or texts[source] == words:
        return
    now, made = lived([texts, {**texts, source: words}])
    found = standing(texts=now, made=made)
    assert {code for code in CODES if found.state[code] is State.OUTDATED} == {
        code for code in CODES if code != source and texts[code]
    }
