"""What the engine promises: one task, one seed, one plan, one set of counts."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from repaudit._core.errors import InputError
from repaudit.contract.files import HashMismatch
from repaudit.evidence.tables import CertificationRecords, EmpiricalRecords, Records
from repaudit.rerun.journal import Journal
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.task_run import TaskRun
from tests.rerun.engine_cases import SEED, PointStudy, file, two_classes

HEADER = {"results": "00" * 32, "seed": SEED.hex(), "plan": "test"}
EXAMPLES = 20
"""in shards of 8: two full ones and a rest"""


@pytest.fixture
def study(tmp_path: Path) -> PointStudy:
    return two_classes(tmp_path, np.linspace(-0.4, 0.4, EXAMPLES).tolist())


def run(study: PointStudy, journal: Journal | None = None, **settings: Any) -> TaskRun:
    return study.engine(**settings).run_task(study.certification(0.5, 20, 150), SEED, journal)


def same(one: Records, other: Records) -> bool:
    return all(
        np.array_equal(getattr(one, column.name), getattr(other, column.name))
        for column in fields(one)
        if getattr(one, column.name) is not None
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"batch_size": 1},
        {"batch_size": 16},
        {"batch_size": 10_000, "threads": 4},
        {"threads": 1},
        {"threads": 3},
        {"memory_bytes": 10_000},
    ],
)
def test_counts_do_not_depend_on_how_the_work_is_carried_out(
    study: PointStudy, settings: dict[str, Any]
) -> None:
    assert same(run(study, **settings).records, run(study).records)


def test_counts_depend_on_the_seed(study: PointStudy) -> None:
    other = study.engine().run_task(study.certification(0.5, 20, 150), bytes(32))

    assert not same(other.records, run(study).records)


def test_repeats_draw_other_noise(study: PointStudy) -> None:
    engine = study.engine()

    first, second = (
        engine.run_task(study.certification(0.5, 20, 150, repeat=repeat), SEED).records
        for repeat in (0, 1)
    )

    assert isinstance(first, CertificationRecords)
    assert isinstance(second, CertificationRecords)
    assert first.hits.tolist() != second.hits.tolist()


def test_tasks_may_run_in_any_order(study: PointStudy) -> None:
    tasks = [study.certification(sigma, 20, 150, evaluation=f"s{sigma}") for sigma in (0.2, 0.5)]

    forward, backward = study.engine(), study.engine()
    one = [forward.run_task(task, SEED).records for task in tasks]
    other = [backward.run_task(task, SEED).records for task in reversed(tasks)]

    assert all(map(same, one, reversed(other)))


def test_a_resumed_run_gives_the_counts_of_an_uninterrupted_one(
    study: PointStudy, tmp_path: Path
) -> None:
    folder = tmp_path / "journal"
    whole = run(study, Journal(folder, HEADER))
    stored = sorted(folder.glob("*.npz"))
    stored[1].unlink()
    stored[2].write_bytes(stored[2].read_bytes()[:100])

    resumed = run(study, Journal(folder, HEADER), threads=1)

    assert len(stored) == 3
    assert same(resumed.records, whole.records)
    assert resumed.notes[-1] == "1 of 3 shards were taken from the journal"
    assert resumed.forwards == whole.forwards


def test_a_journal_that_is_complete_needs_no_forward(study: PointStudy, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", HEADER)
    run(study, journal)
    reports: list[int] = []

    study.engine().run_task(
        study.certification(0.5, 20, 150),
        SEED,
        journal,
        lambda label, done, total: reports.append(done),
    )

    assert reports == [EXAMPLES * 171]


def test_an_interruption_leaves_the_finished_shards_and_passes(
    study: PointStudy, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal", HEADER)

    def interrupt(label: str, done: int, total: int) -> None:
        if done > 10 * 171:  # behind the first shard of 8 examples
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study.engine().run_task(study.certification(0.5, 20, 150), SEED, journal, interrupt)

    resumed = run(study, journal)
    assert resumed.notes[-1].startswith("1 of 3 shards")
    assert same(resumed.records, run(study).records)


KILLED = """
import sys, time
from pathlib import Path
from tests.rerun.engine_cases import SEED, two_classes
from tests.rerun.test_engine import HEADER, EXAMPLES
import numpy as np
from repaudit.rerun.journal import Journal

folder = Path(sys.argv[1])
study = two_classes(folder, np.linspace(-0.4, 0.4, EXAMPLES).tolist())

def hang(label, done, total):
    print(done, flush=True)
    if done > 10 * 171:
        time.sleep(600)

study.engine().run_task(
    study.certification(0.5, 20, 150), SEED, Journal(folder / "journal", HEADER), hang
)
"""


def test_a_process_that_was_killed_goes_on_where_its_journal_ends(
    study: PointStudy, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as lines:
        reached = next(int(line) for line in lines if int(line) > 10 * 171)
        os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL

    resumed = run(study, Journal(tmp_path / "journal", HEADER))

    assert reached < EXAMPLES * 171
    assert resumed.notes[-1] == "1 of 3 shards were taken from the journal"
    assert same(resumed.records, run(study).records)


def test_progress_counts_up_to_the_total_that_was_known_beforehand(study: PointStudy) -> None:
    engine, task = study.engine(), study.certification(0.5, 20, 150)
    seen: list[tuple[str, int, int]] = []

    result = engine.run_task(
        task, SEED, progress=lambda label, done, total: seen.append((label, done, total))
    )

    total = EXAMPLES * (1 + 20 + 150)
    assert engine.forwards_of(task) == result.forwards == total
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[0] == ("main a repeat 0", 0, total)
    assert seen[-1] == ("main a repeat 0", total, total)


def test_clean_examples_are_classified_without_noise(study: PointStudy) -> None:
    result = study.engine().run_task(study.clean(), SEED)

    assert isinstance(result.records, EmpiricalRecords)
    expected = [int(margin > 0) for margin in np.linspace(-0.4, 0.4, EXAMPLES)]
    assert result.records.base_clean.tolist() == result.records.label.tolist() == expected
    assert result.forwards == EXAMPLES


def test_an_example_is_void_in_a_clean_run_too(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.3, 0.4], network="void_above")

    result = study.engine().run_task(study.clean(), SEED)

    # Both points have a positive first coordinate or both do not: the shift of 3 along the
    # normal is the same; this network is nan above 0.
    assert isinstance(result.records, EmpiricalRecords)
    assert result.void_votes == int((result.records.base_clean == -1).sum()) == 2


def test_a_checkpoint_is_tested_on_its_own_fold_only(study: PointStudy) -> None:
    task = study.certification(0.5, 5, 5)
    wrong = replace(
        task, checkpoint=task.checkpoint.model_copy(update={"test_fold": "3"})
    )  # arrays have no folds

    with pytest.raises(Exception, match="no example of the fold 3"):
        study.engine().run_task(wrong, SEED)


def test_a_memory_limit_below_one_block_says_what_one_takes(study: PointStudy) -> None:
    # One row: 8 inputs and 2 logits in float32; 16 rows and 16 draws of noise.
    with pytest.raises(InputError, match=r"--memory: expected at least \d+ bytes, for one block"):
        run(study, memory_bytes=1000)


def test_weights_that_are_other_ones_than_declared_are_not_run(study: PointStudy) -> None:
    (study.folder / "weights.safetensors").write_bytes(b"other")

    with pytest.raises(HashMismatch):
        run(study)


def test_code_is_not_run_without_leave(study: PointStudy) -> None:
    with pytest.raises(ModelError, match="--allow-code"):
        run(study, allow_code=False)


# torch's own copy of a program's tree warns of torch's own class.
@pytest.mark.filterwarnings("ignore:.*LeafSpec:FutureWarning")
def test_a_program_for_one_batch_size_is_run_at_that_size(
    study: PointStudy, tmp_path: Path
) -> None:
    linear = torch.nn.Linear(8, 2).eval()
    program = torch.export.export(linear, (torch.zeros(6, 8),))
    torch.export.save(program, tmp_path / "program.pt2")
    changes = {"format": "exported_program", "network": None}
    checkpoint = study.model.checkpoints[0].model_copy(
        update={"file": file_of(tmp_path, "program.pt2")}
    )
    model = study.model.model_copy(update={**changes, "checkpoints": [checkpoint]})

    result = study.engine().run_task(
        study.certification(0.5, 10, 33, model=model, checkpoint=checkpoint), SEED
    )

    assert isinstance(result.records, CertificationRecords)
    assert result.records.draws.tolist() == [33] * EXAMPLES


def file_of(folder: Path, name: str) -> Any:
    from repaudit.contract.types import File

    return File.model_validate(file(folder, name))


def test_one_thread_computes_while_a_task_runs_and_all_again_afterwards(
    study: PointStudy,
) -> None:
    before = torch.get_num_threads()

    run(study)

    assert torch.get_num_threads() == before


def test_the_plan_names_what_the_counts_depend_on(study: PointStudy) -> None:
    plan = study.engine().plan

    assert "16 rows per forward" in plan
    assert "16 draws per noise key" in plan
    assert torch.__version__ in plan


def test_seconds_are_those_of_the_run(study: PointStudy) -> None:
    started = time.monotonic()

    assert 0 < run(study).seconds <= time.monotonic() - started
