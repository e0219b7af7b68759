"""Aliasing on a CUDA device: the same numbers as on the CPU, to rounding."""

from pathlib import Path

import numpy as np
import pytest
import torch

from repaudit.evidence.tables import AliasingRecords
from tests.rerun.aliasing.cases import SEED, grid_study, noise

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]
NETWORKS = {
    "cifar_resnet": ({"depth": 20}, (3, 32, 32)),
    "log_mel_cnn": ({}, (1, 64, 101)),
    "waveform_cnn": ({}, (16_000,)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_cpu_and_cuda_agree(tmp_path: Path, name: str) -> None:
    """In float32 without TF32: a tenth of the materiality of 1e-3."""
    options, shape = NETWORKS[name]
    study = grid_study(tmp_path, noise(20, *shape), name, **options)
    runs = {d: study.engine(device=d).run_task(study.task(), SEED) for d in ("cpu", "cuda")}
    cpu, cuda = runs["cpu"].records, runs["cuda"].records
    assert isinstance(cpu, AliasingRecords)
    assert isinstance(cuda, AliasingRecords)
    assert [x.layer for x in runs["cpu"].layers] == [x.layer for x in runs["cuda"].layers]
    assert {x.status for x in runs["cuda"].layers} == {"measured"}
    for column in ("abs_difference", "abs_strided", "sq_difference", "sq_alias_free"):
        np.testing.assert_allclose(getattr(cuda, column), getattr(cpu, column), rtol=1e-4)
