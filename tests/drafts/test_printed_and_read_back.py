from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.drafts.layouts import AS
from tests.drafts.outline import outline
from tests.drafts.printing import written
from tests.drafts.programmes import programmes, styles, without_lines
from workshops.domain.draft.files.open import read_file
from workshops.domain.draft.read import read_draft

pytestmark = pytest.mark.sqlite

_EXAMPLES = {"txt": 40, "csv": 20, "xlsx": 12, "docx": 10, "pdf": 3}


@pytest.mark.parametrize("layout", AS)
def test_a_programme_written_down_is_read_back_unchanged(layout: str) -> None:
    @settings(max_examples=_EXAMPLES[layout], deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def unchanged(data: st.DataObject) -> None:
        style = data.draw(styles)
        draft = data.draw(programmes(style))
        pages = written(draft, style)
        note(AS["txt"](pages).decode())
        read = read_draft(read_file(name=f"draft.{layout}", data=AS[layout](pages)))
        assert outline(without_lines(read)) == outline(draft)
        assert without_lines(read) == draft

    unchanged()
