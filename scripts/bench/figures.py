"""What becomes of the measurements: ratios of alternating rounds, and whether they reach what they should."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import median
from typing import Any

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: things a second, and the seconds of processor time that one thing took in all server processes.

    `parts`: the same seconds by server, where that was measured.
    """

    rate: float
    processor: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def in_parts(cls, rate: float, parts: Mapping[str, float]) -> Measured:
        return cls(rate, sum(parts.values()), parts)


Run = Callable[[], "Measured | float"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs of a subject and of its floor, by turns: the n-th of one belongs to the n-th of the other."""

    subject: Sequence[Measured]
    floor: Sequence[Measured]

    @property
    def ratios(self) -> list[float]:
        return [ours.rate / bare.rate for ours, bare in zip(self.subject, self.floor, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def processor_ratio(self) -> float | None:
        """The floor's processor time for one thing as a part of the subject's; None where it was not measured."""
        pairs = [
            (bare.processor, ours.processor) for ours, bare in zip(self.subject, self.floor, strict=True)
        ]
        found = [bare / ours for bare, ours in pairs if bare is not None and ours]
        return median(found) if found else None

    def as_json(self) -> Figures:
        return {
            "ratio": self.ratio,
            "ratios": self.ratios,
            "processor_ratio": self.processor_ratio,
            "subject": _as_json(self.subject),
            "floor": _as_json(self.floor),
        }


def _as_json(runs: Sequence[Measured]) -> Figures:
    times = [run.processor for run in runs if run.processor is not None]
    parts = runs[0].parts
    return {
        "median_rate": median(run.rate for run in runs),
        "rates": [run.rate for run in runs],
        "median_processor_seconds": median(times) if times else None,
        **(
            {"median_parts": {name: median(run.parts[name] for run in runs) for name in parts}}
            if parts
            else {}
        ),
    }


def alternate(subject: Run, floor: Run, *, rounds: int) -> Comparison:
    """Runs the floor, the subject, the floor, … and pairs them by round."""
    runs = by_turns({"floor": floor, "subject": subject}, rounds=rounds)
    return Comparison(runs["subject"], runs["floor"])


def by_turns(runs: Mapping[str, Run], *, rounds: int) -> dict[str, list[Measured]]:
    """Each once in every round, in this order."""
    found: dict[str, list[Measured]] = {name: [] for name in runs}
    for _round in range(rounds):
        for name, run in runs.items():
            found[name].append(_measured(run()))
    return found


def _measured(run: Measured | float) -> Measured:
    return run if isinstance(run, Measured) else Measured(run)


_UNSET = -1.0


@dataclass(frozen=True, slots=True)
class Check:
    """One figure and what it has to reach; NaN where there is none.

    `unit` is "" for a count, "ratio" for a part of a floor, else a unit of what must not exceed a limit. `wide`
    is what the short form asks for instead; None: not judged there.
    """

    label: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False
    wide: float | None = _UNSET

    @classmethod
    def ratio(
        cls, label: str, compared: Comparison | float, *, at_least: float = 0, at_most: float = 0
    ) -> Check:
        """Of a floor; exactly one of `at_least` and `at_most` is given."""
        value = compared.ratio if isinstance(compared, Comparison) else compared
        return cls(label, value, at_least or at_most, "ratio", at_least=bool(at_least))

    @property
    def holds(self) -> bool:
        return self._reaches(self.limit)

    @property
    def holds_widely(self) -> bool:
        """Whether it is near enough for a machine that others use at the same time."""
        wide = self.limit * (0.5 if self.at_least else 2) if self.wide == _UNSET else self.wide
        return wide is None or self._reaches(wide)

    def _reaches(self, limit: float) -> bool:
        if not math.isfinite(self.value):
            return False
        return self.value >= limit if self.at_least else self.value <= limit

    @property
    def to_reach(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {self._amount(self.limit)}"

    @property
    def score(self) -> float:
        """How many times over the limit is kept; 1 is just so."""
        if self.limit == 0 or self.value == 0:
            return float(self.holds)
        return self.value / self.limit if self.at_least else self.limit / self.value

    @property
    def reached(self) -> str:
        """Never a bare absolute time: what has a unit stands there as a part of what is allowed."""
        if self.unit in {"", "ratio"} or not math.isfinite(self.value):
            return self._amount(self.value)
        return f"{self.value / self.limit:.0%} of {self._amount(self.limit)}"

    def _amount(self, value: float) -> str:
        if not math.isfinite(value):
            return "not reached" if math.isinf(value) else "not measured"
        if self.unit == "ratio":
            return f"{value:.0%}" if self.at_least else f"{value:.2f} ×"
        return f"{value:,.10g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `figures` goes into the JSON only."""

    name: str
    what: str
    checks: Sequence[Check]
    figures: Figures = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return bool(self.checks) and all(check.holds for check in self.checks)

    @property
    def holds_widely(self) -> bool:
        return bool(self.checks) and all(check.holds_widely for check in self.checks)

    def as_json(self) -> Figures:
        return {
            "name": self.name,
            "what": self.what,
            "holds": self.holds,
            "checks": [_check_as_json(check) for check in self.checks],
            "figures": self.figures,
        }


def _check_as_json(check: Check) -> Figures:
    known = asdict(check)
    del known["wide"]
    return {**known, "value": check.value if math.isfinite(check.value) else None, "holds": check.holds}


def row_from_json(figures: Figures) -> Row:
    checks = [Check(**{k: v for k, v in known.items() if k != "holds"}) for known in figures["checks"]]
    return Row(
        figures["name"],
        figures["what"],
        [replace(check, value=math.nan) if check.value is None else check for check in checks],
        figures["figures"],
    )
