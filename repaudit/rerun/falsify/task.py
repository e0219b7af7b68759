"""Attack the certificates of one task, several examples at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch

from repaudit.contract.task import CertificationTask
from repaudit.rerun.engine import Engine
from repaudit.rerun.falsify.attempt import Attempt, Certificate, Effort
from repaudit.rerun.falsify.neighbourhood import Neighbourhood
from repaudit.rerun.falsify.search import INSIDE, Search
from repaudit.rerun.plan import blocks_at_once
from repaudit.rerun.pool import Pool
from repaudit.rerun.stages import Subject
from repaudit.rerun.works import Ready
from repaudit.rerun.workspace import Workspace

Target = tuple[Certificate, int]
"""A certificate and the number of the restart."""


@dataclass(frozen=True)
class _Attack:
    """What all attempts of a task share."""

    task: CertificationTask
    ready: Ready
    seed: bytes
    effort: Effort
    error: float

    def attempt(self, subject: Subject, target: Target, space: Workspace) -> Attempt:
        certificate, restart = target
        ready = self.ready
        around = Neighbourhood(
            self.task, ready.stages, ready.network, space, self.seed, subject, restart
        )
        search = Search(around, certificate, self.effort)
        start = around.centre
        if restart:
            start = start + 0.5 * INSIDE * certificate.radius * around.random_direction()
        change = search.change(start, self.error)
        return Attempt(
            certificate, restart, change, around.forwards, search.note is None, search.note
        )


def falsify_task(
    engine: Engine,
    task: CertificationTask,
    targets: Sequence[Target],
    seed: bytes,
    effort: Effort,
    error: float,
    report: Callable[[int], None] = lambda done: None,
) -> list[Attempt]:
    """Return one attempt per target, in order; ``report`` gets the attempts done so far.

    ``error`` is the largest probability that the confirmations of one attempt are wrong. The
    result is a function of task, targets, seed, effort and plan, whatever runs at once.

    Raises as `Engine.run_task` does, and ``KeyError`` for an example that the data lacks.
    """
    only = frozenset(certificate.example_id for certificate, _ in targets)
    with engine.arithmetic(task):
        ready = engine.ready(replace(task, only=only))
        attack = _Attack(task, ready, seed, effort, error)
        pool: Pool[Workspace, tuple[int, Attempt]] = Pool(
            lambda: Workspace(ready.plan), _at_once(engine, ready)
        )
        found: dict[int, Attempt] = {}
        for number, attempt in pool.run(_jobs(attack, targets)):
            found[number] = attempt
            report(len(found))
    return [found[number] for number in range(len(targets))]


def looks_at_clean(ready: Ready) -> bool:
    """Say whether a step behind the noise measures the clean signal.

    Such a classifier is certified with the clean signal frozen; the one attacked is the deployed
    one, which has nothing but what arrives.
    """
    transform = ready.stages.transform
    return ready.stages.rest.needs_clean or (transform is not None and transform.needs_clean)


def _jobs(
    attack: _Attack, targets: Sequence[Target]
) -> Iterator[Callable[[Workspace], tuple[int, Attempt]]]:
    dataset, stages = attack.ready.dataset, attack.ready.stages
    rows = {example.example_id: row for row, example in enumerate(dataset.examples)}
    for number, target in enumerate(targets):
        subject = stages.subject(dataset, rows[target[0].example_id])
        yield _job(attack, number, subject, target)


def _job(
    attack: _Attack, number: int, subject: Subject, target: Target
) -> Callable[[Workspace], tuple[int, Attempt]]:
    def run(space: Workspace) -> tuple[int, Attempt]:
        with torch.enable_grad():
            return number, attack.attempt(subject, target, space)

    return run


def _at_once(engine: Engine, ready: Ready) -> int:
    """Return how many searches run at once: on a GPU, or with little memory, one."""
    alone = engine.device.type == "cuda" or engine.settings.memory_bytes is not None
    return 1 if alone else blocks_at_once(ready.plan, engine.settings)
