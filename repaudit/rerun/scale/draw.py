"""Votes of samples from workers: blocks that a sampler has laid out, shared out as they come."""

from collections import deque
from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import count

from repaudit.contract.task import CertificationTask
from repaudit.rerun.certify import BlockVotes
from repaudit.rerun.layout import Block
from repaudit.rerun.scale.fill import Crew
from repaudit.rerun.scale.load import SHARES_PER_WORKER
from repaudit.rerun.scale.share import Done, Draws, Refused, Share


class DrawnByCrew:
    """A `Helpers` of samplers; the noise is that of the crew's own seed."""

    def __init__(self, crew: Crew) -> None:
        self._crew, self._numbers = crew, count()

    def votes(
        self, task: CertificationTask, blocks: Sequence[Block]
    ) -> Generator[BlockVotes, None, list[Block]]:
        """Yield the votes of blocks; return those that a worker refused, for whatever reason.

        Raises ``CannotHelp``.
        """
        refused: list[Block] = []
        with closing(self._crew.run(deque(self._shares(task, blocks)))) as events:
            for event in events:
                assert isinstance(event.share, Draws)
                if isinstance(event.news, Done):
                    for part in event.news.parts:
                        yield from part.result
                elif isinstance(event.news, Refused):
                    refused += event.share.blocks
        return refused

    def _shares(self, task: CertificationTask, blocks: Sequence[Block]) -> list[Share]:
        """Return consecutive blocks as shares, for each worker several."""
        size = max(1, -(-len(blocks) // (SHARES_PER_WORKER * self._crew.size)))
        return [
            Draws(task, next(self._numbers), blocks=tuple(blocks[i : i + size]))
            for i in range(0, len(blocks), size)
        ]
