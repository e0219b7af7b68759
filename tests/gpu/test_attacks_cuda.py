"""Attacks and defences on a GPU: other draws, the same laws. Skipped where there is none."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

from repaudit.contract.task import EmpiricalTask
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.metrics.attacked import Outcomes, outcomes_of
from tests.rerun.attack_cases import MARGINS, attack, defence, some_points, task, threat
from tests.rerun.engine_cases import SEED, PointStudy, steps
from tests.rerun.speech_case import CROP, LOG_MEL, RMS, speech_study

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


def outcomes(study: PointStudy, one: EmpiricalTask, device: str, *, sees: bool) -> Outcomes:
    records = study.engine(device=device).run_task(one, SEED).records
    assert isinstance(records, EmpiricalRecords)
    return outcomes_of(records, sees_defence=sees)


@pytest.mark.parametrize("name", ["fgsm", "deepfool"])
def test_attacks_without_randomness_turn_the_same_examples(tmp_path: Path, name: str) -> None:
    study = some_points(tmp_path)
    one = task(study, {name: attack(name)}, threat=threat(0.12, "l2"))

    cpu, gpu = (outcomes(study, one, device, sees=False) for device in ("cpu", "cuda"))

    assert cpu.adversarial.tolist() == gpu.adversarial.tolist()


@pytest.mark.parametrize(
    ("name", "changes"),
    [("pgd", {"steps": 12, "step_size": "0.03"}), ("eot_pgd", {"steps": 20})],
)
def test_random_starts_end_at_the_same_examples(
    tmp_path: Path, name: str, changes: dict[str, Any]
) -> None:
    """On a linear network an ascent reaches what lies within reach from any start."""
    study = some_points(tmp_path)
    one = task(study, {name: attack(name, **changes)}, defence=defence(), threat=threat(0.12))
    sees = name == "eot_pgd"

    gpu = outcomes(study, one, "cuda", sees=sees)

    reach = 0.12 * 36 / 204**0.5
    assert gpu.defended_attacked is not None
    expected = [abs(m) >= reach for m in MARGINS[:-1]] + [False]
    assert gpu.defended_attacked.tolist() == expected


def test_a_defence_recovers_as_often_on_either(tmp_path: Path) -> None:
    """Directions differ between the devices: the counts are compared as those of two binomials."""
    study, _ = speech_study(tmp_path)
    one = task(
        study,
        {"fgsm": attack("fgsm")},
        pipeline=steps(CROP, RMS, LOG_MEL),
        threat=threat(0.02, location="normalize"),
        defence=defence(location="log_mel", radius=40, randomness="fresh"),
        repeats=20,
    )
    cpu, gpu = (
        study.engine(device=device).run_task(one, SEED).records for device in ("cpu", "cuda")
    )
    assert isinstance(cpu, EmpiricalRecords)
    assert isinstance(gpu, EmpiricalRecords)

    hits = [int(np.sum(r.defended_attacked == r.label)) for r in (cpu, gpu)]
    table = [[hits[0], 200 - hits[0]], [hits[1], 200 - hits[1]]]
    assert stats.fisher_exact(table).pvalue > 1e-3
