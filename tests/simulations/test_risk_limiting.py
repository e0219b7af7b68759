"""What a risk-limiting audit costs and how often it errs, on tables whose truth is known.

Costs are those of statistics.md 4.2; the boundary is the worst case of the guarantee: a table
overstated by exactly the margin, of which an audit may confirm at most the risk.
"""

from dataclasses import replace

import pytest
from scipy.stats import binom

from benchmarks.calibration.record_audits import record_row
from benchmarks.calibration.risk_limiting import RISK, Setting, simulate

HONEST = Setting("SC", 5074, 0.01)


def _most(audits, rate, quantile=0.999):
    """The count that a rate exceeds one time in a thousand."""
    return int(binom.ppf(quantile, audits, rate))


def _confirms_cheaply(audits):
    row = simulate(HONEST, audits)
    assert row.confirmed == 1.0
    assert 500 < row.examples < 800  # 6.3 to 7.5 / margin
    assert row.forwards <= 300_000
    assert row.saving >= 15
    assert row.wrong_decisions == 0


def test_an_honest_table_of_5074_examples_is_confirmed_by_300_000_forwards():
    _confirms_cheaply(60)


def test_with_the_record_audit_before_it_by_800_000():
    row = simulate(Setting("SC", 5074, 0.01, records=50), 60)
    assert row.by_records <= _most(60, 0.01) / 60
    assert row.confirmed == 1.0 - row.by_records
    assert row.forwards <= 800_000


def test_at_a_quarter_of_the_ceiling_it_costs_less():
    row = simulate(Setting("SC", 5074, 0.01, of_ceiling=0.25), 40)
    assert row.confirmed == 1.0
    assert row.forwards <= 200_000


@pytest.mark.parametrize(("population", "size"), [("SC", 400), ("ESC", 400), ("ESC", 2000)])
def test_fewer_examples_are_nearly_all_visited_and_still_cost_a_fifteenth(population, size):
    row = simulate(Setting(population, size, 0.01), 80)
    assert row.confirmed == 1.0
    assert row.saving >= 15


def test_a_table_raised_by_two_margins_is_refuted():
    row = simulate(Setting("SC", 5074, 0.01, 0.02), 60)
    assert (row.refuted, row.confirmed) == (1.0, 0.0)
    assert row.forwards <= 600_000


def test_without_counts_a_poll_confirms_at_several_times_the_cost():
    poll = simulate(Setting("SC", 5074, 0.01, kind="polling"), 30)
    assert poll.confirmed == 1.0
    assert poll.forwards > 3 * simulate(HONEST, 30).forwards


def test_honest_noise_beyond_a_small_margin_is_not_refuted_with_a_margin_of_its_own():
    setting = Setting("HARD", 400, 0.0025)  # one example, where two honest runs differ by more
    assert simulate(setting, 100).refuted > 0.1
    assert simulate(replace(setting, refute_z=2.576), 100).refuted == 0.0


@pytest.mark.parametrize("kind", ["comparison", "polling"])
def test_at_the_boundary_almost_nothing_is_confirmed(kind):
    audits = 300
    row = simulate(Setting("SC", 400, 0.02, kind=kind, at_boundary=True), audits)
    assert row.overstated == pytest.approx(2.0)
    assert row.confirmed * audits <= _most(audits, RISK)
    assert row.refuted * audits <= _most(audits, RISK)


def test_the_record_audit_finds_sigma_errors_and_leaves_honest_counts_alone():
    assert record_row("SC", 5074, 50, 0.0, 200).rejected * 200 <= _most(200, 0.01)
    row = record_row("SC", 5074, 50, 0.02, 50)
    assert row.rejected >= 0.95
    assert row.forwards == 500_000


# --- in full --------------------------------------------------------------------------------


@pytest.mark.slow
def test_five_hundred_honest_tables_are_confirmed_cheaply():
    _confirms_cheaply(500)


@pytest.mark.slow
def test_fewer_than_one_table_in_a_hundred_at_the_boundary_is_confirmed():
    confirmed = refuted = total = 0
    for population in ("SC", "ESC", "HARD", "BORD"):
        for size, margin, audits in ((400, 0.01, 1000), (400, 0.03, 1000), (2000, 0.01, 500)):
            for kind in ("comparison", "polling"):
                setting = Setting(population, size, margin, kind=kind, at_boundary=True)
                row = simulate(setting, audits, seed=1)
                assert row.confirmed * audits <= _most(audits, RISK)
                assert row.refuted * audits <= _most(audits, RISK)
                confirmed += round(row.confirmed * audits)
                refuted += round(row.refuted * audits)
                total += audits
    assert 0 < confirmed < 0.01 * total
    assert 0 < refuted < 0.01 * total


@pytest.mark.slow
def test_no_curtailed_draws_of_four_million_examples_are_wrong():
    rows = [simulate(Setting(name, 5074, 0.01), 200) for name in ("SC", "ESC", "HARD", "BORD")]
    assert sum(row.wrong_decisions for row in rows) <= 3  # at 1e-7 each: P(Poi(.4) > 3) < .001


@pytest.mark.slow
@pytest.mark.parametrize(
    ("population", "size", "examples", "power"),
    [("SC", 5074, 20, 0.74), ("SC", 5074, 50, 1.0), ("ESC", 2000, 30, 0.92), ("SC", 400, 30, 0.89)],
)
def test_the_record_audit_has_the_size_and_power_of_the_design(population, size, examples, power):
    # statistics.md 4.2, at a sigma error of 2 %; its own sampling error is about .03
    honest = record_row(population, size, examples, 0.0, 2000)
    assert honest.rejected * 2000 <= _most(2000, 0.01)
    assert record_row(population, size, examples, 0.02, 500).rejected >= power - 0.07
    assert record_row(population, size, examples, 0.05, 200).rejected >= 0.98
