"""A full re-run of which shards are missing: which they are, and the command that computes them."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from repaudit._core.errors import RepauditError
from repaudit.check.rerun import JOURNAL


class Incomplete(RepauditError):
    """A journal in which shards are missing."""

    exit_code: ClassVar[int] = 3

    def __init__(self, results: str, out: str, missing: tuple[int, ...], shards: int) -> None:
        self.results, self.out, self.missing, self.shards = results, out, missing, shards
        super().__init__(results, out, missing, shards)

    def __str__(self) -> str:
        which, journal = ranges(self.missing), Path(self.out) / JOURNAL
        command = f"repaudit shard run {self.results} --out {self.out}"
        return (
            f"{journal}: expected {self.shards} shards, "
            f"found all but {len(self.missing)}: {which}\n"
            f"  Try: {command} --index I --count {self.shards}, for each I of {which}"
        )


def ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as ranges, as schedulers write them.

    >>> ranges((0, 1, 2, 5, 7, 8))
    '0-2,5,7-8'
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)
