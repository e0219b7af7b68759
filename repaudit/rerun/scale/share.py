"""A share of the work: a shard, a part of one, or draws; what became of it; how it is computed."""

import platform
from collections.abc import Callable
from dataclasses import dataclass

from repaudit.contract.files import FileFault
from repaudit.contract.task import Task
from repaudit.rerun.engine import Engine
from repaudit.rerun.helped import CannotHelp
from repaudit.rerun.journal import Columns
from repaudit.rerun.layout import Block
from repaudit.rerun.progress import label_of
from repaudit.rerun.study import CANNOT_RUN
from repaudit.rerun.work import Part

MOST_DEATHS = 3
"""of workers that had one and the same share in hand: it is the share, not chance"""


@dataclass(frozen=True)
class Share:
    """A shard of a task, or every ``of``-th block of it from ``part`` on."""

    task: Task
    shard: int
    part: int = 0
    of: int = 1

    @property
    def label(self) -> str:
        """The name of the task in the journal."""
        return label_of(self.task)

    def __str__(self) -> str:
        whole = f"shard {self.shard} of {self.label}"
        return whole if self.of == 1 else f"part {self.part} of {whole}"


@dataclass(frozen=True)
class Draws(Share):
    """Blocks of a certification that a sampler asks for; ``shard`` is their running number."""

    blocks: tuple[Block, ...] = ()

    def __str__(self) -> str:
        return f"draws {self.shard} of a sample of {self.label}"


@dataclass(frozen=True)
class Done:
    """A share that was computed."""

    forwards: int
    columns: Columns | None
    """of a whole shard"""
    parts: tuple[Part, ...] = ()
    """the blocks of a part, or those with the draws"""


@dataclass(frozen=True)
class Refused:
    """A share that could not be computed, as it would be in one process."""

    reason: str
    is_file: bool
    """a file is missing or another one: maybe only on this node"""
    node: str


@dataclass(frozen=True)
class Event:
    """What is heard of a share."""

    share: Share
    news: int | Done | Refused | None
    """None: begun; its forwards so far; what became of it"""


class WorkerLost(CannotHelp):
    """Workers died again and again at one share."""

    def __init__(self, share: str, ending: str) -> None:
        self.share, self.ending = share, ending
        super().__init__(share, ending)

    def __str__(self) -> str:
        return (
            f"{self.share}: expected a worker to finish it, found {MOST_DEATHS} that did not; "
            f"the last one {self.ending}\n"
            "  Try: --resume with fewer --workers, in case memory ran out"
        )


def computed(
    engine: Engine, seed: bytes, share: Share, report: Callable[[int], None]
) -> Done | Refused:
    """Return what became of a share; ``report`` gets its forwards so far.

    Whatever is wrong with a task is not judged here: the process that asked runs into it too.
    """
    forwards = 0

    def made(more: int) -> None:
        nonlocal forwards
        forwards += more
        report(forwards)

    try:
        with engine.shards(share.task, seed) as shards:
            if isinstance(share, Draws):
                return Done(forwards, None, tuple(shards.vote(share.blocks, made)))
            if share.of == 1:
                columns = shards.compute(share.shard, made)
                return Done(forwards, columns)
            parts = shards.compute_part(share.shard, share.part, share.of, made)
            return Done(forwards, None, tuple(parts))
    except Exception as fault:
        foreseen = isinstance(fault, CANNOT_RUN)
        reason = str(fault) if foreseen else f"{type(fault).__name__}: {fault}"
        return Refused(reason, isinstance(fault, FileFault), platform.node())
