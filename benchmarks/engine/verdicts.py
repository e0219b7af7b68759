"""The same examples certified by the engine and by the peers, each with noise of its own."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from benchmarks.engine.agreement import agreement
from benchmarks.engine.peers import Art, Subjects, loop_verdicts
from benchmarks.engine.study import SEED, Study
from repaudit.contract.task import CertificationTask
from repaudit.rerun.engine import Engine
from repaudit.statistics.certificate import certified_z

PILOT = bytes(32)
"""seed of the run that chooses the examples"""
CANDIDATES, EACH = 16, 4
"""clips that are looked at; taken of those that abstain, and of those that do not"""
CLEAR = 4.0
"""standard deviations from the share at which certificates begin: nearer ones are coin tosses"""


def verdicts(
    study: Study, contract: str, device: str, n0: int, n: int, subjects: Subjects, art: Art | None
) -> dict[str, Any]:
    """Return how the peers' certifications compare with the engine's, on clear examples."""
    engine = study.engine(device=device, compiling="never")
    task = study.task(contract, n0, n, CANDIDATES)
    chosen = clear_examples(engine, task)
    task = replace(task, only=frozenset(map(str, chosen)))
    records = engine.run_task(task, SEED).records
    # The peers draw from global generators.
    torch.manual_seed(0)
    np.random.seed(0)
    found = {"loop": loop_verdicts(subjects, chosen, n0, n)}
    if art is not None:
        found["ART"] = art.verdicts(chosen, n)
    return {name: agreement(records, task, *theirs) for name, theirs in found.items()}


def clear_examples(engine: Engine, task: CertificationTask) -> list[int]:
    """Return clips whose verdict is not up to chance, by a run with noise of its own."""
    records = engine.run_task(task, PILOT).records
    z = certified_z(np.arange(task.n + 1), task.n, task.alpha)
    start = float(np.argmax(z > 0)) / task.n
    off = (records.hits / task.n - start) / np.sqrt(start * (1 - start) / task.n)
    ids = records.example_id.astype(np.int64)
    return sorted([*ids[off < -CLEAR][:EACH].tolist(), *ids[off > CLEAR][:EACH].tolist()])
