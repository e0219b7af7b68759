"""Forwards per second of the ceiling against the number of rows in a block."""

from dataclasses import replace
from typing import Any

from benchmarks.engine.ceiling import Ceiling
from benchmarks.engine.rounds import Effort, Run, in_turn, warmed
from benchmarks.engine.speed import EXAMPLES, N0
from benchmarks.engine.study import Study
from repaudit.rerun.execution.compiled import NotCompiled, compile_network
from repaudit.rerun.execution.planner import COMPILE_SECONDS
from repaudit.rerun.models.prepare import PreparedNetwork
from repaudit.rerun.plan import Plan
from repaudit.rerun.workspace import Workspace

ROWS = {"cpu": (4, 8, 16, 32, 64, 128), "cuda": (128, 256, 512, 1024, 2048)}


def measure(study: Study, contract: str, device: str, effort: Effort) -> dict[str, Any]:
    """Return the speeds at every number of rows, as it is and compiled."""
    engine = study.engine(device=device, compiling="never")
    base = Ceiling.of(engine, study.task(contract, N0, N0, EXAMPLES))
    cases: dict[str, Run] = {}
    left_out: dict[str, str] = {}
    for rows in ROWS[device]:
        ceiling = replace(base, plan=Plan(engine.device, rows))
        cases[f"{rows}, as is"] = ceiling.noisy
        try:
            cases[f"{rows}, compiled"] = _compiled(ceiling).noisy
        except NotCompiled as reason:
            left_out[f"{rows}, compiled"] = str(reason)
    forwards = {name: warmed(run, int(name.split(",")[0]), effort) for name, run in cases.items()}
    return {"speeds": in_turn(cases, forwards, effort), "left out": left_out}


def _compiled(ceiling: Ceiling) -> Ceiling:
    """Return the ceiling with its network compiled for its blocks; raises ``NotCompiled``."""
    assert isinstance(ceiling.forward, PreparedNetwork)
    shape = (ceiling.plan.rows, *ceiling.subject.signal.values.shape[1:])
    x = ceiling.inputs(Workspace(ceiling.plan).buffer("rows", shape, ceiling.stages.dtype).zero_())
    return replace(ceiling, forward=compile_network(ceiling.forward, x, COMPILE_SECONDS))
