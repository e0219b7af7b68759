"""Attack the examples and predict them with a defence: one row per example, repeat and attack.

The attacked set is that of S2, section 4.2: an example that the victim gets right is replaced by
its adversarial input, if one was found that still is one when it is run again within epsilon;
every other example is kept as it is. The kept ones get the prediction of their clean input, so
that the counts of the clean and of the attacked set fit together exactly.

Reference: Lin et al. 2019 (S2), section 4.2; the standard, section 4.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Any

import numpy as np
import torch

from repaudit.audit.probe import Probe
from repaudit.contract.task import EmpiricalTask, Unsupported
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.rerun.attacks import library
from repaudit.rerun.attacks.block import Block, Setup
from repaudit.rerun.attacks.route import Route, box_of
from repaudit.rerun.attacks.rows import Rows
from repaudit.rerun.attacks.sanity import probed_attack
from repaudit.rerun.attacks.settings import LIBRARY, budget, panel_of
from repaudit.rerun.attacks.summary import numbers_of, probes_of
from repaudit.rerun.journal import Columns
from repaudit.rerun.memory import peak_bytes
from repaudit.rerun.plan import EMPIRICAL_SHARD, Plan
from repaudit.rerun.post_averaging import post_averaging
from repaudit.rerun.stages import Subject
from repaudit.rerun.votes import known
from repaudit.rerun.work import Job, Part
from repaudit.rerun.workspace import Workspace

GRAPH_FACTOR = 8
"""Memory of a gradient over that of a forward, whose activations are freed at once."""


class EmpiricalWork:
    """One attacked or defended evaluation; a block of examples goes through all of it."""

    shard_size = EMPIRICAL_SHARD

    def __init__(
        self, task: EmpiricalTask, seed: bytes, route: Route, plan: Plan, asked: str
    ) -> None:
        """``asked`` is the id of an example whose block the sanity questions are put to.

        Raise ``UnstatedError``, ``Unsupported``, ``MissingPart`` for what cannot be run.
        """
        output, defence = route.network.output, task.defence
        averaged = None if defence is None else post_averaging(defence, output)
        panel = panel_of(task)
        if panel and output == "class":
            raise Unsupported("attacks need scores, and the network puts out classes")
        box = box_of(task.data, route.stages.rho_steps)
        self.stages = route.stages
        self.block_rows = plan.rows
        self._task, self._asked = task, asked
        self._setup = Setup(task, seed, route, averaged, panel, box, plan.rows)
        self._library = library.library_version() if self._uses_library else None

    @property
    def forwards_each(self) -> int:
        """Forwards per example at most, known beforehand; searches mostly end earlier."""
        return budget(self._task)

    @property
    def _uses_library(self) -> bool:
        return any(settings.name in LIBRARY for settings in self._setup.panel)

    def jobs(self, subjects: Sequence[Subject]) -> Iterator[Job]:
        """Yield the blocks of a shard; examples of one shape share blocks."""
        for _, group in groupby(range(len(subjects)), lambda i: subjects[i].layout):
            while chosen := list(islice(group, self.block_rows)):
                yield self._job(subjects, chosen)

    def _job(self, subjects: Sequence[Subject], chosen: list[int]) -> Job:
        def job(_: Workspace) -> Part:
            block = [subjects[i] for i in chosen]
            is_asked = any(subject.example_id == self._asked for subject in block)
            with torch.no_grad():
                rows, forwards = Rows(self._setup, block, is_asked).make()
            return Part(forwards, dict(zip(chosen, rows, strict=True)))

        return job

    def finish(self, subjects: Sequence[Subject], parts: Sequence[Part]) -> Columns:
        """Return a shard's rows as columns, example by example."""
        found = {index: rows for part in parts for index, rows in part.result.items()}
        rows = [row for index in range(len(subjects)) for row in found[index]]
        return {name: np.array([row[name] for row in rows]) for name in rows[0]}

    def records(self, columns: Columns) -> EmpiricalRecords:
        """Return the predicted classes as evidence."""
        attacked: dict[str, Any] = {}
        if self._setup.panel:
            attacked = {name: columns[name] for name in ("base_attacked", "attack")}
            attacked["perturbation_norm"] = columns["length"]
            attacked["attacked_margin"] = known(columns["attacked_margin"])
        if self._setup.defence is not None:
            attacked["defended_clean"] = columns["defended_clean"]
            if self._setup.panel:
                attacked["defended_attacked"] = columns["defended_attacked"]
        return EmpiricalRecords(
            **{name: columns[name] for name in ("example_id", "label", "base_clean", "repeat")},
            checkpoint=np.full(len(columns["label"]), self._task.checkpoint.id),
            base_margin=known(columns["base_margin"]),
            **attacked,
        )

    def summary(self, columns: Columns) -> dict[str, float | None]:
        """Return the measured numbers beyond the evidence."""
        return numbers_of(columns, self.records(columns), self._setup)

    def probes(self, columns: Columns) -> list[Probe]:
        """Return what was asked about the attacks themselves, for the rules to judge."""
        panel = self._setup.panel
        return probes_of(columns, self.records(columns), self._setup, probed_attack(panel))

    def row_bytes(self, subject: Subject) -> int:
        """Return about what one row takes, most of it activations kept for a gradient."""
        block = Block(self._setup, [subject], 0)
        return GRAPH_FACTOR * peak_bytes(lambda: block.bare(block.x.clone()))

    @property
    def notes(self) -> list[str]:
        """Which attacks were run, with every setting that moves their result."""
        panel = self._setup.panel
        notes = [*self.stages.notes, *(settings.words for settings in panel)]
        if self._library is not None:
            known_by = {self._library, self._library.partition("==")[0]}
            declared = {s.declared_library for s in panel if s.name in LIBRARY} - known_by
            said = f" (declared: {', '.join(sorted(declared))})" if declared else ""
            notes.append(f"attacks of the library run by {self._library}{said}")
        return notes
