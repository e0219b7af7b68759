"""The attacked example: its plan is fresh, its numbers fit, its audit ends reproduced."""

import json
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from repaudit.audit.comparison import Verdict
from repaudit.audit.finding import Severity
from repaudit.check import CheckOptions, check
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.results import Results
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.metrics.attacked import outcomes
from repaudit.metrics.context import context_of
from repaudit.tables.render import render_table

EXAMPLE = Path(__file__).parents[2] / "examples" / "post-averaging"
OPTIONS = CheckOptions(device="cpu", roots={"kws": EXAMPLE.parent / "keyword-spotting"})


@pytest.fixture(scope="module")
def results() -> Results:
    return load_results(EXAMPLE / "results.json")[0]


def value(results: Results, evaluation: str, metric: str, classifier: str | None = None) -> float:
    claims = results.evaluations[evaluation].claims
    (found,) = [c for c in claims if c.metric == metric and c.classifier == classifier]
    assert found.value is not None
    return float(found.value.value)


def test_the_plan_is_what_its_script_writes() -> None:
    plan = runpy.run_path(str(EXAMPLE / "make_plan.py"))["plan"]()

    assert json.loads((EXAMPLE / "plan.json").read_text()) == json.loads(json.dumps(plan))


def test_a_static_audit_recomputes_every_number_and_objects_to_nothing() -> None:
    audit = check(EXAMPLE / "results.json", replace(OPTIONS, static=True))

    assert (audit.level, audit.exit_code) == ("L2", 0)
    assert {f.severity for f in audit.findings} <= {Severity.NOTE}
    assert all(c.recomputed is not None for c in audit.comparisons)
    ran = {rule.code for rule in audit.rules if rule.skipped is None}
    assert {"RA601", "RA602", "RA603", "RA604", "RA605"} <= ran


def test_the_panel_that_sees_the_defence_tells_another_story(results: Results) -> None:
    transfer = value(results, "transfer", "attacked_accuracy", "defended")
    adaptive = value(results, "adaptive", "attacked_accuracy", "defended")

    assert value(results, "transfer", "defence_rate") > 70
    assert transfer > 70
    assert adaptive < 20


def test_the_counts_of_both_sets_fit_exactly(results: Results) -> None:
    """RA601-RA604 on the released evidence, in whole examples."""
    records = load_evidence(results, "transfer", Places(EXAMPLE, {}))
    assert isinstance(records, EmpiricalRecords)
    found = outcomes(records, context_of(results, "transfer"))
    assert found.defended_clean is not None
    assert found.defended_attacked is not None

    turned = int(found.adversarial.sum())
    u = int((found.defended_attacked & ~found.adversarial).sum())
    v = int(found.defended_clean.sum()) - u
    assert int(found.base_attacked.sum()) == int(found.base_clean.sum()) - turned
    assert 0 <= u <= 48 - turned
    assert 0 <= v <= turned


def test_tables_say_who_saw_the_defence(results: Results) -> None:
    table = render_table(results, None, "markdown")

    assert "transfer: transfer (linf 0.12 at normalize)" in table
    assert "adaptive: transfer, eot, control, search, noise" in table


@pytest.mark.slow
def test_its_full_audit_ends_reproduced() -> None:
    audit = check(EXAMPLE / "results.json", replace(OPTIONS, nonce="0123456789abcdef" * 2))

    assert {c.verdict for c in audit.comparisons} == {Verdict.REPRODUCED}
    assert (audit.level, audit.exit_code) == ("L3", 0)
    labels = {c.label for c in audit.comparisons}
    assert "defence rate, transfer attack" in labels
    assert "attacked accuracy of the defended classifier, adaptive attack" in labels
