"""How questions are put: reproducibly, cheaply, to a copy, and not at all with a reason."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from repaudit.evidence.tables import CertificationRecords
from repaudit.rerun.engine import Engine
from repaudit.rerun.probes import run_probes
from repaudit.rerun.probes._registry import registry
from tests.rerun.engine_cases import SEED, PointStudy, file, steps, two_classes
from tests.rerun.probes.planted import codes, planted, probed
from tests.rerun.speech_case import CROP, LOG_MEL, RMS, speech_study

QUESTIONS = [
    "batch_dependence",
    "finite_outputs",
    "hidden_gain",
    "identity_transform",
    "internal_randomness",
    "noise",
    "precision",
    "training_mode",
]


def test_the_folder_is_the_registry() -> None:
    assert list(registry()) == QUESTIONS


@pytest.mark.parametrize("network", ["Sound", "DropsOut"])
def test_the_same_seed_gives_the_same_numbers(network: str, tmp_path: Path) -> None:
    """Of a network that draws at random too, whatever was drawn before."""
    study, task = planted(tmp_path, network)
    first = run_probes(study.engine(), task, SEED)
    torch.manual_seed(7)
    assert run_probes(study.engine(batch_size=1, threads=1), task, SEED) == first


def test_another_seed_asks_about_other_noise(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    one, other = (run_probes(study.engine(), task, seed) for seed in (SEED, bytes(32)))
    assert one != other


def test_the_global_generator_is_left_alone(tmp_path: Path) -> None:
    study, task = planted(tmp_path, "DropsOut")
    torch.manual_seed(3)
    before = torch.get_rng_state()
    run_probes(study.engine(), task, SEED)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_network_that_changes_itself_is_certified_as_if_it_had_not_been_asked(
    tmp_path: Path,
) -> None:
    study, task = planted(tmp_path, "Saves")

    def hits(engine: Engine) -> list[int]:
        records = engine.run_task(task, SEED).records
        assert isinstance(records, CertificationRecords)
        return records.hits.tolist()

    asked = study.engine()
    network = asked.ready(task).network.module
    assert isinstance(network, nn.Module)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    run_probes(asked, task, SEED)
    after = network.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())
    assert hits(asked) == hits(study.engine())


def test_what_the_engine_keeps_can_take_part_in_gradients(tmp_path: Path) -> None:
    study, task = planted(tmp_path, "Sound", dtype="bfloat16")
    engine = study.engine()
    run_probes(engine, task, SEED)
    for dtype in ("bfloat16", "float32"):
        model = task.model.model_copy(update={"dtype": dtype})
        network = engine.ready(replace(task, model=model)).network.module
        assert isinstance(network, nn.Module)
        assert not any(value.is_inference() for value in network.state_dict().values())


def test_all_questions_together_take_under_a_thousand_forwards(tmp_path: Path) -> None:
    study, task = planted(tmp_path, "Sound", dtype="bfloat16")
    probes = run_probes(study.engine(), replace(task, n0=100, n=10_000), SEED)
    assert [probe.name for probe in probes] == QUESTIONS
    # 4 canaries, 64 draws: 256 rows once for finite outputs and twice for the precision.
    by_name = {probe.name: probe.forwards for probe in probes}
    assert (by_name["finite_outputs"], by_name["precision"]) == (256, 512)
    assert sum(by_name.values()) < 1200
    assert sum(by_name.values()) - by_name["precision"] < 600


def test_a_small_budget_asks_for_fewer_votes(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    probes = probed(study, replace(task, n0=1, n=10))
    assert probes["finite_outputs"].numbers["rows"] == 4 * 8


def test_one_example_is_asked_beside_other_copies_of_itself(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.3])
    probes = probed(study, study.certification(0.5, 10, 100))
    assert probes["batch_dependence"].numbers["canaries"] == 1
    assert probes["hidden_gain"].numbers["inputs"] == 2
    assert codes(list(probes.values())) == {}


def test_a_network_that_returns_classes_is_asked_for_its_votes(tmp_path: Path) -> None:
    study, task = planted(tmp_path, "Classes", output="class")
    probes = probed(study, task)
    assert probes["batch_dependence"].numbers["change_over_margin"] is None
    assert probes["finite_outputs"].numbers["ties"] is None
    assert probes["hidden_gain"].status == "not_checked"
    assert codes(list(probes.values())) == {}


def test_votes_that_change_with_the_batch_are_caught_without_logits(tmp_path: Path) -> None:
    assert codes(list(probed(*planted(tmp_path, "BatchClasses", output="class")).values())) == {
        "RA920": "warning"
    }


def test_a_step_behind_the_noise_is_part_of_the_classifier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dynamic range over the batch in the author's own front end, as a step."""
    study, task = speech_study(tmp_path)
    code = "def top_db(x):\n    return x.clamp(min=x.max() - 12)\n"
    (tmp_path / "planted_step.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    step = {"step": "custom", "description": "top_db", "entry_point": "planted_step:top_db"}
    planted_task = replace(task, pipeline=steps(CROP, RMS, LOG_MEL, step))
    assert "RA920" in codes(list(probed(study, planted_task).values()))
    assert "RA920" not in codes(list(probed(study, task).values()))


def test_a_transform_is_part_of_the_classifier_and_no_identity(tmp_path: Path) -> None:
    study = two_classes(tmp_path, np.linspace(-0.4, 0.4, 6).tolist())
    clip = {"step": "clip", "low": "-1", "high": "1"}
    task = study.certification(0.5, 10, 100)
    contract = task.contract.model_copy(update={"transform": list(steps(clip))})
    probes = probed(study, replace(task, contract=contract))
    assert "identity_transform" not in probes
    assert probes["noise"].numbers["std_over_sigma"] == pytest.approx(1.0, abs=0.01)
    assert codes(list(probes.values())) == {}


def test_what_cannot_be_loaded_is_not_checked_with_the_reason(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    (tmp_path / "cnn.safetensors").unlink()
    probes = run_probes(study.engine(), task, SEED)
    assert [probe.name for probe in probes] == QUESTIONS
    assert {probe.status for probe in probes} == {"not_checked"}
    assert all("cnn.safetensors" in str(probe.reason) for probe in probes)
    assert codes(probes) == {}


@pytest.mark.parametrize(
    ("network", "reason"), [("Breaks", "sizes do not fit"), ("Fills", "does not fit into memory")]
)
def test_a_network_that_cannot_run_is_not_checked(
    network: str, reason: str, tmp_path: Path
) -> None:
    probes = probed(*planted(tmp_path, network))
    forwarding = [one for one in probes.values() if one.name not in ("noise", "identity_transform")]
    assert {probe.status for probe in forwarding} == {"not_checked"}
    assert all(reason in str(probe.reason) for probe in forwarding)
    # Without memory nobody knows how large the blocks are, so nothing of it can be asked.
    assert probes["noise"].status == ("asked" if network == "Breaks" else "not_checked")


@pytest.mark.slow
def test_a_program_of_one_row_has_no_company(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    program = torch.export.export(nn.Flatten(), (torch.zeros(1, 1, 32, 51),))
    torch.export.save(program, tmp_path / "flat.pt2")
    changes: dict[str, Any] = {
        "format": "exported_program",
        "network": None,
        "checkpoints": [{"id": "a", "file": file(tmp_path, "flat.pt2")}],
    }
    declared = {**study.model.model_dump(exclude_none=True), **changes}
    model = type(study.model).model_validate({k: v for k, v in declared.items() if v is not None})
    data = study.data.model_copy(update={"classes": 32 * 51})
    one_row = PointStudy(tmp_path, data, model)
    probes = probed(one_row, replace(task, model=model, checkpoint=model.checkpoints[0], data=data))
    assert probes["batch_dependence"].status == "not_checked"
    assert "one row at a time" in str(probes["batch_dependence"].reason)
    assert probes["internal_randomness"].status == "asked"


def test_without_an_example_there_is_nothing_to_ask(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    probes = run_probes(study.engine(), replace(task, only=frozenset()), SEED)
    assert {probe.status for probe in probes} == {"not_checked"}
    assert {probe.reason for probe in probes} == {"there is no example to ask about"}
