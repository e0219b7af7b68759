"""Decide how the network of an evaluation is carried out, once, and say why so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from repaudit._core.errors import InputError
from repaudit.contract.task import CertificationTask
from repaudit.rerun.execution.agreement import VoteAgreement, limit_for, rows_for
from repaudit.rerun.execution.book import Book, Choice, key_of
from repaudit.rerun.execution.compiled import Compiled, NotCompiled
from repaudit.rerun.execution.execution import DECLARED, Compiling, Execution, Precision
from repaudit.rerun.execution.trial import Trial, output_of
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.prepare import PRECISIONS, PreparedNetwork, prepare
from repaudit.rerun.network import DeclaredNetwork, Network
from repaudit.rerun.pool import is_out_of_memory

OPERATIONS_TO_COMPILE = 1e14
"""floating-point operations of an evaluation from where on compiling pays: minutes of work"""
COMPILE_SECONDS = 180.0
WIDE = ("float64", "float32", "tf32")
"""declared arithmetic that another precision may stand for"""

Blocks = Callable[[int], Iterable[Tensor]]
"""gives blocks of inputs with at least so many noisy rows; each is valid until the next"""


@dataclass
class Planner:
    """What is decided for the networks of one run."""

    device: torch.device
    book: Book
    compiling: Compiling
    precision: Precision
    _compiled: dict[tuple[object, ...], Compiled] = field(default_factory=dict)

    def network(
        self,
        task: CertificationTask,
        declared: DeclaredNetwork,
        name: tuple[object, ...],
        blocks: Blocks,
        forwards: int,
    ) -> Network:
        """Return the network of a task, ready to run, as the book says or will say.

        ``name`` is what it is loaded from, ``forwards`` those of the task. Raises ``InputError``
        where what was chosen before cannot be done here.
        """
        first = next(iter(blocks(1)), None)
        trial = None if first is None else self._trial(declared, first)
        if trial is None:
            # Without an example, or with a network that cannot run: that says so itself.
            return declared.on(
                prepare(declared.module, self.device, declared.dtype, DECLARED), DECLARED
            )
        key = key_of(task.evaluation, name, trial.shape, self.device.type)
        choice = self.book.get(key)
        if choice is None:
            made = _Choosing(self, task.n, declared, trial, blocks, forwards)
            choice = self.book.put(key, made.choice())
        network = self._carried_out(choice.execution, declared, trial)
        return replace(network, describe="; ".join([network.describe, *choice.said]))

    def compiled(
        self, execution: Execution, declared: DeclaredNetwork, trial: Trial, run: PreparedNetwork
    ) -> Compiled:
        """Return a compiled network, once for all evaluations; raises ``NotCompiled``."""
        key = id(declared), replace(execution, compiled=True), trial.shape
        if key not in self._compiled:
            self._compiled[key] = trial.compiled(run, COMPILE_SECONDS)
        return self._compiled[key]

    def _trial(self, declared: DeclaredNetwork, first: Tensor) -> Trial | None:
        try:
            # Blocks are made in inference mode, which a compiled network can tell.
            with torch.inference_mode():
                x = first.clone()
            return Trial(declared, self.device, x)
        except Exception as error:
            if isinstance(error, ModelError) or is_out_of_memory(error):
                return None
            raise

    def _carried_out(
        self, execution: Execution, declared: DeclaredNetwork, trial: Trial
    ) -> Network:
        run = trial.prepared(execution)
        if not execution.compiled:
            return declared.on(run, execution)
        try:
            return declared.on(run, execution, self.compiled(execution, declared, trial, run))
        except NotCompiled as reason:
            # Another execution would give other counts.
            expected = "to compile the network, as this run did where it began"
            raise InputError("--resume", expected, str(reason), "another --out folder") from None


@dataclass
class _Choosing:
    """A choice for one network in one evaluation."""

    planner: Planner
    n: int
    declared: DeclaredNetwork
    trial: Trial
    blocks: Blocks
    forwards: int
    """of the evaluation"""
    said: list[str] = field(default_factory=list)

    def choice(self) -> Choice:
        """Return how the network is carried out, and what is to be said of it."""
        if not self.trial.is_repeatable:
            return Choice(DECLARED, ("as declared, since a forward changes the next one",))
        execution = self._in_precision(self.trial.best())
        return Choice(self._maybe_compiled(execution), tuple(self.said))

    def _maybe_compiled(self, execution: Execution) -> Execution:
        compiling = self.planner.compiling
        if compiling == "never" or (compiling == "auto" and not self._is_work_enough()):
            return execution
        run = self.trial.prepared(execution)
        try:
            fast = self.planner.compiled(execution, self.declared, self.trial, run)
        except NotCompiled as reason:
            if compiling == "always":
                expected = "a network that can be compiled here"
                raise InputError("--compile", expected, str(reason), "--compile auto") from None
            self.said.append(f"not compiled: {reason}")
            return execution
        if compiling == "always" or self.trial.is_worth(fast, run):
            return replace(execution, compiled=True)
        self.said.append("not compiled: it was not faster")
        return execution

    def _is_work_enough(self) -> bool:
        return self.forwards * self.trial.operations >= OPERATIONS_TO_COMPILE

    def _in_precision(self, execution: Execution) -> Execution:
        """Return the execution in the precision that was asked for, where its votes agree."""
        wanted, dtype = self.planner.precision, self.declared.dtype
        if wanted == "declared":
            return execution
        if dtype not in WIDE or PRECISIONS[wanted] == dtype:
            self.said.append(f"declared in {dtype}, which stays")
            return execution
        other = replace(execution, precision=wanted)
        agreement = self._agreement(self.trial.prepared(other))
        self.said.append(f"{'' if agreement.holds else 'not '}in {wanted}: {agreement.text}")
        return other if agreement.holds else execution

    def _agreement(self, run: PreparedNetwork) -> VoteAgreement:
        """Return how many votes of enough noisy rows differ from the declared network's."""
        wanted, rows, differing = rows_for(self.n), 0, 0
        reference = self.declared.on(self.trial.declared, DECLARED)
        for x in self.blocks(wanted):
            # What is more than enough may be padding.
            votes = reference.votes(reference(x))[: wanted - rows]
            differing += int((votes != reference.votes(output_of(run, x))[: len(votes)]).sum())
            rows += len(votes)
        return VoteAgreement(rows, differing, limit_for(self.n))
