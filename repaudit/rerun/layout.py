"""Which draw stands in which row of which forward block.

Every forward runs at exactly the same number of rows, because a network's logits move by
rounding with the shape of its batch. Rows are filled in one fixed order: example by example,
phase by phase. Memory and batch size choose only how many blocks are worked on at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from repaudit.rerun.noise import Phase


@dataclass(frozen=True)
class Span:
    """Consecutive draws of one example and phase in consecutive rows of one block."""

    example: int
    """index within the shard, or in the data"""
    phase: Phase
    first: int
    """0-based draw in the block's first row of this span"""
    count: int
    row: int
    """row of the block that ``first`` stands in"""

    @property
    def rows(self) -> slice:
        """The rows of the block."""
        return slice(self.row, self.row + self.count)

    @property
    def draws(self) -> slice:
        """The draws of the phase."""
        return slice(self.first, self.first + self.count)


Block = tuple[Span, ...]
"""the rows of one forward; what spans leave over is padding"""
Wanted = tuple[int, Phase, int, int]
"""an example's index, the phase, its first draw and how many"""


def lay_out(examples: Sequence[int], draws: Mapping[Phase, int], rows: int) -> Iterator[Block]:
    """Yield the blocks of ``rows`` rows for some examples of a shard, the last one maybe short.

    >>> blocks = lay_out([0, 1], {"clean": 3}, 4)
    >>> [[(span.example, span.first, span.count, span.row) for span in block] for block in blocks]
    [[(0, 0, 3, 0), (1, 0, 1, 3)], [(1, 1, 2, 0)]]
    """
    return pack(((e, phase, 0, total) for e in examples for phase, total in draws.items()), rows)


def pack(wanted: Iterable[Wanted], rows: int) -> Iterator[Block]:
    """Yield blocks of ``rows`` rows that hold the wanted draws in order.

    >>> [[(s.first, s.row) for s in block] for block in pack([(0, "certification", 5, 3)], 2)]
    [[(5, 0)], [(7, 0)]]
    """
    block: list[Span] = []
    used = 0
    for example, phase, first, total in wanted:
        end = first + total
        while first < end:
            count = min(end - first, rows - used)
            block.append(Span(example, phase, first, count, used))
            first, used = first + count, used + count
            if used == rows:
                yield tuple(block)
                block, used = [], 0
    if block:
        yield tuple(block)
