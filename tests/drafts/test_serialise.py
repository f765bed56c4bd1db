from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drafts.test_whole_drafts import read
from workshops.domain.draft.serialise import as_json, from_json
from workshops.domain.draft.values import Draft

pytestmark = pytest.mark.sqlite


@given(st.from_type(Draft))
@settings(max_examples=40, deadline=None)
def test_a_draft_survives_json(draft: Draft) -> None:
    assert from_json(json.loads(json.dumps(as_json(draft)))) == draft


def test_the_real_draft_survives_json() -> None:
    draft = read("vorkonferenz")
    assert from_json(json.loads(json.dumps(as_json(draft)))) == draft
