"""What T does to noise: closed forms, and the floor that rounding sets."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from repaudit.evidence.tables import GeometryRecords
from repaudit.rerun.task_run import TaskRun
from tests.rerun.engine_cases import SEED, PointStudy, contract, point_study

SAMPLES = 16_000


def noise_like(folder: Path, samples: int) -> PointStudy:
    """Three vectors of unit RMS."""
    points = torch.randn(3, samples, generator=torch.Generator().manual_seed(1))
    points /= points.square().mean(1, keepdim=True).sqrt()
    return point_study(folder, points, [0, 1, 0], torch.zeros(2, samples), torch.zeros(2))


@pytest.fixture
def speech(tmp_path: Path) -> PointStudy:
    return noise_like(tmp_path, SAMPLES)


def measured(
    study: PointStudy, sigma: float, draws: int, *transform: dict[str, Any], **settings: Any
) -> tuple[TaskRun, GeometryRecords]:
    task = study.geometry(sigma, draws, contract=contract(transform))
    run = study.engine(**settings).run_task(task, SEED)
    assert isinstance(run.records, GeometryRecords)
    return run, run.records


@pytest.mark.parametrize(("samples", "floor"), [(16_000, 7.7e-8), (80_000, 2.9e-8)])
def test_an_identity_in_float32_leaves_only_rounding(
    tmp_path: Path, samples: int, floor: float
) -> None:
    # An independent float32 simulation at sigma .0025 and unit RMS: 6.5e-8..8.2e-8 and 2.9e-8.
    run, records = measured(noise_like(tmp_path, samples), 0.0025, 40)

    assert run.summary["d_geom"] == pytest.approx(floor, rel=0.3)
    # In float64 what is left is 1e-16: all of it is an effect of precision.
    assert run.summary["precision_effect"] == pytest.approx(run.summary["d_geom"], rel=1e-6)
    assert run.summary["clean_bias"] == 0.0
    assert run.summary["cosine"] == pytest.approx(1.0, abs=1e-9)
    # Each coordinate is off by about ulp(1) / sqrt(12) = 3e-8, against a sigma of .0025.
    assert run.summary["vector_deviation"] == pytest.approx(1e-5, rel=0.3)
    assert len(records) == run.forwards == 120


def test_noise_norms_are_those_of_gaussian_vectors(speech: PointStudy) -> None:
    _, records = measured(speech, 0.02, 100)

    # ||eps|| = sigma sqrt(T) (1 +- 1 / sqrt(2 T)): 300 draws, five standard errors.
    ratios = records.noise_norm / (0.02 * math.sqrt(SAMPLES))
    assert float(ratios.mean()) == pytest.approx(1.0, abs=5 / math.sqrt(2 * SAMPLES * 300))
    assert float(ratios.std()) == pytest.approx(1 / math.sqrt(2 * SAMPLES), rel=0.25)
    assert len(np.unique(records.noise_norm)) == 300


def test_a_gain_has_the_decomposition_of_its_factor(speech: PointStudy) -> None:
    # T(x) = 2x: bias ||x||, gain 2, delta = x + 2 eps.
    run, records = measured(speech, 0.02, 30, {"step": "gain", "factor": "2"})

    assert records.noise_gain_norm is not None
    assert records.clean_bias_norm is not None
    assert records.inner_product is not None
    assert records.noise_gain_norm / records.noise_norm == pytest.approx(2.0, rel=1e-5)
    x = records.clean_bias_norm
    # ||delta||^2 = ||x||^2 + 4 <x, eps> + 4 ||eps||^2 and <delta, eps> = <x, eps> + 2 ||eps||^2.
    noise = records.noise_norm**2
    across = records.inner_product - 2 * noise
    assert records.delta_norm**2 == pytest.approx(x**2 + 4 * across + 4 * noise, rel=1e-5)
    assert run.summary["noise_gain"] == pytest.approx(2.0, rel=1e-5)
    assert abs(run.summary["precision_effect"] or 0) < 1e-6


def test_clipping_everything_away_leaves_minus_the_signal(speech: PointStudy) -> None:
    _, records = measured(speech, 0.02, 5, {"step": "clip", "low": "0", "high": "0"})

    assert records.clean_bias_norm is not None
    assert records.delta_norm == pytest.approx(records.clean_bias_norm, rel=1e-12)
    assert records.noise_gain_norm is not None
    assert records.noise_gain_norm.tolist() == [0.0] * 15


def test_a_gain_frozen_on_the_clean_signal_sees_it(speech: PointStudy) -> None:
    # Normalising x + eps by the clean RMS to the clean RMS is the identity.
    run, _ = measured(
        speech,
        0.02,
        20,
        {
            "step": "normalize",
            "measure": "rms",
            "target": "clean",
            "measured_on": "clean",
            "includes_padding": True,
            "zero_energy": "leave",
        },
    )

    assert run.summary["vector_deviation"] == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("settings", [{"threads": 1}, {"threads": 3}, {"memory_bytes": 40_000_000}])
def test_norms_do_not_depend_on_how_the_work_is_carried_out(
    speech: PointStudy, settings: dict[str, Any]
) -> None:
    _, one = measured(speech, 0.02, 20)
    _, other = measured(speech, 0.02, 20, **settings)

    assert one.delta_norm.tolist() == other.delta_norm.tolist()


def test_more_draws_begin_with_the_same_ones(speech: PointStudy) -> None:
    _, few = measured(speech, 0.02, 5)
    _, many = measured(speech, 0.02, 40)

    first = many.draw < 5
    assert many.noise_norm[first].tolist() == few.noise_norm.tolist()
    assert many.example_id[first].tolist() == few.example_id.tolist()


def test_a_signal_without_energy_is_counted_and_no_noise_gives_no_ratio(tmp_path: Path) -> None:
    study = point_study(tmp_path, torch.zeros(2, 50), [0, 1], torch.zeros(2, 50), torch.zeros(2))

    run, records = measured(study, 0.0, 3)

    assert run.zero_norm_examples == 2
    assert records.noise_norm.tolist() == [0.0] * 6
    assert run.summary["d_geom"] is None
