"""How fast this machine runs each certification, measured before anything is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from repaudit.check.rerun import Machine
from repaudit.check.sampling import Planned
from repaudit.contract.task import CertificationTask, Task

SMALL = 20_000
"""forwards up to which no speed is measured"""


def speeds_of(
    plan: Sequence[Planned],
    tasks: Mapping[str, Sequence[Task] | str],
    machine: Machine,
    seed: bytes,
) -> dict[str, float]:
    """Return forwards per second by evaluation; none for little work.

    Evaluations that differ in nothing but the noise level are measured once.
    """
    from repaudit.rerun.study import CANNOT_RUN, ENDS_THE_RUN

    if sum(planned.in_full for planned in plan) <= SMALL:
        return {}
    known: list[tuple[CertificationTask, float]] = []
    speeds = {}
    for name in (planned.evaluation for planned in plan):
        first = tasks[name][0]
        if not isinstance(first, CertificationTask):
            continue
        alike = replace(first, evaluation="", sigma=1.0, alpha=0.5, repeat=0)
        try:
            found = [speed for task, speed in known if task == alike]
            speeds[name] = found[0] if found else machine.speed_of(first, seed)
        except ENDS_THE_RUN:
            raise
        except CANNOT_RUN:
            continue
        known.append((alike, speeds[name]))
    return speeds
