"""Ask every question of one certification task."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from repaudit._core.text import one_line
from repaudit.audit.probe import Probe
from repaudit.contract.task import CertificationTask
from repaudit.rerun.engine import Engine
from repaudit.rerun.pool import is_out_of_memory
from repaudit.rerun.probes._bench import Bench, NotAsked, Numbers
from repaudit.rerun.probes._registry import Ask, registry
from repaudit.rerun.study import CANNOT_RUN


def run_probes(engine: Engine, task: CertificationTask, seed: bytes) -> list[Probe]:
    """Return what every probe measured, sorted by name, or why it was not asked.

    A function of the task, the 32-byte seed and the engine's plan, on a few examples: at most
    about 500 forwards on a CPU, 1000 for a network in a narrow type (a block on a GPU is
    larger). A question without an object, such as the precision of a float32 network, is left
    out. ``KeyboardInterrupt`` passes.
    """
    with engine.arithmetic(task), _own_randomness(engine, seed):
        try:
            bench = Bench(engine, task, seed)
        except (*CANNOT_RUN, NotAsked) as fault:
            return [_probe(task, name, reason=one_line(str(fault))) for name in registry()]
        with torch.inference_mode():
            found = [_answer(bench, name, ask) for name, ask in registry().items()]
    return [probe for probe in found if probe is not None]


def _answer(bench: Bench, name: str, ask: Ask) -> Probe | None:
    before = bench.forwards
    numbers, reason = _asked(bench, ask)
    if numbers is None and reason is None:
        return None
    return _probe(bench.task, name, numbers, reason, bench.forwards - before)


def _asked(bench: Bench, ask: Ask) -> tuple[Numbers | None, str | None]:
    """Return the numbers, or the reason why there are none, or neither."""
    try:
        return ask(bench), None
    except (*CANNOT_RUN, NotAsked) as fault:
        return None, one_line(str(fault))
    # torch raises its own kinds when memory runs out; everything else is a fault of ours.
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return None, "one block of rows does not fit into memory"


def _probe(
    task: CertificationTask,
    name: str,
    numbers: Numbers | None = None,
    reason: str | None = None,
    forwards: int = 0,
) -> Probe:
    return Probe(
        name=name,
        evaluation=task.evaluation,
        checkpoint=task.checkpoint.id,
        status="asked" if reason is None else "not_checked",
        reason=reason,
        numbers=numbers or {},
        forwards=forwards,
    )


@contextmanager
def _own_randomness(engine: Engine, seed: bytes) -> Iterator[None]:
    """Let a network that draws at random draw the same in every audit with one seed."""
    devices = [engine.device] if engine.device.type == "cuda" else []
    with torch.random.fork_rng(devices):
        torch.manual_seed(int.from_bytes(seed[:8], "little") >> 1)
        yield
