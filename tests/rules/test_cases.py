"""Every case file: what fires is exactly its folder's code, at exactly the places it names."""

import json
from pathlib import Path

import pytest

from repaudit.rules import run_rules
from repaudit.rules._pointers import exists

CASES = sorted((Path(__file__).parent / "cases").glob("RA*/*.json"))


def _name(path):
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", [p for p in CASES if p.stem.startswith("bad_")], ids=_name)
def test_a_bad_case_fires_its_rule_alone_where_it_says(path, patched, objections, tmp_path):
    case = patched(path.read_text(), tmp_path)
    findings = objections(run_rules(case)[0], path.parent.name)
    found = {(finding.code, finding.pointer) for finding in findings}
    expected = json.loads(path.read_text())["x-fires"]
    assert found == {(path.parent.name, pointer) for pointer in expected}
    assert all(exists(case.document, pointer) for _, pointer in found)


@pytest.mark.parametrize("path", [p for p in CASES if p.stem.startswith("good_")], ids=_name)
def test_a_good_case_fires_nothing(path, patched, objections, tmp_path):
    findings = run_rules(patched(path.read_text(), tmp_path))[0]
    assert objections(findings, path.parent.name) == []


def test_every_case_says_whether_it_is_good():
    assert [p for p in CASES if not p.stem.startswith(("good_", "bad_"))] == []
