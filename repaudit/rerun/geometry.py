"""What T does to the noise: norms of eps, of T(x + eps) - x, and of what it consists of.

Values have the pipeline's type; norms and products of them are accumulated in float64. The same
draws go through T in float64 too: the difference is what rounding alone does, which for an
identity T is all there is (about 7e-8 at 16 000 samples in float32).

Reference: S1 eq. 7 and 9.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from repaudit.contract.task import GeometryTask, Unsupported
from repaudit.evidence.tables import GeometryRecords
from repaudit.rerun.journal import Columns
from repaudit.rerun.memory import peak_bytes
from repaudit.rerun.noise import Stream
from repaudit.rerun.plan import GEOMETRY_SHARD, Plan
from repaudit.rerun.stages import Stages, Subject, stack
from repaudit.rerun.work import Job, Part
from repaudit.rerun.workspace import Workspace

NORMS = (
    "noise_norm",
    "delta_norm",
    "clean_bias_norm",
    "noise_gain_norm",
    "inner_product",
)
DEVIATION = "deviation_norm"
"""norm of T(x + eps) - x - eps"""
EXACT = "delta_norm_float64"
"""norm of T(x + eps) - x when the same draws are added and transformed in float64"""
MEASURED = (*NORMS, DEVIATION, EXACT)


@dataclass(frozen=True)
class BlockNorms:
    """The norms of consecutive draws of one example, f64[columns, draws]."""

    example: int
    first: int
    norms: NDArray[np.float64]


class GeometryWork:
    """One geometry task; a block is one key's draws of one example."""

    shard_size = GEOMETRY_SHARD

    def __init__(
        self, task: GeometryTask, seed: bytes, stages: Stages, exact: Stages, plan: Plan
    ) -> None:
        """``exact`` is the same pipeline in float64."""
        self._task, self._seed, self._plan = task, seed, plan
        self.stages, self._exact = stages, exact
        self.block_rows = plan.noise_draws

    @property
    def forwards_each(self) -> int:
        """Transformed vectors per example."""
        return self._task.draws

    def jobs(self, subjects: Sequence[Subject]) -> Iterator[Job]:
        """Yield the blocks of a shard."""
        for index, subject in enumerate(subjects):
            for first in range(0, self._task.draws, self._plan.noise_draws):
                yield self._job(index, subject, first)

    def _job(self, index: int, subject: Subject, first: int) -> Job:
        return lambda space: self._measure(space, index, subject, first)

    def _measure(self, space: Workspace, index: int, subject: Subject, first: int) -> Part:
        task, size = self._task, self._plan.noise_draws
        stream = Stream(
            self._seed, task.evaluation, "", subject.example_id, task.repeat, "geometry"
        )
        count = min(size, task.draws - first)
        with space.computing():
            noise = space.noise(stream, first // size, task.sigma, subject.signal.values)
            norms = self._norms(subject, noise)[:, :count].cpu().numpy()
        return Part(count, BlockNorms(index, first, norms))

    def _norms(self, subject: Subject, noise: Tensor) -> Tensor:
        """Return the columns for the draws ``noise`` of one example, float64[columns, draws]."""
        x = subject.signal.values
        clean, noisy = self._apply(self.stages, subject, x, noise)
        delta = noisy - x
        wide = x.to(torch.float64)
        _, exact = self._apply(self._exact, subject, wide, noise.to(torch.float64))
        product = (delta.to(torch.float64) * noise).flatten(1).sum(1)
        bias = norm_of(clean - x).expand(len(noise))
        columns = [norm_of(noise), norm_of(delta), bias, norm_of(noisy - clean), product]
        return torch.stack([*columns, norm_of(delta - noise), norm_of(exact - wide)])

    @staticmethod
    def _apply(stages: Stages, subject: Subject, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Return T(x) and T(x + eps)."""
        rows = x + noise
        if stages.transform is None:
            return x, rows
        signal = stages.cast(subject.signal)
        one, many = [(signal, 1)], [(signal, len(rows))]
        clean = stages.transformed(signal, one).values
        noisy = stages.transformed(stack(rows, many), many).values
        if noisy.shape != rows.shape:
            raise Unsupported("T changes the shape, so T(x + eps) - x does not exist")
        return clean, noisy

    def finish(self, subjects: Sequence[Subject], parts: Sequence[Part]) -> Columns:
        """Return a shard's norms, example by example, draw by draw."""
        draws = self._task.draws
        table = np.empty((len(MEASURED), len(subjects), draws))
        for part in parts:
            block = part.result
            table[:, block.example, block.first : block.first + block.norms.shape[1]] = block.norms
        names = [subject.example_id for subject in subjects]
        return {
            "example_id": np.repeat(np.array(names), draws),
            "draw": np.tile(np.arange(draws), len(subjects)),
            "norm": np.repeat([subject.norm for subject in subjects], draws),
            **{name: table[i].ravel() for i, name in enumerate(MEASURED)},
        }

    def records(self, columns: Columns) -> GeometryRecords:
        """Return the norms as evidence."""
        return GeometryRecords(
            example_id=columns["example_id"],
            draw=columns["draw"],
            repeat=np.full(len(columns["draw"]), self._task.repeat, np.int64),
            **{name: columns[name] for name in NORMS},
        )

    def summary(self, columns: Columns) -> dict[str, float | None]:
        """Return the decomposition of D_geom."""
        return summarize(columns)

    def row_bytes(self, subject: Subject) -> int:
        """Return about what one draw takes, here and in float64."""
        x = subject.signal.values
        return peak_bytes(lambda: self._norms(subject, torch.zeros_like(x)))

    @property
    def notes(self) -> list[str]:
        """What a reader of the measurement should know."""
        return self.stages.notes


def norm_of(rows: Tensor) -> Tensor:
    """Return the L2 norm of each row, accumulated in float64."""
    norms: Tensor = torch.linalg.vector_norm(rows.flatten(1), dim=1, dtype=torch.float64)
    return norms


def summarize(columns: Columns) -> dict[str, float | None]:
    """Return means over examples and draws; ``None`` where some example has no noise at all.

    ``precision_effect`` is the mean of the D_geom terms minus that of the same draws in float64.
    """
    noise, delta = columns["noise_norm"], columns["delta_norm"]
    product = columns["inner_product"]
    with np.errstate(divide="ignore", invalid="ignore"):
        term = np.abs(delta - noise) / noise
        means = {
            "d_geom": term,
            "clean_bias": columns["clean_bias_norm"] / noise,
            "noise_gain": columns["noise_gain_norm"] / noise,
            "cosine": product / (delta * noise),
            "vector_deviation": columns[DEVIATION] / noise,
            "precision_effect": term - np.abs(columns[EXACT] - noise) / noise,
        }
    averages = {name: float(np.mean(values)) for name, values in means.items()}
    return {name: mean if np.isfinite(mean) else None for name, mean in averages.items()}
