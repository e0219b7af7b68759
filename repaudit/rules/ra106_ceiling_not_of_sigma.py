"""One median radius is beyond the ceiling that the others share.

Why
---
The largest radius that a budget certifies is proportional to sigma. Medians at several sigmas
that are one multiple of sigma are at that ceiling, also where n, alpha or the bound is not known;
a median that is a larger multiple was then made with another budget or another sigma.

Bad
---
    {"study": {"kind": "transcription"},
     "sampling": {"monte-carlo": {"bound": "empirical_bernstein"}},
     "contracts": {"waveform": {"scale": ["certified_radius"]}},
     "evaluations": {"spoken-words": {"claims": [
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".007641"}]},
      "twice": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": ".005", "sampling": "monte-carlo", "claims": [
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".015282"}]},
      "fourfold": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": ".01", "sampling": "monte-carlo", "claims": [
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".030564"}]},
      "eightfold": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": ".02", "sampling": "monte-carlo", "claims": [
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".063972"}]}}}

Good
----
    {"study": {"kind": "transcription"},
     "sampling": {"monte-carlo": {"bound": "empirical_bernstein"}},
     "contracts": {"waveform": {"scale": ["certified_radius"]}},
     "evaluations": {"spoken-words": {"claims": [
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".007641"}]},
      "twice": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": ".005", "sampling": "monte-carlo", "claims": [
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".015282"}]},
      "fourfold": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": ".01", "sampling": "monte-carlo", "claims": [
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".030564"}]},
      "eightfold": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": ".02", "sampling": "monte-carlo", "claims": [
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".058"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 3.2.2: R = sigma Phi^-1(p_L).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import loosely
from repaudit.rules._quantity import Interval
from repaudit.rules._radius import settings_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim

SHARED, PRECISE = 3, Fraction(1, 1000)
"""Sigmas that have to share a multiple, and the relative width that tells one from its like."""


@dataclass(frozen=True)
class _Multiple:
    """A median radius over sigma."""

    placed: Matched
    sigma: Fraction
    interval: Interval


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every median that exceeds the multiple of sigma at which at least three others are."""
    groups: defaultdict[str, list[_Multiple]] = defaultdict(list)
    for name, multiple in _multiples(case.results):
        groups[name].append(multiple)
    for group in groups.values():
        ceiling = _shared(group)
        if ceiling is None:
            continue
        for multiple in group:
            if multiple.interval[0] > ceiling * (1 + PRECISE):
                top = float(ceiling * multiple.sigma)
                message = f"expected at most {top:.5g}, the ceiling of the other sigmas"
                found = f"{message}, found {multiple.placed.claim.value}"
                yield Hit(multiple.placed.pointer, found, {"ceiling_over_sigma": float(ceiling)})


def _multiples(results: Results) -> Iterator[tuple[str, _Multiple]]:
    """Yield the positive medians whose budget does not say where the ceiling is."""
    for placed in every_claim(results):
        claim, evaluation = placed.claim, placed.evaluation
        if claim.metric != "certified_radius" or claim.statistic != "median":
            continue
        assert isinstance(evaluation, Certification)  # RA047
        sigma, interval = evaluation.sigma.value, loosely(claim)
        if interval is None or interval[0] <= 0 or sigma <= 0:
            continue
        if not settings_of(results.sampling[evaluation.sampling]):
            over = interval[0] / sigma, interval[1] / sigma
            yield evaluation.sampling, _Multiple(placed, sigma, over)


def _shared(group: list[_Multiple]) -> Fraction | None:
    """Return the upper end of a multiple that at least three sigmas share; None without one."""
    for one in group:
        low, high = one.interval
        if high - low > low * PRECISE:
            continue
        same = [m for m in group if m.interval[0] <= high and m.interval[1] >= low]
        if len({m.sigma for m in same}) >= SHARED:
            return min(m.interval[1] for m in same)
    return None
