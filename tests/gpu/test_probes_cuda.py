"""The same questions on a CUDA device: a sound network passes, a faulty one does not."""

from pathlib import Path

import pytest
import torch

from repaudit.rerun.probes import run_probes
from tests.rerun.engine_cases import SEED
from tests.rerun.probes.planted import codes, planted

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("Sound", set()),
        ("TrainsItself", {"RA920", "RA921"}),
        ("NormalisesBatch", {"RA920"}),
        ("DropsOut", {"RA922"}),
    ],
)
def test_a_fault_is_caught_and_a_sound_network_is_not(
    network: str, expected: set[str], tmp_path: Path
) -> None:
    study, task = planted(tmp_path, network)
    probes = run_probes(study.engine(device="cuda"), task, SEED)
    assert {probe.status for probe in probes} == {"asked"}
    assert set(codes(probes)) == expected
