"""Votes of samples from workers: blocks that a sampler has laid out, shared out as they come."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from itertools import count, islice

from repaudit.contract.task import CertificationTask
from repaudit.rerun.certify import BlockVotes
from repaudit.rerun.layout import Block
from repaudit.rerun.scale.fill import Crew
from repaudit.rerun.scale.load import SHARES_PER_WORKER
from repaudit.rerun.scale.share import Done, Draws, Refused, Share

MOST_BLOCKS = 2**14
"""that are laid out at a time, for each worker"""


class DrawnByCrew:
    """A `Helpers` of samplers; the noise is that of the crew's own seed."""

    def __init__(self, crew: Crew, announce: Callable[[str], None] = lambda line: None) -> None:
        """``announce`` gets what a worker refuses, once for each task, with its reason."""
        self._crew, self._announce = crew, announce
        self._numbers, self._refused = count(), set[str]()

    @property
    def at_once(self) -> int:
        """Blocks that keep all workers busy."""
        return SHARES_PER_WORKER * self._crew.size

    def votes(
        self, task: CertificationTask, blocks: Iterable[Block]
    ) -> Generator[BlockVotes, None, list[Block]]:
        """Yield the votes of blocks; return those that a worker refused, for whatever reason.

        Raises ``CannotHelp``.
        """
        waiting, refused = iter(blocks), list[Block]()
        while some := list(islice(waiting, MOST_BLOCKS * self._crew.size)):
            with closing(self._crew.run(deque(self._shares(task, some)))) as events:
                for event in events:
                    assert isinstance(event.share, Draws)
                    if isinstance(event.news, Done):
                        for part in event.news.parts:
                            yield from part.result
                    elif isinstance(event.news, Refused):
                        refused += event.share.blocks
                        self._say(event.share.label, event.news.reason)
        return refused

    def _shares(self, task: CertificationTask, blocks: Sequence[Block]) -> list[Share]:
        """Return consecutive blocks as shares, for each worker several."""
        size = max(1, -(-len(blocks) // self.at_once))
        return [
            Draws(task, next(self._numbers), blocks=tuple(blocks[i : i + size]))
            for i in range(0, len(blocks), size)
        ]

    def _say(self, label: str, reason: str) -> None:
        if label not in self._refused:
            self._refused.add(label)
            self._announce(f"  sample of {label}: left to one process: {reason}")
