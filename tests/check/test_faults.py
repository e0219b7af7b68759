"""What goes wrong with one evaluation costs nothing that was counted of another."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from repaudit._core.progress import Step
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.check import check
from tests.check.points import CLAIMS, CPU, point_plan
from tests.rerun.engine_cases import two_classes
from tests.studies import write_json

NONCE = "0123456789abcdef" * 2
SIZE, N = 40, 200
FORWARDS = SIZE * (1 + 50 + N)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two evaluations, and between them one whose network breaks at its last example."""
    folder = tmp_path_factory.mktemp("points")
    plan = point_plan(folder, SIZE, n=N)
    (folder / "other").mkdir()
    other = two_classes(
        folder / "other", [*[2.0] * (SIZE - 1), 2000.0], [1] * SIZE, network="breaks_above"
    )
    plan["study"]["kind"] = "original"
    plan["data"]["far"] = inside("other", other.data.model_dump(mode="json", exclude_none=True))
    plan["models"]["breaking"] = inside(
        "other", other.model.model_dump(mode="json", exclude_none=True)
    )
    main = plan["evaluations"]["main"]
    main["claims"] = [{**CLAIMS[0], "value": "94.00"}]
    broken = copy.deepcopy(main) | {"data": "far", "model": "breaking"}
    again = copy.deepcopy(main) | {"sigma": 0.6}
    plan["evaluations"] = {"main": main, "broken": broken, "again": again}
    return write_json(folder / "results.json", plan)


def inside(folder: str, declared: dict[str, Any]) -> dict[str, Any]:
    """Say that the declared files lie in a folder; the code lies beside the results file."""
    for key, value in declared.items():
        if key == "path":
            declared[key] = f"{folder}/{value}"
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                inside(folder, part)
    return declared


def audit(path: Path, **options: Any) -> Audit:
    return check(path, replace(CPU, **{"nonce": NONCE, "mode": "full", **options}))


def test_a_network_that_breaks_leaves_the_other_evaluations_as_they_are(
    three: Path, tmp_path: Path
) -> None:
    found = audit(three, out=tmp_path)
    status = {m.evaluation: m.status for m in found.measurements}
    assert status == {"main": "measured", "broken": "not_checked", "again": "measured"}
    (verdict,) = {c.verdict for c in found.comparisons if c.evaluation == "broken"}
    assert verdict is Verdict.NOT_CHECKED
    assert "division by zero" in str(found.measurements[1].reason)
    assert {path.name for path in (tmp_path / "evidence").iterdir()} == {"main.csv", "again.csv"}


def test_a_fault_in_one_evaluation_leaves_the_shards_of_those_before(
    three: Path, tmp_path: Path
) -> None:
    whole = audit(three, out=tmp_path / "whole")

    def fault(step: Step) -> None:
        if step.evaluation == "again" and step.done > 0:
            raise ZeroDivisionError("planted")

    with pytest.raises(ZeroDivisionError):
        audit(three, out=tmp_path / "stopped", progress=fault)
    steps: list[Step] = []
    resumed = audit(three, out=tmp_path / "stopped", resume=True, progress=steps.append)
    main = [step for step in steps if step.evaluation == "main" and step.doing]
    assert (main[0].done, main[0].kept) == (FORWARDS, FORWARDS)  # nothing is made again
    assert resumed.measurements[0].reason == "5 of 5 shards were taken from the journal"
    assert [c.measured for c in resumed.comparisons] == [c.measured for c in whole.comparisons]
    for name in ("main.csv", "again.csv"):
        counts = [tmp_path / run / "evidence" / name for run in ("stopped", "whole")]
        assert counts[0].read_bytes() == counts[1].read_bytes()


def test_every_evaluation_is_announced_shown_and_ended_once(three: Path) -> None:
    steps: list[Step] = []
    audit(three, progress=steps.append)
    before = {step.evaluation: step.total for step in steps if not step.doing}
    assert before.keys() == {"main", "broken", "again"}
    ends = [step for step in steps if step.is_over]
    assert [step.evaluation for step in ends] == ["main", "broken", "again"]
    assert ends[1].doing.startswith("not re-run: ")
    for name in ("main", "again"):
        done = [s.done for s in steps if s.evaluation == name and not s.is_over and s.doing]
        assert done == sorted(done)
        assert done[-1] == FORWARDS
