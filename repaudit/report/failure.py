"""A command that ended without an audit: what is left in place of one.

A reader of yesterday's file, or of none, would take the silence for a pass.
"""

from dataclasses import dataclass

NO_AUDIT = "no audit was made"


@dataclass(frozen=True)
class Failure:
    """Why there is no audit."""

    path: str
    """the results file, as given"""
    message: str
    """what the command says on stderr"""
    exit_code: int
    """2, 3, 70 or 130 (standard, section 6)"""
    version: str
    """of repaudit"""

    @property
    def sentence(self) -> str:
        """The failure in one sentence, line ends and all."""
        return f"{NO_AUDIT} (exit {self.exit_code}): {self.message}"
