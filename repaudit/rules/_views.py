"""The claims of one certification that speak of the same runs combined in the same way."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._definition import DEFINITIONS
from repaudit.rules._runs import runs_behind
from repaudit.rules._walk import every_claim

POOLED = "pooled"
ADDITIVE = (POOLED, "mean")
"""Combinations under which shares of parts add up to the share of the whole."""


@dataclass(frozen=True)
class View:
    """Numbers of one set of certificates, or of one run's combined alike."""

    evaluation: Certification
    combined: str
    """``pooled`` = of all certificates together, which one run always is; else as declared"""
    claims: tuple[Matched, ...]

    def find(self, metric: str, **fields: object) -> Matched | None:
        """Return the claim of a metric with these fields; None where the view prints none."""
        return next((m for m in self.claims if _has(m, metric=metric, **fields)), None)

    def certified(self, key: str) -> list[tuple[Fraction, Matched]]:
        """Return thresholds (``at_radius`` or ``at_snr_db``), ascending, with their claims.

        Of two claims at one threshold, which is a fault of the file, the first.
        """
        found: dict[Fraction, Matched] = {}
        for placed in self.claims:
            threshold = getattr(placed.claim, key)
            if placed.claim.metric == "certified_accuracy" and threshold is not None:
                found.setdefault(threshold.value, placed)
        return sorted(found.items())


def views(results: Results) -> Iterator[View]:
    """Yield every view of every certification; claims that do not say how runs combine have none.

    A mean of shares over runs of one size is the share of all their examples together.
    """
    found: defaultdict[tuple[str, str | None, str], list[Matched]] = defaultdict(list)
    for placed in every_claim(results):
        combined = combination(results, placed)
        if combined is not None and isinstance(placed.evaluation, Certification):
            found[placed.evaluation_id, placed.claim.checkpoint, combined].append(placed)
    for (_, _, combined), claims in found.items():
        evaluation = claims[0].evaluation
        assert isinstance(evaluation, Certification)  # no other was let in
        yield View(evaluation, combined, tuple(claims))


def combination(results: Results, placed: Matched) -> str | None:
    """Return how the runs behind a claim are combined, ``pooled`` for one run; None = unsaid."""
    runs, across = runs_behind(results, placed), placed.claim.across
    one_run = len(runs) == 1 if runs is not None else placed.evaluation.repeats != "unstated"
    if runs is not None and one_run:
        return POOLED
    if across is None:
        return POOLED if one_run else None
    if across == "mean" and runs is not None and _is_additive(placed):
        return POOLED if len({run.examples for run in runs}) == 1 else across
    return None if across == "unstated" else across


def _is_additive(placed: Matched) -> bool:
    """Whether the number of all examples is the mean of those of equal parts of them."""
    claim = placed.claim
    definition = DEFINITIONS.get(claim.metric)
    is_share = definition is not None and definition.type == "proportion"
    return is_share or (claim.statistic == "mean" and claim.population == "all")


def _has(placed: Matched, **fields: object) -> bool:
    return all(getattr(placed.claim, name) == value for name, value in fields.items())
