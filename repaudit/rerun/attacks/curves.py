"""How a defence depends on one of its settings: the same attacked evaluation, several times.

Along ``directions`` or ``radius`` a deterministic attack on the bare network stays the same, so
that the curve shows the defence alone; along ``epsilon`` it shows both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from repaudit.contract.task import EmpiricalTask
from repaudit.contract.types import Real
from repaudit.rerun.engine import Engine
from repaudit.rerun.task_run import TaskRun

Setting = Literal["directions", "radius", "epsilon"]


@dataclass(frozen=True)
class Point:
    """One point of a curve."""

    value: str
    """of the setting, as it would be declared"""
    run: TaskRun


def curve(
    engine: Engine, task: EmpiricalTask, setting: Setting, values: Sequence[str | int], seed: bytes
) -> list[Point]:
    """Return the task's measurement at each value of one setting; raises as `run_task` does.

    Every point has the draws of the same seed, under the same evaluation: neighbouring points
    share what they can, and their difference is not that of two draws.
    """
    return [Point(str(v), engine.run_task(with_setting(task, setting, v), seed)) for v in values]


def with_setting(task: EmpiricalTask, setting: Setting, value: str | int) -> EmpiricalTask:
    """Return the task with one setting changed; ``ValueError`` for one that it does not have."""
    if setting == "epsilon":
        if task.threat is None:
            raise ValueError("epsilon: expected a task with attacks, got none")
        return replace(
            task, threat=task.threat.model_copy(update={"epsilon": Real.parse(str(value))})
        )
    if task.defence is None:
        raise ValueError(f"{setting}: expected a task with a defence, got none")
    new = int(value) if setting == "directions" else Real.parse(str(value))
    return replace(task, defence=task.defence.model_copy(update={setting: new}))
