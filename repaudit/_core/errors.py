"""What goes wrong with an input, as fields; the sentence is made only when it is shown.

Every message reads ``where: expected X, found Y`` and, where we know the way out, a second
line ``Try: …``. Exit codes: 2 the input cannot be used as it is, 3 the audit could not be
done here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from repaudit._core.text import clip, visible

_SHOWN_PLACE = 300


class RepauditError(Exception):
    """Base of every error that repaudit raises on purpose: shown without a traceback."""

    exit_code: ClassVar[int] = 3
    """Status of the command that ends with this error."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One place in a document that breaks its schema or is not JSON at all."""

    file: str
    """Path of the document as the user gave it."""
    line: int
    """1-based."""
    column: int
    """1-based, in code points."""
    pointer: str
    """JSON pointer [RFC 6901] of the value or key; empty for the whole document."""
    expected: str
    """What would have been right, in words."""
    found: str
    """What stands there, shortened and made visible."""
    suggestion: str | None = None
    """What to type instead, when we can tell."""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Reading order; pointer and expectation make it total, so that output is stable."""
        return (self.file, self.line, self.column, self.pointer, self.expected)

    def __str__(self) -> str:
        where = f"{visible(self.file)}:{self.line}:{self.column}"
        if self.pointer:
            where += f": {clip(visible(self.pointer), _SHOWN_PLACE)}"
        return _sentence(where, self.expected, self.found, self.suggestion)


class ContractError(RepauditError):
    """A document is not what its schema asks for; holds every problem, in reading order."""

    exit_code: ClassVar[int] = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.sort_key))
        # The arguments of an exception are what rebuilds it in another process.
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class InputError(RepauditError):
    """Anything else given to repaudit that it cannot use: a path, an option, a file."""

    exit_code: ClassVar[int] = 2

    def __init__(
        self, where: str, expected: str, found: str, suggestion: str | None = None
    ) -> None:
        self.where, self.expected = where, expected
        self.found, self.suggestion = found, suggestion
        super().__init__(where, expected, found, suggestion)

    def __str__(self) -> str:
        where = clip(visible(self.where), _SHOWN_PLACE)
        return _sentence(where, self.expected, self.found, self.suggestion)


class MissingPart(RepauditError):
    """An extra, a file of our own or a device that this installation or machine lacks."""

    exit_code: ClassVar[int] = 3

    def __init__(self, part: str, needed_for: str, command: str) -> None:
        self.part, self.needed_for, self.command = part, needed_for, command
        super().__init__(part, needed_for, command)

    def __str__(self) -> str:
        expected = f"{self.part} for {self.needed_for}"
        return _sentence("this installation", expected, "none", self.command)


def _sentence(where: str, expected: str, found: str, suggestion: str | None) -> str:
    sentence = f"{where}: expected {expected}, found {found}"
    return sentence if suggestion is None else f"{sentence}\n  Try: {suggestion}"
