"""Networks without a fault pass every question: built in, trained, exported, in narrow types."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from repaudit.audit.probe import Probe
from repaudit.check.probes import probe, probe_findings
from repaudit.contract.data import Data
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.model import Model
from repaudit.contract.task import CertificationTask, tasks_or_reasons
from repaudit.rerun.engine import Engine
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.plan import RerunSettings
from repaudit.rerun.probes._registry import registry
from tests.rerun.engine_cases import SEED, PointStudy, contract, file
from tests.rerun.probes.planted import codes, judged, probed
from tests.studies import EXAMPLE

NOT_FOR_FLOAT32 = {"precision"}


def study_of(
    folder: Path, network: nn.Module, shape: Sequence[int], model: dict[str, Any]
) -> tuple[PointStudy, CertificationTask]:
    """Random inputs of a shape with noise on them, and the weights of a network."""
    generator = torch.Generator().manual_seed(0)
    inputs = torch.rand(16, *shape, generator=generator)
    np.savez(folder / "inputs.npz", x=inputs.numpy(), y=np.zeros(16, np.int64))
    data = Data.model_validate(
        {
            "kind": "features" if shape[0] == 1 else "image",
            "examples": 16,
            "classes": 5,
            "subset": {"rule": "all"},
            "tensors": {
                "file": file(folder, "inputs.npz"),
                "inputs": "x",
                "labels": "y",
                "layout": "channels_first",
            },
        }
    )
    declared = {
        "output": "logits",
        "dtype": "float32",
        "checkpoints": [{"id": "a", "file": file(folder, "weights")}],
        **model,
    }
    study = PointStudy(folder, data, Model.model_validate(declared))
    return study, study.certification(0.25, 20, 300, contract=contract())


def trained(name: str, options: dict[str, Any], shape: Sequence[int]) -> nn.Module:
    """A built-in network with random weights and BatchNorm statistics as after training."""
    torch.manual_seed(0)
    network = build_network(name, options).train()
    for _ in range(3):
        network(torch.randn(16, *shape))
    return network.eval()


BUILT_IN: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "res8": ({"maps": 19, "classes": 5}, (1, 40, 101)),
    "cifar_resnet": ({"classes": 5}, (3, 32, 32)),
    "log_mel_cnn": ({"widths": [4, 6, 8, 8], "classes": 5}, (1, 32, 40)),
}


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16_autocast"])
def test_a_built_in_network_passes(name: str, dtype: str, tmp_path: Path) -> None:
    options, shape = BUILT_IN[name]
    network = trained(name, options, shape)
    save_file(network.state_dict(), tmp_path / "weights")
    model = {
        "format": "safetensors",
        "network": {"builtin": name, "options": options},
        "dtype": dtype,
    }
    probes = probed(*study_of(tmp_path, network, shape, model))
    assert {probe.status for probe in probes.values()} == {"asked"}
    assert set(probes) == set(registry()) - (NOT_FOR_FLOAT32 if dtype == "float32" else set())
    # What the shape of a batch moves in float32, and nothing else: 5e-7 when this was written.
    moved = probes["batch_dependence"].numbers["change_over_size"]
    assert float(moved or 0) < (5e-6 if dtype == "float32" else 3e-2)
    # That a narrow type moves votes of a network without training is a fact, and not asked here.
    assert set(codes(list(probes.values()))) <= ({"RA923"} if dtype != "float32" else set())


def exported(folder: Path, *, dynamic: bool, train: bool = False) -> dict[str, Probe]:
    """The answers of an exported log_mel_cnn, for any batch size or for 4 rows."""
    options, shape = BUILT_IN["log_mel_cnn"]
    network = trained("log_mel_cnn", options, shape).train(train)
    dimensions = ({0: torch.export.Dim("batch")},) if dynamic else None
    program = torch.export.export(network, (torch.randn(4, *shape),), dynamic_shapes=dimensions)
    torch.export.save(program, folder / "weights.pt2")
    (folder / "weights.pt2").rename(folder / "weights")
    return probed(*study_of(folder, network, shape, {"format": "exported_program"}))


def test_an_exported_program_passes(tmp_path: Path) -> None:
    probes = exported(tmp_path, dynamic=True)
    assert probes["batch_dependence"].numbers["batch_sizes"] == "1, 2, 16"
    assert judged(list(probes.values())) == []


def test_a_program_of_one_size_is_asked_at_that_size(tmp_path: Path) -> None:
    probes = exported(tmp_path, dynamic=False)
    numbers = probes["batch_dependence"].numbers
    assert (numbers["batch_sizes"], numbers["fixed_batch"]) == ("4", True)
    assert {"one_row", "two_rows"}.isdisjoint(numbers)
    assert judged(list(probes.values())) == []


def test_a_program_exported_in_training_mode_is_not_asked(tmp_path: Path) -> None:
    """It is not loaded at all, and nothing it would answer is taken for a pass."""
    probes = exported(tmp_path, dynamic=False, train=True)
    assert {probe.status for probe in probes.values()} == {"not_checked"}
    assert all("exported in eval mode" in str(probe.reason) for probe in probes.values())


def test_every_certification_of_the_embedded_example_passes() -> None:
    results, document = load_results(EXAMPLE / "results.json")
    places = Places(EXAMPLE, {})
    engine = Engine(places, RerunSettings(device="cpu"))
    probes = probe(engine, tasks_or_reasons(results), SEED)
    certified = {n for n, e in results.evaluations.items() if e.kind == "certification"}
    assert {one.evaluation for one in probes} == certified
    assert {one.status for one in probes} == {"asked"}
    assert probe_findings(results, document, places, probes) == []
