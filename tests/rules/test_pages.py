"""Every rule's page is run: Bad fires exactly its own code, Good fires nothing."""

import pytest

from repaudit.rules import run_rules
from repaudit.rules._registry import registry
from repaudit.rules.explain import page

CODES = sorted(registry())


def test_the_starting_file_is_honest(patched, objections, tmp_path):
    findings, rules = run_rules(patched({}, tmp_path))
    assert objections(findings) == []
    assert [rule.skipped for rule in rules] == [None] * len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_bad_example_fires_its_own_rule_alone(code, patched, objections, tmp_path):
    case = patched(registry()[code].page.bad, tmp_path)
    assert {finding.code for finding in objections(run_rules(case)[0], code)} == {code}


@pytest.mark.parametrize("code", CODES)
def test_the_good_example_fires_nothing(code, patched, objections, tmp_path):
    case = patched(registry()[code].page.good, tmp_path)
    assert objections(run_rules(case)[0], code) == []


@pytest.mark.parametrize("code", CODES)
def test_a_page_shows_every_section_and_its_examples_as_json(code):
    text = page(code)
    headings = [line for line in text.splitlines() if line.startswith("#")]
    name = registry()[code].name
    assert headings == [f"# {code} {name}", "## Why", "## Bad", "## Good", "## References"]
    assert text.count("```json") == 2
