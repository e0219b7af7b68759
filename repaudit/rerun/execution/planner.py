"""Decide how each network is carried out, once per architecture and shape, and say why so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from repaudit._core.errors import InputError
from repaudit.contract.task import CertificationTask
from repaudit.rerun.execution.agreement import VoteAgreement, limit_for, rows_for
from repaudit.rerun.execution.book import Book, key_of
from repaudit.rerun.execution.compiled import Compiled, NotCompiled
from repaudit.rerun.execution.execution import DECLARED, Compiling, Execution, Precision
from repaudit.rerun.execution.trial import Trial, output_of
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.prepare import PRECISIONS, PreparedNetwork, prepare
from repaudit.rerun.network import DeclaredNetwork, Network
from repaudit.rerun.pool import is_out_of_memory

OPERATIONS_TO_COMPILE = 5e13
"""floating-point operations per core from where on compiling pays: minutes of work"""
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
    cores: int
    """that compute at the same time; on a GPU 1"""
    _expected: int = 0
    _networks: dict[tuple[object, ...], Network] = field(default_factory=dict)

    def expect(self, forwards: int) -> None:
        """Say that so many forwards, at least, are to be made with one network."""
        self._expected = max(self._expected, forwards)

    def network(
        self, task: CertificationTask, declared: DeclaredNetwork, blocks: Blocks
    ) -> Network:
        """Return the network of a task, ready to run.

        Raises ``InputError`` where what was chosen before cannot be done here.
        """
        first = next(iter(blocks(1)), None)
        if first is None:
            return self._as_declared(declared)
        x = first.clone()
        draws = None if self.precision == "declared" else task.n
        name = id(declared), tuple(x.shape), draws
        if name not in self._networks:
            said = list[str]()
            network = self._planned(task, declared, x, blocks, said)
            words = "; ".join([network.describe, *said])
            self._networks[name] = replace(network, describe=words)
        return self._networks[name]

    def _planned(
        self,
        task: CertificationTask,
        declared: DeclaredNetwork,
        x: Tensor,
        blocks: Blocks,
        said: list[str],
    ) -> Network:
        """Return a task's network; one that cannot run stays as declared, and says so itself."""
        try:
            trial = Trial(declared, self.device, x)
        except Exception as error:
            if not (isinstance(error, ModelError) or is_out_of_memory(error)):
                raise
            return self._as_declared(declared)
        network = self._tried(task, declared, trial, said)
        if self.precision == "declared":
            return network
        return self._in_precision(network, declared, trial, blocks, task.n, said)

    def _as_declared(self, declared: DeclaredNetwork) -> Network:
        """Return a network that cannot be tried."""
        run = prepare(declared.module, self.device, declared.dtype, DECLARED)
        return declared.on(run, DECLARED)

    def _tried(
        self, task: CertificationTask, declared: DeclaredNetwork, trial: Trial, said: list[str]
    ) -> Network:
        """Return the network carried out as the book says, or as it will say."""
        key = key_of(task.model.model_dump_json(), trial.shape, self.device.type)
        chosen, fast = self.book.get(key), None
        if chosen is None:
            wanted, fast = self._chosen(trial, said)
            chosen = self.book.put(key, wanted)
            fast = fast if chosen == wanted else None
        run = trial.prepared(chosen)
        if chosen != DECLARED and not trial.holds(run):
            said.append("as declared, since another way gives other outputs with these weights")
            return declared.on(trial.declared, DECLARED)
        if chosen.compiled and fast is None:
            fast = self._again(trial, run)
        return declared.on(run, chosen, fast)

    def _chosen(self, trial: Trial, said: list[str]) -> tuple[Execution, Compiled | None]:
        """Return an execution, and the compiled network if it is one."""
        if not trial.is_repeatable:
            said.append("one block gives two outputs, so the network runs as declared")
            return DECLARED, None
        best = trial.best()
        if not self._wants_compiling(trial):
            return best, None
        run = trial.prepared(best)
        try:
            fast = trial.compiled(run, COMPILE_SECONDS)
        except NotCompiled as reason:
            if self.compiling == "always":
                expected = "a network that can be compiled here"
                raise InputError("--compile", expected, str(reason), "--compile auto") from None
            said.append(f"not compiled: {reason}")
            return best, None
        if self.compiling == "always" or trial.is_worth(fast, run):
            return replace(best, compiled=True), fast
        said.append("not compiled: it was not faster")
        return best, None

    def _wants_compiling(self, trial: Trial) -> bool:
        if self.compiling != "auto":
            return self.compiling == "always"
        return trial.operations_per_row() * self._expected >= OPERATIONS_TO_COMPILE * self.cores

    @staticmethod
    def _again(trial: Trial, run: PreparedNetwork) -> Compiled:
        """Compile what was compiled before; another execution would give other counts."""
        try:
            return trial.compiled(run, COMPILE_SECONDS)
        except NotCompiled as reason:
            expected = "to compile the network, as the run that is continued did"
            raise InputError("--resume", expected, str(reason), "another --out folder") from None

    def _in_precision(
        self,
        network: Network,
        declared: DeclaredNetwork,
        trial: Trial,
        blocks: Blocks,
        n: int,
        said: list[str],
    ) -> Network:
        """Return the network in the precision that was asked for, where its votes agree."""
        if declared.dtype not in WIDE or PRECISIONS[self.precision] == declared.dtype:
            said.append(f"declared in {declared.dtype}, which stays")
            return network
        execution = replace(network.execution, precision=self.precision, compiled=False)
        run = trial.prepared(execution)
        agreement = _agreement(declared.on(trial.declared, DECLARED), run, blocks, n)
        if not agreement.holds:
            said.append(f"not in {self.precision}: {agreement.text}")
            return network
        said.append(f"in {self.precision}: {agreement.text}")
        if network.fast is None:
            return declared.on(run, execution)
        try:
            fast = trial.compiled(run, COMPILE_SECONDS)
        except NotCompiled as reason:
            said.append(f"not compiled: {reason}")
            return declared.on(run, execution)
        return declared.on(run, replace(execution, compiled=True), fast)


def _agreement(reference: Network, run: PreparedNetwork, blocks: Blocks, n: int) -> VoteAgreement:
    """Return how many votes of enough noisy rows differ between two ways."""
    rows = differing = 0
    for x in blocks(rows_for(n)):
        votes = reference.votes(reference(x))
        differing += int((votes != reference.votes(output_of(run, x))).sum())
        rows += len(votes)
    return VoteAgreement(rows, differing, limit_for(n))
