"""What may differ between two ways to compute one declared network."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

Precision = Literal["declared", "bf16", "tf32"]
Compiling = Literal["auto", "always", "never"]


@dataclass(frozen=True)
class Execution:
    """A way to compute a network; every one is held against `DECLARED` before it is used."""

    folded: bool = True
    """BatchNorms after convolutions are multiplied into their weights"""
    channels_last: bool = True
    """weights and images of two-dimensional convolutions lie with the channels innermost"""
    compiled: bool = False
    """by torch.compile, for blocks of one shape"""
    precision: Precision = "declared"
    """arithmetic of the network's products; another one only where its votes agree"""

    def as_json(self) -> dict[str, object]:
        """Return the fields, for `from_json`."""
        return asdict(self)

    @staticmethod
    def from_json(found: object) -> "Execution":
        """Return an execution that was written by `as_json`.

        Raises ``ValueError`` for anything else.

        >>> Execution.from_json(DECLARED.as_json()) == DECLARED
        True
        """
        expected = asdict(Execution())
        if not isinstance(found, Mapping) or found.keys() != expected.keys():
            raise ValueError("not an execution of a network")
        for name, value in expected.items():
            if type(found[name]) is not type(value):
                raise ValueError(f"{name}: {found[name]!r}")
        return Execution(**found)


DECLARED = Execution(folded=False, channels_last=False)
"""every module as it was declared, in torch's usual layout: what the others are held against"""
USUAL = Execution()
"""the fastest on all machines that were tried; what a trial departs from"""
FOLDED = Execution(channels_last=False)
CANDIDATES = (USUAL, FOLDED, DECLARED)
"""in the order in which they are taken where none is clearly faster"""
