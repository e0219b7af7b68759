"""Declared beside recomputed and measured: the only room where they meet."""

from repaudit.verdicts.comparisons import compare
from repaudit.verdicts.ending import ending
from repaudit.verdicts.levels import ladder
from repaudit.verdicts.margins import Margins

__all__ = ["Margins", "compare", "ending", "ladder"]
