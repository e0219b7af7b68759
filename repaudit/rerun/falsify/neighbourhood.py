"""The smoothed classifier in the neighbourhood of one example: its votes, and where they tend."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from repaudit.contract.task import CertificationTask
from repaudit.rerun.network import Network
from repaudit.rerun.noise import Phase, Stream
from repaudit.rerun.pool import is_out_of_memory
from repaudit.rerun.stages import Owners, Stages, Subject, stack
from repaudit.rerun.votes import Output
from repaudit.rerun.workspace import Workspace

_APART = 2**40
"""Draws between the noise of two attempts on one example."""


@dataclass(frozen=True)
class Slope:
    """Where another class gains at a point."""

    direction: Tensor
    """[1, ...], not normalised; 0 where there is none"""
    votes: NDArray[np.int32]


class NoGradient(Exception):
    """The pipeline or the network lets no gradient through; the text says why."""


class Neighbourhood:
    """One example as an attacked system sees it: what arrives is the clean signal too."""

    def __init__(
        self,
        task: CertificationTask,
        stages: Stages,
        network: Network,
        space: Workspace,
        seed: bytes,
        subject: Subject,
        attempt: int,
    ) -> None:
        self._stages, self._network, self._space = stages, network, space
        self._sigma = task.sigma
        # Copies: what was made in inference mode can take no part in a gradient.
        signal, active = subject.signal, subject.signal.active
        self._signal = replace(
            signal,
            values=signal.values.clone(),
            active=None if active is None else active.clone(),
        )
        self._stream = Stream(
            seed, task.evaluation, task.checkpoint.id, subject.example_id, task.repeat, "search"
        )
        self._drawn: dict[Phase, int] = dict.fromkeys(("search", "confirmation"), attempt * _APART)
        self.forwards = 0

    @property
    def centre(self) -> Tensor:
        """The certified vector, [1, ...]."""
        return self._signal.values

    @property
    def has_scores(self) -> bool:
        """Whether the network says more than a class."""
        return self._network.output != "class"

    def votes(self, point: Tensor, phase: Phase, draws: int) -> NDArray[np.int32]:
        """Return the votes of at least ``draws`` fresh draws, as a certification counts them."""
        batches = [self._votes(point, phase) for _ in range(self._batches(draws))]
        return np.concatenate(batches)

    def slope(self, point: Tensor, certified_class: int, draws: int) -> Slope:
        """Return the gradient of log P(another class) - log P(certified class), softmax mean.

        The other class is the leading one. Raises ``NoGradient``.
        """
        total, votes, other = torch.zeros_like(point), [], None
        for _ in range(self._batches(draws)):
            leaf = point.detach().clone().requires_grad_()
            logs, output = self._graph(leaf)
            votes.append(self._network.votes(output.detach().cpu().numpy()))
            logs = logs[torch.isfinite(logs).all(1)]
            if len(logs) == 0:
                continue
            mean = logs.logsumexp(0)
            other = _leading(mean, certified_class) if other is None else other
            total += _gradient(mean[other] - mean[certified_class], leaf)
        if not bool(torch.isfinite(total).all()) or not bool(total.any()):
            raise NoGradient("the gradient is zero or not finite")
        return Slope(total, np.concatenate(votes))

    def tendency(self, point: Tensor, certified_class: int, draws: int) -> Slope:
        """Return the slope without a gradient: noise, weighted by what the class loses under it.

        The gradient of a Gaussian mean is the mean of score times noise [Stein]; it takes only
        forwards, and many of them in many dimensions.
        """
        rows, found, scores = [], [], []
        for _ in range(self._batches(draws)):
            noisy = self._noisy(point, "search")
            rows.append(noisy - point)
            output = self._forward(point, noisy)
            found.append(self._network.votes(output))
            scores.append(self._scores(output, found[-1], certified_class))
        score = torch.cat(scores).to(point)
        weights = (score - score.mean()).reshape(-1, *[1] * (point.dim() - 1))
        return Slope((weights * torch.cat(rows)).sum(0, keepdim=True), np.concatenate(found))

    def random_direction(self) -> Tensor:
        """Return a direction of unit length, [1, ...]."""
        row = self._noisy(torch.zeros_like(self.centre), "search")[:1].clone()
        unit: Tensor = row / torch.linalg.vector_norm(row)
        return unit

    def _batches(self, draws: int) -> int:
        return -(-draws // self._space.plan.rows)

    def _votes(self, point: Tensor, phase: Phase) -> NDArray[np.int32]:
        return self._network.votes(self._forward(point, self._noisy(point, phase)))

    def _noisy(self, point: Tensor, phase: Phase) -> Tensor:
        """Return the next rows ``point + sigma * eps`` of a phase, valid until the next ones."""
        rows = self._space.plan.rows
        out = self._space.buffer("rows", (rows, *point.shape[1:]), point.dtype)
        stream = replace(self._stream, phase=phase)
        with torch.no_grad():
            self._space.add_noise(out, point.detach(), stream, self._drawn[phase], self._sigma)
        self._drawn[phase] += rows
        self.forwards += rows
        return out

    def _forward(self, point: Tensor, noisy: Tensor) -> Output:
        with self._space.computing():
            return self._network(self._inputs(point, noisy))

    def _graph(self, leaf: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-probabilities and output of the next rows, with the graph behind them."""
        noise = self._noisy(torch.zeros_like(leaf), "search")
        try:
            output = self._network.output_of(self._inputs(leaf, leaf + noise))
            return self._logs(output), output
        # Anybody's network may refuse a gradient in any way; its forwards still count.
        except Exception as error:
            if is_out_of_memory(error):
                raise
            raise NoGradient(str(error).strip().partition("\n")[0]) from error

    def _inputs(self, point: Tensor, noisy: Tensor) -> Tensor:
        owners: Owners = [(self._signal.with_values(point), len(noisy))]
        return self._stages.inputs(self._stages.transformed(stack(noisy, owners), owners), owners)

    def _logs(self, output: Tensor) -> Tensor:
        if self._network.output == "logits":
            return output.log_softmax(1)
        if self._network.output == "probabilities":
            return output.clamp_min(torch.finfo(output.dtype).tiny).log()
        return output

    def _scores(self, output: Output, votes: NDArray[np.int32], certified_class: int) -> Tensor:
        """Return by how much every row speaks for another class: [rows]."""
        if not self.has_scores:
            return torch.from_numpy((votes != certified_class).astype(np.float64))
        logs = self._logs(torch.from_numpy(output).double())
        mean = logs.nan_to_num(nan=0.0, neginf=0.0, posinf=0.0).logsumexp(0)
        lead = logs[:, _leading(mean, certified_class)] - logs[:, certified_class]
        # A void row speaks for nobody.
        return torch.where(torch.isfinite(lead), lead, 0.0)


def _leading(mean: Tensor, certified_class: int) -> int:
    """Return the class with the largest mean, the certified one aside."""
    rest = mean.detach().clone()
    rest[certified_class] = -torch.inf
    return int(rest.argmax())


def _gradient(objective: Tensor, leaf: Tensor) -> Tensor:
    try:
        (gradient,) = torch.autograd.grad(objective, leaf)
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise
        raise NoGradient(str(error).strip().partition("\n")[0]) from error
    return gradient
