"""The same measurements on a CUDA device: other noise, the same law."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

from repaudit.evidence.tables import CertificationRecords, GeometryRecords
from repaudit.rerun.journal import Journal
from repaudit.rerun.task_run import TaskRun
from tests.rerun.engine_cases import SEED, PointStudy, contract, two_classes
from tests.rerun.speech_case import speech_study

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


def counted(study: PointStudy, device: str, **settings: Any) -> CertificationRecords:
    engine = study.engine(device=device, **settings)
    records = engine.run_task(study.certification(0.5, 50, 2000), SEED).records
    assert isinstance(records, CertificationRecords)
    return records


def agree(one: CertificationRecords, other: CertificationRecords) -> bool:
    """Fisher's exact test of the label hits of every example, Bonferroni at 1 in 1000."""
    return all(
        stats.fisher_exact(np.array([[a, n - a], [b, n - b]])).pvalue > 1e-3 / len(one)
        for a, b, n in zip(
            one.label_hits.tolist(), other.label_hits.tolist(), one.draws.tolist(), strict=True
        )
    )


def test_the_counts_of_a_cpu_and_a_gpu_agree_statistically(tmp_path: Path) -> None:
    study = two_classes(tmp_path, np.linspace(-0.6, 0.6, 24).tolist())

    assert agree(counted(study, "cpu"), counted(study, "cuda"))


def test_speech_through_a_front_end_votes_alike_on_both(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)

    one, other = (
        study.engine(device=device).run_task(task, SEED).records for device in ("cpu", "cuda")
    )

    assert isinstance(one, CertificationRecords)
    assert isinstance(other, CertificationRecords)
    assert one.base_class is not None
    assert other.base_class is not None
    assert one.base_class.tolist() == other.base_class.tolist()
    assert agree(one, other)


@pytest.mark.parametrize("settings", [{"batch_size": 1024}, {"batch_size": 4096}])
def test_counts_on_a_gpu_do_not_depend_on_the_batch_size(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    study = two_classes(tmp_path, np.linspace(-0.6, 0.6, 24).tolist())

    one, other = counted(study, "cuda"), counted(study, "cuda", **settings)

    assert one.label_hits.tolist() == other.label_hits.tolist()
    assert one.hits.tolist() == other.hits.tolist()


def test_a_resumed_run_on_a_gpu_gives_the_same_counts(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    journal = Journal(tmp_path / "journal", {"plan": "cuda"})
    whole = study.engine(device="cuda").run_task(task, SEED, journal)
    (tmp_path / "journal").joinpath(
        sorted(path.name for path in (tmp_path / "journal").glob("*.npz"))[0]
    ).unlink()

    resumed = study.engine(device="cuda").run_task(task, SEED, journal)

    assert isinstance(whole.records, CertificationRecords)
    assert isinstance(resumed.records, CertificationRecords)
    assert resumed.records.hits.tolist() == whole.records.hits.tolist()
    assert resumed.records.label_hits.tolist() == whole.records.label_hits.tolist()


def test_tf32_is_off_while_a_float32_network_runs(tmp_path: Path) -> None:
    torch.backends.cuda.matmul.fp32_precision = "tf32"

    counted(two_classes(tmp_path, [0.3]), "cuda")

    assert torch.backends.cuda.matmul.fp32_precision == "ieee"
    # 1 + 2^-13 is 1 in TF32, whose significands have 11 bits.
    a = torch.full((64, 64), 1 + 2.0**-13, device="cuda")
    assert float((a @ torch.eye(64, device="cuda"))[0, 0]) == 1 + 2.0**-13


def test_a_network_declared_in_tf32_runs_in_it(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.4] * 8, dtype="tf32")

    records = counted(study, "cuda")

    # TF32 moves the plane, 3 from the origin, by 2^-11 of that at most.
    low, high = (stats.norm.cdf((0.4 + shift) / 0.5) for shift in (-0.01, 0.01))
    hits = int(records.label_hits.sum())
    assert stats.binom.cdf(hits, 16_000, low) > 1e-3
    assert stats.binom.sf(hits, 16_000, high) > 1e-3


def test_noise_on_a_gpu_is_standard_normal_and_a_function_of_its_key() -> None:
    from repaudit.rerun.noise import NormalSource, Stream

    device = torch.device("cuda", 0)
    stream = Stream(SEED, "main", "a", "0", 0, "certification")

    one, again, other = (
        NormalSource(device).fill(torch.empty(128, 1000, device=device), stream.key(block)).cpu()
        for block in (0, 0, 1)
    )

    assert torch.equal(one, again)
    assert stats.kstest(one.flatten().numpy(), "norm").pvalue > 1e-3
    assert abs(float(np.corrcoef(one.flatten(), other.flatten())[0, 1])) < 5 / 128_000**0.5


def test_a_recording_arrives_whole_and_in_the_type_asked_for() -> None:
    from repaudit.rerun.device import onto

    there, values = torch.device("cuda", 0), torch.randn(1, 160_000)

    assert torch.equal(onto(there, values, torch.float64).cpu(), values.double())
    assert torch.equal(onto(there, values[:, ::2]).cpu(), values[:, ::2])


def test_geometry_on_a_gpu_has_the_same_floor(tmp_path: Path) -> None:
    study, _ = speech_study(tmp_path)

    def floor(device: str) -> TaskRun:
        task = study.geometry(0.01, 50, contract=contract())
        return study.engine(device=device).run_task(task, SEED)

    cpu, gpu = floor("cpu"), floor("cuda")
    assert isinstance(gpu.records, GeometryRecords)
    assert gpu.summary["d_geom"] == pytest.approx(cpu.summary["d_geom"], rel=0.5)
