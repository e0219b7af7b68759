"""Two re-runs of one file, compared as counts, and the level L4.

Both drew their own noise for one protocol on the same examples, so what is known of an author's
counts against a re-run's (RECORDS) is known of theirs. Numbers without randomness must be equal,
but for near ties; means over draws may differ by their draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from repaudit._core.text import count, shorten
from repaudit.audit.audit import Level
from repaudit.audit.comparison import Verdict
from repaudit.audit.run import Environment
from repaudit.contract.results import Results
from repaudit.evidence.join import align
from repaudit.evidence.tables import (
    CertificationRecords,
    EmpiricalRecords,
    Floats,
    GeometryRecords,
    Records,
)
from repaudit.metrics.context import context_of
from repaudit.statistics.draws import test_draw_mean
from repaudit.statistics.multiplicity import holm
from repaudit.verdicts.fixed import NEAR_TIE
from repaudit.verdicts.levels import rung
from repaudit.verdicts.released import LEVEL, Released, answer_released, judge_released
from repaudit.verdicts.sentences import p_words

DEPENDENT = "same machine and party: independent noise only"


@dataclass(frozen=True)
class Side:
    """Who ran, and where."""

    environment: Environment
    party: str | None

    @property
    def machine(self) -> tuple[str | None, ...]:
        """What differs between two machines: the libraries may differ on one."""
        plan = self.environment.plan or ""
        hardware = plan.partition(" on ")[2].partition(";")[0]
        return self.environment.platform, self.environment.device, hardware


@dataclass(frozen=True)
class Pair:
    """One evaluation as two audits measured it."""

    evaluation: str
    p_value: float | None = None
    """None = no test enters the family"""
    released: Released | None = None
    """of a certification"""
    against: str | None = None
    """what no two runs of one pipeline differ in"""
    not_compared: str | None = None
    """why not"""


def confirmed(
    results: Results,
    earlier: Mapping[str, Records],
    ours: Mapping[str, Records],
    sides: tuple[Side, Side],
    seed: int,
) -> Level:
    """Return L4 for two re-runs of the same evaluations.

    ``earlier`` and ``ours`` are measured counts by evaluation, ``sides`` the two audits in this
    order. All tests are one family (Holm at 1 %).
    """
    names = [name for name in results.evaluations if name in earlier and name in ours]
    pairs = [
        _pair(results, name, earlier[name], ours[name], seed + number)
        for number, name in enumerate(names)
    ]
    differing = _differing(pairs)
    if differing:
        return rung("L4", "failed", f"the two re-runs differ: {'; '.join(differing)}")
    compared = [pair for pair in pairs if pair.not_compared is None]
    left_out = [f"{p.evaluation}: {p.not_compared}" for p in pairs if p.not_compared is not None]
    if not compared or any(
        results.evaluations[pair.evaluation].kind == "certification"
        for pair in pairs
        if pair.not_compared is not None
    ):
        reason = "; ".join(left_out) or "no evaluation was re-run by both"
        return rung("L4", "not_checked", f"the two re-runs were not compared: {reason}")
    independent = _independence(*sides)
    if independent is None:
        return rung("L4", "not_checked", DEPENDENT)
    rest = f"; not compared: {'; '.join(left_out)}" if left_out else ""
    agree = "agrees" if len(compared) == 1 else "agree"
    words = f"{count(len(compared), 'evaluation')} {agree} with the earlier re-run"
    return rung("L4", "passed", f"{words} ({independent}){rest}")


def _pair(results: Results, name: str, earlier: Records, ours: Records, seed: int) -> Pair:
    if isinstance(earlier, CertificationRecords) and isinstance(ours, CertificationRecords):
        return _certifications(results, name, earlier, ours, seed)
    if isinstance(earlier, GeometryRecords) and isinstance(ours, GeometryRecords):
        return _geometries(name, earlier, ours)
    if isinstance(earlier, EmpiricalRecords) and isinstance(ours, EmpiricalRecords):
        return _classes(name, earlier, ours)
    return Pair(name, not_compared="no test for its records")


def _certifications(
    results: Results,
    name: str,
    earlier: CertificationRecords,
    ours: CertificationRecords,
    seed: int,
) -> Pair:
    if set(earlier.draws.tolist()) != set(ours.draws.tolist()) or len(set(ours.draws.tolist())) > 1:
        return Pair(name, not_compared="the two have other numbers of draws")
    released = answer_released(earlier, ours, context_of(results, name), seed)
    if released.result is not None:
        return Pair(name, released.p_value, released)
    if released.is_refuted:
        return Pair(name, against="their examples or labels are not the same")
    return Pair(name, not_compared="the two are not of the same examples")


def _geometries(name: str, earlier: GeometryRecords, ours: GeometryRecords) -> Pair:
    """Compare the mean norm ratio, with the standard error of the draws."""
    first, second = _by_example(earlier), _by_example(ours)
    if first is None or second is None or first.shape != second.shape or first.shape[1] < 2:
        return Pair(name, not_compared="fewer than two draws, or other examples")
    mean = float(first.mean())
    return Pair(name, test_draw_mean(mean, mean, second, first.shape[1]).p_value)


def _by_example(records: GeometryRecords) -> Floats | None:
    """Return the norm ratios as f64[examples, draws]; ``None`` when they are ragged."""
    _, example, draws = np.unique(records.example_id, return_inverse=True, return_counts=True)
    if len(set(draws.tolist())) != 1:
        return None
    order = np.argsort(example, kind="stable")
    return np.asarray((records.delta_norm / records.noise_norm)[order].reshape(len(draws), -1))


def _classes(name: str, earlier: EmpiricalRecords, ours: EmpiricalRecords) -> Pair:
    left, right = align(earlier, ours)
    if len(left) != len(earlier) or len(right) != len(ours):
        return Pair(name, not_compared="the two are not of the same examples")
    if left.base_margin is None or right.base_margin is None:
        near = np.zeros(len(left), np.bool_)
    else:
        near = np.minimum(left.base_margin, right.base_margin) < NEAR_TIE
    other = int(np.count_nonzero((left.base_clean != right.base_clean) & ~near))
    if other:
        return Pair(name, against=f"the class of {count(other, 'clean example')} is another one")
    attacked = left.base_attacked is not None or right.base_attacked is not None
    return Pair(name, not_compared="the outcomes of attacks have no test" if attacked else None)


def _differing(pairs: Sequence[Pair]) -> list[str]:
    """Return what speaks against the two being runs of one pipeline, after Holm."""
    p_values = [pair.p_value for pair in pairs if pair.p_value is not None]
    adjusted = iter(holm(p_values).tolist())
    found = []
    for pair in pairs:
        p = None if pair.p_value is None else next(adjusted)
        if pair.against is not None:
            found.append(f"{pair.evaluation}, {pair.against}")
        elif p is not None and p < LEVEL and _is_verdict(pair, p):
            assert pair.p_value is not None
            what = "their norm ratios" if pair.released is None else "their counts"
            found.append(f"{pair.evaluation}, {what} ({p_words(pair.p_value)})")
    return found


def _is_verdict(pair: Pair, p_adjusted: float) -> bool:
    """Say whether a rejection is more than what other hardware may do."""
    if pair.released is None:
        return True
    return judge_released(pair.released, p_adjusted)[0] is not Verdict.REPRODUCED


def _independence(earlier: Side, ours: Side) -> str | None:
    """Return what makes two audits independent beyond their noise; None = nothing known."""
    if earlier.party is not None and ours.party is not None and earlier.party != ours.party:
        return f"parties {shorten(earlier.party)} and {shorten(ours.party)}"
    return "other machine" if earlier.machine != ours.machine else None
