"""Passwords nobody should choose here: OWASP ASVS 5.0, 6.1.2 and 6.2.11."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The product, what it is for, and whom it is for, in its languages and without their marks.
WORDS = (
    "köprü", "kopru", "koprue", "konferenz", "konferans", "conference", "workshop", "çalıştay", "calistay",
    "fachworkshop", "programm", "program", "programme", "organisator", "organiser", "admin", "vorkonferenz",
)  # fmt: skip
_WORD = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
LEAST_BESIDE = 8


class ContextWordsValidator:
    """Such a word may be part of a password; it does not count towards its length."""

    def validate(self, password: str, user: Any = None) -> None:
        folded = password.replace("İ", "i").lower()
        if len(_WORD.sub("", folded)) < min(LEAST_BESIDE, len(folded)):
            raise ValidationError(self.get_help_text(), code="password_context_word")

    def get_help_text(self) -> str:
        return _(
            "Words of this site, such as “Konferenz”, are easy to guess: "
            "beside them the password needs at least 8 characters."
        )
