"""No rule accuses an honest report of an error, whatever its budget, size and digits."""

import pytest

from repaudit.contract.load import schema_errors
from repaudit.contract.schema import results_schema
from repaudit.rules import run_rules
from tests.simulations.honest_reports import case_of, honest_reports
from tests.simulations.settings import settings


def errors_of(count, seed):
    """Return the errors that honest reports get, with the setting each came from."""
    found = []
    for setting, document in honest_reports(count, seed):
        findings, _ = run_rules(case_of(document))
        found += [
            (f.code, f.pointer, f.message, setting) for f in findings if f.severity == "error"
        ]
    return found


def test_sixty_honest_reports_get_no_error():
    assert errors_of(60, seed=1) == []


@pytest.mark.slow
def test_two_thousand_honest_reports_get_no_error():
    assert errors_of(2000, seed=2) == []


def test_a_report_keeps_to_the_published_schema():
    for _, document in honest_reports(12, seed=3):
        assert list(schema_errors(document, results_schema())) == []


def test_the_grid_has_every_budget_population_and_way_of_printing():
    drawn = list(settings(60, seed=1))
    for key in ("n", "alpha", "sigma", "examples", "population", "runs", "rounding", "decimals"):
        assert len({getattr(setting, key) for setting in drawn}) >= 3
