"""The aliasing example: reproduced to the last claim, refuted when a number is not its own."""

import json
from pathlib import Path

import pytest

from repaudit.audit.comparison import Verdict
from repaudit.audit.finding import Severity
from repaudit.check import CheckOptions, check
from repaudit.measure import measure
from repaudit.rerun.aliasing.layers import TOLERANCE
from tests.studies import EXAMPLE, sha256, write_json

FOLDER = EXAMPLE.parent / "aliasing"
ROOTS = {"example": EXAMPLE}


def test_the_example_is_in_order_and_its_evidence_gives_its_numbers() -> None:
    audit = check(FOLDER / "results.json", CheckOptions(static=True, roots=ROOTS, nonce="5" * 32))
    assert [f.code for f in audit.findings if f.severity is not Severity.NOTE] == []
    assert audit.level == "L2"
    assert len(audit.comparisons) == 36


def test_results_are_the_plan_with_values() -> None:
    plan, results = (
        json.loads((FOLDER / name).read_text(encoding="utf-8"))
        for name in ("plan.json", "results.json")
    )
    for name, evaluation in plan["evaluations"].items():
        filled = results["evaluations"][name]["claims"]
        assert [c | {"value": f["value"], "rounding": f["rounding"]} for c, f in
                zip(evaluation["claims"], filled, strict=True)] == filled  # fmt: skip


@pytest.mark.slow
def test_the_audit_reproduces_every_number_and_every_layer_proves_itself() -> None:
    audit = check(FOLDER / "results.json", CheckOptions(device="cpu", roots=ROOTS))
    assert {c.verdict for c in audit.comparisons} == {Verdict.REPRODUCED}
    assert (audit.level, audit.exit_code) == ("L3", 0)
    layers = [layer for m in audit.measurements for layer in m.layers]
    assert [layer.status for layer in layers] == ["measured"] * 9
    for layer in layers:
        assert layer.folding_error is not None
        assert layer.decimation_error is not None
        assert max(layer.folding_error, layer.decimation_error) <= TOLERANCE["float32"]


@pytest.mark.slow
def test_measuring_the_plan_gives_the_same_numbers(tmp_path: Path) -> None:
    """To the digits that a machine may round another way: the claims are compared at 1e-3."""
    for name in ("plan.json", "waveform.safetensors"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    options = CheckOptions(device="cpu", roots=ROOTS)
    measured = measure(tmp_path / "plan.json", tmp_path / "results.json", 1, options)
    assert measured.claims == 36
    found, expected = (
        json.loads((folder / "results.json").read_text(encoding="utf-8"))["evaluations"]
        for folder in (tmp_path, FOLDER)
    )
    for name, evaluation in expected.items():
        for ours, theirs in zip(found[name]["claims"], evaluation["claims"], strict=True):
            assert float(ours["value"]) == pytest.approx(float(theirs["value"]), rel=2e-3)


@pytest.mark.slow
def test_a_number_under_another_rule_is_refuted(tmp_path: Path) -> None:
    """The same numbers, said to be taken under a Hann window and without their evidence."""
    document = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))
    evaluation = document["evaluations"]["waveform"]
    del evaluation["evidence"]
    evaluation["window"] = "hann"
    document["evaluations"] = {"waveform": evaluation}
    weights = tmp_path / "waveform.safetensors"
    weights.write_bytes((FOLDER / "waveform.safetensors").read_bytes())
    assert document["models"]["waveform"]["checkpoints"][0]["file"]["sha256"] == sha256(weights)
    path = write_json(tmp_path / "results.json", document)
    audit = check(path, CheckOptions(device="cpu", roots=ROOTS))
    assert {c.verdict for c in audit.comparisons} == {Verdict.REFUTED}
    assert audit.exit_code == 1
