"""The execution plan: everything about the machine that may move a number, fixed in advance."""

from dataclasses import dataclass

import torch

from repaudit.rerun.device import describe_device, usable_cores
from repaudit.rerun.execution.execution import Compiling, Precision
from repaudit.rerun.noise import draws_per_block

ROWS_PER_BLOCK = {"cpu": 16, "cuda": 1024}
"""at most, and where no network decides"""
MOST_ELEMENTS = {"cpu": 2**22, "cuda": 2**28}
"""of the largest tensor that a network makes of a block: on a CPU about what a core has cached"""
ROWS_PER_JOB = {"cpu": 128, "cuda": 1024}
"""of consecutive blocks that one worker computes in turn, so that few draws are made twice"""
BLOCKS_ON_CUDA = 2
"""one is prepared while the other one computes"""
CERTIFICATION_SHARD = 8
GEOMETRY_SHARD = 64
ALIASING_SHARD = 64
EMPIRICAL_SHARD = 64
CLEAN_SHARD = 256
"""examples per shard, the unit of the journal"""


@dataclass(frozen=True)
class RerunSettings:
    """What a user may choose about how a re-run is carried out.

    None of it moves a count but for device, compiling and precision, which move near ties.
    """

    device: str = "auto"
    """auto, cpu or cuda[:N]; counts of a CPU and a GPU differ, the plan says which it was"""
    batch_size: int | None = None
    """rows in flight, rounded down to whole blocks, at least one and on a CPU at most one per
    thread; None = what suits the device"""
    memory_bytes: int | None = None
    """what the rows in flight may take; None = no limit but the device's own"""
    threads: int | None = None
    """CPU threads; None = every core that the process may use"""
    allow_code: bool = False
    """run the author's own code (entry points)"""
    compiling: Compiling = "auto"
    """auto = where the work is worth it and the compiled network is faster"""
    precision: Precision = "declared"
    """of the network's products; another one than declared only where its votes agree"""


@dataclass(frozen=True)
class Plan:
    """What the counts are a function of, beside seed and task."""

    device: torch.device
    rows: int
    """rows of every forward of a network; the last block of a shard is padded"""

    @property
    def blocks_per_job(self) -> int:
        """Blocks that a worker takes at a time; moves nothing."""
        return max(1, ROWS_PER_JOB[self.device.type] // self.rows)

    @property
    def most_elements(self) -> int:
        """Elements of the largest tensor inside of a network, for which rows are given up."""
        return MOST_ELEMENTS[self.device.type]

    @property
    def noise_draws(self) -> int:
        """Draws that are made with one key."""
        return draws_per_block(self.device)


def make_plan(device: torch.device, program_batch: int | None = None) -> Plan:
    """Return the plan for a device, and for an exported program that runs at one batch size."""
    return Plan(device, program_batch or ROWS_PER_BLOCK[device.type])


def blocks_at_once(plan: Plan, settings: RerunSettings) -> int:
    """Return how many blocks are worked on at the same time when memory allows."""
    wanted = None if settings.batch_size is None else max(1, settings.batch_size // plan.rows)
    if plan.device.type == "cuda":
        # TF32 is switched for a whole process, and the front end has none of it.
        return 1 if settings.precision == "tf32" else wanted or BLOCKS_ON_CUDA
    cores = usable_cores() if settings.threads is None else max(1, settings.threads)
    return cores if wanted is None else min(wanted, cores)


def describe_plan(device: torch.device, settings: RerunSettings) -> str:
    """Return the plan in words: for the report, and for a journal's header.

    Two re-runs on one machine with one seed, one such line and one execution of every network
    give the same counts.
    """
    plan = make_plan(device)
    return (
        f"torch {torch.__version__} on {describe_device(device)}; {plan.rows} rows per forward, "
        f"fewer in a certification whose largest tensor has over {plan.most_elements:,} elements "
        f"(an exported program: its own batch), one thread each; {plan.noise_draws} draws per "
        f"noise key; shards of {CERTIFICATION_SHARD} examples (geometry {GEOMETRY_SHARD}, "
        f"aliasing {ALIASING_SHARD}, attacked {EMPIRICAL_SHARD}, clean {CLEAN_SHARD}); TF32 off "
        f"unless declared; networks in {settings.precision} precision, "
        f"compiling: {settings.compiling}"
    )
