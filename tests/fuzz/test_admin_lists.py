"""The organisers' lists take any query: no error 500, nobody else's rows, no way to guess secrets."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.world import World

EXAMPLES = 8
MODELS = sorted(admin.site._registry, key=lambda model: str(model._meta.label_lower))
VALUES = st.one_of(
    st.sampled_from(
        ["", "1", "-1", "0", "1,2", "-1.2", "99999999999999999999999", "True", "None", "é'\"<", "\0"]
    ),
    st.sampled_from(
        ["2020-06-15", "9999-99-99", "%00", "İstanbul", "confirmed", "a" * 3_000, "'; DROP TABLE x--"]
    ),
    st.text(max_size=12),
)
LOOKUPS = [
    "exact",
    "in",
    "isnull",
    "range",
    "gte",
    "year",
    "regex",
    "icontains",
    "startswith",
    "nonsense",
    "pk__in",
]


def names_of(model: Any) -> st.SearchStrategy[str]:
    """What Django's lists understand, each field with each lookup, and paths over other tables."""
    fields = [field.name for field in model._meta.get_fields()]
    paths = [
        *fields,
        *(f"{a}__{b}" for a in fields for b in ("id", "conference__id", "email", "participant__email")),
    ]
    known = [
        "q",
        "o",
        "p",
        "all",
        "e",
        "_popup",
        "_to_field",
        "_changelist_filters",
        "_facets",
        "admitted",
        "country",
    ]
    looked_up = st.builds("{}__{}".format, st.sampled_from(paths), st.sampled_from(LOOKUPS))
    return st.sampled_from(known) | looked_up | st.sampled_from(paths)


def list_of(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def rows(changelist: ChangeList) -> set[Any]:
    return set(changelist.queryset.values_list("pk", flat=True))


def fuzz_list(client: Client, model: Any) -> None:
    page = client.get(list_of(model))
    if page.status_code == 403:
        return
    own = rows(page.context["cl"])

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(query=st.dictionaries(names_of(model), VALUES, min_size=1, max_size=3))
    def asked(query: dict[str, str]) -> None:
        answer = client.get(list_of(model), query)
        assert answer.status_code < 500
        # Django answers ?e=1 with a page of its own, without rows.
        if answer.status_code == 200 and "cl" in answer.context:
            assert rows(answer.context["cl"]) <= own

    asked()


@pytest.mark.parametrize("who", ["member", "lead"])
def test_no_query_makes_an_error_500_or_shows_somebody_elses_rows(
    world: World, sign_in: Any, subtests: pytest.Subtests, who: str
) -> None:
    client = sign_in(getattr(world, who))
    client.raise_request_exception = False
    for model in MODELS:
        with subtests.test(model._meta.label):
            fuzz_list(client, model)


SECRETS = [
    ("registration_participant", "links__seed__startswith"),
    ("registration_participant", "links__digest__startswith"),
    ("registration_participant", "conference__memberships__user__password__startswith"),
    ("registration_registration", "participant__links__seed__startswith"),
    ("registration_registration", "workshop__days__access_details__passcode__startswith"),
    ("registration_invitation", "link__seed__startswith"),
    ("registration_message", "link__seed__startswith"),
    ("registration_accessdetails", "passcode__startswith"),
    ("registration_accessdetails", "url__regex"),
    ("workshops_workshop", "registrations__participant__email__startswith"),
    ("workshops_membership", "user__password__startswith"),
    ("accounts_user", "password__startswith"),
    ("accounts_user", "authenticator__data__contains"),
    ("accounts_secondfactor", "data__contains"),
    ("accounts_secondfactor", "data__secret__startswith"),
]


@pytest.mark.parametrize(("model", "lookup"), SECRETS)
def test_a_list_is_no_oracle_for_secrets(world: World, sign_in: Any, model: str, lookup: str) -> None:
    """Were the lookup taken, the number of rows would tell whether a guess is right."""
    address = reverse(f"admin:{model}_changelist")
    client = sign_in(world.boss)
    client.raise_request_exception = False
    answer = client.get(address, {lookup: "a"})
    refused = answer.status_code == 400 or (answer.status_code, answer.headers.get("Location")) == (
        302,
        f"{address}?e=1",
    )
    assert refused
