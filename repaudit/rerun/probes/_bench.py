"""A few examples with noise on them, and the classifier of a certification, ready to be asked."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from repaudit.contract.task import CertificationTask
from repaudit.rerun.data import Dataset
from repaudit.rerun.engine import Engine
from repaudit.rerun.models.copied import copied
from repaudit.rerun.network import Network
from repaudit.rerun.noise import Stream
from repaudit.rerun.stages import Subject, stack
from repaudit.rerun.votes import Output
from repaudit.rerun.workspace import Workspace

Numbers = dict[str, float | int | str | bool | None]

CANARIES = 4
"""examples that are asked about"""
COMPANIONS = 8
"""examples that stand beside them"""
LOADED = 32
"""examples looked at, to find that many of one shape"""
DRAWS = (8, 64)
"""fewest and most noisy rows per canary where votes are counted"""
FEWEST_ROWS = 16
"""of a block that is asked about, so that canaries have company; a program's own batch stays"""
SHARE_OF_DRAWS = 8
"""between the two, an eighth of what a certification draws"""


class NotAsked(Exception):
    """A question that cannot be put to this network; the text is the reason."""


@dataclass(frozen=True)
class Row:
    """One input of the classifier, where the noise enters."""

    subject: Subject
    """whose it is"""
    values: Tensor
    """[1, ...]"""

    def scaled(self, factor: float) -> "Row":
        """Return the same row at another level."""
        return Row(self.subject, self.values * factor)


class Bench:
    """Canaries and companions of one shape, noise of their own, and a copy of the network."""

    def __init__(self, engine: Engine, task: CertificationTask, seed: bytes) -> None:
        """Load what is needed; raises as `Engine.ready` does, ``NotAsked`` without an example."""
        ready = engine.ready(task)
        self.engine, self.task, self._seed = engine, task, seed
        self.stages, self.usual_rows = ready.stages, ready.plan.rows
        """``usual_rows`` are those of the certification's blocks"""
        fewest = 0 if ready.network.batch is not None else FEWEST_ROWS
        self.plan = replace(ready.plan, rows=max(ready.plan.rows, fewest))
        # A network that changes itself must not enter the certification changed.
        self.network = replace(ready.network, module=copied(ready.network.module), fast=None)
        self.space = Workspace(self.plan)
        self.forwards = 0
        """rows that went through a network so far, padding included"""
        subjects = self._subjects(ready.dataset)
        if not subjects:
            raise NotAsked("there is no example to ask about")
        self.canaries = subjects[:CANARIES]
        self.companions = subjects[CANARIES:] or self.canaries
        fewest, most = DRAWS
        self.draws = min(max((task.n0 + task.n) // SHARE_OF_DRAWS, fewest), most)
        """noisy rows per canary where votes are counted"""

    def _subjects(self, dataset: Dataset) -> list[Subject]:
        """Return examples that may stand in one block, drawn by the seed."""
        names = f"probes {self.task.evaluation} {self.task.checkpoint.id}"
        drawn = random.Random(hashlib.sha256(self._seed + names.encode()).digest())
        count = len(dataset.examples)
        found: list[Subject] = []
        for index in drawn.sample(range(count), min(count, LOADED)):
            subject = self.stages.subject(dataset, index)
            if not found or subject.layout == found[0].layout:
                found.append(subject)
            if len(found) == CANARIES + COMPANIONS:
                break
        return found

    def stream(self, subject: Subject) -> Stream:
        """Return the noise of an example that no certification uses."""
        task, name = self.task, subject.example_id
        return Stream(self._seed, task.evaluation, task.checkpoint.id, name, task.repeat, "probe")

    def noisy(self, subject: Subject, first: int, count: int) -> Tensor:
        """Return consecutive noisy copies of an example as a certification makes them."""
        clean = subject.signal.values
        out = torch.empty((count, *clean.shape[1:]), dtype=clean.dtype, device=clean.device)
        self.space.add_noise(out, clean, self.stream(subject), first, self.task.sigma)
        return out

    def rows(self, subject: Subject, first: int, count: int) -> list[Row]:
        """Return consecutive noisy copies of an example as rows."""
        return [Row(subject, row[None]) for row in self.noisy(subject, first, count)]

    def one_each(self, draw: int) -> list[Row]:
        """Return one noisy row of every canary."""
        return [row for subject in self.canaries for row in self.rows(subject, draw, 1)]

    def voters(self) -> list[Row]:
        """Return the noisy rows whose votes are counted."""
        return [row for subject in self.canaries for row in self.rows(subject, 0, self.draws)]

    def beside(self, first: int, count: int) -> list[Row]:
        """Return rows of the companions in turn, their draws from ``first`` on."""
        each = -(-count // len(self.companions))
        drawn = [self.rows(subject, first, each) for subject in self.companions]
        return [row for turn in zip(*drawn, strict=True) for row in turn][:count]

    def inputs(self, rows: Sequence[Row], *, transform: bool = True) -> Tensor:
        """Return what the network gets for rows that stand in one block."""
        owners = [(row.subject.signal, 1) for row in rows]
        signal = stack(torch.cat([row.values for row in rows]), owners)
        if transform:
            signal = self.stages.transformed(signal, owners)
        return self.stages.inputs(signal, owners)

    def block(
        self, rows: Sequence[Row], network: Network | None = None, *, transform: bool = True
    ) -> Output:
        """Return the outputs of rows that go through the classifier in one block."""
        self.forwards += len(rows)
        return (network or self.network)(self.inputs(rows, transform=transform))

    def outputs(
        self, rows: Sequence[Row], network: Network | None = None, *, transform: bool = True
    ) -> Output:
        """Return the outputs of any number of rows, in padded blocks."""
        size, found = self.plan.rows, []
        for start in range(0, len(rows), size):
            part = list(rows[start : start + size])
            padded = part + part[:1] * (size - len(part))
            found.append(self.block(padded, network, transform=transform)[: len(part)])
        whole: Any = np.concatenate(found)
        return cast(Output, whole)
