"""The aliasing paper, typed in: what its formulas leave open, and nothing else."""

from pathlib import Path

import pytest

from repaudit.contract.load import load_results
from repaudit.rules import Case, run_rules

PAPER = Path(__file__).parents[2] / "examples" / "papers" / "aliasing" / "results.json"
OURS = ("RA6", "RA7")


@pytest.fixture(scope="module")
def paper():
    return load_results(PAPER)


@pytest.fixture(scope="module")
def findings(paper):
    results, document = paper
    return [f for f in run_rules(Case(results, document.value))[0] if f.code.startswith(OURS)]


def sources(paper, findings, code):
    """Return where the sentences stand that a rule objects to."""
    results, _ = paper
    numbers = sorted(int(f.pointer.split("/")[2]) for f in findings if f.code == code)
    return [results.statements[number].source for number in numbers]


def test_nothing_is_an_error(findings):
    assert {finding.severity for finding in findings} == {"warning"}


def test_the_divisor_of_equation_7_is_found(paper, findings):
    assert sources(paper, findings, "RA701") == ["equation 7"]


def test_the_indices_of_equations_3_to_6_are_found(paper, findings):
    expected = ["equation 3", "equation 4", "equation 5", "equation 6"]
    assert sources(paper, findings, "RA702") == expected


def test_the_warnings_of_this_family_are_these(findings):
    compared = ("0/asserts/0", "0/asserts/1", "2/asserts/0", "2/asserts/1", "14/asserts/1")
    compared += ("15/asserts/0", "16/asserts/0", "21/asserts/0", "21/asserts/1")
    assert {(finding.code, finding.pointer) for finding in findings} == {
        ("RA701", "/statements/8/quote"),
        *(("RA702", f"/statements/{i}/quote") for i in (4, 5, 6, 7)),
        *(("RA703", f"/statements/{place}") for place in compared),
        ("RA717", "/statements/10/quote"),
    }


def test_the_text_states_one_number(paper):
    results, _ = paper
    claims = [claim for e in results.evaluations.values() for claim in e.claims]
    assert {(claim.metric, str(claim.value)) for claim in claims} == {("attacked_accuracy", "0")}
