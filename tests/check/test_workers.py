"""An audit with workers is the audit of one process, with a folder to write to or without."""

import os
import signal
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from repaudit._core.progress import Step
from repaudit.audit.audit import Audit
from repaudit.check import CheckOptions, check
from tests.check.points import point_results
from tests.rerun.scale.cases import workers_of
from tests.studies import EXAMPLE

pytestmark = pytest.mark.slow

IN_FULL = CheckOptions(mode="full", device="cpu", nonce="0" * 32)


def audited(out: Path, **options: object) -> Audit:
    changed = CheckOptions(**{**vars(IN_FULL), "out": out, **options})  # type: ignore[arg-type]
    return check(EXAMPLE / "results.json", changed)


def test_the_example_has_the_same_counts_though_a_worker_is_killed(tmp_path: Path) -> None:
    killed: list[int] = []

    def kill(step: Step) -> None:
        workers = workers_of(os.getpid())
        if step.done > 0 and workers and not killed:
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    alone, together = (
        audited(tmp_path / "alone"),
        audited(tmp_path / "together", workers=2, progress=kill),
    )

    assert killed
    files = sorted(path.name for path in (tmp_path / "alone" / "evidence").iterdir())
    assert len(files) == 5
    for name in files:
        one, other = (tmp_path / out / "evidence" / name for out in ("alone", "together"))
        assert one.read_bytes() == other.read_bytes()
    assert together.comparisons == alone.comparisons
    assert all("computed by 2 worker processes" in m.reason for m in together.measurements)
    assert sum(m.seconds for m in together.measurements) <= together.seconds


def test_a_sample_is_that_of_one_process(tmp_path: Path) -> None:
    results = point_results(tmp_path, 120)
    options = CheckOptions(device="cpu", nonce="0" * 32, allow_code=True, margins={"accuracy": "5"})

    alone, together = (
        check(results, replace(options, out=tmp_path / str(workers), workers=workers))
        for workers in (None, 2)
    )

    assert alone.samples == together.samples
    assert alone.comparisons == together.comparisons
    one, other = (audit.measurements[-1] for audit in (alone, together))
    assert (one.status, other.status) == ("sampled", "sampled")
    assert other.reason == f"{one.reason}; drawn by 2 worker processes"
    assert one.network == other.network
    assert "linear" in str(one.network)
    assert one.seconds > 0
    assert workers_of(os.getpid()) == []


def test_without_a_folder_nothing_is_left(
    measured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    options = CheckOptions(**{**vars(IN_FULL), "workers": 1})

    audit = check(measured / "results.json", options)

    assert audit.exit_code == 0
    assert all("computed by one worker process" in m.reason for m in audit.measurements)
    assert list(tmp_path.iterdir()) == []
    assert workers_of(os.getpid()) == []
