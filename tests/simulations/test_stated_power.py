"""``repaudit power`` says what is detected nine times in ten: simulated audits of that size do."""

import json

import numpy as np
import pytest

from benchmarks.calibration.audits import pair
from benchmarks.calibration.claims import claims_of, printed
from benchmarks.calibration.document import EVALUATION, document_of, results_of
from benchmarks.calibration.reports import HONEST, Study
from repaudit.check.power import power
from repaudit.contract.claim import Claim
from repaudit.metrics.context import context_of
from repaudit.verdicts.case import case_of

STUDY = Study(400)
AUDITS = 400
FEWEST, MOST = 320, 392
"""Of 400: P(Bin(400, .85) < 320) = .004, P(Bin(400, .95) > 392) = .001"""
LEVEL = 0.01 / 12  # eleven claims and the released counts
ONE = 100.0 / STUDY.size

SHARES = [
    ("SC", "positive-radius accuracy"),
    ("ESC", "certified accuracy at radius 0.3998"),
    ("HARD", "certified accuracy at radius 0.3998"),
]
OTHERS = [
    ("SC", "mean certified radius over all"),
    ("ESC", "mean certified SNR over certified"),
    ("HARD", "mean certified radius over all"),
    ("HARD", "median certified radius over all"),
]


@pytest.fixture(scope="module")
def plan():
    """The claims of a table, without their values."""
    author = pair("SC", STUDY, HONEST, np.random.default_rng(0)).author
    return [{k: v for k, v in c.items() if k != "value"} for c in claims_of(author, STUDY)]


@pytest.fixture(scope="module")
def stated(plan, tmp_path_factory):
    """What is said beforehand, by population and claim."""
    document = document_of(STUDY, plan, releases_counts=False)
    document = {**document, "study": {"title": "A plan", "kind": "plan"}}
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    found = power(path)
    assert found.tests == 12
    rows = found.tables[0].rows
    return {(a.assumption, row.label): (row, a) for row in rows for a in row.answers}


def caught(population, index, plan, overstated):
    """How many of 400 authors are caught when one claim is overstated."""
    results = results_of(STUDY, plan, releases_counts=False)
    context, found = context_of(results, EVALUATION), 0
    for seed in range(AUDITS):
        one = pair(population, STUDY, HONEST, np.random.default_rng([7, seed]))
        alone = replace_value(claims_of(one.author, STUDY), plan[index], overstated)
        case = case_of(alone, context, None, one.auditor.records, "")
        found += case.p_value is None or case.p_value < LEVEL
    return found


def replace_value(claims, wanted, overstated):
    (claim,) = (c for c in claims if wanted.items() <= c.items())
    decimals = 2 if claim.get("unit") == "percent" else 6
    value = printed(overstated(float(claim["value"])), decimals)
    return Claim.model_validate({**claim, "value": value, "rounding": "half"})


def index_of(stated, population, label):
    row, answer = stated[population, label]
    return int(row.pointer.rpartition("/")[2]), answer


@pytest.mark.slow
@pytest.mark.parametrize(("population", "label"), SHARES)
def test_a_share_is_caught_nine_times_in_ten_and_one_example_less_is_not(
    population, label, plan, stated
):
    index, answer = index_of(stated, population, label)
    assert caught(population, index, plan, lambda v: min(v + answer.detected, 100.0)) >= FEWEST
    less = answer.detected - ONE
    assert caught(population, index, plan, lambda v: min(v + less, 100.0)) <= MOST


@pytest.mark.slow
@pytest.mark.parametrize(("population", "label"), OTHERS)
def test_a_mean_or_median_is_caught_nine_times_in_ten(population, label, plan, stated):
    index, answer = index_of(stated, population, label)
    if "SNR" in label:
        found = caught(population, index, plan, lambda v: v - answer.detected)
    else:
        more = answer.expected * answer.detected / 100.0
        found = caught(population, index, plan, lambda v: v + more)
    assert FEWEST <= found <= MOST


def test_assumed_populations_are_those_of_the_calibration(stated):
    from benchmarks.calibration.populations import draw
    from repaudit.statistics.populations import NAMES, quantiles_of

    for name in NAMES:
        drawn = np.sort(draw(name, 20_000, np.random.default_rng(1), 10_000))
        assumed = np.sort(quantiles_of(name, 20_000))
        below = (np.searchsorted(one, drawn, side="right") for one in (assumed, drawn))
        # Kolmogorov-Smirnov: 1.95 / sqrt(20 000) is exceeded once in 1000
        assert np.max(np.abs(np.subtract(*below))) / 20_000 < 0.0138


def test_what_is_hopeless_beforehand_is_said(stated):
    _, answer = stated["SC", "abstention rate"]
    assert answer.detected is None
    assert answer.reason is not None
