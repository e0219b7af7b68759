"""The engine, its ceiling, the usual loop and ART's certify on one network and one input."""

from dataclasses import dataclass, replace
from typing import Any

import torch

from benchmarks.engine.ceiling import Ceiling
from benchmarks.engine.figures import LOOP_BATCHES, PLANS
from benchmarks.engine.machine import INSTALL_ART, available_bytes, has_art
from benchmarks.engine.peers import ART_BATCHES, Art, Subjects, loop, subjects_of
from benchmarks.engine.rounds import Effort, Run, in_turn, speed_of, warmed
from benchmarks.engine.study import SEED, Study
from benchmarks.engine.verdicts import verdicts
from repaudit._core.errors import InputError
from repaudit.rerun.engine import Engine
from repaudit.rerun.execution.execution import Compiling
from repaudit.rerun.memory import peak_bytes

EXAMPLES = 8
"""one shard of the engine"""
N0 = 100
SHARE_OF_MEMORY = 0.6
"""of what is available, that one batch of a peer may take"""


def measure(
    study: Study, contract: str, device: str, effort: Effort, verdict_draws: int
) -> dict[str, Any]:
    """Return the speeds of every round, the plans and whether the verdicts agree."""
    return _Speed(study, contract, device, effort, verdict_draws).measure()


@dataclass
class _Speed:
    """Cases of one device, length and contract, as they are collected."""

    study: Study
    contract: str
    device: str
    effort: Effort
    verdict_draws: int

    def __post_init__(self) -> None:
        self.cases: dict[str, Run] = {}
        self.forwards: dict[str, int] = {}
        self.draws = N0
        """certification draws of a run, as soon as the speed is known"""
        self.said: dict[str, Any] = {"left out": {}, "plans": {}}
        self.subjects = subjects_of(self.study, self.contract, torch.device(self.device))

    def measure(self) -> dict[str, Any]:
        for name, compiling in PLANS.items():
            try:
                self._add_engine(name, compiling)
            except InputError as reason:
                self.said["left out"][f"engine, {name}"] = str(reason).partition("\n")[0]
        for batch in LOOP_BATCHES:
            self._add_loop(batch)
        art = self._add_art()
        speeds = in_turn(self.cases, self.forwards, self.effort)
        self.said["threads of the peers"] = torch.get_num_threads()
        return {"speeds": speeds, **self.said, "verdicts": self._verdicts(art)}

    def _add_engine(self, name: str, compiling: Compiling) -> None:
        """Add the engine with one way to carry out the network, and the ceiling of that way.

        All of a plan's cases have one n: the engine prepares a network for each.
        """
        engine = self.study.engine(device=self.device, compiling=compiling)
        task = self.study.task(self.contract, N0, self.draws, EXAMPLES)
        ceiling = Ceiling.of(engine, task)
        self.said["plans"][name] = engine.ready(task).network.describe
        self._add(f"bare, {name}", ceiling.bare, 4 * ceiling.plan.rows)
        self._add(f"ceiling, {name}", ceiling.noisy, 4 * ceiling.plan.rows)
        self._add_run(f"engine, {name}", engine, ceiling)

    def _add_run(self, name: str, engine: Engine, ceiling: Ceiling) -> None:
        """Add a whole run of the engine, as long as the other cases."""
        task = ceiling.task
        if self.draws == N0:
            self.draws = max(N0, max(self.forwards.values()) // EXAMPLES - N0)
            task = replace(task, n=self.draws)
            engine.ready(task)
        self.cases[name] = lambda _: engine.run_task(task, SEED).forwards - EXAMPLES
        # What begins and ends a run weighs alike in all three.
        for case in (name, name.replace("engine", "ceiling"), name.replace("engine", "bare")):
            self.forwards[case] = (N0 + task.n) * EXAMPLES

    def _add(self, name: str, run: Run, first: int) -> None:
        self.cases[name] = run
        self.forwards[name] = warmed(run, first, self.effort)

    def _add_loop(self, batch: int) -> None:
        if too_large(self.subjects, batch):
            self.said["left out"][f"loop, batch {batch}"] = "a batch does not fit into memory"
            return
        run = loop(self.subjects, batch)
        self.cases[f"loop, batch {batch}"] = run
        first = batch if self.device == "cuda" else min(batch, LOOP_BATCHES[0])
        wanted = warmed(run, first, self.effort)
        # Whole batches: a shorter one at the end would be another batch size.
        self.forwards[f"loop, batch {batch}"] = -(-wanted // batch) * batch

    def _add_art(self) -> Art | None:
        if not has_art():
            reason = f"{INSTALL_ART}: the toolbox is not installed"
            self.said["left out"]["ART"] = reason
            return None
        art = Art(self.subjects, N0)
        runs = {batch: art.case(batch, self.verdict_draws) for batch in ART_BATCHES}
        best = max(runs, key=lambda batch: speed_of(runs[batch], 2 * N0))
        self.said["batch of ART"] = best
        self._add("ART", runs[best], 2 * N0)
        return art

    def _verdicts(self, art: Art | None) -> dict[str, Any]:
        """Return how the certifications of some examples compare."""
        where = self.study, self.contract, self.device
        return verdicts(*where, N0, self.verdict_draws, self.subjects, art)


def too_large(subjects: Subjects, batch: int) -> bool:
    """Whether a batch would take more than its share of what memory there is."""
    if subjects.device.type == "cuda":
        return False
    with torch.no_grad():
        each = peak_bytes(lambda: subjects.model(subjects.inputs[:1]))
    return each * batch > SHARE_OF_MEMORY * available_bytes()
