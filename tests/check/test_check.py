"""An audit end to end, on real sound and a trained network."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import soundfile as sf

from repaudit._core.errors import ContractError, InputError
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.audit.finding import Severity
from repaudit.check import CheckOptions, check
from repaudit.contract.files import sha256_of
from tests.studies import copy_clips, sha256, update_manifest

NONCE = "0" * 32
Changed = Callable[[Callable[[dict[str, Any]], None]], Path]
AGAINST = {Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED}


def audited(path: Path, **options: Any) -> Audit:
    return check(path, CheckOptions(device="cpu", **{"nonce": NONCE, **options}))


def codes(audit: Audit) -> set[str]:
    return {finding.code for finding in audit.findings}


def test_honest_file_has_no_verdict_against_it(study: Path) -> None:
    audit = audited(study / "results.json")
    assert {c.verdict for c in audit.comparisons}.isdisjoint(AGAINST)
    assert audit.exit_code == 0
    assert all(c.recomputed is not None for c in audit.comparisons if c.kind == "claim")
    assert all(c.line is not None for c in audit.comparisons)


def test_our_own_counts_are_released_with_their_hash(study: Path, tmp_path: Path) -> None:
    audit = audited(study / "results.json", out=tmp_path / "out")
    for measurement in audit.measurements:
        path = tmp_path / "out" / str(measurement.evidence_path)
        assert measurement.evidence_sha256 == sha256_of(path)
    assert not (tmp_path / "out" / "journal").exists()


def test_nonce_reproduces_an_audit_and_another_one_does_not(study: Path, tmp_path: Path) -> None:
    def counts(out: str, nonce: str) -> str:
        audited(study / "results.json", out=tmp_path / out, nonce=nonce)
        return sha256(tmp_path / out / "evidence" / "waveform-high.csv")

    assert counts("a", NONCE) == counts("b", NONCE)
    assert counts("a2", NONCE) != counts("c", "1" * 32)


@pytest.mark.parametrize("batch_size", [1, 300])
def test_batch_size_moves_no_count(study: Path, tmp_path: Path, batch_size: int) -> None:
    audited(study / "results.json", out=tmp_path / "a")
    audited(study / "results.json", out=tmp_path / "b", batch_size=batch_size)
    for name in ("waveform-high.csv", "clip-geometry.csv"):
        assert sha256(tmp_path / "a" / "evidence" / name) == sha256(
            tmp_path / "b" / "evidence" / name
        )


def test_static_audit_recomputes_from_the_released_counts(study: Path) -> None:
    audit = audited(study / "results.json", static=True)
    assert (audit.level, audit.exit_code) == ("L2", 0)
    assert {c.verdict for c in audit.comparisons} == {Verdict.NOT_CHECKED}


def test_plan_ends_with_3(study: Path) -> None:
    audit = audited(study / "plan.json")
    assert audit.exit_code == 3
    assert not audit.measurements


def test_inflated_accuracy_is_refuted_by_its_own_counts(changed: Changed) -> None:
    def lie(document: dict[str, Any]) -> None:
        document["evaluations"]["waveform-high"]["claims"][0]["value"] = "100.00"
        document["evaluations"]["waveform-high"]["claims"][2]["value"] = "0.00"

    audit = audited(changed(lie), static=True)
    refuted = [c for c in audit.comparisons if c.verdict is Verdict.REFUTED]
    assert "/evaluations/waveform-high/claims/0" in {c.pointer for c in refuted}
    assert audit.exit_code == 1


def test_missing_weights_leave_what_needs_them_unchecked(study: Path) -> None:
    (study / "model.safetensors").unlink()
    audit = audited(study / "results.json")
    verdicts = {c.evaluation: c.verdict for c in audit.comparisons}
    assert verdicts == {
        "waveform-high": Verdict.NOT_CHECKED,
        "clip-geometry": verdicts["clip-geometry"],
    }
    assert verdicts["clip-geometry"] is not Verdict.NOT_CHECKED
    assert audit.exit_code == 0
    assert "model.safetensors" in audit.comparisons[0].reason


def test_other_weights_than_declared_are_an_error(study: Path) -> None:
    with (study / "model.safetensors").open("ab") as stream:
        stream.write(b"\0")
    audit = audited(study / "results.json")
    assert ("RA810" in codes(audit), audit.exit_code) == (True, 1)


def test_other_clip_than_declared_is_an_error(study: Path) -> None:
    clip = next((study / "audio").glob("*.flac"))
    samples, rate_hz = sf.read(clip)
    sf.write(clip, samples[::-1], rate_hz)
    audit = audited(study / "results.json")
    assert ("RA810" in codes(audit), audit.exit_code) == (True, 1)
    assert clip.name in next(f.message for f in audit.findings if f.code == "RA810")


def test_clip_shorter_than_its_header_is_not_checked(study: Path, changed: Changed) -> None:
    """The hash matches, so the file is the declared one: it is broken, not swapped."""
    rows = copy_clips(study / "audio")
    whole = study / "audio" / rows[0]["path"]
    broken = study / "audio" / "broken.wav"
    sf.write(broken, *sf.read(whole))
    broken.write_bytes(broken.read_bytes()[:20_000])
    rows[0] |= {"path": broken.name, "sha256": sha256(broken)}

    def declare(document: dict[str, Any]) -> None:
        update_manifest(study, document, rows)
        for evaluation in document["evaluations"].values():
            evaluation["evidence"] = []

    audit = audited(changed(declare))
    assert {c.verdict for c in audit.comparisons} == {Verdict.NOT_CHECKED}
    assert "truncated" in audit.comparisons[0].reason
    assert audit.exit_code == 3


def test_names_that_lead_nowhere_are_findings_not_faults(changed: Changed) -> None:
    def lose(document: dict[str, Any]) -> None:
        document["evaluations"]["waveform-high"]["contract"] = "wave"
        document["evaluations"]["clip-geometry"]["data"] = "tset"

    audit = audited(changed(lose))
    assert ("RA041" in codes(audit), audit.exit_code) == (True, 1)
    assert {c.verdict for c in audit.comparisons} <= {Verdict.NOT_CHECKED}


def test_evidence_that_is_not_the_declared_file_is_not_used(study: Path) -> None:
    with (study / "evidence" / "waveform-high.csv").open("a") as stream:
        stream.write("\n")
    audit = audited(study / "results.json", static=True)
    assert ("RA810" in codes(audit), audit.exit_code) == (True, 1)
    certified = [c for c in audit.comparisons if c.evaluation == "waveform-high"]
    assert all(c.recomputed is None for c in certified)


def test_declared_counts_that_are_not_there_are_a_warning(study: Path) -> None:
    (study / "evidence" / "waveform-high.csv").unlink()
    audit = check(study / "results.json", CheckOptions(static=True))
    (finding,) = (f for f in audit.findings if f.code == "RA855")
    assert (finding.severity, audit.exit_code) == (Severity.WARNING, 0)
    assert finding.message.endswith("waveform-high.csv: no such file")


def test_declared_counts_that_are_no_table_are_an_error(changed: Changed, study: Path) -> None:
    counts = study / "evidence" / "waveform-high.csv"
    counts.write_text(counts.read_text().replace("label_hits", "label", 1))

    def declare(document: dict[str, Any]) -> None:
        document["evaluations"]["waveform-high"]["evidence"][0]["sha256"] = sha256(counts)

    audit = check(changed(declare), CheckOptions(static=True))
    assert [f.code for f in audit.findings if f.severity is Severity.ERROR] == ["RA855"]
    assert audit.exit_code == 1
    assert next(level for level in audit.levels if level.id == "L2").status == "failed"


def test_unstated_draws_leave_the_evaluation_unchecked(changed: Changed) -> None:
    def forget(document: dict[str, Any]) -> None:
        document["study"]["kind"] = "transcription"
        document["sampling"]["mc"]["n0"] = "unstated"

    audit = audited(changed(forget))
    certified = [c for c in audit.comparisons if c.evaluation == "waveform-high"]
    assert {c.verdict for c in certified} == {Verdict.NOT_CHECKED}
    assert "n0 is unstated" in certified[0].reason


@pytest.mark.parametrize("require", ["L3"])
def test_level_out_of_reach_ends_with_3(study: Path, require: Any) -> None:
    (study / "model.safetensors").unlink()
    assert audited(study / "results.json", require=require).exit_code == 3


def test_broken_file_is_no_audit(study: Path) -> None:
    path = study / "results.json"
    path.write_text(path.read_text()[:-5])
    with pytest.raises(ContractError):
        audited(path)


@pytest.mark.parametrize("nonce", ["12", "x" * 32, "0" * 31 + "١"])
def test_malformed_nonce_is_refused(study: Path, nonce: str) -> None:
    with pytest.raises(InputError, match="32 hexadecimal digits"):
        audited(study / "results.json", nonce=nonce)


def test_cuda_that_is_not_there_ends_the_audit(study: Path) -> None:
    import torch

    from repaudit._core.errors import MissingPart

    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(MissingPart):
        check(study / "results.json", CheckOptions(device="cuda"))


def test_measured_file_keeps_everything_else_of_its_plan(study: Path) -> None:
    plan = json.loads((study / "plan.json").read_text())
    written = json.loads((study / "results.json").read_text())
    assert written["study"] == plan["study"] | {"kind": "original"}
    assert written["pipelines"] == plan["pipelines"]
    assert written["sampling"]["mc"]["seed"] == 1
    for name, evaluation in plan["evaluations"].items():
        for before, after in zip(
            evaluation["claims"], written["evaluations"][name]["claims"], strict=True
        ):
            assert before == {k: after[k] for k in before}
