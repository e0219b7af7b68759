"""Static audits of very large files: how long, how much memory, how long a report."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.check.big import inline_counts, many_claims, much_evidence
from tests.cli.commands import script

pytestmark = pytest.mark.slow

ROWS = 500_000
MEGABYTE = 10**6
MEASURED = """
import json, resource, subprocess, sys
ended = subprocess.run({command!r}, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([ended.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


class Cost(NamedTuple):
    """What one audit took, in a process of its own."""

    exit_code: int
    cpu_s: float
    """user and system, so that other work on the machine does not count"""
    peak_kib: int


def audited(results: Path, out: Path) -> tuple[Cost, Any]:
    """Audit without a re-run; return the cost and audit.json."""
    command = [sys.executable, "-m", "repaudit", "check", results, "--static", "--out", out]
    measured = script(MEASURED.format(command=[*map(str, command), "--quiet"]))
    cost = Cost(*json.loads(measured.stdout))
    return cost, json.loads((out / "audit.json").read_bytes())


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_half_a_million_counts_are_recomputed_in_ten_seconds(suffix: str, tmp_path: Path) -> None:
    results = much_evidence(tmp_path, ROWS, suffix)
    cost, audit = audited(results, tmp_path / "out")
    assert cost.exit_code == 0
    assert all(c["recomputed"]["value"] is not None for c in audit["comparisons"][:-1])
    assert cost.cpu_s < 10
    assert cost.peak_kib * 1024 < 2 * 10**9
    assert (tmp_path / "out" / "audit.html").stat().st_size < 2 * MEGABYTE


def test_fifty_megabytes_on_one_line_are_read_in_ten_seconds(tmp_path: Path) -> None:
    results = inline_counts(tmp_path, 50 * MEGABYTE)
    assert results.stat().st_size > 50 * MEGABYTE
    cost, audit = audited(results, tmp_path / "out")
    assert cost.exit_code == 0
    assert {f["severity"] for f in audit["findings"]} <= {"warning", "note"}
    assert cost.cpu_s < 10
    assert cost.peak_kib * 1024 < 2 * 10**9


def test_time_grows_with_the_number_of_claims_and_not_with_its_square(tmp_path: Path) -> None:
    costs = []
    for size in (MEGABYTE // 2, 3 * MEGABYTE):
        folder = tmp_path / str(size)
        folder.mkdir()
        cost, audit = audited(many_claims(folder, size), folder / "out")
        assert cost.exit_code == 0
        costs.append(cost.cpu_s / len(audit["comparisons"]))
    # seconds for each claim, which the start of the program makes smaller in the larger file
    assert costs[1] < 1.5 * costs[0]
