"""What is to be computed: the shards that a journal has not, cut finer where they are too few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from repaudit.contract.task import CertificationTask, Task
from repaudit.rerun.counted import forwards_each, shard_size
from repaudit.rerun.engine import Engine
from repaudit.rerun.journal import Journal
from repaudit.rerun.scale.share import Share
from repaudit.rerun.study import CANNOT_RUN

SHARES_PER_WORKER = 2
"""fewer, and some would wait for the last one"""


@dataclass(frozen=True)
class Load:
    """The shards of some tasks."""

    shares: tuple[Share, ...]
    """those that are not in the journal, in the order of the tasks"""
    forwards: Mapping[str, int]
    """of every share by its name, at most"""
    total: int
    """forwards of all shards, those in the journal included"""
    shards: int
    """those in the journal included"""
    numbers: Mapping[str, int]
    """of every share by its name: its place among all shards, from 0"""

    @property
    def kept(self) -> int:
        """Forwards that are in the journal."""
        return self.total - sum(self.forwards[str(share)] for share in self.shares)

    def only(self, index: int, count: int, first: int = 0) -> "Load":
        """Return the shards whose number leaves ``index`` when divided by ``count``.

        ``first`` is the number of the first shard of this load.
        """
        kept = [s for s in self.shares if (first + self.numbers[str(s)]) % count == index]
        total = sum(self.forwards[str(share)] for share in kept)
        return replace(self, shares=tuple(kept), total=total, shards=len(kept))

    def cut_for(self, workers: int) -> "Load":
        """Return a load that keeps that many workers busy.

        Shards of certifications are cut into parts, every block of which is computed as in one
        piece; another measurement's shards stay whole.
        """
        of = -(-SHARES_PER_WORKER * workers // max(1, len(self.shares)))
        parts = [(share, part) for share in self.shares for part in _cut(share, of)]
        forwards = {str(part): -(-self.forwards[str(whole)] // part.of) for whole, part in parts}
        total = self.kept + sum(forwards.values())
        shares = tuple(part for _, part in parts)
        return replace(self, shares=shares, forwards=forwards, total=total)


def load_of(engine: Engine, tasks: Sequence[Task], journal: Journal) -> Load:
    """Return what of the tasks is not in a journal.

    A task whose list of examples cannot be read has no shard: the run says why.
    """
    shares: list[Share] = []
    forwards: dict[str, int] = {}
    numbers: dict[str, int] = {}
    total = shards = 0
    for task in tasks:
        try:
            in_all, missing = engine.forwards_of(task), engine.missing(task, journal)
        except CANNOT_RUN:
            continue
        of_a_shard = shard_size(task) * forwards_each(task)
        for number in missing:
            share = Share(task, number)
            forwards[str(share)] = min(of_a_shard, in_all - number * of_a_shard)
            numbers[str(share)] = shards + number
            shares.append(share)
        total += in_all
        shards += -(-in_all // of_a_shard)
    return Load(tuple(shares), forwards, total, shards, numbers)


def _cut(share: Share, of: int) -> list[Share]:
    if of == 1 or not isinstance(share.task, CertificationTask):
        return [share]
    return [replace(share, part=part, of=of) for part in range(of)]
