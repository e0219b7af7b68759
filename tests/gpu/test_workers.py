"""Workers on a CUDA device: the counts of one process there, and the GPUs in turn."""

from pathlib import Path

import pytest
import torch

from repaudit.rerun.device import describe_device
from repaudit.rerun.plan import RerunSettings
from repaudit.rerun.scale.local import LocalCrew, local_sites
from tests.rerun.engine_cases import SEED
from tests.rerun.scale.cases import filled_by, journal_in, point_study_of_20, same, site_of

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


def test_two_workers_on_a_gpu_give_the_counts_of_one_process(tmp_path: Path) -> None:
    study = point_study_of_20(tmp_path)
    engine, task = study.engine(device="cuda"), study.certification(0.5, 50, 5_000)
    settings = RerunSettings(device="cuda", allow_code=True)
    crew = LocalCrew(local_sites(site_of(study, engine, settings=settings), engine.device, 2))
    journal = journal_in(tmp_path / "journal")

    filled = filled_by(crew, engine, [task], journal)

    assert filled.refused == {}
    alone = study.engine(device="cuda").run_task(task, SEED)
    assert same(alone.records, engine.run_task(task, SEED, journal).records)


def test_workers_take_the_gpus_of_one_kind_in_turn(tmp_path: Path) -> None:
    study = point_study_of_20(tmp_path)
    engine = study.engine(device="cuda")
    alike = [
        f"cuda:{i}"
        for i in range(torch.cuda.device_count())
        if describe_device(torch.device("cuda", i)) == describe_device(engine.device)
    ]

    def devices(wanted: str, workers: int | None) -> list[str]:
        site = site_of(study, engine, settings=RerunSettings(device=wanted))
        return [s.settings.device for s in local_sites(site, engine.device, workers)]

    assert devices("cuda", None) == alike
    assert devices("auto", len(alike) + 1) == [*alike, alike[0]]
    assert devices("cuda:0", 3) == ["cuda:0"] * 3
