"""What is said beforehand is what the tests do afterwards."""

import numpy as np
import pytest

from repaudit.contract.claim import Claim
from repaudit.evidence.join import concatenate
from repaudit.metrics.context import context_of
from repaudit.statistics.predictive import Protocol
from repaudit.verdicts.assumed import assumed_blocks, assumed_records, assumed_runs
from repaudit.verdicts.case import case_of
from repaudit.verdicts.power import Stand, reach_of, untestable
from tests.builders import (
    ALPHA,
    DISTRIBUTIONS,
    N0,
    SHARES,
    N,
    honest_claims,
    margins_near,
    some_certification_records,
    some_results,
)

LEVEL = 0.01 / 12
TESTED = [c for c in SHARES + DISTRIBUTIONS if c.get("classifier") != "base"]
TWO_RUNS = {
    "models": {"cnn": {"checkpoints": [{"id": "seed0", "seed": 0}, {"id": "seed1", "seed": 1}]}}
}


def of_counts(claim, records, **patch):
    context = context_of(some_results(**patch), "wave")
    return reach_of(Claim.model_validate(claim), context, [Stand(records, len(records))], LEVEL)


@pytest.fixture(scope="module")
def records():
    rng = np.random.default_rng(5)
    return some_certification_records(margins_near(rng), rng)


@pytest.mark.parametrize("claim", TESTED, ids=lambda c: f"{c['metric']}-{c.get('statistic')}")
def test_half_width_is_that_of_the_honest_values_of_an_audit(claim, records):
    """An audit whose re-run equals the author's run shows the interval that was foretold."""
    results = some_results()
    (typed,) = honest_claims(results, [claim], records)
    measured = case_of(typed, context_of(results, "wave"), None, records, "").measured
    reach = of_counts(claim, records)
    assert reach.expected == pytest.approx(measured.value)
    span = max(measured.high - measured.value, measured.value - measured.low)
    assert reach.at_best == pytest.approx(span, abs=1e-5 * abs(measured.value))


@pytest.mark.parametrize(("claim", "sign"), [(TESTED[0], 1), (TESTED[1], 1), (DISTRIBUTIONS[0], 1)])
def test_what_is_said_to_be_detected_is_rejected_when_the_run_is_typical(claim, sign, records):
    results = some_results()
    (typed,) = honest_claims(results, [claim], records)
    reach = of_counts(claim, records)
    value = float(typed.value.value) + sign * reach.detected
    lie = Claim.model_validate({**claim, "value": f"{value:.6f}"})
    case = case_of(lie, context_of(results, "wave"), None, records, "")
    assert case.p_value is None or case.p_value < LEVEL


def test_two_pooled_runs_detect_less_than_one_in_share():
    rng = np.random.default_rng(6)
    p = margins_near(rng)
    runs = [some_certification_records(p, rng, checkpoint=f"seed{i}") for i in range(2)]
    one = of_counts(TESTED[0], runs[0])
    two = of_counts({**TESTED[0], "across": "pooled"}, concatenate(runs), **TWO_RUNS)
    assert two.detected < one.detected


def test_the_mean_of_two_runs_has_half_the_variance_of_one():
    rng = np.random.default_rng(6)
    records = some_certification_records(margins_near(rng), rng)
    claim = Claim.model_validate({**DISTRIBUTIONS[0], "across": "mean"})
    context = context_of(some_results(**TWO_RUNS), "wave")
    stand = Stand(records, len(records))
    one, two = (reach_of(claim, context, [stand] * runs, LEVEL) for runs in (1, 2))
    assert two.at_best == pytest.approx(one.at_best / 2**0.5)
    assert two.detected == pytest.approx(one.detected / 2**0.5)


def test_more_examples_of_a_population_detect_less():
    protocol = Protocol(N0, N, ALPHA)
    context = context_of(some_results(), "wave")
    claim = Claim.model_validate(TESTED[0])
    found = []
    for size in (100, 1000, 5000):
        part = assumed_records("ESC", protocol)
        blocks = assumed_blocks("ESC", protocol, size)
        stand = Stand(part, size, blocks, assumed_runs("ESC", protocol))
        found.append(reach_of(claim, context, [stand], LEVEL))
    assert found[0].detected > found[1].detected > found[2].detected
    # half-widths fall like one over the root of N, in whole examples
    assert found[1].at_best / found[2].at_best == pytest.approx(5**0.5, rel=0.25)


def test_a_claim_that_no_re_run_answers_says_why():
    base = Claim(metric="clean_accuracy", classifier="base", unit="percent")
    spread = Claim(metric="certified_radius", statistic="std", population="all")
    best = Claim(metric="certified_accuracy", at_radius=0, unit="percent", across="max")
    assert "without randomness" in untestable(base)
    assert "std" in untestable(spread)
    assert "max" in untestable(best)
    assert untestable(Claim.model_validate(TESTED[0])) is None


def test_all_examples_certified_leave_nothing_to_overstate():
    records = some_certification_records(np.ones(48), np.random.default_rng(0))
    reach = of_counts(TESTED[0], records)
    assert (reach.expected, reach.detected, reach.at_best) == (100.0, None, 0.0)
