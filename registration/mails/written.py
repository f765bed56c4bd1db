"""Letters as texts: what a mail is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registration.mails.letter import Letter
from registration.mails.mould import html_of
from registration.mails.plain import plain_of


@dataclass(frozen=True, slots=True)
class Written:
    """`way_out`: the address that ends such mail; empty where there is none."""

    subject: str
    plain: str
    html: str
    way_out: str


def written(letters: Sequence[Letter]) -> Written:
    first = letters[0]
    return Written(
        subject=" / ".join(dict.fromkeys(letter.subject for letter in letters)),
        plain=plain_of(letters),
        html=html_of(letters),
        way_out=first.unsubscribe.url if first.unsubscribe else "",
    )
