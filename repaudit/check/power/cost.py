"""Forwards that an audit of one evaluation takes: of every example, and by sample."""

import numpy as np

from repaudit.audit.power import Cost
from repaudit.check.sampling.plan import NOT_WORTH, OF_ALL_ALIKE, is_worth
from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.context import Context
from repaudit.statistics.curtailment import curtailment
from repaudit.statistics.populations import quantiles_of
from repaudit.statistics.power import mean_draws
from repaudit.statistics.predictive import FloatArray, Protocol
from repaudit.statistics.sequential import examples_needed
from repaudit.statistics.sign_flip import in_window
from repaudit.verdicts.sampling.design import RECORDS
from repaudit.verdicts.sampling.radii import compared_radii

NO_MARGIN = "a sample confirms nothing within a margin of 0 or of everything"
ROWS = 2000
"""Quantiles over which draws are averaged."""


def cost_of(
    assumption: str,
    context: Context,
    released: CertificationRecords | None,
    margin: float,
    *,
    has_counts: bool,
) -> Cost:
    """Return the forwards of a full audit and of a risk-limiting one that confirms a table.

    ``margin``      fraction of the examples: what an overstatement must not exceed
    ``has_counts``  whether the author's counts are there to be compared; else claims are polled
    """
    assert isinstance(context.protocol, Protocol)
    protocol, size = context.protocol, _elements(context)
    full = size * (1 + protocol.n0 + protocol.n)
    if not 0.0 < margin < 1.0:
        return Cost(assumption=assumption, full=full, sampled=None, reason=NO_MARGIN)
    p = quantiles_of(assumption, ROWS) if released is None else released.label_hits / protocol.n
    examples = int(examples_needed(margin) * (1.0 if has_counts else OF_ALL_ALIKE))
    examples, draws = min(examples, size), _draws(protocol, np.asarray(p))
    records = _records(p, protocol, size) if has_counts else 0
    sampled = round(examples * draws) + records * protocol.n
    if not is_worth(sampled, full):
        return Cost(assumption=assumption, full=full, sampled=None, reason=NOT_WORTH)
    return Cost(
        assumption=assumption,
        full=full,
        sampled=sampled,
        examples=examples,
        draws=round(draws),
        reason=None if has_counts else "polled, as no counts are released",
    )


def _elements(context: Context) -> int:
    """Return examples x runs."""
    sizes = [context.examples_of(checkpoint) or 0 for checkpoint in context.checkpoints]
    return sum(sizes) * context.repeats


def _records(p: FloatArray, protocol: Protocol, size: int) -> int:
    """Return how many released counts are held against ours at all draws."""
    telling = in_window(np.round(np.asarray(p) * protocol.n), protocol.n)
    return min(RECORDS, round(float(np.mean(telling)) * size))


def _draws(protocol: Protocol, p: FloatArray) -> float:
    radii = compared_radii(protocol.n, protocol.alpha)
    rules = [curtailment(protocol.n0, protocol.n, needed) for _, needed in radii]
    return mean_draws(rules, p, protocol.n0)
