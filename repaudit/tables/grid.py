"""A table as text, before any format."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Grid:
    """Header, rows of the same length, and the notes under them."""

    name: str
    """id of a declared table, or of what it is about; letters, digits and ``._+-``"""
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int
    """how many columns from the left are words; the others are numbers"""
    notes: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name as a reference may hold it: without characters that LaTeX reads as markup."""
        return re.sub(r"[^A-Za-z0-9.+]+", "-", self.name)
