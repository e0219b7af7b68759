"""A full audit as an array of jobs, run by the script of the example."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import ENVIRONMENT, repaudit
from tests.studies import copy_clips, sha256, some_plan, update_manifest, write_json

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parents[2] / "examples" / "slurm" / "array.sh"
NONCE = "5" * 32
CLIPS = 24
"""three shards of eight of the certification, one of the geometry"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that was measured, and audited in full by one process."""
    folder = tmp_path_factory.mktemp("whole")
    plan = some_plan(folder)
    plan["evaluations"]["waveform-high"]["sigma"] = "0.1"
    update_manifest(folder, plan, copy_clips(folder / "audio", CLIPS))
    plan["data"]["test"]["examples"] = CLIPS
    write_json(folder / "plan.json", plan)
    measure = ("measure", "plan.json", "-o", "results.json", "--seed", "5", "--device", "cpu")
    assert repaudit(*measure, cwd=folder).returncode == 0
    check = ("check", "results.json", "--mode", "full", "--device", "cpu", "--nonce", NONCE)
    assert repaudit(*check, "--out", "alone", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def study(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "study")


def array(study: Path, *arguments: str, task: int = 0, options: str = "--device cpu") -> str:
    """Run the script as Slurm does, and return what it printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    slurm = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": "3"}
    ended = subprocess.run(
        [SCRIPT, "results.json", "audit", *arguments],
        cwd=study,
        env={**ENVIRONMENT, **slurm, "PATH": path, "REPAUDIT_OPTIONS": options},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def assert_same_counts(study: Path) -> None:
    alone, merged = study / "alone" / "evidence", study / "audit" / "evidence"
    assert {p.name: sha256(p) for p in merged.iterdir()} == {
        p.name: sha256(p) for p in alone.iterdir()
    }


def test_jobs_in_any_order_and_twice_give_the_audit_of_one_process(study: Path) -> None:
    said = [
        array(study, task=task, options=f"--device cpu --nonce {NONCE}") for task in (2, 0, 2, 1)
    ]

    assert [line.partition("; nonce")[0] for line in said] == [
        "job 2 of 3: computed 1 of its 1 shards, 0 were there; 4 in all",
        "job 0 of 3: computed 2 of its 2 shards, 0 were there; 4 in all",
        "job 2 of 3: computed 0 of its 1 shards, 1 were there; 4 in all",
        "job 1 of 3: computed 1 of its 1 shards, 0 were there; 4 in all",
    ]
    assert "reproduced" in array(study, "merge")
    assert_same_counts(study)
    audit = json.loads((study / "audit" / "audit.json").read_text(encoding="utf-8"))
    assert (audit["nonce"], audit["options"]["mode"]) == (NONCE, "full")
    assert not (study / "audit" / "journal").exists()


def test_merge_names_the_missing_shards_and_the_command_that_computes_them(study: Path) -> None:
    first = array(study, task=1)

    ended = repaudit("shard", "merge", "results.json", "--out", "audit", cwd=study)

    assert (ended.returncode, ended.stdout) == (3, "")
    assert "expected 4 shards, found all but 3: 0,2-3\n" in ended.stderr
    command = "repaudit shard run results.json --out audit --index I --count 4, for each I of 0,2-3"
    assert f"Try: {command}\n" in ended.stderr
    rest = array(study, "1", options="--device cpu --workers 2")
    assert rest.startswith("job 0 of 1: computed 3 of its 4 shards, 1 were there; 4 in all")
    # The nonce is that of the job which came first.
    assert rest.rpartition("nonce")[2] == first.rpartition("nonce")[2]
    assert "reproduced" in array(study, "merge")


def test_job_with_another_nonce_is_refused(study: Path) -> None:
    run = ("shard", "run", "results.json", "--out", "audit", "--index", "2", "--count", "4")
    begun = repaudit(*run, "--device", "cpu", cwd=study)

    ended = repaudit(*run, "--device", "cpu", "--nonce", NONCE, cwd=study)

    assert (begun.returncode, ended.returncode, ended.stdout) == (0, 2, "")
    assert f"a journal with the nonce {NONCE}" in ended.stderr


def test_merge_without_jobs_says_what_to_type(study: Path) -> None:
    ended = repaudit("shard", "merge", "results.json", "--out", "audit", cwd=study)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Try: repaudit shard run results.json --out audit --index I --count K" in ended.stderr


def test_a_clip_that_is_missing_is_said_and_left_to_the_audit(study: Path) -> None:
    with (study / "audio" / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        *_, last = csv.DictReader(stream)
    clip = last["path"]
    (study / "audio" / clip).unlink()
    run = ("shard", "run", "results.json", "--out", "audit", "--index", "0", "--count", "1")

    ended = repaudit(*run, "--device", "cpu", cwd=study)

    assert ended.returncode == 3
    assert "computed 2 of its 4 shards" in ended.stdout
    assert f"waveform-high seed0 repeat 0: cannot be computed: audio/{clip}" in ended.stderr
    merged = repaudit("shard", "merge", "results.json", "--out", "audit", cwd=study)
    assert f"{clip}: no such file" in (study / "audit" / "audit.json").read_text()
    assert merged.returncode == 0


@pytest.mark.parametrize("workers", ["1", "3"])
def test_workers_of_a_check_give_the_counts_of_one_process(study: Path, workers: str) -> None:
    check = ("check", "results.json", "--mode", "full", "--device", "cpu", "--nonce", NONCE)

    ended = repaudit(*check, "--out", "audit", "--workers", workers, cwd=study)

    assert ended.returncode == 0, ended.stderr
    assert_same_counts(study)
    audit = json.loads((study / "audit" / "audit.json").read_text(encoding="utf-8"))
    by = "one worker process" if workers == "1" else "3 worker processes"
    assert f"3 of 3 shards were computed by {by}" in audit["measurements"][0]["reason"]
    assert "taken from the journal" not in json.dumps(audit)


def test_workers_of_measure_give_the_file_of_one_process(study: Path) -> None:
    whole = (study / "results.json").read_bytes()
    (study / "results.json").unlink()
    measure = ("measure", "plan.json", "-o", "results.json", "--seed", "5", "--device", "cpu")

    ended = repaudit(*measure, "--workers", "2", cwd=study)

    assert ended.returncode == 0, ended.stderr
    assert (study / "results.json").read_bytes() == whole


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--workers", "0"), 2, "--workers: expected a number from 1 on, or gpus, found '0'"),
        (("--workers", "gpus"), 2, "--workers gpus: expected a re-run on a GPU, found one on"),
        (("--address", "localhost:1"), 2, "--address: expected --engine ray"),
        (("--engine", "ray", "--address", "localhost:1"), 2, "a Ray cluster that is running"),
    ],
)
def test_workers_that_cannot_be_had_are_refused(
    study: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    pytest.importorskip("ray")
    ended = repaudit("check", "results.json", "--device", "cpu", "--out", "a", *options, cwd=study)

    assert (ended.returncode, ended.stdout) == (code, "")
    assert said in ended.stderr


def test_ray_is_named_where_it_is_not_installed(study: Path) -> None:
    without = (
        "import sys; sys.modules['ray'] = None; from repaudit.cli import main; "
        "sys.argv = ['repaudit', 'check', 'results.json', '--engine', 'ray', '--device', 'cpu', "
        "'--out', 'a']; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", without],
        cwd=study,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 3
    assert "Try: pip install 'repaudit[ray]'" in ended.stderr
