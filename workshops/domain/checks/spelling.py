"""Whether two names are one person's, spelled in two ways: Düvell and Duvell or Duevell, İbrahim and Ibrahim."""

from __future__ import annotations

from workshops.names import fold

Name = tuple[str, str]
LONG = 10


def is_same_person(one: Name, other: Name, *, same_house: bool) -> bool:
    """`same_house`: they belong to one organisation, or one of them is not known to belong to any.

    A different spelling of the same letters is enough by itself; two entries spelled alike, or a letter more or less
    in a long name, may be two people, and are taken for one within one house only.
    """
    if one == other:
        return same_house
    if keys(one) & keys(other):
        return True
    return same_house and any(_one_letter_apart(a, b) for a in keys(one) for b in keys(other))


def keys(name: Name) -> set[str]:
    """The name without marks, in any order of its parts, in both ways in which umlauts are written without dots."""
    written = " ".join(name)
    long_way = written
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        long_way = long_way.replace(letter, pair)
    return {_key(written), _key(long_way)}


def _key(text: str) -> str:
    letters = "".join(letter if letter.isalnum() else " " for letter in fold(text))
    return " ".join(sorted(letters.split()))


def _one_letter_apart(one: str, other: str) -> bool:
    """One letter missing, added, exchanged, or two neighbours swapped; in long names only."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < LONG or len(longer) - len(shorter) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    rest, other_rest = shorter[start:], longer[start:]
    swapped = rest[1::-1] + rest[2:]
    return rest[1:] == other_rest[1:] or swapped == other_rest
