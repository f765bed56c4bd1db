"""What differs between two versions of the programme, and how that is said."""

from workshops.domain.differences.between import differences_between, workshops_to_be_told
from workshops.domain.differences.compare import differences
from workshops.domain.differences.groups import grouped
from workshops.domain.differences.values import Code, Difference, Group
from workshops.domain.differences.words import in_words

__all__ = [
    "Code",
    "Difference",
    "Group",
    "differences",
    "differences_between",
    "grouped",
    "in_words",
    "workshops_to_be_told",
]
