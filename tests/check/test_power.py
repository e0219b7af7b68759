"""The family of tests that ``repaudit power`` takes Holm over."""

from repaudit.check.power import tests_of as count_tests
from tests.builders import GEOMETRY, GEOMETRY_EVALUATION, SHARES, with_claims

COMPARED = len(SHARES) - 1
"""Every share but the base accuracy, which has no p-value."""


def test_claims_of_a_file_are_one_family() -> None:
    assert count_tests(with_claims(SHARES)) == COMPARED


def test_released_counts_are_one_test_more() -> None:
    assert count_tests(with_claims(SHARES, evidence=True)) == COMPARED + 1


def test_geometry_belongs_to_the_family() -> None:
    beside = {"evaluations": {"shape": {**GEOMETRY_EVALUATION, "claims": GEOMETRY}}}
    valued = [{**claim, "value": "0.5"} for claim in GEOMETRY]
    beside["evaluations"]["shape"]["claims"] = valued
    assert count_tests(with_claims(SHARES, **beside)) == COMPARED + len(GEOMETRY)


def test_a_plan_is_taken_to_release_its_counts() -> None:
    plan = with_claims(SHARES, study={"kind": "plan"})
    assert count_tests(plan) == COMPARED + 1
