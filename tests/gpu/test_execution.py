"""The ways to carry out a network on a CUDA device."""

from pathlib import Path

import numpy as np
import pytest
import torch

from repaudit.evidence.tables import CertificationRecords
from repaudit.rerun.execution.execution import CANDIDATES
from repaudit.rerun.execution.trial import Trial
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.network import DeclaredNetwork
from tests.rerun.engine_cases import SEED
from tests.rerun.speech_case import speech_study

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


def test_every_way_gives_the_declared_outputs() -> None:
    torch.manual_seed(0)
    module = build_network("log_mel_cnn", {"widths": [8, 16, 16, 16]}).eval()
    network = DeclaredNetwork(module, "float32", "logits", None, None, "a network")
    x = torch.randn(256, 1, 64, 101, device="cuda")
    trial = Trial(network, torch.device("cuda", 0), x)

    assert trial.is_repeatable
    assert all(trial.holds(trial.prepared(way)) for way in CANDIDATES)


def test_a_compiled_run_gives_the_same_certificates(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    plain = study.engine(device="cuda", compiling="never")
    fast = study.engine(device="cuda", compiling="always")

    one, other = (engine.run_task(task, SEED).records for engine in (plain, fast))

    assert isinstance(one, CertificationRecords)
    assert isinstance(other, CertificationRecords)
    assert np.abs(one.hits - other.hits).max() <= 1
    assert one.selected_class.tolist() == other.selected_class.tolist()


def test_tf32_is_used_only_where_its_votes_agree(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    engine = study.engine(device="cuda", precision="tf32")

    network = engine.ready(task).network

    assert "votes differ" in network.describe
    assert (network.execution.precision == "tf32") == ("not in tf32" not in network.describe)
