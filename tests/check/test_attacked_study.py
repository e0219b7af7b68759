"""A plan with attacks and a defence: measured, audited, and honest about what is missing."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from repaudit.audit.comparison import Verdict
from repaudit.audit.finding import Severity
from repaudit.check import CheckOptions, check
from repaudit.contract.load import load_results
from repaudit.measure import measure
from tests.builders import DEFENCE
from tests.studies import some_plan, write_json

CPU = CheckOptions(device="cpu", nonce="00" * 16)
AGAINST = {Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED}
ATTACKS = {
    "fgsm": {
        "name": "fgsm",
        "target": "base",
        "objective": "max_loss",
        "library": "foolbox==3.3.4",
    },
    "noise": {
        "name": "random_noise",
        "target": "defended",
        "objective": "max_loss",
        "library": "repaudit",
        "restarts": 2,
    },
    "search": {
        "name": "random_search",
        "target": "defended",
        "objective": "max_loss",
        "library": "repaudit",
        "queries": 2,
    },
}


def evaluation(attacks: list[str], claims: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "kind": "empirical",
        "data": "test",
        "model": "cnn",
        "pipeline": "kws",
        "attacks": attacks,
        "threat_model": {"norm": "linf", "epsilon": 0.2, "location": "normalize"},
        "defence": "averaged",
        "reevaluated": True,
        "claims": claims,
    }


def accuracy(metric: str, classifier: str) -> dict[str, str]:
    return {"metric": metric, "classifier": classifier, "unit": "percent"}


def attacked_plan(folder: Path) -> Path:
    plan = some_plan(folder)
    for key in ("contracts", "sampling", "tables", "statements"):
        plan.pop(key, None)
    transfer = [
        accuracy("clean_accuracy", "base"),
        accuracy("attacked_accuracy", "base"),
        {"metric": "adversarial_count"},
        {"metric": "defence_rate", "unit": "percent"},
        accuracy("attacked_accuracy", "defended"),
        accuracy("clean_accuracy", "defended"),
        {"metric": "perturbation_norm", "statistic": "median", "population": "adversarial"},
    ]
    plan |= {
        "attacks": ATTACKS,
        "defences": {"averaged": {**DEFENCE, "directions": 1, "radius": 40}},
        "evaluations": {
            "transfer": evaluation(["fgsm"], transfer),
            "adaptive": evaluation(
                ["noise", "search"], [accuracy("attacked_accuracy", "defended")]
            ),
        },
        "materiality": {"accuracy": 100, "rate": 100},
    }
    return write_json(folder / "plan.json", plan)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacked")
    return measure(attacked_plan(folder), folder / "results.json", 5, CPU).path


def test_measure_fills_every_claim_and_writes_the_evidence(measured: Path) -> None:
    results, document = load_results(measured)

    assert results.study.kind == "original"
    values = [c.value for e in results.evaluations.values() for c in e.claims]
    assert None not in values
    assert document.value["attacks"]["fgsm"]["seed"] == 5
    assert document.value["defences"]["averaged"]["seed"] == 5
    (evidence,) = results.evaluations["transfer"].evidence
    assert (measured.parent / evidence.path).is_file()


def test_what_was_measured_is_recomputed_and_breaks_no_identity(measured: Path) -> None:
    audit = check(measured, replace(CPU, static=True))

    assert not [f for f in audit.findings if f.severity is Severity.ERROR]
    assert audit.level == "L2"
    ran = {rule.code for rule in audit.rules if rule.skipped is None}
    assert {"RA601", "RA602", "RA603", "RA604"} <= ran


def test_an_audit_repeats_three_times_and_accuses_nobody(measured: Path) -> None:
    audit = check(measured, CPU)

    assert not AGAINST & {c.verdict for c in audit.comparisons}
    assert not [c for c in audit.comparisons if c.verdict is Verdict.NOT_CHECKED]
    by_label = {c.label: c for c in audit.comparisons}
    rate = by_label["defence rate, transfer attack"]
    assert rate.measured is not None
    assert "mean over runs" in rate.measured.method
    assert by_label["adversarial count"].verdict is Verdict.REPRODUCED
    assert "attacked accuracy of the defended classifier, adaptive attack" in by_label


def test_a_planted_defence_rate_is_caught(measured: Path, tmp_path: Path) -> None:
    document = json.loads(measured.read_text())
    for claim in document["evaluations"]["transfer"]["claims"]:
        if claim["metric"] == "attacked_accuracy" and claim["classifier"] == "base":
            claim["value"] = "100.00"
    lie = write_json(measured.with_name("lie.json"), document)

    audit = check(lie, CPU)

    (found,) = [
        c for c in audit.comparisons if c.label == "attacked accuracy of the base classifier"
    ]
    assert found.verdict in AGAINST
    assert audit.exit_code == 1


def test_without_the_extra_it_is_not_checked_and_says_what_to_install(
    measured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "foolbox", None)

    audit = check(measured, CPU)

    verdicts = {(c.evaluation, c.verdict) for c in audit.comparisons}
    assert ("transfer", Verdict.NOT_CHECKED) in verdicts
    assert ("adaptive", Verdict.NOT_CHECKED) not in verdicts
    (reason,) = {m.reason for m in audit.measurements if m.evaluation == "transfer"}
    assert reason is not None
    assert "pip install 'repaudit[attacks]'" in reason
