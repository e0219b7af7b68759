"""The auditor's own error rates, simulated: honest reports pass, lies are caught.

A reduced version of ``python -m benchmarks.calibration``, with assertions. Rates are asserted by
exact binomial tests that reject a true hypothesis once in a thousand, per test function.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from benchmarks.calibration.audits import audited, pair
from benchmarks.calibration.cells import LARGE, SMALL, Cell
from benchmarks.calibration.claims import claims_of
from benchmarks.calibration.document import document_of
from benchmarks.calibration.populations import NAMES
from benchmarks.calibration.reports import HONEST, Conduct
from benchmarks.calibration.study import audited_report, outcome, pooled
from benchmarks.calibration.tampers import DRIFTS, RECORD_TAMPERS, TAMPERS
from repaudit.contract.load import schema_errors
from repaudit.contract.schema import results_schema

FALSE_ALARM = 0.001
PROMISED = 0.01
BY_NAME = {lie.name: lie.conduct for lie in TAMPERS}
RECORDS_BY_NAME = {lie.name: lie.conduct for lie in RECORD_TAMPERS}
RAISED_BY_TWO = Conduct(points=2.0, raises_all=True)
SEED = 99  # not that of the committed results


def assert_at_most(rate, cells):
    flagged, reports = pooled(outcome(cell, SEED) for cell in cells)
    found = binomtest(flagged, reports, rate, alternative="greater")
    assert found.pvalue >= FALSE_ALARM, (flagged, reports)


def assert_at_least(rate, cell):
    flagged = outcome(cell, SEED)["flagged"]
    found = binomtest(flagged, cell.reports, rate, alternative="less")
    assert found.pvalue >= FALSE_ALARM, (cell.key, flagged)


def test_honest_reports_are_called_wrong_at_most_once_in_a_hundred():
    assert_at_most(PROMISED, [Cell("honest", name, SMALL, 5) for name in NAMES])


@pytest.mark.parametrize("name", ["SC", "ESC"])
def test_two_points_on_every_certified_accuracy_are_caught_at_400_examples(name):
    assert_at_least(0.9, Cell("tampers", name, SMALL, 10, "two points", RAISED_BY_TWO))


@pytest.mark.slow
def test_many_honest_reports_are_called_wrong_at_most_once_in_a_hundred():
    cells = [Cell("honest", name, SMALL, 80) for name in NAMES]
    cells += [Cell("honest", name, replace(SMALL, n=1000), 40) for name in NAMES]
    cells += [Cell("honest", name, replace(SMALL, classes=12), 40) for name in ("SC", "HARD")]
    cells += [Cell("honest", name, LARGE, 6) for name in NAMES]
    assert_at_most(PROMISED, cells)


@pytest.mark.slow
def test_honest_reports_with_released_counts_are_called_wrong_at_most_once_in_a_hundred():
    assert_at_most(PROMISED, [Cell("honest with counts", name, SMALL, 12) for name in NAMES])


@pytest.mark.slow
@pytest.mark.parametrize("lie", DRIFTS, ids=lambda lie: lie.name)
def test_what_other_hardware_does_is_no_lie(lie):
    cells = [
        Cell("other hardware", name, SMALL, 60, lie.name, lie.conduct) for name in ("SC", "ESC")
    ]
    assert_at_most(PROMISED, cells)


@pytest.mark.slow
@pytest.mark.parametrize("population", ["SC", "ESC"])
@pytest.mark.parametrize(
    "name",
    [
        "every certified accuracy +2 points",
        "less noise than declared, sigma / 1.5",
        "run at another sigma, -1 %",
        "run at another sigma, +1 %",
        "alpha .05, said .001",
        "n = 1000, said 10 000",
        "another pipeline flips 5 % of the examples",
    ],
)
def test_lies_are_caught_nine_times_in_ten(name, population):
    assert_at_least(0.9, Cell("tampers", population, SMALL, 40, name, BY_NAME[name]))


@pytest.mark.slow
@pytest.mark.parametrize("population", ["SC", "ESC"])
@pytest.mark.parametrize(
    "name",
    ["every certified accuracy +0.5 points", "positive-radius accuracy +1 points"],
)
def test_small_lies_are_caught_in_5074_examples(name, population):
    assert_at_least(0.9, Cell("tampers", population, LARGE, 12, name, BY_NAME[name]))


@pytest.mark.slow
@pytest.mark.parametrize("population", ["SC", "ESC"])
@pytest.mark.parametrize(
    "name",
    [
        "less noise than declared, sigma / 1.05",
        "n = 1000, counts times 10",
        "counts copied from the run that is compared with",
        "counts of 10 examples forged",
    ],
)
def test_released_counts_show_what_a_table_hides(name, population):
    conduct = RECORDS_BY_NAME[name]
    assert_at_least(0.8, Cell("tampers with counts", population, SMALL, 10, name, conduct))


def test_the_best_of_twenty_noise_seeds_is_not_seen():
    """What README and docs/trust.md say cannot be seen: a lie as rare as a false flag."""
    name = "best of 20 noise seeds"
    assert_at_most(PROMISED, [Cell("tampers", "SC", SMALL, 10, name, BY_NAME[name])])


def test_a_report_is_a_valid_results_file():
    one = pair("SC", SMALL, HONEST, np.random.default_rng(0))
    claims = claims_of(one.author, SMALL)
    document = document_of(SMALL, claims, releases_counts=True)
    assert list(schema_errors(document, results_schema())) == []
    assert len(claims) == 11


def test_an_honest_author_prints_what_the_counts_give():
    """The simulated author and the auditor compute every number on their own."""
    for name in NAMES:
        one = pair(
            name, replace(SMALL, size=80, n=1000, classes=3), HONEST, np.random.default_rng(1)
        )
        for comparison in audited(one, releases_counts=True):
            if comparison.kind == "claim":
                low, high = comparison.declared.low, comparison.declared.high
                slack = 1e-9 * abs(comparison.recomputed.value)
                assert low - slack <= comparison.recomputed.value <= high + slack


def test_reports_follow_from_the_seed_alone():
    cell = Cell("honest", "HARD", replace(SMALL, n=1000), 2)
    first, second = (audited_report(cell, np.random.default_rng(5)) for _ in range(2))
    assert first == second
    assert outcome(cell, SEED) == outcome(cell, SEED)


def test_a_lie_about_the_table_leaves_the_re_run_as_it_is():
    """Author and auditor of an honest pair are independent; a copy is not."""
    rng = np.random.default_rng(2)
    honest = pair("HARD", SMALL, HONEST, rng)
    copied = pair("HARD", SMALL, Conduct(copies=True), rng)
    assert not np.array_equal(honest.author.records.label_hits, honest.auditor.records.label_hits)
    assert copied.author is copied.auditor
