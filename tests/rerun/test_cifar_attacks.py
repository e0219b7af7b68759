"""Published CIFAR-10 networks under attack: the paper's setting beside attacks that see it."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.post_averaging import ATTACKS, SEED, Study
from repaudit.contract.task import EmpiricalTask
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.metrics.attacked import outcomes_of
from repaudit.rerun.task_run import TaskRun

REAL_DATA = os.environ.get("REPAUDIT_REAL_DATA")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not REAL_DATA, reason="needs REPAUDIT_REAL_DATA with cifar10/"),
]


def study(folder: Path, depth: int, images: int) -> Study:
    assert REAL_DATA is not None
    return Study(Path(REAL_DATA), folder, depth, images)


def records(run: TaskRun) -> EmpiricalRecords:
    assert isinstance(run.records, EmpiricalRecords)
    return run.records


def test_the_published_accuracy_of_resnet_56_is_met(tmp_path: Path) -> None:
    # 0.9339 on all 10 000 images by its authors; 1.5 points are 2.7 standard errors of 2000.
    found = study(tmp_path, 56, 2000)
    clean = records(found.engine.run_task(found.task({}, defended=False), SEED))

    assert float(np.mean(clean.base_clean == clean.label)) == pytest.approx(0.934, abs=0.015)


def test_averaging_costs_hardly_any_clean_accuracy(tmp_path: Path) -> None:
    found = records(study(tmp_path, 20, 64).run({}))

    assert found.defended_clean is not None
    lost = np.mean(found.base_clean == found.label) - np.mean(found.defended_clean == found.label)
    assert lost <= 0.03 + 1 / 64


def test_what_transfers_badly_is_not_robust(tmp_path: Path) -> None:
    """A minimal attack is undone by averaging; one that uses all of epsilon is not, unseen."""
    some = study(tmp_path, 20, 20)

    rates = {}
    for name in ("pgd", "deepfool"):
        run = some.run({name: ATTACKS[name]})
        found = outcomes_of(records(run), sees_defence=False)
        rates[name] = run.summary["defence rate"]
        if name == "pgd":
            assert found.base_attacked.mean() < 0.02
        assert found.defended_attacked is not None
        assert found.base_attacked.sum() == found.base_clean.sum() - found.adversarial.sum()
    assert (rates["deepfool"] or 0) > 0.7  # the paper: 0.887
    assert (rates["pgd"] or 0) < 0.1


def test_an_attack_that_sees_the_defence_breaks_it(tmp_path: Path) -> None:
    some = study(tmp_path, 20, 5)
    eot = {"name": "eot_pgd", "target": "defended", "objective": "max_loss", "library": "repaudit"}
    task = some.task({"eot": {**eot, "steps": 8}})
    assert isinstance(task, EmpiricalTask)
    task = replace(task, defence=task.defence and task.defence.model_copy(update={"directions": 6}))

    found = outcomes_of(records(some.engine.run_task(task, SEED)), sees_defence=True)

    assert found.defended_clean is not None
    assert found.defended_attacked is not None
    assert found.defended_clean.sum() >= 4
    assert found.defended_attacked.sum() <= 1
