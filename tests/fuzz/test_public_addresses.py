"""Whatever is sent to a public address, described or not: no error 500, and only answers that are described."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from tests.fuzz.conftest import Site, kept_connection
from tests.fuzz.described import description

pytestmark = pytest.mark.postgresql  # The stricter of the two: it refuses what SQLite would store.

APPLICATION = get_wsgi_application()
# Who has no session is shown one page for most; allauth's own forms are tested where they are made.
EXAMPLES = {
    ("participant", False): 15,
    ("anonymous", False): 6,
    ("anonymous", True): 4,
    ("organiser", True): 4,
}
NAMES = {"slug", "token"}
WORDS = ["Ada", "İ", "<script>", "{contact}", "a" * 100, "%(name)s", "\u202e", "Ş'\"", "=1+1"]


def aimed(site: Site) -> dict[str, Any]:
    """The description, with what only this site knows: its workshops as fields of the form, whose data it keeps."""
    document = copy.deepcopy(description())
    schemas = document["components"]["schemas"]
    schemas["erase"]["properties"]["whose"] = {"enum": [site.whose, "nobody"]}
    form = schemas["registration"]
    del form["patternProperties"]
    form["properties"] |= {name: {"enum": WORDS} for name in ("first_name", "last_name", "organisation")}
    form["properties"]["country"] = {"enum": ["DE", "TR", "XX"]}
    for slug in site.workshops:
        form["properties"][f"workshop-{slug}"] = {"$ref": "#/components/schemas/role"}
    return document


def operations(site: Site, *, accounts: bool) -> list[Any]:
    """In a fixed order; those of the organisers' accounts, or all others."""
    found = [operation.ok() for operation in openapi.from_dict(aimed(site)).get_all_operations()]
    chosen = [operation for operation in found if ("/accounts/" in operation.label) is accounts]
    return sorted(chosen, key=lambda operation: str(operation.label))


def names(operation: Any) -> set[str]:
    return {parameter.name for parameter in operation.path_parameters}


def cases(site: Site, operation: Any, mode: GenerationMode) -> st.SearchStrategy[Case]:
    """Half of them with a name or a token that exists here: chance would find none."""
    known = next((values for part, values in site.known.items() if part in operation.label), [""])

    def with_known(case: Case, value: str) -> Case:
        for name in NAMES & set(case.path_parameters):
            case.path_parameters[name] = value or case.path_parameters[name]
        return case

    generated: st.SearchStrategy[Case] = operation.as_strategy(generation_mode=mode)
    if not NAMES & names(operation):
        return generated
    return st.builds(with_known, generated, st.just("") | st.sampled_from(known))


def fuzzed(who: str, accounts: bool) -> settings:
    return settings(
        max_examples=EXAMPLES[who, accounts],
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def answer(site: Site, case: Case, who: str) -> Any:
    """What comes back; whatever the request changed, also after its commit, is undone."""
    with transaction.atomic():
        with kept_connection(), TestCase.captureOnCommitCallbacks(execute=True):
            response = case.call(app=APPLICATION, **site.visitors[who].options())
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize(
    ("who", "accounts"),
    [("anonymous", False), ("participant", False), ("anonymous", True), ("organiser", True)],
)
def test_what_is_described_is_answered_as_described(
    site: Site, subtests: pytest.Subtests, who: str, accounts: bool
) -> None:
    for operation in operations(site, accounts=accounts):
        # Public pages are the same for everybody.
        if who == "participant" and not {"people", "personal"} & set(operation.tags):
            continue

        @fuzzed(who, accounts)
        @given(case=cases(site, operation, GenerationMode.POSITIVE))
        def as_described(case: Case) -> None:
            checks = [not_a_server_error, status_code_conformance, content_type_conformance]
            case.validate_response(answer(site, case, who), checks=checks)

        with subtests.test(operation.label):
            as_described()


@pytest.mark.parametrize(("who", "accounts"), [("participant", False), ("organiser", True)])
def test_what_is_not_described_is_no_error_500(
    site: Site, subtests: pytest.Subtests, who: str, accounts: bool
) -> None:
    for operation in operations(site, accounts=accounts):

        @fuzzed(who, accounts)
        @given(case=cases(site, operation, GenerationMode.NEGATIVE))
        def contrary_to_description(case: Case) -> None:
            case.validate_response(answer(site, case, who), checks=[not_a_server_error])

        if operation.query or operation.body or operation.headers or NAMES & names(operation):
            with subtests.test(operation.label):
                contrary_to_description()
