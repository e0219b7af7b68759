"""Columns of a file as they stand in it, before anything is believed about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

MAX_BYTES = 512 * 2**20
"""Largest file read, and largest content of a compressed one."""


@dataclass(frozen=True)
class RawTable:
    """Values by column, all columns of one length."""

    columns: Mapping[str, Sequence[Any]]
    places: Sequence[int]
    """where each row stands, 1-based"""
    counted_in: Literal["line", "row"]
    """what ``places`` counts"""

    def place(self, row: int) -> str:
        """Return where a row stands, in words.

        >>> RawTable({"a": ["x"]}, [2], "line").place(0)
        'line 2'
        """
        return f"{self.counted_in} {self.places[row]}"
