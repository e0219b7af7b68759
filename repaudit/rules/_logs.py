"""Released logs of printed radii against the declared sampling: one judgement per run."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from repaudit.audit.finding import Severity
from repaudit.contract.evaluation import Certification
from repaudit.evidence.join import runs_of, take
from repaudit.evidence.tables import Floats, RadiusRecords
from repaudit.rules._explain_radius import Explanation, Row, explain_rows, fitting
from repaudit.rules._hypotheses import Setting
from repaudit.rules._radius import settings_of
from repaudit.rules._radius_faults import FACTOR, UNLIKELY, WEAK, known_of
from repaudit.rules._released import radius_logs
from repaudit.rules._rule import Case

DECIDES = 0.1
"""Chance of a fit from which the digits say nothing about the setting."""


@dataclass(frozen=True)
class Judged:
    """The radii of one run's log."""

    evaluation_id: str
    evaluation: Certification
    setting: Setting
    """of those that the declared bound may mean, the one that most radii fit"""
    radii: int
    """positive ones"""
    misfits: int
    """those that no count gives"""
    line: int | None
    """where the first of them stands"""
    severity: Severity
    """of the misfits: a warning when digits that were cut off save them all"""
    declared: Explanation | None
    """the declared setting, when every radius fits it"""
    others: tuple[Explanation, ...]
    """other settings that give all radii, the strongest evidence first; without those that would
    give nearly any numbers, when the declared one does not give them"""

    @property
    def is_of_other(self) -> bool:
        """Whether all radii fit a much sparser lattice than the declared one, which says little."""
        return self._says_little(self.declared) and any(e.chance < UNLIKELY for e in self.others)

    @property
    def is_undecided(self) -> bool:
        """Whether the digits fit the declared setting and others, and would fit nearly any."""
        if not self._says_little(self.declared) or not self.others:
            return False
        return all(self._says_little(other) for other in self.others)

    @staticmethod
    def _says_little(explanation: Explanation | None) -> bool:
        return explanation is not None and explanation.chance >= DECIDES


@lru_cache(maxsize=4)
def judged_logs(case: Case) -> tuple[Judged, ...]:
    """Return the logs whose budget is stated, with at least one positive radius, in order."""
    return tuple(_judged_logs(case))


def _judged_logs(case: Case) -> Iterator[Judged]:
    for name, evaluation, records in radius_logs(case):
        settings = settings_of(case.results.sampling[evaluation.sampling])
        if not settings or evaluation.sigma.value <= 0:
            continue
        for run in runs_of(records):
            certified = take(run, run.low > 0.0)
            if len(certified):
                yield _judged(case, name, evaluation, settings, certified)


def _judged(
    case: Case,
    name: str,
    evaluation: Certification,
    settings: tuple[Setting, ...],
    records: RadiusRecords,
) -> Judged:
    sigma = float(evaluation.sigma)
    rows = _rows(records.low, records.high, sigma)
    setting = max(settings, key=lambda tried: int(fitting(tried, rows).sum()))
    fits = fitting(setting, rows)
    broken = int((~fits).sum())
    known = known_of(case.results, evaluation)
    explained = explain_rows(setting, rows, **known)
    others = sorted((e for e in explained if e.changed != "nothing"), key=_rank)
    return Judged(
        evaluation_id=name,
        evaluation=evaluation,
        setting=setting,
        radii=len(rows),
        misfits=broken,
        line=int(records.line[int(np.argmin(fits))]) if broken else None,
        severity=_severity(setting, records, sigma) if broken else Severity.NOTE,
        declared=next((e for e in explained if e.changed == "nothing"), None),
        others=tuple(e for e in others if not broken or e.chance < WEAK),
    )


def _rank(explanation: Explanation) -> float:
    """Return what orders explanations: a factor that the largest radius gave needs more."""
    return explanation.chance / (FACTOR if explanation.changed == "sigma" else 1.0)


def _severity(setting: Setting, records: RadiusRecords, sigma: float) -> Severity:
    """Return an error, or a warning where the digits may have been cut off and not rounded."""
    cut = _rows(records.radius, 2.0 * records.high - records.radius, sigma)
    return Severity.WARNING if bool(fitting(setting, cut).all()) else Severity.ERROR


def _rows(low: Floats, high: Floats, sigma: float) -> list[Row]:
    ends = zip((low / sigma).tolist(), (high / sigma).tolist(), strict=True)
    return [Row(least, most) for least, most in ends]
