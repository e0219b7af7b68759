"""A whole author's file: three contracts, two seeds, attacks, geometry, aliasing."""

from pathlib import Path

from repaudit.contract.load import parse_strict
from repaudit.rules import run_rules

VALID = Path(__file__).resolve().parents[1] / "contract" / "results" / "v1" / "valid"


def test_an_honest_authors_file_has_no_finding_but_facts(case_of, objections, tmp_path):
    document = parse_strict((VALID / "author.json").read_bytes(), "author.json")
    findings, rules = run_rules(case_of(document, tmp_path))
    assert objections(findings) == []
    assert [rule.code for rule in rules if rule.skipped] == []
