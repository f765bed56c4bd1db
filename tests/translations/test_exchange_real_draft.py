"""The hosts' own draft is German: what an office is sent after its import, and what is there when it comes back."""

from __future__ import annotations

from collections import Counter

import pytest

from tests import factories
from tests.import_programme.drafts import first_import
from workshops.domain.translations.exchange.apply_import import Chosen, apply_import
from workshops.domain.translations.exchange.collect_units import collect_units
from workshops.domain.translations.exchange.preview import Kind, preview_import
from workshops.domain.translations.exchange.read_returned import read_returned
from workshops.domain.translations.exchange.values import Batch, Unit, Which
from workshops.domain.translations.exchange.xliff import write_xliff
from workshops.domain.translations.read import entries
from workshops.models import Conference, Session, Workshop

pytestmark = pytest.mark.django_db


def missing(conference: Conference) -> tuple[Unit, ...]:
    return collect_units(
        entries=entries(conference=conference),
        source_language="de",
        target_language="tr",
        which=Which.MISSING,
    )


def test_an_imported_draft_goes_out_and_comes_back_turkish() -> None:
    conference = first_import()
    units = missing(conference)
    titles = {
        f"workshops.{model._meta.model_name}.{row.pk}.title"
        for model in (Workshop, Session)
        for row in model.objects.all()
        if row.title_de and not row.title_tr
    }
    assert titles - {unit.key for unit in units} == set()
    assert len(titles) == 46
    batch = Batch(name="koprue", source_language="de", target_language="tr", units=units)
    out = write_xliff(batch).decode()
    back = out.replace("<target ", "<target x-office='1' ").replace(
        ' state="needs-translation" />', ">Çeviri</target>"
    )
    found = preview_import(conference=conference, returned=read_returned(data=back.encode()))
    assert Counter(row.kind for row in found.rows) == {Kind.NEW: len(units)}
    applied = apply_import(
        conference=conference,
        chosen=[Chosen(change=row.change) for row in found.rows if row.change],
        by=factories.make_organiser(is_superuser=True),
    )
    assert (len(applied.saved), applied.same, applied.refused) == (len(units), (), ())
    assert missing(conference) == ()
