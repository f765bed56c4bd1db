"""Each row that is written enters all the indexes of its table: one that nobody asks is paid for with every mail."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

_BEGUN_BY_ANOTHER = """
    SELECT one.indexrelid::regclass::text FROM pg_index one JOIN pg_index other USING (indrelid)
    WHERE indrelid::regclass::text = ANY(%s) AND NOT one.indisunique
    AND one.indexprs IS NULL AND one.indpred IS NULL AND other.indexprs IS NULL AND other.indpred IS NULL
    AND other.indkey::text LIKE one.indkey::text || ' %%'
"""


def names(sql: str, value: object) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return {name for [name] in cursor.fetchall()}


def test_a_mail_enters_the_indexes_somebody_asks() -> None:
    made = names("SELECT indexname FROM pg_indexes WHERE tablename = %s", "registration_message")

    assert made == {
        "registration_message_pkey",
        "registration_message_message_id_key",
        "registration_message_participant_id_ee50ad53",
        "registration_message_link_id_5be3881d",
        "message_in_the_list",
        "message_of_invitation",
        "message_of_registration",
        "message_at_provider",
        "message_due",
        "message_due_urgent",
        "message_due_many",
        "message_claimed",
        "message_failed",
    }


def test_where_many_rows_are_written_no_index_is_only_the_beginning_of_another() -> None:
    tables = [model._meta.db_table for model in apps.get_app_config("registration").get_models()]

    assert names(_BEGUN_BY_ANOTHER, tables) == {
        # Few rows are ever written here.
        "registration_accessdetails_day_id_86b3909b",
        "registration_mailtext_conference_id_54205c99",
        "registration_privacyversion_conference_id_ce251b08",
        "registration_suppression_conference_id_3e562a49",
    }


def test_no_text_has_a_second_index_for_how_it_begins() -> None:
    """Searches look for what stands anywhere in a text, or for all of it."""
    sql = "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%%_pattern_ops%%' AND tablename LIKE %s"

    assert names(sql, "registration_%") == set()
